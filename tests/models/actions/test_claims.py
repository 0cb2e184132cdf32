"""Filing and correcting: what is refused at the door, and what a claim is made of."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from models.actions.claims import ClaimDraft, Correction, correct_claim, draft_claim, file_claim
from models.actions.steps import system_actor
from models.database import session
from models.rules.claim_workflow import Action, State
from models.rules.errors import (
    AlreadyDone,
    AmountRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    Refusal,
    TextRefused,
)
from models.rules.money import LARGEST_FEN
from models.rules.roles import Role
from models.tables.agreements import Confirmation, ConfirmationBasis, Result
from models.tables.claims import Claim
from models.tables.record import Activity
from tests.models.actions.small_words import BACK
from tests.town import Town, cover
from tests.world import TODAY

A, S = Action, State
SILENT = {
    "requested_on": None, "confirmed_on": None, "paid_before_fen": None, "paid_after_fen": None,
    "satisfaction": None,
}  # fmt: skip


def own(town: Town, **changes: object) -> ClaimDraft:
    """A draft as the agency itself may file it: today, without speaking for the enterprise."""
    return replace(town.draft(**SILENT), **{"filed_on": TODAY, **changes})  # type: ignore[arg-type]


def file(town: Town, who: str, draft: ClaimDraft, **how: bool) -> int:
    """Somebody files a claim."""
    with town.session() as current:
        return file_claim(current, town.people[who], draft, **how)


def test_an_agency_files_its_own_claim(town: Town) -> None:
    draft = own(town)
    file(town, "agency", draft)
    claim = town.claim(draft.number)
    assert (claim.state, claim.version, claim.filed_month) == (S.submitted, 2, "2026-11")
    assert not town.events(draft.number)[0].on_behalf
    assert town.is_sound()


def test_a_draft_waits_and_is_submitted_later(town: Town) -> None:
    draft = own(town)
    with town.session() as current:
        assert draft_claim(current, town.people["agency"], draft).state is S.draft
    assert town.is_sound()
    with town.refused(NotFound):
        town.step("reviewer", draft.number, A.pass_pre_review, seen=None)
    town.step("agency", draft.number, A.submit)
    assert town.is_sound()


@pytest.mark.parametrize(
    ("who", "on_behalf", "kind", "words"),
    [
        ("agency2", False, NotAllowed, "不属于您所在的服务机构"), ("reviewer", False, NotAllowed, "没有该角色"),
        ("enterprise", False, NotAllowed, "没有该角色"), ("agency", True, NotAllowed, "由联盟办理"),
        ("bureau", True, NotAllowed, "由联盟办理"), ("administrator", True, NotAllowed, "由联盟办理"),
        ("auditor", True, NotAllowed, "由联盟办理"),
    ],
)  # fmt: skip
def test_who_may_not_file(
    town: Town, who: str, on_behalf: bool, kind: type[Refusal], words: str
) -> None:
    with town.refused(kind, words):
        file(town, who, own(town), on_behalf=on_behalf)


def test_an_agencys_account_without_its_role_files_nothing(town: Town) -> None:
    town.people["agency"] = replace(town.people["agency"], grants=())
    with town.refused(NotAllowed, "没有该角色"):
        file(town, "agency", own(town))


@pytest.mark.parametrize("who", ["importer", "lead"])
def test_the_alliance_files_for_the_agency_and_so_may_the_system(town: Town, who: str) -> None:
    draft = town.draft()
    file(town, who, draft, on_behalf=True)
    assert town.events(draft.number)[0].on_behalf
    with town.session() as current:
        file_claim(current, system_actor(), town.draft(), on_behalf=True)
        file_claim(current, system_actor(), town.draft())
    assert town.is_sound()


def test_who_covers_as_importer_files_under_the_cover(town: Town) -> None:
    town.people["bureau"] = cover(town.people["bureau"], Role.alliance_reviewer)
    draft = town.draft()
    file(town, "bureau", draft, on_behalf=True)
    assert town.events(draft.number)[0].grant_id == town.people["bureau"].grants[1].id


# fmt: off
@pytest.mark.parametrize(("change", "words"), [
    ({"filed_on": TODAY - timedelta(days=1)}, "由系统记录"), ({"filed_on": TODAY + timedelta(days=1)}, "由系统记录"),
    ({"filed_month": "2026-10"}, "由系统记录"),              ({"requested_on": TODAY}, "企业本人"),
    ({"confirmed_on": TODAY}, "企业本人"),                   ({"paid_before_fen": 0}, "企业本人"),
    ({"paid_after_fen": 0}, "企业本人"),                     ({"satisfaction": 5}, "企业本人"),
])
# fmt: on
def test_an_agency_neither_dates_the_filing_nor_speaks_for_the_enterprise(
    town: Town, change: dict[str, object], words: str
) -> None:
    with town.refused(NotAllowed, words):
        file(town, "agency", own(town, **change))


# fmt: off
@pytest.mark.parametrize(("change", "kind", "words"), [
    ({"agreement_id": 999},                      NotFound,      "没有这份服务协议"),
    ({"result_kind_code": "nothing"},            NotFound,      "不在服务清单中"),
    ({"result_kind_code": "utility_grant"},      NotAvailable,  "不属于协议的服务类别"),
    ({"filed_month": "2026-13"},                 NotAvailable,  "“2026-13”不是月份"),
    ({"filed_month": "x" * 99},                  NotAvailable,  "不是月份"),
    ({"number": " \0 "},                         NotAvailable,  "申请编号不能为空"),
    ({"number": "9" * 41},                       TextRefused,   "最长 40 个字"),
    ({"note": "字" * 1001},                      TextRefused,   "最长 1000 个字"),
    ({"payee_name": "字" * 121},                 TextRefused,   "最长 120 个字"),
    ({"payee_account": "6" * 41},                TextRefused,   "最长 40 个字"),
    ({"result_printed": "证" * 201},             TextRefused,   "最长 200 个字"),
    ({"invoice_number": "1" * 41},               TextRefused,   "最长 40 个字"),
    ({"asked_fen": 0},                           AmountRefused, "申请金额"),
    ({"asked_fen": -5},                          AmountRefused, "申请金额"),
    ({"asked_fen": LARGEST_FEN + 1},             AmountRefused, "申请金额"),
    ({"asked_fen": 1.5},                         AmountRefused, "申请金额"),
    ({"basis_fen": -1},                          AmountRefused, "计算基数"),
    ({"units": 10**12},                          AmountRefused, "数量"),
    ({"satisfaction": 9},                        AmountRefused, "满意度"),
])
# fmt: on
def test_what_is_refused_at_the_door(
    town: Town, change: dict[str, object], kind: type[Refusal], words: str
) -> None:
    with town.refused(kind, words):
        file(town, "importer", replace(town.draft(), **change), on_behalf=True)  # type: ignore[arg-type]


def test_a_number_is_taken_once(town: Town) -> None:
    draft = town.draft()
    file(town, "importer", draft, on_behalf=True)
    with town.refused(AlreadyDone, f"申请编号“{draft.number}”已存在"):
        file(town, "importer", replace(draft, number=f"  {draft.number}"), on_behalf=True)


def test_two_file_the_same_number_at_the_same_moment(town: Town) -> None:
    draft, start, refusals = town.draft(), Barrier(2), []

    def run() -> None:
        start.wait()
        try:
            file(town, "importer", draft, on_behalf=True)
        except AlreadyDone as refusal:
            refusals.append(refusal)

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refusals) == 1
    assert town.is_sound()


def test_what_is_typed_is_kept_in_one_spelling(town: Town) -> None:
    draft = replace(
        town.draft(), filed_month="2026年11月", invoice_number=" ０１２-3a ", payee_name=" 甲\0公司 ",
        note="=HYPERLINK()", result_printed="ＧＲ202621009999",
    )  # fmt: skip
    file(town, "importer", draft, on_behalf=True)
    claim = town.claim(draft.number)
    assert (claim.filed_month, claim.invoice_number, claim.payee_name) == ("2026-11", "0123A", "甲公司")
    assert claim.note == "=HYPERLINK()"


# ---------------------------------------------------------------- one result in the zone


def _results(town: Town) -> list[Result]:
    with session(town.engine) as current:
        return list(current.execute(select(Result).order_by(Result.id)).scalars())


def test_a_result_is_one_however_it_is_written(town: Town) -> None:
    town.file(result_printed="GR202621000777")
    second = town.file(result_printed="gr 2026-2100-0777", obtained_on=date(2026, 10, 17))
    (result,) = _results(town)
    assert result.obtained_on == date(2026, 10, 16)
    assert [f.code for f in town.card("reviewer", second).findings if f.verdict == "not_met"] == ["F06"]


def test_a_result_only_withdrawn_claims_rest_on_is_as_the_new_claim_says(town: Town) -> None:
    first = town.file(result_printed="GR202621000777", obtained_on=date(2026, 10, 1))
    town.step("agency", first, A.withdraw, **BACK)
    second = town.file(result_printed="GR202621000777", obtained_on=date(2026, 10, 16))
    (result,) = _results(town)
    assert result.obtained_on == date(2026, 10, 16)
    assert [f.code for f in town.card("reviewer", second).findings if f.verdict != "met"] == []
    assert town.is_sound()


def test_a_refused_claim_keeps_its_result_as_it_was(town: Town) -> None:
    first = town.file(result_printed="GR202621000777")
    town.step("reviewer", first, A.refuse_pre_review, **BACK)
    town.file(result_printed="GR202621000777", obtained_on=date(2026, 10, 20))
    assert _results(town)[0].obtained_on == date(2026, 10, 16)


# ---------------------------------------------------------------- the enterprise's answer


def _confirmations(town: Town) -> list[Confirmation]:
    with session(town.engine) as current:
        return list(current.execute(select(Confirmation)).scalars())


def test_a_claim_without_a_confirmation_has_none(town: Town) -> None:
    town.file(**SILENT)
    assert _confirmations(town) == []


def test_an_answer_that_comes_later_fills_the_request(town: Town) -> None:
    asked = SILENT | {"requested_on": date(2026, 10, 20)}
    first = town.file(result_printed="GR202621000777", **asked)
    assert [c.confirmed_on for c in _confirmations(town)] == [None]
    town.step("agency", first, A.withdraw, **BACK)
    again = town.file(result_printed="GR202621000777", **asked)
    town.step("agency", again, A.withdraw, **BACK)
    town.file(result_printed="GR202621000777")
    assert [c.satisfaction for c in _confirmations(town)] == [5]


def test_the_first_answer_stands(town: Town) -> None:
    town.file(result_printed="GR202621000777", satisfaction=4)
    town.file(result_printed="GR202621000777", satisfaction=1)
    assert [c.satisfaction for c in _confirmations(town)] == [4]


def test_what_the_enterprise_said_itself_is_not_filled_by_a_workbook(town: Town) -> None:
    first = town.file(result_printed="GR202621000777", **(SILENT | {"requested_on": TODAY}))
    town.step("agency", first, A.withdraw, **BACK)
    town.change(Confirmation, Confirmation.id > 0, basis=ConfirmationBasis.given)
    town.file(result_printed="GR202621000777")
    assert [c.confirmed_on for c in _confirmations(town)] == [None]


# ---------------------------------------------------------------- correcting


def _correct(town: Town, who: str, number: str, **changes: object) -> None:
    with town.session() as current:
        correct_claim(current, town.people[who], number, Correction(**changes))  # type: ignore[arg-type]


def test_an_agency_corrects_what_was_returned(town: Town) -> None:
    number = town.file()
    with town.refused(NotAvailable, "不在机构手中"):
        _correct(town, "agency", number, note="x")
    town.step("reviewer", number, A.return_pre_review, **BACK)
    before = town.claim(number).version
    _correct(town, "agency", number, asked_fen=4_000_000, invoice_number="１２ 3", note=" 改 ", basis_fen=0, units=0)
    claim = town.claim(number)
    assert (claim.asked_fen, claim.invoice_number, claim.note, claim.basis_fen) == (4_000_000, "123", "改", 0)
    assert claim.version == before + 1
    _correct(town, "agency", number)
    assert town.is_sound()
    with session(town.engine) as current:
        last = current.execute(
            select(Activity).where(Activity.verb == "correct_claim").order_by(Activity.seq)
        ).scalars().first()  # fmt: skip
    assert last is not None
    assert last.before is not None
    assert last.before["asked_fen"] == 5_000_000
    assert last.after is not None
    assert last.after["asked_fen"] == 4_000_000


@pytest.mark.parametrize("who", ["agency2", "enterprise", "administrator", "reviewer", "importer", "lead"])
def test_nobody_else_corrects_it(town: Town, who: str) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    sees = who in ("administrator", "reviewer", "importer", "lead")
    with town.refused(NotAllowed if sees else NotFound):
        _correct(town, who, number, note="x")


# fmt: off
@pytest.mark.parametrize(("change", "kind"), [
    ({"asked_fen": 0}, AmountRefused), ({"invoice_fen": -1}, AmountRefused), ({"units": -1}, AmountRefused),
    ({"note": "字" * 1001}, TextRefused), ({"payee_account": "6" * 41}, TextRefused),
])
# fmt: on
def test_a_correction_stays_within_bounds(town: Town, change: dict[str, object], kind: type[Refusal]) -> None:
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    with town.refused(kind):
        _correct(town, "agency", number, **change)


def _returned(town: Town, **changes: object) -> str:
    number = town.file(**changes)
    town.step("reviewer", number, A.return_pre_review, **BACK)
    return number


def _result_of(town: Town, number: str) -> Result:
    with session(town.engine) as current:
        return current.get_one(Result, town.claim(number).result_id)


def test_the_result_is_corrected_as_it_is_filed(town: Town) -> None:
    number = _returned(town, result_printed="GR202621000777")
    _correct(town, "agency", number, obtained_on=date(2026, 10, 12))
    assert _result_of(town, number).obtained_on == date(2026, 10, 12)
    _correct(town, "agency", number, result_printed=" gr202621000778 ")
    result = _result_of(town, number)
    assert (result.normalised, result.obtained_on) == ("GR202621000778", date(2026, 10, 12))
    with session(town.engine) as current:
        last = current.execute(select(Activity).order_by(Activity.seq.desc())).scalars().first()
    assert (last.before, last.after["result_printed"]) == (
        {"result_printed": "GR202621000777"}, "gr202621000778",
    )  # fmt: skip
    assert town.is_sound()


def test_a_result_of_another_claim_is_shared_and_its_day_stays(town: Town) -> None:
    first = town.file(result_printed="GR202621000777")
    number = _returned(town)
    with town.refused(NotAvailable, "登记的取得日期是 2026-10-16"):
        _correct(town, "agency", number, result_printed="GR202621000777", obtained_on=TODAY)
    _correct(town, "agency", number, result_printed="GR202621000777")
    assert town.claim(number).result_id == town.claim(first).result_id
    verdicts = {finding.code: finding.verdict for finding in town.card("agency", number).findings}
    assert verdicts["F06"] == "not_met"
    assert town.is_sound()


def test_nothing_is_counted_twice(town: Town) -> None:
    town.file()
    with session(town.engine) as current:
        assert current.execute(select(func.count()).select_from(Claim)).scalar_one() == 1
