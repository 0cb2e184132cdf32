"""The record in words: what was done, to what, and what changed, in either language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from components import formats
from components.agreement_words import FIELDS as AGREEMENT_FIELDS
from components.agreement_words import NEED_VERBS
from components.language import _, words
from components.member_form import FIELDS as MEMBER_FIELDS
from models.rules.agreement_life import LIFE, AgreementState, Attribution, CostBearer, Outcome
from models.rules.claim_workflow import STEPS, State
from models.rules.mails import MailChoice
from models.rules.objections import OBJECTION_STEPS, ObjectionForm, ObjectionState
from models.rules.pairing import NeedState, RequestState
from models.rules.roles import Role
from models.rules.targets import Grade
from models.rules.tasks import TaskState
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
    **{step.verb: step.name for step in OBJECTION_STEPS},
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
    "freeze_meeting":      say("会议定稿"),
    "free_claim":          say("收回接手"),
    "grant_role":          say("授予角色"),
    "hear_enterprise":     say("记录企业答复"),
    "import_bank_list":    say("导入银行清单"),
    "import_workbook":     say("导入工作簿"),
    "lift_sign_in_block":  say("解除登录限制"),
    "lift_suspension":     say("解除暂停"),
    "lock_account":        say("停用账号"),
    "make_payment_order":  say("生成拨付单"),
    "reconcile":           say("再次对账"),
    "remind_enterprise":   say("催办企业确认"),
    "remove_agency":       say("机构退出名录"),
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
    "suspend_agency":      say("暂停服务资格"),
    "turn_down_actual":    say("不予采用实绩"),
    "turn_down_calendar_day": say("不予采用工作日调整"),
    "turn_down_policy_rule": say("不予采用补贴标准"),
    "turn_down_reason_text": say("不予采用理由用语"),
    "turn_down_service_terms": say("不予采用价格区间和服务标准"),
    "turn_down_setting":   say("不予采用设定"),
    "unlock_account":      say("恢复账号"),
    "withdraw_actual":     say("撤回实绩填报"),
    "withdraw_calendar_day": say("撤回工作日调整草稿"),
    "withdraw_reason_text": say("撤回理由用语草稿"),
    "withdraw_request":    say("作废确认链接"),
    "withdraw_service_terms": say("撤回价格区间和服务标准草稿"),
    "withdraw_setting":    say("撤回设定草稿"),
}
SUBJECTS: dict[str, Wording] = {
    "claim":             say("补贴申请"),
    "month":             say("月度统一申请"),
    "objection":         say("公示异议"),
    "enterprise":        say("企业会员"),
    "agency":            say("服务机构"),
    "account":           say("账号|一个"),
    "agreement":         say("合作对子"),
    "need":              say("对接需求"),
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
FIELDS: dict[str, Wording] = {
    **MEMBER_FIELDS,
    "added_by":       say("更换人编号"),
    **AGREEMENT_FIELDS,
    "agency_id":      say("服务机构编号"),
    "agency_year_cap_fen": say("机构年度上限"),
    "admission":      say("资格"),
    "agency":         say("服务机构"),
    "amount_fen":     say("金额"),
    "answer":         say("答复"),
    "answered":       say("已答复"),
    "answered_after_event": say("答复时的办理记录序号"),
    "answered_by":    say("答复人编号"),
    "as_of":          say("截至日期"),
    "as_written":     say("填写时的数值和单位"),
    "asked_fen":      say("申请金额"),
    "basis":          say("依据"),
    "basis_fen":      say("计算基数"),
    "blocked":        say("登录限制"),
    "bytes":          say("字节数"),
    "budget":         say("预算科目"),
    "budget_code":    say("预算科目"),
    "ceiling_fen":    say("额度"),
    "claim":          say("申请号"),
    "clause":         say("条款"),
    "clause_item":    say("条目"),
    "code":           say("代码"),
    "confirmed_on":   say("企业确认日期"),
    "covers":         say("代理"),
    "date_en":        say("英文日期名称"),
    "date_zh":        say("中文日期名称"),
    "decided_by":     say("办理人编号"),
    "decided_reason": say("办理理由"),
    "digest":         say("事实摘要"),
    "document":       say("文件|依据的文件"),
    "drafted_by":     say("起草人编号"),
    "drawn":          say("抽中"),
    "email":          say("邮箱"),
    "ended":          say("已终止或退出"),
    "enterprise":     say("企业会员"),
    "enterprise_id":  say("企业编号"),
    "enterprise_year_cap_fen": say("企业年度上限"),
    "entered_by":     say("填报人编号"),
    "entry_state":    say("填报状态"),
    "event":          say("办理记录序号"),
    "evidence_kind_code": say("材料种类"),
    "fee_fen":        say("服务费"),
    "expires_on":     say("有效期至"),
    "file":           say("文件"),
    "filed_month":    say("所属月份"),
    "filed_on":       say("申报日期"),
    "files":          say("文件摘要"),
    "filing":         say("备案状态"),
    "filing_confirmed_on": say("备案确认日期"),
    "filing_number":  say("备案号"),
    "findings":       say("判定摘要"),
    "form":           say("署名方式"),
    "from":           say("起"),
    "from_line":      say("调出科目"),
    "from_on":        say("起"),
    "grade":          say("可信度"),
    "grant":          say("授予编号"),
    "identifier":     say("编号种类"),
    "indicator_code": say("指标"),
    "invoice_fen":    say("发票金额"),
    "invoice_number": say("发票号码"),
    "is_denied":      say("否认服务"),
    "is_over":        say("突破或以上"),
    "is_working":     say("是否工作日"),
    "issued_by":      say("发出人编号"),
    "key":            say("名称"),
    "kind":           say("种类"),
    "language":       say("语言"),
    "locked":         say("停用"),
    "mails":          say("邮件提醒"),
    "matched":        say("已对上"),
    "move":           say("调剂编号"),
    "name":           say("名称"),
    "name_en":        say("英文名称"),
    "name_zh":        say("中文名称"),
    "note":           say("说明"),
    "note_zh":        say("说明"),
    "objected":       say("异议内容"),
    "objection_state": say("异议状态"),
    "objector":       say("异议人"),
    "on_behalf":      say("代机构录入"),
    "own":            say("内容摘要"),
    "paid_after_fen": say("事后付费"),
    "paid_before_fen": say("预付金额"),
    "papers":         say("材料"),
    "parameters":     say("参数"),
    "payee":          say("收款方"),
    "payment":        say("台账摘要"),
    "period_start":   say("期间起"),
    "place":          say("所在地"),
    "place_code":     say("地区"),
    "price_ceiling_fen": say("最高参考价"),
    "price_floor_fen": say("最低参考价"),
    "published":      say("发布日期"),
    "purpose":        say("用途"),
    "reason":         say("理由"),
    "reasons":        say("理由代码"),
    "remedy_en":      say("英文处理办法"),
    "remedy_zh":      say("中文处理办法"),
    "received_on":    say("收到日期"),
    "recorded_by":    say("记录人编号"),
    "recovery":       say("追回编号"),
    "reminded_on":    say("催办日期"),
    "removed_on":     say("退出日期"),
    "report":         say("填报编号"),
    "reported_by":    say("填报人编号"),
    "replaces":       say("替代编号"),
    "request":        say("确认请求编号"),
    "requested_on":   say("请求确认日期"),
    "result":         say("成果"),
    "result_kind":    say("成果类型"),
    "result_kind_code": say("成果类型"),
    "reward_fen":     say("奖励金额"),
    "role":           say("角色"),
    "round":          say("轮次"),
    "rows":           say("行数"),
    "rows_digest":    say("内容摘要"),
    "safe":           say("全符合件数"),
    "said":           say("进展说明"),
    "satisfaction":   say("满意度"),
    "scopes":         say("服务范围"),
    "seed":           say("随机种子"),
    "service":        say("服务"),
    "service_code":   say("服务"),
    "sha256":         say("文件摘要"),
    "sheets":         say("工作表"),
    "signed_on":      say("签订日期"),
    "source_title":   say("来源"),
    "source_url":     say("来源网址"),
    "staff_count":    say("从业人数"),
    "standard_working_days": say("服务标准（工作日）"),
    "standing":       say("效力"),
    "stands_on":      say("截至日期"),
    "state":          say("状态"),
    "subsidy_fen":    say("补贴金额"),
    "suspended_from": say("暂停起"),
    "suspended_to":   say("暂停止"),
    "task_state":     say("任务状态"),
    "template":       say("模板版本"),
    "tie":            say("回避关系编号"),
    "title_en":       say("英文标题"),
    "title_zh":       say("中文标题"),
    "to":             say("止"),
    "to_line":        say("调入科目"),
    "to_on":          say("止"),
    "token_hash":     say("链接摘要"),
    "total_fen":      say("合计金额"),
    "track":          say("付费方式"),
    "unit":           say("单位|计量"),
    "units":          say("数量"),
    "upfront_fee_fen": say("预收费用"),
    "valid_from":     say("生效日期"),
    "valid_to":       say("失效日期"),
    "value":          say("取值"),
    "version":        say("版本"),
    "withdrawn":      say("已作废"),
    "work_started_on": say("开始日期"),
    "year":           say("年度"),
}
# fmt: on
_ENUMS: Mapping[str, type[StrEnum]] = {
    "state": State,
    "role": Role,
    "growth_stage": GrowthStage,
    "hnte_status": HnteStatus,
    "admission": Admission,
    "filing": Filing,
    "basis": ConfirmationBasis,
    "track": Track,
    "task_state": TaskState,
    "entry_state": EntryState,
    "grade": Grade,
    "form": ObjectionForm,
    "objection_state": ObjectionState,
    "agreement_state": AgreementState,
    "attribution": Attribution,
    "cost_bearer": CostBearer,
    "outcome": Outcome,
    "need_state": NeedState,
    "request_state": RequestState,
    "mails": MailChoice,
}
_FLAGS = frozenset(
    {
        "answered", "withdrawn", "locked", "on_behalf", "is_cover", "is_denied", "is_over",
        "is_working", "holds_pair",
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
