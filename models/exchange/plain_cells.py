"""One cell as plain text: what a person typed, and what a spreadsheet made of it; and what is said
of a cell that cannot be read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

from models.exchange.sheets import LONGEST_TEXT, Column
from models.rules.wording import Wording, say

RawCell: TypeAlias = str | float | int | bool | date | datetime | time | timedelta | None

EXACT_BELOW = 1e15
"""A spreadsheet keeps fifteen digits of a number; what is longer has lost its tail."""
_TURNING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_OUTER = " \t\r\n\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a cell, and how to put it right; a warning carries the value it was read
    as.
    """

    wrong: Wording
    fix: Wording
    is_error: bool = True
    value: Any = None


Reader: TypeAlias = Callable[[RawCell, Column], Any]


def is_empty(raw: RawCell) -> bool:
    """Whether a cell holds nothing but space."""
    return raw is None or (isinstance(raw, str) and not raw.strip(_OUTER))


def plain_text(raw: RawCell) -> str | Remark:
    """A cell as text: outer spaces and a leading apostrophe gone, whole numbers without `.0`."""
    match raw:
        case str():
            text = raw.strip(_OUTER)
            return text[1:].lstrip(_OUTER) if text.startswith("'") else text
        case bool():
            return "TRUE" if raw else "FALSE"
        case int() | float():
            return _number_as_text(raw)
        case date() | time() | timedelta():
            return Remark(
                say("单元格被存成了日期或时间，原文已变"), say("把单元格设为文本，重新填写")
            )
    return ""


def _number_as_text(number: float) -> str | Remark:
    if abs(number) >= EXACT_BELOW:
        return Remark(
            say("被存成了数字，第 15 位以后已丢失"), say("把单元格设为文本，照原件重新填写")
        )
    return f"{number:.0f}" if float(number).is_integer() else repr(number)


def read_text(raw: RawCell, column: Column) -> str | Remark:
    """Text up to the column's length, without control characters."""
    text = plain_text(raw)
    if isinstance(text, Remark):
        return text
    if len(text) > column.longest:
        return Remark(
            say(
                "过长：{length} 个字符，最多 {longest} 个", length=len(text), longest=column.longest
            ),
            say("缩短后重新填写"),
        )
    if text.isprintable():
        return text
    if any(_is_forbidden(character) for character in text):
        return Remark(say("含有不可见的控制字符"), say("删去该格内容，手工重新输入"))
    if column.longest > LONGEST_TEXT:
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return " ".join(text.split())


def _is_forbidden(character: str) -> bool:
    """Control characters, lone surrogates and marks that turn the writing round; line breaks may
    stay.
    """
    if character in _TURNING:
        return True
    return unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t"
