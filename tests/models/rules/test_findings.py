"""Findings: cases an official can read, every verdict there is, and what holds of any claim."""

import csv
import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import claim_facts as cf
from models.rules.claim_facts import ClaimFacts
from models.rules.claim_workflow import State
from models.rules.entitlement import Payee, Purpose, Standard, StandardKind
from models.rules.findings import (
    CONDITION_OF,
    CONDITIONS,
    VERDICT_NAMES,
    Finding,
    Summary,
    Verdict,
    all_met,
    blocking_not_met,
    blocking_unknown,
    by_exception,
    changed_verdicts,
    deemed_on,
    facts_digest,
    findings,
    money_of,
    summary,
)
from models.rules.identifiers import IdentifierKind, reading
from models.rules.money import fen_from_yuan, yuan
from models.rules.wording import Wording
from models.rules.working_days import Calendar
from tests.cases import cases

TABLE = cases("findings")
CODES = tuple(f"F{number:02d}" for number in range(1, 16))
CASES = [(code, case) for code in CODES for case in TABLE[code]]
CALENDAR = Calendar()
REASONS_FILE = Path(__file__).parents[3] / "seed" / "reference" / "reason_codes.csv"
with REASONS_FILE.open(encoding="utf-8", newline="") as lines:
    REASONS = {row["code"]: row for row in csv.DictReader(lines)}
EXCEPTIONS = {Verdict.not_met, Verdict.unknown, Verdict.warning}


# ---------------------------------------------------------------- from the table to facts


def merged(sample: Any, change: Any) -> Any:
    """The sample with the change laid over it, table by table."""
    if not (isinstance(sample, dict) and isinstance(change, dict)):
        return change
    return sample | {key: merged(sample.get(key), value) for key, value in change.items()}


def plain(value: Any) -> Any:
    """无 is nothing, yuan are fen, a list is a tuple."""
    match value:
        case dict():
            return dict(plain_field(name, item) for name, item in value.items())
        case list():
            return tuple(map(plain, value))
        case "无":
            return None
        case _:
            return value


def plain_field(name: str, value: Any) -> tuple[str, Any]:
    if name.endswith("_yuan"):
        fen = None if value == "无" else fen_from_yuan(value)
        return f"{name.removesuffix('_yuan')}_fen", fen
    return name, plain(value)


def claim_of(table: Mapping[str, Any]) -> ClaimFacts:
    """The facts that a table of the cases file describes."""
    told = plain(table)
    result = told["result"]
    number = reading(IdentifierKind(result.pop("identifier")), result.pop("printed"))
    parts = {
        "state": State(told["state"]),
        "papers": frozenset(told["papers"]),
        "enterprise": cf.EnterpriseFacts(**told["enterprise"]),
        "agency": cf.AgencyFacts(**told["agency"] | {"scope": frozenset(told["agency"]["scope"])}),
        "agreement": cf.AgreementFacts(**told["agreement"]),
        "service": cf.ServiceFacts(**told["service"]),
        "result": cf.ResultFacts(reading=number, **result),
        "on_result": others(told.get("on_result", ())),
        "on_invoice": others(told.get("on_invoice", ())),
        "subsidy": standard_of(told["subsidy"], Purpose.subsidy),
        "reward": standard_of(told["reward"], Purpose.reward),
        "caps": tuple(cf.CapFacts(**cap) for cap in told["caps"]),
        "subsidy_budget": told["subsidy_budget"] and cf.BudgetFacts(**told["subsidy_budget"]),
        "reward_budget": told["reward_budget"] and cf.BudgetFacts(**told["reward_budget"]),
        "confirmation": told["confirmation"] and cf.ConfirmationFacts(**told["confirmation"]),
        "ties": tuple(cf.ChainTie(**tie) for tie in told.get("ties", ())),
        "settings": cf.ReviewSettings(**told.get("settings", {})),
    }
    return ClaimFacts(**told | parts)


def others(told: tuple[dict[str, Any], ...]) -> tuple[cf.OtherClaim, ...]:
    return tuple(cf.OtherClaim(**other | {"state": State(other["state"])}) for other in told)


