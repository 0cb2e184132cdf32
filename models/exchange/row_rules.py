"""What the cells of one row must say together, sheet by sheet: one table, `ROW_RULES`.

Only what cannot be stored or makes no sense is an error. What a policy forbids (a fee taken up
front, a filing after the result) is let in: the pre-review finds it, with fact and clause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from models.exchange.rows import (
    ActualRow,
    AgencyRow,
    AgreementRow,
    BudgetRow,
    ClaimRow,
    EnterpriseRow,
    PolicyRow,
    TieRow,
)
from models.exchange.sheets import SheetKind
from models.rules.entitlement import Purpose, Standard, StandardKind, standard_faults
from models.rules.identifiers import IdentifierKind, IdentifierVerdict, reading
from models.rules.months import YearMonth
from models.rules.targets import ActualKind
from models.rules.wording import Wording, say


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a row is weighed against: the day, and which number each result kind bears."""

    today: date
    identifiers: Mapping[str, IdentifierKind]


@dataclass(frozen=True, slots=True)
class RowRemark:
    """What is wrong with a row, named to the field to look at first."""

    field: str
    wrong: Wording
    fix: Wording
    is_error: bool = True


RowRule: TypeAlias = Callable[[Any, Surroundings], RowRemark | None]


def _not_before(earlier: str, later: str, wrong: Wording) -> RowRule:
    """A rule: `later` does not lie before `earlier` where both are given."""

    def rule(row: Any, _: Surroundings) -> RowRemark | None:
        first, second = getattr(row, earlier), getattr(row, later)
        if first is None or second is None or first <= second:
            return None
        return RowRemark(later, wrong, say("核对两个日期，较早的是 {day}", day=second))

    return rule


def _not_after_today(field: str, wrong: Wording) -> RowRule:
    """A rule: a day that must have come."""

    def rule(row: Any, surroundings: Surroundings) -> RowRemark | None:
        day = getattr(row, field)
        if day is None or day <= surroundings.today:
            return None
        return RowRemark(field, wrong, say("核对日期；今天是 {today}", today=surroundings.today))

    return rule


def _both_or_neither(one: str, other: str, wrong: Wording, fix: Wording) -> RowRule:
    """A rule: two cells that mean something only together; named at the empty one."""

    def rule(row: Any, _: Surroundings) -> RowRemark | None:
        first, second = getattr(row, one), getattr(row, other)
        if (first is None) == (second is None):
            return None
        return RowRemark(one if first is None else other, wrong, fix)

    return rule


def _where_read(rule: RowRule, *fields: str) -> RowRule:
    """A rule that needs these cells: it is silent where one of them could not be read."""

    def where_read(row: Any, surroundings: Surroundings) -> RowRemark | None:
        if any(getattr(row, field) is None for field in fields):
            return None
        return rule(row, surroundings)

    return where_read


# ---------------------------------------------------------------- organisations


def _certificate_without_number(row: EnterpriseRow, _: Surroundings) -> RowRemark | None:
    if row.hnte_status != "recognised" or row.hnte_certificate_no:
        return None
    return RowRemark(
        "hnte_certificate_no",
        say("高企状态是“已认定”，但没有证书编号"),
        say("补上证书编号和发证日期"),
        is_error=False,
    )


def _certificate_without_day(row: EnterpriseRow, _: Surroundings) -> RowRemark | None:
    if not row.hnte_certificate_no or row.certified_on:
        return None
    return RowRemark(
        "certified_on", say("有证书编号，但没有发证日期"), say("补上发证日期"), is_error=False
    )


def _suspension_without_start(row: AgencyRow, _: Surroundings) -> RowRemark | None:
    if row.suspended_to is None or row.suspended_from is not None:
        return None
    return RowRemark("suspended_from", say("有暂停止，但没有暂停起"), say("补上暂停起"))


# ---------------------------------------------------------------- agreements


def _same_party(row: AgreementRow, _: Surroundings) -> RowRemark | None:
    if row.enterprise_uscc != row.agency_uscc:
        return None
    return RowRemark("agency_uscc", say("企业与机构是同一单位"), say("核对两个信用代码"))


