"""What somebody else did meanwhile, as it is told to whoever acts on what is no longer so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.step_guards import at_office
from models.rules.errors import SeenIsStale
from models.rules.roles import OFFICE_NAMES, Office
from models.rules.wording import Wording
from models.tables.people import Account


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