def standard_of(told: dict[str, Any] | None, purpose: Purpose) -> cf.StandardFacts | None:
    if told is None:
        return None
    own = ("title", "payee", "budget_code", "valid_from", "granted_this_year_fen")
    parameters = {name: value for name, value in told.items() if name not in own}
    parameters["kind"] = StandardKind(told["kind"])
    return cf.StandardFacts(
        key=told["key"],
        version=told["version"],
        title=told["title"],
        standard=Standard(document="example", clause="1", purpose=purpose, **parameters),
        payee=Payee(told["payee"]),
        budget_code=told["budget_code"],
        valid_from=told["valid_from"],
        granted_this_year_fen=told.get("granted_this_year_fen", 0),
    )


def claim_with(change: Mapping[str, Any] | None = None) -> ClaimFacts:
    return claim_of(merged(deepcopy(TABLE["claim"]), change or {}))


def found(change: Mapping[str, Any] | None = None) -> tuple[Finding, ...]:
    return findings(claim_with(change), CALENDAR)


SAMPLE = claim_with()


# ---------------------------------------------------------------- the cases


@pytest.mark.parametrize(("code", "case"), CASES, ids=[f"{c} {case['what']}" for c, case in CASES])
def test_a_case(code: str, case: dict[str, Any]) -> None:
    finding = found(case.get("change"))[CODES.index(code)]
    assert finding.verdict == case["verdict"]
    assert str(finding.fact) == case["fact"]
    if "fix" in case or finding.fix is None:
        assert (None if finding.fix is None else str(finding.fix)) == case.get("fix")
    assert list(finding.reason_codes) == case.get("reasons", [])
    assert finding.clause == case.get("clause", CONDITION_OF[code].basis)


def test_every_verdict_of_every_condition_has_a_case_or_cannot_be() -> None:
    shown = {(code, case["verdict"]) for code, case in CASES}
    never = {(code, verdict) for code in CODES for verdict in TABLE["never"][code]}
    assert shown & never == set()
    assert shown | never == {(code, verdict.value) for code in CODES for verdict in Verdict}
    assert all(reason for row in TABLE["never"].values() for reason in row.values())


def test_the_sample_meets_everything() -> None:
    assert summary(found()) == Summary(met=15)
    assert all_met(found())


# ---------------------------------------------------------------- the table of conditions


def test_the_table_holds_fifteen_conditions_in_order() -> None:
    assert tuple(condition.code for condition in CONDITIONS) == CODES
    assert list(CONDITION_OF.values()) == list(CONDITIONS)
    assert [c.code for c in CONDITIONS if not c.is_blocking] == ["F09", "F11", "F12", "F14"]
    assert len({condition.title for condition in CONDITIONS}) == 15
    assert set(VERDICT_NAMES) == set(Verdict)


def test_a_fact_fits_on_two_lines() -> None:
    facts = [str(f.fact) for _, case in CASES for f in found(case.get("change"))]
    assert max(map(len, facts)) <= 60


# ---------------------------------------------------------------- the reasons


def test_every_reason_says_what_to_do() -> None:
    columns = ("code", "name_zh", "name_en", "remedy_zh", "remedy_en", "basis")
    widths = (4, 60, 100, 200, 300, 80)
    for row in REASONS.values():
        assert tuple(row) == columns
        assert all(0 < len(row[c]) <= width for c, width in zip(columns, widths, strict=True))
        assert (row["name_en"] + row["remedy_en"]).isascii()
    numbered = [code for code in REASONS if code != "R99"]
    assert numbered == [f"R{number:02d}" for number in range(1, len(numbered) + 1)]
    assert len(numbered) >= 16


def test_every_reason_but_two_is_given_by_some_finding() -> None:
    given_codes = {code for _, case in CASES for code in case.get("reasons", ())}
    assert set(REASONS) - given_codes == {"R10", "R99"}  # fraud and other: people find those


