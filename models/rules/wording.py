"""Sentences that rules hand upwards: a Chinese template and its facts, put into a language only
when shown.

A verdict must explain itself in words, yet a rule knows neither the visitor's language nor gettext.
So a rule returns a `Wording`; the screen looks its template up in the catalogue and fills in the
facts. A fact that is itself a word of ours is a `Wording` too; what people, papers and workbooks
wrote stays as it was written. Stored with a decision it stays readable in both languages for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

Fact: TypeAlias = "str | int | date | Wording | tuple[str | Wording, ...] | None"
Stored: TypeAlias = "str | int | Wording | tuple[str | Wording, ...]"

_NOTHING = "—"


class _Facts(dict[str, Stored]):
    """A template of tomorrow may ask for a fact that was not stored yesterday."""

    def __missing__(self, name: str) -> str:
        return _NOTHING


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence: `template` is Chinese and the catalogue's key; `facts` are its named values."""

    template: str
    facts: tuple[tuple[str, Stored], ...] = ()

    def __str__(self) -> str:
        return self.spoken(in_chinese)

    def spoken(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate` (a gettext function); unknown facts show as
        —."""
        said = translate(self.template)
        if not self.facts:
            return said
        return said.format_map(
            _Facts((name, _spoken(fact, translate)) for name, fact in self.facts)
        )

    def as_json(self) -> dict[str, Any]:
        """The stored form: `{"t": template, "f": {name: value}}`, words of ours likewise inside."""
        return {"t": self.template, "f": {name: _as_json(fact) for name, fact in self.facts}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Wording:
        """The sentence that `as_json` stored."""
        return cls(stored["t"], tuple((name, _read(fact)) for name, fact in stored["f"].items()))


def in_chinese(template: str) -> str:
    """What a template says in Chinese: all of it up to the `|` after which its meaning is told."""
    return template.partition("|")[0]


def say(template: str, /, **facts: Fact) -> Wording:
    """A `Wording` from a literal Chinese template (Babel extracts it here) and its facts.

    Dates become ISO text, `None` becomes "—", a tuple a list joined with "、"; amounts are passed
    already formatted by `rules.money.yuan`, because a sentence has no columns to align.
    """
    return Wording(template, tuple((name, _plain(value)) for name, value in facts.items()))


def named(name: str) -> Wording:
    """What the reference data call a thing, as a fact: its English stands in the catalogue."""
    return Wording(name)


def _spoken(fact: Stored, translate: Callable[[str], str]) -> str | int:
    if isinstance(fact, tuple):
        return translate("、").join(str(_spoken(item, translate)) for item in fact)
    return fact.spoken(translate) if isinstance(fact, Wording) else fact


def _as_json(fact: Stored) -> Any:
    if isinstance(fact, tuple):
        return [_as_json(item) for item in fact]
    return fact.as_json() if isinstance(fact, Wording) else fact


def _read(stored: Any) -> Stored:
    match stored:
        case list():
            return tuple(_read(item) for item in stored)  # type: ignore[misc]
        case dict():
            return Wording.from_json(stored)
    return stored  # type: ignore[no-any-return]


def _plain(value: Fact) -> Stored:
    if value is None:
        return _NOTHING
    return value.isoformat() if isinstance(value, date) else value
