"""Meetings (会议模式) as a screen asks for them: the deck of today, the decks that were frozen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.targets import TargetLine, target_lines
from models.queries.visibility import refuse_without
from models.rules.digest import canonical_json, sha256_hex
from models.rules.errors import NotFound
from models.rules.roles import Actor, Permission
from models.rules.targets import Measure, headline
from models.rules.targets.saying import caveats, goal_words
from models.rules.targets.slides import (
    Cited,
    Deck,
    Slide,
    Standing,
    growth_on,
    path_marks,
    silent_years,
    standing,
)
from models.rules.wording import say
from models.tables.meetings import MeetingSlide, MeetingSnapshot
from models.tables.people import Account

SHORT_DECK = 12
"""Slides of a meeting nobody has chosen targets for."""


@dataclass(frozen=True, slots=True)
class KeptDeck:
    """A meeting with the digest of what it says."""

    deck: Deck
    digest: str


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """A frozen meeting in a list."""

    id: int
    title: str
    as_of: date
    taken_at_utc: datetime
    taken_by: str
    digest: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen meeting opened again.

    Attributes:
        line: which one.
        deck: what its slides say, to the digit.
        is_whole: what is kept still has the digest it was frozen under.
        chain_head: the record's head when it was frozen.
    """

    line: FrozenLine
    deck: Deck
    is_whole: bool
    chain_head: str


def live_deck(session: Session, on: date) -> Deck:
    """The meeting as the figures of a day give it."""
    return deck_of(target_lines(session, on), chosen_targets(session), on)


def deck_of(lines: Sequence[TargetLine], chosen: Sequence[str], on: date) -> Deck:
    """A meeting of chosen targets; of the usual ones where nobody has chosen.

    Args:
        lines: every target as it stands on the day.
        chosen: ids in the order of the slides.
        on: the day.
    """
    known = {line.id: line for line in lines}
    wanted = [known[one] for one in chosen if one in known] or usual_choice(lines)
    return Deck(
        as_of=on,
        plans=len({line.plan.code for line in lines}),
        standings=tuple(_standings(lines)),
        slides=tuple(slide_of(line, on) for line in wanted),
    )


def usual_choice(lines: Sequence[TargetLine]) -> list[TargetLine]:
    """The targets with the most figures, each indicator of a place once, in the plans' order.

    Of a place without any figure its first promise is among them, so that the silence is said. A
    multiple says the same as the total it stands for and is not.
    """
    told = [
        line
        for line in lines
        if line.reading.target.is_read and line.reading.target.measure is not Measure.multiple
    ]
    first: dict[tuple[str, str], TargetLine] = {}
    for line in told:
        if line.known:
            first.setdefault((line.place.code, line.indicator.code), line)
    most = sorted(first.values(), key=lambda line: -len(line.known))
    silent: dict[str, TargetLine] = {}
    for line in told:
        silent.setdefault(line.place.code, line)
    heard = {line.place.code for line in first.values()}
    mute = [line for place, line in silent.items() if place not in heard]
    chosen = {line.id for line in (*most[: max(0, SHORT_DECK - len(mute))], *mute)}
    return [line for line in lines if line.id in chosen]


def slide_of(line: TargetLine, on: date) -> Slide:
    """A target's slide: what the path screen shows, as facts."""
    read = line.reading
    marks = path_marks(read.target, line.known, on)
    is_short = read.at_target is not None and read.gap is not None and read.gap < 0
    return Slide(
        target_id=line.id,
        place=line.place,
        plan=line.plan,
        number=line.number,
        clause=line.clause,
        indicator=line.indicator,
        unit=line.unit,
        units=line.units,
        goal=read.target.value,
        target_year=read.target.target_year,
        status=read.status,
        status_year=read.decided_by.year if read.decided_by else None,
        status_words=read.words,
        sentence=headline(read),
        caveats=caveats(read),
        goal_words=goal_words(read.target),
        gap=abs(read.gap) if is_short and read.gap is not None else None,
        marks=marks,
        silent_years=silent_years(read.target, line.known, on),
        cited=tuple(_cited(line)),
        growth=growth_on(read.target, marks),
    )


def chosen_targets(session: Session) -> tuple[str, ...]:
    """The targets somebody chose for meetings, in their order; empty where nobody did."""
    statement = select(col(MeetingSlide.target_id)).order_by(col(MeetingSlide.position))
    return tuple(session.execute(statement).scalars())


def frozen_lines(session: Session) -> tuple[FrozenLine, ...]:
    """Every frozen meeting, the newest first."""
    statement = _FROZEN.order_by(col(MeetingSnapshot.id).desc())
    return tuple(_frozen_line(row, name) for row, name in session.execute(statement))


def frozen_meeting(session: Session, actor: Actor, number: int) -> Frozen:
    """A frozen meeting opened again, with the digits it was frozen with.

    Raises:
        NotAllowed: for somebody who sees no meetings.
        NotFound: none has that number.
    """
    refuse_without(actor, Permission.see_meeting)
    found = session.execute(_FROZEN.where(col(MeetingSnapshot.id) == number)).one_or_none()
    if found is None:
        raise NotFound(say("没有编号为 {number} 的定稿会议", number=number))
    row, name = found
    return Frozen(
        line=_frozen_line(row, name),
        deck=deck_from(row.content),
        is_whole=sha256_hex(row.content) == row.digest,
        chain_head=row.chain_head,
    )


def content_of(deck: Deck) -> str:
    """A meeting as it is kept: canonical JSON, every figure as plain digits."""
    return canonical_json(_adapter().dump_python(deck, mode="json"))


def digest_of(deck: Deck) -> str:
    """The digest a meeting is frozen under: SHA-256 of what is kept."""
    return sha256_hex(content_of(deck))


def deck_from(content: str) -> Deck:
    """The meeting that `content_of` kept."""
    return _adapter().validate_python(json.loads(content))


# ---------------------------------------------------------------- pieces

_FROZEN = select(MeetingSnapshot, col(Account.display_name)).join(
    Account, col(Account.id) == MeetingSnapshot.taken_by_id
)


@cache
def _adapter() -> TypeAdapter[Deck]:
    return TypeAdapter(Deck)


def _frozen_line(row: MeetingSnapshot, name: str) -> FrozenLine:
    assert row.id is not None
    return FrozenLine(row.id, row.title, row.as_of, row.taken_at_utc, name, row.digest)


def _standings(lines: Sequence[TargetLine]) -> Iterable[Standing]:
    places = dict.fromkeys(line.place for line in lines)
    for place in places:
        yield standing(place, (line.reading.status for line in lines if line.place == place))


def _cited(line: TargetLine) -> Iterable[Cited]:
    for one in line.known:
        source = line.sources[one.id]
        yield Cited(
            one.as_of, one.value, one.kind, one.grade, one.fit,
            source.title, source.url, source.published,
        )  # fmt: skip