# ---------------------------------------------------------------- any claim at all

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
FEN = st.integers(0, 10_000_000)
NUMBERS = st.sampled_from(["GR202621000318", "GR2026", "", "91350211M00013FA1N", "A 1"])
PAPERS = [("M01", "服务协议"), ("M02", "成果证书"), ("M03", "成果交接单")]
ACCOUNTS = st.sampled_from(["", "62220001", "6222 0001", "62220002"])
NAMES = st.sampled_from(["", "甲（大连）公司", "甲(大连)公司", "乙公司"])


def a(cls: type, **known: Any) -> st.SearchStrategy[Any]:
    """Any instance: days, amounts and accounts from small ranges, so that they meet."""
    return st.builds(
        cls, **{field.name: any_of(field.name, field.type) for field in fields(cls)} | known
    )


def any_of(name: str, written_type: Any) -> st.SearchStrategy[Any]:
    if name in PARTS:
        return PARTS[name]
    base, _, optional = str(written_type).partition(" | ")
    some = {"date": DAYS, "bool": st.booleans(), "str": st.sampled_from(["甲", "乙"])}.get(base)
    if some is None:
        some = FEN if name.endswith("_fen") else st.integers(1, 60)
    return st.none() | some if optional else some


PARTS: dict[str, st.SearchStrategy[Any]] = {
    "payee_name": NAMES,
    "payee_account": ACCOUNTS,
    "alliance_payee_name": NAMES,
    "alliance_payee_account": ACCOUNTS,
    "invoice_number": st.sampled_from(["", "1"]),
    "state": st.sampled_from(State),
    "ended_suspensions": st.lists(st.tuples(DAYS, DAYS), max_size=2).map(tuple),
    "scope": st.frozensets(st.sampled_from(["甲", "乙"])),
    "papers": st.frozensets(st.sampled_from([*(code for code, _ in PAPERS), "M99"])),
    "paper_files": st.lists(
        st.tuples(st.sampled_from([code for code, _ in PAPERS]), st.sampled_from(["a", "b"]))
    ).map(tuple),
    "papers_needed": st.lists(st.sampled_from(PAPERS), unique=True).map(tuple),
    "people": st.lists(st.sampled_from(["丙", "丁"]), unique=True).map(tuple),
    "reading": st.builds(reading, st.sampled_from(IdentifierKind), NUMBERS),
    "payee": st.sampled_from(Payee),
}
PARTS["standard"] = a(
    Standard,
    version=st.just(1),
    document=st.just("example"),
    clause=st.just("1"),
    kind=st.sampled_from(StandardKind),
    purpose=st.sampled_from(Purpose),
)
for part in (cf.EnterpriseFacts, cf.AgencyFacts, cf.AgreementFacts, cf.ServiceFacts):
    PARTS[part.__name__.removesuffix("Facts").lower()] = a(part)
PARTS["result"] = a(cf.ResultFacts)
PARTS["settings"] = a(cf.ReviewSettings)
PARTS["subsidy"] = PARTS["reward"] = st.none() | a(cf.StandardFacts)
PARTS["subsidy_budget"] = PARTS["reward_budget"] = st.none() | a(cf.BudgetFacts)
PARTS["confirmation"] = st.none() | a(cf.ConfirmationFacts)
PARTS["on_result"] = PARTS["on_invoice"] = st.lists(a(cf.OtherClaim), max_size=2).map(tuple)
PARTS["caps"] = st.lists(a(cf.CapFacts), max_size=2).map(tuple)
PARTS["ties"] = st.lists(a(cf.ChainTie), max_size=1).map(tuple)
CLAIMS = a(ClaimFacts)


@given(CLAIMS)
def test_any_claim_gets_fifteen_findings_that_explain_themselves(facts: ClaimFacts) -> None:
    taken = findings(facts, CALENDAR)
    assert tuple(finding.code for finding in taken) == CODES
    assert taken == findings(facts, CALENDAR)
    for finding in taken:
        assert finding.verdict not in TABLE["never"][finding.code]
        assert str(finding.fact)
        assert finding.clause
        assert (finding.fix is not None) == (finding.verdict in EXCEPTIONS)
        is_open = finding.verdict in (Verdict.not_met, Verdict.unknown)
        assert bool(finding.reason_codes) == is_open
        assert set(finding.reason_codes) <= set(REASONS)


