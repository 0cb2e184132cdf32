"""Verifying the record (核验): the chain, its head, its anchors, and everything the chain vouches
for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.vouching import vouched_claims, vouched_meetings, vouched_months, vouched_totals
from models.queries.vouching_admissions import vouched_admissions
from models.queries.vouching_agreements import vouched_agreements
from models.queries.vouching_conduct import vouched_complaints, vouched_trainings
from models.queries.vouching_payments import vouched_lists, vouched_orders
from models.queries.vouching_plans import vouched_plans
from models.queries.vouching_ratings import vouched_ratings
from models.queries.vouching_registers import Unrecorded, vouched_registers
from models.rules.chain import GENESIS, link_hash
from models.rules.wording import Wording, say
from models.tables.record import Activity, Anchor, ChainHead

_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found.

    Attributes:
        is_sound: nothing was altered, cut or forged, as far as the record can tell.
        rows: links of the chain that were walked.
        claims: claims compared with their events.
        head: the chain's head hash.
        first_broken: the first thing that is wrong, in words; `None` when sound.
        anchors: how many anchors were compared.
        uncovered_from_seq: the first link no anchor covers yet; `None` if all are covered.
        unrecorded: register rows of which the record holds no value, so that it cannot vouch for
            them: above all what came by import.
    """

    is_sound: bool
    rows: int
    claims: int
    head: str
    first_broken: Wording | None
    anchors: int
    uncovered_from_seq: int | None
    unrecorded: tuple[Unrecorded, ...] = ()


Progress: TypeAlias = Callable[[Wording, int, int], object]
"""Told what is being compared, how much is done, and of how much."""


def _silent(_what: Wording, _done: int, _of: int) -> None:
    """Nobody watches."""


def verify(session: Session, progress: Progress = _silent) -> Verification:
    """Walk the whole record and compare everything it vouches for.

    Args:
        session: a reading transaction: one snapshot.
        progress: told how far it is.

    Returns:
        The first broken row named (altered, missing, cut tail, forged state), or that all is sound.
    """
    rows, head, broken = _walk(session, progress)
    anchors = list(session.execute(select(Anchor).order_by(col(Anchor.seq))).scalars())
    broken = broken or _head_fault(session.get(ChainHead, 1), rows, head)
    broken = broken or _anchor_fault(session, anchors)
    claims = 0
    unrecorded: tuple[Unrecorded, ...] = ()
    if broken is None:
        claims, broken = vouched_claims(session, partial(progress, say("申请与办理记录")))
    if broken is None:
        progress(say("月度统一申请、定稿会议、预算和名录"), 0, 1)
        broken = (
            vouched_months(session)
            or vouched_meetings(session)
            or vouched_totals(session)
            or vouched_orders(session)
            or vouched_lists(session)
            or vouched_plans(session)
            or vouched_agreements(session)
            or vouched_complaints(session)
            or vouched_trainings(session)
            or vouched_admissions(session)
            or vouched_ratings(session)
        )
    if broken is None:
        unrecorded, broken = vouched_registers(session)
    covered = max((anchor.seq for anchor in anchors), default=0)
    uncovered = covered + 1 if covered < rows else None
    return Verification(
        broken is None, rows, claims, head, broken, len(anchors), uncovered, unrecorded
    )


def _walk(session: Session, progress: Progress) -> tuple[int, str, Wording | None]:
    """The chain from its first link: how far it is sound, the last hash, and the first fault."""
    walked, previous = 0, GENESIS
    kept = session.get(ChainHead, 1)
    for row in _links(session):
        if walked % _PAGE == 0:
            progress(say("操作记录的首尾相接"), walked, max(walked, kept.seq if kept else 0, 1))
        if row["seq"] != walked + 1:
            return walked, previous, say("第 {seq} 条操作记录缺失", seq=walked + 1)
        if row["previous_hash"] != previous or link_hash(row) != row["hash"]:
            return walked, previous, say(
                "第 {seq} 条操作记录被改动（{verb}，{subject}）",
                seq=row["seq"], verb=row["verb"], subject=row["subject"],
            )  # fmt: skip
        walked, previous = row["seq"], row["hash"]
    return walked, previous, None


def _links(session: Session) -> Iterator[dict[str, Any]]:
    after = 0
    columns = Activity.__table__.columns  # type: ignore[attr-defined]
    while True:
        statement = (
            select(*columns)
            .where(col(Activity.seq) > after)
            .order_by(col(Activity.seq))
            .limit(_PAGE)
        )
        page = session.execute(statement).mappings().all()
        for row in page:
            yield dict(row)
        if len(page) < _PAGE:
            return
        after = page[-1]["seq"]


def _head_fault(head: ChainHead | None, rows: int, last: str) -> Wording | None:
    kept = (head.seq, head.hash) if head else (0, GENESIS)
    if kept == (rows, last):
        return None
    return say(
        "操作记录的末尾被截断：链头为第 {kept} 条，只找到 {rows} 条", kept=kept[0], rows=rows
    )


def _anchor_fault(session: Session, anchors: Iterable[Anchor]) -> Wording | None:
    for anchor in anchors:
        found = session.get(Activity, anchor.seq)
        if anchor.seq and (found is None or found.hash != anchor.hash):
            return say(
                "“{occasion}”的存证与第 {seq} 条操作记录不符",
                occasion=anchor.occasion,
                seq=anchor.seq,
            )
    return None
