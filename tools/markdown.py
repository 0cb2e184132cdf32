"""Markdown as the generated pages use it: a page with its source, sections, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

COMMAND = "python -m tools.generate"
YES = "✓"
NOTHING = ""


def page(title: str, source: str, *blocks: str) -> str:
    """A whole page; the first line says where it comes from and how to write it again.

    Args:
        title: its heading.
        source: the file it is read from, as a path from the root.
        blocks: paragraphs, tables, sections.
    """
    mark = f"<!-- Written by `{COMMAND}` from {source}. Change the code, not this page. -->"
    return "\n\n".join((mark, f"# {title}", *filter(None, blocks))) + "\n"


def section(title: str, *blocks: str) -> str:
    """A section of a page."""
    return "\n\n".join((f"## {title}", *filter(None, blocks)))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; a cell may hold anything, `|` and line breaks included."""
    lines = [_line(heads), _line(["---"] * len(heads))]
    return "\n".join([*lines, *(_line([_cell(cell) for cell in row]) for row in rows)])


def fence(language: str, lines: Iterable[str]) -> str:
    """A block of code or a diagram."""
    return "\n".join((f"```{language}", *lines, "```"))


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"* {item}" for item in items)


def code(text: object) -> str:
    """A name from the code; nothing stays nothing."""
    return f"`{text}`" if str(text) else NOTHING


def codes(texts: Iterable[object]) -> str:
    """Names from the code, one after the other."""
    return " ".join(code(text) for text in texts)


def source_link(path: str) -> str:
    """A link from a page in `docs/` to a file of the code."""
    return f"[{path}](../{path})"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")
