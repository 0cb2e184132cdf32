"""Letters (函件): which kinds there are, and what stands in each — the placeholders of its template.

A template is a Word document of the alliance's own, with placeholders such as `{{申请号}}` wherever
a fact is to stand. Which placeholders there are, and which a template must not leave out, is this
table; the program ships a template of each kind for as long as the alliance has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.rules.claim_workflow import Action
from models.rules.wording import Wording, say


class LetterKind(StrEnum):
    """A kind of letter (函件)."""

    return_notice = "return_notice"  # 一次性告知书
    refusal_notice = "refusal_notice"  # 不予支持决定告知书
    approval_notice = "approval_notice"  # 审批通过决定告知书
    filing_confirmation = "filing_confirmation"  # 备案确认书
    payment_order = "payment_order"  # 拨付通知


@dataclass(frozen=True, slots=True)
class LetterField:
    """A placeholder of a letter.

    Attributes:
        name: as it stands between the braces.
        sample: what stands there when a template is tried out.
        is_required: a template without it is refused.
    """

    name: str
    sample: str
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class LetterForm:
    """One kind of letter: its title, the mark in the number of a letter (文号), its placeholders."""

    name: Wording
    title: str
    mark: str
    fields: tuple[LetterField, ...]

    @property
    def names(self) -> frozenset[str]:
        """Every placeholder there is."""
        return frozenset(field.name for field in self.fields)

    @property
    def required(self) -> tuple[str, ...]:
        """The placeholders a template must have, in the table's order."""
        return tuple(field.name for field in self.fields if field.is_required)

    @property
    def samples(self) -> dict[str, str]:
        """What a template is tried out with."""
        return {field.name: field.sample for field in self.fields}


_F = LetterField
# fmt: off
_COMMON = (
    _F("文号",     "零费告〔2026〕2026-11-0187-02 号"),
    _F("落款单位", "大连高新区高新技术企业创新联盟"),
    _F("日期",     "2026 年 11 月 20 日"),
    _F("记录",     "操作记录第 1286 条，校验值 " + "0123456789abcdef" * 4),
    _F("模板",     "联盟模板第 1 版"),
    _F("数据标记", "演示数据"),
)
_CLAIM = (
    _F("收件单位", "大连示例科技服务有限公司"),
    _F("申请号",   "2026-11-0187"),
    _F("企业",     "大连示例智能装备有限公司"),
    _F("服务",     "高新技术企业认定（首次）"),
    _F("成果",     "GR202621000187", is_required=False),
    _F("环节",     "联盟初审"),
)

LETTERS: Mapping[LetterKind, LetterForm] = {
    LetterKind.return_notice: LetterForm(say("一次性告知书"), "一次性告知书", "告", (
        *_COMMON, *_CLAIM,
        _F("事项",     "1. 材料不齐或未盖章（R01）：按清单一次补齐所缺材料\n2. 发票与申请不符（R03）：核对后重新上传"),
        _F("说明",     "请一并核对收款账号。"),
        _F("补正期限", "2026 年 12 月 18 日"),
    )),
    LetterKind.refusal_notice: LetterForm(say("不予支持决定告知书"), "不予支持决定告知书", "决", (
        *_COMMON, *_CLAIM,
        _F("事项",     "1. 备案晚于开工或未确认（R02）"),
        _F("说明",     "无"),
    )),
    LetterKind.approval_notice: LetterForm(say("审批通过决定告知书"), "审批通过决定告知书", "批", (
        *_COMMON, *_CLAIM,
        _F("补贴金额", "50,000.00 元（人民币伍万元整）"),
        _F("奖励金额", "20,000.00 元（人民币贰万元整）"),
        _F("依据",     "示例标准 S-01"),
        _F("公示期",   "5 个工作日，至 2026 年 11 月 27 日"),
    )),
    LetterKind.filing_confirmation: LetterForm(say("备案确认书"), "服务协议备案确认书", "备", (
        *_COMMON,
        _F("收件单位", "大连示例科技服务有限公司"),
        _F("企业",     "大连示例智能装备有限公司"),
        _F("服务",     "高新技术企业认定（首次）"),
        _F("协议编号", "XY-2026-001"),
        _F("备案号",   "BA-2026-001"),
        _F("签订日期", "2026 年 4 月 18 日"),
        _F("确认日期", "2026 年 4 月 22 日"),
        _F("服务费",   "36,000.00 元", is_required=False),
        _F("预收费用", "0.00 元"),
    )),
    LetterKind.payment_order: LetterForm(say("拨付通知"), "资金拨付通知", "拨", (
        *_COMMON,
        _F("收件单位", "大连高新区财政局"),
        _F("月份",     "2026 年 11 月"),
        _F("件数",     "2"),
        _F("金额",     "100,000.00 元"),
        _F("大写金额", "人民币壹拾万元整"),
        _F("明细",     "1.\t2026-11-0187\t大连示例科技服务有限公司\t50,000.00\n2.\t2026-11-0188\t大连示例科技服务有限公司\t50,000.00"),
    )),
}
LETTER_OF_ACTION: Mapping[Action, LetterKind] = {
    Action.return_pre_review: LetterKind.return_notice,
    Action.ask_agency:        LetterKind.return_notice,
    Action.refuse_pre_review: LetterKind.refusal_notice,
    Action.refuse_office:     LetterKind.refusal_notice,
    Action.approve:           LetterKind.approval_notice,
}
# fmt: on
"""The letter a step of a claim gives; every other step gives none."""
