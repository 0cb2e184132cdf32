"""Opening a file (`.xlsx` or `.csv`) as raw sheets: which sheet is which, where its header stands,
what its cells hold.

Nothing is judged here but the form: a missing or doubled column, merged cells, error values. The
cells themselves are checked in `exchange.checking`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import PurePath

from python_calamine import CalamineError, CalamineWorkbook

from models.exchange.headers import Header, find_header, sheet_for_headers
from models.exchange.plain_cells import RawCell, is_empty
from models.exchange.problems import Problem, column_letter, in_order, shown
from models.exchange.sheets import (
    EXAMPLE_MARK,
    GUIDE_SHEET,
    OPTIONS_SHEET,
    SHEET_NAMED,
    SHEETS,
    Column,
    Sheet,
    plain_header,
)
from models.exchange.xlsx_safety import (
    LARGEST_FILE_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    CellFault,
    SheetScan,
    scan_workbook,
)
from models.rules.errors import FileRefused
from models.rules.wording import Wording, say

TOTAL_MARKS = frozenset({"合计", "小计", "总计", "合计:", "总计:"})
_OWN_SHEETS = frozenset({GUIDE_SHEET, OPTIONS_SHEET})

csv.field_size_limit(LARGEST_FILE_BYTES)  # a long cell is named by the checks, not by the parser


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One known sheet as it stands in the file.

    Attributes:
        sheet: which of the known sheets it is.
        columns: the columns found, with their place in the row (0 is column A).
        lines: the row numbers of `cells`, as the program shows them.
        cells: the rows, every one as long as the widest.
        faults: cells that cannot be read, by (row, column) from 0.
    """

    sheet: Sheet
    columns: tuple[tuple[int, Column], ...] = ()
    lines: tuple[int, ...] = ()
    cells: tuple[Sequence[RawCell], ...] = ()
    faults: dict[tuple[int, int], CellFault] = field(default_factory=dict)

    def letter(self, field_name: str) -> str:
        """The letter of the column that fills a field; empty where the file has none."""
        places = (at for at, column in self.columns if column.field == field_name)
        return column_letter(next(places, -1))