@given(CLAIMS)
def test_a_finding_is_stored_and_read_back(facts: ClaimFacts) -> None:
    for finding in findings(facts, CALENDAR):
        stored = json.loads(json.dumps(finding.as_json()))
        assert Finding.from_json(stored) == finding


@given(CLAIMS)
def test_no_fact_tells_an_account_number(facts: ClaimFacts) -> None:
    said = "".join(f"{finding.fact}{finding.fix}" for finding in findings(facts, CALENDAR))
    assert not re.search("6222 ?000", said)


@given(CLAIMS, FEN)
def test_asking_less_never_breaks_what_held(facts: ClaimFacts, less_fen: int) -> None:
    less = replace(facts, asked_fen=min(facts.asked_fen, less_fen))
    for code in ("F08", "F09", "F10"):
        before, after = verdict(facts, code), verdict(less, code)
        assert before is not Verdict.met or after is Verdict.met


@given(CLAIMS, FEN)
def test_more_room_never_breaks_what_held(facts: ClaimFacts, more_fen: int) -> None:
    wider = replace(
        facts,
        caps=tuple(replace(cap, ceiling_fen=cap.ceiling_fen + more_fen) for cap in facts.caps),
        subsidy_budget=widened(facts.subsidy_budget, more_fen),
        reward_budget=widened(facts.reward_budget, more_fen),
    )
    for code in ("F09", "F10"):
        assert verdict(facts, code) is not Verdict.met or verdict(wider, code) is Verdict.met


@given(CLAIMS)
def test_claims_ahead_warn_and_never_stop(facts: ClaimFacts) -> None:
    """What waits ahead may come to nothing: alone it is no reason to refuse."""
    free = replace(
        facts,
        caps=tuple(replace(cap, ahead_fen=0) for cap in facts.caps),
        subsidy_budget=nobody_ahead(facts.subsidy_budget),
        reward_budget=nobody_ahead(facts.reward_budget),
    )
    for code in ("F09", "F10"):
        told = {verdict(facts, code), verdict(free, code)}
        assert len(told) == 1 or told == {Verdict.warning, Verdict.met}


@given(CLAIMS, DAYS)
def test_the_day_alone_moves_only_what_depends_on_it(facts: ClaimFacts, today: date) -> None:
    moved = changed_verdicts(
        findings(facts, CALENDAR), findings(replace(facts, today=today), CALENDAR)
    )
    assert set(moved) <= {"F02", "F14"}


@given(CLAIMS)
def test_money_to_the_alliance_is_never_in_the_safe_set(facts: ClaimFacts) -> None:
    if facts.subsidy is not None and facts.subsidy.payee is Payee.alliance:
        assert not all_met(findings(facts, CALENDAR))


def verdict(facts: ClaimFacts, code: str) -> Verdict:
    return findings(facts, CALENDAR)[CODES.index(code)].verdict


def widened(line: cf.BudgetFacts | None, more_fen: int) -> cf.BudgetFacts | None:
    return line and replace(line, ceiling_fen=line.ceiling_fen + more_fen)


def nobody_ahead(line: cf.BudgetFacts | None) -> cf.BudgetFacts | None:
    return line and replace(line, ahead_fen=0)


# ---------------------------------------------------------------- taken together


@given(CLAIMS)
def test_the_summary_counts_every_finding_once(facts: ClaimFacts) -> None:
    taken = findings(facts, CALENDAR)
    counts = summary(taken)
    assert sum(getattr(counts, verdict.value) for verdict in Verdict) == 15
    assert all_met(taken) == (counts.met + counts.not_applicable == 15)


@given(CLAIMS)
def test_exceptions_come_first_each_in_the_order_of_the_table(facts: ClaimFacts) -> None:
    taken = findings(facts, CALENDAR)
    ordered = by_exception(taken)
    assert sorted(ordered, key=lambda finding: finding.code) == list(taken)
    gravity = ["not_met", "unknown", "warning", "met", "not_applicable"]
    places = [(gravity.index(finding.verdict), finding.code) for finding in ordered]
    assert places == sorted(places)


