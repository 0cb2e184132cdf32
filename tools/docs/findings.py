"""`docs/findings.md`: the checklist F01 to F15, read from `CONDITIONS` and the code that judges."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

from models.rules.findings import CONDITIONS, VERDICT_NAMES, Condition, Verdict
from tools.markdown import NOTHING, YES, codes, page, section, source_link, table
from tools.source import first_paragraph, python_files, reference_lines, tree
from tools.words import chinese, english

SOURCE = "models/rules/findings/"
_REASON = re.compile(r"R[0-9]{2}")

# fmt: off
MEANING = {
    Verdict.met:            "the condition holds",
    Verdict.not_met:        "it does not: a blocking condition stops every guarded step",
    Verdict.unknown:        "what it asks for is not known yet; a blocking one passes only with a reason all later offices see",
    Verdict.warning:        "it holds, but somebody should look; the claim leaves the safe set",
    Verdict.not_applicable: "it asks about something this claim does not have",
}
# fmt: on


def findings() -> str:
    """The page."""
    return page(
        "The findings F01–F15 初审条件",
        SOURCE,
        "Every condition of a claim is computed, not ticked: verdict, deciding fact, clause, and "
        "what to do about it. They are taken at every office and stored with its decision; the "
        "next office is shown what changed. Cases an official can read stand in "
        "[tests/cases/findings.toml](../tests/cases/findings.toml).",
        section(
            "Verdicts 判定",
            table(("verdict", "中文", "English", "means"), map(_verdict_row, Verdict)),
        ),
        section(
            "Conditions 条件",
            "Basis is the clause of `dalian-hightech`; 设定 where no document prints it "
            "([settings](settings.md)), 标准 where each standard says. Reasons are those a return "
            "or refusal would offer.",
            table(
                ("", "condition", "English", "blocking", "basis", "reasons", "judged by"),
                map(_condition_row, CONDITIONS),
            ),
        ),
        section(
            "Reason codes 理由代码",
            "Several per decision; a return lists all faults at once (一次性告知).",
            table(("code", "中文", "English", "what the agency must do", "basis"), _reasons()),
        ),
    )


def reasons_of(condition: Condition) -> list[str]:
    """The reason codes the judging function, or anything it calls in the package, can give."""
    return sorted(_reached(condition.judge.__name__, set()))


def _verdict_row(verdict: Verdict) -> tuple[str, ...]:
    name = VERDICT_NAMES[verdict]
    return f"`{verdict.value}`", chinese(name), english(name), MEANING[verdict]


def _condition_row(condition: Condition) -> tuple[str, ...]:
    file = condition.judge.__module__.replace(".", "/") + ".py"
    return (
        condition.code,
        chinese(condition.title),
        english(condition.title) or _said(condition),
        YES if condition.is_blocking else NOTHING,
        condition.basis,
        codes(reasons_of(condition)),
        source_link(file),
    )


def _said(condition: Condition) -> str:
    """What the judging function says it is, without its number."""
    sentence = first_paragraph(condition.judge.__doc__).removeprefix(f"{condition.code}: ")
    return sentence.rstrip(".")


def _reasons() -> Iterator[tuple[str, ...]]:
    for line in reference_lines("reason_codes"):
        yield line["code"], line["name_zh"], line["name_en"], line["remedy_en"], line["basis"]


def _reached(name: str, seen: set[str]) -> set[str]:
    if name in seen:
        return set()
    seen.add(name)
    reasons: set[str] = set()
    for node in _definitions().get(name, ()):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and _REASON.fullmatch(str(inner.value)):
                reasons.add(str(inner.value))
            elif isinstance(inner, ast.Name) and inner.id in _definitions():
                reasons |= _reached(inner.id, seen)
    return reasons


@cache
def _definitions() -> dict[str, list[ast.stmt]]:
    """Functions, classes and constants of the package by name."""
    found: dict[str, list[ast.stmt]] = {}
    for file in python_files("models/rules/findings"):
        if file.endswith(("conditions.py", "__init__.py")):
            continue
        for node in tree(file).body:
            for name in _names_of(node):
                found.setdefault(name, []).append(node)
    return found


def _names_of(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.Assign):
        return tuple(target.id for target in node.targets if isinstance(target, ast.Name))
    return ()
