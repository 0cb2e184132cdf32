"""`docs/workflow.md`: the claim workflow as a diagram and as tables, read from `STEPS`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from models.rules.claim_workflow import (
    HOLDER,
    OFFICE_ROLE,
    STATE_NAMES,
    STEP_OF,
    STEPS,
    UNDO_MINUTES,
    Action,
    Kind,
    Place,
    State,
    Step,
    possible_targets,
    roles_for,
)
from models.rules.roles import OFFICE_NAMES, ROLE_NAMES
from tools.markdown import NOTHING, YES, code, codes, fence, page, section, table
from tools.words import both, chinese, english

SOURCE = "models/rules/claim_workflow.py"
KINDS = {
    Kind.onward: "onward",
    Kind.back: "back, opens a new round",
    Kind.end: "end",
    Kind.pause: "pause",
    Kind.note: "note, no change of state",
}


def workflow() -> str:
    """The page."""
    return page(
        "The claim workflow 补贴申请办理流程",
        SOURCE,
        "One table, `STEPS`, decides what may be done to a claim. The buttons, the write action, "
        "the tests, the database's CHECK and this page are read from it. Its source is "
        "`dalian-hightech` 五.3(2); deadlines and return rules are not printed there, they are "
        "[settings](settings.md).",
        section("The course 流程", fence("mermaid", _diagram({Kind.onward, Kind.back, Kind.end}))),
        section(
            "Held and released 暂缓",
            "Any office may hold a claim in its own queue; released, it stands where it stood.",
            fence("mermaid", _diagram({Kind.pause})),
        ),
        section("States 状态", table(_STATE_HEADS, map(_state_row, State))),
        section(
            "Steps 步骤",
            f"Undoing a pass is open for {UNDO_MINUTES} minutes, to the person who passed. A step "
            "that *decides* is the office's decision of its round: once per claim, state and "
            "round. A *guarded* step stands for the [findings](findings.md): a blocking "
            "condition that is not met stops it. Who of those holding the role may act on one "
            "claim is told in [permissions](permissions.md).",
            table(_STEP_HEADS, map(_step_row, STEPS)),
        ),
    )


def targets(step: Step, state: State) -> list[State]:
    """Every state a step can lead to from a state, in the workflow's order."""
    found = {to for place in _places(step, state) for to in possible_targets(step, place)}
    return [to for to in State if to in found]


def step_roles(step: Step) -> list[str]:
    """The roles that may take a step somewhere, in the roles' own order; empty for the system's."""
    found = {
        role
        for state in step.from_states
        for p in _places(step, state)
        for role in roles_for(step, p)
    }
    return [role for role in ROLE_NAMES if role in found]


def _places(step: Step, state: State) -> Iterator[Place]:
    """The places that differ for a step: where it was held from, who asked the agency."""
    if state is State.on_hold:
        yield from (Place(state, held_from=held) for held in STEP_OF[Action.hold].from_states)
        return
    yield Place(state)
    if state is State.returned and step.action is Action.submit:
        yield from (
            Place(state, resume_at=asked) for asked in STEP_OF[Action.ask_agency].from_states
        )


def _diagram(kinds: Iterable[Kind]) -> Iterator[str]:
    labels: dict[tuple[State, State], list[str]] = {}
    for step in STEPS:
        if step.kind not in kinds:
            continue
        for state in step.from_states:
            for to in targets(step, state):
                labels.setdefault((state, to), []).append(step.action.value)
    drawn = {state for edge in labels for state in edge}
    yield "stateDiagram-v2"
    for state in State:
        if state in drawn:
            yield f'    state "{chinese(STATE_NAMES[state])} {state.value}" as {state.value}'
    if State.draft in drawn:
        yield f"    [*] --> {State.draft.value}"
    for (state, to), actions in labels.items():
        yield f"    {state.value} --> {to.value} : {', '.join(actions)}"
    yield from (
        f"    {end.value} --> [*]" for end in (State.closed, State.withdrawn) if end in drawn
    )


_STATE_HEADS = ("state", "中文", "English", "holder, whose clock runs", "role")


def _state_row(state: State) -> tuple[str, ...]:
    name = STATE_NAMES[state]
    holder = HOLDER.get(state)
    if holder is None:
        office = "the office it was held from" if state is State.on_hold else NOTHING
        return code(state.value), chinese(name), english(name), office, NOTHING
    role = OFFICE_ROLE[holder]
    return (
        code(state.value),
        chinese(name),
        english(name),
        both(OFFICE_NAMES[holder]),
        code(role.value),
    )


_STEP_HEADS = ("action", "中文", "from", "to", "role", "reason", "decides", "guarded", "kind")


def _step_row(step: Step) -> tuple[str, ...]:
    found = {to for state in step.from_states for to in targets(step, state)}
    leads = NOTHING if step.kind is Kind.note else codes(to.value for to in State if to in found)
    return (
        code(step.action.value),
        chinese(step.name),
        codes(state.value for state in step.from_states),
        leads or "the same",
        _who(step),
        YES if step.needs_reason else NOTHING,
        YES if step.decides else NOTHING,
        YES if step.is_guarded else NOTHING,
        KINDS[step.kind],
    )


def _who(step: Step) -> str:
    if step.by_system:
        return "the system"
    if step.role is None:
        return "the office holding it"
    behalf = ", or an importer on its behalf" if step.by_importer else ""
    return f"{code(step.role.value)}{behalf}"
