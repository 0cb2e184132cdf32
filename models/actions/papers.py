"""Papers that come with a step, a report, an objection or a reply: all accepted before the first is
kept, each a row beside what it came with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

from models.actions.evidence import accepted_type, keep_file, shown_name
from models.rules.agreement_terms import MOST_PAPERS
from models.rules.errors import FileRefused
from models.rules.wording import say

Files = tuple[tuple[str, bytes], ...]
"""Name and content of each file that comes with a step."""
Paper = TypeVar("Paper", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A file that was accepted and lies under its SHA-256."""

    file_name: str
    media_type: str
    size_bytes: int
    sha256: str

    @property
    def stated(self) -> tuple[str, str]:
        """Name and SHA-256, as a step's digest takes them."""
        return self.file_name, self.sha256


def accepted_papers(
    session: Session,
    files: Iterable[tuple[str, bytes]],
    *,
    least: int = 0,
    most: int = MOST_PAPERS,
    unnamed: str = "material",
) -> tuple[KeptPaper, ...]:
    """The files that come with a step, all accepted before the first is kept; the same one twice
    counts once.

    Args:
        session: the writing transaction.
        files: name and content of each.
        least: how many there must be.
        most: how many there may be.
        unnamed: what a file without a name is called.

    Raises:
        FileRefused: too few, too many, or one that is neither PDF nor image, too large, empty or
            not to be opened.
    """
    wanted = list(dict.fromkeys(files))
    if len(wanted) < least:
        raise FileRefused(say("请附上盖章的扫描件（PDF、PNG 或 JPEG）"))
    if len(wanted) > most:
        raise FileRefused(
            say("一次最多附 {most} 份材料，现有 {count} 份", most=most, count=len(wanted))
        )
    called = [(shown_name(name, unnamed), content) for name, content in wanted]
    types = [accepted_type(session, name, content) for name, content in called]
    return tuple(
        KeptPaper(name, media_type, len(content), keep_file(content))
        for (name, content), media_type in zip(called, types, strict=True)
    )


def add_with_papers(
    session: Session,
    row: Any,
    table: type[Paper],
    key: str,
    papers: Iterable[KeptPaper],
    **columns: Any,
) -> list[Paper]:
    """Write a row, and accepted papers beside it.

    Args:
        session: the writing transaction.
        row: what they came with.
        table: where such papers are kept.
        key: its column that names the row.
        papers: as `accepted_papers` gave them.
        columns: what else is kept with each.

    Returns:
        The papers' rows, in the order they came.
    """
    session.add(row)
    session.flush()
    rows = [table(**columns | {key: row.id} | asdict(paper)) for paper in papers]
    session.add_all(rows)
    session.flush()
    return rows
