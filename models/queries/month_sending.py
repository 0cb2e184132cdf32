"""Before and after a month is sent (月度统一申请): its list on screen, its checks, and what the lead
confirms when she sends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.clock import now_utc
from models.queries.month import MonthRow, table_lines, waits_for_sending
from models.queries.own_turn import Hindrance, hindrance
from models.queries.paging import Count, Page, PageRequest, page_of
from models.rules.claim_workflow import State
from models.rules.digest import facts_digest
from models.rules.entitlement import Purpose
from models.rules.money import yuan
from models.rules.roles import OFFICE_NAMES, Actor, Office
from models.rules.wording import Wording, say
from models.tables.claims import (
    Batch,
    BatchRow,
    Claim,
    ClaimEvent,
    ClaimMoney,
    ClaimTally,
)
from models.tables.money import BudgetLine
from models.tables.people import Account

NAMED_CHANGES = 6


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the month's list: its line, and how the claim stands now.

    Attributes:
        line: as it would be frozen, or was.
        state: of the claim, now.
        met, not_met, unknown, warning: its findings in short, as last computed.
        taken_by: the colleague who has taken it; empty: nobody, or the one who asks.
        is_barred: the one who asks may not send it.
    """

    line: MonthRow
    state: State
    met: int
    not_met: int
    unknown: int
    warning: int
    taken_by: str = ""
    is_barred: bool = False


@dataclass(frozen=True, slots=True)
class LineRoom:
    """What a budget line has left, and what the month's rows would take from it, rewards
    included."""

    code: str
    room_fen: int
    needed_fen: int

    @property
    def is_enough(self) -> bool:
        """Whether there is room for all of it."""
        return self.needed_fen <= self.room_fen


@dataclass(frozen=True, slots=True)
class MonthChecks:
    """What to look at before a month is sent; rows the sender may not send are counted apart.

    Attributes:
        rows, total_fen, reward_fen: what she may send: subsidies, and the rewards they trigger.
        exceptions: rows with a condition that is not simply met.
        earlier: rows of earlier months, carried over (结转).
        taken: rows a colleague has taken.
        barred: rows that wait for the next sender: she decided them herself, or a tie forbids.
        rooms: the budget lines they draw on.
    """

    rows: int
    total_fen: int
    reward_fen: int
    exceptions: int
    earlier: int
    taken: int
    barred: int
    rooms: tuple[LineRoom, ...]


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """What the lead had on screen (发送前所见): every row she may send by its digest, and their
    sum."""

    rows: Mapping[str, str]
    total_fen: int


@dataclass(frozen=True, slots=True)
class SheetChange:
    """What changed on a sheet since it was seen, the newest change's author and instant."""

    wording: Wording
    changed_by: Wording | str
    changed_at_utc: datetime


# ---------------------------------------------------------------- the list


def sheet_page(session: Session, actor: Actor, month: str, request: PageRequest) -> Page[SheetRow]:
    """One page of what waits for the month's sending, in the order of the table."""
    statement = (
        table_lines()
        .add_columns(
            *_STANDING, _taken(actor).label("is_taken"), _TAKER, barred(actor).label("is_barred")
        )
        .outerjoin(_taker, col(_taker.id) == Claim.lease_account_id)
        .where(*waits_for_sending(month))
    )
    return page_of(session, statement, request, _waiting_row, count=_kept_count(session, month))


def sent_page(session: Session, month: str, request: PageRequest) -> Page[SheetRow]:
    """One page of the frozen lines of a sent month, each with how its claim stands now."""
    statement = (
        select(BatchRow.line, *_STANDING)
        .join(Batch, col(Batch.id) == BatchRow.batch_id)
        .join(Claim, col(Claim.id) == BatchRow.claim_id)
        .where(col(Batch.month) == month)
        .order_by(col(BatchRow.position))
    )
    rows = select(Batch.rows).where(col(Batch.month) == month)
    count = Count(session.execute(rows).scalar_one_or_none() or 0)
    return page_of(session, statement, request, _sent_row, count=count)


def month_checks(session: Session, actor: Actor, month: str) -> MonthChecks:
    """What to look at before the actor sends a month."""
    subsidy, reward = aliased(ClaimMoney), aliased(ClaimMoney)
    is_barred, waiting = barred(actor), waits_for_sending(month)
    may_send = [*waiting, ~is_barred]

    def of(condition: Any) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    found = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(subsidy.approved_fen), 0),
            func.coalesce(func.sum(reward.approved_fen), 0),
            of(_HAS_EXCEPTIONS),
            of(col(Claim.filed_month) < month),
            of(_taken(actor)),
        )
        .select_from(Claim)
        .join(subsidy, _money_of(subsidy, Purpose.subsidy))
        .outerjoin(reward, _money_of(reward, Purpose.reward))
        .where(*may_send)
    ).one()
    barred_rows = select(func.count()).select_from(Claim).where(*waiting, is_barred)
    rows, total_fen, reward_fen, exceptions, earlier, taken = (int(figure) for figure in found)
    return MonthChecks(
        rows=rows,
        total_fen=total_fen,
        reward_fen=reward_fen,
        exceptions=exceptions,
        earlier=earlier,
        taken=taken,
        barred=int(session.execute(barred_rows).scalar_one()),
        rooms=_rooms(session, may_send),
    )


# ---------------------------------------------------------------- what is confirmed


def sheet_seen(session: Session, actor: Actor, month: str) -> SheetSeen:
    """What the actor would send now, as `send_month` asks for it."""
    statement = table_lines().where(*waits_for_sending(month), ~barred(actor))
    lines = [MonthRow.of(row._asdict()) for row in session.execute(statement)]
    digests = {line.number: facts_digest(line.as_json()) for line in lines}
    return SheetSeen(digests, sum(line.subsidy_fen for line in lines))


