"""A demonstration-like field of agencies, written row by row: two years of agreements, claims and
answers of agencies that are not alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import Engine, insert

from models.actions.rating_recount import recount
from models.actions.steps import system_actor
from models.database import session
from models.rules.agreement_life import Attribution, CostBearer, Outcome
from models.rules.claim_workflow import Action, State
from models.rules.roles import Office
from models.tables.agreement_life import AgreementResult
from models.tables.agreements import Agreement, Confirmation, ConfirmationBasis, Filing, Result
from models.tables.claims import Claim, ClaimEvent
from models.tables.organisations import Admission, Agency, Enterprise
from models.tables.people import Account
from seed.reference_data import seed_reference
from tests.world import NOON, TODAY

AGENCIES, AGREEMENTS = 14, 420
KINDS = {
    "software_copyright": "software_registration",
    "utility_model": "utility_grant",
    "hnte_first": "hnte_first_cert",
    "novelty_search": "novelty_report",
}
_FIRST = date(2025, 6, 2)

P, R, X = Action.pass_pre_review, Action.return_pre_review, Action.refuse_pre_review
COURSES: tuple[tuple[tuple[Action, ...], State, tuple[str, ...]], ...] = (
    ((P, Action.apply), State.applied, ()),
    ((P,), State.pre_reviewed, ()),
    ((P, Action.undo_pre_review, R), State.returned, ()),
    ((P, Action.undo_pre_review, P, Action.apply), State.applied, ()),
    ((R, Action.submit, P), State.pre_reviewed, ()),
    ((R, Action.lapse), State.withdrawn, ()),
    ((X,), State.refused, ("R01",)),
    ((X,), State.refused, ("R10",)),
    ((X, Action.reopen, P), State.pre_reviewed, ("R10",)),
    ((P, Action.apply, Action.refuse_office), State.refused, ("R01", "R10")),
    ((P, Action.apply, Action.ask_agency), State.returned, ()),
    ((), State.submitted, ()),
)
"""The steps after a claim was submitted, where it stands, and the reasons of a refusal."""


@dataclass
class Field:
    """The database."""

    engine: Engine


def make_field(engine: Engine) -> Field:
    """The field in an empty database; the clock must stand at `NOON`."""
    draw = Random(20_150_453)
    with session(engine, write=True) as current:
        seed_reference(current, system_actor())
        connection = current.connection()
        for table, rows in _rows(draw).items():
            connection.execute(insert(table.__table__), rows)
        recount(current)
    return Field(engine)


def _rows(draw: Random) -> dict[Any, list[dict[str, Any]]]:
    rows: dict[Any, list[dict[str, Any]]] = {
        Account: [{"id": 1, "username": "somebody", "display_name": "某人", "password_hash": "-",
                   "created_at_utc": NOON, "password_changed_at_utc": NOON}],
        Enterprise: [_party(number, "企业") for number in range(1, 31)],
        Agency: [_agency(number) for number in range(1, AGENCIES + 1)],
        Agreement: [], Result: [], AgreementResult: [], Claim: [], ClaimEvent: [], Confirmation: [],
    }  # fmt: skip
    for number in range(1, AGREEMENTS + 1):
        _agreement(draw, number, rows)
    return rows


def _party(number: int, kind: str) -> dict[str, Any]:
    return {"id": number, "uscc": f"91{kind}{number:04d}", "name": f"{kind} {number}",
            "joined_on": date(2024, 1, 1), "changed_at_utc": NOON}  # fmt: skip


def _agency(number: int) -> dict[str, Any]:
    changed: dict[int, dict[str, Any]] = {
        11: {"admission": Admission.applied},
        12: {"admission": Admission.removed, "removed_on": date(2026, 4, 30)},
        13: {"joined_on": date(2026, 8, 3)},
        14: {"admission": Admission.removed, "removed_on": date(2025, 9, 1)},
    }
    plain = {"admission": Admission.admitted, "removed_on": None}
    return _party(number, "机构") | plain | changed.get(number, {})


def _agreement(draw: Random, number: int, rows: dict[Any, list[dict[str, Any]]]) -> None:
    agency, service = number % AGENCIES + 1, draw.choice(list(KINDS))
    begun = _FIRST + timedelta(days=draw.randrange(500))
    outcome = draw.choices(list(Outcome), (60, 20, 5 + agency, 5))[0]
    concluded_on = min(begun + timedelta(days=draw.randrange(20, 200)), TODAY)
    is_failed = outcome is Outcome.failed
    rows[Agreement].append({
        "id": number, "number": f"XY-{number:04d}", "enterprise_id": number % 30 + 1,
        "agency_id": agency, "service_code": service, "signed_on": begun - timedelta(days=20),
        "fee_fen": 100_000, "upfront_fee_fen": 50_000 * (draw.random() < 0.01),
        "work_started_on": begun if draw.random() < 0.9 else None, "filing": Filing.confirmed,
        "filing_confirmed_on": None if number % 23 == 0 else begun - timedelta(days=3),
        "changed_at_utc": NOON,
        "outcome": outcome, "concluded_on": None if outcome is Outcome.open else concluded_on,
        "attribution": draw.choice(list(Attribution)) if is_failed else None,
        "cost_bearer": CostBearer.agency if is_failed else None,
    })  # fmt: skip
    if outcome is Outcome.succeeded and draw.random() < 0.8:
        result = _result(draw, service, begun, concluded_on, rows)
        rows[AgreementResult].append({
            "result_id": result, "agreement_id": number, "recorded_by_id": 1,
            "recorded_at_utc": NOON,
        })  # fmt: skip
    for _ in range(draw.choice((0, 1, 1, 2)) if outcome is not Outcome.failed else 0):
        _claim(draw, rows, begun)


def _result(
    draw: Random, service: str, begun: date, latest: date, rows: dict[Any, list[dict[str, Any]]]
) -> int:
    number = len(rows[Result]) + 1
    obtained_on = min(begun + timedelta(days=draw.randrange(-5, 120)), latest)
    rows[Result].append({
        "id": number, "kind_code": KINDS[service], "family": "free", "normalised": f"{number}",
        "printed": f"{number}", "obtained_on": obtained_on,
    })  # fmt: skip
    return number


def _claim(draw: Random, rows: dict[Any, list[dict[str, Any]]], begun: date) -> None:
    agreement, number = rows[Agreement][-1], len(rows[Claim]) + 1
    good = 12 - agreement["agency_id"] // 2
    weights = (6 * good, good, 1, 2, 9, 2, 3, 1, 1, 1, 2, 2)
    actions, state, reasons = draw.choices(COURSES, weights)[0]
    result = _result(draw, agreement["service_code"], begun, TODAY, rows)
    filed_on = min(rows[Result][-1]["obtained_on"] + timedelta(days=9), TODAY)
    of = {name: agreement[name] for name in ("enterprise_id", "agency_id", "service_code")}
    rows[Claim].append({
        "id": number, "number": f"C-{number:04d}", "agreement_id": agreement["id"], **of,
        "result_id": result, "filed_month": f"{filed_on:%Y-%m}", "filed_on": filed_on,
        "asked_fen": 1_000, "state": state, "waiting_since_on": filed_on, "changed_at_utc": NOON,
        "resume_at": State.applied if Action.ask_agency in actions else None,
    })  # fmt: skip
    at = datetime.combine(filed_on, time(7, 50), UTC)
    for position, action in enumerate(actions, start=1):
        at += timedelta(minutes=9 if action is Action.undo_pre_review else draw.randrange(9, 9_000))
        rows[ClaimEvent].append({
            "claim_id": number, "position": position, "action": action,
            "from_state": State.submitted, "to_state": state, "office": Office.pre_review,
            "round": position, "is_decision": False, "at_utc": at, "version": position,
            "reasons": list(reasons) if action in (X, Action.refuse_office) else ["R02"],
            "findings": [],
        })  # fmt: skip
    if draw.random() < 0.8:
        _answer(draw, rows, agreement["id"], result, filed_on)


def _answer(
    draw: Random, rows: dict[Any, list[dict[str, Any]]], agreement: int, result: int, on: date
) -> None:
    basis = draw.choice(list(ConfirmationBasis))
    is_deemed = basis is ConfirmationBasis.deemed
    is_denied = basis is ConfirmationBasis.given and draw.random() < 0.1
    rows[Confirmation].append({
        "agreement_id": agreement, "result_id": result, "basis": basis, "requested_on": on,
        "confirmed_on": None if draw.random() < 0.1 else on + timedelta(days=2),
        "paid_before_fen": None if is_deemed else 10_000 * (draw.random() < 0.01),
        "satisfaction": None if is_deemed or is_denied else draw.randint(1, 5),
        "is_denied": is_denied, "recorded_at_utc": NOON,
    })  # fmt: skip
