"""A new claim as somebody fills it in (填报申请): what is known of it before it is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NewClaim:
    """What is claimed, as the agency or the counter fills it in; the rest is known or computed.

    Attributes:
        agreement_id: the agreement, filed and confirmed.
        result_kind_code: what kind of result.
        result_printed: its number, as typed.
        obtained_on: since when it exists.
        asked_fen: the subsidy asked for; left out, the computed entitlement.
        basis_fen, units: what the standard computes from, where it asks for it.
        payee_name, payee_account: whom to pay; left out, the payee the standard names, as
            registered.
    """

    agreement_id: int
    result_kind_code: str
    result_printed: str
    obtained_on: date
    asked_fen: int | None = None
    basis_fen: int | None = None
    units: int | None = None
    invoice_number: str = ""
    invoice_fen: int | None = None
    payee_name: str | None = None
    payee_account: str | None = None
    note: str = ""
