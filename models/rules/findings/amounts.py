"""Conditions on the money: a standard in force, the amount asked, the yearly caps, the budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from models.rules.claim_facts import BudgetFacts, CapFacts, ClaimFacts, StandardFacts
from models.rules.claim_workflow import State
from models.rules.entitlement import Entitlement
from models.rules.findings.case import Case
from models.rules.findings.verdicts import (
    GRAVITY,
    Judgement,
    Verdict,
    met,
    not_applicable,
    not_met,
    unknown,
    warning,
)
from models.rules.money import yuan, yuan_whole
from models.rules.wording import named, say

_NO_STANDARD = not_applicable(say("无现行标准，见 F07"))

# ---------------------------------------------------------------- F07


def standard_is_in_force(case: Case) -> Judgement:
    """F07: a standard in force here (现行补贴标准) covers the service on the date that counts."""
    facts, standard = case.facts, case.facts.subsidy
    if not facts.service.is_subsidised:
        return not_met(
            say("“{service}”不在补贴范围", service=named(facts.service.name)),
            say("按市场化规则，成功后由企业付费"),
            "R15",
        )
    if standard is None:
        return not_met(
            say("{obtained_on} 无现行补贴标准", obtained_on=facts.result.obtained_on),
            say("核对服务类别和取得日期；确无标准的不予支持"),
            "R15",
        )
    return met(
        say(
            "{title} 第 {version} 版，{valid_from} 起",
            title=named(standard.title),
            version=standard.version,
            valid_from=standard.valid_from,
        )
    )


# ---------------------------------------------------------------- F08


def asked_at_most_entitled(case: Case) -> Judgement:
    """F08: the amount asked is at most what the standard gives (核定上限), 财政支出金额不变."""
    given, asked_fen = case.amounts.subsidy, case.facts.asked_fen
    if given is None:
        return _NO_STANDARD
    limit_fen = _limit(given)
    if limit_fen is not None and limit_fen < asked_fen:
        return not_met(
            say("申请 {asked} > 上限 {limit}", asked=yuan(asked_fen), limit=yuan(limit_fen)),
            say("申请额改为不高于 {limit} 元", limit=yuan(limit_fen)),
            "R14",
        )
    if given.amount_fen is None:
        return unknown(given.words, say("按标准核定金额，并写明理由"), "R14")
    return met(
        say("申请 {asked} ≤ 上限 {limit}", asked=yuan(asked_fen), limit=yuan(given.amount_fen))
    )


def _limit(given: Entitlement) -> int | None:
    return given.at_most_fen if given.amount_fen is None else given.amount_fen


# ---------------------------------------------------------------- is there room?

_GRANTED = frozenset({State.approved, State.agency_paid, State.closed})


@dataclass(frozen=True, slots=True)
class _Room:
    """A yearly ceiling and what this claim needs of it.

    Attributes:
        name: whose ceiling it is.
        ceiling_fen: the ceiling.
        used_fen: what is granted to other claims.
        ahead_fen: what claims ahead of this one will take.
        needs_fen: what this claim takes; `None` for an amount that cannot be computed.
    """

    name: str
    ceiling_fen: int
    used_fen: int
    ahead_fen: int
    needs_fen: tuple[int | None, ...]

    @property
    def free_fen(self) -> int:
        """What others have left."""
        return self.ceiling_fen - self.used_fen

    @property
    def need_fen(self) -> int:
        """The needs that are known, together."""
        return sum(need for need in self.needs_fen if need is not None)

    @property
    def left_fen(self) -> int:
        """What stays after this claim and all that are ahead; negative where it is short."""
        return self.free_fen - self.ahead_fen - self.need_fen

    @property
    def verdict(self) -> Verdict:
        """Short by itself, not to be told yet, short only behind the claims ahead, or enough."""
        if self.free_fen < self.need_fen:
            return Verdict.not_met
        if None in self.needs_fen:
            return Verdict.unknown
        return Verdict.warning if self.left_fen < 0 else Verdict.met


def _subsidy_need(case: Case) -> int:
    """What the subsidy takes at most: the amount asked, within what the standard gives."""
    asked_fen, given = case.facts.asked_fen, case.amounts.subsidy
    limit_fen = _limit(given) if given else None
    return asked_fen if limit_fen is None else min(asked_fen, limit_fen)


def _reward_need(case: Case) -> int | None:
    """What the reward takes at most; `None` where its standard does not tell."""
    return _limit(case.amounts.reward) if case.amounts.reward else 0


def _is_granted(facts: ClaimFacts) -> bool:
    """Whether the approval has already set this claim's money aside, wherever it lies now."""
    lines = (facts.subsidy_budget, facts.reward_budget)
    return facts.state in _GRANTED or any(line and line.reserved_fen for line in lines)


def _tightest(rooms: Iterable[_Room]) -> _Room:
    return min(rooms, key=lambda room: (GRAVITY[room.verdict], room.left_fen))


# ---------------------------------------------------------------- F09


