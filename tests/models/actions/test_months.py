"""The month's unified application: sent once, row by row, and frozen."""

from sqlalchemy import select, update

from models.actions.claims import Correction, correct_claim, take_claim
from models.actions.months import MonthSent, send_month
from models.database import session
from models.queries.month import (
    claims_to_send,
    frozen_digest,
    lines_to_send,
    month_totals,
    months_sent,
    months_with_claims,
    sent_lines,
    sent_month,
    waiting_rows,
)
from models.queries.month_sending import month_checks, sent_page, sheet_page, sheet_seen
from models.queries.paging import PageRequest
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.errors import AlreadyDone, NotAllowed, NotAvailable, SeenIsStale
from models.rules.roles import Role
from models.tables.agreements import Agreement
from models.tables.claims import Batch, Claim, ClaimEvent
from models.tables.record import Activity, Anchor
from tests.models.actions.small_words import BACK
from tests.town import Town, cover

A, S = Action, State
MONTH = "2026-11"


def send(town: Town, who: str = "lead", month: str = MONTH) -> MonthSent:
    """Somebody sends a month."""
    with town.session() as current:
        seen = sheet_seen(current, town.people[who], month)
        return send_month(current, town.people[who], month, seen)


def left(town: Town, month: str = MONTH) -> list[tuple[str, A, tuple[str, ...], str]]:
    """What left a sent month: number, step, reasons, note."""
    with session(town.engine) as current:
        sent = sent_month(current, month)
    assert sent is not None
    return [(row.number, row.action, row.reasons, row.note) for row in sent.left]


def test_a_month_is_sent_frozen_and_anchored(town: Town) -> None:
    numbers = [town.at(S.pre_reviewed) for _ in range(3)]
    town.file()
    sent = send(town)
    assert [result.number for result in sent.results] == numbers
    assert all(result.is_done for result in sent.results)
    assert (sent.rows, sent.total_fen) == (3, 15_000_000)
    assert [town.state(number) for number in numbers] == [S.applied] * 3
    with session(town.engine) as current:
        rows = sent_lines(current, MONTH)
        assert [row.number for row in rows] == numbers
        assert sum(row.subsidy_fen for row in rows) == 15_000_000
        kept = sent_month(current, MONTH)
        assert kept is not None
        assert (kept.digest, kept.chain_head, kept.rows) == (sent.digest, sent.chain_head, 3)
        lines = [row.as_json() for row in rows]
        assert frozen_digest(lines, kept.annexes.as_json()) == sent.digest
        anchor = current.execute(select(Anchor)).scalar_one()
        link = current.get_one(Activity, anchor.seq)
        assert anchor.hash == sent.chain_head == link.hash
        batch_id = current.execute(select(Batch.id)).scalar_one()
        applied = current.execute(
            select(ClaimEvent.batch_id).where(ClaimEvent.action == A.apply)
        ).scalars()
        assert set(applied) == {batch_id}
        assert months_sent(current) == [MONTH]
        assert months_with_claims(current) == [MONTH]
        assert [(t.state, t.claims) for t in month_totals(current, MONTH)] == [
            (S.submitted, 1),
            (S.applied, 3),
        ]
        assert sent_month(current, "2026-10") is None
    assert town.is_sound()


def test_a_month_is_sent_once_and_by_the_lead(town: Town) -> None:
    for who in ("reviewer", "bureau", "agency", "auditor", "administrator", "leader"):
        with town.refused(NotAllowed, "由联盟负责人发送"):
            send(town, who)
    with town.refused(NotAvailable, "没有初审通过"):
        send(town)
    town.at(S.pre_reviewed)
    for month in ("2026-13", "", "x" * 40, "'; --"):
        with town.refused(NotAvailable, "不是月份"):
            send(town, month=month)
    with town.refused(NotAvailable, "2026-12 还没有到"):
        send(town, month="2026-12")
    send(town)
    town.at(S.pre_reviewed)
    with town.refused(AlreadyDone, "不能再次发送"):
        send(town, "lead2")
    with town.refused(AlreadyDone):
        send(town, month="2026年11月")


def test_what_she_decided_herself_stays_for_the_next_sender(town: Town) -> None:
    town.people["lead"] = cover(town.people["lead"], Role.alliance_reviewer)
    own, other = town.file(), town.at(S.pre_reviewed)
    town.step("lead", own, A.pass_pre_review)
    sent = send(town)
    refused = {result.number: str(result.refusal) for result in sent.results if not result.is_done}
    assert list(refused) == [own]
    assert "一人在一件申请中只办理一个环节" in refused[own]
    assert (town.state(own), town.state(other)) == (S.pre_reviewed, S.applied)
    assert sent.rows == 1
    assert town.is_sound()


