"""What is looked at in an `.xlsx` before it is opened: sizes, encryption, and how far its cells
reach.

A workbook is a zip of XML. A few kilobytes can unpack into gigabytes, and two cells in opposite
corners make a reader lay out seventeen thousand million of them. So the zip's directory is read
first, then every sheet is scanned by a streaming parser; only then is it handed to the reader. The
scan also notes what the reader does not tell apart from an empty cell: error values and formulas
that were never calculated.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from posixpath import join, normpath
from xml.parsers import expat

from models.rules.errors import FileRefused
from models.rules.wording import Wording, say

LARGEST_FILE_BYTES = 20 * 2**20
LARGEST_UNPACKED_BYTES = 256 * 2**20
LARGEST_RATIO = 200  # of an entry above SMALL_ENTRY_BYTES; spreadsheets reach about 30
SMALL_ENTRY_BYTES = 2**20
MOST_ENTRIES = 2_000
MOST_ROWS = 100_000
MOST_COLUMNS = 200

_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


class CellFault(StrEnum):
    """What a cell holds that cannot be read."""

    error_value = "error_value"  # #N/A, #REF!, #DIV/0!
    not_calculated = "not_calculated"  # a formula saved without its value


@dataclass(frozen=True, slots=True)
class SheetScan:
    """What the scan of one sheet found: `faults` by (row, column), both from 0."""

    faults: Mapping[tuple[int, int], CellFault] = field(default_factory=dict)


def refuse_other_formats(content: bytes) -> None:
    """Refuse what is not a zip, and say which program made it.

    Raises:
        FileRefused: encrypted, an old `.xls`, or no workbook at all.
    """
    if not content.startswith(_OLE_MAGIC):
        if not zipfile.is_zipfile(io.BytesIO(content)):
            raise FileRefused(say("文件不是 Excel 工作簿，或已损坏；请重新另存为 .xlsx 后上传"))
        return
    if _ENCRYPTED_STREAM in content:
        raise FileRefused(say("工作簿设有打开密码；请取消密码后上传"))
    raise FileRefused(say("这是旧版 .xls 工作簿；请另存为 .xlsx 后上传"))


def refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Refuse a zip that would unpack into far more than it is, judged by its directory alone.

    Raises:
        FileRefused: too many entries, too large, packed too tightly, or encrypted.
    """
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise FileRefused(say("压缩包内文件过多，最多 {most} 个", most=MOST_ENTRIES))
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED_BYTES:
        raise FileRefused(_too_large_unpacked())
    for entry in entries:
        packed = max(entry.compress_size, 1)
        if entry.file_size > SMALL_ENTRY_BYTES and entry.file_size > LARGEST_RATIO * packed:
            raise FileRefused(_too_large_unpacked())
        if entry.flag_bits & 0x1:
            raise FileRefused(say("压缩包设有密码；请取消密码后上传"))


def scan_workbook(content: bytes) -> dict[str, SheetScan]:
    """Scan every sheet of an `.xlsx` without laying it out.

    Args:
        content: the file.

    Returns:
        What was found, by sheet name.

    Raises:
        FileRefused: not an `.xlsx`, damaged, a bomb, or cells beyond `MOST_ROWS` × `MOST_COLUMNS`.
    """
    refuse_other_formats(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refuse_bombs(archive)
            return {name: _scan(archive, name, path) for name, path in _sheets(archive)}
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, EOFError, NotImplementedError) as why:
        raise FileRefused(
            say("文件不是 Excel 工作簿，或已损坏；请重新另存为 .xlsx 后上传")
        ) from why


def _too_large_unpacked() -> Wording:
    return say(
        "文件解压后过大（上限 {largest} MB），可能是损坏或恶意文件",
        largest=LARGEST_UNPACKED_BYTES // 2**20,
    )