def caps_have_room(case: Case) -> Judgement:
    """F09: the yearly caps (年度上限) of agency and enterprise hold, claims ahead counted."""
    facts = case.facts
    if facts.subsidy is None:
        return _NO_STANDARD
    if not facts.caps:
        return not_applicable(say("标准未设年度上限"))
    if _is_granted(facts):
        judgement = met(say("审批时已计入年度上限"))
    else:
        judgement = _cap_judgement(_tightest(_cap_rooms(facts.caps, _subsidy_need(case))))
    return replace(judgement, clause=facts.subsidy.key)


def _cap_rooms(caps: Iterable[CapFacts], need_fen: int) -> Iterator[_Room]:
    for cap in caps:
        yield _Room(cap.party, cap.ceiling_fen, cap.committed_fen, cap.ahead_fen, (need_fen,))


def _cap_judgement(room: _Room) -> Judgement:
    used_fen, need_fen = room.used_fen, room.need_fen
    ceiling = yuan_whole(room.ceiling_fen)
    match room.verdict:
        case Verdict.met:
            return met(
                say(
                    "{party} {total} / {ceiling}",
                    party=room.name,
                    total=yuan_whole(used_fen + need_fen),
                    ceiling=ceiling,
                )
            )
        case Verdict.warning:
            return warning(
                say(
                    "{party}已用 {used}，在先 {ahead}，本件 {need}，上限 {ceiling}",
                    party=room.name,
                    used=yuan_whole(used_fen),
                    ahead=yuan_whole(room.ahead_fen),
                    need=yuan_whole(need_fen),
                    ceiling=ceiling,
                ),
                say("先办理在先的申请，再看余额"),
            )
        case _:
            return not_met(
                say(
                    "{party}已用 {used}，本件 {need}，上限 {ceiling}",
                    party=room.name,
                    used=yuan_whole(used_fen),
                    need=yuan_whole(need_fen),
                    ceiling=ceiling,
                ),
                say("减至余额以内，或下年度再申请"),
                "R08",
            )


# ---------------------------------------------------------------- F10


def budget_has_room(case: Case) -> Judgement:
    """F10: the budget line (预算额度) has room for the subsidy and the reward it triggers, 总额不变."""
    facts = case.facts
    if facts.subsidy is None:
        return _NO_STANDARD
    if _is_granted(facts):
        return met(say("审批时已占用额度"))
    funding = _funding(case)
    year = facts.today.year
    judgements = [_missing_line(year, standard) for standard, line, _ in funding if line is None]
    if rooms := tuple(_line_rooms(funding)):
        judgements.append(_line_judgement(_tightest(rooms)))
    return min(judgements, key=lambda judgement: GRAVITY[judgement.verdict])


_Funding: TypeAlias = tuple[StandardFacts, BudgetFacts | None, int | None]


def _funding(case: Case) -> list[_Funding]:
    """The standards that draw on a line, each with its line and what it takes."""
    facts = case.facts
    purposes = (
        (facts.subsidy, facts.subsidy_budget, _subsidy_need(case)),
        (facts.reward, facts.reward_budget, _reward_need(case)),
    )
    return [(standard, line, need_fen) for standard, line, need_fen in purposes if standard]


def _line_rooms(funding: Iterable[_Funding]) -> Iterator[_Room]:
    """One room per line: subsidy and reward may draw on the same one."""
    drawn: dict[str, list[tuple[BudgetFacts, int | None]]] = {}
    for _, line, need_fen in funding:
        if line is not None:
            drawn.setdefault(line.code, []).append((line, need_fen))
    for code, draws in drawn.items():
        line, ahead_fen = draws[0][0], max(line.ahead_fen for line, _ in draws)
        used_fen = line.committed_fen + line.paid_fen
        yield _Room(code, line.ceiling_fen, used_fen, ahead_fen, tuple(need for _, need in draws))


def _missing_line(year: int, standard: StandardFacts) -> Judgement:
    if standard.budget_code is None:
        return unknown(
            say("标准 {standard} 未指明预算额度", standard=standard.key),
            say("在补贴标准中补上额度"),
            "R17",
        )
    return unknown(
        say("{year} 年 {line} 额度未录入", year=year, line=standard.budget_code),
        say("请管理员录入并确认年度额度"),
        "R17",
    )


def _line_judgement(room: _Room) -> Judgement:
    line, free = room.name, yuan_whole(room.free_fen)
    needs = " + ".join(yuan_whole(need) for need in room.needs_fen if need is not None)
    match room.verdict:
        case Verdict.met:
            return met(say("{line} 余 {free}，本件占 {needs}", line=line, free=free, needs=needs))
        case Verdict.warning:
            return warning(
                say(
                    "{line} 余 {free}，在先 {ahead}，本件需 {needs}",
                    line=line,
                    free=free,
                    ahead=yuan_whole(room.ahead_fen),
                    needs=needs,
                ),
                say("先办理在先的申请，审批时再核余额"),
            )
        case Verdict.unknown:
            return unknown(
                say("{line} 余 {free}，本件另有金额未核定", line=line, free=free),
                say("按标准核定金额"),
                "R17",
            )
        case _:
            return not_met(
                say("{line} 余 {free}，本件需 {needs}", line=line, free=free, needs=needs),
                say("暂缓，待额度释放或下年度办理"),
                "R17",
            )
