"""Opening day and what is not a claim: accounts, agencies, members, standards, budget, agreements.

Organisations' and people's data that have an action go through it; what this system takes over from
outside (agencies already admitted, standards, the filing desk's confirmations) is written with its
entry in the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel, col

from models.actions.agencies import remove_agency, suspend_agency
from models.actions.grants import NewGrant, NewTie, declare_tie, grant_role
from models.actions.imports_confirming import confirm_budget_line, confirm_policy_rule
from models.actions.members import add_enterprise
from models.actions.rating_counts import note_columns
from models.actions.record import record
from models.actions.steps import system_actor
from models.clock import now_utc, today
from models.queries.sealing import recorded, sealed
from models.queries.settings import forget_settings, place
from models.rules.admission_terms import Cause, Ground
from models.rules.changes import BANK_ACCOUNTS
from models.rules.entitlement import Purpose
from models.rules.passwords import password_hash
from models.rules.roles import Actor, Role
from models.tables.agreements import Advance, Agreement, Filing
from models.tables.money import BudgetLine, PolicyRule, Standing
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.people import Account
from models.tables.reference import Setting
from seed.year.agreements import Pact
from seed.year.cast import ACCOUNTS, PASSWORD, House, Member
from seed.year.scripts import Script
from seed.year.stage import Stage
from seed.year.standards import (
    ALLIANCE_ACCOUNT,
    ALLIANCE_NAME,
    DOCUMENT,
    EXAMPLES,
    LINES,
    reward_for,
    subsidy_for,
    validity,
)
from seed.year.timeline import at, office_hours

_SHORT = {"优势企业专项": 3_000_000, "示范企业专项": 2_000_000}
_STEP_FEN = 10_000_000
_ENDED = ("refused", "lapsed", "given_up", "withdrawn", "bureau_refuses", "committee_refuses")


def opened(stage: Stage, scripts: list[Script]) -> None:
    """Everything that is there on the first day."""
    _settings(stage)
    for house in stage.cast.houses:
        _admit(stage, house)
    _accounts(stage)
    for member in stage.cast.members[1:]:
        if member.joins_on <= today():
            join(stage, member)
    _standards(stage)
    _budget(stage, scripts)
    _ties(stage)


def joining(stage: Stage, member: Member) -> Iterator[datetime]:
    """A member that joins during the year."""
    join(stage, member)
    yield from ()


def join(stage: Stage, member: Member, username: str = "intake") -> None:
    """Add a member enterprise."""
    uscc = add_enterprise(stage.session, stage.actor(username), member.entry)
    of_code = select(col(Enterprise.id)).where(col(Enterprise.uscc) == uscc)
    member.id = stage.session.execute(of_code).scalar_one() or 0


def filing(stage: Stage, pact: Pact) -> Iterator[datetime]:
    """An agreement filed by its agency and confirmed by the bureau."""
    agreement = _file(stage, pact)
    if pact.confirmed_on is None:
        return
    if pact.is_imported:
        agreement.filing_is_imported = True
    elif pact.confirmed_on > today():
        yield at(pact.confirmed_on, 15 * 60 + pact.id % 100)
        agreement = stage.session.get_one(Agreement, pact.id)
    bureau = stage.actor("bureau")
    agreement.filing = Filing.confirmed
    agreement.filing_number = pact.filing_number
    agreement.filing_confirmed_on = pact.confirmed_on
    agreement.filing_confirmed_by_id = None if pact.is_imported else bureau.account_id
    agreement.work_started_on = pact.started_on
    agreement.changed_at_utc = now_utc()
    stage.session.flush()
    note_columns(stage.session, agreement, {"work_started_on": None, "filing_confirmed_on": None})
    filed = ("filing", "filing_number", "filing_confirmed_on", "work_started_on")
    after = recorded({name: getattr(agreement, name) for name in filed})
    record(stage.session, bureau, "confirm_filing", f"agreement:{pact.number}", None, after)


def sendings(stage: Stage) -> Iterator[datetime]:
    """The lead sends each month's unified application."""
    for month in stage.timeline.months[:-1]:
        yield stage.timeline.sending(month)
        stage.send(month)


def troubles(stage: Stage) -> Iterator[datetime]:
    """One agency leaves, another is suspended."""
    lead, cast = stage.actor("lead"), stage.cast
    for house, act in ((cast.removed, _remove), (cast.suspended, _suspend)):
        on = house.leaves_on
        if on is not None:
            yield at(stage.timeline.forward(on, 1), 10 * 60)
            act(stage.session, lead, house.uscc, on, "考评不合格，经联盟研究决定。")


