"""The faults: what each does to an agreement or to a claim before it is filed.

Named after the condition it touches; two tables, because some lie in the agreement and some in the
claim.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from models.tables.agreements import Filing
from seed.year.agreements import Pact
from seed.year.standards import EXAMPLES, validity

if TYPE_CHECKING:
    from seed.year.scripts import Planner, Script

# ---------------------------------------------------------------- faults of the agreement


def _signed_before_joining(planner: Planner, pact: Pact) -> None:
    joined = [member for member in planner.cast.members if member.joins_on < pact.filed_on]
    pact.member = max(joined, key=lambda member: member.joins_on)
    pact.signed_on = pact.member.joins_on - timedelta(days=9)


def _out_of_scope(planner: Planner, pact: Pact) -> None:
    pact.house = next(
        house
        for house in planner.chance.sample(planner.cast.houses, len(planner.cast.houses))
        if pact.service not in house.services and house.is_open_on(pact.signed_on)
    )


def _suspended(planner: Planner, pact: Pact) -> None:
    pact.house = planner.cast.suspended


def _confirmed_after_start(planner: Planner, pact: Pact) -> None:
    pact.started_on = planner.timeline.back(pact.filed_on, 7)


def _own_agreement(planner: Planner, pact: Pact) -> None:
    """The fault needs an agreement that no other claim shares."""


def _unfiled(planner: Planner, pact: Pact) -> None:
    pact.confirmed_on, pact.filing = None, Filing.returned


def _imported(planner: Planner, pact: Pact) -> None:
    pact.is_imported = True


def _no_start(planner: Planner, pact: Pact) -> None:
    pact.started_on = None


def _of_a_poor_house(planner: Planner, pact: Pact) -> None:
    """What is a gate of the rating happens at agencies whose work is poor."""
    poor = [house for house in planner.cast.houses if house.quality == "poor"]
    is_open = [house for house in poor if house.is_open_on(pact.signed_on)]
    pact.house = planner.chance.choice(is_open or poor)


def _agreed_upfront(planner: Planner, pact: Pact) -> None:
    _of_a_poor_house(planner, pact)
    pact.upfront_fen = pact.fee_fen * 3 // 1_000 * 100


def _below_floor(planner: Planner, pact: Pact) -> None:
    pact.fee_fen = {"hnte_first": 1_680_000}.get(pact.service, 150_000)


def _above_ceiling(planner: Planner, pact: Pact) -> None:
    pact.fee_fen = 360_000


def _unregistered_payee(planner: Planner, pact: Pact) -> None:
    pact.house = planner.cast.without_account


def _tied(planner: Planner, pact: Pact) -> None:
    pact.house, pact.member = planner.cast.houses[1], planner.cast.tied_member


PACT_FAULTS: dict[str, Callable[[Planner, Pact], None]] = {
    "F01": _signed_before_joining,
    "F02": _out_of_scope,
    "F02_suspended": _suspended,
    "F03_after_start": _confirmed_after_start,
    "F03_late": _own_agreement,
    "F03_unfiled": _unfiled,
    "F03_imported": _imported,
    "F03_no_start": _no_start,
    "F04_agreed": _agreed_upfront,
    "F04_paid": _of_a_poor_house,
    "F12_low": _below_floor,
    "F12_high": _above_ceiling,
    "F13_unregistered": _unregistered_payee,
    "F15": _tied,
}

# ---------------------------------------------------------------- faults of the claim


def _late_filing(planner: Planner, script: Script) -> None:
    """Filing confirmed and work begun in the last days before the result."""
    timeline, pact = planner.timeline, script.pact
    pact.confirmed_on = timeline.back(script.obtained_on, 3)
    pact.started_on = timeline.back(script.obtained_on, 2)
    pact.filed_on = timeline.back(script.obtained_on, 5)


def _paid_before(planner: Planner, script: Script) -> None:
    script.paid_before_fen = script.pact.fee_fen * 2 // 1_000 * 100


def _paper_missing(planner: Planner, script: Script) -> None:
    script.missing = {"last"}


def _number_malformed(planner: Planner, script: Script) -> None:
    check = script.printed[-1]
    script.printed = script.printed[:-1] + ("1" if check != "1" else "2")


def _claimed_before(planner: Planner, script: Script) -> None:
    other = planner.earlier(
        script,
        lambda other: (
            other.pact.house is not script.pact.house and other.result_kind == script.result_kind
        ),
    )
    script.printed = other.printed


def _share_invoice(planner: Planner, script: Script) -> Script:
    """Two claims of one agency on one invoice."""
    other = planner.earlier(
        script,
        lambda other: (
            bool(other.invoice_number)
            and script.pact.service in other.pact.house.services
            and other.pact.house.is_open_on(script.pact.signed_on)
        ),
    )
    script.pact.house = other.pact.house
    script.payee_name, script.payee_account = other.pact.house.name, other.pact.house.account
    script.invoice_number = other.invoice_number
    other.invoice_fen = script.invoice_fen = (script.asked_fen + other.asked_fen) * 13 // 10
    return other


def _invoice_shared(planner: Planner, script: Script) -> None:
    _share_invoice(planner, script)


def _invoice_exceeded(planner: Planner, script: Script) -> None:
    other = _share_invoice(planner, script)
    script.invoice_fen = max(script.asked_fen, other.asked_fen)


def _invoice_blank(planner: Planner, script: Script) -> None:
    _share_invoice(planner, script)
    script.invoice_fen = None


def _no_standard_any_more(planner: Planner, script: Script) -> None:
    ended = next(example for example in EXAMPLES if example.ends_months_before is not None)
    _, last = validity(ended, 2, planner.timeline.until)
    if last is not None and script.obtained_on <= last:
        script.obtained_on = last + timedelta(days=1)


def _asks_too_much(planner: Planner, script: Script) -> None:
    script.asked_fen = script.entitled_fen * 6 // 5


def _wrong_account(planner: Planner, script: Script) -> None:
    script.payee_account = script.payee_account[:-2] + script.payee_account[:-3:-1] + "8"


def _no_account(planner: Planner, script: Script) -> None:
    script.payee_account = ""


def _not_answered(planner: Planner, script: Script) -> None:
    script.requested_on, script.confirmed_on = planner.timeline.back(script.filed_on, 2), None


def _not_asked(planner: Planner, script: Script) -> None:
    script.requested_on = script.confirmed_on = None


def _filed_by_the_agency(planner: Planner, script: Script) -> None:
    script.is_imported = False


CLAIM_FAULTS: dict[str, Callable[[Planner, Script], None]] = {
    "F03_late": _late_filing,
    "F04_paid": _paid_before,
    "F05_paper": _paper_missing,
    "F05_number": _number_malformed,
    "F06_claimed": _claimed_before,
    "F06_shared": _invoice_shared,
    "F06_exceeded": _invoice_exceeded,
    "F06_blank": _invoice_blank,
    "F07_date": _no_standard_any_more,
    "F08": _asks_too_much,
    "F13": _wrong_account,
    "F13_empty": _no_account,
    "F14_waiting": _not_answered,
    "F14_not_asked": _not_asked,
    "F15": _filed_by_the_agency,
}
