"""Who may do what: roles, permissions, and the reasons a person may not act on one claim.

Two tables decide. `PERMISSIONS` says which roles open which screen or door; `BARRIERS` says, for
one claim, which relation of a person to it forbids an office. Both answer in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from models.rules.wording import Wording, say


class Role(StrEnum):
    """Role (角色): held by dated grants (角色授予), several per account."""

    alliance_reviewer = "alliance_reviewer"  # 联盟初审员
    alliance_lead = "alliance_lead"  # 联盟负责人
    leader = "leader"  # 领导
    agency = "agency"  # 科技中介服务机构
    enterprise = "enterprise"  # 企业会员
    bureau = "bureau"  # 科技创新局
    committee = "committee"  # 管委会
    finance = "finance"  # 财政局
    auditor = "auditor"  # 审计
    administrator = "administrator"  # 系统管理员


class Office(StrEnum):
    """Office (办理环节): where a claim lies or a person acted on it, 五.3(2)."""

    filing = "filing"  # 申请提交, the agency or an importer on its behalf
    pre_review = "pre_review"  # 初审
    application = "application"  # 统一申请
    re_review = "re_review"  # 复核
    approval = "approval"  # 审批
    payment = "payment"  # 支付
    system = "system"  # 系统


OFFICE_NAMES = {
    Office.filing: say("申请机构"),
    Office.pre_review: say("联盟初审"),
    Office.application: say("联盟统一申请"),
    Office.re_review: say("科技创新局复核"),
    Office.approval: say("管委会审批"),
    Office.payment: say("财政局支付"),
    Office.system: say("系统"),
}

ROLE_NAMES = {
    Role.alliance_reviewer: say("联盟初审员"),
    Role.alliance_lead: say("联盟负责人"),
    Role.leader: say("领导"),
    Role.agency: say("服务机构"),
    Role.enterprise: say("企业会员"),
    Role.bureau: say("科技创新局"),
    Role.committee: say("管委会"),
    Role.finance: say("财政局"),
    Role.auditor: say("审计"),
    Role.administrator: say("系统管理员"),
}


class Permission(StrEnum):
    """What a door asks for. Pages name one; actions and queries ask again."""

    see_overview = "see_overview"
    see_inbox = "see_inbox"
    see_members = "see_members"
    edit_members = "edit_members"
    see_agencies = "see_agencies"
    edit_agencies = "edit_agencies"
    see_admissions = "see_admissions"
    enter_admissions = "enter_admissions"
    examine_admissions = "examine_admissions"
    decide_admissions = "decide_admissions"
    see_agreements = "see_agreements"
    draft_agreements = "draft_agreements"
    draft_for_agencies = "draft_for_agencies"
    see_needs = "see_needs"
    state_needs = "state_needs"
    answer_needs = "answer_needs"
    see_complaints = "see_complaints"
    file_complaints = "file_complaints"
    see_trainings = "see_trainings"
    keep_trainings = "keep_trainings"
    see_own_rating = "see_own_rating"
    see_claims = "see_claims"
    ask_enterprises = "ask_enterprises"
    see_outcomes = "see_outcomes"
    see_month = "see_month"
    see_payments = "see_payments"
    pay = "pay"
    confirm_money = "confirm_money"
    see_targets = "see_targets"
    see_meeting = "see_meeting"
    keep_meeting = "keep_meeting"
    see_actuals = "see_actuals"
    enter_actuals = "enter_actuals"
    see_tasks = "see_tasks"
    report_tasks = "report_tasks"
    send_month = "send_month"
    see_objections = "see_objections"
    keep_objections = "keep_objections"
    see_ratings = "see_ratings"
    rate_agencies = "rate_agencies"
    see_clocks = "see_clocks"
    see_exchange = "see_exchange"
    exchange = "exchange"
    see_policies = "see_policies"
    draft_policy = "draft_policy"
    draft_settings = "draft_settings"
    confirm_policy = "confirm_policy"
    see_letters = "see_letters"
    replace_letters = "replace_letters"
    see_activity = "see_activity"
    see_accounts = "see_accounts"
    manage_accounts = "manage_accounts"
    see_covers = "see_covers"
    declare_tie = "declare_tie"
    see_bank_accounts = "see_bank_accounts"


_ALL = frozenset(Role)
_ALLIANCE = frozenset({Role.alliance_reviewer, Role.alliance_lead})
_OFFICES = frozenset({Role.bureau, Role.committee, Role.finance})
_READERS = frozenset({Role.auditor, Role.administrator})
"""They read every page; seeing and editing are doors of their own."""

# fmt: off
PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.see_overview:      _ALL,
    Permission.see_inbox:         _ALL,
    Permission.see_members:       _ALLIANCE | _OFFICES | _READERS | {Role.leader},
    Permission.edit_members:      _ALLIANCE,
    Permission.see_agencies:      _ALLIANCE | _OFFICES | _READERS | {Role.leader, Role.agency},
    Permission.edit_agencies:     _ALLIANCE,
    Permission.see_admissions:    _ALLIANCE | _READERS | {Role.agency},
    Permission.enter_admissions:  _ALLIANCE | {Role.agency},
    Permission.examine_admissions: frozenset({Role.alliance_reviewer}),
    Permission.decide_admissions: frozenset({Role.alliance_lead}),
    Permission.see_agreements:    _ALL,
    Permission.draft_agreements:  frozenset({Role.agency}),
    Permission.draft_for_agencies: _ALLIANCE,
    Permission.see_needs:         _ALLIANCE | _READERS | {Role.agency, Role.enterprise},
    Permission.state_needs:       _ALLIANCE | {Role.enterprise},
    Permission.answer_needs:      frozenset({Role.agency}),
    Permission.see_complaints:    _ALLIANCE | _READERS | {Role.agency, Role.enterprise},
    Permission.file_complaints:   _ALLIANCE | {Role.enterprise},
    Permission.see_trainings:     _ALLIANCE | _READERS | {Role.agency},
    Permission.keep_trainings:    _ALLIANCE,
    Permission.see_own_rating:    frozenset({Role.agency}),
    Permission.see_claims:        _ALLIANCE | _OFFICES | _READERS | {Role.leader, Role.agency},
    Permission.ask_enterprises:   _ALLIANCE,
    Permission.see_outcomes:      _READERS | {Role.alliance_lead, Role.leader},
    Permission.see_month:         _ALLIANCE | _OFFICES | _READERS,
    Permission.send_month:        frozenset({Role.alliance_lead}),
    Permission.see_objections:    _ALLIANCE | _OFFICES | _READERS | {Role.leader},
    Permission.keep_objections:   _ALLIANCE | {Role.bureau},
    Permission.see_ratings:       _ALLIANCE | _OFFICES | _READERS | {Role.leader},
    Permission.rate_agencies:     _ALLIANCE,
    Permission.see_clocks:        _ALLIANCE | _OFFICES | _READERS | {Role.leader},
    Permission.see_payments:      _READERS | {Role.finance, Role.alliance_lead, Role.leader, Role.agency},
    Permission.pay:               frozenset({Role.finance}),
    Permission.confirm_money:     frozenset({Role.finance, Role.alliance_lead}),
    Permission.see_targets:       _ALL,
    Permission.see_meeting:       _ALLIANCE | _READERS | {Role.leader},
    Permission.keep_meeting:      _ALLIANCE | {Role.leader},
    Permission.see_actuals:       _ALLIANCE | _READERS | {Role.leader},
    Permission.enter_actuals:     _ALLIANCE,
    Permission.see_tasks:         _ALLIANCE | _READERS | {Role.leader},
    Permission.report_tasks:      _ALLIANCE,
    Permission.see_exchange:      _ALLIANCE | _READERS,
    Permission.exchange:          _ALLIANCE,
    Permission.see_policies:      _ALLIANCE | _OFFICES | _READERS | {Role.leader},
    Permission.draft_policy:      _ALLIANCE,
    Permission.draft_settings:    _ALLIANCE | {Role.administrator},
    Permission.confirm_policy:    frozenset({Role.alliance_lead}),
    Permission.see_letters:       _ALLIANCE | _OFFICES | _READERS,
    Permission.replace_letters:   frozenset({Role.alliance_lead}),
    Permission.see_activity:      _READERS | {Role.alliance_lead},
    Permission.see_accounts:      _READERS,
    Permission.manage_accounts:   frozenset({Role.administrator}),
    Permission.see_covers:        _READERS | {Role.bureau},
    Permission.declare_tie:       _ALL,
    Permission.see_bank_accounts: frozenset({Role.finance, Role.alliance_lead}),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """A dated grant (角色授予) as a rule sees it; `is_cover` marks 代理."""

    id: int
    role: Role
    valid_from: date
    valid_to: date | None = None
    is_cover: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the grant is in force on the day (both ends included)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class TieFacts:
    """A tie (回避关系) of an account to a party of a claim, on the day asked."""

    organisation: str
    kind: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with the grants in force today and the organisation it speaks for."""

    account_id: int
    name: str
    grants: tuple[GrantFacts, ...] = ()
    agency_id: int | None = None
    enterprise_id: int | None = None
    is_system: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held today."""
        return frozenset(grant.role for grant in self.grants)

    def grant_for(self, roles: Iterable[Role]) -> GrantFacts | None:
        """The first grant that carries one of the roles; a person's own grant before a cover."""
        wanted = frozenset(roles)
        fitting = [grant for grant in self.grants if grant.role in wanted]
        return min(fitting, key=lambda grant: (grant.is_cover, grant.id), default=None)

    def grant_id(self, permission: Permission) -> int | None:
        """The number of the grant that opens the door, as the record names it."""
        grant = self.grant_for(PERMISSIONS[permission])
        return grant.id if grant else None

    def may(self, permission: Permission) -> bool:
        """Whether one of today's roles opens the door."""
        return not self.roles.isdisjoint(PERMISSIONS[permission])


