"""What somebody else did meanwhile, as it is told to whoever acts on what is no longer so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.clock import OFFICE_ZONE
from models.rules.errors import SeenIsStale
from models.rules.roles import OFFICE_NAMES, Office
from models.rules.wording import Wording
from models.tables.people import Account
from models.tables.record import Activity


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed something, and when.

    Attributes:
        by: the person's name, or the system's.
        at_utc: the instant.
    """

    by: Wording | str
    at_utc: datetime

    @property
    def at(self) -> str:
        """The instant as a sentence says it."""
        return at_office(self.at_utc)

    def stale(self, words: Wording) -> SeenIsStale:
        """The refusal that tells of it."""
        return SeenIsStale(words, changed_by=self.by, changed_at_utc=self.at_utc)


@dataclass(frozen=True, slots=True)
class Recorded(Change):
    """What the record says of it: the verb."""

    verb: str


def last_recorded(session: Session, *subjects: str, since: str = "") -> Recorded | None:
    """The last thing recorded of some subjects, if it came after the last thing recorded of
    another.

    Args:
        session: any transaction.
        subjects: as the record calls them.
        since: the other.
    """
    earlier = select(func.coalesce(func.max(Activity.seq), 0)).where(col(Activity.subject) == since)
    statement = (
        select(Account.display_name, Activity.at_utc, Activity.verb)
        .outerjoin(Account, col(Account.id) == Activity.account_id)
        .where(col(Activity.subject).in_(subjects), col(Activity.seq) > earlier.scalar_subquery())
        .order_by(col(Activity.seq).desc())
        .limit(1)
    )
    last = session.execute(statement).first()
    return None if last is None else Recorded(who(last.display_name), last.at_utc, last.verb)


def change_by(session: Session, account_id: int | None, at_utc: datetime | None) -> Change:
    """A change by its person and instant.

    Args:
        session: any transaction.
        account_id: who; `None` for the system.
        at_utc: when; what was changed has its instant.
    """
    assert at_utc is not None
    name = select(Account.display_name).where(col(Account.id) == account_id)
    return Change(who(session.execute(name).scalar_one_or_none()), at_utc)


def who(display_name: str | None) -> Wording | str:
    """A person's name, or the system's where nobody did it."""
    return display_name or OFFICE_NAMES[Office.system]


def at_office(at_utc: datetime) -> str:
    """An instant as a sentence says it, in the office's zone."""
    return f"{at_utc.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"
