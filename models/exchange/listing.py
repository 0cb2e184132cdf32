"""Any list as an `.xlsx`: exactly what is shown, one row a row, with what it is and when it was
taken above it.

A text that a spreadsheet would take for a formula is kept a text by an apostrophe before it; the
import takes it away again. Thirty thousand rows are a matter of a second, so the fast writer is
used.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from rustpy_xlsxwriter import Format, write_worksheet

Cell: TypeAlias = str | int | Decimal | date | None

DEFUSED = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_000  # a spreadsheet holds 32,767 characters
FONT = "Microsoft YaHei"
DEMONSTRATION_MARK = "演示数据"
_A4 = 9
_INK, _MUTED, _LINE, _HEAD = "#1A2330", "#525D6B", "#D6DCE4", "#F4F6F9"


class ListKind(StrEnum):
    """What a column of a list holds."""

    text = "text"
    whole = "whole"
    fen = "fen"  # written in yuan
    day = "day"
    exact = "exact"  # a decimal of its own unit


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: its head as shown (unit included), what it holds, its width in characters."""

    head: str
    kind: ListKind = ListKind.text
    width: int = 16


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to be written.

    Attributes:
        title: what it is, and its filter in words.
        columns: from left to right; heads are distinct.
        rows: the cells in the columns' order; money in fen.
        as_of: when it was taken, in words.
        is_demonstration: marked 演示数据.
    """

    title: str
    columns: tuple[ListColumn, ...]
    rows: Iterable[Sequence[Cell]]
    as_of: str = ""
    is_demonstration: bool = False


def listing_workbook(listing: Listing) -> bytes:
    """The list as an `.xlsx` of one sheet: title line, head (frozen, with filters), rows."""
    target = io.BytesIO()
    heads = [column.head for column in listing.columns]
    caption = " · ".join(part for part in _caption(listing) if part)
    records = _records(listing, heads)
    write_worksheet(
        records or [dict.fromkeys(heads)],
        target,
        sheet_name=sheet_name(listing.title),
        header_row=1,
        header_format=_head_format(),
        column_formats=[_format(column.kind) for column in listing.columns],
        column_widths=[float(column.width) for column in listing.columns],
        merge_ranges=[(0, 0, 0, max(len(heads) - 1, 1), caption, _caption_format())],
        freeze_row=2,
        autofilter=True,
        ignore_errors=[c.head for c in listing.columns if c.kind is ListKind.text],
        page_setup={
            "landscape": True,
            "paper_size": _A4,
            "fit_to_pages": (1, 0),
            "repeat_rows": (0, 1),
            "footer": "&C&P / &N",
        },
    )
    return target.getvalue()


def defused(text: str) -> str:
    """A text no spreadsheet takes for a formula: an apostrophe before `=`, `+`, `-`, `@`, tab,
    return.
    """
    shown = text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"
    plain = shown if shown.isprintable() else "".join(map(_writable, shown))
    return f"'{plain}" if text.startswith(DEFUSED) else plain


def sheet_name(title: str) -> str:
    """A title as a sheet's name: thirty-one characters, without those that are not allowed."""
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31].strip() or "Sheet1"


def _writable(character: str) -> str:
    """XML has no control characters."""
    return character if character in "\n\t" or character.isprintable() else " "


def _caption(listing: Listing) -> Iterable[str]:
    yield listing.title
    yield listing.as_of
    yield DEMONSTRATION_MARK if listing.is_demonstration else ""


def _records(listing: Listing, heads: list[str]) -> list[dict[str, Any]]:
    writers = [_WRITERS[column.kind] for column in listing.columns]
    return [
        {head: write(cell) for head, write, cell in zip(heads, writers, row, strict=True)}
        for row in listing.rows
    ]


def _text(cell: Cell) -> Any:
    return None if cell is None else defused(str(cell))


def _whole(cell: Cell) -> Any:
    return cell if cell is None or isinstance(cell, int) else defused(str(cell))


def _yuan(cell: Cell) -> Any:
    """A spreadsheet knows floats only; exact to the fen far beyond any budget."""
    return float(Decimal(cell) / 100) if isinstance(cell, int) else _whole(cell)


def _exact(cell: Cell) -> Any:
    """A spreadsheet knows floats only; it shows fifteen digits, as many as a figure may have."""
    return float(cell) if isinstance(cell, Decimal) else _whole(cell)


def _day(cell: Cell) -> Any:
    return cell if isinstance(cell, date) else _text(cell)


_WRITERS = {
    ListKind.text: _text,
    ListKind.whole: _whole,
    ListKind.fen: _yuan,
    ListKind.day: _day,
    ListKind.exact: _exact,
}
_NUMBER_FORMATS = {
    ListKind.whole: "#,##0",
    ListKind.fen: "#,##0.00",
    ListKind.day: "yyyy-mm-dd",
}


def _format(kind: ListKind) -> Format:
    plain = Format().set_font_name(FONT).set_font_size(10).set_font_color(_INK)
    plain = plain.set_align("vcenter").set_border_bottom("hair").set_border_bottom_color(_LINE)
    pattern = _NUMBER_FORMATS.get(kind)
    return plain.set_num_format(pattern) if pattern else plain


def _head_format() -> Format:
    head = Format().set_font_name(FONT).set_font_size(10).set_bold().set_font_color(_MUTED)
    head = head.set_background_color(_HEAD).set_align("vcenter")
    return head.set_border_bottom("thin").set_border_bottom_color(_LINE)


def _caption_format() -> Format:
    return Format().set_font_name(FONT).set_font_size(11).set_bold().set_font_color(_INK)
