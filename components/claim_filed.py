"""What the agency wrote into its claim (申请内容): its words and a payee that is not the registered one
where every office reads them, its entries on one quiet line."""

from __future__ import annotations

import streamlit as st

from components import formats
from components.language import _
from models.queries.claim_card import ClaimCard
from models.queries.visibility import masked_account
from models.rules.findings import Verdict
from models.rules.findings.parties import RegisteredPayee, registered_payee


def draw_remarks(card: ClaimCard) -> None:
    """What a decision must not overlook: the agency's own words (备注), and a payee that differs
    from the register beside the registered one; nothing where there is neither."""
    registered = registered_payee(card.facts)
    if card.claim.note:
        _draw_line(_("机构备注"), formats.plain(card.claim.note))
    if registered is not None and _differs(card):
        _draw_line("F13", _both_payees(card, registered))


def draw_filed_entries(card: ClaimCard) -> None:
    """Payee, invoice, base and count as they were filed, on one quiet line."""
    entries = [f"{formats.small_grey(label)} {value}" for label, value in _entries(card)]
    st.markdown(" &emsp; ".join(entries))


def _draw_line(label: str, said: str) -> None:
    st.markdown(f"{formats.small_grey(label)} &nbsp; {said}")


def _entries(card: ClaimCard) -> list[tuple[str, str]]:
    claim = card.claim
    said = [
        (_("收款户名"), formats.plain(claim.payee_name)),
        (_("收款账号"), formats.plain(_account(card, claim.payee_account))),
        (_("发票"), _invoice(card)),
    ]
    if claim.basis_fen is not None:
        said.append((_("计算基数"), _("{amount} 元").format(amount=formats.yuan(claim.basis_fen))))
    if claim.units is not None:
        said.append((_("数量"), formats.count(claim.units)))
    return said


def _invoice(card: ClaimCard) -> str:
    """Number and amount; `—` for what was not filled in."""
    number, fen = card.claim.invoice_number, card.claim.invoice_fen
    if not number and fen is None:
        return formats.NOTHING
    amount = formats.NOTHING if fen is None else _("{amount} 元").format(amount=formats.yuan(fen))
    return f"{formats.plain(number)} · {amount}"


def _differs(card: ClaimCard) -> bool:
    return any(one.code == "F13" and one.verdict is Verdict.not_met for one in card.findings)


def _both_payees(card: ClaimCard, registered: RegisteredPayee) -> str:
    """Name and account as filed and as registered, those that differ."""
    claim = card.claim
    pairs = (
        (_("收款户名"), claim.payee_name, registered.name),
        (
            _("收款账号"),
            _account(card, claim.payee_account),
            _account(card, registered.account),
        ),
    )
    return _("；").join(
        _("{what}：申请“{filed}” ↔ 登记“{registered}”").format(
            what=what, filed=formats.plain(filed), registered=formats.plain(stands)
        )
        for what, filed, stands in pairs
        if filed != stands
    )


def _account(card: ClaimCard, account: str) -> str:
    """A bank account as this person may see it."""
    return account if card.sees_bank_accounts else masked_account(account)
