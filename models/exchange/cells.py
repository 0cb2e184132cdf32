"""Reading one cell: what a person typed, and what a spreadsheet made of it, brought to one typed
value.

A reader never raises for bad input. It returns the value, or a `Remark`: an error without a value,
or a warning with the value it was read as.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches

from models.exchange.plain_cells import (
    EXACT_BELOW,
    RawCell,
    Reader,
    Remark,
    plain_text,
    read_text,
)
from models.exchange.sheets import CellKind, Column, ListName, Option
from models.rules.claim_entries import plain_invoice
from models.rules.errors import AmountRefused, FigureRefused
from models.rules.half_width import half_width
from models.rules.identifiers import IdentifierKind, IdentifierVerdict, reading
from models.rules.money import fen_from_yuan
from models.rules.months import YearMonth
from models.rules.targets.entries import is_published, value_read
from models.rules.wording import Wording, say

EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(2199, 12, 31)

_SERIAL_ZERO = date(1899, 12, 30)  # of Excel's day numbers, for days after February 1900
_SERIALS = range(20_000, 90_000)  # 1954 to 2146
_DAY = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_TIME_OF_DAY = re.compile(r"[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}")
_SEPARATORS = re.compile(r"[、，,;；\n]+")


@dataclass(frozen=True, slots=True)
class Lists:
    """The options that stand in the database, by list: services and result kinds in force."""

    options: Mapping[ListName, tuple[Option, ...]]

    def of(self, column: Column) -> tuple[Option, ...]:
        """The options a column offers."""
        if isinstance(column.options, ListName):
            return self.options[column.options]
        return column.options


# ---------------------------------------------------------------- numbers that are names


def read_digits(raw: RawCell, column: Column) -> str | Remark:
    """A number that is a name (account, telephone, invoice): half-width, inner spaces gone."""
    text = read_text(raw, column)
    if isinstance(text, Remark):
        return text
    plain = "".join(half_width(text).split())
    if _SCIENTIFIC.fullmatch(plain):
        return Remark(say("是科学计数法，后几位已丢失"), say("把单元格设为文本，照原件重新填写"))
    return plain


def read_invoice(raw: RawCell, column: Column) -> str | Remark:
    """An invoice's number in the one spelling in which it is kept and compared."""
    text = read_digits(raw, column)
    return text if isinstance(text, Remark) else plain_invoice(text)


# ---------------------------------------------------------------- identifiers


def _identifier_reader(kind: IdentifierKind) -> Reader:
    def read(raw: RawCell, _: Column) -> str | Remark:
        text = plain_text(raw)
        if isinstance(text, Remark):
            return text
        if _SCIENTIFIC.fullmatch(text):
            return Remark(
                say("是科学计数法，后几位已丢失"), say("把单元格设为文本，照原件重新填写")
            )
        found = reading(kind, text)
        if found.verdict is IdentifierVerdict.well_formed:
            return found.normalised
        if found.verdict is IdentifierVerdict.doubtful:
            return Remark(found.words, say("核对原件；确认无误可以导入"), False, found.normalised)
        return Remark(found.words, say("照原件重新填写"))

    return read


# ---------------------------------------------------------------- days and months


def read_day(raw: RawCell, column: Column) -> date | Remark:
    """A day: a date cell, `2026-11-20` in any usual writing, or Excel's day number (with a
    warning).
    """
    match raw:
        case datetime():
            return _in_range(raw.date())
        case date():
            return _in_range(raw)
        case bool() | time() | timedelta():
            return _not_a_day()
        case int() | float():
            return _day_of_number(raw)
    text = plain_text(raw)
    return text if isinstance(text, Remark) else _day_of_text(text)


def _day_of_number(number: float) -> date | Remark:
    if not 0 < number < EXACT_BELOW:  # not a number is neither
        return _not_a_day()
    whole = int(number)
    if whole not in _SERIALS:
        return _day_of_text(str(whole))
    day = _SERIAL_ZERO + timedelta(days=whole)
    wrong = say("日期是数字，按序号读作 {day}", day=day)
    return Remark(wrong, say("把单元格设为日期格式并核对"), False, day)


