"""Eight sessions at once, end to end, one server process."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence

from sqlalchemy import func, select

from bench.django_client import Admin
from bench.rows.decisions import THREADS, Tried, eight_threads
from bench.servers import django_admin, our_app
from bench.stage import Stage, Waiting
from bench.streamlit_client import RunFailed, Visitor
from bench.timing import Line
from models.database import make_engine, session
from models.rules.claim_workflow import State
from models.tables.claims import Claim

_TURNS = 2
_SECONDS = 4.0
_DECIDING_S = 8.0
_MOST = 1_600
_LIST = "/admin/zone/claim/?state__exact=submitted"


def sessions(stage: Stage) -> list[Line]:
    """Eight people who open the queue and a claim in turn, then eight who decide, over the network
    stack of each.

    Ours over eight websockets to one uvicorn process, the admin over eight kept connections to one
    gunicorn process of eight threads, two turns each, A B A B. A page is the queue or a claim,
    drawn whole. A decision of ours is the claim opened and the button pressed (the run that answers
    draws the next claim); the admin's is the form opened, posted, and the list that follows.
    """
    folder = stage.folder_of("sessions")
    with contextlib.ExitStack() as open_:
        port = open_.enter_context(our_app(folder, stage.ours(stage.large)))
        django = open_.enter_context(django_admin(folder, stage.theirs(stage.large)))
        tokens = stage.tokens[stage.large]
        visitors = [open_.enter_context(Visitor(port, "claims", token=token)) for token in tokens]
        users = [Admin(django, f"admin{number}") for number in range(1, THREADS + 1)]
        shown = stage.open_claims(stage.large, THREADS)
        pages = _alternating(
            [_look(visitor, claim) for visitor, claim in zip(visitors, shown, strict=False)],
            [_browse(user, claim) for user, claim in zip(users, shown, strict=False)],
        )
        ours = eight_threads(
            stage.clean_claims("ours", stage.large, _MOST),
            lambda at: _press(visitors[at]),
            _DECIDING_S,
        )
        theirs = eight_threads(
            stage.clean_claims("theirs", stage.large, _MOST),
            lambda at: _save(users[at]),
            _DECIDING_S,
        )
    return [_pages(*pages), _decided(stage, ours, theirs)]


# ---------------------------------------------------------------- pages


def _look(visitor: Visitor, claim: Waiting) -> Callable[[], None]:
    def two_pages() -> None:
        visitor.visit("claims")
        visitor.visit("claim", f"no={claim.number}")

    return two_pages


def _browse(user: Admin, claim: Waiting) -> Callable[[], None]:
    def two_pages() -> None:
        user.get(_LIST)
        user.get(f"/admin/zone/claim/{claim.id}/change/")

    return two_pages


def _alternating(*sides: Sequence[Callable[[], None]]) -> tuple[float, ...]:
    """Pages a second of each side, in turns."""
    pages = [[0.0, 0.0] for _ in sides]
    for _ in range(_TURNS):
        for counted, side in zip(pages, sides, strict=True):
            began = time.perf_counter()
            counted[0] += _together(side)
            counted[1] += time.perf_counter() - began
    return tuple(max(count, 1) / seconds for count, seconds in pages)


def _together(side: Sequence[Callable[[], None]]) -> int:
    counts = [0] * len(side)
    until = time.perf_counter() + _SECONDS

    def go(at: int) -> None:
        while time.perf_counter() < until:
            side[at]()
            counts[at] += 2

    threads = [threading.Thread(target=go, args=(at,)) for at in range(len(side))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def _pages(ours: float, django: float) -> Line:
    return Line(
        "8 sessions end to end, one process, pages",
        f"{ours:.0f} a second",
        f"Django admin {django:.0f} a second",
        f"{ours / django:.2f} ×",
        "≥ 2 ×",
        ours >= 2 * django,
    )


# ---------------------------------------------------------------- decisions


def _press(visitor: Visitor) -> Callable[[Waiting], None]:
    def decide(claim: Waiting) -> None:
        visitor.visit("claim", f"no={claim.number}")
        visitor.rerun(press=f"decide_{claim.number}")
        if not visitor.says(f"{claim.number} 已"):
            raise RunFailed(f"{claim.number}: no answer seen")

    return decide


def _save(user: Admin) -> Callable[[Waiting], None]:
    def decide(claim: Waiting) -> None:
        user.get(f"/admin/zone/claim/{claim.id}/change/")
        user.decide(claim.id, State.pre_reviewed.value)
        user.get(_LIST)

    return decide


def _decided(stage: Stage, ours: Tried, theirs: Tried) -> Line:
    wrong = len(ours.done) - _recorded(stage, ours.done)
    refused = f"; first refusal {ours.refused[0]}" if ours.refused else ""
    return Line(
        "8 sessions end to end, one process, decisions",
        f"{ours.a_second:.1f} a second",
        f"Django admin {theirs.a_second:.1f} a second",
        f"{ours.a_second / theirs.a_second:.2f} ×" if theirs.done else "",
        "≥ 0.5 ×, none wrong",
        ours.a_second >= 0.5 * theirs.a_second and not wrong and not ours.refused,
        f"{len(ours.done)} decided, {len(ours.refused)} refused, {wrong} wrong{refused}",
    )


def _recorded(stage: Stage, done: Sequence[int]) -> int:
    engine = make_engine(f"sqlite:///{stage.ours(stage.large)}")
    statement = select(func.count()).where(
        Claim.id.in_(done),  # type: ignore[union-attr]
        Claim.state == State.pre_reviewed,
    )
    with session(engine) as current:
        found: int = current.execute(statement).scalar_one()
    engine.dispose()
    return found
