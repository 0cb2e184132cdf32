"""Filing an agreement: drafted, filed, confirmed, returned; who may, what is refused in words, two at
once, and what the record vouches for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlmodel import select

from models.actions.agreement_progress import begin_work, end_agreement
from models.actions.agreement_steps import look_again
from models.actions.agreements import (
    confirm_filing,
    draft_agreement,
    draft_for_agency,
    edit_agreement,
    file_agreement,
    return_filing,
    take_back_filing,
)
from models.actions.evidence import evidence_path, files_missing
from models.actions.numbering import next_number
from models.actions.steps import system_actor
from models.clock import now_utc
from models.database import session
from models.queries.agreement_card import viewable_agreement_paper
from models.queries.agreements import (
    AgreementFilter,
    AgreementPile,
    agreements,
    turn_size,
    years_signed,
)
from models.queries.paging import PageRequest
from models.queries.settings import forget_settings
from models.queries.verification import verify
from models.rules.agreement_life import AgreementState, LifeAction
from models.rules.agreement_terms import LONGEST_EXPECTED
from models.rules.claim_workflow import Action, State
from models.rules.errors import (
    AlreadyDone,
    AmountRefused,
    FileRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    ReasonMissing,
    Refusal,
    SeenIsStale,
    TextRefused,
)
from models.rules.money import LARGEST_FEN
from models.rules.roles import Role
from models.tables.agreement_life import AgreementEvent, AgreementPaper, Numbering
from models.tables.agreements import Agreement, Filing
from models.tables.organisations import AgencyScope
from models.tables.reference import ServiceType, Setting, Track
from tests.pacts import (
    ENTERPRISE2,
    SCAN,
    SOFTWARE,
    TERMS,
    act,
    card,
    confirmed,
    drafted,
    events,
    filed,
    newest_link,
    row,
    state,
    step,
    under_way,
    version,
)
from tests.rivals import at_once, crossed
from tests.town import Town
from tests.world import NOON, PDF, TODAY, later

ONE = pytest.mark.parametrize("opened", ["sqlite"], indirect=True)
"""What neither a lock nor a dialect decides is shown on one database."""


def is_sound(town: Town) -> bool:
    """Whether the record vouches for everything, with what it says if not."""
    with session(town.engine) as current:
        found = verify(current)
    assert found.is_sound, str(found.first_broken)
    return True


# ---------------------------------------------------------------- the straight way


def test_an_agreement_is_drafted_filed_confirmed_and_begun(town: Town) -> None:
    number = drafted(town)
    assert number == "XY-2026-00001"
    made = row(town, number)
    assert (made.upfront_fee_fen, made.fee_fen, made.holds_pair, made.version) == (
        0,
        200_000,
        True,
        1,
    )
    assert state(town, number) is AgreementState.draft
    step(town, "agency", file_agreement, number, (*SCAN, ("附件.pdf", PDF + b"%")))
    assert row(town, number).filed_by_id == town.people["agency"].account_id
    assert step(town, "bureau", confirm_filing, number) == "BA-2026-00001"
    done = row(town, number)
    assert (done.filing_number, done.filing_confirmed_on) == ("BA-2026-00001", TODAY)
    assert state(town, number) is AgreementState.confirmed
    step(town, "agency", begin_work, number, TODAY)
    assert state(town, number) is AgreementState.under_way
    assert [
        (one.position, one.action, one.to_state, one.version) for one in events(town, number)
    ] == [
        (1, LifeAction.draft_agreement, AgreementState.draft, 1),
        (2, LifeAction.file_agreement, AgreementState.filed, 2),
        (3, LifeAction.confirm_filing, AgreementState.confirmed, 3),
        (4, LifeAction.begin_work, AgreementState.under_way, 4),
    ]
    link = newest_link(town)
    assert (link.verb, link.subject) == ("begin_work", f"agreement:{number}")
    assert link.after is not None
    assert (link.after["work_started_on"], link.after["agreement_state"]) == (
        str(TODAY),
        "under_way",
    )
    assert link.grant_id == town.people["agency"].grants[0].id
    assert is_sound(town)


def test_a_returned_filing_is_put_right_and_filed_again(town: Town) -> None:
    number = filed(town)
    step(town, "bureau", return_filing, number, ("R01", "R18", "R01"), "缺少骑缝章")
    back = events(town, number)[-1]
    assert (back.reasons, back.note) == (["R01", "R18"], "缺少骑缝章")
    assert state(town, number) is AgreementState.returned
    step(town, "agency", edit_agreement, number, replace(TERMS, fee_fen=150_000))
    assert newest_link(town).before == {"fee_fen": 200_000}
    step(town, "agency", file_agreement, number, SCAN)
    step(town, "bureau2", confirm_filing, number)
    assert is_sound(town)


def test_a_filing_is_taken_back_and_the_draft_ended(town: Town) -> None:
    number = filed(town)
    step(town, "agency", take_back_filing, number)
    assert state(town, number) is AgreementState.draft
    step(town, "agency", end_agreement, number, "双方协商不再合作")
    done = row(town, number)
    assert (state(town, number), done.holds_pair, done.concluded_on) == (
        AgreementState.ended, False, TODAY,
    )  # fmt: skip
    assert drafted(town) == "XY-2026-00002"
    assert is_sound(town)


@ONE
def test_numbers_pass_over_what_an_import_brought(town: Town) -> None:
    town.change(Agreement, Agreement.number == "XY-2026-other", number="XY-2026-00001")
    assert drafted(town) == "XY-2026-00002"


def test_numbers_have_no_gap_after_a_refusal_and_begin_anew_each_year(town: Town) -> None:
    with pytest.raises(NotAvailable):
        drafted(town, terms=replace(TERMS, result_kind_code="hnte_first_cert"))
    assert drafted(town) == "XY-2026-00001"
    with town.session() as current:
        assert next_number(current, "BA", 2027) == "BA-2027-00001"
        assert next_number(current, "BA", 2027) == "BA-2027-00002"
    with session(town.engine) as current:
        kept = {one.series: one.last for one in current.exec(select(Numbering))}
    assert kept == {"XY-2026": 1, "BA-2027": 2}


# ---------------------------------------------------------------- who may


@ONE
def test_only_an_agency_drafts_and_only_for_itself(town: Town) -> None:
    for who in town.people:
        if who in ("agency", "agency2"):
            continue
        with pytest.raises(NotAllowed, match="服务机构"):
            drafted(town, who)
    town.people["agency"] = replace(town.people["agency"], agency_id=None)
    with pytest.raises(NotAllowed, match="没有关联服务机构"):
        drafted(town)


@ONE
def test_another_agency_finds_nothing(town: Town) -> None:
    number = drafted(town)
    for who in ("agency2", "enterprise"):
        with pytest.raises(NotFound, match="没有编号为"):
            step(town, who, file_agreement, number, SCAN)
    with pytest.raises(NotFound):
        act(town, "agency", file_agreement, "XY\x00", SCAN, 1)


@pytest.mark.parametrize("who", ["agency", "lead", "committee", "finance", "reviewer", "auditor"])
@ONE
def test_nobody_but_the_office_confirms(town: Town, who: str) -> None:
    number = filed(town)
    with pytest.raises(NotAllowed, match="科技创新局"):
        step(town, who, confirm_filing, number)


@ONE
def test_the_setting_names_another_office(town: Town) -> None:
    number = filed(town)
    with town.session() as current:
        current.add(
            Setting(key="filing_confirmer", value="alliance_lead", valid_from=date(2026, 1, 1),
                    confirmed_at_utc=NOON)
        )  # fmt: skip
        forget_settings(current)
    with pytest.raises(NotAllowed, match="联盟负责人"):
        step(town, "bureau", confirm_filing, number)
    assert step(town, "lead", confirm_filing, number) == "BA-2026-00001"


@ONE
def test_who_filed_never_confirms_even_in_another_role(town: Town) -> None:
    number = filed(town)
    both = town.people["agency"]
    bureau = replace(both.grants[0], role=Role.bureau)
    town.people["turned"] = replace(both, grants=(bureau,), agency_id=None)
    with pytest.raises(NotAllowed, match="职责分离"):
        step(town, "turned", confirm_filing, number)
    town.people["own"] = replace(town.people["bureau"], enterprise_id=town.enterprise2_id)
    with pytest.raises(NotAllowed, match="当事一方"):
        step(town, "own", confirm_filing, number)


@pytest.mark.parametrize("party", ["agency_id", "enterprise_id"])
@ONE
def test_a_tie_forbids_confirming(town: Town, party: str) -> None:
    number = filed(town)
    town.tie("bureau", **{party: town.agency_id if party == "agency_id" else town.enterprise2_id})
    with pytest.raises(NotAllowed, match="回避关系"):
        step(town, "bureau", return_filing, number, ("R01",), "")
    step(town, "bureau2", return_filing, number, ("R01",), "")


# ---------------------------------------------------------------- what is refused

# fmt: off
DRAFTS: tuple[tuple[dict[str, Any], type[Refusal], str], ...] = (
    ({"enterprise_uscc": "91210231MA0XY9999B"},                        NotFound,      "没有信用代码 91210231MA0XY9999B"),
    ({"enterprise_uscc": "\x00"},                                      NotFound,      "会员企业名录中没有"),
    ({"service_code": "nothing"},                                      NotFound,      "没有代码为 nothing 的服务"),
    ({"service_code": "a\x00"},                                        NotFound,      "没有代码为"),
    ({"service_code": "utility_model"},                                NotAvailable,  "不在本机构的服务范围"),
    ({"terms": replace(TERMS, result_kind_code="hnte_first_cert")},    NotAvailable,  "成果类型不属于该服务"),
    ({"terms": replace(TERMS, fee_fen=-1)},                            AmountRefused, "金额须在 0 与"),
    ({"terms": replace(TERMS, advance_fen=LARGEST_FEN + 1)},           AmountRefused, "金额须在 0 与"),
    ({"terms": replace(TERMS, expected="长" * (LONGEST_EXPECTED + 1))}, TextRefused,  "文字最长 200 个字"),
    ({"service_code": "hnte_first", "terms": replace(TERMS, result_kind_code="")}, AlreadyDone, "已有在办协议 XY-2026-other"),
)
# fmt: on


@pytest.mark.parametrize(("changes", "kind", "words"), DRAFTS)
@ONE
def test_what_cannot_be_drafted_is_refused_in_words(
    town: Town, changes: dict[str, Any], kind: type[Refusal], words: str
) -> None:
    before = newest_link(town).seq
    with pytest.raises(kind, match=words):
        drafted(town, **changes)
    assert newest_link(town).seq == before


@ONE
def test_a_code_is_read_however_it_was_typed(town: Town) -> None:
    assert drafted(town, enterprise_uscc=f" {ENTERPRISE2.lower()} ") == "XY-2026-00001"


def test_one_agency_per_service_at_a_time(town: Town) -> None:
    number = drafted(town)
    with town.session() as current:
        current.add(AgencyScope(agency_id=town.agency2_id, service_code=SOFTWARE))
    for who in ("agency", "agency2"):
        with pytest.raises(AlreadyDone, match=f"已有在办协议 {number}"):
            drafted(town, who)
    step(town, "agency", end_agreement, number, "改由另一家机构办理")
    assert drafted(town, "agency2") == "XY-2026-00002"


@ONE
def test_a_closed_claim_frees_the_pair_of_an_imported_agreement(town: Town) -> None:
    number = town.software()
    uscc = "91210231MA0XY0001K"
    with pytest.raises(AlreadyDone, match="XY-2026-software"):
        drafted(town, enterprise_uscc=uscc)
    for who, action in (
        ("reviewer", Action.pass_pre_review), ("lead", Action.apply),
        ("bureau", Action.pass_re_review), ("committee", Action.approve),
    ):  # fmt: skip
        town.step(who, number, action)
    with later(days=8):
        town.step("finance", number, Action.pay_agency)
    town.system(number, Action.close_without_reward)
    assert town.state(number) is State.closed
    assert drafted(town, enterprise_uscc=uscc)


@ONE
def test_a_returned_import_keeps_nobody_from_another(town: Town) -> None:
    town.change(Agreement, Agreement.number == "XY-2026-software", filing=Filing.returned,
                filing_confirmed_on=None)  # fmt: skip
    assert drafted(town, enterprise_uscc="91210231MA0XY0001K")


@ONE
def test_filing_tells_every_fault_at_once(town: Town) -> None:
    number = drafted(town, terms=replace(TERMS, result_kind_code="", due_on=date(2026, 1, 1)))
    with pytest.raises(NotAvailable, match="不能早于签订日期、请选择预期成果"):
        step(town, "agency", file_agreement, number, SCAN)
    assert [str(fault.words)[:6] for fault in card(town, "agency", number).faults] == [
        "预计完成日期", "请选择预期成",
    ]  # fmt: skip


@ONE
def test_filing_needs_a_scan_that_can_be_opened(town: Town) -> None:
    number = drafted(town)
    for papers, words in (
        ((), "请附上盖章的扫描件"),
        ((("a.pdf", b"MZ"),), "“a.pdf”的内容不是 PDF"),
        (tuple((f"{at}.pdf", PDF) for at in range(6)), "一次最多附 5 份材料，现有 6 份"),
    ):
        with pytest.raises(FileRefused, match=words):
            step(town, "agency", file_agreement, number, papers)
    assert state(town, number) is AgreementState.draft


@ONE
def test_confirming_is_refused_where_the_terms_no_longer_hold(town: Town) -> None:
    number = filed(town)
    town.change(ServiceType, ServiceType.code == SOFTWARE, valid_to=date(2026, 11, 1))
    with pytest.raises(NotAvailable, match="不在服务清单内"):
        step(town, "bureau", confirm_filing, number)
    step(town, "bureau", return_filing, number, ("R15",), "")


@ONE
def test_a_return_needs_reasons_of_the_table(town: Town) -> None:
    number = filed(town)
    for reasons, words in (
        ((), "至少选择一项"),
        (("R01", "X99"), "不在理由表中"),
        (("R-",), "不在理由表中"),
    ):
        with pytest.raises(ReasonMissing, match=words):
            step(town, "bureau", return_filing, number, reasons, "")


@ONE
def test_a_step_that_is_not_there_is_refused_with_the_state(town: Town) -> None:
    number = confirmed(town)
    with pytest.raises(NotAvailable, match="协议“已备案，未开工”，没有“修改协议内容”这一步"):
        step(town, "agency", edit_agreement, number, TERMS)
    with pytest.raises(NotAvailable, match="没有“确认备案”"):
        step(town, "bureau", confirm_filing, number)


@ONE
def test_a_stale_page_is_told_who_did_what(town: Town) -> None:
    number = drafted(town)
    seen = version(town, number)
    step(town, "agency", edit_agreement, number, replace(TERMS, fee_fen=1_000_00))
    with pytest.raises(
        SeenIsStale, match="agency 1已于 2026-11-20 12:00 对 XY-2026-00001 “修改协议内容”"
    ):
        act(town, "agency", file_agreement, number, SCAN, seen)
    with pytest.raises(SeenIsStale, match="修改协议内容"):
        act(town, "agency", look_again, number, seen)
    act(town, "agency", look_again, number, version(town, number))
    with pytest.raises(SeenIsStale, match="系统已于"):
        act(town, "agency", end_agreement, "XY-2026-other", "理由", seen_version=7)


# ---------------------------------------------------------------- claims follow


def test_claims_on_an_agreement_are_told_when_its_terms_change(town: Town) -> None:
    """A filing confirmed late: the claim's version rises and its findings are taken anew."""
    town.change(
        Agreement, Agreement.number == "XY-2026-software", filing=Filing.filed, filing_number="",
        filing_confirmed_on=None, work_started_on=None, result_kind_code="software_registration",
    )  # fmt: skip
    claim = town.software()
    before = town.claim(claim)
    step(town, "bureau", confirm_filing, "XY-2026-software")
    after = town.claim(claim)
    assert after.version == before.version + 1
    link = newest_link(town, f"claim:{claim}")
    assert link.verb == "follow_agreement"
    assert link.after is not None
    assert link.after["agreement"] == "XY-2026-software"
    assert town.is_sound()