def test_what_blocks_and_what_only_advises() -> None:
    late_and_unfiled = {
        "agreement": {"filing_confirmed_on": "无"},
        "filed_on": date(2026, 10, 15),
        "agency": {"payee_name": ""},
        "confirmation": "无",
    }
    taken = found(late_and_unfiled)
    assert [finding.code for finding in blocking_not_met(taken)] == ["F03"]
    assert [finding.code for finding in blocking_unknown(taken)] == ["F13"]
    assert summary(taken) == Summary(met=11, not_met=2, unknown=2)
    assert not all_met(taken)


def test_what_does_not_apply_is_not_in_the_way() -> None:
    taken = found({"caps": []})
    assert summary(taken) == Summary(met=14, not_applicable=1)
    assert all_met(taken)


def test_changed_verdicts() -> None:
    before = found()
    after = found({"papers": ["M01"], "agreement": {"fee_yuan": 100}})
    assert changed_verdicts(before, before) == ()
    assert changed_verdicts(before, after) == ("F05", "F12")
    assert changed_verdicts(after, before) == ("F05", "F12")
    assert changed_verdicts(before[:14], after) == ("F05", "F12", "F15")


# ---------------------------------------------------------------- what the standards give


def test_the_amounts_are_those_of_the_standards() -> None:
    amounts = money_of(SAMPLE)
    assert amounts.subsidy is not None
    assert amounts.reward is not None
    assert yuan(amounts.subsidy.amount_fen or 0) == "50,000.00"
    assert yuan(amounts.reward.amount_fen or 0) == "20,000.00"
    assert str(amounts.subsidy.words) == "定额 50,000 元"


def test_a_share_is_taken_of_the_basis() -> None:
    share = {"kind": "percent", "amount_yuan": "无", "percent_hundredths": 3000}
    amounts = money_of(claim_with({"subsidy": share}))
    assert amounts.subsidy is not None
    assert yuan(amounts.subsidy.amount_fen or 0) == "10,800.00"


def test_without_a_standard_there_is_no_amount() -> None:
    amounts = money_of(claim_with({"subsidy": "无", "reward": "无"}))
    assert (amounts.subsidy, amounts.reward) == (None, None)


def test_the_day_from_which_silence_is_deemed() -> None:
    settings = cf.ReviewSettings(deemed_after_working_days=10)
    assert deemed_on(date(2026, 11, 13), settings, CALENDAR) == date(2026, 11, 27)


# ---------------------------------------------------------------- the digest


def digest_of(facts: ClaimFacts) -> str:
    return facts_digest(facts, findings(facts, CALENDAR))


def leaves(value: Any, path: str = "") -> list[str]:
    """The address of every single fact: `agreement.signed_on`."""
    if not is_dataclass(value) or path.endswith((".reading", ".standard")):
        return [path]
    return [
        leaf
        for field in fields(value)
        for leaf in leaves(getattr(value, field.name), f"{path}.{field.name}".lstrip("."))
    ]


def grafted(value: Any, path: str, new: Any) -> Any:
    """The same facts with one of them replaced."""
    name, _, rest = path.partition(".")
    return replace(value, **{name: grafted(getattr(value, name), rest, new) if rest else new})


def fact_at(value: Any, path: str) -> Any:
    return reduce(getattr, path.split("."), value)


