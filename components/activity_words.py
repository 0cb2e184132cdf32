"""The record in words: what was done, to what, and what changed, in either language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from components import formats
from components.activity_fields import FIELDS
from components.agreement_words import NEED_VERBS
from components.conduct_words import VERBS as CONDUCT_VERBS
from components.language import _, words
from models.rules.admission import LIFE as ADMISSION_LIFE
from models.rules.admission import AdmissionState
from models.rules.admission_terms import Ground
from models.rules.agreement_life import (
    LIFE,
    AgreementState,
    Attribution,
    Contest,
    CostBearer,
    Outcome,
)
from models.rules.changes import ChangeState
from models.rules.claim_workflow import STEPS, State
from models.rules.complaints import ComplaintKind, ComplaintSource, ComplaintState
from models.rules.mails import MailChoice
from models.rules.objections import OBJECTION_STEPS, ObjectionForm, ObjectionState
from models.rules.pairing import NeedState, RequestState
from models.rules.rating.consequences import Consequence, ConsequenceState
from models.rules.rating.period_life import PERIOD_LIFE, PeriodState, ReplyState
from models.rules.rating.signals import Component
from models.rules.roles import Role
from models.rules.targets import Grade
from models.rules.tasks import TaskState
from models.rules.trainings import SeatState
from models.rules.wording import Wording, say
from models.tables.agreements import ConfirmationBasis, Filing
from models.tables.meetings import EntryState
from models.tables.organisations import Admission, GrowthStage, HnteStatus
from models.tables.reference import Track

# fmt: off
VERBS: dict[str, Wording] = {
    **{step.action.value: step.name for step in STEPS},
    **NEED_VERBS,
    **{step.action.value: step.name for step in LIFE},
    **{step.action.value: step.name for step in ADMISSION_LIFE},
    **{step.verb: step.name for step in OBJECTION_STEPS},
    **CONDUCT_VERBS,
    **{step.action.value: step.name for step in PERIOD_LIFE},
    "draft_rating_scheme":     say("起草考评方案"),
    "confirm_rating_scheme":   say("确认考评方案"),
    "turn_down_rating_scheme": say("不予采用考评方案"),
    "withdraw_rating_scheme":  say("撤回考评方案草稿"),
    "add_account":         say("新增账号"),
    "add_agency":          say("新增服务机构"),
    "add_enterprise":      say("新增企业会员"),
    "add_evidence":        say("上传材料"),
    "add_reference":       say("写入基础数据"),
    "answer_request":      say("企业答复确认请求"),
    "apply_target_data":   say("写入指标数据"),
    "change_own_password": say("修改本人密码"),
    "change_reference":    say("更新基础数据"),
    "choose_language":     say("选择语言"),
    "choose_mails":        say("选择邮件提醒"),
    "choose_slides":       say("选择会议材料"),
    "clear_calendar_day":  say("撤销工作日调整"),
    "confirm_actual":      say("确认实绩"),
    "confirm_admission_criterion": say("确认入会条件"),
    "confirm_budget_line": say("确认预算额度"),
    "confirm_budget_move": say("确认预算调剂"),
    "confirm_calendar_day": say("确认工作日调整"),
    "confirm_filing":      say("确认备案"),
    "confirm_policy_rule": say("确认补贴标准"),
    "confirm_reason_text": say("确认理由用语"),
    "confirm_recovery":    say("确认追回"),
    "confirm_service":     say("企业确认服务"),
    "confirm_service_terms": say("确认价格区间和服务标准"),
    "confirm_setting":     say("确认设定"),
    "correct_claim":       say("补正申请内容"),
    "date_claim":          say("更新申报日期"),
    "declare_tie":         say("登记回避关系"),
    "deem_confirmed":      say("逾期视为企业确认"),
    "discard_budget_line": say("撤回预算额度草稿"),
    "discard_budget_move": say("撤回预算调剂"),
    "discard_policy_rule": say("撤回补贴标准草稿"),
    "discard_recovery":    say("撤回追回"),
    "draft_admission_criterion": say("起草入会条件"),
    "draft_budget_move":   say("起草预算调剂"),
    "draft_calendar_day":  say("起草工作日调整"),
    "draft_claim":         say("起草申请"),
    "draft_policy_rule":   say("起草补贴标准"),
    "draft_reason_text":   say("起草理由用语"),
    "draft_recovery":      say("起草追回"),
    "draft_service_terms": say("起草价格区间和服务标准"),
    "draft_setting":       say("起草设定"),
    "draw_sample":         say("抽取抽查名单"),
    "drop_payment":        say("撤出拨付单"),
    "edit_agency":         say("修改服务机构"),
    "edit_enterprise":     say("修改企业会员"),
    "end_grant":           say("收回角色"),
    "end_tie":             say("解除回避关系"),
    "enter_actual":        say("填报实绩"),
    "follow_agreement":    say("随协议更新"),
    "fail_payment":        say("登记拨付单中的支付失败"),
    "freeze_meeting":      say("会议定稿"),
    "free_claim":          say("收回接手"),
    "grant_role":          say("授予角色"),
    "hear_enterprise":     say("记录企业答复"),
    "import_bank_list":    say("导入银行清单"),
    "import_workbook":     say("导入工作簿"),
    "lift_sign_in_block":  say("解除登录限制"),
    "lock_account":        say("停用账号"),
    "make_payment_order":  say("生成拨付单"),
    "reconcile":           say("再次对账"),
    "remind_enterprise":   say("催办企业确认"),
    "remove_evidence":     say("移除材料"),
    "replace_template":    say("更换函件模板"),
    "report_task":         say("填报任务进展"),
    "request_confirmation": say("请企业确认"),
    "send_month":          say("发送月度统一申请"),
    "set_agency_scopes":   say("调整服务范围"),
    "set_email":           say("登记邮箱"),
    "set_password":        say("重设密码"),
    "sign_in":             say("登录"),
    "sign_out":            say("退出登录"),
    "sign_out_everywhere": say("退出全部登录"),
    "turn_down_actual":    say("不予采用实绩"),
    "turn_down_admission_criterion": say("不予采用入会条件"),
    "turn_down_calendar_day": say("不予采用工作日调整"),
    "turn_down_policy_rule": say("不予采用补贴标准"),
    "turn_down_reason_text": say("不予采用理由用语"),
    "turn_down_service_terms": say("不予采用价格区间和服务标准"),
    "turn_down_setting":   say("不予采用设定"),
    "unlock_account":      say("恢复账号"),
    "withdraw_actual":     say("撤回实绩填报"),
    "withdraw_admission_criterion": say("撤回入会条件草稿"),
    "withdraw_calendar_day": say("撤回工作日调整草稿"),
    "withdraw_reason_text": say("撤回理由用语草稿"),
    "withdraw_request":    say("作废确认链接"),
    "withdraw_service_terms": say("撤回价格区间和服务标准草稿"),
    "withdraw_setting":    say("撤回设定草稿"),
}
SUBJECTS: dict[str, Wording] = {
    "claim":             say("补贴申请"),
    "admission":         say("入会申请"),
    "admission_criterion": say("入会条件"),
    "month":             say("月度统一申请"),
    "objection":         say("公示异议"),
    "rating":            say("考评期"),
    "rating_scheme":     say("考评方案"),
    "enterprise":        say("企业会员"),
    "agency":            say("服务机构"),
    "account":           say("账号|一个"),
    "agreement":         say("合作对子"),
    "need":              say("对接需求"),
    "complaint":         say("投诉"),
    "training":          say("业务培训"),
    "confirmation":      say("企业确认|一项"),
    "import":            say("导入"),
    "policy_rule":       say("补贴标准"),
    "budget_line":       say("预算额度"),
    "budget_move":       say("预算调剂"),
    "bank_list":         say("银行清单"),
    "payment_order":     say("拨付单"),
    "service_type":      say("服务清单"),
    "result_kind":       say("成果类型"),
    "evidence_kind":     say("材料种类"),
    "required_evidence": say("应交材料"),
    "reason_code":       say("理由代码"),
    "setting":           say("设定"),
    "service_terms":     say("价格区间和服务标准"),
    "reason_text":       say("理由用语"),
    "calendar_day":      say("工作日历"),
    "place":             say("地方"),
    "plan":              say("方案"),
    "theme":             say("主题"),
    "indicator":         say("指标"),
    "target":            say("目标"),
    "target_link":       say("目标之间的关系"),
    "target_source":     say("目标与实际值的对应"),
    "actual":            say("实绩"),
    "letter":            say("函件"),
    "task":              say("任务"),
    "task_unit":         say("任务的责任单位"),
    "task_target":       say("任务与目标的对应"),
}
_ENUMS: Mapping[str, type[StrEnum]] = {
    "state": State,
    "role": Role,
    "growth_stage": GrowthStage,
    "hnte_status": HnteStatus,
    "admission": Admission,
    "application_state": AdmissionState,
    "qualification": AdmissionState,
    "ground": Ground,
    "filing": Filing,
    "basis": ConfirmationBasis,
    "track": Track,
    "task_state": TaskState,
    "entry_state": EntryState,
    "grade": Grade,
    "form": ObjectionForm,
    "objection_state": ObjectionState,
    "rating_state": PeriodState,
    "reply_state": ReplyState,
    "component": Component,
    "consequence": Consequence,
    "consequence_state": ConsequenceState,
    "scheme_state": ChangeState,
    "agreement_state": AgreementState,
    "attribution": Attribution,
    "claimed": Attribution,
    "contest": Contest,
    "cost_bearer": CostBearer,
    "outcome": Outcome,
    "need_state": NeedState,
    "request_state": RequestState,
    "mails": MailChoice,
    "complaint_state": ComplaintState,
    "complaint_kind": ComplaintKind,
    "complaint_source": ComplaintSource,
    "found_kind": ComplaintKind,
    "seat_state": SeatState,
}
_FLAGS = frozenset(
    {
        "answered", "withdrawn", "locked", "on_behalf", "is_cover", "is_denied", "is_over",
        "is_working", "holds_pair", "was_reopened", "obligatory",
        "is_required", "is_in_force", "is_on_behalf",
    }
)  # fmt: skip
_BESIDE_THE_POINT = frozenset(
    {
        "answered_after_event",
        "digest",
        "event",
        "files",
        "findings",
        "on_behalf",
        "own",
        "payment",
        "report",
        "reply_digest",
        "agreement_event",
        "holds_pair",
        "reported_by",
        "round",
        "version",
    }
)
_HASH = re.compile(r"[0-9a-f]{64}")
SHORT = 8


@dataclass(frozen=True, slots=True)
class Change:
    """One field that changed, in words."""

    field: str
    before: str
    after: str


def verb_name(verb: str) -> str:
    """What was done; an unknown verb shows itself."""
    return words(VERBS[verb]) if verb in VERBS else verb


def subject_name(subject: str) -> str:
    """To what it was done: `补贴申请 2026-11-0187`."""
    kind, _colon, number = subject.partition(":")
    return f"{words(SUBJECTS[kind])} {number}" if kind in SUBJECTS else subject


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    """What changed from before to after; what stayed the same is left out."""
    was, now = before or {}, after or {}
    names = [*now, *(name for name in was if name not in now)]
    return [
        Change(_field(name), _value(name, was.get(name)), _value(name, now.get(name)))
        for name in names
        if was.get(name) != now.get(name) and (was.get(name) or now.get(name))
    ]


def in_short(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """The same in a line, without counters and digests: `状态 待初审 → 初审通过`."""
    was = {name: value for name, value in (before or {}).items() if name not in _BESIDE_THE_POINT}
    now = {name: value for name, value in (after or {}).items() if name not in _BESIDE_THE_POINT}
    lines = [
        f"{change.field} {change.before} → {change.after}"
        if change.before != formats.NOTHING
        else f"{change.field} {change.after}"
        for change in changes(was, now)
    ]
    return _("；").join(lines) or formats.NOTHING


def _field(name: str) -> str:
    return words(FIELDS[name]) if name in FIELDS else name


def _value(name: str, value: Any) -> str:
    match value:
        case None | "" | []:
            return formats.NOTHING
        case int() if name in _FLAGS:
            return _("是") if value else _("否")
        case int() if name.endswith("_fen"):
            return _("{amount} 元").format(amount=formats.yuan(value))
        case str() if name in _ENUMS and value in set(_ENUMS[name]):
            return formats.label(_ENUMS[name](value))
        case str() if value.startswith("hmac:"):
            return _("已封存 {digest}…").format(digest=value[5 : 5 + SHORT])
        case str() if _HASH.fullmatch(value):
            return f"{value[:SHORT]}…"
        case list():
            return _("、").join(str(item) for item in value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)
