"""What the rows of one run share: two copies of each database, the sessions signed in, the claims
to decide on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, or_, select, update

from bench.databases import ROOT, database_of
from bench.generate import REVIEWERS
from models.actions.sign_in import open_session
from models.clock import today
from models.database import make_engine, session
from models.queries.people import actor_named
from models.rules.claim_workflow import State
from models.rules.roles import Actor
from models.tables.claims import Claim
from models.tables.people import Account

_OPENED_FIRST = 24  # the browser's row opens and passes what waits longest


@dataclass(frozen=True, slots=True)
class Waiting:
    """A clean claim that waits for pre-review, and what its decision is bound to."""

    id: int
    number: str
    version: int
    digest: str


@dataclass
class Stage:
    """One run's files and people.

    Attributes:
        folder: the run's own, removed afterwards.
        small, large: how many claims the two databases hold; the same in a quick run.
        masters: where the generated files are kept.
        rounds: how often a short thing is measured.
    """

    folder: Path
    small: int
    large: int
    masters: Path
    rounds: int = 30
    tokens: dict[int, list[str]] = field(default_factory=dict)
    _handed_out: dict[str, int] = field(default_factory=dict)
    _clean: list[Waiting] = field(default_factory=list)

    @property
    def is_quick(self) -> bool:
        """Whether only the small database is measured."""
        return self.small == self.large

    def ours(self, claims: int) -> Path:
        """Our copy of a database, eight reviewers signed in."""
        copy = self.folder / f"ours-{claims}.db"
        if not copy.exists():
            self._copy(claims, copy)
            self.tokens[claims] = _sign_in(make_engine(f"sqlite:///{copy}"))
        return copy

    def theirs(self, claims: int) -> Path:
        """The peer's copy, with Django's own tables and eight users in it."""
        copy = self.folder / f"theirs-{claims}.db"
        if not copy.exists():
            self._copy(claims, copy)
            subprocess.run(
                [sys.executable, "-m", "bench.peers.django_admin.prepare", str(REVIEWERS)],
                cwd=ROOT,
                env={**os.environ, "BENCH_DATABASE": str(copy)},
                check=True,
            )
        return copy

    def clean_claims(self, whose: str, claims: int, at_most: int) -> list[Waiting]:
        """Clean claims nobody was given yet, at most half of those left; none of those that are
        opened first.

        Args:
            whose: `ours` or `theirs`: the same claims are handed out to both.
            claims: which database.
            at_most: how many.
        """
        clean = self._all_clean(claims)
        from_ = self._handed_out.get(whose, _OPENED_FIRST)
        to = from_ + min(at_most, (len(clean) - from_) // 2)
        self._handed_out[whose] = to
        return clean[from_:to]

    def open_claims(self, claims: int, count: int) -> list[Waiting]:
        """Claims to look at: those that wait longest, decided on meanwhile or not."""
        return self._all_clean(claims)[:count]

    def _all_clean(self, claims: int) -> list[Waiting]:
        if not self._clean:
            self._clean = _clean(database_of(claims, self.masters))
        return self._clean

    def folder_of(self, name: str) -> Path:
        """A folder for a server's log and files."""
        path = self.folder / name
        path.mkdir(exist_ok=True)
        return path

    def _copy(self, claims: int, copy: Path) -> None:
        """The clean ones first in the queue, so that what is opened can be passed."""
        shutil.copyfile(database_of(claims, self.masters), copy)
        engine = make_engine(f"sqlite:///{copy}")
        with session(engine, write=True) as current:
            current.execute(
                update(Claim)
                .where(Claim.state == State.submitted, _is_faulty())
                .values(waiting_since_on=today())
            )
        engine.dispose()


def reviewers(engine: Engine) -> list[Actor]:
    """The eight reviewers as actors."""
    with session(engine) as current:
        return [actor_named(current, f"reviewer{number}") for number in range(1, REVIEWERS + 1)]


def _sign_in(engine: Engine) -> list[str]:
    with session(engine, write=True) as current:
        accounts = current.execute(
            select(Account).where(Account.username.startswith("reviewer")).order_by(Account.id)  # type: ignore[attr-defined]
        ).scalars()
        tokens = [open_session(current, account) for account in accounts]
    engine.dispose()
    return tokens


def _clean(database: Path) -> list[Waiting]:
    """What waits and can be passed, as the queue orders it."""
    engine = make_engine(f"sqlite:///{database}")
    statement = (
        select(Claim.id, Claim.number, Claim.version, Claim.facts_digest)
        .where(Claim.state == State.submitted, ~_is_faulty())
        .order_by(Claim.waiting_since_on, Claim.id)
    )
    with session(engine) as current:
        found = [Waiting(*row) for row in current.execute(statement)]
    engine.dispose()
    return found


def _is_faulty() -> object:
    return or_(Claim.findings_not_met > 0, Claim.findings_unknown > 0, Claim.findings_warning > 0)
