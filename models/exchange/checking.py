"""Checking raw sheets: every cell read, every row weighed, all problems at once, typed rows out.

Two passes. `check_book` needs nothing but the file, the lists of options and the day.
`check_references` then asks whether what a row refers to is in the file or, by way of `Known`, in
the database.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from models.exchange.cells import Lists, reader_of
from models.exchange.plain_cells import RawCell, Reader, Remark, is_empty
from models.exchange.problems import Collected, Problem, column_letter, shown
from models.exchange.reading import RawBook, RawSheet
from models.exchange.row_rules import ROW_RULES, RowRemark, Surroundings
from models.exchange.rows import Row
from models.exchange.sheets import Column, Sheet, SheetKind
from models.exchange.xlsx_safety import CellFault
from models.rules.identifiers import IdentifierKind
from models.rules.wording import Wording, say

# fmt: off
_FAULT_REMARKS = {
    CellFault.error_value: Remark(
        say("单元格是公式错误值（如 #N/A、#REF!）"), say("改正公式，或填写实际的值")),
    CellFault.not_calculated: Remark(
        say("单元格是没有计算结果的公式"), say("用 Excel 打开并保存一次，或粘贴为数值")),
}
_EMPTY = Remark(say("必填，但没有填写"), say("填写后重新导入"))
# fmt: on


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """One sheet checked.

    Attributes:
        raw: the sheet as it stands in the file.
        rows: the rows without errors, of the sheet's row type.
        read: every row, faulty ones too; what could not be read is `None`.
        keys: the keys of every row whose key could be read, faulty rows too: what later sheets may
            refer to.
        problems: errors and warnings of this sheet.
        lines: how many rows of data the sheet has.
    """

    raw: RawSheet
    rows: tuple[Any, ...]
    read: tuple[Any, ...]
    keys: frozenset[tuple[Any, ...]]
    problems: tuple[Problem, ...]
    lines: int


def check_book(
    book: RawBook, lists: Lists, identifiers: ResultIdentifiers, today: date
) -> CheckedBook:
    """Check every sheet by itself.

    Args:
        book: the file, opened.
        lists: services and result kinds in force.
        identifiers: which number a result kind bears.
        today: the office's day; results and filings do not lie after it.

    Returns:
        Typed rows and every problem of cells, rows and keys.
    """
    surroundings = Surroundings(today, identifiers)
    return CheckedBook(
        tuple(_check_sheet(raw, lists, surroundings) for raw in book.sheets), book.problems
    )


def check_alone(raw: RawSheet, today: date) -> CheckedSheet:
    """Check a sheet that is a file of its own, and needs no list of the database.

    Args:
        raw: the sheet, opened.
        today: the office's day.
    """
    return _check_sheet(raw, Lists({}), Surroundings(today, {}))


ResultIdentifiers = dict[str, IdentifierKind]
"""Result kind → the kind of number it bears."""


@dataclass(frozen=True, slots=True)
class CheckedBook:
    """A file checked, sheet by sheet, with the problems of its form."""

    sheets: tuple[CheckedSheet, ...]
    form_problems: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, in no particular order."""
        return (*self.form_problems, *(p for sheet in self.sheets for p in sheet.problems))

    def rows(self, kind: SheetKind) -> tuple[Any, ...]:
        """The good rows of a sheet; none where the file does not have it."""
        return next((s.rows for s in self.sheets if s.raw.sheet.kind is kind), ())

    def read(self, kind: SheetKind) -> tuple[Any, ...]:
        """Every row of a sheet, faulty ones too; none where the file does not have it."""
        return next((s.read for s in self.sheets if s.raw.sheet.kind is kind), ())

    def keys(self, kind: SheetKind) -> frozenset[tuple[Any, ...]]:
        """The keys of a sheet, faulty rows included."""
        return next((s.keys for s in self.sheets if s.raw.sheet.kind is kind), frozenset())


# ---------------------------------------------------------------- one sheet


def _check_sheet(raw: RawSheet, lists: Lists, surroundings: Surroundings) -> CheckedSheet:
    found = Collected()
    values = _read_columns(raw, lists, found)
    columns = [values.get(column.field) or (None,) * len(raw.lines) for column in raw.sheet.columns]
    row_type = cast(Callable[..., Row], raw.sheet.row_type)
    rows = [row_type(*cells) for cells in zip(raw.lines, *columns, strict=True)]
    if _is_complete(raw):
        faulty = {(problem.row, problem.column) for problem in found.kept if problem.is_error}
        for problem in (*_doubled_keys(raw, rows), *_row_problems(raw, rows, surroundings)):
            if (problem.row, problem.column) not in faulty:
                found.add(problem)
    else:
        found.faulty_rows.update(raw.lines)
    keys = frozenset(key for row in rows if None not in (key := _key(raw.sheet, row)))
    good = tuple(row for row in rows if row.line not in found.faulty_rows)
    return CheckedSheet(raw, good, tuple(rows), keys, tuple(found.kept), len(rows))