def test_a_row_a_colleague_has_taken_or_that_no_longer_holds_stays(town: Town) -> None:
    taken, broken, clean = (town.at(S.pre_reviewed) for _ in range(3))
    with town.session() as current:
        take_claim(current, town.people["lead2"], taken)
        agreement = Agreement(**{
            **town_agreement(current, town), "id": None, "number": "XY-broken", "upfront_fee_fen": 100,
        })  # fmt: skip
        current.add(agreement)
        current.flush()
        current.execute(
            update(Claim).where(Claim.number == broken).values(agreement_id=agreement.id)
        )
    sent = send(town)
    said = {result.number: str(result.refusal) for result in sent.results}
    assert "lead2 1已于" in said[taken]
    assert "F04" in said[broken]
    assert said[clean] == "None"
    assert sent.rows == 1


def town_agreement(current: object, town: Town) -> dict[str, object]:
    """The agreement's columns."""
    return current.get_one(Agreement, town.agreement_id).model_dump()  # type: ignore[attr-defined]


def test_if_no_row_goes_nothing_is_sent(town: Town) -> None:
    number = town.at(S.pre_reviewed)
    with town.session() as current:
        take_claim(current, town.people["lead2"], number)
    with town.refused(NotAvailable, f"没有可以发送的申请：{number} lead2 1已于"):
        send(town)
    with session(town.engine) as current:
        assert months_sent(current) == []


def test_late_months_are_taken_along_and_later_ones_wait(town: Town) -> None:
    late = town.at(S.pre_reviewed, filed_month="2026-09")
    town.at(S.pre_reviewed)
    with session(town.engine) as current:
        assert list(claims_to_send(current, "2026-10").values()) == [late]
        assert [row.number for row in lines_to_send(current, "2026-10")] == [late]
    assert [result.number for result in send(town, month="2026-10").results] == [late]
    after = town.at(S.pre_reviewed, filed_month="2026-10")
    assert {result.number for result in send(town).results} >= {after}


def test_frozen_rows_never_change(town: Town) -> None:
    number = town.at(S.pre_reviewed)
    sent = send(town)
    with session(town.engine) as current:
        before = sent_lines(current, MONTH)
    town.step("bureau", number, A.pass_re_review, subsidy_fen=1_000_000, note="核减")
    town.change(Agreement, Agreement.id == town.agreement_id, fee_fen=1)
    with session(town.engine) as current:
        assert sent_lines(current, MONTH) == before
        kept = sent_month(current, MONTH)
        assert kept is not None
        assert kept.digest == sent.digest
    assert left(town) == []


def test_who_leaves_a_sent_month_is_listed_with_the_reason(town: Town) -> None:
    back, refused, changed, answered, withdrawn = (town.at(S.pre_reviewed) for _ in range(5))
    send(town)
    town.step("bureau", back, A.return_office, reasons=("R03", "R01"), note="发票不清")
    town.step("bureau", refused, A.refuse_office, **BACK)
    for number in (changed, answered):
        town.step("bureau", number, A.ask_agency, **BACK)
    assert [number for number, *_ in left(town)] == [back, refused]
    with town.session() as current:
        correct_claim(current, town.people["agency"], changed, Correction(asked_fen=1_000_000))
    town.step("agency", changed, A.submit)
    town.step("agency", answered, A.submit)
    town.step("bureau", withdrawn, A.hold, **BACK)
    town.step("agency", withdrawn, A.withdraw, **BACK)
    assert left(town) == [
        (back, A.return_office, ("R03", "R01"), "发票不清"),
        (refused, A.refuse_office, ("R01",), "见说明"),
        (changed, A.submit, (), "申请金额已变，须重新初审"),
        (withdrawn, A.withdraw, ("R01",), "见说明"),
    ]  # fmt: skip
    assert town.state(answered) is S.applied
    with session(town.engine) as current:
        assert len(sent_lines(current, MONTH)) == 5
        waiting = waiting_rows(current, MONTH, S.on_hold)
        assert waiting == []
    assert town.is_sound()


def test_a_repassed_claim_joins_the_next_month(town: Town) -> None:
    number = town.at(S.pre_reviewed, filed_month="2026-10")
    send(town, month="2026-10")
    town.step("bureau", number, A.return_office, **BACK)
    assert [result.number for result in send(town).results] == [number]
    assert len(left(town, "2026-10")) == 1
    assert left(town) == []
    assert town.is_sound()


def test_what_is_held_back_or_returned_is_listed_with_its_reasons(town: Town) -> None:
    held, returned = town.file(), town.file()
    town.step("reviewer", held, A.hold, **BACK)
    town.step("reviewer", returned, A.return_pre_review, reasons=("R01", "R03"), note="补")
    with session(town.engine) as current:
        (row,) = waiting_rows(current, MONTH, S.on_hold)
        assert (row.number, row.reasons, row.decided_by) == (held, ("R01",), "reviewer 1")
        (row,) = waiting_rows(current, MONTH, S.returned)
        assert (row.number, row.note) == (returned, "补")


# ---------------------------------------------------------------- what was confirmed is what is sent


