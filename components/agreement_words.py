"""Agreements and needs in words: where they stand, what their steps are called on a button, what
the record calls their facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.language import words
from models.rules.agreement_life import AGREEMENT_STATES, AgreementState, LifeAction
from models.rules.wording import Wording, say

# fmt: off
FIELDS: dict[str, Wording] = {
    "advance_fen":    say("约定垫资"),
    "advanced_on":    say("垫资日期"),
    "agreement":      say("合作对子"),
    "agreement_event": say("协议记录序号"),
    "agreement_state": say("协议状态"),
    "amendment":      say("协议变更编号"),
    "attribution":    say("失败归因"),
    "claimed":        say("主张归因于"),
    "contest":        say("归因异议"),
    "concluded_on":   say("办结日期"),
    "cost_bearer":    say("费用承担"),
    "done_on":        say("完成日期"),
    "due_on":         say("预计完成日期"),
    "expected":       say("预期成果说明"),
    "filed_by_id":    say("提交人编号"),
    "filed_on":       say("提交备案日期"),
    "filing_confirmed_by_id": say("备案确认人编号"),
    "holds_pair":     say("占用对子"),
    "milestone":      say("进度节点编号"),
    "milestone_due_on": say("节点日期"),
    "milestone_name": say("进度节点"),
    "need_state":     say("需求状态"),
    "obtained_on":    say("取得日期"),
    "outcome":        say("协议结果"),
    "outcome_reason": say("结果说明"),
    "proposed":       say("变更内容"),
    "request":        say("询问编号"),
    "request_state":  say("询问状态"),
    "wanted":         say("需求说明"),
    "wanted_by":      say("期望完成日期"),
}
# fmt: on
"""What a field of an agreement or need is called in the record."""

# fmt: off
NEED_VERBS: dict[str, Wording] = {
    "state_need":          say("提出需求"),
    "withdraw_need":       say("撤回需求"),
    "ask_agency_for_need": say("询问机构"),
    "take_back_request":   say("收回询问"),
    "accept_request":      say("接受结对"),
    "decline_request":     say("谢绝结对"),
}
COLOURS: Mapping[AgreementState, Any] = {
    AgreementState.draft:     "gray",
    AgreementState.filed:     "blue",
    AgreementState.returned:  "orange",
    AgreementState.confirmed: "gray",
    AgreementState.under_way: "gray",
    AgreementState.succeeded: "green",
    AgreementState.failed:    "red",
    AgreementState.ended:     "gray",
}
BUTTONS: Mapping[LifeAction, Wording] = {
    LifeAction.edit_agreement:      say("保存协议内容"),
    LifeAction.file_agreement:      say("提交备案，等待确认"),
    LifeAction.take_back_filing:    say("撤回备案，改后再交"),
    LifeAction.confirm_filing:      say("确认备案并发给备案号"),
    LifeAction.return_filing:       say("退回备案，一次告知"),
    LifeAction.begin_work:          say("登记开工"),
    LifeAction.add_milestone:       say("登记进度节点"),
    LifeAction.finish_milestone:    say("登记节点已完成"),
    LifeAction.record_advance:      say("登记这笔垫资"),
    LifeAction.record_result:       say("登记成果"),
    LifeAction.propose_amendment:   say("提出变更，等待确认"),
    LifeAction.confirm_amendment:   say("确认变更，即日生效"),
    LifeAction.turn_down_amendment: say("不同意变更，协议不变"),
    LifeAction.conclude_agreement:  say("办结协议，释放对子"),
    LifeAction.fail_agreement:      say("登记未取得成果并结束"),
    LifeAction.end_agreement:       say("终止协议，释放对子"),
    LifeAction.contest_attribution: say("提出归因异议，由联盟裁定"),
    LifeAction.uphold_contest:      say("异议成立，更改归因"),
    LifeAction.dismiss_contest:     say("维持原归因"),
}
# fmt: on
"""What each step's button says: verb, object and what follows."""


def state_chip(state: AgreementState) -> list[str]:
    """Where an agreement stands, as a chip."""
    return [words(AGREEMENT_STATES[state])]


def state_chips() -> dict[str, Any]:
    """Every chip with its colour, in the visitor's language."""
    return {words(AGREEMENT_STATES[state]): COLOURS[state] for state in AgreementState}


def state_badge(state: AgreementState) -> str:
    """The state as a badge of Markdown."""
    return f":{COLOURS[state]}-badge[{words(AGREEMENT_STATES[state])}]"