def _is_complete(raw: RawSheet) -> bool:
    """Whether every required column is there: without one no row can be weighed."""
    found = {column.field for _, column in raw.columns}
    return all(column.field in found for column in raw.sheet.columns if column.is_required)


def _read_columns(raw: RawSheet, lists: Lists, found: Collected) -> dict[str, list[Any]]:
    """Every column's values; a column at a time, so that a repeated entry is read once."""
    unreadable = {place: _FAULT_REMARKS[fault] for place, fault in raw.faults.items()}
    values = {}
    for place, column in raw.columns:
        reader = reader_of(column, lists)
        cells = [row[place] for row in raw.cells]
        read = _read_column(cells, column, reader)
        values[column.field] = read
        for at, line in enumerate(raw.lines):
            outcome = unreadable.get((line - 1, place)) if unreadable else None
            outcome = outcome or read[at]
            if isinstance(outcome, Remark):
                found.add(_cell_problem(raw, line, place, column, cells[at], outcome))
                read[at] = outcome.value
    return values


def _read_column(cells: Sequence[RawCell], column: Column, reader: Reader) -> list[Any]:
    seen: dict[tuple[type, RawCell], Any] = {}
    read = []
    for cell in cells:
        known = (cell.__class__, cell)
        if known not in seen:
            seen[known] = _outcome(cell, column, reader)
        read.append(seen[known])
    return read


def _outcome(cell: RawCell, column: Column, reader: Reader) -> Any:
    if is_empty(cell):
        return _EMPTY if column.is_required else None
    value = reader(cell, column)
    if value in ("", ()):
        return _EMPTY if column.is_required else None
    return value


def _cell_problem(
    raw: RawSheet, line: int, place: int, column: Column, cell: RawCell, remark: Remark
) -> Problem:
    return Problem(
        raw.sheet.name, line, column.header, column_letter(place), shown(cell),
        remark.is_error, remark.wrong, remark.fix,
    )  # fmt: skip


# ---------------------------------------------------------------- rows


def _key(sheet: Sheet, row: Row) -> tuple[Any, ...]:
    optional = {column.field for column in sheet.columns if not column.is_required}
    values = ((getattr(row, name), name in optional) for name in sheet.key)
    return tuple("" if value is None and is_optional else value for value, is_optional in values)


def _doubled_keys(raw: RawSheet, rows: Sequence[Row]) -> Iterator[Problem]:
    """A second row of one key; the first keeps its place."""
    first_lines: dict[tuple[Any, ...], int] = {}
    name = raw.sheet.key[0] if len(raw.sheet.key) == 1 else raw.sheet.key[-1]
    for row in rows:
        key = _key(raw.sheet, row)
        if None in key:
            continue
        first = first_lines.setdefault(key, row.line)
        if first != row.line:
            yield of_row(raw, row, name, say("与第 {line} 行重复", line=first), say("只保留一行"))


def _row_problems(
    raw: RawSheet, rows: Sequence[Row], surroundings: Surroundings
) -> Iterator[Problem]:
    """What the cells of a row say together; a row with a faulty cell is weighed by the others."""
    rules = ROW_RULES[raw.sheet.kind]
    for row in rows:
        for rule in rules:
            remark: RowRemark | None = rule(row, surroundings)
            if remark:
                yield of_row(raw, row, remark.field, remark.wrong, remark.fix, remark.is_error)


def of_row(
    raw: RawSheet, row: Row, field: str, wrong: Wording, fix: Wording, is_error: bool = True
) -> Problem:
    """A problem of one field of a typed row, named to its cell with what stands there."""
    place = next((at for at, column in raw.columns if column.field == field), -1)
    value = raw.cells[bisect_left(raw.lines, row.line)][place] if place >= 0 else ""
    column = raw.sheet.column(field)
    return Problem(
        raw.sheet.name, row.line, column.header, column_letter(place), shown(value),
        is_error, wrong, fix,
    )  # fmt: skip
