"""People who act at the same moment: in threads of one process, or in processes of their own."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import Engine, event, text

from models.actions.steps import Seen, take_step
from models.clock import standing_at
from models.database import make_engine, session
from models.queries.claim_card import claim_card
from models.rules.claim_workflow import Action
from models.rules.errors import Refusal
from models.rules.roles import Actor
from tests.world import NOON

PATIENCE = 60
"""Seconds after which waiting is a deadlock."""
WRITERS = 8

SPAWN = get_context("spawn")


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """Let everybody start at the same moment, each in a thread; what each got, refusals included."""
    start, came_to = threading.Barrier(len(doings)), [None] * len(doings)

    def run(place: int, doing: Callable[[], Any]) -> None:
        start.wait()
        try:
            came_to[place] = doing()
        except Exception as error:  # noqa: BLE001 - whatever it was, the test looks at it
            came_to[place] = error  # type: ignore[call-overload]

    threads = [
        threading.Thread(target=copy_context().run, args=(run, place, doing), daemon=True)
        for place, doing in enumerate(doings)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "they wait for each other"
    return came_to


def crossed(engine: Engine, slow: Callable[[], Any], quick: Callable[[], Any]) -> list[Any]:
    """Two transactions of which the first has its rows and the second waits for one of them, and
    only then does the first go on to the record's head: whoever takes the head too early makes a
    ring.

    On PostgreSQL it happens just so; on SQLite writers take turns, and both only start at once.

    Returns:
        What each came to, `slow` first.
    """
    if engine.dialect.name == "sqlite":
        return at_once(slow, quick)
    holds, mine = threading.Event(), threading.local()

    def stop(_: object, __: object, statement: str, *___: object) -> None:
        if getattr(mine, "is_slow", False) and "FROM chain_head" in statement:
            mine.is_slow = False
            holds.set()
            _until_somebody_waits(engine)

    def first() -> Any:
        mine.is_slow = True
        return slow()

    def second() -> Any:
        assert holds.wait(PATIENCE)
        return quick()

    event.listen(engine, "before_cursor_execute", stop)
    try:
        return at_once(first, second)
    finally:
        event.remove(engine, "before_cursor_execute", stop)


def decide(url: str, actor: Actor, number: str, action: Action, seen: Seen, begin_at: float) -> Any:
    """One decision in a process of its own, at an agreed moment."""
    engine = make_engine(url)
    try:
        with standing_at(NOON):
            time.sleep(max(0.0, begin_at - time.monotonic()))
            with session(engine, write=True) as current:
                return take_step(current, actor, number, action, seen).version
    except Refusal as refusal:
        return type(refusal).__name__, str(refusal)
    finally:
        engine.dispose()


def write_until_killed(
    url: str, actors: Sequence[Actor], numbers: Sequence[str], told: Connection
) -> None:
    """Eight writers pass and undo, and say so only once the transaction is through."""
    engine, say = make_engine(url), threading.Lock()

    def write(place: int) -> None:
        actor = actors[place % len(actors)]
        with standing_at(NOON):
            while True:
                for number in numbers[place::WRITERS]:
                    for action in (Action.pass_pre_review, Action.undo_pre_review):
                        version = _step(engine, actor, number, action)
                        with say:
                            told.send((number, version))

    threads = [threading.Thread(target=write, args=(place,)) for place in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def kill_writers(
    url: str, actors: Sequence[Actor], numbers: Sequence[str], after: int
) -> dict[str, int]:
    """Start the writers, kill their process -9 after so many acknowledged writes; the last version of each."""
    heard, told = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(
        target=write_until_killed, args=(url, actors, numbers, told), daemon=True
    )
    process.start()
    told.close()
    acknowledged: dict[str, int] = {}
    heard_of = 0
    try:
        while heard.poll(PATIENCE):
            number, version = heard.recv()
            acknowledged[number] = max(version, acknowledged.get(number, 0))
            heard_of += 1
            if heard_of == after:
                assert process.pid is not None
                os.kill(process.pid, signal.SIGKILL)
    except EOFError:
        pass
    process.join(PATIENCE)
    assert process.exitcode == -signal.SIGKILL
    assert heard_of >= after
    return acknowledged


_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def _until_somebody_waits(engine: Engine) -> None:
    until = time.monotonic() + PATIENCE / 3
    while time.monotonic() < until:
        with engine.connect() as current:
            if current.execute(_WAITING).scalar():
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits for what the slow one holds")


def _step(engine: Any, actor: Actor, number: str, action: Action) -> int:
    with session(engine) as current:
        card = claim_card(current, actor, number)
        seen = Seen(card.claim.version, card.digest)
    with session(engine, write=True) as current:
        return take_step(current, actor, number, action, replace(seen)).version