def sheet_change(session: Session, seen: SheetSeen, now: SheetSeen) -> SheetChange:
    """What came in, left or changed between two looks at a sheet that differ, and by whom."""
    came = sorted(now.rows.keys() - seen.rows.keys())
    gone = sorted(seen.rows.keys() - now.rows.keys())
    both = sorted(now.rows.keys() & seen.rows.keys())
    moved = [number for number in both if now.rows[number] != seen.rows[number]]
    last = _last_steps(session, [*came, *gone, *moved][:NAMED_CHANGES])
    said = [
        *(say("新增 {number}（{name}）", number=n, name=_doer(last.get(n))) for n in came),
        *(say("退出 {number}（{name}）", number=n, name=_doer(last.get(n))) for n in gone),
        *(say("{number} 的内容有变", number=n) for n in moved),
    ]
    wording = say(
        "您确认的是 {seen} 件 {seen_yuan} 元，此后有 {changes} 处变动：{said}。现为 {rows} 件 {yuan} 元，请核对后再发送",
        seen=len(seen.rows), seen_yuan=yuan(seen.total_fen), changes=len(said),
        said=tuple(said[:NAMED_CHANGES]), rows=len(now.rows), yuan=yuan(now.total_fen),
    )  # fmt: skip
    newest = max(last.values(), key=lambda step: step.at_utc, default=None)
    at_utc = newest.at_utc if newest else now_utc()
    return SheetChange(wording, _doer(newest), at_utc)


def barred(actor: Actor) -> ColumnElement[bool]:
    """The condition of a waiting claim that this person, as lead, may not send: they acted on it at
    another office, or a tie forbids."""
    return hindrance(actor) != Hindrance.none.value


# ---------------------------------------------------------------- pieces

_STANDING: tuple[Any, ...] = (
    Claim.state, Claim.findings_met, Claim.findings_not_met, Claim.findings_unknown,
    Claim.findings_warning,
)  # fmt: skip
_HAS_EXCEPTIONS = (
    col(Claim.findings_not_met) + col(Claim.findings_unknown) + col(Claim.findings_warning) > 0
)
_taker = aliased(Account)
_TAKER: Any = col(_taker.display_name).label("taker")
_ASIDE = (*(column.key for column in _STANDING), "is_taken", "taker", "is_barred")


def _taken(actor: Actor) -> ColumnElement[bool]:
    """The condition of a claim a colleague has taken."""
    return and_(
        col(Claim.lease_until_utc) > now_utc(), col(Claim.lease_account_id) != actor.account_id
    )


def _money_of(money: Any, purpose: Purpose) -> ColumnElement[bool]:
    return and_(col(money.claim_id) == Claim.id, col(money.purpose) == purpose)


def _kept_count(session: Session, month: str) -> Count:
    statement = select(func.coalesce(func.sum(ClaimTally.claims), 0)).where(
        col(ClaimTally.state) == State.pre_reviewed, col(ClaimTally.filed_month) <= month
    )
    return Count(int(session.execute(statement).scalar_one()))


def _rooms(session: Session, conditions: Iterable[ColumnElement[bool]]) -> tuple[LineRoom, ...]:
    """Each line the rows draw on: what it has left, what they need."""
    needed = func.sum(func.coalesce(ClaimMoney.approved_fen, ClaimMoney.entitled_fen, 0))
    left = col(BudgetLine.ceiling_fen) - BudgetLine.committed_fen - BudgetLine.paid_fen
    statement = (
        select(BudgetLine.code, func.min(left), needed)
        .select_from(Claim)
        .join(ClaimMoney, col(ClaimMoney.claim_id) == Claim.id)
        .join(BudgetLine, col(BudgetLine.id) == ClaimMoney.budget_line_id)
        .where(*conditions)
        .group_by(col(BudgetLine.id), col(BudgetLine.code))
        .order_by(col(BudgetLine.code), col(BudgetLine.id))
    )
    return tuple(
        LineRoom(code, int(room), int(needed)) for code, room, needed in session.execute(statement)
    )


def _waiting_row(row: Any) -> SheetRow:
    values = row._asdict()
    aside = [values.pop(name) for name in _ASIDE]
    state, met, not_met, unknown, warning, is_taken, taker, is_barred = aside
    return SheetRow(
        MonthRow.of(values), State(state), met, not_met, unknown, warning,
        taker or "" if is_taken else "", bool(is_barred),
    )  # fmt: skip


def _sent_row(row: Any) -> SheetRow:
    line, state, *findings = row
    return SheetRow(MonthRow.from_json(line), State(state), *findings)


def _last_steps(session: Session, numbers: Iterable[str]) -> dict[str, Any]:
    """The last step on each of some claims, with who took it."""
    own = aliased(ClaimEvent)
    last = select(func.max(own.position)).where(col(own.claim_id) == Claim.id).scalar_subquery()
    statement: Select[Any] = (
        select(Claim.number, ClaimEvent.at_utc, Account.display_name)
        .join(ClaimEvent, col(ClaimEvent.claim_id) == Claim.id)
        .outerjoin(Account, col(Account.id) == ClaimEvent.account_id)
        .where(col(Claim.number).in_(list(numbers)), col(ClaimEvent.position) == last)
    )
    return {row.number: row for row in session.execute(statement)}


def _doer(step: Any) -> Wording | str:
    return (step.display_name if step else "") or OFFICE_NAMES[Office.system]