@ONE
def test_a_decided_claim_is_left_alone(town: Town) -> None:
    claim = town.at(State.approved)
    before = town.claim(claim).version
    step(town, "agency", end_agreement, "XY-2026-001", "双方同意终止")
    assert town.claim(claim).version == before


# ---------------------------------------------------------------- at the same moment


def test_two_agencies_at_the_same_moment_are_one_pair(town: Town) -> None:
    with town.session() as current:
        current.add(AgencyScope(agency_id=town.agency2_id, service_code=SOFTWARE))
    came_to = at_once(*(lambda who=who: drafted(town, who) for who in ("agency", "agency2")))
    assert sorted(type(one).__name__ for one in came_to) == ["AlreadyDone", "str"]
    assert is_sound(town)


@ONE
def test_the_index_decides_where_the_question_came_too_early(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever asks first: the database lets one pair be there."""
    number = drafted(town)
    asked = iter(["", number])
    monkeypatch.setattr("models.actions.agreements.pair_taken_by", lambda *_: next(asked))
    with pytest.raises(AlreadyDone, match=number):
        drafted(town)


def test_a_double_click_confirms_once(town: Town) -> None:
    number = filed(town)
    seen = version(town, number)

    def confirm() -> Any:
        return act(town, "bureau", confirm_filing, number, seen)

    came_to = at_once(confirm, confirm, confirm)
    assert sorted(type(one).__name__ for one in came_to) == ["SeenIsStale", "SeenIsStale", "str"]
    assert is_sound(town)


def test_filings_confirmed_at_once_are_numbered_without_gap(town: Town) -> None:
    first = filed(town)
    town.change(
        Agreement, Agreement.number == "XY-2026-software", filing=Filing.filed, filing_number="",
        filing_confirmed_on=None, work_started_on=None, result_kind_code="software_registration",
    )  # fmt: skip
    seen = version(town, first)
    came_to = crossed(
        town.engine,
        lambda: act(town, "bureau", confirm_filing, first, seen),
        lambda: act(town, "bureau2", confirm_filing, "XY-2026-software", 1),
    )
    assert sorted(came_to) == ["BA-2026-00001", "BA-2026-00002"]
    assert is_sound(town)


# ---------------------------------------------------------------- what is seen


@ONE
def test_papers_are_kept_and_seen_by_who_sees_the_agreement(town: Town) -> None:
    number = filed(town)
    with session(town.engine) as current:
        paper = current.exec(select(AgreementPaper)).one()
        assert files_missing(current) == []
        assert evidence_path(paper.sha256).read_bytes() == PDF
        assert paper.id
        seeing = {
            who: viewable_agreement_paper(current, actor, paper.id) is not None
            for who, actor in town.people.items()
        }
        assert viewable_agreement_paper(current, town.people["lead"], 999) is None
    assert {who for who, sees in seeing.items() if not sees} == {"agency2", "enterprise"}
    assert card(town, "bureau", number).events[0].papers[0].file_name == "协议.pdf"


def test_each_party_lists_its_own(town: Town) -> None:
    number = drafted(town)
    town.people["enterprise2"] = replace(
        town.people["enterprise"], enterprise_id=town.enterprise2_id
    )
    nobody = replace(town.people["agency"], agency_id=None)
    with session(town.engine) as current:

        def listed(who: str) -> set[str]:
            page = agreements(current, town.people[who], AgreementFilter(), PageRequest())
            return {one.number for one in page}

        assert len(listed("leader")) == 5
        assert listed("agency2") == {"XY-2026-second"}
        assert listed("enterprise") == {"XY-2026-001", "XY-2026-software"}
        assert listed("enterprise2") == {number, "XY-2026-second", "XY-2026-other"}
        assert years_signed(current, town.people["agency"]) == (2026,)
        assert years_signed(current, nobody) == ()


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (AgreementFilter(text="示例丑企业"), 3),
        (AgreementFilter(text="BA-software"), 1),
        (AgreementFilter(service="hnte_first"), 3),
        (AgreementFilter(year=2025), 0),
        (AgreementFilter(year=2026), 5),
        (AgreementFilter(track=Track.market_rule), 0),
        (AgreementFilter(track=Track.subsidised), 5),
        (AgreementFilter(state=AgreementState.under_way), 4),
        (AgreementFilter(state=AgreementState.confirmed), 0),
        (AgreementFilter(state=AgreementState.filed), 1),
        (AgreementFilter(state=AgreementState.ended), 0),
        (AgreementFilter(pile=AgreementPile.turn), 0),
    ],
)
@ONE
def test_the_filters_narrow(town: Town, wanted: AgreementFilter, count: int) -> None:
    filed(town)
    with session(town.engine) as current:
        page = agreements(current, town.people["lead"], wanted, PageRequest())
    assert len(page.rows) == count
    assert all(wanted.state is None or one.state is wanted.state for one in page)


@ONE
def test_what_waits_is_counted_for_who_acts(town: Town) -> None:
    filed(town)

    def waiting(who: str) -> int | None:
        with session(town.engine) as current:
            size = turn_size(current, town.people[who], AgreementFilter())
        return None if size is None else size.rows

    assert {who: waiting(who) for who in ("bureau", "agency", "agency2", "leader", "enterprise")} == {
        "bureau": 1, "agency": 0, "agency2": 0, "leader": None, "enterprise": None,
    }  # fmt: skip
    step(town, "bureau", confirm_filing, "XY-2026-00001")
    assert (waiting("bureau"), waiting("agency")) == (0, 1)


# ---------------------------------------------------------------- what the record vouches for


def test_events_are_append_only(town: Town) -> None:
    drafted(town)
    for change in ("UPDATE agreement_event SET note = 'x'", "DELETE FROM agreement_event"):
        with pytest.raises(Exception, match="append-only"), town.session() as current:
            current.execute(text(change))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            update(Agreement).where(Agreement.number == "XY-2026-00001").values(version=9),
            "状态与其记录不符",
        ),
        (
            update(Agreement).where(Agreement.number == "XY-2026-00001").values(fee_fen=1),
            "服务费与操作记录不符",
        ),
        (update(AgreementPaper).values(sha256="0" * 64), "第 2 条记录与操作记录不符"),
    ],
)
@ONE
def test_an_altered_agreement_is_named(town: Town, change: Any, words: str) -> None:
    under_way(town)
    assert is_sound(town)
    with town.session() as current:
        current.execute(change)
    with session(town.engine) as current:
        assert words in str(verify(current).first_broken)


@ONE
def test_a_forged_or_a_lost_event_is_named(town: Town) -> None:
    number = under_way(town)
    with town.session() as current:
        current.add(
            AgreementEvent(
                agreement_id=row(town, number).id, position=9, version=4, at_utc=now_utc(),
                action=LifeAction.begin_work, to_state=AgreementState.under_way, reasons=[], detail={},
            )
        )  # fmt: skip
    with session(town.engine) as current:
        assert "第 9 条记录与操作记录不符" in str(verify(current).first_broken)
    with town.session() as current:
        current.execute(text("DROP TRIGGER agreement_event_no_delete"))
        current.execute(text("DELETE FROM agreement_event WHERE position IN (4, 9)"))
    with session(town.engine) as current:
        assert "第 4 条记录不见了" in str(verify(current).first_broken)


@ONE
def test_the_system_may_not_draft(town: Town) -> None:
    with pytest.raises(NotAllowed), town.session() as current:
        draft_agreement(current, system_actor(), ENTERPRISE2, SOFTWARE, TERMS)


# ---------------------------------------------------------------- at the counter


def entered(town: Town, who: str = "reviewer", **changes: Any) -> str:
    """A draft the counter enters for the town's agency."""
    values = {
        "agency_id": town.agency_id, "enterprise_uscc": ENTERPRISE2, "service_code": SOFTWARE,
        "terms": TERMS,
    } | changes  # fmt: skip
    return str(act(town, who, draft_for_agency, **values))


def test_the_counter_enters_and_files_for_an_agency_and_the_record_says_so(town: Town) -> None:
    number = entered(town)
    assert newest_link(town).after["on_behalf"] == 1  # type: ignore[index]
    assert row(town, number).agency_id == town.agency_id
    step(town, "lead", edit_agreement, number, replace(TERMS, fee_fen=150_000))
    step(town, "reviewer", file_agreement, number, SCAN)
    assert [event.detail.get("on_behalf") for event in events(town, number)] == [1, 1, 1]
    seen = card(town, "agency", number)
    assert (seen.is_entered_for, seen.row.fee_fen) == (True, 150_000)
    step(town, "reviewer", take_back_filing, number)
    step(town, "agency", file_agreement, number, SCAN)
    assert "on_behalf" not in events(town, number)[-1].detail
    step(town, "bureau", confirm_filing, number)
    assert is_sound(town)


def test_who_entered_it_does_not_confirm_it(town: Town) -> None:
    with town.session() as current:
        current.add(
            Setting(key="filing_confirmer", value="alliance_lead", valid_from=date(2026, 1, 1),
                    confirmed_at_utc=now_utc())
        )  # fmt: skip
        current.flush()
        forget_settings(current)
    number = entered(town, "lead")
    step(town, "lead", file_agreement, number, SCAN)
    with pytest.raises(NotAllowed, match="备案不得由提交人确认"):
        step(town, "lead", confirm_filing, number)
    step(town, "lead2", confirm_filing, number)


@ONE
def test_what_the_counter_may_not_enter_is_told_in_words(town: Town) -> None:
    for who in ("agency", "bureau", "auditor", "leader"):
        with pytest.raises(NotAllowed):
            entered(town, who)
    with pytest.raises(NotFound, match="没有这家机构"):
        entered(town, agency_id=99)
    with pytest.raises(NotFound, match="会员企业名录中没有"):
        entered(town, enterprise_uscc="91210231MA0XY9999X")
    with pytest.raises(NotAvailable, match="服务范围"):
        entered(town, service_code="design_patent")
    town.tie("reviewer", enterprise_id=town.enterprise2_id)
    with pytest.raises(NotAllowed, match="回避关系（亲属），不得代为录入"):
        entered(town)
    town.tie("lead", agency_id=town.agency2_id)
    number = entered(town, "lead")
    with pytest.raises(NotAllowed, match="回避关系"):
        step(town, "reviewer", file_agreement, number, SCAN)
    town.tie("lead2", agency_id=town.agency_id)
    with pytest.raises(NotAllowed, match="回避关系"):
        entered(town, "lead2", service_code="hnte_first")


@ONE
def test_what_an_agency_drafted_it_files_itself(town: Town) -> None:
    number = drafted(town)
    assert card(town, "reviewer", number).steps == ()
    with pytest.raises(NotAllowed, match="由服务机构自己起草"):
        step(town, "reviewer", file_agreement, number, SCAN)
