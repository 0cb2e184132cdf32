"""The settings (设定) as of a day, each its newest confirmed version or else its labelled default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import cast

from sqlalchemy import select
from sqlmodel import Session, col

from models.clock import today
from models.rules.claim_facts import ReviewSettings
from models.rules.settings import SETTING_OF, Adjustable, SettingValue
from models.rules.working_days import Calendar
from models.tables.reference import CalendarDay, Setting

_KEPT = "settings kept for this transaction"
_CALENDAR = "calendar kept for this transaction"


@dataclass(frozen=True, slots=True)
class SettingInForce:
    """A setting as it holds on a day.

    Attributes:
        setting: the row of the table of settings.
        value: what holds.
        valid_from: since when; `None` for the default, which is labelled as such wherever it is
            shown.
    """

    setting: Adjustable
    value: SettingValue
    valid_from: date | None

    @property
    def is_default(self) -> bool:
        """Whether nobody has confirmed a value yet."""
        return self.valid_from is None


def setting(session: Session, key: str, on: date | None = None) -> SettingInForce:
    """One setting as of a day.

    Args:
        session: any transaction; the versions are read once in it.
        key: the setting's name.
        on: the day; today when left out.

    Raises:
        KeyError: no setting has that name.
    """
    on = on or today()
    adjustable = SETTING_OF[key]
    for valid_from, value in _versions(session).get(key, ()):
        if valid_from <= on:
            return SettingInForce(adjustable, value, valid_from)
    return SettingInForce(adjustable, adjustable.default, None)


def whole_number(session: Session, key: str, on: date | None = None) -> int:
    """A setting that counts something, as of a day (today when left out)."""
    return cast(int, setting(session, key, on).value)


def place(session: Session, on: date | None = None) -> str:
    """The place whose standards are in force here (所在地)."""
    return str(setting(session, "place", on).value)


def alliance_name(session: Session, on: date | None = None) -> str:
    """What the alliance that fills in the official table is called (填报单位)."""
    return str(setting(session, "alliance_name", on).value)


def is_demonstration(session: Session) -> bool:
    """Whether everything in this database is generated (演示数据)."""
    return setting(session, "is_demonstration").value is True


def review_settings(session: Session, on: date | None = None) -> ReviewSettings:
    """The settings the findings read, as of a day (today when left out)."""
    return ReviewSettings(
        filing_window_working_days=whole_number(session, "filing_window_working_days", on),
        late_filing_warning_working_days=whole_number(
            session, "late_filing_warning_working_days", on
        ),
        deemed_after_working_days=whole_number(session, "deemed_after_working_days", on),
        alliance_payee_name=str(setting(session, "alliance_payee_name", on).value),
        alliance_payee_account=str(setting(session, "alliance_payee_account", on).value),
    )


def calendar(session: Session) -> Calendar:
    """The working days of this deployment; read once in a transaction, made once for each state of
    the rows."""
    kept: Calendar | None = session.info.get(_CALENDAR)
    if kept is None:
        rows = session.execute(
            select(col(CalendarDay.day), col(CalendarDay.is_working)).order_by(col(CalendarDay.day))
        )
        announced = cast(tuple[int, ...], setting(session, "announced_years").value)
        overrides = tuple((day, is_working) for day, is_working in rows)
        kept = session.info[_CALENDAR] = _calendar(overrides, frozenset(announced))
    return kept


def forget_settings(session: Session) -> None:
    """Read settings and calendar anew in this transaction: for an action that has just written
    one."""
    session.info.pop(_KEPT, None)
    session.info.pop(_CALENDAR, None)


def suppose_setting(session: Session, key: str, valid_from: date, value: SettingValue) -> None:
    """Let a version of a setting hold in this transaction as if it were confirmed: for a preview;
    nothing is written."""
    versions = _versions(session).setdefault(key, [])
    versions.append((valid_from, _value(value)))
    versions.sort(key=lambda version: version[0], reverse=True)
    session.info.pop(_CALENDAR, None)


def suppose_day(session: Session, day: date, *, is_working: bool | None) -> None:
    """Let a day be a working day or not in this transaction, `None` as announced: for a preview;
    nothing is written."""
    known = calendar(session)
    days = {on: works for on, works in known.overrides.items() if on != day}
    if is_working is not None:
        days[day] = is_working
    session.info[_CALENDAR] = Calendar(days, known.announced)


def _versions(session: Session) -> dict[str, list[tuple[date, SettingValue]]]:
    """The confirmed versions by key, the newest first."""
    kept: dict[str, list[tuple[date, SettingValue]]] | None = session.info.get(_KEPT)
    if kept is None:
        kept = session.info[_KEPT] = {}
        statement = (
            select(col(Setting.key), col(Setting.valid_from), col(Setting.value))
            .where(col(Setting.confirmed_at_utc).is_not(None))
            .order_by(col(Setting.valid_from).desc())
        )
        for key, valid_from, value in session.execute(statement):
            kept.setdefault(key, []).append((valid_from, _value(value)))
    return kept


def _value(stored: object) -> SettingValue:
    """JSON knows lists only."""
    return tuple(stored) if isinstance(stored, list) else stored  # type: ignore[return-value]


@lru_cache(maxsize=8)
def _calendar(overrides: tuple[tuple[date, bool], ...], announced: frozenset[int]) -> Calendar:
    return Calendar(dict(overrides), announced)
