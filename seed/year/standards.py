"""Example standards (示例标准) and budget lines: invented amounts, in force in the demonstration only.

No document prints what the zone of `dalian-hightech` pays; its 五.3 keeps "existing policies". These
amounts are of a believable order and marked as examples wherever they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.rules.entitlement import Payee, Purpose, StandardKind

DOCUMENT = "示例标准"
ALLIANCE_ACCOUNT = "9900999999999999"
ALLIANCE_NAME = "高新技术企业创新联盟（示例）"


@dataclass(frozen=True, slots=True)
class Example:
    """One example standard: amounts in yuan, caps in yuan a year."""

    key: str
    title: str
    title_en: str
    service: str
    result_kind: str | None
    kind: StandardKind
    amount: int
    line: str | None
    purpose: Purpose = Purpose.subsidy
    payee: Payee = Payee.agency
    agency_cap: int | None = None
    enterprise_cap: int | None = None
    hundredths: int | None = None
    unit: str | None = None
    ends_months_before: int | None = None

    @property
    def parameters(self) -> dict[str, int | str]:
        """As a standard of its kind stores them, in fen."""
        match self.kind:
            case StandardKind.up_to:
                return {"ceiling_fen": self.amount * 100}
            case StandardKind.percent:
                return {
                    "percent_hundredths": self.hundredths or 0,
                    "ceiling_fen": self.amount * 100,
                }
            case StandardKind.per_unit:
                return {"amount_fen": self.amount * 100, "unit": self.unit or ""}
        return {"amount_fen": self.amount * 100}


_FLAT, _REWARD, _ENTERPRISE = StandardKind.flat, Purpose.reward, Payee.enterprise
_HNTE, _IP, _SERVICE, _TRANSFER = "高企培育", "知识产权", "科技服务", "技术转移"
_ADVANTAGE, _DEMONSTRATION = "优势企业专项", "示范企业专项"

# fmt: off
EXAMPLES: tuple[Example, ...] = (
    Example("S-01", "高企认定（首次）补贴", "High-tech certification, first: subsidy", "hnte_first", None, _FLAT, 50_000, _HNTE, agency_cap=800_000, enterprise_cap=100_000),
    Example("S-02", "高企认定（首次）奖励", "High-tech certification, first: reward", "hnte_first", None, _FLAT, 20_000, _HNTE, _REWARD, _ENTERPRISE),
    Example("S-03", "高企认定（重新）补贴", "High-tech certification, renewal: subsidy", "hnte_renewal", None, _FLAT, 30_000, _HNTE),
    Example("S-04", "高企认定（重新）奖励", "High-tech certification, renewal: reward", "hnte_renewal", None, _FLAT, 10_000, _HNTE, _REWARD, _ENTERPRISE),
    Example("S-05", "科技型中小企业入库补贴", "Technology SME registration: subsidy", "sme_registration", None, _FLAT, 3_000, _HNTE),
    Example("S-06", "研发费用归集补贴", "R&D accounts: subsidy", "rd_accounting", None, _FLAT, 15_000, _HNTE),
    Example("S-07", "发明专利申请补贴", "Invention patent application: subsidy", "invention_patent", "invention_application", _FLAT, 2_000, _IP),
    Example("S-08", "发明专利授权补贴", "Invention patent grant: subsidy", "invention_patent", "invention_grant", _FLAT, 8_000, _IP),
    Example("S-09", "发明专利授权奖励", "Invention patent grant: reward", "invention_patent", "invention_grant", _FLAT, 2_000, _IP, _REWARD, _ENTERPRISE),
    Example("S-10", "实用新型授权补贴", "Utility model: subsidy", "utility_model", None, _FLAT, 2_400, _IP),
    Example("S-11", "外观设计授权补贴", "Design patent: subsidy", "design_patent", None, _FLAT, 1_500, _IP, ends_months_before=5),
    Example("S-12", "软件著作权登记补贴", "Software copyright: subsidy", "software_copyright", None, _FLAT, 1_000, _IP, enterprise_cap=5_000),
    Example("S-13", "知识产权贯标补贴", "IP management standard: subsidy", "ip_standard", None, _FLAT, 30_000, _IP),
    Example("S-14", "优势企业补贴", "IP advantage enterprise: subsidy", "ip_advantage", None, _FLAT, 40_000, _ADVANTAGE),
    Example("S-15", "优势企业奖励", "IP advantage enterprise: reward", "ip_advantage", None, _FLAT, 20_000, _ADVANTAGE, _REWARD, _ENTERPRISE),
    Example("S-16", "示范企业补贴", "IP demonstration enterprise: subsidy", "ip_demonstration", None, StandardKind.up_to, 80_000, _DEMONSTRATION),
    Example("S-17", "科技查新补贴", "Novelty search: subsidy", "novelty_search", None, StandardKind.per_unit, 1_500, _SERVICE, payee=Payee.alliance, unit="份"),
    Example("S-18", "知识产权评议补贴", "IP review: subsidy", "ip_review", None, _FLAT, 20_000, None),
    Example("S-19", "技术合同登记补贴", "Registered technology contract: subsidy", "tech_transfer", None, StandardKind.percent, 50_000, _TRANSFER, hundredths=150),
)

LINES: tuple[tuple[str, str, str], ...] = (
    (_HNTE,          "高新技术企业培育专项", "High-tech enterprise cultivation"),
    (_IP,            "知识产权创造专项",     "Intellectual property"),
    (_ADVANTAGE,     "知识产权优势企业专项", "IP advantage enterprises"),
    (_DEMONSTRATION, "知识产权示范企业专项", "IP demonstration enterprises"),
    (_SERVICE,       "科技服务专项",         "Technology services"),
    (_TRANSFER,      "技术转移专项",         "Technology transfer"),
)
# fmt: on


def subsidy_for(service: str, result_kind: str) -> Example | None:
    """The example standard that pays the agency for a result."""
    return _matching(Purpose.subsidy, service, result_kind)


def reward_for(service: str, result_kind: str) -> Example | None:
    """The example standard that rewards the enterprise afterwards."""
    return _matching(Purpose.reward, service, result_kind)


def _matching(purpose: Purpose, service: str, result_kind: str) -> Example | None:
    return next(
        (
            example
            for example in EXAMPLES
            if example.purpose is purpose
            and example.service == service
            and example.result_kind in (None, result_kind)
        ),
        None,
    )


def validity(example: Example, version: int, until: date) -> tuple[date, date | None]:
    """Version 1 holds to the end of last year, version 2 since; one standard has ended
    altogether."""
    if version == 1:
        return date(until.year - 2, 1, 1), date(until.year - 1, 12, 31)
    if example.ends_months_before is None:
        return date(until.year, 1, 1), None
    months = until.year * 12 + until.month - 1 - example.ends_months_before
    return date(until.year, 1, 1), max(
        date(months // 12, months % 12 + 1, 1), date(until.year, 1, 1)
    )
