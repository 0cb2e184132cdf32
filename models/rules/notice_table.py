"""The table of notices (消息): a verb of the record, who hears of it, and in which words; `NOTICES`.

A verb that is to be told is one line here, two where two audiences are told different things.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.rules.changes import CHANGE_NAMES, ChangeKind
from models.rules.claim_workflow import State
from models.rules.entitlement import Purpose
from models.rules.told import Audience, Notice, Told
from models.rules.wording import Wording, say


def _answers_a_return(told: Told) -> bool:
    return told.before.get("state") == State.returned.value


def _is_on_behalf(told: Told) -> bool:
    return bool(told.after.get("on_behalf"))


def _waits_for_filing(told: Told) -> bool:
    return told.after.get("filing") == "filed"


def _has_reward(told: Told) -> bool:
    return bool(told.after.get("reward_fen"))


def _is_subsidy(told: Told) -> bool:
    return told.after.get("purpose") == Purpose.subsidy


def _is_reward(told: Told) -> bool:
    return told.after.get("purpose") == Purpose.reward


def _to_applicant(verb: str, words: Wording, *, is_turn: bool = False) -> tuple[Notice, ...]:
    """The agency that applies, and who entered it where it has no account yet."""
    audiences = (Audience.agency, Audience.drafted_by)
    return tuple(Notice(verb, audience, words, is_turn) for audience in audiences)


# fmt: off
NOTICES: tuple[Notice, ...] = (
    # the agency's claim
    Notice("submit",            Audience.agency,       say("{number} 已由{by}代为提交，等待联盟初审"), when=_is_on_behalf),
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
    Notice("reward_failed",     Audience.alliance,     say("{number} 的企业奖励被银行退回：{reasons}。请向企业核对收款账号，在名录中改正"), is_turn=True),
    Notice("reward_failed",     Audience.enterprise,   say("申请 {number} 的奖励支付失败：{reasons}。请向联盟提供正确的收款账号"), is_turn=True),
    Notice("reward_failed",     Audience.agency,       say("{number} 的企业奖励被银行退回，将重新发放；补贴不受影响")),
    Notice("fail_payment",      Audience.agency,       say("{number} 的补贴银行未付成，将重新拨付。请核对收款账号"), when=_is_subsidy),
    Notice("fail_payment",      Audience.alliance,     say("{number} 的企业奖励银行未付成。请向企业核对收款账号，在名录中改正"), is_turn=True, when=_is_reward),
    Notice("fail_payment",      Audience.enterprise,   say("申请 {number} 的奖励银行未付成。请向联盟提供正确的收款账号"), is_turn=True, when=_is_reward),
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
    # objections to what is in public notice
    Notice("record_objection",  Audience.bureau,       say("{number} 收到公示异议，请由记录人以外的人答复；答复前不支付"), is_turn=True),
    Notice("record_objection",  Audience.alliance,     say("{number} 收到公示异议，请由记录人以外的人答复；答复前不支付"), is_turn=True),
    Notice("record_objection",  Audience.finance,      say("{number} 有公示异议，答复前不支付")),
    Notice("record_objection",  Audience.agency,       say("{number} 有公示异议，答复前暂不支付")),
    Notice("dismiss_objection", Audience.drafted_by,   say("您记录的对 {number} 的异议已由{by}答复：不成立")),
    Notice("dismiss_objection", Audience.finance,      say("{number} 的公示异议不成立，可以继续支付"), is_turn=True),
    Notice("dismiss_objection", Audience.agency,       say("{number} 的公示异议不成立，继续办理")),
    Notice("uphold_objection",  Audience.drafted_by,   say("您记录的对 {number} 的异议已由{by}认定成立")),
    Notice("uphold_objection",  Audience.finance,      say("{number} 的公示异议成立，请退回、请机构补正或暂缓"), is_turn=True),
    Notice("uphold_objection",  Audience.agency,       say("{number} 的公示异议成立，由办理环节处理后再行支付")),
    # money that comes back, moves between lines
    Notice("draft_recovery",    Audience.money,        say("{number} 起草了追回 {amount} 元，请由另一人确认"), is_turn=True),
    Notice("confirm_recovery",  Audience.drafted_by,   say("您起草的 {number} 的追回 {amount} 元已由{by}确认")),
    Notice("confirm_recovery",  Audience.agency,       say("{number} 的补贴追回 {amount} 元"), when=_is_subsidy),
    Notice("confirm_recovery",  Audience.enterprise,   say("申请 {number} 的奖励追回 {amount} 元"), when=_is_reward),
    Notice("discard_recovery",  Audience.drafted_by,   say("您起草的 {number} 的追回已由{by}撤回")),
    Notice("draft_budget_move", Audience.money,        say("起草了预算调剂 {amount} 元，请由另一人确认"), is_turn=True),
    Notice("discard_budget_move", Audience.drafted_by, say("您起草的预算调剂 {amount} 元已由{by}撤回")),
    # needs
    Notice("state_need",        Audience.alliance,     say("企业提出对接需求 N-{number}")),
    Notice("state_need",        Audience.enterprise,   say("联盟已代贵企业提出对接需求 N-{number}"), when=_is_on_behalf),
    Notice("ask_agency_for_need", Audience.agency,     say("需求 N-{number} 询问贵机构能否承接，请答复"), is_turn=True),
    Notice("take_back_request", Audience.agency,       say("对需求 N-{number} 的询问已收回")),
    Notice("accept_request",    Audience.asked_by,     say("需求 N-{number} 已由{by}承接，协议已起草")),
    Notice("accept_request",    Audience.enterprise,   say("需求 N-{number} 已由{by}承接，协议已起草")),
    Notice("decline_request",   Audience.asked_by,     say("需求 N-{number} 未获承接，请另选机构"), is_turn=True),
    Notice("decline_request",   Audience.enterprise,   say("需求 N-{number} 未获承接，请另选机构"), is_turn=True),
    # agreements, agencies
    Notice("draft_agreement",   Audience.agency,       say("联盟已代贵机构起草合作对子 {number}，请核对"), when=_is_on_behalf),
    Notice("file_agreement",    Audience.bureau,       say("合作对子 {number} 提交备案，请确认"), is_turn=True, when=_waits_for_filing),
    Notice("file_agreement",    Audience.agency,       say("合作对子 {number} 已由联盟代为提交备案"), when=_is_on_behalf),
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
    Notice("contest_attribution", Audience.alliance,   say("合作对子 {number} 的失败归因有异议，请由与双方无关的人裁定"), is_turn=True),
    Notice("contest_attribution", Audience.agency,     say("合作对子 {number} 的失败归因被提出异议，由联盟裁定")),
    Notice("contest_attribution", Audience.enterprise, say("合作对子 {number} 的失败归因被提出异议，由联盟裁定")),
    Notice("uphold_contest",    Audience.agency,       say("合作对子 {number} 的归因异议成立，归因改为“{attribution}”")),
    Notice("uphold_contest",    Audience.enterprise,   say("合作对子 {number} 的归因异议成立，归因改为“{attribution}”")),
    Notice("dismiss_contest",   Audience.agency,       say("合作对子 {number} 的归因异议不成立，维持原归因")),
    Notice("dismiss_contest",   Audience.enterprise,   say("合作对子 {number} 的归因异议不成立，维持原归因")),
    Notice("suspend_agency",    Audience.agency,       say("贵机构的服务资格已暂停")),
    Notice("lift_suspension",   Audience.agency,       say("贵机构的服务资格暂停已解除")),
    Notice("set_agency_scopes", Audience.agency,       say("贵机构的服务范围已调整")),
    Notice("remove_agency",     Audience.agency,       say("贵机构已退出名录，在办申请照常办理")),
    # complaints: who did it is not named to a party
    Notice("file_complaint",    Audience.alliance,     say("收到投诉 {number}，请决定是否受理"), is_turn=True),
    Notice("file_complaint",    Audience.enterprise,   say("联盟已代您提出投诉 {number}"), when=_is_on_behalf),
    Notice("accept_complaint",  Audience.agency,       say("投诉 {number} 已受理，请于 {due} 前答复；逾期计入考评"), is_turn=True),
    Notice("accept_complaint",  Audience.enterprise,   say("您的投诉 {number} 已受理，等待机构答复")),
    Notice("turn_away_complaint", Audience.enterprise, say("您的投诉 {number} 不予受理，理由见投诉页；可申请复核一次")),
    Notice("answer_complaint",  Audience.alliance,     say("投诉 {number} 机构已答复，请认定"), is_turn=True),
    Notice("answer_complaint",  Audience.enterprise,   say("您的投诉 {number} 机构已答复，等待认定")),
    Notice("uphold_complaint",  Audience.agency,       say("投诉 {number} 认定成立，计入考评；可申请复核一次")),
    Notice("uphold_complaint",  Audience.enterprise,   say("您的投诉 {number} 认定成立")),
    Notice("dismiss_complaint", Audience.agency,       say("投诉 {number} 认定不成立")),
    Notice("dismiss_complaint", Audience.enterprise,   say("您的投诉 {number} 认定不成立，理由见投诉页；可申请复核一次")),
    Notice("appeal_refusal",    Audience.alliance,     say("投诉 {number} 对不予受理申请复核，请另一人决定"), is_turn=True),
    Notice("appeal_refusal",    Audience.enterprise,   say("联盟已代您对投诉 {number} 申请复核"), when=_is_on_behalf),
    Notice("appeal_decision",   Audience.alliance,     say("投诉 {number} 申请复核，请另一人认定"), is_turn=True),
    Notice("appeal_decision",   Audience.agency,       say("投诉 {number} 正在复核")),
    Notice("appeal_decision",   Audience.enterprise,   say("您的投诉 {number} 正在复核")),
    Notice("reopen_complaint",  Audience.alliance,     say("投诉 {number} 重新认定，请另一人认定"), is_turn=True),
    Notice("reopen_complaint",  Audience.agency,       say("投诉 {number} 正在复核")),
    Notice("reopen_complaint",  Audience.enterprise,   say("您的投诉 {number} 正在复核")),
    Notice("withdraw_complaint", Audience.alliance,    say("投诉 {number} 已由投诉人撤回")),
    Notice("withdraw_complaint", Audience.agency,      say("投诉 {number} 已由投诉人撤回")),
    Notice("withdraw_complaint", Audience.enterprise,  say("联盟已代您撤回投诉 {number}"), when=_is_on_behalf),
    # trainings
    Notice("announce_training", Audience.invited,      say("培训 {number} 将于 {held_on} 举办，请报名"), is_turn=True),
    Notice("invite_agencies",   Audience.invited,      say("培训 {number} 邀请贵机构参加，请报名"), is_turn=True),
    Notice("move_training",     Audience.invited,      say("培训 {number} 改期或变更地点：{held_on}")),
    Notice("add_training_material", Audience.invited,  say("培训 {number} 有新的材料")),
    Notice("cancel_training",   Audience.invited,      say("培训 {number} 已取消")),
    Notice("register_for_training", Audience.invited,  say("联盟已为贵机构登记报名培训 {number}"), when=_is_on_behalf),
    Notice("ask_leave",         Audience.alliance,     say("培训 {number} 有机构请假，请核定"), is_turn=True),
    Notice("mark_excused",      Audience.invited,      say("贵机构对培训 {number} 的请假已获准")),
    Notice("mark_missed",       Audience.invited,      say("贵机构在培训 {number} 中登记为缺席")),
    Notice("correct_attendance", Audience.invited,     say("贵机构在培训 {number} 中的参训情况已更正")),
    Notice("readmit_agency",    Audience.agency,       say("贵机构的服务资格已恢复")),
    # admissions
    Notice("apply_for_admission", Audience.reviewers,  say("入会申请 {number} 已提交，请审查"), is_turn=True),
    Notice("ask_review_again",  Audience.reviewers,    say("入会申请 {number} 由{by}退回再审"), is_turn=True),
    Notice("pass_to_decision",  Audience.lead,         say("入会申请 {number} 已审查，请决定"), is_turn=True),
    *_to_applicant("return_application", say("入会申请 {number} 被退回补正：{reasons}。请一次补齐后重新提交"), is_turn=True),
    *_to_applicant("admit_agency",       say("入会申请 {number} 已准入")),
    *_to_applicant("refuse_admission",   say("入会申请 {number} 不予准入：{reasons}。可补齐后再次申请")),
    # ratings
    Notice("open_replies",      Audience.invited,      say("{number} 为止的考评预评可以查看，如有异议请于 {until} 前申辩"), is_turn=True),
    Notice("reply_to_rating",   Audience.alliance,     say("{number} 为止的考评收到申辩，请由预评人以外的人答复"), is_turn=True),
    Notice("answer_reply",      Audience.invited,      say("贵机构对 {number} 为止的考评提出的申辩已答复")),
    Notice("publish_ratings",   Audience.invited,      say("{number} 为止的考评结果已公布")),
    Notice("appeal_rating",     Audience.alliance,     say("{number} 为止的考评收到复议申请，请由未经手的人答复"), is_turn=True),
    Notice("answer_appeal",     Audience.invited,      say("贵机构对 {number} 为止的考评申请的复议已答复")),
    Notice("confirm_consequence", Audience.invited,    say("{number} 为止的考评：联盟确认了一项结果运用，见考评页")),
    # what somebody drafted or entered
    Notice("confirm_actual",    Audience.drafted_by,   say("您填报的实绩 {number} 已由{by}确认")),
    Notice("turn_down_actual",  Audience.drafted_by,   say("您填报的实绩 {number} 未被{by}采用")),
    Notice("confirm_policy_rule", Audience.drafted_by, say("您起草的补贴标准 {number} 已由{by}确认")),
    *(Notice(f"draft_{kind}",     Audience.policy,     say("{what}有一份草稿，请由另一人确认", what=name), is_turn=True)
      for kind, name in CHANGE_NAMES.items()),
    *(Notice(f"confirm_{kind}",   Audience.drafted_by, say("您起草的{what}调整已由{by}确认", what=name))
      for kind, name in CHANGE_NAMES.items() if kind is not ChangeKind.policy_rule),
    *(Notice(f"turn_down_{kind}", Audience.drafted_by, say("您起草的{what}调整未被{by}采用", what=name))
      for kind, name in CHANGE_NAMES.items()),
    Notice("clear_calendar_day", Audience.drafted_by,  say("您起草的{what}调整已由{by}确认", what=CHANGE_NAMES[ChangeKind.calendar_day])),
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
