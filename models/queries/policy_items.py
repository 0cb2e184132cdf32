"""Settings, services' terms, reasons' words and days as they hold (设定、服务清单、理由、工作日历): whole
lists, for each is short, and what one holds now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.queries.admission_criteria import criterion_now
from models.queries.changes import value_in_sight, waiting_subjects
from models.queries.reasons import reasons_on
from models.queries.settings import setting
from models.queries.visibility import refuse_without
from models.rules.changes import OPERATORS, ChangeKind, Content
from models.rules.errors import NotFound
from models.rules.roles import Actor, Permission
from models.rules.settings import SETTING_OF, SETTINGS, SettingValue
from models.rules.targets.slides import Named
from models.rules.wording import Wording, say
from models.tables.people import Account
from models.tables.policy import ReasonText, ServiceTerms
from models.tables.reference import CalendarDay, ReasonCode, ServiceType, Setting, Track


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting (设定) as it holds.

    Attributes:
        value: a bank account as this person may see it.
        valid_from: since when; `None` for the default.
        confirmed_by: empty where an operator's command set it.
        waiting: the number of the change that waits; 0 where none does.
    """

    key: str
    name: Wording
    why: Wording
    value: SettingValue
    default: SettingValue
    valid_from: date | None
    confirmed_by: str
    waiting: int

    @property
    def standing(self) -> tuple[bool, int]:
        """Whether the default holds, and the change that waits."""
        return self.valid_from is None, self.waiting

    @property
    def told(self) -> SettingRow:
        """The row, for a column that needs key and value."""
        return self

    @property
    def is_for_operators(self) -> bool:
        """Whether only an operator's command changes it."""
        return self.key in OPERATORS


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service (服务清单) with its price band and service standard as they hold.

    Attributes:
        since: since when these terms hold.
    """

    code: str
    name: Named
    clause_item: int
    track: Track
    price_floor_fen: int | None
    price_ceiling_fen: int | None
    standard_working_days: int | None
    since: date
    waiting: int


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A coded reason (理由代码) as it is worded; `since` is `None` for the words it came with."""

    code: str
    text: ReasonCode
    since: date | None
    waiting: int

    @property
    def basis(self) -> str:
        """What it rests on."""
        return self.text.basis


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that is not as announced (工作日历)."""

    day: date
    is_working: bool
    note: str
    waiting: int

    @property
    def id(self) -> str:
        """The day as the address names it."""
        return self.day.isoformat()


def settings_listed(session: Session, actor: Actor, on: date) -> tuple[SettingRow, ...]:
    """Every setting as it holds on a day, in the order of the table.

    Raises:
        NotAllowed: settings are not open to this person.
    """
    refuse_without(actor, Permission.see_policies)
    waiting = waiting_subjects(session, ChangeKind.setting)
    confirmed = _confirmers(session)
    rows = []
    for adjustable in SETTINGS:
        holds = setting(session, adjustable.key, on)
        rows.append(
            SettingRow(
                adjustable.key, adjustable.name, adjustable.why,
                value_in_sight(adjustable.key, holds.value, actor), adjustable.default,
                holds.valid_from, confirmed.get((adjustable.key, holds.valid_from), ""),
                waiting.get(adjustable.key, 0),
            )
        )  # fmt: skip
    return tuple(rows)


def services_with_terms(session: Session, actor: Actor, on: date) -> tuple[ServiceRow, ...]:
    """Every service with its terms on a day, in the order of clause 四.

    Raises:
        NotAllowed: the list is not open to this person.
    """
    refuse_without(actor, Permission.see_policies)
    waiting = waiting_subjects(session, ChangeKind.service_terms)
    begun = _terms_begun(session, on)
    statement = select(ServiceType).order_by(col(ServiceType.clause_item), col(ServiceType.code))
    return tuple(
        _service(service, begun.get(service.code), waiting.get(service.code, 0))
        for service in session.execute(statement).scalars()
    )


def reasons_worded(session: Session, actor: Actor, on: date) -> tuple[ReasonRow, ...]:
    """Every coded reason as it is worded on a day.

    Raises:
        NotAllowed: the list is not open to this person.
    """
    refuse_without(actor, Permission.see_policies)
    waiting = waiting_subjects(session, ChangeKind.reason_text)
    versions = select(ReasonText.code, ReasonText.valid_from).where(
        col(ReasonText.valid_from) <= on
    )
    begun = session.execute(versions.order_by(col(ReasonText.valid_from)))
    since: dict[str, date] = {row.code: row.valid_from for row in begun}
    return tuple(
        ReasonRow(code, text, since.get(code), waiting.get(code, 0))
        for code, text in reasons_on(session, on).items()
    )


def days_listed(session: Session, actor: Actor) -> tuple[DayRow, ...]:
    """Every day that is not as announced, the newest first.

    Raises:
        NotAllowed: the calendar is not open to this person.
    """
    refuse_without(actor, Permission.see_policies)
    waiting = waiting_subjects(session, ChangeKind.calendar_day)
    rows = session.execute(select(CalendarDay).order_by(col(CalendarDay.day).desc())).scalars()
    return tuple(
        DayRow(row.day, row.is_working, row.note, waiting.get(row.day.isoformat(), 0))
        for row in rows
    )


def content_now(
    session: Session, actor: Actor, kind: ChangeKind, subject: str, on: date
) -> Content:
    """What a setting, a service, a reason or a day holds now, as a change would state it.

    Raises:
        NotAllowed: this is not open to this person.
        NotFound: there is no such thing.
    """
    refuse_without(actor, Permission.see_policies)
    found = _CONTENTS[kind](session, actor, subject, on) if subject.isprintable() else None
    if found is None:
        raise NotFound(say("没有“{subject}”", subject=subject))
    return found


# ---------------------------------------------------------------- pieces


def _confirmers(session: Session) -> Mapping[tuple[str, date | None], str]:
    statement = (
        select(Setting.key, Setting.valid_from, Account.display_name)
        .join(Account, col(Account.id) == Setting.confirmed_by_id)
        .where(col(Setting.confirmed_at_utc).is_not(None))
    )
    return {(key, on): name for key, on, name in session.execute(statement)}


def _terms_begun(session: Session, on: date) -> dict[str, ServiceTerms]:
    """The newest version of each service's terms that has begun."""
    statement = select(ServiceTerms).where(col(ServiceTerms.valid_from) <= on)
    rows = session.execute(statement.order_by(col(ServiceTerms.valid_from))).scalars()
    return {row.service_code: row for row in rows}


