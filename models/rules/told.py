"""Telling people (告知): who hears of an act, one link of the record as a notice needs it, a line of
the table of notices, and what one person is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.rules.claim_workflow import HOLDER, State
from models.rules.roles import Office, Role
from models.rules.wording import Wording


class Audience(StrEnum):
    """Who hears of an act (告知对象)."""

    agency = "agency"  # 当事服务机构
    enterprise = "enterprise"  # 当事企业
    holder = "holder"  # 现在办理环节的全体
    bureau = "bureau"  # 科技创新局
    alliance = "alliance"  # 联盟
    finance = "finance"  # 财政局
    money = "money"  # 确认追回和调剂的人
    policy = "policy"  # 确认标准和设定的人
    invited = "invited"  # 参训机构
    reviewers = "reviewers"  # 联盟初审员
    lead = "lead"  # 联盟负责人
    sent_back_by = "sent_back_by"  # 退回或请机构补正的人
    came_from = "came_from"  # 上一环节的办理人
    asked_by = "asked_by"  # 请求撤回、询问机构的人
    taken_by = "taken_by"  # 接手的人
    drafted_by = "drafted_by"  # 起草、填报或记录的人
    named = "named"  # 账号本人


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
        invited: the agencies a training's step concerns.
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
    invited: frozenset[int] = frozenset()

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
