"""At the same moment: one claim, the last yuan, a whole office at work, and a process killed in the middle."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, select

from models.actions.accounts import NewAccount, add_account
from models.actions.members import add_enterprise
from models.actions.months import send_month
from models.actions.safe_set import draw_sample, pass_safe_claim
from models.actions.steps import Seen, StepTaken, take_step
from models.database import session
from models.queries.claim_card import claim_card
from models.queries.month_sending import sheet_seen
from models.rules import passwords
from models.rules.claim_workflow import Action, State
from models.rules.errors import AlreadyDone, BudgetExhausted, FindingsBlock, Refusal, SeenIsStale
from models.rules.membership import EnterpriseEntry
from models.rules.roles import Role
from models.tables.claims import Claim, ClaimEvent, SamplingDraw
from models.tables.money import PolicyRule
from tests.models.exchange.workbooks import code
from tests.rivals import SPAWN, at_once, crossed, decide, kill_writers
from tests.town import Town
from tests.world import NOON, TODAY

A, S = Action, State
ROUNDS = 5


def url_of(engine: Engine) -> str:
    """Where another process finds the database."""
    return engine.url.render_as_string(hide_password=False)


def step(town: Town, who: str, number: str, action: Action, seen: Seen, **given: Any) -> StepTaken:
    """A step on what was seen before."""
    with town.session() as current:
        return take_step(current, town.people[who], number, action, seen, **given)


def blindly(town: Town, who: str, number: str) -> Seen:
    """What somebody saw, budget and caps not looked at."""
    return replace(town.seen(who, number), verdicts={})


# ---------------------------------------------------------------- one claim


def test_two_reviewers_one_claim_one_decision(town: Town) -> None:
    for _ in range(ROUNDS):
        number = town.file()
        doings = [
            partial(step, town, "reviewer", number, A.pass_pre_review, town.seen("reviewer", number)),
            partial(step, town, "reviewer2", number, A.refuse_pre_review, town.seen("reviewer2", number), reasons=("R01",)),
        ]  # fmt: skip
        came_to = at_once(*doings)
        (done,) = [one for one in came_to if isinstance(one, StepTaken)]
        (told,) = [one for one in came_to if isinstance(one, SeenIsStale)]
        winner = "reviewer" if done.action is A.pass_pre_review else "reviewer2"
        assert told.changed_by == f"{winner} 1"
        assert told.changed_at_utc == NOON
        assert f"{winner} 1已于 2026-11-20 12:00 对本件" in str(told)
        assert len(town.events(number)) == 2
    assert town.is_sound()


def test_two_reviewers_in_two_processes(town: Town) -> None:
    url, numbers = url_of(town.engine), [town.file() for _ in range(3)]
    with ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
        assert list(pool.map(abs, (-1, -1))) == [1, 1]  # both are up
        seen = {number: town.seen("reviewer", number) for number in numbers}
        begin_at = time.monotonic() + 1
        futures = [
            pool.submit(decide, url, town.people[who], number, A.pass_pre_review, seen[number], begin_at)
            for number in numbers
            for who in ("reviewer", "reviewer2")
        ]  # fmt: skip
        came_to = [future.result(60) for future in futures]
    for pair in zip(came_to[::2], came_to[1::2], strict=True):
        (refused,) = [one for one in pair if isinstance(one, tuple)]
        assert refused[0] == "SeenIsStale"
        assert "已于 2026-11-20 12:00 对本件“初审通过”" in refused[1]
    assert town.is_sound()


# ---------------------------------------------------------------- the last yuan


def race(town: Town, doings: list[Callable[[], Any]]) -> Refusal:
    """Two at once: exactly one goes through, the other is refused; the refusal."""
    came_to = at_once(*doings)
    assert sum(isinstance(one, StepTaken) for one in came_to) == 1, came_to
    (refusal,) = [one for one in came_to if isinstance(one, Refusal)]
    assert town.is_sound()
    return refusal


def test_two_approvals_the_last_yuan_of_a_line(town: Town) -> None:
    numbers = [town.at(S.re_reviewed) for _ in range(2)]
    town.ceiling(139_999)
    doings = [
        partial(step, town, who, number, A.approve, blindly(town, who, number))
        for who, number in zip(("committee", "committee2"), numbers, strict=True)
    ]
    assert isinstance(race(town, list(doings)), BudgetExhausted | FindingsBlock)
    assert town.line() == (70_000, 0)


def test_two_approvals_the_last_yuan_of_a_cap(town: Town) -> None:
    numbers = [town.at(S.re_reviewed) for _ in range(2)]
    town.change(PolicyRule, PolicyRule.key == "S-01-subsidy", agency_year_cap_fen=9_999_900)
    doings = [
        partial(step, town, who, number, A.approve, blindly(town, who, number))
        for who, number in zip(("committee", "committee2"), numbers, strict=True)
    ]
    assert "超过年度上限" in str(race(town, list(doings)))
    assert town.counter() == {"agency:S-01-subsidy": 50_000}


def test_many_approvals_take_what_there_is_and_no_more(town: Town) -> None:
    numbers = [town.at(S.re_reviewed) for _ in range(6)]
    town.ceiling(3 * 70_000)
    doings = [
        partial(step, town, "committee", number, A.approve, blindly(town, "committee", number))
        for number in numbers
    ]
    came_to = at_once(*doings)
    assert sum(isinstance(one, StepTaken) for one in came_to) == 3
    assert all(isinstance(one, StepTaken | BudgetExhausted | FindingsBlock) for one in came_to)
    assert town.line() == (210_000, 0)
    assert town.is_sound()


# ---------------------------------------------------------------- once is once


def test_a_month_is_drawn_and_sent_once_whoever_is_first(town: Town) -> None:
    for _ in range(3):
        town.file()
    town.at(S.pre_reviewed)

    def draw(who: str) -> Any:
        with town.session() as current:
            return draw_sample(current, town.people[who], "2026-11")

    def send(who: str) -> Any:
        with town.session() as current:
            seen = sheet_seen(current, town.people[who], "2026-11")
            return send_month(current, town.people[who], "2026-11", seen)

    for doings in (
        [partial(draw, w) for w in ("reviewer", "reviewer2")],
        [partial(send, w) for w in ("lead", "lead2")],
    ):
        came_to = at_once(*doings)
        assert sum(isinstance(one, AlreadyDone) for one in came_to) == 1, came_to
        assert sum(isinstance(one, Exception) for one in came_to) == 1, came_to
    with session(town.engine) as current:
        assert len(current.execute(select(SamplingDraw)).all()) == 1
    assert town.is_sound()


def add_member(town: Town) -> str:
    """A member of one code."""
    entry = EnterpriseEntry(uscc=code(8), name="大连测试8有限公司", joined_on=TODAY)
    with town.session() as current:
        return add_enterprise(current, town.people["reviewer"], entry)


def add_person(town: Town) -> int:
    """An account of one name."""
    with town.session() as current:
        new = NewAccount("liming", "李明")
        return add_account(current, town.people["administrator"], new, "a long enough passphrase")


@pytest.mark.parametrize(
    ("add", "words"), [(add_member, "已在企业会员名录中"), (add_person, "账号 liming 已有人使用")]
)
def test_of_two_who_add_the_same_the_second_is_told(
    town: Town, monkeypatch: pytest.MonkeyPatch, add: Callable[[Town], Any], words: str
) -> None:
    monkeypatch.setattr(passwords, "HASH_COST", 4)
    came_to = crossed(town.engine, partial(add, town), partial(add, town))
    (told,) = [one for one in came_to if isinstance(one, Exception)]
    assert isinstance(told, AlreadyDone), told
    assert words in str(told)
    with pytest.raises(AlreadyDone, match=words):
        add(town)
    assert town.is_sound()


# ---------------------------------------------------------------- a whole office at work


def test_bulk_single_and_the_month_at_once(town: Town) -> None:
    """Nobody waits for ever, nothing is lost or doubled, the chain has no forks."""
    waiting, passed = [town.file() for _ in range(6)], [town.at(S.pre_reviewed) for _ in range(3)]
    with town.session() as current:
        draw_sample(current, town.people["reviewer"], "2026-11")

    def each(who: str, doing: Callable[[str], Any], numbers: list[str]) -> list[Any]:
        return [_or_refusal(partial(doing, number)) for number in numbers]

    def bulk(number: str) -> Any:
        with town.session() as current:
            return pass_safe_claim(current, town.people["reviewer"], number)

    def single(number: str) -> Any:
        return town.step("reviewer2", number, A.pass_pre_review)

    def undo(number: str) -> Any:
        return town.step("reviewer", number, A.undo_pre_review)

    def send() -> Any:
        with town.session() as current:
            seen = sheet_seen(current, town.people["lead"], "2026-11")
            return send_month(current, town.people["lead"], "2026-11", seen)

    came_to = at_once(
        partial(each, "reviewer", bulk, waiting),
        partial(each, "reviewer2", single, waiting[::-1]),
        partial(each, "reviewer", undo, passed + waiting),
        partial(_or_refusal, send),
    )
    assert [
        one for one in came_to if isinstance(one, Exception) and not isinstance(one, Refusal)
    ] == []
    with session(town.engine) as current:
        events = current.execute(select(ClaimEvent.claim_id, ClaimEvent.position)).all()
        versions = dict(current.execute(select(Claim.id, Claim.version)).all())
    assert len(set(events)) == len(events)
    assert len(versions) == 9
    assert town.is_sound()


def test_everybody_works_for_a_while(town: Town) -> None:
    """Eight people, twelve claims, steps in every direction: only refusals in words, and all agrees."""
    numbers = [
        town.at(state)
        for state in (S.submitted, S.pre_reviewed, S.applied, S.re_reviewed)
        for _ in range(3)
    ]
    crew = {
        "reviewer": (A.pass_pre_review, A.return_pre_review, A.hold, A.release), "reviewer2": (A.pass_pre_review, A.undo_pre_review),
        "lead": (A.apply, A.hold, A.release), "bureau": (A.pass_re_review, A.return_office, A.ask_agency),
        "committee": (A.approve, A.return_office), "committee2": (A.approve, A.hold, A.release),
        "finance": (A.return_office, A.ask_agency), "agency": (A.submit,),
    }  # fmt: skip
    odd: list[Exception] = []
    done: list[StepTaken] = []

    def work(who: str, seed: int) -> None:
        drawn = random.Random(seed)
        for _ in range(15):
            number, action = drawn.choice(numbers), drawn.choice(crew[who])
            try:
                with session(town.engine) as current:
                    card = claim_card(current, town.people[who], number)
                seen = Seen(card.claim.version, card.digest)
                done.append(step(town, who, number, action, seen, reasons=("R01",), note="说明"))
            except Refusal:
                pass
            except Exception as error:  # noqa: BLE001 - the test wants every one of them
                odd.append(error)

    assert at_once(*(partial(work, who, seed) for seed, who in enumerate(crew))) == [None] * len(
        crew
    )
    assert odd == []
    assert len(done) > 10
    assert town.is_sound()
    assert town.people["lead"].roles == {Role.alliance_lead}


def _or_refusal(doing: Callable[[], Any]) -> Any:
    try:
        return doing()
    except Refusal as refusal:
        return refusal


# ---------------------------------------------------------------- kill -9


@pytest.mark.parametrize("kind", ["sqlite_only", "postgres_only"])
def test_a_killed_process_loses_nothing_it_acknowledged(
    kind: str, request: pytest.FixtureRequest
) -> None:
    """Eight writers decide; the process is killed in the middle, twice over the same database."""
    town: Town = request.getfixturevalue(kind)
    numbers = [town.file() for _ in range(8)]
    reviewers = [town.people[who] for who in ("reviewer", "reviewer2", "reviewer3")]
    for after in (25, 40):
        acknowledged = kill_writers(url_of(town.engine), reviewers, numbers, after)
        for number, version in acknowledged.items():
            claim = town.claim(number)
            assert claim.version >= version
            assert town.events(number)[-1].version == claim.version
        assert town.is_sound()
    free = next(
        number for number in numbers if town.state(number) is S.submitted or town.claim(number)
    )
    assert town.card("reviewer", free).claim.number == free
