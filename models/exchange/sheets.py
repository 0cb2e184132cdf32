"""The sheets of the exchange workbook and their columns, one table: `SHEETS`.

The reader, the checks, the template and the documentation are read from it. A header carries `*`
where the cell must be filled in; it is looked up without the star, without spaces, brackets in
either width.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.exchange import rows
from models.rules.half_width import half_width
from models.rules.wording import Wording, say

LONGEST_TEXT = 120


class CellKind(StrEnum):
    """What a cell holds, and so which reader turns it into a value."""

    text = "text"
    digits = "digits"  # a number that is a name: account, telephone
    invoice = "invoice"
    uscc = "uscc"
    hnte_certificate = "hnte_certificate"
    day = "day"
    month = "month"
    yuan = "yuan"
    percent = "percent"
    whole = "whole"
    option = "option"
    options = "options"  # several, separated by 、
    decimal = "decimal"  # exact, in the unit beside it
    published = "published"  # a year, a month or a day


class ListName(StrEnum):
    """A list of options that stands in the database."""

    services = "services"
    result_kinds = "result_kinds"
    places = "places"
    indicators = "indicators"


@dataclass(frozen=True, slots=True)
class Option:
    """One allowed entry: the code that is stored, the word that is printed, other words people
    write, and what stands beside it in the guide.
    """

    code: str
    printed: str
    aliases: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Attributes:
        header: as printed, without the star.
        field: the row's field it fills.
        kind: what its cells hold.
        is_required: an empty cell is an error.
        example: shown in the template.
        options: the only entries allowed, or the name of a list in the database.
        longest: the most characters a text may have.
        lowest, highest: the bounds of a whole number.
        is_contact: an existing record may be updated in this column by import.
        note: shown in the template's 说明 and on the header cell.
    """

    header: str
    field: str
    kind: CellKind = CellKind.text
    is_required: bool = False
    example: str = ""
    options: tuple[Option, ...] | ListName = ()
    longest: int = LONGEST_TEXT
    lowest: int = 0
    highest: int = 1_000_000
    is_contact: bool = False
    note: Wording | None = None

    @property
    def printed(self) -> str:
        """The header as the template prints it, with the star where it belongs."""
        return f"{self.header}*" if self.is_required else self.header


