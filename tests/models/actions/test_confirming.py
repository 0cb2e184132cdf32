"""Asking an enterprise and hearing it: who may ask, links that serve once, what its answer moves,
silence that counts, two at once."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from models.actions.confirming import (
    answer_request,
    ask_enterprise,
    note_reminder,
    withdraw_request,
)
from models.actions.daily import take_daily_steps
from models.actions.deeming import deem_silent_enterprises
from models.clock import standing_at
from models.database import session
from models.queries.confirming import (
    LONGEST_TOKEN,
    asking_of,
    how_many_unanswered,
    question_of,
    unanswered,
)
from models.queries.sealing import signature
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.confirming import Answer, LinkState
from models.rules.errors import (
    AlreadyDone,
    AmountRefused,
    NotAllowed,
    NotAvailable,
    NotFound,
    Refusal,
    SeenIsStale,
)
from models.tables.agreements import Confirmation, ConfirmationBasis, Result
from models.tables.confirmations import ConfirmationRequest
from models.tables.organisations import Enterprise
from models.tables.record import Activity
from tests.models.actions.small_words import BACK
from tests.rivals import at_once, crossed
from tests.town import Town
from tests.world import NOON, TODAY, later

UNASKED = {"requested_on": None, "confirmed_on": None, "paid_before_fen": None,
           "paid_after_fen": None, "satisfaction": None}  # fmt: skip
PLEASED = Answer(False, 0, 0, 5)
MAY = {"importer", "reviewer", "reviewer2", "reviewer3", "lead", "lead2"}


def unasked(town: Town) -> str:
    """A claim whose enterprise nobody has asked."""
    return town.file(**UNASKED)


def key(town: Town, number: str) -> tuple[int, int]:
    """A claim's agreement and result."""
    claim = town.claim(number)
    return claim.agreement_id, claim.result_id


def ask(town: Town, number: str, who: str = "reviewer") -> str:
    """Somebody asks a claim's enterprise; the token of the link."""
    with town.session() as current:
        return ask_enterprise(current, town.people[who], *key(town, number))


def answer(town: Town, token: str, given: Answer = PLEASED) -> None:
    """Whoever holds the link answers."""
    with town.session() as current:
        answer_request(current, token, given)


def confirmations(town: Town) -> list[Confirmation]:
    """Every confirmation there is."""
    with session(town.engine) as current:
        return list(current.exec(select(Confirmation).order_by(col(Confirmation.id))))


def requests(town: Town) -> list[ConfirmationRequest]:
    """Every request there is."""
    with session(town.engine) as current:
        return list(current.exec(select(ConfirmationRequest).order_by(col(ConfirmationRequest.id))))


def verbs(town: Town, count: int) -> list[str]:
    """The newest verbs of the record, oldest first."""
    with session(town.engine) as current:
        newest = select(Activity.verb).order_by(col(Activity.seq).desc()).limit(count)
        return list(current.exec(newest))[::-1]


def state(town: Town, token: str) -> LinkState | None:
    """What a link's page says of it."""
    with session(town.engine) as current:
        question = question_of(current, token)
    return question.state if question else None


def verdict(town: Town, number: str, code: str = "F14") -> str:
    """One condition of a claim now."""
    (found,) = [one for one in town.card("reviewer", number).findings if one.code == code]
    return found.verdict.value


# ---------------------------------------------------------------- asking


def test_every_role_is_answered(sqlite_only: Town) -> None:
    town = sqlite_only
    number = unasked(town)
    for who in town.people:
        if who in MAY:
            assert state(town, ask(town, number, who)) is LinkState.open
        else:
            with town.refused(NotAllowed):
                ask(town, number, who)
    assert len(requests(town)) == len(MAY)


def test_a_request_is_heard_by_the_claim_and_changes_no_version(town: Town) -> None:
    number = unasked(town)
    before, seen = town.claim(number), town.seen("reviewer2", number)
    token = ask(town, number)
    (row,), (request,) = confirmations(town), requests(town)
    assert (row.basis, row.requested_on, row.confirmed_on) == (ConfirmationBasis.given, TODAY, None)
    assert request.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(request.model_dump())
    assert request.expires_on == TODAY + timedelta(days=60)
    assert town.claim(number).version == before.version
    assert verdict(town, number) == "unknown"
    town.step("reviewer2", number, Action.pass_pre_review, seen=seen)
    assert town.is_sound()


