"""A meeting's data as an `.xlsx`: slides, points of the charts, sources of the figures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from xlsxwriter import Workbook

from models.exchange.listing import FONT, defused

Cell: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class MeetingSheet:
    """One sheet: its name, its heads with their widths in characters, its rows."""

    name: str
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]


def meeting_workbook(title: str, mark: str, sheets: Sequence[MeetingSheet]) -> bytes:
    """The sheets under one title line each, heads frozen, numbers as numbers.

    Args:
        title: what it is, with as-of and digest.
        mark: 演示数据 where everything is generated.
        sheets: in their order.
    """
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": title, "comments": mark})
    for sheet in sheets:
        _written(book, sheet, " · ".join(part for part in (mark, title) if part))
    book.close()
    return target.getvalue()


def _written(book: Any, sheet: MeetingSheet, caption: str) -> None:
    plain = book.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter"})
    bold = book.add_format({"font_name": FONT, "font_size": 10, "bold": True, "bottom": 1})
    page = book.add_worksheet(sheet.name)
    page.write_string(0, 0, caption, plain)
    for at, (head, width) in enumerate(sheet.heads):
        page.set_column(at, at, width, plain)
        page.write_string(1, at, head, bold)
    for line, row in enumerate(sheet.rows, start=2):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(line, at, defused(cell), plain)
            elif cell is not None:
                page.write_number(line, at, cell, plain)
    page.freeze_panes(2, 0)
    page.autofilter(1, 0, max(1, len(sheet.rows) + 1), len(sheet.heads) - 1)
