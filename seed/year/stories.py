"""The courses: how a claim goes from its filing to its end, told step by step.

A course is a generator: it acts, then yields the instant at which it goes on. What lies after the
last day is never played, and so the claims of the last months stand where they would stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

from models.clock import now_utc
from models.rules.claim_workflow import Action, State
from seed.year.scripts import Script
from seed.year.stage import Stage
from seed.year.standards import reward_for

Course: TypeAlias = Iterator[datetime]

# fmt: off
REASON_FOR = {
    "F01": "R11", "F02": "R09", "F03_after_start": "R02", "F03_unfiled": "R02", "F04_agreed": "R13", "F04_paid": "R13",
    "F05_paper": "R01", "F05_number": "R04", "F06_claimed": "R07", "F06_exceeded": "R03", "F07_track": "R15",
    "F07_date": "R15", "F08": "R14", "F11": "R06", "F13": "R12", "F13_empty": "R12", "F14_not_asked": "R16",
    "F14_waiting": "R16", "F15": "R19",
}
# state → who goes on, with which step, after so many working days
TURNS: dict[State, tuple[str, Action, int, int]] = {
    State.submitted:   ("reviewer",  Action.pass_pre_review, 1, 4),
    State.applied:     ("bureau",    Action.pass_re_review,  4, 16),
    State.re_reviewed: ("committee", Action.approve,         3, 6),
    State.approved:    ("finance",   Action.pay_agency,      6, 12),
}
# fmt: on


def played(stage: Stage, script: Script) -> Course:
    """File a claim and play its course."""
    stage.file(script)
    yield from COURSES[script.course](stage, script)


# ---------------------------------------------------------------- the ordinary way


def straight(stage: Stage, script: Script) -> Course:
    """From wherever the claim stands to its end."""
    while stage.state(script) in TURNS or stage.state(script) is State.pre_reviewed:
        yield from turn(stage, script)
    if stage.state(script) is State.agency_paid:
        yield from rewarded(stage, script)


def turn(stage: Stage, script: Script) -> Course:
    """One office's turn; a passed claim waits for the month to be sent."""
    state = stage.state(script)
    if state is State.pre_reviewed:
        yield stage.timeline.next_sending(now_utc(), script.month) + timedelta(minutes=1)
        return
    who, action, fewest, most = TURNS[state]
    yield stage.later(script, fewest, most)
    stage.step(script, action, stage.reviewer(script) if who == "reviewer" else who)
    if action is Action.pass_pre_review and script.result_kind.startswith("hnte"):
        stage.note_certificate(script)


def rewarded(stage: Stage, script: Script) -> Course:
    """The enterprise's reward after the subsidy, or the end where none is due."""
    if reward_for(script.pact.service, script.result_kind) is None:
        stage.close_without_reward(script)
        return
    yield stage.later(script, 3, 8)
    stage.step(script, Action.reward_enterprise, "finance")


def reach(stage: Stage, script: Script, goal: State) -> Course:
    """The ordinary way up to a state."""
    while stage.state(script) is not goal:
        yield from turn(stage, script)


# ---------------------------------------------------------------- at the pre-review


def _reasons(script: Script) -> list[str]:
    return [REASON_FOR[fault] for fault in script.faults if fault in REASON_FOR] or ["R99"]


def _return(stage: Stage, script: Script) -> Course:
    yield stage.later(script, 1, 4)
    note = "请一次补齐所列各项，其余条件均已核对，无需再交。"
    stage.step(script, Action.return_pre_review, stage.reviewer(script), _reasons(script), note)


def returned(stage: Stage, script: Script) -> Course:
    """Returned, and with the agency since."""
    yield from _return(stage, script)


def answered(stage: Stage, script: Script) -> Course:
    """Returned, corrected, second round."""
    yield from _return(stage, script)
    yield stage.later(script, 2, 8)
    stage.correct(script, script.faults)
    yield from straight(stage, script)


def answered_twice(stage: Stage, script: Script) -> Course:
    """Corrected only in part, returned again, third round."""
    for fault in script.faults:
        yield from _return(stage, script)
        yield stage.later(script, 2, 6)
        stage.correct(script, (fault,))
    yield from straight(stage, script)


