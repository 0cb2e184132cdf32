"""The official table (汇总表) of a month as workbook and as document, filled from the frozen or the
waiting rows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from models.clock import office_day, today
from models.exchange.month_document import month_document
from models.exchange.month_table import HeldLine, LeftLine, MonthLine, MonthTable, ReturnedLine
from models.exchange.month_workbook import month_workbook
from models.queries.claim_card import reasons_listed
from models.queries.month import (
    MonthRow,
    WaitingRow,
    annexes_now,
    lines_to_send,
    sent_lines,
    sent_month,
)
from models.queries.settings import alliance_name, is_demonstration, place
from models.queries.visibility import masked_account
from models.rules.claim_workflow import STEP_OF
from models.rules.months import YearMonth
from models.rules.roles import OFFICE_NAMES, Actor, Office, Permission
from models.tables.reference import ReasonCode


def month_xlsx(session: Session, actor: Actor, month: str) -> bytes:
    """The table with its annexes as an `.xlsx`."""
    return month_workbook(month_table(session, actor, month))


def month_docx(session: Session, actor: Actor, month: str) -> bytes:
    """The table with its annexes as a `.docx`."""
    return month_document(month_table(session, actor, month))


def month_table(session: Session, actor: Actor, month: str) -> MonthTable:
    """The month as it is printed: frozen once sent, a marked draft before.

    Args:
        session: any transaction; all of it comes from one snapshot.
        actor: accounts are masked for everyone but finance and the lead.
        month: `2026-11`.
    """
    sent = sent_month(session, month)
    rows = sent_lines(session, month) if sent else lines_to_send(session, month)
    reasons = reasons_listed(session)
    made_on = office_day(sent.sent_at_utc) if sent else today()
    sees_accounts = actor.may(Permission.see_bank_accounts)
    annexes = sent.annexes if sent else annexes_now(session, month)
    return MonthTable(
        place=place(session, made_on),
        unit=alliance_name(session, made_on),
        month=YearMonth.parse(month),
        lines=tuple(_line(row, sees_accounts=sees_accounts) for row in rows),
        made_on=made_on,
        held=tuple(_held(row) for row in annexes.held),
        returned=tuple(_returned(row) for row in annexes.returned),
        left=tuple(
            LeftLine(
                row.number,
                office_day(row.left_at_utc),
                str(STEP_OF[row.action].name),
                tuple(_named(row.reasons, reasons)),
                row.note,
            )
            for row in (sent.left if sent else ())
        ),
        left_as_of=today(),
        head=sent.sent_by if sent else "",
        digest=sent.digest if sent else "",
        chain_head=sent.chain_head if sent else "",
        is_demonstration=is_demonstration(session),
    )


def _line(row: MonthRow, *, sees_accounts: bool) -> MonthLine:
    opinion = f"初审：同意 {row.pre_reviewed_by} {row.pre_reviewed_on}"
    return MonthLine(
        number=row.number,
        enterprise=row.enterprise,
        enterprise_uscc=row.enterprise_uscc,
        agency=row.agency,
        agency_uscc=row.agency_uscc,
        filing_number=row.filing_number,
        service=row.service,
        result_kind=row.result_kind,
        result=row.result,
        obtained_on=row.obtained_on,
        fee_fen=row.fee_fen,
        asked_fen=row.asked_fen,
        approved_fen=row.subsidy_fen,
        paid_before_fen=None,
        paying_fen=row.subsidy_fen,
        payee_name=row.payee_name,
        payee_bank=row.payee_bank,
        payee_account=row.payee_account if sees_accounts else masked_account(row.payee_account),
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        opinions=(opinion,),
        note=row.note,
    )


def _held(row: WaitingRow) -> HeldLine:
    return HeldLine(
        number=row.number,
        enterprise=row.enterprise,
        agency=row.agency,
        service=row.service,
        asked_fen=row.asked_fen,
        held_on=office_day(row.decided_at_utc),
        held_by=_who(row),
        reasons=row.reasons_said,
        note=row.note,
    )


def _returned(row: WaitingRow) -> ReturnedLine:
    return ReturnedLine(
        number=row.number,
        enterprise=row.enterprise,
        agency=row.agency,
        service=row.service,
        asked_fen=row.asked_fen,
        returned_on=office_day(row.decided_at_utc),
        returned_by=_who(row),
        reasons=row.reasons_said,
        note=row.note,
    )


def _who(row: WaitingRow) -> str:
    return row.decided_by or str(OFFICE_NAMES[Office.system])


def _named(codes: Iterable[str], reasons: dict[str, ReasonCode]) -> Iterable[str]:
    for code in codes:
        yield f"{code} {reasons[code].name_zh}" if code in reasons else code
