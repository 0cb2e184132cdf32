"""`docs/admissions.md`: an admission's life as a diagram and as tables, read from `LIFE`."""

from __future__ import annotations

from collections.abc import Iterator

from models.rules.admission import (
    ADMISSION_STATES,
    LIFE,
    OPEN,
    AdmissionState,
    AdmissionStep,
    Desk,
)
from models.rules.admission_terms import GROUNDS, NEEDS_REFERENCE, REASONS, AdmissionReason, Ground
from tools.markdown import NOTHING, YES, code, codes, fence, page, section, table
from tools.words import chinese, english

SOURCE = "models/rules/admission.py"
DESKS = {
    Desk.applicant: "the agency, or the alliance on behalf",
    Desk.reviewer: "an alliance reviewer",
    Desk.decider: "the alliance's lead",
}


def admissions() -> str:
    """The page."""
    return page(
        "An admission's life 入会资格审查",
        SOURCE,
        "One table, `LIFE`, decides what may be done about an agency's admission, from the "
        "application to its leaving. The buttons, the write actions, the tests and this page are "
        "read from it. Its source is `dalian-hightech` 五.1 一是: the alliance examines the "
        "qualification of agencies that join. The criteria are not printed there: they are rows "
        "with labelled defaults, changed by two people on `/policies`.",
        section("The course 流程", fence("mermaid", _diagram())),
        section("States 状态", table(_STATE_HEADS, map(_state_row, AdmissionState))),
        section(
            "Steps 步骤",
            "A step marked *another person* is never taken by who acts for the applicant, is tied "
            "to it by its credit code, asked to be left out, or acted at another desk of the same "
            "application.",
            table(_STEP_HEADS, map(_step_row, LIFE)),
        ),
        section("Reasons 理由", table(_REASON_HEADS, map(_reason_row, AdmissionReason))),
        section("Grounds 事由", table(_GROUND_HEADS, map(_ground_row, Ground))),
    )


def _diagram() -> Iterator[str]:
    labels: dict[tuple[AdmissionState, AdmissionState], list[str]] = {}
    for step in LIFE:
        for state in step.from_states:
            if step.to is not None:
                labels.setdefault((state, step.to), []).append(step.action.value)
    yield "stateDiagram-v2"
    for state in AdmissionState:
        yield f'    state "{chinese(ADMISSION_STATES[state])} {state.value}" as {state.value}'
    yield f"    [*] --> {AdmissionState.draft.value}"
    for (state, to), actions in labels.items():
        yield f"    {state.value} --> {to.value} : {', '.join(actions)}"


_STATE_HEADS = ("state", "中文", "English", "under way")


def _state_row(state: AdmissionState) -> tuple[str, ...]:
    name = ADMISSION_STATES[state]
    return code(state.value), chinese(name), english(name), YES if state in OPEN else NOTHING


_STEP_HEADS = ("action", "中文", "from", "to", "who", "reason", "another person")


def _step_row(step: AdmissionStep) -> tuple[str, ...]:
    return (
        code(step.action.value),
        chinese(step.name),
        codes(state.value for state in step.from_states),
        code(step.to.value) if step.to is not None else "the same",
        DESKS[step.desk],
        YES if step.needs_reason else NOTHING,
        YES if step.never_own else NOTHING,
    )


_REASON_HEADS = ("reason", "中文", "English", "what to do")


def _reason_row(reason: AdmissionReason) -> tuple[str, ...]:
    name, remedy = REASONS[reason]
    return code(reason.value), chinese(name), english(name), english(remedy)


_GROUND_HEADS = ("ground", "中文", "English", "names what it rests on")


def _ground_row(ground: Ground) -> tuple[str, ...]:
    name = GROUNDS[ground]
    needs = YES if ground in NEEDS_REFERENCE else NOTHING
    return code(ground.value), chinese(name), english(name), needs
