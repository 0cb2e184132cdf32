"""The five plans' targets and work items as they lie in `seed/reference/*.csv`, and the proof that the
documents print them.

Every target and work item carries the words that print it and the clause they stand in. Where the
documents are at hand, `faults_in_sources` finds each of them there; nothing else needs them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "reference"
DOCUMENTS = {
    "dalian-hightech": "000_*.txt",
    "dalian": "001_*.txt",
    "wafangdian": "002_*.txt",
    "weihai": "003_*.txt",
    "harbin": "004_*.txt",
}
"""A document's short name → its file in the folder of the sources."""

WORDS = {
    "0": ("零费", "无需", "不需", "不变", "先不收取"),
    "1": ("每月", "月调度"),
    "3": ("三年",),
    "4": ("翻两番",),
    "8": ("翻三番",),
    "100": ("全覆盖", "所有"),
}
"""Words that fix a number (`3-domain`, Targets)."""

_NUMERALS = "一二三四五六七八九十"
_PART = re.compile(r"[一二三四五六七八九十]是|效果[一二三四五]|\([^)]+\)|[^.\s()]+")


def lines(name: str) -> list[dict[str, str]]:
    """The lines of one file: `lines("targets")`."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faults_in_sources(folder: Path) -> list[str]:
    """What the documents do not print as the files say, in words; nothing, if all is well.

    Args:
        folder: where the five documents lie as text.

    Raises:
        FileNotFoundError: a document is not there.
    """
    texts = documents_in(folder)
    return [
        *(f"{row['id']} {fault}" for row in lines("targets") for fault in _of_target(row, texts)),
        *(f"{row['code']} {fault}" for row in lines("tasks") for fault in _of_task(row, texts)),
    ]


def documents_in(folder: Path) -> dict[str, str]:
    """The documents' texts by short name.

    Raises:
        FileNotFoundError: a document is not there.
    """
    texts = {}
    for name, pattern in DOCUMENTS.items():
        found = sorted(folder.glob(pattern))
        if not found:
            raise FileNotFoundError(folder / pattern)
        texts[name] = found[0].read_text("utf-8")
    return texts


def clause_text(text: str, clause: str) -> str:
    """What stands under a clause, `8(3)` or `二.(一).4`, from its mark to the next of its kind.

    Raises:
        LookupError: the text has no such clause.
    """
    for part in _PART.findall(clause):
        start = re.search(_mark(part), text, re.MULTILINE)
        if start is None:
            raise LookupError(part)
        text = text[start.start() :]
        end = re.search(_mark(_next(part)), text[1:], re.MULTILINE)
        text = text[: end.start() + 1] if end else text
    return text


def _of_target(row: Mapping[str, str], texts: Mapping[str, str]) -> Iterator[str]:
    if fault := _not_in_clause(row, texts):
        yield fault
    if not row["derived"] and not _prints(row["printed"], row["value"]):
        yield f"“{row['printed']}” does not print {row['value']}"
    if row["value_max"] and not _prints(row["printed"], row["value_max"]):
        yield f"“{row['printed']}” does not print {row['value_max']}"


def _of_task(row: Mapping[str, str], texts: Mapping[str, str]) -> Iterator[str]:
    if row["printed"] not in texts[row["document"]]:
        yield f"“{row['printed']}” is not printed in {row['document']}"


def _not_in_clause(row: Mapping[str, str], texts: Mapping[str, str]) -> str:
    try:
        inside = clause_text(texts[row["document"]], row["clause"])
    except LookupError as missing:
        return f"{row['document']} has no clause {row['clause']} ({missing})"
    is_there = row["printed"] in inside
    return "" if is_there else f"“{row['printed']}” is not printed in clause {row['clause']}"


def _prints(printed: str, value: str) -> bool:
    number = value.removesuffix(".0")
    is_digits = re.search(rf"(?<![\d.]){re.escape(number)}(?![\d])", printed)
    return bool(is_digits) or any(word in printed for word in WORDS.get(number, ()))


def _mark(part: str) -> str:
    """What begins a clause: `三` → 三、 · `(二)` → （二） · `8` → 8. · `一是`, `效果一` → 一是."""
    if part.startswith("效果"):
        return f"{part[-1]}是"
    if part.endswith("是"):
        return part
    if part.startswith("("):
        return rf"[（(]{part.strip('()')}[)）]"
    return rf"^\s*{part}{'、' if part[0] in _NUMERALS else '[.．]'}"


def _next(part: str) -> str:
    """The clause after this one, of the same kind."""
    number = re.search(rf"\d+|[{_NUMERALS}]+", part)
    assert number is not None
    written = number.group()
    following = (
        str(int(written) + 1)
        if written.isdigit()
        else _NUMERALS[min(_NUMERALS.index(written[-1]) + 1, len(_NUMERALS) - 1)]
    )
    return part.replace(written, following)
