"""The settings (设定) of a deployment, one table: what no document prints, with its labelled default.

`dalian-hightech` gives no deadlines, forms or return rules; every such figure is a row here. A
deployment changes one by a dated version that a second person confirms; until then the default
holds and is shown as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from models.rules.claim_facts import ReviewSettings
from models.rules.exposure import BANDS_DAYS
from models.rules.roles import Role
from models.rules.wording import Wording, say

SettingValue: TypeAlias = bool | int | str | tuple[int, ...]

_REVIEW = ReviewSettings()


@dataclass(frozen=True, slots=True)
class Adjustable:
    """One setting (设定).

    Attributes:
        key: its name in the database.
        default: the value that holds until a version is confirmed; its type is the setting's type.
        name: what it is.
        why: what it decides, and where the default comes from.
        lowest, highest: the bounds of a whole number, both included.
        choices: the only texts allowed, where they are few.
    """

    key: str
    default: SettingValue
    name: Wording
    why: Wording
    lowest: int = 0
    highest: int = 1_000
    choices: tuple[str, ...] = ()


# fmt: off
SETTINGS: tuple[Adjustable, ...] = (
    Adjustable("place", "大连高新区",
               say("所在地"),
               say("只有本地的现行补贴标准参与核定")),
    Adjustable("alliance_name", say("大连高新区高新技术企业创新联盟").template,
               say("联盟名称"),
               say("月度统一申请汇总表的填报单位；文件未写明联盟全称，默认值供参考")),
    Adjustable("is_demonstration", False,
               say("演示数据"),
               say("为“是”时，示例标准视同现行标准，各页面和导出文件都标注演示数据")),
    Adjustable("announced_years", (),
               say("放假安排已录全的年份"),
               say("这些年份的工作日不再标注暂估"), lowest=2000, highest=2200),

    Adjustable("filing_window_working_days", _REVIEW.filing_window_working_days,
               say("申请期限（工作日）"),
               say("取得成果后应在此期限内提出申请（F11）；文件未规定，默认值供参考")),
    Adjustable("late_filing_warning_working_days", _REVIEW.late_filing_warning_working_days,
               say("备案过晚提醒（工作日）"),
               say("备案确认距取得成果少于此数时提醒（F03）；文件未规定，默认值供参考")),
    Adjustable("deemed_after_working_days", _REVIEW.deemed_after_working_days,
               say("视为确认（工作日）"),
               say("企业收到确认请求后逾此期限未答复，视为确认，不计满意度（F14）；文件未规定，默认值供参考"), lowest=1),
    Adjustable("confirmation_link_days", 60,
               say("确认链接有效期（天）"),
               say("联盟发给企业的确认链接在此期限内有效；文件未规定，默认值供参考"), lowest=1, highest=365),
    Adjustable("alliance_payee_name", _REVIEW.alliance_payee_name,
               say("联盟收款户名"),
               say("补贴付给联盟时须与此一致（F13）；未填则待查证")),
    Adjustable("alliance_payee_account", _REVIEW.alliance_payee_account,
               say("联盟收款账号"),
               say("补贴付给联盟时须与此一致（F13）；未填则待查证")),
    Adjustable("return_lapse_working_days", 20,
               say("补正期限（工作日）"),
               say("退回补正后逾此期限未再提交，申请自动撤回；文件未规定，默认值供参考"), lowest=1),
    Adjustable("month_cutoff_day", 31,
               say("每月申请截止日"),
               say("此日以后提交的申请计入下个月；31 即当月最后一天；文件未规定，默认值供参考"), lowest=1, highest=31),
    Adjustable("pre_review_due_working_days", 5,
               say("联盟初审时限（工作日）"),
               say("申请提交后应在此时限内初审；文件未规定，默认值供参考"), lowest=1, highest=250),
    Adjustable("apply_due_working_days", 3,
               say("统一申请时限（工作日）"),
               say("每月截止日后应在此时限内发送统一申请；文件未规定，默认值供参考"), lowest=1, highest=250),
    Adjustable("re_review_due_working_days", 10,
               say("科技创新局复核时限（工作日）"),
               say("收到统一申请后应在此时限内复核；文件未规定，默认值供参考"), lowest=1, highest=250),
    Adjustable("approve_due_working_days", 5,
               say("管委会审批时限（工作日）"),
               say("复核通过后应在此时限内审批；文件未规定，默认值供参考"), lowest=1, highest=250),
    Adjustable("pay_due_working_days", 10,
               say("财政局支付时限（工作日）"),
               say("审批通过后应在此时限内支付补贴，公示期计算在内；文件未规定，默认值供参考"), lowest=1, highest=250),
    Adjustable("reward_due_working_days", 10,
               say("企业奖励发放时限（工作日）"),
               say("补贴支付后应在此时限内发放企业奖励；文件未规定，默认值供参考"), lowest=1, highest=250),
    Adjustable("notice_period_working_days", 5,
               say("公示期（工作日）"),
               say("审批通过后满此期限且无未结异议方可支付；默认值取各地公示的通行做法"), highest=60),
    Adjustable("notice_objections_to", "",
               say("异议受理单位和地址"),
               say("公示文件写明向何处提出异议；未填时写联盟名称")),

    Adjustable("exposure_bands_days", BANDS_DAYS,
               say("垫资账龄分段（天）"),
               say("垫资敞口按取得成果以来的天数分段，各段的最后一天；默认值供参考"), lowest=1, highest=3_650),

    Adjustable("sampling_percent", 5,
               say("抽查比例（%）"),
               say("全部符合的申请中，每月抽取此比例逐件打开核对；默认值供参考"), highest=100),
    Adjustable("sampling_percent_low_grade", 20,
               say("低等级机构抽查比例（%）"),
               say("考评为 C、D 级的机构适用此比例；默认值供参考"), highest=100),
    Adjustable("rating_reply_working_days", 7,
               say("考评申辩期（工作日）"),
               say("考评预览发给机构后的申辩期限；默认值取各地考评公示的通行做法"), lowest=1, highest=60),
    Adjustable("rating_appeal_working_days", 10,
               say("考评复议申请期（工作日）"),
               say("考评公布后机构可以申请复议的期限；文件未规定，默认值供参考"), lowest=1, highest=60),
    Adjustable("lease_minutes", 120,
               say("接手时限（分钟）"),
               say("接手后由本人办理的最长时间，逾时他人可以接手；默认值供参考"), lowest=5, highest=480),
    Adjustable("lease_idle_minutes", 30,
               say("闲置多少分钟后释放"),
               say("接手人关闭本件页面满此时间，他人可以接手；页面开着则一直续到接手时限；默认值供参考"),
               lowest=5, highest=480),
    Adjustable("reading_pause_milliseconds", 1_000,
               say("打开后多久可以作决定（毫秒）"),
               say("连按或连点不会落到刚刚打开的下一件上；默认值供参考"), highest=10_000),
    Adjustable("filing_confirmer", Role.bureau.value,
               say("备案确认单位"),
               say("文件未写明由谁确认备案；不得由提交备案的人确认"),
               choices=(Role.bureau.value, Role.alliance_lead.value)),
    Adjustable("complaint_accept_working_days", 5,
               say("投诉受理时限（工作日）"),
               say("收到投诉后应在此时限内决定是否受理；文件未规定，默认值供参考"), lowest=1, highest=250),
    Adjustable("complaint_answer_working_days", 7,
               say("投诉答复时限（工作日）"),
               say("受理后被投诉机构应在此时限内答复，逾期计入考评；默认值取各地异议期的通行做法"), lowest=1, highest=250),
    Adjustable("complaint_decide_working_days", 15,
               say("投诉认定时限（工作日）"),
               say("机构答复或申请复核后应在此时限内认定；文件未规定，默认值供参考"), lowest=1, highest=250),
    Adjustable("complaint_appeal_working_days", 7,
               say("投诉复核申请时限（工作日）"),
               say("不予受理或认定后，当事方可在此时限内申请复核一次；默认值取各地异议期的通行做法"), lowest=1, highest=250),
    Adjustable("certificate_reminder_days", 180,
               say("高企证书到期提醒（天）"),
               say("证书将在此天数内到期的企业列入提醒；文件未规定，默认值供参考"), lowest=1, highest=1_000),
    Adjustable("evidence_largest_mb", 20,
               say("单个材料上限（MB）"),
               say("上传的每个文件不超过此大小"), lowest=1, highest=200),
)
# fmt: on

SETTING_OF: dict[str, Adjustable] = {setting.key: setting for setting in SETTINGS}
