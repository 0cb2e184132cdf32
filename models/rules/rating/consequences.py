"""What follows from a rating (结果运用): proposals, each confirmed or turned down by the alliance's
lead with a reason; nothing follows by itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.rules.rating.scheme import Mark
from models.rules.rating.signals import GATE_NAMES, Gate
from models.rules.wording import Wording, say


class Consequence(StrEnum):
    """What may follow (结果运用)."""

    suspend = "suspend"  # 暂停服务资格
    spot_check = "spot_check"  # 提高抽查比例
    priority = "priority"  # 优先对接


class ConsequenceState(StrEnum):
    """Where a proposal stands (结果运用状态)."""

    proposed = "proposed"  # 待决定
    confirmed = "confirmed"  # 已确认
    turned_down = "turned_down"  # 未采用
    lapsed = "lapsed"  # 因新版本不再适用


# fmt: off
CONSEQUENCE_NAMES = {
    Consequence.suspend:    say("暂停服务资格"),
    Consequence.spot_check: say("提高抽查比例"),
    Consequence.priority:   say("优先对接"),
}
CONSEQUENCE_STATES = {
    ConsequenceState.proposed:    say("待决定"),
    ConsequenceState.confirmed:   say("已确认"),
    ConsequenceState.turned_down: say("未采用"),
    ConsequenceState.lapsed:      say("结果已更正，不再适用"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal with its grounds."""

    kind: Consequence
    grounds: Wording


def proposals(
    mark: Mark | None, gates: tuple[Gate, ...], mark_before: Mark | None
) -> tuple[Proposal, ...]:
    """What a rating proposes.

    Args:
        mark: the grade; `None` for who takes no part, of whom nothing is proposed.
        gates: what capped it.
        mark_before: the grade of the period before.

    Returns:
        Suspension for a gate or D twice running; more spot checks for D, and for who fell to C;
        priority in matching for A.
    """
    found: list[Proposal] = []
    if mark is Mark.d:
        if gates:
            names = tuple(GATE_NAMES[gate] for gate in gates)
            found.append(Proposal(Consequence.suspend, say("一票否决：{gates}", gates=names)))
        elif mark_before is Mark.d:
            found.append(Proposal(Consequence.suspend, say("连续两期考评为 D")))
    if mark is Mark.d:
        found.append(Proposal(Consequence.spot_check, say("本期考评为 {mark}", mark=mark.value)))
    if mark is Mark.c and mark_before in (Mark.a, Mark.b):
        grounds = say("由 {before} 降为 {mark}", before=mark_before.value, mark=mark.value)
        found.append(Proposal(Consequence.spot_check, grounds))
    if mark is Mark.a:
        found.append(Proposal(Consequence.priority, say("本期考评为 {mark}", mark=mark.value)))
    return tuple(found)
