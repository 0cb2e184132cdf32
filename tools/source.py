"""Reading the code as text: docstrings, terms and clauses in them, comments of enum members."""

from __future__ import annotations

import ast
import csv
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CLAUSE = re.compile(
    r"""[一二三四五六七八九十]                  # 五
        (\.\(?[0-9一二三四五六七八九十]+\)?)*   # .3   .(四).1
        (\([0-9]+\))?                           # (2)
        (\ ?(效果)?[一二三四五六七八九十]是?)?  # 一是   效果一
    """,
    re.VERBOSE,
)
_CHINESE = re.compile(r"[一-鿿]")
_IN_BRACKETS = re.compile(r"\(((?:[^()]|\([^()]*\))*)\)")
_SEPARATORS = re.compile(r"[,;:，；：]| and | or ")


@dataclass(frozen=True, slots=True)
class Term:
    """A Chinese term with its clauses, and the English words it stands behind."""

    words: str
    chinese: str
    clauses: tuple[str, ...]


def python_files(*folders: str) -> list[str]:
    """The Python files of some folders, as paths from the root, in order."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


@cache
def tree(file: str) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse((ROOT / file).read_text(encoding="utf-8"), filename=file)


def classes(file: str) -> Iterator[ast.ClassDef]:
    """A file's public classes, in order."""
    for node in tree(file).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node


def functions(file: str) -> Iterator[ast.FunctionDef]:
    """A file's public functions, in order."""
    for node in tree(file).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def first_paragraph(docstring: str | None) -> str:
    """What a docstring says before its first empty line, on one line."""
    return " ".join((docstring or "").split("\n\n")[0].split())


def terms(text: str) -> list[Term]:
    """Every Chinese term in brackets: `monthly batches (月度统一申请, 五.3(2))`."""
    found = []
    for match in _IN_BRACKETS.finditer(text):
        pieces = [piece.strip() for piece in _SEPARATORS.split(match[1]) if piece.strip()]
        clauses = tuple(piece for piece in pieces if CLAUSE.fullmatch(piece))
        names = [piece for piece in pieces if piece not in clauses and is_chinese(piece)]
        if names:
            found.append(Term(_words_before(text[: match.start()]), names[0], clauses))
    return found


def clauses_in(text: str) -> tuple[str, ...]:
    """The clauses a text cites: in brackets, after "clause", or behind a document's name."""
    pieces = [
        piece.strip()
        for match in _IN_BRACKETS.finditer(text)
        for piece in _SEPARATORS.split(match[1])
    ]
    cited = re.findall(rf"(?:clause\ |`[a-z-]+`\ )({CLAUSE.pattern})", text, re.VERBOSE)
    named = [match[0] for match in cited]
    found = [piece for piece in (*pieces, *named) if CLAUSE.fullmatch(piece)]
    return tuple(dict.fromkeys(found))


def is_chinese(text: str) -> bool:
    """Whether a term is written in Chinese characters, spaces and slashes at most between them."""
    return bool(_CHINESE.search(text)) and not re.search(r"[A-Za-z`{]", text)


def spaced(name: str) -> str:
    """`ClaimEvent` as words: `claim event`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def member_comments(file: str, class_name: str) -> dict[str, str]:
    """The comment beside each member of an enum, nothing where there is none."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    found: dict[str, str] = {}
    for node in classes(file):
        if node.name != class_name:
            continue
        for member in node.body:
            if isinstance(member, ast.Assign) and isinstance(member.value, ast.Constant):
                end = member.value.end_col_offset or 0
                behind = lines[member.lineno - 1].encode()[end:].decode()
                found[str(member.value.value)] = behind.partition("#")[2].strip()
    return found


def chinese_names(enum: type[Enum]) -> dict[str, str]:
    """Each value of an enum with its Chinese term."""
    file = Path(inspect.getfile(enum)).resolve().relative_to(ROOT).as_posix()
    comments = member_comments(file, enum.__name__)
    return {value: leading_term(comment) for value, comment in comments.items()}


def leading_term(comment: str) -> str:
    """The Chinese term a comment begins with."""
    first = _SEPARATORS.split(comment)[0].strip()
    return first if _CHINESE.match(first) else ""


def is_enum(node: ast.ClassDef) -> bool:
    """Whether a class is one of the house's enums."""
    return any(isinstance(base, ast.Name) and base.id.endswith("Enum") for base in node.bases)


def reference_lines(name: str) -> list[dict[str, str]]:
    """The lines of a file of `seed/reference/`."""
    with (ROOT / "seed" / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _words_before(text: str) -> str:
    """The noun in front of a bracket, without articles; nothing where no noun stands there."""
    last = re.split(r"[,.;:()`—]|(?<!-) and | or | on | with ", text)[-1]
    words = [word for word in last.split() if word.lower() not in _ARTICLES]
    is_noun = len(words) <= _MOST_WORDS and all(map(_WORD.fullmatch, words))
    return " ".join(words) if is_noun and not _NO_NOUN.intersection(words) else ""


_WORD = re.compile(r"[A-Za-z]+(?:['-][a-z]*)*")
_ARTICLES = frozenset({"a", "an", "the", "their", "its", "this", "every", "each", "one", "that"})
_NO_NOUN = frozenset({"What", "after", "as", "are", "in", "is", "it", "says", "to"})
_MOST_WORDS = 4
