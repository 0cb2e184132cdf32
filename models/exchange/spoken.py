"""The catalogues as they lie in `locale/`: for screens, and for what is written without one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po

LOCALE_FOLDER = Path(__file__).resolve().parents[2] / "locale"


def catalogue(code: str) -> Catalog:
    """A language's catalogue as it lies in `locale/`."""
    with (LOCALE_FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


@cache
def translations(code: str) -> Mapping[str, str]:
    """Chinese → a language, as far as it is certain."""
    return {
        str(message.id): str(message.string)
        for message in catalogue(code)
        if message.id and message.string and not message.fuzzy
    }


def translator(code: str) -> Callable[[str], str]:
    """What gives a template's words in a language: for documents and mails."""
    known = translations(code)
    return lambda text: known.get(text, text)