def lapsed(stage: Stage, script: Script) -> Course:
    """Returned, and never answered."""
    yield from _return(stage, script)
    yield stage.later(script, 21, 21)
    stage.lapse(script)


def given_up(stage: Stage, script: Script) -> Course:
    """Returned, then withdrawn."""
    yield from _return(stage, script)
    yield stage.later(script, 2, 7)
    _withdraw(stage, script, "R07" if "F06_claimed" in script.faults else "R01")


def withdrawn(stage: Stage, script: Script) -> Course:
    """Withdrawn before anybody looked."""
    yield now_utc() + timedelta(minutes=script.chance.randrange(20, 90))
    _withdraw(stage, script, "R99")


def _withdraw(stage: Stage, script: Script, reason: str) -> None:
    stage.step(script, Action.withdraw, script.pact.house.username, (reason,), "机构主动撤回。")


def refused(stage: Stage, script: Script) -> Course:
    """Refused at the pre-review."""
    yield stage.later(script, 1, 5)
    stage.step(
        script, Action.refuse_pre_review, stage.reviewer(script), _reasons(script),
        "不符合条件且无法补正。",
    )  # fmt: skip


def reopened(stage: Stage, script: Script) -> Course:
    """Refused, then taken up again by another reviewer."""
    yield stage.later(script, 1, 4)
    stage.step(script, Action.refuse_pre_review, "reviewer3", _reasons(script), "逾期提出。")
    yield stage.later(script, 3, 8)
    stage.step(script, Action.reopen, "reviewer", ("R06",), "机构说明了正当理由，重新受理。")
    yield from straight(stage, script)


def held(stage: Stage, script: Script) -> Course:
    """Held for a while, then passed."""
    yield from on_hold(stage, script)
    yield stage.later(script, 3, 9)
    stage.step(script, Action.release, stage.reviewer(script), ("R10",), "已核实，继续办理。")
    yield from straight(stage, script)


def on_hold(stage: Stage, script: Script) -> Course:
    """Held, and waiting since."""
    yield stage.later(script, 1, 3)
    reasons = _reasons(script)
    stage.step(script, Action.hold, stage.reviewer(script), reasons, "待核实后继续办理。")


def undone(stage: Stage, script: Script) -> Course:
    """Passed by mistake, undone within ten minutes, passed again."""
    yield stage.later(script, 1, 4)
    who = stage.reviewer(script)
    stage.step(script, Action.pass_pre_review, who)
    yield now_utc() + timedelta(minutes=4)
    stage.step(script, Action.undo_pre_review, who)
    yield from straight(stage, script)


def waiting(stage: Stage, script: Script) -> Course:
    """Waiting for the pre-review, taken or not."""
    if script.taken_by:
        yield stage.timeline.last_instant - timedelta(minutes=script.chance.randrange(20, 45))
        stage.take(script, script.taken_by)


# ---------------------------------------------------------------- at the offices


def at_bureau(stage: Stage, script: Script) -> Course:
    """Sent, and waiting at the bureau since."""
    yield from reach(stage, script, State.applied)


def bureau_reduces(stage: Stage, script: Script) -> Course:
    """The bureau stands for less."""
    yield from reach(stage, script, State.applied)
    yield stage.later(script, 4, 12)
    less = script.asked_fen * 8 // 1000 * 100
    stage.step(
        script, Action.pass_re_review, "bureau", note="按实际工作量核减两成。", subsidy_fen=less
    )
    yield from straight(stage, script)


def bureau_holds(stage: Stage, script: Script) -> Course:
    """The bureau holds it for a while."""
    yield from reach(stage, script, State.applied)
    yield stage.later(script, 3, 5)
    stage.step(script, Action.hold, "bureau", ("R10",), "向发证单位核实成果。")
    yield stage.later(script, 4, 8)
    stage.step(script, Action.release, "bureau", ("R10",), "发证单位已答复，成果属实。")
    yield from straight(stage, script)


def bureau_returns(stage: Stage, script: Script) -> Course:
    """The bureau gives it back to the alliance; it joins the next month."""
    yield from reach(stage, script, State.applied)
    yield stage.later(script, 4, 9)
    stage.step(script, Action.return_office, "bureau", ("R03",), "发票信息请联盟再核对。")
    yield from straight(stage, script)