def _suspend(session: Any, actor: Actor, uscc: str, on: date, reason: str) -> None:
    suspend_agency(session, actor, uscc, on, None, reason, _failed(on))


def _remove(session: Any, actor: Actor, uscc: str, on: date, reason: str) -> None:
    remove_agency(session, actor, uscc, on, reason, _failed(on))


def _failed(on: date) -> Cause:
    return Cause(Ground.rating, f"{on.year} 年演示考评")


# ---------------------------------------------------------------- opening day


def _keep(stage: Stage, row: SQLModel, verb: str, subject: str, after: dict[str, Any]) -> None:
    stage.session.add(row)
    stage.session.flush()
    record(stage.session, system_actor(), verb, subject, None, after)


def _settings(stage: Stage) -> None:
    values: dict[str, Any] = {
        "is_demonstration": True,
        "alliance_payee_name": ALLIANCE_NAME,
        "alliance_payee_account": ALLIANCE_ACCOUNT,
    }
    for key, value in values.items():
        row = Setting(key=key, value=value, valid_from=date(2018, 1, 1), confirmed_at_utc=now_utc())
        kept = sealed(value) if key in BANK_ACCOUNTS else value
        after = {"valid_from": "2018-01-01", "value": kept}
        _keep(stage, row, "confirm_setting", f"setting:{key}", after)
    forget_settings(stage.session)


def _admit(stage: Stage, house: House) -> None:
    has_account = house is not stage.cast.without_account
    agency = Agency(
        uscc=house.uscc,
        name=house.name,
        registered_on=house.registered_on,
        joined_on=house.joins_on,
        staff_count=house.staff_count,
        contact_name=f"机构联系人 {house.number:02d}",
        contact_phone=f"0411-1000{house.number:04d}",
        payee_name=house.name if has_account else "",
        payee_bank="示例银行大连高新区支行" if has_account else "",
        payee_account=house.account if has_account else "",
        changed_at_utc=now_utc(),
    )
    entry = agency.model_dump(exclude={"id", "version", "changed_at_utc"})
    after = recorded(entry) | {"scopes": sorted(house.services)}
    _keep(stage, agency, "add_agency", f"agency:{house.uscc}", after)
    house.id = agency.id or 0
    stage.session.add_all(
        AgencyScope(agency_id=house.id, service_code=code) for code in house.services
    )


def _accounts(stage: Stage) -> None:
    """One hash for all: the password is printed on the sign-in screen, and hashing is slow on
    purpose."""
    shared, now = password_hash(PASSWORD), now_utc()
    houses = {house.username: house for house in stage.cast.houses}
    for username, name, role in ACCOUNTS:
        first = stage.cast.members[0]
        if role is Role.enterprise:
            join(stage, first, "reviewer")
        account = Account(
            username=username,
            display_name=name,
            password_hash=shared,
            agency_id=houses[username].id if role is Role.agency else None,
            enterprise_id=first.id if role is Role.enterprise else None,
            created_at_utc=now,
            password_changed_at_utc=now,
        )
        _keep(stage, account, "add_account", f"account:{username}", {"name": name})
        grant_role(stage.session, system_actor(), account.id or 0, NewGrant(role, today()))


def _standards(stage: Stage) -> None:
    """Drafted by a reviewer, confirmed by the lead: two versions of each."""
    drafter, confirmer = stage.actor("reviewer"), stage.actor("lead")
    for example in EXAMPLES:
        for version in (1, 2):
            valid_from, valid_to = validity(example, version, stage.timeline.until)
            row = PolicyRule(
                key=example.key,
                version=version,
                place=place(stage.session),
                standing=Standing.example,
                document=DOCUMENT,
                clause=example.key,
                title_zh=f"{DOCUMENT} {example.key} {example.title}",
                title_en=f"Example standard {example.key}. {example.title_en}",
                service_code=example.service,
                result_kind_code=example.result_kind,
                purpose=example.purpose,
                payee=example.payee,
                kind=example.kind,
                parameters=example.parameters,
                agency_year_cap_fen=_fen(example.agency_cap),
                enterprise_year_cap_fen=_fen(example.enterprise_cap),
                budget_code=example.line,
                valid_from=valid_from,
                valid_to=valid_to,
                drafted_by_id=drafter.account_id,
            )
            stage.session.add(row)
            stage.session.flush()
            confirm_policy_rule(stage.session, confirmer, row.id or 0)


