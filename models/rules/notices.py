"""Notices (消息): what of the record is told to whom, and in which words — one table, `NOTICES`.

A verb of the record that is to be told is one line of that table: who hears of it, the sentence,
whether it makes it their turn. Nobody is told of their own act, and nobody of what their roles do
not show them: that is asked of each recipient, by the rules of sight, when the notice is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter
from typing import Any

from models.rules.claim_workflow import HOLDER, OFFICE_ROLE, State
from models.rules.money import yuan
from models.rules.roles import OFFICE_NAMES, ROLE_NAMES, Actor, Office, Permission, Role
from models.rules.wording import Fact, Wording, say


class Audience(StrEnum):
    """Who hears of an act (告知对象)."""

    agency = "agency"  # 当事服务机构
    enterprise = "enterprise"  # 当事企业
    holder = "holder"  # 现在办理环节的全体
    bureau = "bureau"  # 科技创新局
    sent_back_by = "sent_back_by"  # 退回或请机构补正的人
    came_from = "came_from"  # 上一环节的办理人
    asked_by = "asked_by"  # 请求撤回的人
    taken_by = "taken_by"  # 接手的人
    drafted_by = "drafted_by"  # 起草或填报的人
    named = "named"  # 账号本人


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kind of subject is looked at: an address, the parameter that names it there, and the
    permission that opens it."""

    address: str
    parameter: str
    permission: Permission


# fmt: off
PLACES: Mapping[str, Place] = {
    "claim":       Place("/claim",    "no",     Permission.see_claims),
    "agreement":   Place("/agreements", "agreement", Permission.see_agreements),
    "agency":      Place("/agencies", "uscc",   Permission.see_agencies),
    "month":       Place("/month",    "month",  Permission.see_month),
    "actual":      Place("/actuals",  "figure", Permission.see_actuals),
    "policy_rule": Place("/exchange", "",       Permission.see_exchange),
    "budget_line": Place("/exchange", "",       Permission.see_exchange),
    "account":     Place("/",         "",       Permission.see_overview),
}
# fmt: on
"""The kinds of subject a notice may speak of."""
HOME = "/"


