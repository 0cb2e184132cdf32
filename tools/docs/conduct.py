"""`docs/conduct.md`: the lives of a complaint and of a training, read from their tables."""

from __future__ import annotations

from collections.abc import Iterator

from models.rules.complaints import (
    COMPLAINT_STATES,
    COMPLAINT_STEP_OF,
    COMPLAINT_STEPS,
    OPEN_COMPLAINTS,
    ComplaintSide,
    ComplaintState,
    ComplaintStep,
)
from models.rules.roles import Role
from models.rules.trainings import SEAT_STATES, TRAINING_STEPS, SeatState, TrainingStep, When
from tools.markdown import NOTHING, YES, code, codes, fence, page, section, table
from tools.words import chinese, english

SOURCE = "models/rules/complaints.py"
SIDES = {
    ComplaintSide.complainant: "the complainant, or who entered it on its behalf",
    ComplaintSide.agency: "the agency",
    ComplaintSide.alliance: "the alliance",
}
DAYS = {
    When.any: NOTHING,
    When.until: "until its day",
    When.since: "from its day on",
}


def conduct() -> str:
    """The page."""
    return page(
        "Complaints 投诉 and trainings 培训",
        SOURCE,
        "What an agency's conduct (规范经营) is read from. The tables `COMPLAINT_STEPS` and "
        "`TRAINING_STEPS` decide; buttons, write actions, tests and this page are read from them. "
        "How long each step may take is a [setting](settings.md).",
        section("A complaint's course 投诉流程", fence("mermaid", _diagram())),
        section("Its states 投诉状态", table(_STATE_HEADS, map(_state_row, ComplaintState))),
        section(
            "Its steps 投诉步骤",
            "A step marked *impartial* is never taken by a party or by who is tied to one. Before "
            "the agency's time to answer is over, nothing is decided without its answer. One "
            "review is had, once, in time.",
            table(_STEP_HEADS, map(_step_row, COMPLAINT_STEPS)),
        ),
        section(
            "How an agency stands to a training 参训情况",
            table(_SEAT_HEADS, map(_seat_row, SeatState)),
        ),
        section(
            "A training's steps 培训步骤",
            "A step marked *untied* is never taken by who is tied to the agency concerned.",
            table(_TRAINING_HEADS, map(_training_row, TRAINING_STEPS)),
        ),
    )


def _diagram() -> Iterator[str]:
    labels: dict[tuple[ComplaintState, ComplaintState], list[str]] = {}
    for step in COMPLAINT_STEPS:
        for state in step.from_states:
            labels.setdefault((state, step.to), []).append(step.action.value)
    yield "stateDiagram-v2"
    for state in ComplaintState:
        yield f'    state "{chinese(COMPLAINT_STATES[state])} {state.value}" as {state.value}'
    yield f"    [*] --> {ComplaintState.filed.value}"
    for (state, to), actions in labels.items():
        yield f"    {state.value} --> {to.value} : {', '.join(actions)}"
    yield from (f"    {one.value} --> [*]" for one in ComplaintState if one not in OPEN_COMPLAINTS)


_STATE_HEADS = ("state", "中文", "English", "waits for somebody")


def _state_row(state: ComplaintState) -> tuple[str, ...]:
    name = COMPLAINT_STATES[state]
    waits = YES if state in OPEN_COMPLAINTS else NOTHING
    return code(state.value), chinese(name), english(name), waits


_STEP_HEADS = ("action", "中文", "from", "to", "who", "reason", "impartial", "never by who did")


def _step_row(step: ComplaintStep) -> tuple[str, ...]:
    return (
        code(step.action.value),
        chinese(step.name),
        codes(state.value for state in step.from_states),
        code(step.to.value),
        ", ".join(SIDES[side] for side in step.sides),
        YES if step.needs_reason else NOTHING,
        YES if step.is_impartial else NOTHING,
        ", ".join(chinese(COMPLAINT_STEP_OF[action].name) for action in step.never_after)
        or NOTHING,
    )


_SEAT_HEADS = ("state", "中文", "English")


def _seat_row(state: SeatState) -> tuple[str, ...]:
    name = SEAT_STATES[state]
    return code(state.value), chinese(name), english(name)


_TRAINING_HEADS = ("action", "中文", "agencies from", "to", "who", "when", "reason", "untied")


def _training_row(step: TrainingStep) -> tuple[str, ...]:
    return (
        code(step.action.value),
        chinese(step.name),
        codes(state.value for state in step.seats_from),
        code(step.seat_to.value) if step.seat_to is not None else NOTHING,
        "the alliance, an agency for itself" if Role.agency in step.roles else "the alliance",
        DAYS[step.when],
        YES if step.needs_reason else NOTHING,
        YES if step.never_tied else NOTHING,
    )
