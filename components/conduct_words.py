"""Complaints and trainings in words: where they stand, what their steps are called on a button,
what the record calls their facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components import formats
from components.language import _, words
from models.queries.complaints import ComplaintRow
from models.queries.objections import PaperLine
from models.rules.complaints import (
    COMPLAINT_STATES,
    COMPLAINT_STEPS,
    ComplaintAction,
    ComplaintSource,
    ComplaintState,
)
from models.rules.trainings import (
    SEAT_STATES,
    TRAINING_STEPS,
    SeatState,
    TrainingState,
)
from models.rules.wording import Wording, say

# fmt: off
FIELDS: dict[str, Wording] = {
    "accepted_on":      say("受理日期"),
    "agencies":         say("参训机构"),
    "answer_due_on":    say("答复期限"),
    "answered_on":      say("机构答复日期"),
    "complainant":      say("投诉人"),
    "complaint_kind":   say("投诉类别"),
    "complaint_source": say("投诉来源"),
    "complaint_state":  say("投诉状态"),
    "found_kind":       say("认定类别"),
    "held_on":          say("培训日期"),
    "next_due_on":      say("下一步期限"),
    "obligatory":       say("必修"),
    "seat_state":       say("参训情况"),
    "settled_on":       say("办结日期"),
    "training_title":   say("培训名称"),
    "venue":            say("培训地点"),
    "was_reopened":     say("已复核"),
}
"""What a field of a complaint or training is called in the record."""
VERBS: dict[str, Wording] = {
    **{step.action.value: step.name for step in COMPLAINT_STEPS},
    **{step.action.value: step.name for step in TRAINING_STEPS},
}
COLOURS: Mapping[ComplaintState, Any] = {
    ComplaintState.filed:        "blue",
    ComplaintState.not_accepted: "gray",
    ComplaintState.accepted:     "blue",
    ComplaintState.answered:     "blue",
    ComplaintState.reopened:     "orange",
    ComplaintState.upheld:       "red",
    ComplaintState.not_upheld:   "green",
    ComplaintState.withdrawn:    "gray",
}
SEAT_COLOURS: Mapping[SeatState, Any] = {
    SeatState.invited:     "blue",
    SeatState.registered:  "gray",
    SeatState.leave_asked: "orange",
    SeatState.attended:    "green",
    SeatState.excused:     "gray",
    SeatState.missed:      "red",
}
TRAINING_COLOURS: Mapping[TrainingState, Any] = {
    TrainingState.announced: "blue",
    TrainingState.cancelled: "gray",
}
BUTTONS: dict[ComplaintAction, Wording] = {
    ComplaintAction.accept_complaint:    say("受理，请机构答复"),
    ComplaintAction.turn_away_complaint: say("不予受理并告知投诉人"),
    ComplaintAction.answer_complaint:    say("提交答复，等待认定"),
    ComplaintAction.uphold_complaint:    say("认定成立，计入考评"),
    ComplaintAction.dismiss_complaint:   say("认定不成立并告知双方"),
    ComplaintAction.appeal_refusal:      say("申请复核，由另一人决定"),
    ComplaintAction.appeal_decision:     say("申请复核，由另一人认定"),
    ComplaintAction.reopen_complaint:    say("重新认定，由另一人办理"),
    ComplaintAction.withdraw_complaint:  say("撤回这件投诉"),
}
# fmt: on
"""What each step's button says: verb, object and what follows."""


def state_chip(state: ComplaintState) -> list[str]:
    """Where a complaint stands, as a chip."""
    return [words(COMPLAINT_STATES[state])]


def state_chips() -> dict[str, Any]:
    """Every chip with its colour, in the visitor's language."""
    return {words(COMPLAINT_STATES[state]): COLOURS[state] for state in ComplaintState}


def seat_chip(state: SeatState | None) -> list[str]:
    """How an agency stands to a training, as a chip."""
    return [] if state is None else [words(SEAT_STATES[state])]


def seat_chips() -> dict[str, Any]:
    """Every chip with its colour, in the visitor's language."""
    return {words(SEAT_STATES[state]): SEAT_COLOURS[state] for state in SeatState}


def badge(colour: str, said: str) -> str:
    """A status as a badge of Markdown."""
    return f":{colour}-badge[{said}]"


def complainant(row: ComplaintRow) -> str:
    """Who complains, as this person is told."""
    if row.source is None:
        return _("身份保密")
    return _("匿名线索") if row.source is ComplaintSource.hint else row.enterprise


def time_left(days: int | None) -> str:
    """Working days until something is due; empty where nothing is."""
    if days is None:
        return ""
    if days < 0:
        return _("已逾期 {days} 个工作日").format(days=formats.count(-days))
    return _("余 {days} 个工作日").format(days=formats.count(days))


def paper_line(paper: PaperLine, folder: str) -> str:
    """A file with the ways to look at it and to take it."""
    address = f"/files/{folder}/{paper.id}"
    size = formats.size(paper.size_bytes)
    return (
        f":material/attach_file: [{formats.plain(paper.file_name)}]({address}?inline=1)"
        f" :small[:gray[{size}] [{_('下载')}]({address})]"
    )