def test_a_new_link_ends_the_one_before(town: Town) -> None:
    number = unasked(town)
    first = ask(town, number)
    with later(days=3):
        second = ask(town, number, "lead")
        assert (state(town, first), state(town, second)) == (LinkState.withdrawn, LinkState.open)
        with town.refused(NotAvailable, "已作废"):
            answer(town, first)
        assert [row.requested_on for row in confirmations(town)] == [TODAY]
        assert verbs(town, 2) == ["withdraw_request", "request_confirmation"]
        answer(town, second)
    assert town.is_sound()


def test_who_is_tied_hands_out_no_link(town: Town) -> None:
    number = unasked(town)
    town.tie("reviewer", agency_id=town.agency2_id)
    town.tie("reviewer", agency_id=town.agency_id)
    town.tie("reviewer2", enterprise_id=town.enterprise_id)
    for who in ("reviewer", "reviewer2"):
        with town.refused(NotAllowed, "回避关系"):
            ask(town, number, who)


def test_a_member_without_a_contact_is_not_asked(town: Town) -> None:
    number = town.file(agreement_id=town.agreements["other"], **UNASKED)
    with town.refused(NotAvailable, "没有登记联系人"):
        ask(town, number)
    town.change(Enterprise, col(Enterprise.id) == town.enterprise2_id, contact_phone="0411")
    assert state(town, ask(town, number)) is LinkState.open


def test_nobody_is_asked_about_nothing(town: Town) -> None:
    number = unasked(town)
    agreement_id, result_id = key(town, number)
    for pair in ((9_999, result_id), (agreement_id, 9_999)):
        with town.refused(NotFound), town.session() as current:
            ask_enterprise(current, town.people["lead"], *pair)
        with pytest.raises(NotFound), session(town.engine) as current:
            asking_of(current, town.people["lead"], *pair)


def test_a_result_of_another_service_is_not_asked_about(town: Town) -> None:
    number, other = unasked(town), town.software(**UNASKED)
    with town.refused(NotAvailable, "服务类别"), town.session() as current:
        agreement_id, _ = key(town, number)
        ask_enterprise(current, town.people["lead"], agreement_id, key(town, other)[1])


# ---------------------------------------------------------------- the answer


def test_the_answer_is_written_once_and_every_claim_hears_it(town: Town) -> None:
    number = unasked(town)
    token, seen = ask(town, number), town.seen("reviewer", number)
    before = town.claim(number).version
    answer(town, token, Answer(False, 0, 12_345, 4))
    (row,) = confirmations(town)
    said = (row.basis, row.confirmed_on, row.paid_before_fen, row.paid_after_fen, row.satisfaction)
    assert said == (ConfirmationBasis.given, TODAY, 0, 12_345, 4)
    assert town.claim(number).version == before + 1
    assert verdict(town, number) == "met"
    assert verbs(town, 2) == ["answer_request", "hear_enterprise"]
    with town.refused(SeenIsStale, "记录企业答复"):
        town.step("reviewer", number, Action.pass_pre_review, seen=seen)
    with town.refused(AlreadyDone, "已经使用过"):
        answer(town, token)
    with town.refused(AlreadyDone, "不必再次请求"):
        ask(town, number)
    assert state(town, token) is LinkState.used
    assert town.is_sound()


def test_a_fee_before_the_result_bars_the_claim(town: Town) -> None:
    number = unasked(town)
    answer(town, ask(town, number), Answer(False, 50_000, 0, 5))
    assert verdict(town, number, "F04") == "not_met"


def test_a_denial_says_nothing_else(town: Town) -> None:
    number = unasked(town)
    answer(town, ask(town, number), Answer(is_denied=True))
    (row,) = confirmations(town)
    assert (row.is_denied, row.paid_before_fen, row.satisfaction) == (True, None, None)
    assert verdict(town, number) == "not_met"
    assert town.is_sound()


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (Answer(False, None, 0, 5), NotAvailable),
        (Answer(True, 0, 0, None), NotAvailable),
        (Answer(False, 0, 0, 6), AmountRefused),
        (Answer(False, -1, 0, 3), AmountRefused),
    ],
)
def test_an_answer_that_cannot_be_kept_uses_nothing_up(
    sqlite_only: Town, given: Answer, kind: type[Refusal]
) -> None:
    token = ask(sqlite_only, unasked(sqlite_only))
    with sqlite_only.refused(kind):
        answer(sqlite_only, token, given)
    answer(sqlite_only, token)


