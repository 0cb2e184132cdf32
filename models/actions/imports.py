"""Importing a workbook (导入): a dry run that says everything at once, then whole or nothing.

`plan_import` reads, checks and compares, and writes nothing. `commit_import` does the same again
inside the writing transaction, refuses if a single error stands or if the outcome is not the one
that was seen, and writes: members, agencies and agreements in bulk, standards and budget lines as
drafts for a second person, figures one by one as drafts likewise, claims one by one through the
guarded step, filed on the agency's behalf.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from models.actions.imports_comparing import ComparedSheet, compared_sheet
from models.actions.imports_locking import lock_what_it_rests_on
from models.actions.imports_lookup import known_to_the_database, references
from models.actions.imports_writing import changed_meanwhile, write_sheet
from models.actions.lock_order import turn_to_file
from models.actions.record import record
from models.clock import today
from models.exchange.checking import CheckedBook, check_book
from models.exchange.problems import Problem, in_order
from models.exchange.reading import read_book
from models.exchange.references import check_references, mentions
from models.exchange.sheets import SHEET_NAMED, SheetKind
from models.queries.imports import require_exchange
from models.rules.digest import canonical_json, facts_digest, sha256_hex
from models.rules.errors import FileRefused
from models.rules.roles import Actor
from models.rules.wording import say


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name and its bytes."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, 64 hexadecimal characters."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class SheetCount:
    """What becomes of one sheet's rows; the four figures add up to `rows`."""

    kind: SheetKind
    rows: int
    new: int
    contact_updated: int
    unchanged: int
    faulty: int


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The outcome of a dry run.

    Attributes:
        file_name, sha256: which file.
        counts: per sheet found, in the order in which they depend on each other.
        problems: errors before warnings, in the order of the file.
        digest: binds the commit to what was seen.
    """

    file_name: str
    sha256: str
    counts: tuple[SheetCount, ...]
    problems: tuple[Problem, ...]
    digest: str

    @property
    def errors(self) -> int:
        """How many problems bar the import."""
        return sum(problem.is_error for problem in self.problems)

    @property
    def warnings(self) -> int:
        """How many problems do not."""
        return len(self.problems) - self.errors

    @property
    def changes(self) -> int:
        """How many rows would be added or updated."""
        return sum(count.new + count.contact_updated for count in self.counts)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What a commit did; `chain_hash` is empty where nothing changed and nothing was recorded."""

    counts: tuple[SheetCount, ...]
    chain_hash: str = ""

    @property
    def changes(self) -> int:
        """How many rows were added or updated."""
        return sum(count.new + count.contact_updated for count in self.counts)


def plan_import(session: Session, actor: Actor, upload: Upload) -> ImportPlan:
    """The dry run (试运行): every problem at once, and what would become of each row. Writes nothing.

    Args:
        session: any transaction.
        actor: the importer.
        upload: an `.xlsx` with any of the known sheets, or one of them as `.csv`.

    Returns:
        The plan; a file that cannot be read at all is a plan with that one problem.

    Raises:
        NotAllowed: the actor may not import.
    """
    require_exchange(actor)
    return _prepared(session, upload).plan


def commit_import(
    session: Session, actor: Actor, upload: Upload, seen_digest: str | None = None
) -> ImportResult:
    """Import a workbook, whole or nothing (导入).

    Args:
        session: the writing transaction.
        actor: the importer; counts as the submitter of the claims in it.
        upload: the file.
        seen_digest: the plan's digest that was shown; left out, whatever the file gives now is
            taken.

    Returns:
        What was done; nothing at all for a file whose rows are all there already.

    Raises:
        NotAllowed: the actor may not import.
        FileRefused: an error stands in the file.
        NotAvailable: the outcome is no longer the one that was seen, or somebody adds one of its
            records at this moment.
        Refusal: a claim could not be filed; nothing is kept.
    """
    require_exchange(actor)
    turn_to_file(session)
    prepared = _prepared(session, upload, will_write=True)
    plan = prepared.plan
    if plan.errors:
        raise FileRefused(say("文件还有 {errors} 处错误，没有导入任何内容", errors=plan.errors))
    if seen_digest not in (None, plan.digest):
        raise changed_meanwhile()
    if not plan.changes:
        return ImportResult(plan.counts)
    written = {sheet.kind.value: write_sheet(session, actor, sheet) for sheet in prepared.compared}
    return ImportResult(plan.counts, _recorded(session, actor, plan, written))


# ---------------------------------------------------------------- preparing


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A plan with the rows behind it."""

    plan: ImportPlan
    compared: tuple[ComparedSheet, ...] = ()


def _prepared(session: Session, upload: Upload, *, will_write: bool = False) -> _Prepared:
    try:
        raw = read_book(upload.name, upload.content)
    except FileRefused as refusal:
        return _Prepared(_plan(upload, (), (_file_problem(upload, refusal),)))
    there = references(session)
    book = check_book(raw, there.lists, there.identifier_of_kind, today())
    mentioned = mentions(book, there.identifier_of_kind)
    if will_write:
        lock_what_it_rests_on(session, book, mentioned)
    known = known_to_the_database(session, mentioned, there)
    problems = [*book.problems, *check_references(book, known)]
    barred = {(problem.sheet, problem.row) for problem in problems if problem.is_error}
    compared = tuple(compared_sheet(session, sheet, barred, there) for sheet in book.sheets)
    problems += [problem for sheet in compared for problem in sheet.conflicts]
    return _Prepared(_plan(upload, _counts(book, compared), problems), compared)


def _file_problem(upload: Upload, refusal: FileRefused) -> Problem:
    return Problem(
        "", 0, "", "", upload.name, True, refusal.wording, say("改正后重新上传；没有导入任何内容")
    )


def _counts(book: CheckedBook, compared: Iterable[ComparedSheet]) -> tuple[SheetCount, ...]:
    counts = []
    for checked, sheet in zip(book.sheets, compared, strict=True):
        sound = (len(sheet.new), len(sheet.contact_updates), sheet.unchanged)
        faulty = checked.lines - sum(sound)
        counts.append(SheetCount(sheet.kind, checked.lines, *sound, faulty))
    return tuple(counts)


def _plan(
    upload: Upload, counts: tuple[SheetCount, ...], problems: Iterable[Problem]
) -> ImportPlan:
    sha256 = upload.sha256
    outcome = [[c.kind.value, c.new, c.contact_updated, c.unchanged, c.faulty] for c in counts]
    digest = facts_digest({"file": sha256, "outcome": outcome})
    return ImportPlan(
        upload.name, sha256, counts, in_order(problems, SHEET_NAMED), digest
    )  # fmt: skip


# ---------------------------------------------------------------- the record


def _recorded(session: Session, actor: Actor, plan: ImportPlan, written: dict[str, str]) -> str:
    sheets = {
        count.kind.value: {
            "new": count.new,
            "contact_updated": count.contact_updated,
            "unchanged": count.unchanged,
        }
        for count in plan.counts
    }
    after = {
        "file": plan.file_name[:200],
        "sha256": plan.sha256,
        "sheets": sheets,
        "rows_digest": sha256_hex(canonical_json(written)),
    }
    return record(session, actor, "import_workbook", f"import:{plan.sha256[:16]}", None, after)
