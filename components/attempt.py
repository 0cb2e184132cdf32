"""One action in one transaction, and what came of it in words: the only catcher of refusals.

As a callback (`on_click=when_clicked(action, ...)`) the answer stands under the title of the run
that follows. Called in the page's own text it stands there at once; `keep(outcome)` before
`st.rerun()` or `st.switch_page()` carries it over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import streamlit as st

from components.auth import session_token
from components.formats import plain
from components.language import words
from components.this_run import this_run
from models.clock import today
from models.database import session
from models.queries.sign_in import signed_in
from models.rules.errors import NotAllowed, Refusal
from models.rules.roles import Actor
from models.rules.wording import Wording, say

ANSWER = "answer_line"
"""The line's key: it stays in sight however far somebody has scrolled (`look`)."""

_SAID = "attempt_said"

Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome:
    """What came of an action: its result, or the refusal.

    Attributes:
        result: what the action returned; `None` when refused.
        refusal: why it could not be done; `None` when it was done.
        done: the sentence that says it was done.
    """

    result: Any = None
    refusal: Refusal | None = None
    done: Wording | None = None

    @property
    def is_done(self) -> bool:
        """Whether the action went through."""
        return self.refusal is None


def attempt(
    action: Callable[..., Any],
    /,
    *args: Any,
    done: Wording | Callable[[Any], Wording] | None = None,
    where: Any = None,
    **kwargs: Any,
) -> Outcome:
    """Run `action(session, actor, *args, **kwargs)` in one writing transaction.

    Who acts is read again inside that transaction: a revoked role refuses even a callback.

    Args:
        action: the verb, from `models.actions`.
        done: the sentence to say when it went through, or a function of the result giving it.
        where: the place to say a refusal (a dialog); under the title when left out.

    Returns:
        The outcome; a refusal has already been said.
    """
    outcome = quietly(action, *args, **kwargs)
    if outcome.is_done:
        outcome = replace(outcome, done=done(outcome.result) if callable(done) else done)
    _say(outcome, where)
    return outcome


def quietly(action: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Outcome:
    """`attempt` for what the page does by itself, such as a renewal: nobody asked, so nobody is
    told."""
    try:
        with session(write=True) as current:
            return Outcome(action(current, _who_acts_now(current), *args, **kwargs))
    except Refusal as refusal:
        return Outcome(refusal=refusal)


def unsigned(action: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Outcome:
    """Run `action(session, *args, **kwargs)` for somebody without an account, who holds a link.

    Returns:
        The outcome; the page that asked says a refusal itself.
    """
    try:
        with session(write=True) as current:
            return Outcome(action(current, *args, **kwargs))
    except Refusal as refusal:
        return Outcome(refusal=refusal)


def found(query: Callable[..., Result], /, *args: Any) -> Result | None:
    """What `query(session, *args)` finds in one reading transaction; `None` where it refuses to.

    For what an address names: what does not exist and what may not be seen look the same.
    """
    with session() as current:
        return found_within(current, query, *args)


def found_within(current: Any, query: Callable[..., Result], /, *args: Any) -> Result | None:
    """`found` in a transaction that is open already: a page that shows much reads it at once."""
    try:
        return query(current, *args)
    except Refusal:
        return None


def when_clicked(
    action: Callable[..., Any],
    /,
    *args: Any,
    done: Wording | Callable[[Any], Wording] | None = None,
    **kwargs: Any,
) -> Callable[[], None]:
    """`attempt` as a callback, for `on_click` and `on_change`."""

    def clicked() -> None:
        attempt(action, *args, done=done, **kwargs)

    return clicked


def keep(outcome: Outcome) -> None:
    """Let the outcome's sentence stand under the title of the run that follows."""
    st.session_state[_SAID] = outcome


def say_kept_outcome() -> None:
    """Under the title: what the last action came to. `look.title_row` calls it on every page."""
    with st.container(key=ANSWER):
        this_run.answer_line = st.empty()
    outcome = st.session_state.pop(_SAID, None)
    if outcome is not None:
        _draw(outcome, this_run.answer_line)


def _who_acts_now(current: Any) -> Actor:
    visitor = signed_in(current, session_token(), today())
    if visitor is None:
        raise NotAllowed(say("您的登录已结束，本次操作没有执行；请重新登录"))
    return visitor.actor


def _say(outcome: Outcome, where: Any) -> None:
    place = where if where is not None and not outcome.is_done else this_run.answer_line
    if place is None:
        keep(outcome)
    else:
        _draw(outcome, place)


def _draw(outcome: Outcome, place: Any) -> None:
    if outcome.refusal is not None:
        place.error(plain(words(outcome.refusal.wording)), icon=":material/block:")
    elif outcome.done is not None:
        place.markdown(f":green[:material/check: {plain(words(outcome.done))}]")