def _budget(stage: Stage, scripts: list[Script]) -> None:
    drafter, confirmer = stage.actor("reviewer"), stage.actor("lead")
    year = stage.timeline.until.year
    for at_year in (year - 1, year):
        for code, name, name_en in LINES:
            row = BudgetLine(
                year=at_year,
                code=code,
                name_zh=name,
                name_en=name_en,
                ceiling_fen=_ceiling(stage, scripts, at_year, code),
                drafted_by_id=drafter.account_id,
            )
            stage.session.add(row)
            stage.session.flush()
            confirm_budget_line(stage.session, confirmer, row.id or 0)


def _ceiling(stage: Stage, scripts: Iterable[Script], year: int, code: str) -> int:
    """Believable: a sixth above what twelve months ask; the two small lines run out in the open
    month."""
    asked = [script for script in scripts if script.course not in _ENDED and not script.is_open]
    margin = _SHORT.get(code)
    if margin is not None:
        in_year = [script for script in asked if _may_be_approved_in(stage, script, year)]
        return margin + sum(_drawn(script, code) for script in in_year)
    total = sum(_drawn(script, code) for script in asked) * 7 // 6
    return max(2 * _STEP_FEN, -(-total // _STEP_FEN) * _STEP_FEN)


def _may_be_approved_in(stage: Stage, script: Script, year: int) -> bool:
    """The committee decides within eleven weeks of the sending."""
    sent = stage.timeline.sending(script.month)
    return year in (sent.year, (sent + timedelta(days=77)).year)


def _drawn(script: Script, code: str) -> int:
    """What a claim takes from a line, subsidy and reward."""
    subsidy = subsidy_for(script.pact.service, script.result_kind)
    reward = reward_for(script.pact.service, script.result_kind)
    taken = script.asked_fen if subsidy is not None and subsidy.line == code else 0
    if reward is not None and reward.purpose is Purpose.reward and reward.line == code:
        taken += reward.amount * 100
    return taken


def _ties(stage: Stage) -> None:
    """One reviewer's relative works for an agency; an agency holds shares in an enterprise."""
    reviewer2, agency02 = stage.actor("reviewer2"), stage.actor("agency02")
    declare_tie(
        stage.session, reviewer2, reviewer2.account_id,
        NewTie("近亲属任职", today(), agency_id=stage.cast.houses[6].id),
    )  # fmt: skip
    declare_tie(
        stage.session, agency02, agency02.account_id,
        NewTie("持有股权", today(), enterprise_id=stage.cast.tied_member.id),
    )  # fmt: skip


def _fen(yuan: int | None) -> int | None:
    return None if yuan is None else yuan * 100


# ---------------------------------------------------------------- agreements


def _file(stage: Stage, pact: Pact) -> Agreement:
    is_draft = pact.filing is Filing.draft
    agreement = Agreement(
        number=pact.number,
        enterprise_id=pact.member.id,
        agency_id=pact.house.id,
        service_code=pact.service,
        signed_on=pact.signed_on,
        fee_fen=pact.fee_fen,
        upfront_fee_fen=pact.upfront_fen,
        filing=pact.filing if is_draft or pact.filing is Filing.returned else Filing.filed,
        changed_at_utc=now_utc(),
    )
    stage.session.add(agreement)
    stage.session.flush()
    pact.id = agreement.id or 0
    if pact.advance_fen and pact.started_on is not None:
        stage.session.add(
            Advance(agreement_id=pact.id, amount_fen=pact.advance_fen, advanced_on=pact.started_on)
        )
    actor = stage.actor(pact.house.username)
    stated = ("enterprise_id", "agency_id", "service_code", "signed_on", "fee_fen",
              "upfront_fee_fen", "filing")  # fmt: skip
    after = recorded({name: getattr(agreement, name) for name in stated})
    record(stage.session, actor, "file_agreement", f"agreement:{pact.number}", None, after)
    return agreement


def filing_time(stage: Stage, pact: Pact) -> datetime:
    """When an agreement is filed here; what is older than the system, on its first days."""
    day = max(pact.filed_on, stage.timeline.forward(stage.timeline.opens_on, 1))
    return at(day, 9 * 60 + (pact.fee_fen // 100) % 400)


def joining_time(stage: Stage, member: Member) -> datetime:
    """When a member of the year is entered."""
    return office_hours(member.joins_on, Random(member.entry.uscc))
