"""The list a claim was opened from: its next and previous walk along it, and it can be gone back
to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from components.filters import ORDER, asked
from components.language import _
from components.site import page_at
from models.clock import today
from models.queries.claims import Pile, QueueQuestion, QueueRow, offices_of
from models.queries.paging import Page
from models.rules.months import YearMonth
from models.rules.roles import Actor

_LIST = "claims_list"


@dataclass(frozen=True, slots=True)
class KeptList:
    """The list a claim was opened from: what it asked, and its own address."""

    question: QueueQuestion
    order: str
    page: int
    address: Mapping[str, str]


def keep_list(question: QueueQuestion, page: Page[QueueRow]) -> None:
    """Remember the list that is open: a claim's next and previous walk along it, and it can be gone
    back to."""
    address = {**st.query_params.to_dict(), "pile": question.pile.value}
    st.session_state[_LIST] = KeptList(question, asked(ORDER), page.number, address)


def come_back() -> None:
    """After the browser's "back" from a claim: the list as it was.

    Streamlit then leaves the claim's query in the list's address; nothing else does.
    """
    kept: KeptList | None = st.session_state.get(_LIST)
    if asked("no"):
        st.query_params.from_dict(kept.address if kept is not None else {})


def kept_list(actor: Actor) -> KeptList:
    """The list the visitor came from; for who came straight here my turn, or everything for who has
    no office."""
    pile = Pile.turn if offices_of(actor) else Pile.all
    plain = KeptList(QueueQuestion(pile, this_month()), "", 1, {"pile": pile.value})
    kept: KeptList = st.session_state.get(_LIST, plain)
    return kept


def back_to_list() -> None:
    """The link back to the list as it was: pile, month, filters, order and page."""
    kept: KeptList | None = st.session_state.get(_LIST)
    st.page_link(
        page_at("/claims").script,
        label=_("返回列表"),
        icon=":material/arrow_back:",
        query_params=dict(kept.address) if kept is not None else None,
        width="content",
    )


def this_month() -> str:
    """The month of today, `2026-11`."""
    return str(YearMonth.containing(today()))
