"""The site map: every screen once, with its address, title, place in the menu and permission."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.rules.roles import Permission
from models.rules.wording import Wording, say

_PAGES = Path(__file__).resolve().parent.parent / "pages"

DAILY = Wording("")  # no heading: these pages stand flat
REGISTERS = say("名录")
RATINGS = say("考评|栏目")
TARGETS = say("目标|栏目")
RECORDS = say("依据与记录")


@dataclass(frozen=True, slots=True)
class Page:
    """One screen.

    Attributes:
        file: its script in `pages/`.
        address: its path in the browser, fixed for ever; `/` is the start page.
        title: its name in the menu and the browser's tab.
        section: the menu it stands in; `DAILY` stands flat.
        permission: what opens it.
        is_listed: whether the menu shows it (a claim is opened from the queue).
        is_bare: it fills the screen: no menu above it.
    """

    file: str
    address: str
    title: Wording
    section: Wording
    permission: Permission
    is_listed: bool = True
    is_bare: bool = False

    @property
    def script(self) -> Path:
        """The absolute path of its script."""
        return _PAGES / self.file

    @property
    def url_path(self) -> str:
        """Its address as Streamlit wants it: no slash, and a name even for the start page."""
        return self.address.strip("/") or "overview"


# fmt: off
SITE: tuple[Page, ...] = (
    Page("overview.py", "/",         say("总览"),         DAILY,     Permission.see_overview),
    Page("inbox.py",    "/inbox",    say("消息"),         DAILY,     Permission.see_inbox, is_listed=False),
    Page("claims.py",   "/claims",   say("补贴申请|列表"), DAILY,     Permission.see_claims),
    Page("claim.py",    "/claim",    say("申请办理"),     DAILY,     Permission.see_claims, is_listed=False),
    Page("month.py",    "/month",    say("月度统一申请"), DAILY,     Permission.see_month),
    Page("my_rating.py", "/my-rating", say("我的考评"),    DAILY,     Permission.see_own_rating),
    Page("payments.py", "/payments", say("拨付"),         DAILY,     Permission.see_payments),
    Page("members.py",  "/members",  say("会员企业"),     REGISTERS, Permission.see_members),
    Page("agencies.py", "/agencies", say("服务机构|名录"), REGISTERS, Permission.see_agencies),
    Page("admissions.py", "/admissions", say("入会审查"), REGISTERS, Permission.see_admissions),
    Page("agreements.py", "/agreements", say("合作对子"), REGISTERS, Permission.see_agreements),
    Page("needs.py",    "/needs",    say("对接需求"),     REGISTERS, Permission.see_needs),
    Page("ratings.py",  "/ratings",  say("服务质量考评"), RATINGS,   Permission.see_ratings),
    Page("complaints.py", "/complaints", say("投诉"),     RATINGS,   Permission.see_complaints),
    Page("trainings.py", "/trainings", say("业务培训"),   RATINGS,   Permission.see_trainings),
    Page("targets.py",  "/targets",  say("城市目标"),     TARGETS,   Permission.see_targets),
    Page("meeting.py",  "/meeting",  say("会议模式"),     TARGETS,   Permission.see_meeting, is_bare=True),
    Page("actuals.py",  "/actuals",  say("实绩填报"),     TARGETS,   Permission.see_actuals),
    Page("tasks.py",    "/tasks",    say("任务台账"),     TARGETS,   Permission.see_tasks),
    Page("policies.py", "/policies", say("补贴标准|栏目"), RECORDS,   Permission.see_policies),
    Page("exchange.py", "/exchange", say("导入导出"),     RECORDS,   Permission.see_exchange),
    Page("letters.py",  "/letters",  say("函件模板"),     RECORDS,   Permission.see_letters),
    Page("activity.py", "/activity", say("操作记录"),     RECORDS,   Permission.see_activity),
    Page("accounts.py", "/accounts", say("账号"),         RECORDS,   Permission.see_accounts),
)
# fmt: on


def page_at(address: str) -> Page:
    """The page of an address: `page_at("/claims")`.

    Raises:
        KeyError: no page has that address.
    """
    return {page.address: page for page in SITE}[address]