def _fee_up_front(row: AgreementRow, _: Surroundings) -> RowRemark | None:
    if not row.upfront_fee_fen:
        return None
    return RowRemark(
        "upfront_fee_fen",
        say("协议有预收费用，初审时条件 F04 将不符合"),
        say("核对协议；确有预收的可以导入"),
        is_error=False,
    )


def _confirmed_without_number(row: AgreementRow, _: Surroundings) -> RowRemark | None:
    if row.filing_confirmed_on is None or row.filing_number:
        return None
    return RowRemark(
        "filing_number", say("有备案确认日期，但没有备案编号"), say("补上备案编号"), is_error=False
    )


def _no_advance(row: AgreementRow, _: Surroundings) -> RowRemark | None:
    if row.advance_fen != 0 or row.advanced_on is None:
        return None
    return RowRemark("advance_fen", say("有垫付日期，但垫付金额为 0"), say("填写金额，或删去日期"))


# ---------------------------------------------------------------- claims


def _number_of_result(row: ClaimRow, surroundings: Surroundings) -> RowRemark | None:
    kind = surroundings.identifiers.get(row.result_kind_code, IdentifierKind.free_text)
    read = reading(kind, row.result_printed)
    if read.verdict is IdentifierVerdict.well_formed:
        return None
    is_error = read.verdict is IdentifierVerdict.malformed
    return RowRemark("result_printed", read.words, say("照证书原件核对成果编号"), is_error)


def _nothing_asked(row: ClaimRow, _: Surroundings) -> RowRemark | None:
    if row.asked_fen > 0:
        return None
    return RowRemark("asked_fen", say("申请金额须大于 0"), say("填写申请金额"))


def _future_month(row: ClaimRow, surroundings: Surroundings) -> RowRemark | None:
    if row.filed_month <= str(YearMonth.containing(surroundings.today).next()):
        return None
    return RowRemark("filed_month", say("所属月份晚于下个月"), say("核对所属月份"))


def _answer_without_day(row: ClaimRow, _: Surroundings) -> RowRemark | None:
    answers = (row.paid_before_fen, row.paid_after_fen, row.satisfaction)
    if row.confirmed_on is not None or all(answer is None for answer in answers):
        return None
    return RowRemark(
        "confirmed_on",
        say("填了企业确认内容，但没有确认日期"),
        say("补上企业确认日期，或删去确认内容"),
    )


# ---------------------------------------------------------------- standards


def _faulty_standard(row: PolicyRow, _: Surroundings) -> RowRemark | None:
    for fault in standard_faults(standard_of(row)):
        return RowRemark("kind", fault, say("按“方式”填写相应的参数，其他参数留空"))
    return None


def _standard_without_source(row: PolicyRow, _: Surroundings) -> RowRemark | None:
    if row.document and row.clause:
        return None
    return RowRemark(
        "document" if not row.document else "clause",
        say("没有写明文件和条款，不能据此核定"),
        say("补上文件和条款"),
        is_error=False,
    )


def standard_of(row: PolicyRow) -> Standard:
    """The standard a row states, before it has a number and a version; a missing source is told
    apart.
    """
    return Standard(
        key="import",
        version=1,
        document=row.document or "?",
        clause=row.clause or "?",
        kind=StandardKind(row.kind),
        purpose=Purpose(row.purpose),
        amount_fen=row.amount_fen,
        ceiling_fen=row.ceiling_fen,
        percent_hundredths=row.percent_hundredths,
        unit=row.unit,
        annual_cap_fen=row.annual_cap_fen,
    )


def _no_ceiling(row: BudgetRow, _: Surroundings) -> RowRemark | None:
    if row.ceiling_fen > 0:
        return None
    return RowRemark("ceiling_fen", say("额度须大于 0"), say("填写额度"))


def _name_of_account(row: TieRow, _: Surroundings) -> RowRemark | None:
    if row.username == row.username.strip() and " " not in row.username:
        return None
    return RowRemark("username", say("账号中有空格"), say("核对账号"))