def _day_of_text(text: str) -> date | Remark:
    plain = "".join(_TIME_OF_DAY.sub("", half_width(text)).split())
    if len(plain) == 5 and plain.isdecimal() and int(plain) in _SERIALS:
        return _day_of_number(int(plain))
    found = _DAY.fullmatch(plain)
    if found is None:
        return _not_a_day()
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return _in_range(date(year, month, day))
    except ValueError:
        return Remark(say("没有这一天"), say("核对年、月、日"))


def _in_range(day: date) -> date | Remark:
    if EARLIEST_DAY <= day <= LATEST_DAY:
        return day
    return Remark(say("年份超出范围"), say("核对年份，按 2026-11-20 的样子填写"))


def _not_a_day() -> Remark:
    return Remark(say("不是日期"), say("按 2026-11-20 的样子填写"))


def read_month(raw: RawCell, column: Column) -> str | Remark:
    """A month of account as `2026-11`; a spreadsheet turns a typed month into its first day."""
    if isinstance(raw, date):
        day = read_day(raw, column)
        return day if isinstance(day, Remark) else str(YearMonth.containing(day))
    text = plain_text(raw)
    if isinstance(text, Remark):
        return text
    try:
        month = YearMonth.parse(text)
    except ValueError:
        return Remark(say("不是月份"), say("按 2026-11 的样子填写"))
    if not EARLIEST_DAY.year <= month.year <= LATEST_DAY.year:
        return Remark(say("年份超出范围"), say("按 2026-11 的样子填写"))
    return str(month)


# ---------------------------------------------------------------- numbers


def read_yuan(raw: RawCell, column: Column) -> int | Remark:
    """Money in fen; a number cell is taken at the fifteen digits a spreadsheet shows."""
    if isinstance(raw, bool | date | time | timedelta):
        return Remark(say("不是金额"), say("以元为单位填写数字，例如 50000.00"))
    written = _number_written(raw)
    if isinstance(written, Remark):
        return written
    try:
        return fen_from_yuan(Decimal(written) if isinstance(raw, int | float) else written)
    except AmountRefused as refusal:
        return Remark(refusal.wording, _how_to_write_money(str(raw)))


def _number_written(raw: RawCell) -> str | Remark:
    """A number as digits: of a number cell those a spreadsheet shows, else its text."""
    return _digits_of(raw) if isinstance(raw, int | float) else plain_text(raw)


def _how_to_write_money(written: str) -> Wording:
    if "万" in written:
        return say("换算成元后填写数字，例如 5 万元填 50000.00")
    return say("以元为单位填写不超过两位小数的数字，例如 50000.00")


def read_percent(raw: RawCell, column: Column) -> int | Remark:
    """A share in hundredths of a percent; `30` and `30%` are 3,000."""
    text = plain_text(raw)
    if isinstance(text, Remark):
        return text
    try:
        hundredths = fen_from_yuan(half_width(text).rstrip("% "))
    except AmountRefused:
        return Remark(say("不是比例"), say("填写不超过两位小数的数字，例如 30 即 30%"))
    if isinstance(raw, float) and 0 < raw < 1:
        fix = say("若应为 {percent}%，请填 {percent}", percent=f"{raw * 100:.10g}")
        return Remark(say("读作 {percent}%", percent=text), fix, False, hundredths)
    return hundredths


def read_decimal(raw: RawCell, column: Column) -> Decimal | Remark:
    """An exact number; a number cell is taken at the fifteen digits a spreadsheet shows."""
    if isinstance(raw, bool | date | time | timedelta):
        return Remark(say("不是数值"), _HOW_TO_WRITE_A_VALUE)
    written = _number_written(raw)
    if isinstance(written, Remark):
        return written
    try:
        return value_read(written)
    except FigureRefused as refusal:
        return Remark(refusal.wording, _HOW_TO_WRITE_A_VALUE)


_HOW_TO_WRITE_A_VALUE = say("只填数字，例如 1068 或 2.36；单位填在“单位”列")