def _service(service: ServiceType, terms: ServiceTerms | None, waiting: int) -> ServiceRow:
    holds: Any = terms or service
    return ServiceRow(
        service.code, Named(service.code, service.name_zh, service.name_en), service.clause_item,
        service.track, holds.price_floor_fen, holds.price_ceiling_fen,
        holds.standard_working_days, holds.valid_from, waiting,
    )  # fmt: skip


def _setting_now(session: Session, actor: Actor, key: str, on: date) -> Content | None:
    if key not in SETTING_OF:
        return None
    return {"value": value_in_sight(key, setting(session, key, on).value, actor)}


def _terms_now(session: Session, actor: Actor, code: str, on: date) -> Content | None:
    names = ("price_floor_fen", "price_ceiling_fen", "standard_working_days")
    for row in services_with_terms(session, actor, on):
        if row.code == code:
            return {name: getattr(row, name) for name in names}
    return None


def _reason_now(session: Session, _: Actor, code: str, on: date) -> Content | None:
    reason = reasons_on(session, on).get(code)
    names = ("name_zh", "name_en", "remedy_zh", "remedy_en")
    return {name: getattr(reason, name) for name in names} if reason else None


def _day_now(session: Session, _: Actor, written: str, __: date) -> Content | None:
    rows = session.execute(select(CalendarDay)).scalars()
    day = next((row for row in rows if row.day.isoformat() == written), None)
    return {"is_working": day.is_working, "note": day.note} if day else None


_CONTENTS: dict[ChangeKind, Any] = {
    ChangeKind.setting: _setting_now,
    ChangeKind.service_terms: _terms_now,
    ChangeKind.reason_text: _reason_now,
    ChangeKind.calendar_day: _day_now,
    ChangeKind.admission_criterion: criterion_now,
}
