"""Recording decisions: eight threads, SQLite, durable."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, func, select
from sqlmodel import Session

from bench.django_client import Admin
from bench.servers import django_admin
from bench.stage import Stage, Waiting, reviewers
from bench.timing import Line, Spread, ms
from models.actions.steps import Seen, take_step
from models.database import make_engine, session
from models.rules.chain import link_hash
from models.rules.claim_workflow import Action, State
from models.rules.roles import Actor
from models.tables.claims import Claim, ClaimEvent
from models.tables.record import Activity, ChainHead

THREADS = 8
_MOST = 3_200
_SECONDS = 10.0


@dataclass
class Tried:
    """What eight threads came to.

    Attributes:
        seconds: how long they were at it.
        times_ms: each acknowledged decision.
        done: the claims acknowledged.
        refused: what was said instead, in words.
    """

    seconds: float = 0.0
    times_ms: list[float] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def a_second(self) -> float:
        """Acknowledged decisions a second."""
        return len(self.done) / self.seconds


def decisions(stage: Stage) -> list[Line]:
    """The whole action from eight threads of one process, and the admin's saved forms from eight
    connections.

    Ours is `take_step` as the page calls it: lock, permission, facts and fifteen findings
    recomputed and compared with what was seen, amounts, event with its findings, kept counts,
    hash-chained record, one durable commit a decision. Afterwards every acknowledged claim must
    have exactly one such event and state, and the chain must be sound from where it stood. The
    admin, over HTTP (it has no other way in), saves the claim's row and its own log entry, with the
    same pragmas; its forms are posted without being opened first.
    """
    engine = make_engine(f"sqlite:///{stage.ours(stage.large)}")
    people = reviewers(engine)
    claims = stage.clean_claims("ours", stage.large, _MOST)
    head = _head(engine)
    ours = eight_threads(claims, lambda at: _decide_as(engine, people[at]))
    faults = _faults(engine, ours, head)
    engine.dispose()
    django = _django(stage)
    return _lines(ours, django, faults)


def eight_threads(
    claims: Sequence[Waiting],
    decider: Callable[[int], Callable[[Waiting], None]],
    seconds: float = _SECONDS,
) -> Tried:
    """Eight threads, each with its own share of the claims, until the share or the time is used up.

    Args:
        claims: what to decide on.
        decider: makes a thread's way to decide, from its place among the eight.
        seconds: after so long nobody begins another.
    """
    tried = Tried()
    ready = threading.Barrier(THREADS + 1)
    threads = [
        threading.Thread(
            target=_one, args=(tried, claims[at::THREADS], decider(at), ready, seconds)
        )
        for at in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    tried.seconds = time.perf_counter() - began
    return tried


def _one(
    tried: Tried,
    share: Sequence[Waiting],
    decide: Callable[[Waiting], None],
    ready: threading.Barrier,
    seconds: float,
) -> None:
    ready.wait()
    until = time.perf_counter() + seconds
    for claim in share:
        began = time.perf_counter()
        if began > until:
            return
        try:
            decide(claim)
        except Exception as refusal:  # noqa: BLE001 - whatever went wrong is counted and shown
            tried.refused.append(f"{type(refusal).__name__}: {refusal}"[:200])
        else:
            tried.times_ms.append((time.perf_counter() - began) * 1_000)
            tried.done.append(claim.id)


def _decide_as(engine: Engine, actor: Actor) -> Callable[[Waiting], None]:
    def decide(claim: Waiting) -> None:
        seen = Seen(claim.version, claim.digest)
        with session(engine, write=True) as current:
            take_step(current, actor, claim.number, Action.pass_pre_review, seen)

    return decide


# ---------------------------------------------------------------- none lost, none doubled


def _head(engine: Engine) -> tuple[int, str]:
    with session(engine) as current:
        row = current.execute(select(ChainHead.seq, ChainHead.hash)).one()
        return row.seq, row.hash


def _faults(engine: Engine, tried: Tried, head: tuple[int, str]) -> list[str]:
    """What is wrong with what was recorded; nothing, if all is well."""
    faults = []
    with session(engine) as current:
        lost = set(tried.done) - _passed(current, tried.done)
        if lost:
            faults.append(f"{len(lost)} acknowledged and not recorded once")
        links = _new_links(current, head[0])
        if len(links) != len(tried.done):
            faults.append(f"{len(links)} links for {len(tried.done)} decisions")
        previous = head[1]
        for link in links:
            if link["previous_hash"] != previous or link_hash(link) != link["hash"]:
                faults.append(f"link {link['seq']} is broken")
                break
            previous = link["hash"]
    return faults


def _passed(current: Session, done: Sequence[int]) -> set[int]:
    """The claims with exactly one pass among their events, in the state and version it led to."""
    passed: set[int] = set()
    for at in range(0, len(done), 500):
        statement = (
            select(Claim.id)
            .join(ClaimEvent, ClaimEvent.claim_id == Claim.id)  # type: ignore[arg-type]
            .where(
                Claim.id.in_(done[at : at + 500]),  # type: ignore[union-attr]
                Claim.state == State.pre_reviewed,
                ClaimEvent.action == Action.pass_pre_review,
            )
            .group_by(Claim.id, Claim.version)
            .having(func.count() == 1, func.max(ClaimEvent.version) == Claim.version)
        )
        passed |= set(current.execute(statement).scalars())
    return passed


def _new_links(current: Session, after: int) -> list[dict[str, Any]]:
    table = Activity.__table__  # type: ignore[attr-defined]
    statement = select(table).where(table.c.seq > after).order_by(table.c.seq)
    return [dict(row) for row in current.execute(statement).mappings()]


# ---------------------------------------------------------------- the peer, and the lines


def _django(stage: Stage) -> Tried:
    claims = stage.clean_claims("theirs", stage.large, _MOST)
    with django_admin(stage.folder_of("decisions"), stage.theirs(stage.large)) as port:
        users = [Admin(port, f"admin{number}") for number in range(1, THREADS + 1)]

        def decider(at: int) -> Callable[[Waiting], None]:
            return lambda claim: users[at].decide(claim.id, State.pre_reviewed.value)

        return eight_threads(claims, decider)


def _lines(ours: Tried, django: Tried, faults: list[str]) -> list[Line]:
    if not ours.done:
        return [Line("record a decision, 8 threads", "none", "", "", "", False, ours.refused[0])]
    times = Spread(tuple(ours.times_ms))
    wrong = "; ".join(faults) or "none"
    refused = f": {ours.refused[0]}" if ours.refused else ""
    return [
        Line("record a decision, 8 threads, SQLite, durable", f"{ours.a_second:,.0f} a second",
             f"Django admin {django.a_second:,.0f} a second", f"{ours.a_second / django.a_second:.1f} ×",
             "≥ 200 a second", ours.a_second >= 200,
             f"{len(ours.done):,} decisions, median {ms(times.median)}"),
        Line("record a decision, 99 of 100 within", ms(times.part(99)),
             f"Django admin {ms(Spread(tuple(django.times_ms)).part(99))}", "", "≤ 100 ms",
             times.part(99) <= 100),
        Line("record a decision, the longest", ms(times.most),
             f"Django admin {ms(max(django.times_ms))}", "", "≤ 500 ms", times.most <= 500),
        Line("record a decision, refused; lost, doubled or unchained", f"{len(ours.refused)}; {wrong}", "", "",
             "0; none", not ours.refused and not faults, refused.strip(": ")),
    ]  # fmt: skip