def bureau_asks(stage: Stage, script: Script) -> Course:
    """The bureau asks the agency for one more paper."""
    yield from reach(stage, script, State.applied)
    yield stage.later(script, 3, 8)
    stage.step(script, Action.ask_agency, "bureau", ("R01",), "请补充成果使用情况说明。")
    yield stage.later(script, 2, 5)
    stage.explain(script)
    yield from straight(stage, script)


def bureau_asks_more(stage: Stage, script: Script) -> Course:
    """The bureau asks, and the answer changes a fact: the claim walks again."""
    yield from reach(stage, script, State.applied)
    yield stage.later(script, 3, 8)
    stage.step(script, Action.ask_agency, "bureau", ("R14",), "请按实际完成情况重报金额。")
    yield stage.later(script, 2, 5)
    stage.ask_less(script)
    yield from straight(stage, script)


def bureau_refuses(stage: Stage, script: Script) -> Course:
    """The bureau refuses."""
    yield from reach(stage, script, State.applied)
    yield stage.later(script, 4, 10)
    if script.pact.house.quality == "poor":
        reason, note = "R10", "经向发证单位核实，成果不实。"
    else:
        reason, note = "R04", "经向发证单位核实，成果登记在另一家企业名下。"
    stage.step(script, Action.refuse_office, "bureau", (reason,), note)


def committee_asks(stage: Stage, script: Script) -> Course:
    """The committee asks the agency."""
    yield from reach(stage, script, State.re_reviewed)
    yield stage.later(script, 2, 4)
    stage.step(script, Action.ask_agency, "committee", ("R01",), "请补充企业应用证明。")
    yield stage.later(script, 2, 5)
    stage.explain(script)
    yield from straight(stage, script)


def committee_returns(stage: Stage, script: Script) -> Course:
    """The committee gives it back to the bureau."""
    yield from reach(stage, script, State.re_reviewed)
    yield stage.later(script, 2, 4)
    stage.step(script, Action.return_office, "committee", ("R05",), "请再核成果日期。")
    yield from straight(stage, script)


def committee_refuses(stage: Stage, script: Script) -> Course:
    """The committee refuses."""
    yield from reach(stage, script, State.re_reviewed)
    yield stage.later(script, 2, 4)
    stage.step(script, Action.refuse_office, "committee", ("R15",), "不予支持。")


def finance_returns(stage: Stage, script: Script) -> Course:
    """Finance gives it back to the committee: what was committed is free again."""
    yield from reach(stage, script, State.approved)
    yield stage.later(script, 2, 4)
    stage.step(script, Action.return_office, "finance", ("R12",), "收款信息请再确认。")
    yield from straight(stage, script)


def payment_fails(stage: Stage, script: Script) -> Course:
    """The bank sends the payment back; it is made again."""
    yield from reach(stage, script, State.approved)
    yield stage.later(script, 6, 9)
    stage.step(script, Action.pay_agency, "finance")
    yield stage.later(script, 1, 2)
    stage.step(script, Action.payment_failed, "finance", ("R12",), "银行退汇。")
    yield from straight(stage, script)


def recalled(stage: Stage, script: Script) -> Course:
    """The lead asks for it back, and the bureau agrees."""
    yield from reach(stage, script, State.applied)
    yield stage.later(script, 1, 3)
    stage.step(script, Action.request_recall, "lead", ("R99",), "发现金额填报有误，请求撤回。")
    yield stage.later(script, 1, 2)
    stage.step(script, Action.answer_recall, "bureau", ("R99",), "同意撤回。")
    stage.step(script, Action.return_office, "bureau", ("R99",), "应联盟请求退回。")
    yield from straight(stage, script)


_ALL: tuple[Callable[[Stage, Script], Course], ...] = (
    straight, returned, answered, answered_twice, lapsed, given_up, withdrawn, refused, reopened, held,
    on_hold, undone, waiting, at_bureau, bureau_reduces, bureau_holds, bureau_returns, bureau_asks,
    bureau_asks_more, bureau_refuses, committee_asks, committee_returns, committee_refuses,
    finance_returns, payment_fails, recalled,
)  # fmt: skip
COURSES = {course.__name__: course for course in _ALL} | {"refused_then_again": refused}
