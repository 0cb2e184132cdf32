"""Meetings (会议材料): which targets are shown, and freezing what they say."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from models.actions.record import anchor, hold_head, record
from models.clock import now_utc, today
from models.queries.meetings import chosen_targets, content_of, digest_of, frozen_lines, live_deck
from models.queries.visibility import refuse_without
from models.rules.errors import AlreadyDone, NotAvailable, NotFound
from models.rules.free_text import kept_text
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.meetings import MeetingSlide, MeetingSnapshot
from models.tables.targets import Target

LONGEST_TITLE = 80


def choose_slides(session: Session, actor: Actor, target_ids: Sequence[str]) -> int:
    """Choose the targets shown in meetings, in this order; none: the usual ones again.

    Args:
        session: the writing transaction.
        actor: the alliance or a leader.
        target_ids: the targets; one named twice is shown once.

    Returns:
        How many slides were chosen.

    Raises:
        NotAllowed: somebody else.
        NotFound: no target has one of these numbers.
        AlreadyDone: they are shown in this order already.
    """
    refuse_without(actor, Permission.keep_meeting)
    wanted = list(dict.fromkeys(target_ids))
    known = set(session.execute(select(col(Target.id)).where(col(Target.id).in_(wanted))).scalars())
    for one in wanted:
        if one not in known:
            raise NotFound(say("没有编号为 {number} 的目标", number=one))
    hold_head(session)
    before = chosen_targets(session)
    if list(before) == wanted:
        raise AlreadyDone(say("会议材料已经是这些目标，没有改动"))
    session.execute(delete(MeetingSlide))
    if wanted:
        session.execute(
            insert(MeetingSlide),
            [
                {
                    "target_id": one, "position": at,
                    "added_by_id": actor.account_id, "added_at_utc": now_utc(),
                }
                for at, one in enumerate(wanted, start=1)
            ],
        )  # fmt: skip
    record(session, actor, "choose_slides", "meeting:slides",
           {"targets": list(before)}, {"targets": wanted})  # fmt: skip
    return len(wanted)


def add_slide(session: Session, actor: Actor, target_id: str) -> int:
    """Show one more target in meetings, after those shown now (加入会议材料).

    Args:
        session: the writing transaction.
        actor: the alliance or a leader.
        target_id: the target.

    Returns:
        How many slides there are now.

    Raises:
        NotAllowed: somebody else.
        NotFound: no target has this number.
        AlreadyDone: it is shown already.
    """
    refuse_without(actor, Permission.keep_meeting)
    hold_head(session)
    shown = [slide.target_id for slide in live_deck(session, today()).slides]
    if target_id in shown:
        raise AlreadyDone(say("这项目标已在会议材料中"))
    return choose_slides(session, actor, [*shown, target_id])


def freeze_meeting(session: Session, actor: Actor, title: str, seen_digest: str) -> int:
    """Keep everything the slides of today say, under its digest (定稿); the record's head is
    anchored.

    Args:
        session: the writing transaction.
        actor: the alliance or a leader.
        title: what the meeting is called.
        seen_digest: of the deck that was on screen: what is kept is what was seen.

    Returns:
        The number of the frozen meeting.

    Raises:
        NotAllowed: somebody else.
        TextRefused: a title that is too long.
        NotAvailable: a figure, a target or the day changed since the deck was drawn.
        AlreadyDone: the same deck is kept already.
    """
    refuse_without(actor, Permission.keep_meeting)
    called = kept_text(title, LONGEST_TITLE)
    hold_head(session)
    deck = live_deck(session, today())
    digest = digest_of(deck)
    if digest != seen_digest:
        raise NotAvailable(
            say("会议材料在您打开后变了（实绩、所选目标或日期）；请看过现在的各页，再定稿")
        )
    if same := next((line for line in frozen_lines(session) if line.digest == digest), None):
        raise AlreadyDone(say("同样的内容已由 {name} 定稿（第 {number} 号），没有再存一份",
                              name=same.taken_by, number=same.id))  # fmt: skip
    subject = f"meeting:{digest[:12]}"
    kept = {"as_of": deck.as_of.isoformat(), "slides": len(deck.slides), "digest": digest}
    record(session, actor, "freeze_meeting", subject, None, kept)
    snapshot = MeetingSnapshot(
        title=called,
        as_of=deck.as_of,
        taken_at_utc=now_utc(),
        taken_by_id=actor.account_id,
        content=content_of(deck),
        digest=digest,
        chain_head=anchor(session, subject),
    )
    session.add(snapshot)
    session.flush()
    assert snapshot.id is not None
    return snapshot.id
