"""`docs/exchange.md`: the sheets of the exchange workbook and their columns, read from `SHEETS`."""

from __future__ import annotations

from collections.abc import Iterator

from models.exchange.sheets import SHEETS, CellKind, Column, ListName, Sheet
from tools.markdown import NOTHING, YES, page, section, table
from tools.words import both, chinese, english

SOURCE = "models/exchange/sheets.py"

# fmt: off
CELLS = {
    CellKind.text:             "text",
    CellKind.digits:           "a number that is a name, kept as text",
    CellKind.uscc:             "unified social credit code",
    CellKind.hnte_certificate: "high-tech certificate number",
    CellKind.day:              "date",
    CellKind.month:            "month",
    CellKind.yuan:             "yuan",
    CellKind.percent:          "percent",
    CellKind.whole:            "whole number",
    CellKind.option:           "one of a list",
    CellKind.options:          "several of a list, separated by 、",
    CellKind.decimal:          "exact number",
    CellKind.published:        "year, month or day",
}
LISTS = {
    ListName.services:     "the services in force",
    ListName.result_kinds: "the result kinds",
    ListName.places:       "the places",
    ListName.indicators:   "the indicators",
}
# fmt: on


def exchange() -> str:
    """The page."""
    return page(
        "The exchange workbook 导入工作簿",
        SOURCE,
        "One `.xlsx` with any of these sheets, or one sheet as `.csv`. A dry run comes first and "
        "names every problem as sheet, row, column, value, what is wrong and how to fix it; then "
        "the whole workbook is written, or nothing. An existing key: identical is unchanged, "
        "contact columns are updated, anything else is an error. Claims and filed agreements are "
        "never changed by import; figures are never changed either, a correction names the one it "
        "replaces. The template with drop-downs and examples is downloaded from "
        "`/exchange`.",
        *map(_sheet, SHEETS),
    )


def _sheet(sheet: Sheet) -> str:
    key = " + ".join(sheet.column(field).header for field in sheet.key)
    note = f"{both(sheet.note)}."
    return section(
        f"{sheet.name} `{sheet.kind.value}`",
        f"{note} Key: {key}.",
        table(
            ("column", "must", "holds", "allowed", "contact", "example", "note"), _columns(sheet)
        ),
    )


def _columns(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    for column in sheet.columns:
        yield (
            column.header,
            "*" if column.is_required else NOTHING,
            CELLS.get(column.kind, column.kind.value.replace("_", " ")),
            _allowed(column),
            YES if column.is_contact else NOTHING,
            column.example,
            (english(column.note) or chinese(column.note)) if column.note else NOTHING,
        )


def _allowed(column: Column) -> str:
    if isinstance(column.options, ListName):
        return LISTS[column.options]
    if column.options:
        return " · ".join(option.printed for option in column.options)
    if column.kind is CellKind.whole:
        return f"{column.lowest:,} – {column.highest:,}"
    return f"≤ {column.longest} characters" if column.kind is CellKind.text else NOTHING