DAY = timedelta(days=1)
OWN_FACTS: dict[str, Any] = {
    "number": "2026-11-0192",
    "filed_on": SAMPLE.filed_on + DAY,
    "asked_fen": SAMPLE.asked_fen - 1,
    "basis_fen": 1,
    "units": 1,
    "invoice_number": "21026519",
    "invoice_fen": None,
    "payee_name": SAMPLE.payee_name + " ",
    "payee_account": "2102000012345678",
    "papers": frozenset({"M01", "M02", "M03"}),
    "paper_files": (("M01", "b"),),
    "enterprise.uscc": "91210231MA0000003C",
    "agency.uscc": "91210231MA0000003C",
    "agreement.number": "HZ-2026-0419",
    "agreement.signed_on": SAMPLE.agreement.signed_on - DAY,
    "agreement.fee_fen": SAMPLE.agreement.fee_fen + 1,
    "agreement.upfront_fee_fen": 1,
    "agreement.work_started_on": date(2026, 4, 24),
    "agreement.filing_number": "BA-2026-0102",
    "agreement.filing_confirmed_on": date(2026, 4, 21),
    "agreement.filing_is_imported": True,
    "service.code": "patent",
    "result.kind": "patent_grant",
    "result.reading": reading(IdentifierKind.hnte_certificate, "GR202621000319"),
    "result.obtained_on": SAMPLE.result.obtained_on + DAY,
    "subsidy.key": "S-02",
    "subsidy.version": 3,
    "reward.key": "J-02",
    "reward.version": 2,
    "confirmation.confirmed_on": date(2026, 11, 4),
    "confirmation.is_denied": True,
    "confirmation.paid_before_fen": None,
    "confirmation.paid_after_fen": 1,
    "confirmation.satisfaction": 4,
}
AROUND: dict[str, Any] = {
    "today": SAMPLE.today + 30 * DAY,
    "state": State.applied,
    "people": ("管委会 1",),
    "ties": (),
    "caps": (),
    "on_result": (cf.OtherClaim("2026-10-0042", State.withdrawn, 1),),
    "on_invoice": (cf.OtherClaim("2026-10-0042", State.refused, 1),),
    "enterprise.name": "大连海川生物科技（集团）有限公司",
    "enterprise.joined_on": SAMPLE.enterprise.joined_on + DAY,
    "enterprise.left_on": SAMPLE.today,
    "enterprise.payee_name": "乙",
    "enterprise.payee_account": "1",
    "agency.name": "大连合纵创新咨询（集团）有限公司",
    "agency.joined_on": SAMPLE.agency.joined_on + DAY,
    "agency.removed_on": SAMPLE.today,
    "agency.suspended_from": SAMPLE.today + DAY,
    "agency.suspended_to": SAMPLE.today,
    "agency.ended_suspensions": ((SAMPLE.today - DAY, SAMPLE.today - DAY),),
    "agency.scope": frozenset({"hnte_first"}),
    "agency.payee_name": SAMPLE.agency.payee_name + " ",
    "agency.payee_account": "2102-0000-1234-5678",
    "service.name": "高新技术企业认定",
    "service.is_subsidised": True,
    "service.price_floor_fen": None,
    "service.price_ceiling_fen": None,
    "result.papers_needed": (*SAMPLE.result.papers_needed[::-1],),
    "subsidy.title": "示例标准",
    "subsidy.standard": Standard("S", 1, "d", "1", StandardKind.flat, Purpose.subsidy, 6_000_000),
    "subsidy.payee": Payee.agency,
    "subsidy.budget_code": "另一额度",
    "subsidy.valid_from": date(2026, 1, 2),
    "subsidy.granted_this_year_fen": 1,
    "reward.title": "示例标准",
    "reward.standard": Standard("J", 1, "d", "1", StandardKind.flat, Purpose.reward, 1),
    "reward.payee": Payee.agency,
    "reward.budget_code": None,
    "reward.valid_from": date(2026, 1, 2),
    "reward.granted_this_year_fen": 1,
    **{f"{purpose}_budget.{name}": value
       for purpose in Purpose
       for name, value in {"code": "另一额度", "year": 2027, "ceiling_fen": 0, "committed_fen": 9**9,
                           "paid_fen": 9**9, "ahead_fen": 9**9, "reserved_fen": 1}.items()},
    "confirmation.requested_on": None,
    "confirmation.is_deemed": False,
    "settings.filing_window_working_days": 61,
    "settings.late_filing_warning_working_days": 4,
    "settings.deemed_after_working_days": 9,
    "settings.alliance_payee_name": "创新联盟",
    "settings.alliance_payee_account": "88",
}  # fmt: skip


def test_every_fact_is_either_the_claims_own_or_around_it() -> None:
    assert sorted((*OWN_FACTS, *AROUND)) == sorted(leaves(SAMPLE))


