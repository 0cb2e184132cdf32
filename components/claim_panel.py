"""The claim's screen around its pieces: next and previous, taking, and what a missing claim
says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import streamlit as st

from components.attempt import attempt, found_within, quietly, when_clicked
from components.filters import asked
from components.formats import plain
from components.kept_list import kept_list
from components.language import _, words
from components.look import title_row
from components.shell import is_part_of_a_page
from components.site import page_at
from models.actions.leases import free_claim, leave_claim, renew_claim, take_claim
from models.actions.safe_set import open_drawn_claim
from models.actions.steps import Seen, take_step
from models.clock import now_utc
from models.queries.claim_card import ClaimCard, Lease, claim_card
from models.queries.claims import WALKED_ROWS, Pile, queue_numbers
from models.queries.paging import ROWS_A_PAGE
from models.rules.claim_workflow import HOLDER, STEP_OF, Action
from models.rules.roles import Actor, Office, Role
from models.rules.wording import say

BEATS = 6
"""How often an open page renews a lease while the idle time passes: every 5 of 30 minutes."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a claim lies in the list it was opened from.

    Attributes:
        position: from 1; 0 outside the list.
        length: of the list, as far as it was looked along.
        previous, next: numbers of claims.
    """

    position: int
    length: int
    previous: str | None
    next: str | None


def number_asked() -> str:
    """The claim's number in the address."""
    return asked("no")


def way_through(numbers: Sequence[str], number: str, after: int = 0) -> Way:
    """Previous and next of a claim in its list; a claim outside it goes on with the list's first.

    Args:
        numbers: a stretch of the list.
        number: the claim.
        after: how many of the list lie before the stretch.
    """
    if number not in numbers:
        return Way(0, len(numbers), None, next(iter(numbers), None))
    at = numbers.index(number)
    following = [*numbers[at + 1 :], *numbers[:at]]
    return Way(
        after + at + 1,
        after + len(numbers),
        numbers[at - 1] if at else None,
        next(iter(following), None),
    )