# ---------------------------------------------------------------- which part is which sheet


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Sheet names and the parts they are stored in, in the order of the tabs."""
    base = "xl"
    targets = {
        found["Id"]: normpath(join("/" + base, found["Target"])).lstrip("/")
        for found in _elements(archive, f"{base}/_rels/workbook.xml.rels", "Relationship")
    }
    named = []
    for found in _elements(archive, f"{base}/workbook.xml", "sheet"):
        reference = next(value for key, value in found.items() if key.rpartition(":")[2] == "id")
        named.append((found["name"], targets[reference]))
    return named


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> list[dict[str, str]]:
    """The attributes of every element of one name in a part."""
    found: list[dict[str, str]] = []
    parser = _parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == wanted:
            found.append(attributes)

    parser.StartElementHandler = start
    with archive.open(part) as stream:
        parser.ParseFile(stream)
    return found


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parser() -> expat.XMLParserType:
    """A parser that refuses a document type, and with it every entity."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise FileRefused(say("文件含有不允许的内容（DTD）；请重新另存为 .xlsx 后上传"))


# ---------------------------------------------------------------- one sheet


def _scan(archive: zipfile.ZipFile, name: str, path: str) -> SheetScan:
    scanner = _Scanner(name)
    with archive.open(path) as stream:
        scanner.parser.ParseFile(stream)
    scanner.close_cell()
    return SheetScan(scanner.faults)


class _Scanner:
    """Follows a sheet's cells one by one and keeps only what is wrong with them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: dict[tuple[int, int], CellFault] = {}
        self.row, self.column = -1, -1
        self.is_formula = self.has_value = False
        self.handlers = _Handlers(c=self.open_cell, row=self.open_row, f=self.open_formula)
        self.parser = _parser()
        self.parser.StartElementHandler = self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self.handlers[name]
        if handler is not None:
            handler(attributes)

    def open_formula(self, _: dict[str, str]) -> None:
        self.is_formula = True
        self.parser.CharacterDataHandler = self.nothing
        self.handlers["v"] = self.open_value

    def open_value(self, _: dict[str, str]) -> None:
        self.parser.CharacterDataHandler = self.value

    def nothing(self, _text: str) -> None:
        """A formula's own text is no value."""

    def value(self, text: str) -> None:
        self.has_value = self.has_value or bool(text.strip())

    def open_row(self, attributes: dict[str, str]) -> None:
        self.close_cell()
        written = attributes.get("r", "")
        self.row = int(written) - 1 if written.isdecimal() else self.row + 1
        self.column = -1
        if self.row >= MOST_ROWS:
            self.refuse_extent()

    def open_cell(self, attributes: dict[str, str]) -> None:
        if self.is_formula:
            self.close_cell()
        reference = attributes.get("r")
        if reference:
            self.row, self.column = _position(reference)
        else:
            self.column += 1
        if self.row >= MOST_ROWS or self.column >= MOST_COLUMNS:
            self.refuse_extent()
        if attributes.get("t") == "e":
            self.faults[self.row, self.column] = CellFault.error_value

    def close_cell(self) -> None:
        if not self.is_formula:
            return
        if not self.has_value:
            self.faults.setdefault((self.row, self.column), CellFault.not_calculated)
        self.is_formula = self.has_value = False
        self.parser.CharacterDataHandler = None
        self.handlers["v"] = None

    def refuse_extent(self) -> None:
        raise FileRefused(
            say(
                "工作表“{sheet}”超出 {rows} 行 × {columns} 列；请删除表外的内容，或分成几个文件",
                sheet=self.name,
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
            )
        )


class _Handlers(dict[str, Callable[[dict[str, str]], None] | None]):
    """What to do at the start of an element, by its name; a prefix does not count."""

    def __missing__(self, name: str) -> Callable[[dict[str, str]], None] | None:
        local = _local(name)
        if local == name:
            self[name] = None
        return self[local]


def _position(reference: str) -> tuple[int, int]:
    """Row and column, both from 0, of a reference such as `AB12`; letters of any case."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    return (int(digits) - 1 if digits else 0), _column_of(letters)


@lru_cache(maxsize=1024)
def _column_of(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1
