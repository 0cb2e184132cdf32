"""A database of many claims, straight in: the benchmark's rows, and no others.

`python -m bench.generate 10000 file.db`. Every constraint is on while it is written. The rows hang
together as if they had been played through the actions (each claim's state, version and amounts are
those of its last event, the kept counts are the counts, the record is a sound chain), with these
savings: papers exist for open claims only, events of the past carry no stored findings, no month
was printed, and the record holds the newest steps only, so that `verify` would rightly miss the
older ones.

The last hundredth of the claims waits for pre-review. For those the findings in short, the digest
and what the standards give are computed by the real rules; for the rest they are drawn.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, insert

from bench import drawing, history, kept_signals
from models.actions.steps import system_actor
from models.clock import now_utc, today
from models.database import create_schema, make_engine, session
from models.rules.claim_workflow import State
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.identifiers import FORMS
from models.rules.passwords import password_hash
from models.rules.roles import Role
from models.rules.working_days import Calendar
from models.tables.agreements import Agreement, Filing, Result
from models.tables.claims import Claim
from models.tables.money import BudgetLine, PolicyRule, Standing
from models.tables.organisations import Agency, AgencyScope, Enterprise, GrowthStage, HnteStatus
from models.tables.people import Account, Grant
from models.tables.reference import ResultKind, Setting
from seed.reference_data import seed_reference

SEED = 20_180_601
PASSWORD = "bench-und-nichts-sonst-1"
REVIEWERS = 8
YEARS = 8
LINE = "K01"
_CHUNK = 20_000
_FASTER_AND_UNSAFE = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-524288")

PEOPLE: dict[str, Role] = {
    "importer": Role.alliance_reviewer,
    "lead": Role.alliance_lead,
    "bureau": Role.bureau,
    "committee": Role.committee,
    "finance": Role.finance,
    **{f"reviewer{number}": Role.alliance_reviewer for number in range(1, REVIEWERS + 1)},
}


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows of each kind.

    Attributes:
        claims: asked for.
        today: the day the last of them was filed.
    """

    claims: int
    today: date

    @property
    def enterprises(self) -> int:
        """Members of the register: at a million claims, more than 100,000."""
        return max(2_000, self.claims * 12 // 100)

    @property
    def agencies(self) -> int:
        """Agencies: they grow slower than their claims."""
        return max(60, min(600, self.claims // 1_000))

    @property
    def agreements(self) -> int:
        """Three agreements bear four claims."""
        return self.claims * 3 // 4 + 1

    @property
    def first_day(self) -> date:
        """The day the first claim was filed."""
        return self.today - timedelta(days=365 * YEARS)

    def filed_on(self, serial: int) -> date:
        """The day the claim of a serial was filed: evenly over the years."""
        return self.first_day + timedelta(days=365 * YEARS * (serial + 1) // self.claims)


def generate(path: Path, claims: int, on: date | None = None) -> None:
    """Write a database of so many claims; a file left half-written is never taken for a whole one.

    Args:
        path: where it will be; it must not exist.
        claims: how many, at least 1,000.
        on: the day the last was filed; today when left out. The same size and day give the same
            rows.
    """
    size = Size(claims, on or today())
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(f"sqlite:///{half}")
    create_schema(engine)
    with session(engine, write=True) as current:
        seed_reference(current, system_actor())
        current.add(_no_pause())
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for pragma in _FASTER_AND_UNSAFE:
            driver.execute(f"PRAGMA {pragma}")
        with connection.begin():
            _write(connection, size)
    engine.dispose()
    _settle(half, size)
    half.rename(path)


def _no_pause() -> Setting:
    """A program reads faster than a person: its decisions are not held up for a second."""
    return Setting(
        key="reading_pause_milliseconds", value=0, valid_from=date(2018, 1, 1),
        confirmed_at_utc=now_utc(),
    )  # fmt: skip


def _settle(half: Path, size: Size) -> None:
    """Compute what waits by the real rules, and leave one file without a log beside it."""
    engine = make_engine(f"sqlite:///{half}")
    history.compute_pending(engine, size.today)
    _forget_log(engine)


def _forget_log(engine: Engine) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _write(connection: Connection, size: Size) -> None:
    draw = Random(SEED)
    noon = instant(size.today)
    _people(connection, noon)
    _policy(connection, size)
    agencies = list(_agencies(draw, size, noon))
    _bulk(connection, Agency, agencies)
    _bulk(connection, AgencyScope, _scopes(size))
    _bulk(connection, Enterprise, _enterprises(draw, size, noon))
    agreements, results, claims = [], [], []
    payees = {agency["id"]: agency["name"] for agency in agencies}
    for agreement, result, claim in _cases(draw, size, payees, _families(connection)):
        if agreement is not None:
            agreements.append(agreement)
        results.append(result)
        claims.append(claim)
        if len(claims) == _CHUNK:
            _flush(connection, agreements, results, claims)
    _flush(connection, agreements, results, claims)
    history.write(connection, size.today)
    kept_signals.write(connection, size.first_day, size.today, Calendar())


def _flush(connection: Connection, *rows: list[dict[str, Any]]) -> None:
    for table, waiting in zip((Agreement, Result, Claim), rows, strict=True):
        _bulk(connection, table, waiting)
        waiting.clear()


def _bulk(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    statement, rows = insert(table.__table__), iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        connection.execute(statement, chunk)


# ---------------------------------------------------------------- people and policy


def _people(connection: Connection, noon: datetime) -> None:
    hashed = password_hash(PASSWORD)
    _bulk(connection, Account, (
        {"id": number, "username": name, "display_name": name, "password_hash": hashed,
         "created_at_utc": noon, "password_changed_at_utc": noon}
        for number, name in enumerate(PEOPLE, start=1)
    ))  # fmt: skip
    _bulk(connection, Grant, (
        {"id": number, "account_id": number, "role": role, "valid_from": date(2015, 1, 1),
         "granted_at_utc": noon}
        for number, role in enumerate(PEOPLE.values(), start=1)
    ))  # fmt: skip


def _policy(connection: Connection, size: Size) -> None:
    noon = instant(size.today)
    years = range(size.first_day.year, size.today.year + 3)
    ceiling_fen = 3_000_000 * max(size.claims, 10_000)
    _bulk(connection, BudgetLine, (
        {"year": year, "code": LINE, "name_zh": "科技创新服务", "ceiling_fen": ceiling_fen,
         "confirmed_at_utc": noon}
        for year in years
    ))  # fmt: skip
    _bulk(connection, PolicyRule, _rules(noon, ceiling_fen))


def _rules(noon: datetime, cap_fen: int) -> Iterator[dict[str, Any]]:
    for number, kind in enumerate(drawing.KINDS, start=1):
        for purpose, payee, yuan in (
            (Purpose.subsidy, Payee.agency, kind.subsidy_yuan),
            (Purpose.reward, Payee.enterprise, kind.reward_yuan),
        ):
            yield {
                "key": f"S-{number:02d}-{purpose.value}", "place": "大连高新区",
                "standing": Standing.in_force, "document": "示例标准", "clause": f"S-{number:02d}",
                "title_zh": "示例补贴标准", "service_code": kind.service, "purpose": purpose,
                "payee": payee, "kind": StandardKind.flat, "parameters": {"amount_fen": yuan * 100},
                "agency_year_cap_fen": cap_fen if purpose is Purpose.subsidy else None,
                "budget_code": LINE, "valid_from": date(2015, 1, 1), "confirmed_at_utc": noon,
            }  # fmt: skip


# ---------------------------------------------------------------- the parties


def _enterprises(draw: Random, size: Size, noon: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, size.enterprises + 1):
        name = drawing.enterprise_name(draw)
        joined_on = drawing.days_before(draw, size.first_day, 300, 900)
        yield {
            "id": number, "uscc": drawing.code_of("MA", number), "name": name,
            "registered_on": drawing.days_before(draw, joined_on, 30, 2_000),
            "district": drawing.district(draw), "industry": drawing.industry(draw),
            "growth_stage": draw.choice(list(GrowthStage)),
            "hnte_status": draw.choice(list(HnteStatus)), "joined_on": joined_on,
            "contact_name": f"联系人 {number}", "payee_name": name,
            "payee_bank": "示例银行大连分行", "payee_account": drawing.account_number(number),
            "changed_at_utc": noon,
        }  # fmt: skip


def _agencies(draw: Random, size: Size, noon: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, size.agencies + 1):
        name = drawing.agency_name(draw)
        yield {
            "id": number, "uscc": drawing.code_of("MB", number), "name": name,
            "joined_on": drawing.days_before(draw, size.first_day, 300, 900),
            "staff_count": draw.randint(5, 60), "payee_name": name,
            "payee_bank": "示例银行大连分行",
            "payee_account": drawing.account_number(5_000_000_000 + number),
            "changed_at_utc": noon,
        }  # fmt: skip


def _scopes(size: Size) -> Iterator[dict[str, Any]]:
    for agency in range(1, size.agencies + 1):
        for kind in drawing.KINDS:
            yield {"agency_id": agency, "service_code": kind.service}


# ---------------------------------------------------------------- the cases


def _families(connection: Connection) -> dict[str, str]:
    """The namespace each kind of result is numbered in."""
    kinds = ResultKind.__table__  # type: ignore[attr-defined]
    return {row.code: FORMS[row.identifier].family for row in connection.execute(kinds.select())}


Case = tuple[dict[str, Any] | None, dict[str, Any], dict[str, Any]]


def _cases(
    draw: Random, size: Size, payees: dict[int, str], families: dict[str, str]
) -> Iterator[Case]:
    """Every claim with its result, and with its agreement where it is the first on it."""
    kinds = draw.choices(drawing.KINDS, [kind.weight for kind in drawing.KINDS], k=size.agreements)
    last = 0
    for serial in range(size.claims):
        number = serial * 3 // 4 + 1
        kind, filed_on = kinds[number - 1], size.filed_on(serial)
        obtained_on = drawing.days_before(draw, filed_on, 5, 25)
        agency = number * 7_919 % size.agencies + 1
        enterprise = number * 104_729 % size.enterprises + 1
        agreement = None
        if number != last:
            last = number
            agreement = _agreement(draw, number, enterprise, agency, kind, obtained_on)
        result = _result(serial, kind, obtained_on, families[kind.code])
        claim = _claim(draw, serial, size, kind, filed_on)
        claim |= {"agreement_id": number, "enterprise_id": enterprise, "agency_id": agency,
                  "payee_name": payees[agency],
                  "payee_account": drawing.account_number(5_000_000_000 + agency)}  # fmt: skip
        yield agreement, result, claim


def _agreement(
    draw: Random, number: int, enterprise: int, agency: int, kind: drawing.Kind, result_on: date
) -> dict[str, Any]:
    signed_on = drawing.days_before(draw, result_on, 100, 200)
    fee_yuan = draw.randint(*kind.fee_yuan)
    return {
        "id": number, "number": f"XY-{number:07d}", "enterprise_id": enterprise,
        "agency_id": agency, "service_code": kind.service, "signed_on": signed_on,
        "fee_fen": (fee_yuan * 3 if draw.random() < 0.02 else fee_yuan) * 100,
        "work_started_on": signed_on + timedelta(days=20), "filing": Filing.confirmed,
        "filing_number": f"BA-{number:07d}", "filing_confirmed_on": signed_on + timedelta(days=9),
        "changed_at_utc": instant(signed_on),
    }  # fmt: skip


def _result(serial: int, kind: drawing.Kind, obtained_on: date, family: str) -> dict[str, Any]:
    printed = drawing.result_number(kind.code, serial, obtained_on)
    return {
        "id": serial + 1, "kind_code": kind.code, "family": family,
        "normalised": printed.removeprefix("ZL"), "printed": printed, "obtained_on": obtained_on,
    }  # fmt: skip


_NEW, _RECENT, _ON_ITS_WAY = 0.0027, 0.0125, 0.03
"""Shares of all claims: those of the last eight days, five weeks, three months."""
_NEWEST = (State.submitted,) * 16 + (State.returned, State.on_hold) + (State.pre_reviewed,) * 4
_ON_THEIR_WAY = (State.applied, State.re_reviewed, State.approved, State.agency_paid)
_OLD = (State.closed,) * 91 + (State.refused,) * 6 + (State.withdrawn,) * 3


def _state(draw: Random, serial: int, size: Size) -> State:
    to_come = (size.claims - 1 - serial) / size.claims
    if to_come < _NEW:
        return State.submitted
    if to_come < _RECENT:
        return draw.choice(_NEWEST)
    return draw.choice(_ON_THEIR_WAY if to_come < _ON_ITS_WAY else _OLD)


def _claim(
    draw: Random, serial: int, size: Size, kind: drawing.Kind, filed_on: date
) -> dict[str, Any]:
    state = _state(draw, serial, size)
    course = history.COURSES[state]
    not_met = state in (State.refused, State.returned) or draw.random() < 0.03
    unknown = int(draw.random() < 0.05)
    return {
        "id": serial + 1, "number": f"{filed_on:%Y-%m}-{serial + 1:07d}", "result_id": serial + 1,
        "service_code": kind.service, "filed_month": f"{filed_on:%Y-%m}", "filed_on": filed_on,
        "asked_fen": kind.subsidy_yuan * 100, "invoice_number": f"{24_000_000 + serial:020d}",
        "invoice_fen": draw.randint(*kind.fee_yuan) * 100, "state": state,
        "held_from": State.submitted if state is State.on_hold else None,
        "version": 1 + len(course), "round": 2 if state is State.returned else 1,
        "waiting_since_on": history.reached_on(filed_on, course),
        "changed_at_utc": history.reached_at(filed_on, course),
        "findings_met": 14 - not_met - unknown, "findings_not_met": int(not_met),
        "findings_unknown": unknown, "findings_warning": 0, "findings_at_utc": instant(filed_on),
    }  # fmt: skip


def instant(day: date) -> datetime:
    """Nine in the morning at the office."""
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


if __name__ == "__main__":
    began = time.perf_counter()
    generate(Path(sys.argv[2]), int(sys.argv[1]))
    print(f"{int(sys.argv[1]):,} claims in {time.perf_counter() - began:.0f} s")