def way_of(current: Any, actor: Actor, number: str) -> Way:
    """The way along the list the visitor came from, with its filters, month and order; of my turn
    only what is mine to decide."""
    kept = kept_list(actor)
    question = replace(kept.question, is_mine_to_decide=kept.question.pile is Pile.turn)
    after = max(0, (kept.page - 1) * ROWS_A_PAGE - WALKED_ROWS // 4)
    numbers = queue_numbers(current, actor, question, order=kept.order, after=after, beside=number)
    return way_through(numbers, number, after)


def draw_way(card: ClaimCard, way: Way) -> None:
    """Taking, then next and previous with their keys, the claim's place between them."""
    _draw_taking(card)
    st.button(
        _("上一件"), key="previous", type="tertiary", icon=":material/chevron_left:", shortcut="K",
        disabled=way.previous is None, on_click=_go, args=(way.previous,),
    )  # fmt: skip
    if way.position:
        st.markdown(f":gray[{way.position} / {way.length}]", width="content")
    st.button(
        _("下一件"), key="next", type="tertiary", icon=":material/chevron_right:",
        icon_position="right", shortcut="J",
        disabled=way.next is None, on_click=_go, args=(way.next,),
    )  # fmt: skip


def _draw_taking(card: ClaimCard) -> None:
    """Take a claim for long work, or give it back."""
    number = card.claim.number
    if card.lease is not None and card.lease.is_mine:
        st.button(
            _("放回队列"), key="leave", type="tertiary", icon=":material/undo:",
            on_click=when_clicked(
                leave_claim, number, done=say("{number} 已放回队列", number=number)
            ),
        )  # fmt: skip
    elif card.lease is None and _may_take(card):
        st.button(
            _("接手"), key="take", type="tertiary", icon=":material/front_hand:",
            on_click=when_clicked(
                take_claim, number, done=say("{number} 已由您接手", number=number)
            ),
        )  # fmt: skip


def draw_freeing(card: ClaimCard, actor: Actor) -> None:
    """The lead takes a claim back from a colleague's hands before the time is over, with a
    reason."""
    is_taken = card.lease is not None and not card.lease.is_mine
    if not is_taken or Role.alliance_lead not in actor.roles:
        return
    number = card.claim.number
    with st.popover(_("收回他人接手的申请"), type="tertiary", icon=":material/lock_open:"):
        reason = st.text_area(_("说明"), key=f"free_{number}", max_chars=2000)
        st.button(
            _("收回并放回队列"),
            key=f"free_now_{number}",
            disabled=not reason.strip(),
            on_click=when_clicked(
                free_claim, number, reason, done=say("{number} 已放回队列", number=number)
            ),
        )


def keep_lease(card: ClaimCard) -> None:
    """A claim I have taken stays mine while its page is open: the page renews it now and then.

    Whoever has not taken the claim gets no beat, and no run of the script for it.
    """
    if card.lease is not None and card.lease.is_mine:
        every = timedelta(minutes=card.lease.idle_minutes) / BEATS
        st.fragment(_renew, run_every=every)(card.claim.number, card.lease)


def _renew(number: str, lease: Lease) -> None:
    """At each beat, which runs without the page; in the page's own run only when half the time is
    over. The action decides whether it is still mine."""
    is_beat = is_part_of_a_page()
    if is_beat or lease.until_utc - now_utc() < timedelta(minutes=lease.idle_minutes) / 2:
        quietly(renew_claim, number)


def note_opening(card: ClaimCard) -> None:
    """A drawn claim opened by who may pass it: noted once, so that the draw is seen to be
    honoured."""
    key = f"opened_{card.claim.number}"
    if card.is_drawn and card.may(Action.pass_pre_review) and key not in st.session_state:
        st.session_state[key] = attempt(open_drawn_claim, card.claim.number).is_done


def draw_recall(card: ClaimCard) -> None:
    """The lead asks the office that holds a claim to give it back; that office must answer."""
    for action in (Action.request_recall, Action.answer_recall):
        if card.may(action):
            with st.popover(_recall_label(action), type="tertiary"):
                _draw_recall_fields(card, action)


def claim_or_stop(  # noqa: RET503 - st.stop ends the run
    current: Any, actor: Actor, number: str
) -> ClaimCard:
    """The claim; or a sentence, the way back, and nothing else."""
    card = found_within(current, claim_card, actor, number) if number else None
    if card is not None:
        return card
    title_row(_("没有这件申请") if number else _("没有指明申请号"))
    st.markdown(
        _("没有编号为“{number}”的申请，或它不在您的可见范围内。").format(number=plain(number))
        if number
        else _("请从“补贴申请”中打开一件申请。")
    )
    st.page_link(page_at("/claims").script, label=_("返回补贴申请"), icon=":material/arrow_back:")
    st.stop()


def _may_take(card: ClaimCard) -> bool:
    office = HOLDER.get(card.claim.held_from or card.claim.state)
    deciding = {Action.hold, Action.release}
    return office not in (None, Office.filing) and any(s.action in deciding for s in card.steps)


def _recall_label(action: Action) -> str:
    return words(STEP_OF[action].name)


def _draw_recall_fields(card: ClaimCard, action: Action) -> None:
    number = card.claim.number
    note = st.text_area(_("说明"), key=f"recall_note_{number}", max_chars=2000)
    st.button(
        _recall_label(action),
        key=f"recall_{number}",
        type="primary",
        disabled=not note.strip(),
        on_click=when_clicked(
            take_step,
            number,
            action,
            Seen(card.claim.version, card.digest),
            reasons=("R99",),
            note=note,
            done=say("{number} 已记录：{what}", number=number, what=STEP_OF[action].name),
        ),
    )


def _go(number: str | None) -> None:
    if number:
        st.query_params["no"] = number