# ---------------------------------------------------------------- figures


def _future_figure(row: ActualRow, surroundings: Surroundings) -> RowRemark | None:
    if row.as_of <= surroundings.today or row.kind == ActualKind.forecast:
        return None
    return RowRemark(
        "as_of",
        say("截至日期在今天之后；只有“预计”可以"),
        say("核对日期；今天是 {today}", today=surroundings.today),
    )


def _published_to_come(row: ActualRow, surroundings: Surroundings) -> RowRemark | None:
    if row.published <= surroundings.today.isoformat():  # type: ignore[operator]
        return None
    return RowRemark(
        "published",
        say("发布日期在今天之后"),
        say("核对日期；今天是 {today}", today=surroundings.today),
    )


def _address_of_source(row: ActualRow, _: Surroundings) -> RowRemark | None:
    if (row.source_url or "").startswith(("https://", "http://")):
        return None
    return RowRemark("source_url", say("不是网址"), say("以 https:// 或 http:// 开头，没有可留空"))


# ---------------------------------------------------------------- the table

# fmt: off
ROW_RULES: dict[SheetKind, tuple[RowRule, ...]] = {
    SheetKind.bank_list: (_not_after_today("paid_on", say("付款日期在今天之后")),),
    SheetKind.enterprises: (
        _not_before("registered_on", "joined_on", say("入会日期早于注册日期")),
        _not_before("joined_on", "left_on", say("退会日期早于入会日期")),
        _not_after_today("registered_on", say("注册日期在今天之后")),
        _not_after_today("certified_on", say("发证日期在今天之后")),
        _certificate_without_number,
        _certificate_without_day,
    ),
    SheetKind.agencies: (
        _not_before("registered_on", "joined_on", say("入会日期早于注册日期")),
        _not_before("suspended_from", "suspended_to", say("暂停止早于暂停起")),
        _not_before("joined_on", "removed_on", say("退出日期早于入会日期")),
        _suspension_without_start,
    ),
    SheetKind.agreements: (
        _not_after_today("signed_on", say("签订日期在今天之后")),
        _not_after_today("filing_confirmed_on", say("备案确认日期在今天之后")),
        _not_before("signed_on", "filing_confirmed_on", say("备案确认日期早于签订日期")),
        _both_or_neither("advance_fen", "advanced_on", say("垫付金额和垫付日期须同时填写"), say("补上另一项，或都留空")),
        _where_read(_same_party, "enterprise_uscc", "agency_uscc"),
        _no_advance,
        _fee_up_front,
        _confirmed_without_number,
    ),
    SheetKind.claims: (
        _not_after_today("obtained_on", say("成果日期在今天之后")),
        _not_after_today("filed_on", say("申报日期在今天之后")),
        _not_after_today("confirmed_on", say("企业确认日期在今天之后")),
        _where_read(_future_month, "filed_month"),
        _where_read(_nothing_asked, "asked_fen"),
        _where_read(_number_of_result, "result_kind_code", "result_printed"),
        _both_or_neither("invoice_number", "invoice_fen", say("发票号码和发票金额须同时填写"), say("补上另一项，或都留空")),
        _answer_without_day,
    ),
    SheetKind.policy_rules: (
        _not_before("valid_from", "valid_to", say("失效日期早于生效日期")),
        _where_read(_faulty_standard, "kind", "purpose"),
        _standard_without_source,
    ),
    SheetKind.budget_lines: (_where_read(_no_ceiling, "ceiling_fen"),),
    SheetKind.ties: (
        _not_before("from_on", "to_on", say("止早于起")),
        _where_read(_name_of_account, "username"),
    ),
    SheetKind.actuals: (
        _not_before("period_start", "as_of", say("截至日期早于期间起")),
        _where_read(_future_figure, "as_of", "kind"),
        _where_read(_published_to_come, "published"),
        _where_read(_address_of_source, "source_url"),
        _both_or_neither("replaces_id", "reason", say("替代编号和替代理由须同时填写"), say("补上另一项，或都留空")),
    ),
}
# fmt: on
