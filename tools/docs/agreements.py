"""`docs/agreements.md`: an agreement's life as a diagram and as tables, read from `LIFE`."""

from __future__ import annotations

from collections.abc import Iterator

from models.rules.agreement_life import AGREEMENT_STATES, LIFE, OPEN, AgreementState, LifeStep, Side
from tools.markdown import NOTHING, YES, code, codes, fence, page, section, table
from tools.words import chinese, english

SOURCE = "models/rules/agreement_life.py"
SIDES = {
    Side.agency: "its agency",
    Side.enterprise: "its enterprise",
    Side.confirmer: "the office the setting names",
    Side.alliance: "the alliance",
}


def agreements() -> str:
    """The page."""
    return page(
        "An agreement's life 合作对子",
        SOURCE,
        "One table, `LIFE`, decides what may be done to a service agreement. The buttons, the "
        "write actions, the tests and this page are read from it. Its source is "
        "`dalian-hightech` 五.3(1): filed and confirmed before work starts, the result before any "
        "money. Who confirms filings is a [setting](settings.md).",
        section("The course 流程", fence("mermaid", _diagram())),
        section("States 状态", table(_STATE_HEADS, map(_state_row, AgreementState))),
        section(
            "Steps 步骤",
            "A step marked *another person* is never taken by who acted for a party of the "
            "agreement, speaks for one, or is tied to one. One marked *counter* the alliance may "
            "take for the agency, of an agreement it drafted for it (代为录入); the record says so. "
            "An attribution is contested once, by the side that did not record the failure.",
            table(_STEP_HEADS, map(_step_row, LIFE)),
        ),
    )


def _diagram() -> Iterator[str]:
    labels: dict[tuple[AgreementState, AgreementState], list[str]] = {}
    for step in LIFE:
        for state in step.from_states:
            if step.to is not None:
                labels.setdefault((state, step.to), []).append(step.action.value)
    yield "stateDiagram-v2"
    for state in AgreementState:
        yield f'    state "{chinese(AGREEMENT_STATES[state])} {state.value}" as {state.value}'
    yield f"    [*] --> {AgreementState.draft.value}"
    for (state, to), actions in labels.items():
        yield f"    {state.value} --> {to.value} : {', '.join(actions)}"
    yield from (f"    {state.value} --> [*]" for state in AgreementState if state not in OPEN)


_STATE_HEADS = ("state", "中文", "English", "holds the pair")


def _state_row(state: AgreementState) -> tuple[str, ...]:
    name = AGREEMENT_STATES[state]
    return code(state.value), chinese(name), english(name), YES if state in OPEN else NOTHING


_STEP_HEADS = ("action", "中文", "from", "to", "who", "reason", "another person", "counter")


def _step_row(step: LifeStep) -> tuple[str, ...]:
    return (
        code(step.action.value),
        chinese(step.name),
        codes(state.value for state in step.from_states),
        code(step.to.value) if step.to is not None else "the same",
        ", ".join(SIDES[side] for side in step.sides),
        YES if step.needs_reason else NOTHING,
        YES if step.never_own else NOTHING,
        YES if step.by_counter else NOTHING,
    )
