"""Finding a sheet's header row, and which column of the file is which column of the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from models.exchange.plain_cells import RawCell, is_empty
from models.exchange.problems import Problem, column_letter, shown
from models.exchange.sheets import SHEETS, Column, Sheet, plain_header
from models.rules.wording import say

SEARCHED_ROWS = 10
FEWEST_KNOWN = 2  # so many known headers make a row the header


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (row from 0) and which columns were found; none if there is no
    header.
    """

    row: int
    columns: tuple[tuple[int, Column], ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def name_at(self, place: int) -> str:
        """The header of the column at a place; empty where it is not a known one."""
        return next((column.header for at, column in self.columns if at == place), "")


def find_header(sheet: Sheet, rows: Sequence[Sequence[RawCell]]) -> Header:
    """The header of a sheet, looked for in its first ten rows; problems name missing and doubled
    columns.
    """
    known = _columns_by_header(sheet)
    scores = [sum(word in known for word in _words(row)) for row in rows[:SEARCHED_ROWS]]
    best = max(scores, default=0)
    if best < FEWEST_KNOWN:
        return Header(0, (), [_no_header(sheet, rows)] if _has_content(rows) else [])
    return _matched(sheet, scores.index(best), rows[scores.index(best)])


def sheet_for_headers(rows: Sequence[Sequence[RawCell]]) -> Sheet | None:
    """The sheet whose columns fit best; `None` where fewer than half of its required ones are
    there.
    """
    fits = {}
    for sheet in SHEETS:
        required = {plain_header(column.header) for column in sheet.columns if column.is_required}
        here = max((len(required & set(_words(row))) for row in rows[:SEARCHED_ROWS]), default=0)
        fits[sheet.name] = here / len(required)
    best = max(SHEETS, key=lambda sheet: fits[sheet.name])
    return best if fits[best.name] > 0.5 else None


def _words(row: Sequence[RawCell]) -> list[str]:
    return [plain_header(cell) if isinstance(cell, str) else "" for cell in row]


def _columns_by_header(sheet: Sheet) -> dict[str, Column]:
    return {plain_header(column.header): column for column in sheet.columns}


def _has_content(rows: Sequence[Sequence[RawCell]]) -> bool:
    return any(not is_empty(cell) for row in rows for cell in row)


def _no_header(sheet: Sheet, rows: Sequence[Sequence[RawCell]]) -> Problem:
    first = next((cell for row in rows for cell in row if not is_empty(cell)), "")
    return Problem(
        sheet.name, 1, "", "", shown(first), True,
        say("前 {rows} 行中没有找到表头", rows=SEARCHED_ROWS),
        say("第一行写列名，与模板一致：{columns}",
            columns=tuple(column.printed for column in sheet.columns if column.is_required)),
    )  # fmt: skip


def _matched(sheet: Sheet, row: int, cells: Sequence[RawCell]) -> Header:
    known = _columns_by_header(sheet)
    found: dict[str, tuple[int, Column]] = {}
    problems, unknown = [], []
    for place, word in enumerate(_words(cells)):
        column = known.get(word)
        if column is None:
            unknown.append((place, word))
        elif column.field in found:
            problems.append(_doubled(sheet, row, place, column, found[column.field][0]))
        else:
            found[column.field] = (place, column)
    missing = [column for column in sheet.columns if column.field not in found]
    problems += [_missing(sheet, row, c, unknown) for c in missing if c.is_required]
    problems += [
        _unknown(sheet, row, place, cells[place], missing)
        for place, word in unknown
        if word or not is_empty(cells[place])
    ]
    return Header(row, tuple(sorted(found.values(), key=lambda item: item[0])), problems)


def _doubled(sheet: Sheet, row: int, place: int, column: Column, first: int) -> Problem:
    return Problem(
        sheet.name, row + 1, column.header, column_letter(place), column.header, True,
        say("列“{column}”重复，前一列在 {letter} 列", column=column.header, letter=column_letter(first)),
        say("只保留一列"),
    )  # fmt: skip


def _missing(sheet: Sheet, row: int, column: Column, unknown: list[tuple[int, str]]) -> Problem:
    written = {word: place for place, word in unknown if word}
    close = get_close_matches(plain_header(column.header), written, n=1, cutoff=0.6)
    fix = (
        say("{letter} 列写作“{written}”，若就是它，请改名",
            letter=column_letter(written[close[0]]), written=close[0])
        if close
        else say("加上这一列")
    )  # fmt: skip
    return Problem(
        sheet.name, row + 1, column.header, "", "", True,
        say("缺少必填列“{column}”", column=column.header), fix,
    )  # fmt: skip


def _unknown(
    sheet: Sheet, row: int, place: int, written: RawCell, missing: list[Column]
) -> Problem:
    by_header = {plain_header(column.header): column.header for column in missing}
    close = get_close_matches(plain_header(str(written)), by_header, n=1, cutoff=0.5)
    fix = (
        say("若是“{column}”，请改名", column=by_header[close[0]])
        if close
        else say("不需要的列可以不管")
    )
    return Problem(
        sheet.name, row + 1, shown(written), column_letter(place), shown(written), False,
        say("不认识的列，没有导入"), fix,
    )  # fmt: skip