@pytest.mark.parametrize("path", OWN_FACTS)
def test_an_own_fact_changes_the_digest(path: str) -> None:
    assert digest_of(grafted(SAMPLE, path, OWN_FACTS[path])) != digest_of(SAMPLE)


@pytest.mark.parametrize("path", AROUND)
def test_what_lies_around_the_claim_does_not(path: str) -> None:
    assert digest_of(grafted(SAMPLE, path, AROUND[path])) == digest_of(SAMPLE)


@given(CLAIMS, CLAIMS, st.sampled_from(sorted(OWN_FACTS)))
def test_any_own_fact_of_any_claim_changes_the_digest(
    facts: ClaimFacts, other: ClaimFacts, path: str
) -> None:
    part = path.partition(".")[0]
    if part in ("papers", "paper_files", "confirmation") or not (
        getattr(facts, part) and getattr(other, part)
    ):
        return
    changed = grafted(facts, path, fact_at(other, path))
    is_equal = own_name(fact_at(facts, path)) == own_name(fact_at(changed, path))
    if not is_equal:
        assert digest_of(facts) != digest_of(changed)


def own_name(fact: Any) -> Any:
    """A number is what it reads as, however it was printed."""
    return (fact.family, fact.normalised) if hasattr(fact, "normalised") else fact


@given(CLAIMS, CLAIMS)
def test_budgets_caps_and_the_day_count_only_by_an_own_verdict(
    facts: ClaimFacts, other: ClaimFacts
) -> None:
    moved = replace(
        facts,
        today=other.today,
        state=other.state,
        caps=other.caps,
        subsidy_budget=other.subsidy_budget,
        reward_budget=other.reward_budget,
        people=other.people,
    )
    flipped = changed_verdicts(findings(facts, CALENDAR), findings(moved, CALENDAR))
    assert (digest_of(facts) != digest_of(moved)) == bool(set(flipped) - {"F09", "F10"})


def test_a_further_paper_nobody_asked_for_stands() -> None:
    more = replace(SAMPLE, papers=SAMPLE.papers | {"M12"})
    assert digest_of(more) == digest_of(SAMPLE)


def test_another_file_in_the_place_of_a_paper_that_counts_is_another_fact() -> None:
    code = SAMPLE.result.papers_needed[0][0]
    one, other, further = (
        replace(SAMPLE, paper_files=files)
        for files in (((code, "a" * 64),), ((code, "b" * 64),), ((code, "a" * 64), ("M12", "c")))
    )
    assert digest_of(one) != digest_of(other)
    assert digest_of(one) == digest_of(further)


def test_silence_and_no_request_are_told_apart_by_the_verdict_only() -> None:
    unsaid = ("confirmed_on", "satisfaction", "paid_before_yuan", "paid_after_yuan")
    silent = dict.fromkeys(unsaid, "无")
    asked = claim_with({"confirmation": silent | {"requested_on": date(2026, 11, 13)}})
    deemed = claim_with({"confirmation": silent | {"requested_on": date(2026, 11, 6)}})
    recorded = claim_with(
        {"confirmation": silent | {"is_deemed": True, "confirmed_on": date(2026, 11, 20)}}
    )
    assert digest_of(asked) == digest_of(replace(SAMPLE, confirmation=None))
    assert digest_of(asked) != digest_of(deemed)
    assert digest_of(deemed) == digest_of(recorded)


def test_an_own_verdict_changes_the_digest_and_a_budget_does_not() -> None:
    taken = found()
    warned = replace(taken[1], verdict=Verdict.warning)
    short = replace(taken[9], verdict=Verdict.not_met)
    assert facts_digest(SAMPLE, (taken[0], warned, *taken[2:])) != digest_of(SAMPLE)
    assert facts_digest(SAMPLE, (*taken[:9], short, *taken[10:])) == digest_of(SAMPLE)


def test_the_words_of_a_finding_do_not_change_the_digest() -> None:
    reworded = tuple(replace(finding, fact=Wording("改写")) for finding in found())
    assert facts_digest(SAMPLE, reworded) == digest_of(SAMPLE)
