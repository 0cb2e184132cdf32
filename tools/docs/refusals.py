"""`docs/refusals.md`: why a step cannot go on — the tree of refusals, read from the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tools.markdown import code, codes, fence, page, section, source_link, table
from tools.source import classes, first_paragraph, python_files

SOURCE = "models/rules/errors.py"
ROOT_NAME = "Refusal"


@dataclass(frozen=True, slots=True)
class Kind:
    """One class of refusal: where it stands, what it says, which facts it carries."""

    name: str
    base: str
    file: str
    meaning: str
    facts: tuple[str, ...]


def refusals() -> str:
    """The page."""
    kinds = refusal_classes()
    return page(
        "Refusals 不能办理的原因",
        SOURCE,
        "A refusal means: this cannot go on, and here is why, in words the person can act on. "
        "Nothing has been written when one is raised. Expected bad input of a form or a workbook "
        "is no refusal: it is returned as findings or problems. One file catches refusals for "
        f"the screen, {source_link('components/attempt.py')}; the commands catch them in "
        f"{source_link('commands/words.py')}.",
        fence("text", _tree(kinds, ROOT_NAME, "")),
        section(
            "Each of them",
            table(("refusal", "means", "facts it carries", "defined in"), _rows(kinds)),
        ),
    )


def refusal_classes() -> list[Kind]:
    """`Refusal` and every class below it in `models`, those of `rules/errors.py` first."""
    everything = [
        Kind(node.name, _base(node), file, first_paragraph(ast.get_docstring(node)), _facts(node))
        for file in sorted(python_files("models"), key=lambda file: (file != SOURCE, file))
        for node in classes(file)
    ]
    names = {ROOT_NAME}
    while more := {kind.name for kind in everything if kind.base in names} - names:
        names |= more
    return [kind for kind in everything if kind.name in names]


def _tree(kinds: list[Kind], name: str, indent: str) -> Iterator[str]:
    if not indent:
        yield name
    below = [kind.name for kind in kinds if kind.base == name]
    for child in below:
        is_last = child == below[-1]
        yield f"{indent}{'└── ' if is_last else '├── '}{child}"
        yield from _tree(kinds, child, indent + ("    " if is_last else "│   "))


def _rows(kinds: list[Kind]) -> Iterator[tuple[str, ...]]:
    for kind in kinds:
        if kind.name != ROOT_NAME:
            yield code(kind.name), kind.meaning, codes(kind.facts), source_link(kind.file)


def _base(node: ast.ClassDef) -> str:
    return getattr(node.bases[0], "id", "") if node.bases else ""


def _facts(node: ast.ClassDef) -> tuple[str, ...]:
    """What the constructor keeps beside the sentence itself."""
    return tuple(
        inner.targets[0].attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Assign)
        and isinstance(inner.targets[0], ast.Attribute)
        and inner.targets[0].attr != "wording"
    )