def test_a_forged_link_is_refused_before_it_is_looked_for(sqlite_only: Town) -> None:
    town = sqlite_only
    token = ask(town, unasked(town))
    drawn, _, signed = token.partition(".")
    unknown = f"{'A' * 43}.{signature('A' * 43)}"
    altered = ("B" if token[0] == "A" else "A") + token[1:]
    for forged in (
        "", ".", drawn, f"{drawn}.", f".{signed}", token[:-1], f"{token} ", f"{token}.{signed}",
        altered, unknown, "x" * LONGEST_TOKEN, "x" * (LONGEST_TOKEN + 1), "令牌.令牌", "\x00",
        "' OR 1=1 --",
    ):  # fmt: skip
        assert state(town, forged) is None
        with town.refused(NotFound, "链接无效"):
            answer(town, forged)
    assert state(town, token) is LinkState.open


def test_an_old_link_expires(town: Town) -> None:
    number = unasked(town)
    token = ask(town, number)
    with later(days=60):
        assert state(town, token) is LinkState.open
    with later(days=61):
        with town.refused(NotAvailable, "已过期"):
            answer(town, token)
        with town.refused(NotAvailable, "已过期"), town.session() as current:
            note_reminder(current, town.people["lead"], requests(town)[0].id or 0)
        answer(town, ask(town, number))


def test_what_was_imported_gives_way_to_the_enterprises_own_word(town: Town) -> None:
    number = town.file(satisfaction=3)
    assert confirmations(town)[0].basis is ConfirmationBasis.imported
    token = ask(town, number)
    assert confirmations(town)[0].satisfaction == 3
    answer(town, token, Answer(False, 0, 0, 1))
    (row,) = confirmations(town)
    assert (row.basis, row.satisfaction) == (ConfirmationBasis.given, 1)
    assert town.is_sound()


def test_a_workbook_does_not_answer_what_was_asked_by_a_link(town: Town) -> None:
    asked = UNASKED | {"requested_on": date(2026, 11, 16), "result_printed": "GR202621000777"}
    first = town.file(**asked)
    ask(town, first)
    assert confirmations(town)[0].requested_on == date(2026, 11, 16)
    town.step("agency", first, Action.withdraw, **BACK)
    town.file(result_printed="GR202621000777")
    assert confirmations(town)[0].confirmed_on is None
    assert town.is_sound()


def test_an_ended_claim_hears_nothing_and_a_paid_one_does(town: Town) -> None:
    refused, approved = unasked(town), town.at(State.approved, **UNASKED)
    town.step("reviewer", refused, Action.refuse_pre_review, **BACK)
    versions = [town.claim(number).version for number in (refused, approved)]
    for number in (refused, approved):
        answer(town, ask(town, number))
    now = [town.claim(number).version for number in (refused, approved)]
    assert now == [versions[0], versions[1] + 1]
    assert town.is_sound()


# ---------------------------------------------------------------- links and reminders


def test_a_link_is_withdrawn_and_a_reminder_noted(town: Town) -> None:
    number = unasked(town)
    token = ask(town, number)
    request_id = requests(town)[0].id or 0
    with town.refused(NotAllowed), town.session() as current:
        note_reminder(current, town.people["agency"], request_id)
    with later(days=2), town.session() as current:
        note_reminder(current, town.people["lead"], request_id)
    assert requests(town)[0].reminded_at_utc == NOON + timedelta(days=2)
    with town.refused(NotAllowed), town.session() as current:
        withdraw_request(current, town.people["leader"], request_id)
    with town.session() as current:
        withdraw_request(current, town.people["lead"], request_id)
    assert state(town, token) is LinkState.withdrawn
    with town.refused(NotAvailable), town.session() as current:
        withdraw_request(current, town.people["lead"], request_id)
    with town.refused(NotFound), town.session() as current:
        withdraw_request(current, town.people["lead"], 9_999)
    assert town.is_sound()


def test_the_alliance_sees_who_has_not_answered(town: Town) -> None:
    lead = town.people["lead"]
    asked, silent = unasked(town), town.software(**UNASKED)
    with session(town.engine) as current:
        assert unanswered(current, lead) == ()
        before = asking_of(current, lead, *key(town, asked))
    assert (before.request_id, before.link, before.is_answered) == (None, None, False)
    first = ask(town, silent)
    with later(days=1):
        ask(town, asked)
    with later(days=4), session(town.engine) as current:
        rows = unanswered(current, lead)
        assert [row.number for row in rows] == [silent, asked]
        assert [row.waiting_working_days for row in rows] == [2, 2]
        assert rows[0].contact_name == "联系人 1"
        assert (rows[0].deemed_on, rows[0].is_deemed) == (date(2026, 12, 4), False)
        assert rows[0].link is LinkState.open
        assert how_many_unanswered(current, lead) == 2
        assert len(unanswered(current, lead, at_most=1)) == 1
        standing = asking_of(current, lead, *key(town, asked))
        assert (standing.link, standing.issued_by) == (LinkState.open, "reviewer 1")
    answer(town, first)
    with session(town.engine) as current:
        assert how_many_unanswered(current, lead) == 1
        assert asking_of(current, lead, *key(town, silent)).is_answered
        for query in (unanswered, how_many_unanswered):
            with pytest.raises(NotAllowed):
                query(current, town.people["agency"])
        with pytest.raises(NotAllowed):
            asking_of(current, town.people["leader"], *key(town, asked))


