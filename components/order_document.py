"""A payment order (拨付单) as workbook and as document: the order as it was frozen."""

from __future__ import annotations

from sqlmodel import Session

from models.actions.letters import written_letter
from models.exchange.month_document import month_document
from models.exchange.month_workbook import month_workbook
from models.exchange.order_table import OrderedLine, OrderTable
from models.queries.letters import OrderLine, ordered_letter
from models.queries.payment_orders import OrderRow, order_card
from models.queries.settings import is_demonstration, place
from models.rules.payments import PURPOSE_NAMES
from models.rules.roles import Actor
from models.rules.wording import in_chinese


def order_xlsx(session: Session, actor: Actor, number: str) -> bytes:
    """The order as an `.xlsx`."""
    return month_workbook(order_table(session, actor, number))


def order_docx(session: Session, actor: Actor, number: str) -> bytes:
    """The order as a `.docx`."""
    return month_document(order_table(session, actor, number))


def order_letter(session: Session, actor: Actor, number: str) -> bytes:
    """The letter that goes with the order (拨付通知), as a `.docx`."""
    rows = order_card(session, actor, number).rows
    lines = (OrderLine(row.number, row.payee_name, row.amount_fen) for row in rows)
    return written_letter(ordered_letter(session, number, lines))


def order_table(session: Session, actor: Actor, number: str) -> OrderTable:
    """The order as it is printed: every row it was frozen with, whatever became of it.

    Args:
        session: any transaction; all of it comes from one snapshot.
        actor: accounts are masked for everyone but finance and the lead.
        number: the order's.
    """
    card = order_card(session, actor, number)
    return OrderTable(
        place=place(session, card.line.made_on),
        number=card.line.number,
        made_on=card.line.made_on,
        maker=card.line.made_by,
        lines=tuple(_line(row) for row in card.rows),
        digest=card.line.digest,
        chain_head=card.line.chain_head,
        is_demonstration=is_demonstration(session),
    )


def _line(row: OrderRow) -> OrderedLine:
    purpose = in_chinese(PURPOSE_NAMES[row.purpose].template)
    return OrderedLine(
        row.payee_name, row.payee_bank, row.payee_account, row.amount_fen,
        f"科技创新服务{purpose}", row.number,
    )  # fmt: skip
