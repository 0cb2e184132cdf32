"""The official Chinese words of the code, and their English from the catalogue."""

from __future__ import annotations

from functools import cache

from babel.messages.pofile import read_po

from models.rules.wording import Wording, in_chinese
from tools.source import ROOT


def chinese(wording: Wording) -> str:
    """A sentence in Chinese, without the hint that tells two meanings of one word apart."""
    return in_chinese(wording.template)


def english(wording: Wording) -> str:
    """A sentence in English; nothing where the catalogue has none."""
    return _catalogue().get(wording.template, "")


def both(wording: Wording) -> str:
    """A name in Chinese and English."""
    return f"{chinese(wording)} {english(wording)}".strip()


@cache
def _catalogue() -> dict[str, str]:
    with (ROOT / "locale" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {
            str(message.id): str(message.string)
            for message in read_po(file, locale="en")
            if message.id and message.string and not message.fuzzy
        }
