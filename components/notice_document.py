"""A month's public notice as workbook and as document, filled from the claims that stand
approved."""

from __future__ import annotations

from sqlmodel import Session

from models.clock import today
from models.exchange.notice_document import notice_document
from models.exchange.notice_table import NoticeLine, NoticeTable
from models.exchange.notice_workbook import notice_workbook
from models.queries.notices import NoticeRow, notice_page, objections_address
from models.queries.paging import everything
from models.queries.settings import alliance_name, is_demonstration, place, whole_number
from models.rules.months import YearMonth
from models.rules.roles import Actor


def notice_xlsx(session: Session, actor: Actor, month: str) -> bytes:
    """The notice as an `.xlsx`."""
    return notice_workbook(notice_table(session, actor, month))


def notice_docx(session: Session, actor: Actor, month: str) -> bytes:
    """The notice as a `.docx`."""
    return notice_document(notice_table(session, actor, month))


def notice_table(session: Session, actor: Actor, month: str) -> NoticeTable:
    """The notice as it is printed today.

    Args:
        session: any transaction; all of it comes from one snapshot.
        actor: who asks; the query decides whether they may.
        month: `2026-11`.
    """
    return NoticeTable(
        place=place(session),
        unit=alliance_name(session),
        month=YearMonth.parse(month),
        lines=tuple(_line(row) for row in notice_page(session, actor, month, everything())),
        address=objections_address(session),
        working_days=whole_number(session, "notice_period_working_days"),
        as_of=today(),
        is_demonstration=is_demonstration(session),
    )


def _line(row: NoticeRow) -> NoticeLine:
    return NoticeLine(
        number=row.number,
        enterprise=row.enterprise,
        agency=row.agency,
        service=row.service,
        result_kind=row.result_kind,
        result=row.result,
        subsidy_fen=row.subsidy_fen,
        reward_fen=row.reward_fen,
        from_on=row.notice.from_on if row.notice else None,
        until_on=row.notice.until_on if row.notice else None,
    )
