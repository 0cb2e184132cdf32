"""A month's public notice (公示) as whoever prints it needs it: title, period, where to object,
lines.

It is posted for everybody to read: no bank account, no telephone, no name of a person. Money is in
fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.rules.money import yuan
from models.rules.months import YearMonth


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One claim of the notice.

    Attributes:
        reward_fen: what the enterprise is to be rewarded with; `None` where nothing is due.
        from_on, until_on: how long it stands in the notice; `None` where no notice is asked for.
    """

    number: str
    enterprise: str
    agency: str
    service: str
    result_kind: str
    result: str
    subsidy_fen: int
    reward_fen: int | None
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class NoticeTable:
    """A month's notice as it is printed.

    Attributes:
        unit: who publishes it.
        address: where an objection is handed in.
        working_days: how long each line stands in it.
        as_of: the day of printing.
        is_demonstration: every page is marked 演示数据.
    """

    place: str
    unit: str
    month: YearMonth
    lines: tuple[NoticeLine, ...]
    address: str
    working_days: int
    as_of: date
    is_demonstration: bool = False

    @property
    def title(self) -> str:
        """What stands above everything."""
        return (
            f"{self.place}科技创新服务补贴拟支付项目公示（{self.month.year}年{self.month.month}月）"
        )

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What the notice says above its table; a notice without a line says so in it."""
        if not self.lines:
            return ()
        month = f"{self.month.year}年{self.month.month}月"
        subsidy = yuan(sum(line.subsidy_fen for line in self.lines))
        reward = yuan(sum(line.reward_fen or 0 for line in self.lines))
        announced = (
            f"{month}统一申请中，下列 {len(self.lines)} 件补贴申请已经审批通过，拟支付服务机构补贴合计"
            f" {subsidy} 元、企业奖励合计 {reward} 元，现予公示。{self._period}"
        )
        objecting = (
            f"公示期内如有异议，请以书面形式向{self.address}提出：个人须署真实姓名，单位须加盖公章，"
            "并附证明材料；匿名或没有证据的不予受理。有异议待答复的，不予支付。"
        )
        return announced, objecting

    @property
    def _period(self) -> str:
        days = [
            (line.from_on, line.until_on) for line in self.lines if line.from_on and line.until_on
        ]
        if not days:
            return ""
        first, last = min(day for day, _ in days), max(day for _, day in days)
        return (
            f"公示期自审批通过之日起 {self.working_days} 个工作日，各件起止见表"
            f"（最早 {_in_words(first)}，最晚 {_in_words(last)}）。"
        )

    @property
    def foot(self) -> tuple[str, str]:
        """Who publishes it, and when."""
        return self.unit, _in_words(self.as_of)

    @property
    def mark(self) -> str:
        """What every page says besides."""
        return "演示数据 · 非真实业务" if self.is_demonstration else ""


NOTHING = "本月没有审批通过、拟支付的补贴申请"
"""What the table says where there is no line."""
HEADS = (
    "序号", "申请编号", "单位名称", "服务机构", "服务类别", "成果类型", "成果编号", "补贴金额(元)",
    "企业奖励(元)", "公示起", "公示止",
)  # fmt: skip
MONEY = frozenset({7, 8})
DAYS = frozenset({9, 10})
"""Which columns are money, and which are days."""


def notice_cells(position: int, line: NoticeLine) -> tuple[str | int | date | None, ...]:
    """The cells of a line in the order of `HEADS`; money in fen."""
    return (
        position, line.number, line.enterprise, line.agency, line.service, line.result_kind,
        line.result, line.subsidy_fen, line.reward_fen, line.from_on, line.until_on,
    )  # fmt: skip


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
