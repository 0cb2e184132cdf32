"""Filing on screen: the agency's draft and its day, the counter's filing on behalf, what a claim not
filed yet would be found to be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from models.actions.evidence import add_evidence
from models.actions.filing import Paper, file_on_behalf, start_claim, submit_draft
from models.actions.steps import Seen, StepTaken
from models.database import session
from models.queries.filing import (
    files_for_own_agency,
    kinds_of_result,
    may_file,
    offered_agreements,
    prospect,
)
from models.rules.claim_workflow import Action, State
from models.rules.errors import (
    AlreadyDone,
    AmountRefused,
    FileRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    SeenIsStale,
    TextRefused,
)
from models.rules.filing import NewClaim
from models.tables.agreements import Agreement, Filing
from models.tables.money import PolicyRule
from models.tables.record import Activity
from models.tables.reference import Setting
from tests.models.actions.small_words import BACK
from tests.rivals import at_once
from tests.town import Town, later
from tests.world import NOON, PAPERS, PDF, TODAY


def entry(town: Town, **changes: object) -> NewClaim:
    """A clean claim as an agency fills it in."""
    values: dict[str, object] = {
        "agreement_id": town.agreement_id,
        "result_kind_code": "hnte_first_cert",
        "result_printed": "GR202621000901",
        "obtained_on": date(2026, 10, 16),
    }
    return NewClaim(**{**values, **changes})  # type: ignore[arg-type]


def start(town: Town, who: str = "agency", **changes: object) -> str:
    """Somebody saves a draft; its number."""
    with town.session() as current:
        return start_claim(current, town.people[who], entry(town, **changes))


def upload(town: Town, number: str) -> None:
    """The agency uploads every paper."""
    with town.session() as current:
        for code in PAPERS:
            add_evidence(current, town.people["agency"], number, code, f"{code}.pdf", PDF)


def submit(town: Town, number: str, seen: Seen, who: str = "agency") -> StepTaken | None:
    """Somebody submits a draft."""
    with town.session() as current:
        return submit_draft(current, town.people[who], number, seen)


def papers() -> list[Paper]:
    """What was handed in at the counter."""
    return [Paper(code, f"{code}.pdf", PDF + code.encode()) for code in PAPERS]


def at_the_counter(town: Town, who: str = "reviewer", **changes: object) -> str:
    """The alliance files for the agency."""
    with town.session() as current:
        return file_on_behalf(current, town.people[who], entry(town, **changes), papers())


# ---------------------------------------------------------------- the agency


def test_a_draft_is_filled_in_with_what_is_known(town: Town) -> None:
    number = start(town)
    claim = town.claim(number)
    assert number == "2026-11-0001"
    assert (claim.state, claim.asked_fen, claim.filed_on) == (State.draft, 5_000_000, TODAY)
    assert (claim.payee_name, claim.payee_account) == ("大连示例甲机构有限公司", "6222020200001111")
    card = town.card("agency", number)
    assert [one.code for one in card.findings if one.verdict == "not_met"] == ["F05"]
    assert {step.action for step in card.steps} == {Action.submit, Action.withdraw}
    assert town.is_sound()


def test_what_is_filled_in_stands(town: Town) -> None:
    number = start(
        town, asked_fen=4_000_000, payee_name="别的户名", payee_account="", invoice_number="a 1",
        invoice_fen=5, note=" 说明 ",
    )  # fmt: skip
    claim = town.claim(number)
    stands = (claim.asked_fen, claim.payee_name, claim.payee_account, claim.invoice_number)
    assert stands == (4_000_000, "别的户名", "", "A1")
    assert claim.note == "说明"


def test_after_the_cut_off_a_claim_counts_for_the_next_month(town: Town) -> None:
    early = start(town)
    with town.session() as current:
        current.add(Setting(key="month_cutoff_day", value=TODAY.day, valid_from=date(2026, 1, 1),
                            confirmed_at_utc=NOON))  # fmt: skip
    assert town.claim(early).filed_month == "2026-11"
    with later(days=1):
        late = start(town, result_printed="GR202621000902")
        assert (late, town.claim(late).filed_month) == ("2026-12-0001", "2026-12")
        upload(town, early)
        card = town.card("agency", early)
        submit(town, early, Seen(card.claim.version, card.digest))
        assert town.claim(early).filed_month == "2026-12"
        assert town.is_sound()


def test_a_draft_is_submitted_and_counts_from_that_day(town: Town) -> None:
    number = start(town)
    with later(days=20):  # in December
        upload(town, number)
        card = town.card("agency", number)
        taken = submit(town, number, Seen(card.claim.version, card.digest))
        assert taken is not None
        assert taken.state is State.submitted
        claim = town.claim(number)
        assert (claim.filed_on, claim.filed_month) == (TODAY + timedelta(days=20), "2026-12")
        assert submit(town, number, Seen(card.claim.version, card.digest)) is None, "double click"
        assert town.is_sound()
        with session(town.engine) as current:
            verbs = select(Activity.verb).order_by(col(Activity.seq).desc()).limit(2)
            assert list(current.exec(verbs)) == ["submit", "date_claim"]


def test_on_its_own_day_it_is_bound_to_what_was_seen(town: Town) -> None:
    number = start(town)
    upload(town, number)
    card = town.card("agency", number)
    with town.refused(SeenIsStale):
        submit(town, number, Seen(card.claim.version - 1, card.digest))
    with town.refused(SeenIsStale):
        submit(town, number, Seen(card.claim.version, "0" * 64))
    assert submit(town, number, Seen(card.claim.version, card.digest))
    with town.refused(NotFound):
        submit(town, number, Seen(1, ""), "agency2")


def test_a_returned_claim_keeps_its_day(town: Town) -> None:
    number = start(town)
    upload(town, number)
    card = town.card("agency", number)
    submit(town, number, Seen(card.claim.version, card.digest))
    town.step("reviewer", number, Action.return_pre_review, **BACK)
    with later(days=3):
        card = town.card("agency", number)
        submit(town, number, Seen(card.claim.version, card.digest))
        assert town.claim(number).filed_on == TODAY


def test_a_draft_is_nobody_elses_and_can_be_withdrawn(town: Town) -> None:
    number = start(town)
    for who in ("reviewer", "lead", "agency2", "leader"):
        with pytest.raises(NotFound):
            town.card(who, number)
    town.step("agency", number, Action.withdraw, **BACK)
    assert town.state(number) is State.withdrawn
    assert start(town) == "2026-11-0002", "the result is free again"
    assert town.is_sound()


@pytest.mark.parametrize("who", ["agency2", "reviewer", "lead", "bureau", "enterprise", "leader"])
def test_nobody_else_starts_it(sqlite_only: Town, who: str) -> None:
    is_counter = who in ("reviewer", "lead")
    with sqlite_only.refused(NotFound if who == "agency2" else NotAllowed):
        start(sqlite_only, who)
    if not is_counter:
        with sqlite_only.refused(NotFound if who == "agency2" else NotAllowed):
            at_the_counter(sqlite_only, who)


# fmt: off
@pytest.mark.parametrize(("changes", "kind", "words"), [
    ({"result_printed": "　"},                              NotAvailable,  "请填写成果编号"),
    ({"obtained_on": TODAY + timedelta(days=1)},            NotAvailable,  "还没有到"),
    ({"agreement_id": 9_999},                               NotFound,      "没有这份服务协议"),
    ({"result_kind_code": "software_registration"},         NotFound,      "成果类型"),
    ({"result_kind_code": "nothing"},                       NotFound,      "成果类型"),
    ({"asked_fen": 0},                                      AmountRefused, "请填写申请金额"),
    ({"asked_fen": -5},                                     AmountRefused, "申请金额"),
    ({"units": -1, "asked_fen": 5},                         AmountRefused, "数量"),
    ({"note": "长" * 1_001},                                TextRefused,   "最长"),
])
# fmt: on
def test_what_cannot_be_filed_is_refused_in_words(
    sqlite_only: Town, changes: dict[str, object], kind: type[Exception], words: str
) -> None:
    with sqlite_only.refused(kind, words):  # type: ignore[arg-type]
        start(sqlite_only, **changes)


def test_an_agreement_must_be_confirmed(sqlite_only: Town) -> None:
    town = sqlite_only
    town.change(Agreement, col(Agreement.id) == town.agreement_id, filing=Filing.filed)
    with town.refused(NotAvailable, "尚未备案确认"):
        start(town)
    with session(town.engine) as current:
        offered = offered_agreements(current, town.people["agency"])
    assert town.agreement_id not in {one.id for one in offered}


def test_without_a_standard_the_amount_must_be_said(sqlite_only: Town) -> None:
    town = sqlite_only
    town.change(PolicyRule, col(PolicyRule.id) > 0, place="别处")
    with town.refused(AmountRefused):
        start(town)
    number = start(town, asked_fen=100)
    assert (town.claim(number).payee_name, town.claim(number).asked_fen) == ("", 100)


def test_a_second_click_starts_no_second_draft(town: Town) -> None:
    came = at_once(lambda: start(town), lambda: start(town))
    made = [one for one in came if isinstance(one, str)]
    assert len(made) == 1
    assert [type(one) for one in came if not isinstance(one, str)] == [AlreadyDone]
    with town.refused(AlreadyDone, made[0]):
        start(town, result_printed="gr 2026-2100-0901")
    assert town.is_sound()


def test_numbers_go_on_after_those_of_a_workbook(sqlite_only: Town) -> None:
    town = sqlite_only
    for number in ("2026-11-0002", "2026-11-0003", "2026-11-A"):
        town.file(number=number)
    assert start(town) == "2026-11-0004"
    town.file(number="2026-11-0006")
    assert start(town, result_printed="GR202621000902") == "2026-11-0007"


# ---------------------------------------------------------------- the counter


def test_the_counter_files_at_once_and_the_record_says_so(town: Town) -> None:
    number = at_the_counter(town)
    (event,) = town.events(number)
    assert (event.action, event.on_behalf) == (Action.submit, True)
    assert event.account_id == town.people["reviewer"].account_id
    assert town.claim(number).payee_account == "6222020200001111"
    with session(town.engine) as current:
        drafted = select(Activity.after).where(col(Activity.verb) == "draft_claim")
        assert (current.exec(drafted.order_by(col(Activity.seq).desc())).first() or {})["on_behalf"]
    with town.refused(NotAllowed, "职责分离"):
        town.step("reviewer", number, Action.pass_pre_review)
    town.step("reviewer2", number, Action.pass_pre_review, note="x")
    assert town.is_sound()


def test_what_is_no_paper_files_nothing(sqlite_only: Town) -> None:
    with sqlite_only.refused(FileRefused), sqlite_only.session() as current:
        file_on_behalf(
            current, sqlite_only.people["lead"], entry(sqlite_only), [Paper("M01", "a", b"MZ")]
        )


# ---------------------------------------------------------------- before it is filed


def test_the_agreements_offered_are_those_in_reach(sqlite_only: Town) -> None:
    town = sqlite_only
    with session(town.engine) as current:
        own = offered_agreements(current, town.people["agency"])
        assert {one.number for one in own} == {"XY-2026-001", "XY-2026-software", "XY-2026-other"}
        every = offered_agreements(current, town.people["lead"])
        assert len(every) == 4
        assert [one.number for one in offered_agreements(current, town.people["lead"], "乙机构")] == [
            "XY-2026-second"
        ]
        assert offered_agreements(current, town.people["agency"], "% ' \x00") == ()
        with pytest.raises(NotAllowed):
            offered_agreements(current, town.people["bureau"])
        kinds = kinds_of_result(current, "invention_patent")
    assert [kind.code for kind in kinds] == ["invention_application", "invention_grant"]
    files = {who for who in town.people if may_file(town.people[who])}
    assert files == {
        "agency", "agency2", "importer", "reviewer", "reviewer2", "reviewer3", "lead", "lead2",
    }  # fmt: skip
    assert {who for who in files if files_for_own_agency(town.people[who])} == {"agency", "agency2"}


def test_what_would_be_found_is_what_is_found(town: Town) -> None:
    town.file(asked_fen=4_900_000)
    with session(town.engine) as current:
        before = prospect(current, town.people["agency"], entry(town, note="x"), PAPERS)
    number = start(town, note="x")
    upload(town, number)
    card = town.card("agency", number)
    assert before.asked_fen == card.claim.asked_fen
    assert before.amounts == card.amounts
    expected = {one.code: (one.verdict, str(one.fact)) for one in before.findings}
    now = {one.code: (one.verdict, str(one.fact)) for one in card.findings}
    assert expected == now
    assert town.claim(number).state is State.draft


def test_another_claim_on_the_result_is_seen_before_filing(sqlite_only: Town) -> None:
    town = sqlite_only
    taken = town.file(result_printed="GR202621000901")
    with session(town.engine) as current:
        found = prospect(current, town.people["agency"], entry(town)).findings
    (shared,) = [one for one in found if one.code == "F06"]
    assert shared.verdict == "not_met"
    assert taken in str(shared.fact)
    answered = [one for one in found if one.code == "F14"]
    assert answered[0].verdict == "met", "the enterprise's answer belongs to the result"


def test_without_a_standard_nothing_is_computed(sqlite_only: Town) -> None:
    town = sqlite_only
    town.change(PolicyRule, col(PolicyRule.id) > 0, place="别处")
    with session(town.engine) as current:
        expected = prospect(current, town.people["agency"], entry(town))
    assert (expected.asked_fen, expected.payee) == (None, None)
    assert expected.amounts.subsidy is None