def test_what_came_in_after_the_dialog_is_refused_in_words_and_not_sent(town: Town) -> None:
    town.at(S.pre_reviewed)
    with town.session() as current:
        seen = sheet_seen(current, town.people["lead"], MONTH)
    late = town.bring(town.file(), S.pre_reviewed)
    said = f"您确认的是 1 件 50,000.00 元，此后有 1 处变动：新增 {late}（reviewer 1）。现为 2 件"
    with town.refused(SeenIsStale, said), town.session() as current:
        send_month(current, town.people["lead"], MONTH, seen)
    with session(town.engine) as current:
        assert months_sent(current) == []
    assert send(town).rows == 2


def test_what_left_or_changed_after_the_dialog_is_refused_too(town: Town) -> None:
    gone, moved = town.at(S.pre_reviewed), town.at(S.pre_reviewed)
    with town.session() as current:
        seen = sheet_seen(current, town.people["lead"], MONTH)
    assert seen.total_fen == 10_000_000
    town.step("reviewer", gone, A.undo_pre_review)
    with town.refused(SeenIsStale, f"退出 {gone}（reviewer 1）"), town.session() as current:
        send_month(current, town.people["lead"], MONTH, seen)
    town.step("reviewer", gone, A.pass_pre_review)
    town.change(Claim, Claim.number == moved, payee_account="6222020200009999")
    with town.refused(SeenIsStale, f"{moved} 的内容有变"), town.session() as current:
        send_month(current, town.people["lead"], MONTH, seen)


def test_own_rows_are_no_part_of_what_is_confirmed(town: Town) -> None:
    town.people["lead"] = cover(town.people["lead"], Role.alliance_reviewer)
    own, other = town.file(), town.at(S.pre_reviewed)
    town.step("lead", own, A.pass_pre_review)
    with session(town.engine) as current:
        assert list(sheet_seen(current, town.people["lead"], MONTH).rows) == [other]
        assert len(sheet_seen(current, town.people["lead2"], MONTH).rows) == 2


# ---------------------------------------------------------------- what goes with the table is frozen


def test_what_was_held_or_returned_is_frozen_with_the_month(town: Town) -> None:
    held, returned = town.file(), town.file()
    town.step("reviewer", held, A.hold, **BACK)
    town.step("reviewer", returned, A.return_pre_review, reasons=("R03",), note="补")
    town.at(S.pre_reviewed)
    sent = send(town)
    town.step("reviewer", held, A.release, **BACK)
    town.step("agency", returned, A.withdraw, **BACK)
    with session(town.engine) as current:
        kept = sent_month(current, MONTH)
        assert kept is not None
        assert [row.number for row in kept.annexes.held] == [held]
        (row,) = kept.annexes.returned
        assert (row.number, row.note, row.reasons) == (returned, "补", ("R03",))
        assert row.reasons_said[0].startswith("R03 ")
        assert waiting_rows(current, MONTH, S.on_hold) == []
        assert kept.digest == sent.digest
    assert town.is_sound()
    town.change(Batch, Batch.month == MONTH, annexes={"held": [], "returned": []})
    with session(town.engine) as current:
        assert "统一申请与操作记录不符" in str(verify(current).first_broken)


# ---------------------------------------------------------------- what the page shows


def test_the_list_is_paged_with_findings_in_short_and_who_may_not_send(town: Town) -> None:
    town.people["lead"] = cover(town.people["lead"], Role.alliance_reviewer)
    own = town.file()
    town.step("lead", own, A.pass_pre_review)
    taken, late = town.at(S.pre_reviewed), town.at(S.pre_reviewed, filed_month="2026-10")
    town.change(Claim, Claim.number == late, findings_warning=2)
    with town.session() as current:
        take_claim(current, town.people["lead2"], taken)
    with session(town.engine) as current:
        page = sheet_page(current, town.people["lead"], MONTH, PageRequest(size=2))
        rest = sheet_page(current, town.people["lead"], MONTH, PageRequest(2, size=2))
        checks = month_checks(current, town.people["lead"], MONTH)
    assert (page.pages, page.count.rows, len(page.rows), len(rest.rows)) == (2, 3, 2, 1)
    by_number = {row.line.number: row for row in (*page, *rest)}
    assert by_number[own].is_barred
    assert by_number[taken].taken_by == "lead2 1"
    assert (by_number[late].warning, by_number[late].is_barred) == (2, False)
    assert (checks.rows, checks.total_fen, checks.reward_fen) == (2, 10_000_000, 4_000_000)
    assert (checks.exceptions, checks.earlier, checks.taken, checks.barred) == (1, 1, 1, 1)
    (room,) = checks.rooms
    assert (room.code, room.needed_fen, room.is_enough) == ("K01", 14_000_000, True)


def test_a_sent_months_list_is_the_frozen_one(town: Town) -> None:
    numbers = [town.at(S.pre_reviewed) for _ in range(3)]
    send(town)
    town.step("bureau", numbers[0], A.pass_re_review)
    with session(town.engine) as current:
        page = sent_page(current, MONTH, PageRequest(size=2))
        checks = month_checks(current, town.people["lead"], MONTH)
    assert [(row.line.number, row.state) for row in page] == [
        (numbers[0], S.re_reviewed), (numbers[1], S.applied),
    ]  # fmt: skip
    assert (page.pages, checks.rows, checks.rooms) == (2, 0, ())