class SheetKind(StrEnum):
    """The sheets: eight of the workbook, and the bank's list, which is a file of its own."""

    enterprises = "enterprises"
    agencies = "agencies"
    agreements = "agreements"
    claims = "claims"
    policy_rules = "policy_rules"
    budget_lines = "budget_lines"
    ties = "ties"
    actuals = "actuals"
    bank_list = "bank_list"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its printed name, the row it is read into, what makes a row one of a kind."""

    kind: SheetKind
    name: str
    row_type: type[rows.Row]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    note: Wording

    def column(self, field: str) -> Column:
        """The column that fills a field of the row."""
        return next(column for column in self.columns if column.field == field)


def plain_header(written: str) -> str:
    """A header as it is looked up: half-width, without star, spaces and line breaks."""
    return "".join(half_width(written).replace("*", "").split())


GROWTH_STAGES = (
    Option("startup", "初创", ("初创期",)),
    Option("growing", "成长", ("成长期",)),
    Option("above_scale", "规上", ("规模以上",)),
    Option("listed", "上市", ("上市企业",)),
)
HNTE_STATUSES = (
    Option("none", "无", ("否",)),
    Option("cultivating", "拟认定"),
    Option("recognised", "已认定", ("高企",)),
    Option("lapsed", "已失效", ("过期",)),
)
PURPOSES = (Option("subsidy", "补贴"), Option("reward", "奖励"))
PAYEES = (
    Option("agency", "服务机构", ("机构", "科技中介服务机构")),
    Option("alliance", "联盟"),
    Option("enterprise", "企业", ("企业会员",)),
)
STANDARD_KINDS = (
    Option("flat", "定额"),
    Option("up_to", "最高"),
    Option("per_unit", "按数量"),
    Option("percent", "按比例"),
    Option("match_ratio", "配套"),
    Option("not_printed", "未公布金额"),
)

ACTUAL_BOUNDS = (Option("exact", "等于"), Option("over", "突破", ("以上", "超过")))
ACTUAL_KINDS = (
    Option("reported", "公开通报", ("通报", "公报")),
    Option("part_year", "期中数", ("期中",)),
    Option("derived", "推算"),
    Option("forecast", "预计", ("预测",)),
)
ACTUAL_GRADES = (
    Option("high", "高", ("可信度高",)),
    Option("medium", "中", ("可信度中",)),
    Option("low", "低", ("可信度低",)),
)

_C, _K = Column, CellKind
_SERVICES, _RESULTS = ListName.services, ListName.result_kinds
_AS_PRINTED = say("与营业执照一致，18 位；请把单元格设为文本")
_AS_TEXT = say("请把单元格设为文本，以免后几位变成 0")
_ALREADY_THERE = say("须在本工作簿或系统中已有")

# fmt: off
SHEETS: tuple[Sheet, ...] = (
    Sheet(SheetKind.enterprises, "企业会员", rows.EnterpriseRow, ("uscc",), (
        _C("统一社会信用代码", "uscc",                _K.uscc,    True,  "91210200241268278D", longest=18, note=_AS_PRINTED),
        _C("企业名称",         "name",                _K.text,    True,  "大连启岸智能装备有限公司"),
        _C("注册日期",         "registered_on",       _K.day,     False, "2019-05-20"),
        _C("所在街道",         "district",            _K.text,    False, "凌水街道", longest=40),
        _C("行业",             "industry",            _K.text,    False, "智能装备", longest=40),
        _C("成长阶段",         "growth_stage",        _K.option,  False, "成长", GROWTH_STAGES),
        _C("高企状态",         "hnte_status",         _K.option,  False, "已认定", HNTE_STATUSES, note=say("留空即“无”")),
        _C("高企证书编号",     "hnte_certificate_no", _K.hnte_certificate, False, "GR202421201234", longest=20),
        _C("发证日期",         "certified_on",        _K.day,     False, "2024-11-12", note=say("证书自发证之日起三年有效")),
        _C("联系人",           "contact_name",        _K.text,    False, "张三", longest=64, is_contact=True),
        _C("联系电话",         "contact_phone",       _K.digits,  False, "0411-84790000", longest=40, is_contact=True),
        _C("入会日期",         "joined_on",           _K.day,     True,  "2024-03-01"),
        _C("退会日期",         "left_on",             _K.day,     False, ""),
        _C("收款户名",         "payee_name",          _K.text,    False, "大连启岸智能装备有限公司"),
        _C("开户行",           "payee_bank",          _K.text,    False, "中国工商银行大连高新园区支行"),
        _C("收款账号",         "payee_account",       _K.digits,  False, "3400200109008800001", longest=40, note=_AS_TEXT),
    ), say("一行一家企业；信用代码不重复")),
    Sheet(SheetKind.agencies, "服务机构", rows.AgencyRow, ("uscc",), (
        _C("统一社会信用代码", "uscc",                _K.uscc,    True,  "91210200716904902K", longest=18, note=_AS_PRINTED),
        _C("机构名称",         "name",                _K.text,    True,  "大连云杉科技服务有限公司"),
        _C("注册日期",         "registered_on",       _K.day,     False, "2016-08-01"),
        _C("入会日期",         "joined_on",           _K.day,     True,  "2024-01-15"),
        _C("服务范围",         "scope",               _K.options, True,  "", _SERVICES, longest=1000, note=say("可填多项，用“、”分隔")),
        _C("从业人数",         "staff_count",         _K.whole,   False, "26", lowest=1, highest=100_000),
        _C("收款户名",         "payee_name",          _K.text,    False, "大连云杉科技服务有限公司"),
        _C("开户行",           "payee_bank",          _K.text,    False, "中国银行大连高新园区支行"),
        _C("收款账号",         "payee_account",       _K.digits,  False, "3044560000018800002", longest=40, note=_AS_TEXT),
        _C("联系人",           "contact_name",        _K.text,    False, "李四", longest=64, is_contact=True),
        _C("联系电话",         "contact_phone",       _K.digits,  False, "0411-84790001", longest=40, is_contact=True),
        _C("暂停起",           "suspended_from",      _K.day,     False, ""),
        _C("暂停止",           "suspended_to",        _K.day,     False, "", note=say("填了暂停起而留空，即暂停至另行通知")),
        _C("退出日期",         "removed_on",          _K.day,     False, ""),
    ), say("一行一家机构；信用代码不重复")),
    Sheet(SheetKind.agreements, "合作对子", rows.AgreementRow, ("number",), (
        _C("协议编号",         "number",              _K.text,    True,  "XY-2025-0001", longest=40),
        _C("企业信用代码",     "enterprise_uscc",     _K.uscc,    True,  "91210200241268278D", longest=18, note=_ALREADY_THERE),
        _C("机构信用代码",     "agency_uscc",         _K.uscc,    True,  "91210200716904902K", longest=18, note=_ALREADY_THERE),
        _C("服务类别",         "service_code",        _K.option,  True,  "软件著作权登记", _SERVICES),
        _C("签订日期",         "signed_on",           _K.day,     True,  "2025-03-03"),
        _C("协议金额(元)",     "fee_fen",             _K.yuan,    True,  "3000.00"),
        _C("预收费用(元)",     "upfront_fee_fen",     _K.yuan,    False, "0", note=say("零费区协议不得预收费用")),
        _C("备案编号",         "filing_number",       _K.text,    False, "BA-2025-0001", longest=40),
        _C("备案确认日期",     "filing_confirmed_on", _K.day,     False, "2025-03-06", note=say("导入的备案日期标注“导入，未经系统确认”")),
        _C("开始日期",         "work_started_on",     _K.day,     False, "2025-03-10"),
        _C("垫付金额(元)",     "advance_fen",         _K.yuan,    False, "500.00"),
        _C("垫付日期",         "advanced_on",         _K.day,     False, "2025-03-12"),
    ), say("一行一份协议：一家企业、一家机构、一项服务")),
    Sheet(SheetKind.claims, "补贴申请", rows.ClaimRow, ("number",), (
        _C("申请编号",         "number",              _K.text,    True,  "2025-11-0001", longest=40),
        _C("协议编号",         "agreement_number",    _K.text,    True,  "XY-2025-0001", longest=40, note=_ALREADY_THERE),
        _C("所属月份",         "filed_month",         _K.month,   True,  "2025-11"),
        _C("成果类型",         "result_kind_code",    _K.option,  True,  "计算机软件著作权登记", _RESULTS),
        _C("成果编号",         "result_printed",      _K.text,    True,  "2025SR0123456", longest=200, note=say("证书上印的编号；没有编号的写“发证单位 文号”")),
        _C("成果日期",         "obtained_on",         _K.day,     True,  "2025-10-20"),
        _C("申请金额(元)",     "asked_fen",           _K.yuan,    True,  "1000.00"),
        _C("申报日期",         "filed_on",            _K.day,     False, "2025-11-03", note=say("留空即导入当天")),
        _C("收款户名",         "payee_name",          _K.text,    False, "大连云杉科技服务有限公司"),
        _C("收款账号",         "payee_account",       _K.digits,  False, "3044560000018800002", longest=40, note=_AS_TEXT),
        _C("计算基数(元)",     "basis_fen",           _K.yuan,    False, "", note=say("按比例和配套的标准需要")),
        _C("数量",             "units",               _K.whole,   False, "", lowest=1, note=say("按数量的标准需要")),
        _C("发票号码",         "invoice_number",      _K.invoice, False, "25210000000012345678", longest=40, note=_AS_TEXT),
        _C("发票金额(元)",     "invoice_fen",         _K.yuan,    False, "3000.00"),
        _C("企业确认日期",     "confirmed_on",        _K.day,     False, "2025-10-28"),
        _C("企业确认预付(元)", "paid_before_fen",     _K.yuan,    False, "0"),
        _C("企业确认事后付(元)", "paid_after_fen",    _K.yuan,    False, "0"),
        _C("满意度",           "satisfaction",        _K.whole,   False, "5", lowest=1, highest=5, note=say("1 至 5 分，企业本人确认时填写")),
        _C("备注",             "note",                _K.text,    False, "", longest=1000),
    ), say("一行一件申请：一份协议的一项成果；已提交的申请不因导入而改变")),
    Sheet(SheetKind.policy_rules, "补贴标准", rows.PolicyRow,
          ("service_code", "result_kind_code", "purpose", "payee", "valid_from"), (
        _C("文件",             "document",            _K.text,    False, "补贴办法", longest=60),
        _C("条款",             "clause",              _K.text,    False, "第一条", longest=40),
        _C("服务类别",         "service_code",        _K.option,  True,  "软件著作权登记", _SERVICES),
        _C("成果类型",         "result_kind_code",    _K.option,  False, "", _RESULTS, note=say("留空即该服务的各类成果")),
        _C("用途",             "purpose",             _K.option,  True,  "补贴", PURPOSES),
        _C("收款方",           "payee",               _K.option,  True,  "服务机构", PAYEES),
        _C("方式",             "kind",                _K.option,  True,  "定额", STANDARD_KINDS),
        _C("定额(元)",         "amount_fen",          _K.yuan,    False, "1000.00", note=say("定额、按数量（每单位）填写")),
        _C("上限(元)",         "ceiling_fen",         _K.yuan,    False, "", note=say("最高必填；按比例、配套可填")),
        _C("比例(%)",          "percent_hundredths",  _K.percent, False, "", note=say("按比例、配套填写，30 即 30%")),
        _C("计量单位",         "unit",                _K.text,    False, "", longest=20, note=say("按数量填写，例如“件”")),
        _C("年度上限(元)",     "annual_cap_fen",      _K.yuan,    False, "", note=say("按数量可填")),
        _C("机构年度上限(元)", "agency_year_cap_fen", _K.yuan,    False, ""),
        _C("企业年度上限(元)", "enterprise_year_cap_fen", _K.yuan, False, ""),
        _C("生效日期",         "valid_from",          _K.day,     True,  "2025-01-01"),
        _C("失效日期",         "valid_to",            _K.day,     False, ""),
        _C("预算科目",         "budget_code",         _K.text,    True,  "服务补贴", longest=24),
    ), say("导入后为待确认的草稿，由另一人确认后生效")),
    Sheet(SheetKind.budget_lines, "预算额度", rows.BudgetRow, ("year", "code"), (
        _C("年度",             "year",                _K.whole,   True,  "2025", lowest=2000, highest=2200),
        _C("科目",             "code",                _K.text,    True,  "服务补贴", longest=24),
        _C("额度(元)",         "ceiling_fen",         _K.yuan,    True,  "5000000.00"),
    ), say("导入后为待确认的草稿，由另一人确认后生效")),
    Sheet(SheetKind.ties, "回避关系", rows.TieRow, ("username", "organisation_uscc", "kind", "from_on"), (
        _C("账号",             "username",            _K.text,    True,  "reviewer", longest=64),
        _C("单位信用代码",     "organisation_uscc",   _K.uscc,    True,  "91210200716904902K", longest=18, note=_ALREADY_THERE),
        _C("关系",             "kind",                _K.text,    True,  "任职", longest=40, note=say("例如任职、持股、近亲属、业务往来")),
        _C("起",               "from_on",             _K.day,     True,  "2025-01-01"),
        _C("止",               "to_on",               _K.day,     False, ""),
    ), say("有回避关系的人不得接手或办理该单位的申请")),
    Sheet(SheetKind.actuals, "实绩", rows.ActualRow,
          ("place_code", "indicator_code", "as_of", "period_start", "value", "source_title"), (
        _C("地区",             "place_code",          _K.option,  True,  "大连高新区", ListName.places, note=say("名称或代码")),
        _C("指标",             "indicator_code",      _K.option,  True,  "高新技术企业数量", ListName.indicators, note=say("名称或代码，见本页末的清单")),
        _C("截至日期",         "as_of",               _K.day,     True,  "2025-12-31", note=say("所指的最后一天；除预计外不晚于今天")),
        _C("期间起",           "period_start",        _K.day,     False, "", note=say("一段时间的数填写第一天，时点数留空")),
        _C("数值",             "value",               _K.decimal, True,  "1680", note=say("只填数字，单位另填，至多六位小数")),
        _C("口径",             "bound",               _K.option,  False, "等于", ACTUAL_BOUNDS, note=say("来源写“突破”“以上”的填突破；留空即等于")),
        _C("单位",             "unit",                _K.text,    True,  "家", longest=16, note=say("指标的计量单位，见本页末的清单")),
        _C("类型",             "kind",                _K.option,  True,  "公开通报", ACTUAL_KINDS),
        _C("可信度",           "grade",               _K.option,  True,  "高", ACTUAL_GRADES),
        _C("来源",             "source_title",        _K.text,    True,  "大连高新区2025年统计公报", longest=300, note=say("文件、公报或网页的名称")),
        _C("来源网址",         "source_url",          _K.text,    False, "", longest=400),
        _C("发布日期",         "published",           _K.published, False, "2026-03-20", longest=10, note=say("年、年月或年月日")),
        _C("说明",             "note_zh",             _K.text,    False, "", longest=400),
        _C("替代编号",         "replaces_id",         _K.text,    False, "", longest=16, note=say("更正已有的数时填写其编号，例如 A-070")),
        _C("替代理由",         "reason",              _K.text,    False, "", longest=300),
    ), say("一行一个数；导入后待另一人确认，确认后才计入判定；互相矛盾的数都保留")),
)
# fmt: on

SHEET_OF: dict[SheetKind, Sheet] = {sheet.kind: sheet for sheet in SHEETS}
SHEET_NAMED: dict[str, Sheet] = {sheet.name: sheet for sheet in SHEETS}
GUIDE_SHEET = "说明"
OPTIONS_SHEET = "选项"
EXAMPLE_MARK = "示例"
"""The first cell of an example row begins with this; the reader leaves such rows out."""