@dataclass(frozen=True, slots=True)
class Told:
    """One link of the record as a notice needs it.

    Attributes:
        verb: what was done.
        subject: to what, `claim:2026-11-0187`.
        by: who did it, in words.
        by_account_id: their account; `None` for the system.
        before, after: what the link states.
        reasons: what the coded reasons are called.
        agency_id, enterprise_id: the parties, where the subject has any.
        people: the accounts that have a part in it.
    """

    verb: str
    subject: str
    by: str | Wording
    by_account_id: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reasons: tuple[Wording, ...] = ()
    agency_id: int | None = None
    enterprise_id: int | None = None
    people: Mapping[Audience, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of subject."""
        return self.subject.partition(":")[0]

    @property
    def number(self) -> str:
        """The subject's number."""
        return self.subject.partition(":")[2]

    @property
    def office(self) -> Office | None:
        """The office that has the claim now."""
        state = self.after.get("state")
        return HOLDER.get(State(state)) if state in set(State) else None


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the table: a verb, who hears of it, and how it is said.

    Attributes:
        words: a sentence whose facts are those of `facts_of`.
        is_turn: it makes it the hearer's turn to do something.
        when: told only where this holds.
    """

    verb: str
    to: Audience
    words: Wording
    is_turn: bool = False
    when: Callable[[Told], bool] | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told (消息).

    Attributes:
        role: the role under which they are told; when it ends, they are not shown it any more.
    """

    account_id: int
    role: Role
    words: Wording
    is_turn: bool


def _answers_a_return(told: Told) -> bool:
    return told.before.get("state") == State.returned.value


def _is_for_the_agency(told: Told) -> bool:
    return bool(told.after.get("on_behalf"))


def _waits_for_filing(told: Told) -> bool:
    return told.after.get("filing") == "filed"


def _has_reward(told: Told) -> bool:
    return bool(told.after.get("reward_fen"))


# fmt: off
NOTICES: tuple[Notice, ...] = (
    # the agency's claim
    Notice("submit",            Audience.agency,       say("{number} 已由{by}代为提交，等待联盟初审"), when=_is_for_the_agency),
    Notice("submit",            Audience.sent_back_by, say("{number} 已补正重交，请您继续办理"), is_turn=True, when=_answers_a_return),
    Notice("return_pre_review", Audience.agency,       say("{number} 被退回补正：{reasons}。请一次补正后重新提交"), is_turn=True),
    Notice("ask_agency",        Audience.agency,       say("{number} 由{by}请您补正：{reasons}。补正后回到原环节"), is_turn=True),
    Notice("lapse",             Audience.agency,       say("{number} 逾期未补正，已自动撤回")),
    Notice("pass_pre_review",   Audience.agency,       say("{number} 初审通过，等待月度统一申请")),
    Notice("undo_pre_review",   Audience.agency,       say("{number} 的初审通过已撤销，回到待初审")),
    Notice("refuse_pre_review", Audience.agency,       say("{number} 不予支持：{reasons}")),
    Notice("refuse_office",     Audience.agency,       say("{number} 由{by}决定不予支持：{reasons}")),
    Notice("reopen",            Audience.agency,       say("{number} 重新受理，回到待初审")),
    Notice("apply",             Audience.agency,       say("{number} 已列入月度统一申请，送科技创新局复核")),
    Notice("pass_re_review",    Audience.agency,       say("{number} 复核通过，送管委会审批")),
    Notice("approve",           Audience.agency,       say("{number} 审批通过，补贴 {subsidy} 元；公示期满后支付")),
    Notice("hold",              Audience.agency,       say("{number} 由{by}暂缓办理：{reasons}")),
    Notice("release",           Audience.agency,       say("{number} 解除暂缓，继续办理")),
    Notice("pay_agency",        Audience.agency,       say("{number} 的补贴 {subsidy} 元已支付")),
    Notice("payment_failed",    Audience.agency,       say("{number} 的补贴支付失败：{reasons}。请核对收款账号")),
    Notice("reward_enterprise", Audience.agency,       say("{number} 已办结，企业奖励已发放")),
    Notice("close_without_reward", Audience.agency,    say("{number} 已办结，本件没有企业奖励")),
    # the enterprise's
    Notice("approve",           Audience.enterprise,   say("为您提出的申请 {number} 审批通过，补贴支付后发放奖励 {reward} 元"), when=_has_reward),
    Notice("reward_enterprise", Audience.enterprise,   say("申请 {number} 的奖励 {reward} 元已发放")),
    # the offices'
    Notice("return_office",     Audience.came_from,    say("{number} 由{by}退回本环节：{reasons}"), is_turn=True),
    Notice("request_recall",    Audience.holder,       say("{by}请求撤回 {number} 的统一申请，请答复"), is_turn=True),
    Notice("answer_recall",     Audience.asked_by,     say("{by}已答复您对 {number} 的撤回请求")),
    Notice("free_claim",        Audience.taken_by,     say("您接手的 {number} 已由{by}收回并放回队列")),
    Notice("send_month",        Audience.bureau,       say("{number} 的月度统一申请已送达，共 {rows} 件"), is_turn=True),
    # agreements, agencies
    Notice("file_agreement",    Audience.bureau,       say("合作对子 {number} 提交备案，请确认"), is_turn=True, when=_waits_for_filing),
    Notice("return_filing",     Audience.agency,       say("合作对子 {number} 备案被退回：{reasons}。请修改后重新提交"), is_turn=True),
    Notice("confirm_filing",    Audience.agency,       say("合作对子 {number} 备案已确认，可以开始服务")),
    Notice("confirm_filing",    Audience.enterprise,   say("合作对子 {number} 备案已确认")),
    Notice("propose_amendment", Audience.bureau,       say("合作对子 {number} 提出协议变更，请确认"), is_turn=True),
    Notice("confirm_amendment", Audience.agency,       say("合作对子 {number} 的协议变更已确认")),
    Notice("confirm_amendment", Audience.enterprise,   say("合作对子 {number} 的协议变更已确认")),
    Notice("turn_down_amendment", Audience.agency,     say("合作对子 {number} 的协议变更未获同意：{reasons}")),
    Notice("turn_down_amendment", Audience.enterprise, say("合作对子 {number} 的协议变更未获同意：{reasons}")),
    Notice("record_result",     Audience.enterprise,   say("合作对子 {number} 已登记成果")),
    Notice("fail_agreement",    Audience.agency,       say("合作对子 {number} 已登记为未取得成果")),
    Notice("fail_agreement",    Audience.enterprise,   say("合作对子 {number} 已登记为未取得成果")),
    Notice("suspend_agency",    Audience.agency,       say("贵机构的服务资格已暂停")),
    Notice("lift_suspension",   Audience.agency,       say("贵机构的服务资格暂停已解除")),
    Notice("set_agency_scopes", Audience.agency,       say("贵机构的服务范围已调整")),
    Notice("remove_agency",     Audience.agency,       say("贵机构已退出名录，在办申请照常办理")),
    # what somebody drafted or entered
    Notice("confirm_actual",    Audience.drafted_by,   say("您填报的实绩 {number} 已由{by}确认")),
    Notice("turn_down_actual",  Audience.drafted_by,   say("您填报的实绩 {number} 未被{by}采用")),
    Notice("confirm_policy_rule", Audience.drafted_by, say("您起草的补贴标准 {number} 已由{by}确认")),
    Notice("confirm_budget_line", Audience.drafted_by, say("您起草的预算额度 {number} 已由{by}确认")),
    Notice("discard_policy_rule", Audience.drafted_by, say("您起草的补贴标准 {number} 已由{by}撤回")),
    Notice("discard_budget_line", Audience.drafted_by, say("您起草的预算额度 {number} 已由{by}撤回")),
    # one's own account
    Notice("grant_role",        Audience.named,        say("您被授予角色“{role}”，自 {since} 起")),
    Notice("end_grant",         Audience.named,        say("您的角色“{role}”已终止")),
    Notice("declare_tie",       Audience.named,        say("{by}为您登记了一项回避关系")),
    Notice("end_tie",           Audience.named,        say("您的一项回避关系已登记到期日")),
)
# fmt: on

NOTICES_OF: Mapping[str, tuple[Notice, ...]] = {
    verb: tuple(notice for notice in NOTICES if notice.verb == verb)
    for verb in dict.fromkeys(notice.verb for notice in NOTICES)
}
"""The table by verb."""


def notices_of(told: Told, people: Iterable[Actor]) -> tuple[Message, ...]:
    """Who is told of one link of the record, and what: at most one message a person.

    Args:
        told: the link.
        people: everybody who may know of its subject.

    Returns:
        The messages, the table's order first; none for who did it.
    """
    everybody = [person for person in people if person.account_id != told.by_account_id]
    messages: dict[int, Message] = {}
    for notice in NOTICES_OF.get(told.verb, ()):
        if notice.when is None or notice.when(told):
            for person, role in _hearers(notice.to, told, everybody):
                words = _filled(notice.words, facts_of(told))
                message = Message(person.account_id, role, words, notice.is_turn)
                messages.setdefault(person.account_id, message)
    return tuple(messages.values())


def facts_of(told: Told) -> dict[str, Fact]:
    """The facts a notice's sentence may name."""
    role = told.after.get("role")
    return {
        "number": told.number,
        "by": told.by,
        "reasons": told.reasons or (say("见办理记录"),),
        "subsidy": _amount(told.after.get("subsidy_fen")),
        "reward": _amount(told.after.get("reward_fen")),
        "rows": told.after.get("rows"),
        "role": ROLE_NAMES[Role(role)] if role in set(Role) else None,
        "since": told.after.get("from"),
    }


def place_of(kind: str, number: str, actor: Actor) -> tuple[str, dict[str, str]]:
    """Where a person looks at a subject: the address and what it asks there; the start page where
    the subject's own page is not open to them.

    Args:
        kind: of subject.
        number: the subject's.
        actor: who is told.
    """
    place = PLACES.get(kind)
    if place is None or not actor.may(place.permission):
        return HOME, {}
    return place.address, {place.parameter: number} if place.parameter else {}


def said_by(name: str | None, office: Office = Office.system) -> str | Wording:
    """Who did something: a name, or the office where nobody did."""
    return name or OFFICE_NAMES[office]


def _hearers(
    audience: Audience, told: Told, people: Iterable[Actor]
) -> Iterator[tuple[Actor, Role]]:
    """Who belongs to an audience, and as what."""
    for person in people:
        role = _role_in(audience, told, person)
        if role is not None:
            yield person, role


def _role_in(audience: Audience, told: Told, person: Actor) -> Role | None:
    match audience:
        case Audience.agency:
            is_theirs = told.agency_id is not None and person.agency_id == told.agency_id
            return Role.agency if is_theirs and Role.agency in person.roles else None
        case Audience.enterprise:
            is_theirs = (
                told.enterprise_id is not None and person.enterprise_id == told.enterprise_id
            )
            return Role.enterprise if is_theirs and Role.enterprise in person.roles else None
        case Audience.holder:
            role = OFFICE_ROLE.get(told.office) if told.office else None
            return role if role in person.roles else None
        case Audience.bureau:
            return Role.bureau if Role.bureau in person.roles else None
    return _first_role(person) if told.people.get(audience) == person.account_id else None


def _first_role(person: Actor) -> Role | None:
    """The first of a person's roles; none without one: then no page is open to them either."""
    return person.grants[0].role if person.grants else None


def _filled(words: Wording, facts: Mapping[str, Fact]) -> Wording:
    """A sentence with those of the facts it names."""
    named = [name for _, name, _, _ in Formatter().parse(words.template) if name]
    return say(words.template, **{name: facts[name] for name in named})


def _amount(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)