def _digits_of(number: float) -> str:
    """What a spreadsheet shows of a number; what is no number stays a word."""
    shown = Decimal(f"{number:.15g}")
    return format(shown, "f") if shown.is_finite() else str(number)


def read_published(raw: RawCell, column: Column) -> str | Remark:
    """When something appeared: `2023`, `2023-09` or a day."""
    if isinstance(raw, date):
        day = read_day(raw, column)
        return day if isinstance(day, Remark) else day.isoformat()
    text = plain_text(raw)
    if isinstance(text, Remark):
        return text
    plain = "-".join(_PARTS.findall(half_width(text))) if len(text) <= column.longest + 1 else ""
    if is_published(plain):
        return plain
    return Remark(say("不是发布日期"), say("按 2023、2023-09 或 2023-09-13 的样子填写"))


_PARTS = re.compile("[0-9]+")


def read_whole(raw: RawCell, column: Column) -> int | Remark:
    """A whole number within the column's bounds."""
    text = plain_text(raw)
    if isinstance(text, Remark):
        return text
    plain = half_width(text).replace(",", "").strip()
    plain = plain.removesuffix("年").removesuffix("分") if not plain.isdecimal() else plain
    if not re.fullmatch(r"[0-9]{1,12}", plain):
        return Remark(say("不是整数"), _bounds(column))
    number = int(plain)
    if not column.lowest <= number <= column.highest:
        return Remark(say("超出范围"), _bounds(column))
    return number


def _bounds(column: Column) -> Wording:
    return say("填写 {lowest} 至 {highest} 的整数", lowest=column.lowest, highest=column.highest)


# ---------------------------------------------------------------- options


def _option_readers(options: tuple[Option, ...]) -> tuple[Reader, Reader]:
    codes = {
        _folded(word): option.code
        for option in options
        for word in (option.code, option.printed, *option.aliases)
    }

    def read_option(raw: RawCell, _: Column) -> str | Remark:
        text = plain_text(raw)
        if isinstance(text, Remark):
            return text
        code = codes.get(_folded(text))
        return code if code is not None else _not_offered(text, options)

    def read_options(raw: RawCell, column: Column) -> tuple[str, ...] | Remark:
        text = plain_text(raw)
        if isinstance(text, Remark):
            return text
        chosen = [read_option(part, column) for part in _SEPARATORS.split(text) if part.strip()]
        faults = [code for code in chosen if isinstance(code, Remark)]
        return faults[0] if faults else tuple(dict.fromkeys(chosen))  # type: ignore[arg-type]

    return read_option, read_options


def _folded(word: str) -> str:
    return "".join(half_width(word).split()).lower()


MOST_NAMED = 25
"""Options that a remark still names one by one."""


def _not_offered(text: str, options: tuple[Option, ...]) -> Remark:
    wrong = say("“{value}”不在可选范围", value=text[:40])
    names = tuple(option.printed for option in options)
    if len(names) <= MOST_NAMED:
        return Remark(wrong, say("填写其中之一：{options}", options=names))
    close = tuple(get_close_matches(text[:40], names, n=3, cutoff=0.5))
    if close:
        return Remark(wrong, say("是否指：{options}", options=close))
    return Remark(wrong, say("照模板“说明”页末的清单填写"))


# ---------------------------------------------------------------- which reader for which column

_READERS: dict[CellKind, Reader] = {
    CellKind.text: read_text,
    CellKind.digits: read_digits,
    CellKind.invoice: read_invoice,
    CellKind.uscc: _identifier_reader(IdentifierKind.uscc),
    CellKind.hnte_certificate: _identifier_reader(IdentifierKind.hnte_certificate),
    CellKind.day: read_day,
    CellKind.month: read_month,
    CellKind.yuan: read_yuan,
    CellKind.percent: read_percent,
    CellKind.whole: read_whole,
    CellKind.decimal: read_decimal,
    CellKind.published: read_published,
}


def reader_of(column: Column, lists: Lists) -> Reader:
    """The reader of a column's cells."""
    if column.kind is CellKind.option:
        return _option_readers(lists.of(column))[0]
    if column.kind is CellKind.options:
        return _option_readers(lists.of(column))[1]
    return _READERS[column.kind]
