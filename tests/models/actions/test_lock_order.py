"""One order of locking for everybody: whoever meets over the same rows is served one after the
other, and nobody waits in a ring."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from models.actions.agencies import suspend_agency
from models.actions.claims import file_claim
from models.actions.evidence import add_evidence
from models.actions.imports import Upload, commit_import
from models.actions.imports_confirming import confirm_drafts
from models.actions.imports_evidence import commit_evidence
from models.actions.members import add_enterprise, edit_enterprise
from models.database import session
from models.rules.errors import AlreadyDone, NotAvailable, Refusal
from models.rules.membership import EnterpriseEntry
from models.tables.money import BudgetLine
from models.tables.organisations import Enterprise
from tests.models.exchange.workbooks import (
    AGENCY,
    ENTERPRISE,
    Rows,
    agency,
    agreement,
    claim,
    code,
    enterprise,
    workbook,
)
from tests.rivals import crossed
from tests.town import Town
from tests.world import PDF, TODAY

Doing = Callable[[], Any]
NEW = EnterpriseEntry(uscc=code(8), name="大连测试8有限公司", joined_on=date(2024, 3, 1))


def act(town: Town, who: str, verb: Callable[..., Any], *args: Any, **given: Any) -> Any:
    """Somebody does something in one transaction; what it gave, or `True`."""
    with town.session() as current:
        done = verb(current, town.people[who], *args, **given)
    return True if done is None else done


def bring(town: Town, sheets: Rows, who: str = "importer") -> Doing:
    """A workbook ready to be imported."""
    upload = Upload("名单.xlsx", workbook(sheets))
    return partial(act, town, who, commit_import, upload)


# ---------------------------------------------------------------- who meets whom


def edited_and_imported(town: Town) -> tuple[Doing, Doing]:
    """A member is edited while a file brings its new telephone number."""
    with session(town.engine) as current:
        kept = current.execute(select(Enterprise).where(Enterprise.uscc == ENTERPRISE)).scalar_one()
    names = set(EnterpriseEntry.__slots__) - {"payee_account"}
    entry = EnterpriseEntry(**{name: getattr(kept, name) for name in names})
    edited = replace(entry, contact_name="王五")
    edit = partial(act, town, "reviewer", edit_enterprise, ENTERPRISE, edited, 1)
    return edit, bring(town, {"企业会员": [enterprise(联系电话="0411-84790009")]})


def suspended_and_claimed(town: Town) -> tuple[Doing, Doing]:
    """An agency is suspended while a file brings two claims under its agreement."""
    suspend = partial(act, town, "lead", suspend_agency, AGENCY, TODAY, None, "核查")
    return suspend, bring(town, {"补贴申请": [claim(1), claim(2, 协议编号="XY-T-0001")]})


def claimed_twice(town: Town) -> tuple[Doing, Doing]:
    """A result is claimed while a file claims it as well, after another one."""
    draft = replace(town.draft(), result_printed="GR202621000002")
    file = partial(act, town, "importer", file_claim, draft, on_behalf=True)
    return file, bring(town, {"补贴申请": [claim(1), claim(2, 协议编号="XY-T-0001")]})


def papers_twice(town: Town) -> tuple[Doing, Doing]:
    """A paper is added to a claim while a zip brings papers for it and for another."""
    one, two = town.file(papers=()), town.file(papers=())
    add = partial(act, town, "importer", add_evidence, two, "M01", "a.pdf", PDF, on_behalf=True)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in (one, two):
            archive.writestr(f"{number}/M02-b.pdf", PDF + number.encode())
    return add, partial(
        act, town, "importer", commit_evidence, Upload("材料.zip", target.getvalue())
    )


def confirmed_crosswise(town: Town) -> tuple[Doing, Doing]:
    """Two leads confirm the same two drafts, one from the top, one from the bottom."""
    bring(town, {"预算额度": [[2027, "T01", 1_000_000], [2027, "T02", 1_000_000]]})()
    with session(town.engine) as current:
        lines = current.execute(select(BudgetLine.id).where(BudgetLine.year == 2027)).scalars()
        drafts = [("budget_line", line_id) for line_id in lines]
    return (
        partial(act, town, "lead", confirm_drafts, drafts),
        partial(act, town, "lead2", confirm_drafts, drafts[::-1]),
    )


def imported_twice(town: Town) -> tuple[Doing, Doing]:
    """Two bring the same file."""
    sheets: Rows = {"企业会员": [enterprise(7)], "补贴申请": [claim(1)]}
    return bring(town, sheets), bring(town, sheets, "reviewer")


def added_and_imported(town: Town) -> tuple[Doing, Doing]:
    """A member is added while a file brings the same one."""
    add = partial(act, town, "reviewer", add_enterprise, NEW)
    return add, bring(town, {"企业会员": [enterprise(7), enterprise(8)]})


def imported_and_added(town: Town) -> tuple[Doing, Doing]:
    """A file brings a member while it is being added."""
    return added_and_imported(town)[::-1]


@dataclass(frozen=True)
class Meeting:
    """Two who meet, and what the second is told, if anything."""

    of: Callable[[Town], tuple[Doing, Doing]]
    told: type[Refusal] | None = None


# fmt: off
MEETINGS = (
    Meeting(edited_and_imported),
    Meeting(suspended_and_claimed),
    Meeting(claimed_twice),
    Meeting(papers_twice),
    Meeting(confirmed_crosswise, AlreadyDone),
    Meeting(imported_twice),
    Meeting(added_and_imported,  NotAvailable),
    Meeting(imported_and_added,  AlreadyDone),
)
# fmt: on


@pytest.mark.parametrize("meeting", MEETINGS, ids=lambda meeting: meeting.of.__name__)
def test_both_finish_one_after_the_other(postgres_only: Town, meeting: Meeting) -> None:
    town = postgres_only
    bring(town, {"企业会员": [enterprise()], "服务机构": [agency()], "合作对子": [agreement()]})()
    first, second = crossed(town.engine, *meeting.of(town))
    assert not isinstance(first, Exception), first
    if meeting.told is None:
        assert not isinstance(second, Exception), second
    else:
        assert isinstance(second, meeting.told), second
    assert town.is_sound()