@dataclass(frozen=True, slots=True)
class Relation:
    """How a person stands to one claim.

    Attributes:
        acted_at: offices where the person already acted on this claim, in any round.
        ties: ties to its enterprise or agency in force today.
        is_own_agency: the person speaks for the claim's agency.
        is_own_enterprise: the person speaks for the claim's enterprise.
        refused_it: the person took the refusal in force.
        minutes_since_own_pass: minutes since the person passed the pre-review in force, a begun one
            counted; `None`: someone else did, or the claim was applied for since.
    """

    acted_at: frozenset[Office] = field(default_factory=frozenset)
    ties: tuple[TieFacts, ...] = ()
    is_own_agency: bool = False
    is_own_enterprise: bool = False
    refused_it: bool = False
    minutes_since_own_pass: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Allow or deny, with the reason in words (empty when allowed)."""

    is_allowed: bool
    reason: Wording | None = None
    grant: GrantFacts | None = None


def barred_elsewhere(office: Office, relation: Relation) -> Wording | None:
    """Why who acted at another office of the claim may not act at this one; `None` if nobody
    did."""
    for earlier in sorted(relation.acted_at - {office}):
        return say(
            "您已在“{office}”环节办理过本件；一人在一件申请中只办理一个环节（职责分离）",
            office=OFFICE_NAMES[Office(earlier)],
        )
    return None


def _tied(office: Office, relation: Relation) -> Wording | None:
    if office is Office.filing or not relation.ties:
        return None
    tie = relation.ties[0]
    return say("您与“{organisation}”有回避关系（{kind}），不得接手或办理本件",
               organisation=tie.organisation, kind=tie.kind)  # fmt: skip


def _not_own_agency(office: Office, relation: Relation) -> Wording | None:
    if office is not Office.filing or relation.is_own_agency:
        return None
    return say("本件不属于您所在的服务机构")


def _own_side(office: Office, relation: Relation) -> Wording | None:
    if office is Office.filing or not (relation.is_own_agency or relation.is_own_enterprise):
        return None
    return say("您代表本件的当事一方，不得作为主管环节办理")


BARRIERS: tuple[Callable[[Office, Relation], Wording | None], ...] = (
    _not_own_agency,
    _own_side,
    _tied,
    barred_elsewhere,
)
"""One person, one office per claim; recusal; own claims only. The first that applies is told."""


def may_act(actor: Actor, roles: frozenset[Role], office: Office, relation: Relation) -> Answer:
    """Whether a person may act at an office of one claim.

    Args:
        actor: the person and today's grants.
        roles: the roles the step belongs to.
        office: the office at which the step is taken.
        relation: how the person stands to the claim.

    Returns:
        Allowed with the grant acted under, or denied with the reason in words.
    """
    if actor.is_system:
        return Answer(True)
    grant = actor.grant_for(roles)
    if grant is None:
        names = tuple(ROLE_NAMES[role] for role in sorted(roles))
        return Answer(False, say("这一步由“{roles}”办理，您当前没有该角色", roles=names))
    for barrier in BARRIERS:
        if reason := barrier(office, relation):
            return Answer(False, reason)
    return Answer(True, grant=grant)