@dataclass(frozen=True, slots=True)
class RawBook:
    """A file opened: its known sheets in the order they depend on each other, and what is wrong
    with its form.
    """

    name: str
    sheets: tuple[RawSheet, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    """A sheet's cells as any format gives them."""

    name: str
    rows: Sequence[Sequence[RawCell]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    scan: SheetScan = field(default_factory=SheetScan)


def read_book(name: str, content: bytes) -> RawBook:
    """Open a workbook or a CSV file.

    Args:
        name: the file's name; a CSV is known by it (`企业会员.csv`) or else by its header.
        content: its bytes.

    Returns:
        The known sheets and the problems of form, errors first.

    Raises:
        FileRefused: too large, encrypted, an old format, damaged, a bomb, or nothing known in it.
    """
    grids = _grids(name, content)
    found, problems = _known_sheets(grids)
    if not found:
        raise FileRefused(
            say("没有找到可导入的工作表；工作表名称应为：{names}", names=tuple(SHEET_NAMED))
        )
    sheets = [_raw_sheet(sheet, grid) for sheet, grid in found]
    every = [*problems, *(problem for _, found_here in sheets for problem in found_here)]
    return RawBook(name, tuple(sheet for sheet, _ in sheets), in_order(every, SHEET_NAMED))


def read_alone(name: str, content: bytes, sheet: Sheet) -> tuple[RawSheet, tuple[Problem, ...]]:
    """Open a file that holds one sheet of its own kind, whatever the sheet is called.

    Args:
        name: the file's name.
        content: its bytes.
        sheet: what its columns are.

    Returns:
        The first sheet with anything in it, and the problems of form.

    Raises:
        FileRefused: as `read_book`.
    """
    for grid in _grids(name, content):
        if any(not is_empty(cell) for row in grid.rows for cell in row):
            raw, problems = _raw_sheet(sheet, grid)
            return raw, tuple(problems)
    raise FileRefused(say("文件里没有数据"))


# ---------------------------------------------------------------- formats


def _grids(name: str, content: bytes) -> list[_Grid]:
    """The sheets of a file, whichever its format."""
    if len(content) > LARGEST_FILE_BYTES:
        raise FileRefused(
            say("文件过大，上限 {largest} MB；请分成几个文件", largest=LARGEST_FILE_BYTES // 2**20)
        )
    if not content.strip():
        raise FileRefused(say("文件是空的"))
    suffix = PurePath(name).suffix.lower()
    return list(_csv_grids(name, content) if suffix in (".csv", ".txt") else _xlsx_grids(content))


def _xlsx_grids(content: bytes) -> Iterator[_Grid]:
    scans = scan_workbook(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for name in book.sheet_names:
                if name in _OWN_SHEETS or name not in scans:
                    continue
                sheet = book.get_sheet_by_name(name)
                rows = sheet.to_python(skip_empty_area=False)
                merged = tuple(sheet.merged_cell_ranges or ())
                yield _Grid(name, rows, merged, scans[name])
    except CalamineError as why:
        raise FileRefused(
            say("文件不是 Excel 工作簿，或已损坏；请重新另存为 .xlsx 后上传")
        ) from why


def _csv_grids(name: str, content: bytes) -> Iterator[_Grid]:
    text = _decoded(content)
    first_line = text.partition("\n")[0]
    delimiter = max(",\t;", key=first_line.count)
    try:
        rows: list[Sequence[RawCell]] = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as why:
        raise FileRefused(say("CSV 文件不能读取，可能引号不成对；请改用 .xlsx")) from why
    width = max(map(len, rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise FileRefused(
            say("CSV 超出 {rows} 行 × {columns} 列", rows=MOST_ROWS, columns=MOST_COLUMNS)
        )
    even = [[*row, *("",) * (width - len(row))] for row in rows]
    yield _Grid(PurePath(name).stem, even)


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else GB18030, which Excel writes on Chinese
    machines.
    """
    encodings = (
        ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    )
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused(say("CSV 文件的编码不能识别；请另存为“CSV UTF-8”或 .xlsx"))


# ---------------------------------------------------------------- which sheet is which


def _known_sheets(grids: list[_Grid]) -> tuple[list[tuple[Sheet, _Grid]], list[Problem]]:
    """The grids that are known sheets, in the order of the table; remarks on the others."""
    found: dict[str, tuple[Sheet, _Grid]] = {}
    problems: list[Problem] = []
    for grid in grids:
        sheet = SHEET_NAMED.get(plain_header(grid.name))
        if sheet is None and len(grids) == 1:
            sheet = sheet_for_headers(grid.rows)
        if sheet is None:
            problems.extend(_unknown_sheet(grid))
        elif sheet.name in found:
            problems.append(_of_sheet(grid.name, say("工作表重复"), say("只保留一张"), True))
        else:
            found[sheet.name] = (sheet, replace(grid, name=sheet.name))
    return [found[sheet.name] for sheet in SHEETS if sheet.name in found], problems


def _unknown_sheet(grid: _Grid) -> Iterator[Problem]:
    if not any(not is_empty(cell) for row in grid.rows for cell in row):
        return
    close = get_close_matches(plain_header(grid.name), SHEET_NAMED, n=1, cutoff=0.5)
    meant = close[0] if close else getattr(sheet_for_headers(grid.rows), "name", "")
    fix = say("若是“{name}”，请改名", name=meant) if meant else say("不需要导入的可以不管")
    yield _of_sheet(grid.name, say("不认识的工作表，没有导入"), fix, bool(meant))


def _of_sheet(name: str, wrong: Wording, fix: Wording, is_error: bool) -> Problem:
    return Problem(name, 0, "", "", "", is_error, wrong, fix)


# ---------------------------------------------------------------- one sheet


def _raw_sheet(sheet: Sheet, grid: _Grid) -> tuple[RawSheet, list[Problem]]:
    header = find_header(sheet, grid.rows)
    if not header.columns:
        return RawSheet(sheet), header.problems
    merged = list(_merged(sheet, header, grid))
    lines, kept, skipped = _data_rows(sheet, header, grid)
    raw = RawSheet(sheet, header.columns, lines, kept, dict(grid.scan.faults))
    return raw, [*header.problems, *merged, *skipped]


def _merged(sheet: Sheet, header: Header, grid: _Grid) -> Iterator[Problem]:
    """Merged cells below the header; a merged title above it is welcome."""
    for (top, left), (bottom, right) in grid.merged:
        if bottom <= header.row:
            continue
        letter = column_letter(left)
        area = f"{letter}{top + 1}:{column_letter(right)}{bottom + 1}"
        yield Problem(
            sheet.name, top + 1, header.name_at(left), letter, area, True,
            say("有合并单元格 {area}", area=area),
            say("取消合并，每一行都填写"),
        )  # fmt: skip


def _data_rows(
    sheet: Sheet, header: Header, grid: _Grid
) -> tuple[tuple[int, ...], tuple[Sequence[RawCell], ...], list[Problem]]:
    lines, kept, skipped = [], [], []
    places = [at for at, _ in header.columns]
    for index in range(header.row + 1, len(grid.rows)):
        row = grid.rows[index]
        first = row[places[0]]
        if is_empty(first):
            first = next((row[at] for at in places if not is_empty(row[at])), None)
        if first is None:
            continue
        if isinstance(first, str) and (remark := _not_data(first, header)):
            skipped.append(_skipped_row(sheet, index, first, remark))
            continue
        lines.append(index + 1)
        kept.append(row)
    return tuple(lines), tuple(kept), skipped


def _not_data(first: str, header: Header) -> Wording | None:
    """What a row is if not data, told by its first cell."""
    if first.isascii():
        return None
    word = plain_header(first)
    if word.startswith(EXAMPLE_MARK):
        return say("示例行，没有导入")
    if word in TOTAL_MARKS:
        return say("合计行，没有导入")
    if word == plain_header(header.columns[0][1].header):
        return say("重复的表头，没有导入")
    return None


def _skipped_row(sheet: Sheet, index: int, first: RawCell, wrong: Wording) -> Problem:
    return Problem(
        sheet.name, index + 1, "", "", shown(first), False, wrong, say("如要导入，请改成数据行")
    )