# ---------------------------------------------------------------- silence


def test_silence_counts_after_its_days_and_says_so(town: Town) -> None:
    number = unasked(town)
    token = ask(town, number)
    with standing_at(NOON + timedelta(days=13)):  # the ninth working day
        assert deem_silent_enterprises(town.engine) == 0
    with standing_at(NOON + timedelta(days=14)):
        before = town.seen("reviewer", number)
        take_daily_steps(town.engine)
        (row,) = confirmations(town)
        said = (row.basis, row.confirmed_on, row.satisfaction, row.paid_before_fen)
        assert said == (ConfirmationBasis.deemed, date(2026, 12, 4), None, None)
        assert town.seen("reviewer", number) == before, "no decision goes stale for it"
        assert deem_silent_enterprises(town.engine) == 0
        assert verdict(town, number) == "met"
        with session(town.engine) as current:
            question = question_of(current, token)
        assert question is not None
        assert question.deemed_on == date(2026, 12, 4)
        answer(town, token, Answer(False, 0, 0, 2))
        assert confirmations(town)[0].satisfaction == 2
        assert town.is_sound()


def test_many_are_noted_in_several_transactions(
    sqlite_only: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.actions.deeming.NOTED_AT_ONCE", 2)
    for _ in range(3):
        ask(sqlite_only, unasked(sqlite_only))
    with later(days=20):
        assert deem_silent_enterprises(sqlite_only.engine) == 3


# ---------------------------------------------------------------- two at once


def test_of_two_answers_at_once_one_stands(town: Town) -> None:
    number = unasked(town)
    token = ask(town, number)
    before = town.claim(number).version
    came = at_once(
        lambda: answer(town, token, Answer(False, 0, 0, 1)),
        lambda: answer(town, token, Answer(False, 0, 0, 5)),
    )
    assert sorted(type(one).__name__ for one in came) == ["AlreadyDone", "NoneType"]
    assert town.claim(number).version == before + 1
    assert town.is_sound()


def test_of_two_links_made_at_once_one_serves(town: Town) -> None:
    number = unasked(town)
    tokens = at_once(lambda: ask(town, number, "reviewer"), lambda: ask(town, number, "lead"))
    assert sorted(str(state(town, token)) for token in tokens) == ["open", "withdrawn"]
    assert town.is_sound()


def test_an_answer_and_a_decision_do_not_wait_in_a_ring(town: Town) -> None:
    number = unasked(town)
    token, seen = ask(town, number), town.seen("reviewer2", number)
    decision, heard = crossed(
        town.engine,
        lambda: town.step("reviewer2", number, Action.return_pre_review, seen=seen, **BACK),
        lambda: answer(town, token),
    )
    assert heard is None
    assert isinstance(decision, SeenIsStale) or town.state(number) is State.returned
    assert town.is_sound()


# ---------------------------------------------------------------- the record

# fmt: off
ATTACKS = {
    "a link opened again":   "UPDATE confirmation_request SET used_at_utc = NULL",
    "a link made longer":    "UPDATE confirmation_request SET expires_on = '2099-01-01'",
    "another link put in":   "UPDATE confirmation_request SET token_hash = 'x'",
    "another contact":       "UPDATE confirmation_request SET contact_name = '别人'",
    "a request of nobody's": "UPDATE confirmation_request SET issued_by_id = issued_by_id + 1",
    "a request taken out":   "DELETE FROM confirmation_request",
    "an answer made better": "UPDATE confirmation SET satisfaction = 5",
}
# fmt: on


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_altered_behind_the_record_is_named(sqlite_only: Town, attack: str) -> None:
    town = sqlite_only
    answer(town, ask(town, unasked(town)), Answer(False, 0, 0, 2))
    assert town.is_sound()
    with town.session() as current:
        current.connection().exec_driver_sql(ATTACKS[attack])
    with session(town.engine) as current:
        broken = verify(current).first_broken
    assert broken is not None
    assert "确认" in str(broken)


def test_a_number_typed_otherwise_keeps_its_confirmation(town: Town) -> None:
    number = unasked(town)
    answer(town, ask(town, number))
    town.change(Result, col(Result.id) == key(town, number)[1], printed="GR 2026 2100 0001")
    assert town.is_sound()
