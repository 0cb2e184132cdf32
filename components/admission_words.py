"""Admissions in words: where an application stands, what its steps are called on a button, what the
record calls their facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.language import CHINESE, _, language, words
from models.rules.admission import ADMISSION_STATES, AdmissionAction, AdmissionState
from models.rules.admission_terms import CRITERION_VERDICTS, CriterionVerdict
from models.rules.wording import Wording, say

# fmt: off
FIELDS: dict[str, Wording] = {
    "admitted_services": say("准入的服务"),
    "application":       say("入会申请"),
    "application_state": say("申请状态"),
    "applied_on":        say("提交日期"),
    "criterion":         say("入会条件"),
    "decided_on":        say("决定日期"),
    "dropped":           say("移除的材料"),
    "faults":            say("不符合或待查证的条件"),
    "ground":            say("事由"),
    "is_in_force":       say("是否施行"),
    "is_required":       say("是否必备"),
    "evidence_en":       say("证明材料（英文）"),
    "evidence_zh":       say("证明材料"),
    "shows_en":          say("须证明（英文）"),
    "shows_zh":          say("须证明"),
    "qualification":     say("资格|入会"),
    "reference":         say("投诉编号或考评期次"),
    "services":          say("申请的服务"),
    "verdicts":          say("审查意见"),
}
"""What a field of an application is called in the record."""
COLOURS: Mapping[AdmissionState, Any] = {
    AdmissionState.draft:     "gray",
    AdmissionState.applied:   "blue",
    AdmissionState.returned:  "orange",
    AdmissionState.reviewed:  "blue",
    AdmissionState.admitted:  "green",
    AdmissionState.refused:   "red",
    AdmissionState.withdrawn: "gray",
    AdmissionState.suspended: "orange",
    AdmissionState.removed:   "gray",
}
BUTTONS: Mapping[AdmissionAction, Wording] = {
    AdmissionAction.apply_for_admission:   say("提交申请，等待审查"),
    AdmissionAction.take_back_application: say("收回申请，改后再交"),
    AdmissionAction.give_up_application:   say("撤销申请，保留记录"),
    AdmissionAction.apply_again:           say("再次申请，恢复填报"),
    AdmissionAction.examine_criteria:      say("保存审查意见"),
    AdmissionAction.return_application:    say("退回补正，一次告知"),
    AdmissionAction.pass_to_decision:      say("送负责人决定"),
    AdmissionAction.recuse_oneself:        say("申请回避，由他人办理"),
    AdmissionAction.ask_review_again:      say("退回审查人再审"),
    AdmissionAction.admit_agency:          say("准予入会，列入名录"),
    AdmissionAction.refuse_admission:      say("不予准入，告知理由"),
}
"""What each step's button says: verb, object and what follows."""
_VERDICT_BADGES: Mapping[CriterionVerdict, str] = {
    CriterionVerdict.met:     ":green[:material/check: {said}]",
    CriterionVerdict.not_met: ":red-badge[:material/close: {said}]",
    CriterionVerdict.unknown: ":gray-badge[:material/help: {said}]",
}
# fmt: on
STATES_OF_LIST = tuple(state for state in AdmissionState if state not in ("suspended", "removed"))
"""Where an application can be found."""


def state_chip(state: AdmissionState) -> list[str]:
    """Where an application stands, as a chip."""
    return [words(ADMISSION_STATES[state])]


def state_chips() -> dict[str, Any]:
    """Every chip with its colour, in the visitor's language."""
    return {words(ADMISSION_STATES[state]): COLOURS[state] for state in STATES_OF_LIST}


def state_badge(state: AdmissionState) -> str:
    """The state as a badge of Markdown."""
    return f":{COLOURS[state]}-badge[{words(ADMISSION_STATES[state])}]"


def verdict_badge(verdict: CriterionVerdict | None) -> str:
    """A verdict as look.md draws findings: a thin tick where it is met, else a filled badge."""
    if verdict is None:
        return f":gray[{_('未审查')}]"
    return _VERDICT_BADGES[verdict].format(said=words(CRITERION_VERDICTS[verdict]))


def in_language(row: Any, field: str) -> str:
    """A text of a criterion in the visitor's language."""
    return str(getattr(row, f"{field}_zh" if language() == CHINESE else f"{field}_en"))
