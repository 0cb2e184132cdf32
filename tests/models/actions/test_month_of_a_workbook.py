"""A month of somebody else's workbook, whole: corrected, imported with its papers, pre-reviewed, sent,
and taken away as the official table."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx import Document
from openpyxl import load_workbook

from components.month_document import month_docx, month_xlsx
from models.actions.course import locked_claim
from models.actions.imports import Upload, commit_import, plan_import
from models.actions.imports_evidence import commit_evidence
from models.actions.months import MonthSent, send_month
from models.actions.steps import seen_now, take_step
from models.database import session
from models.queries.month_sending import sheet_seen
from models.queries.verification import verify
from models.rules.claim_workflow import Action, State
from models.rules.money import capitals
from tests.models.actions.test_imports_made_elsewhere import sound_rows, with_faults
from tests.models.exchange.workbooks import Rows, claim, workbook
from tests.world import PDF, World

MONTH = "2026-11"
CLAIMS = 60
PAPERS = ("M01", "M02", "M03", "M04")


def rows_of_the_month() -> Rows:
    """The two thousand rows, of which sixty claims are of the month; each shows its invoice."""
    rows = sound_rows()
    rows["补贴申请"] = [claim_of(number) for number in range(1, CLAIMS + 1)]
    return rows


def claim_of(number: int) -> list[Any]:
    """A claim with its invoice, to be paid to the agency of its agreement."""
    agency = number % 40 + 1
    own = {
        "收款户名": f"大连测试机构{agency}有限公司",
        "收款账号": f"62220303{agency:08d}",
        "发票号码": f"2026{number:08d}",
        "发票金额(元)": 50000,
    }
    return claim(number, **own)


def papers(numbers: range) -> bytes:
    """A zip with every paper of these claims, one file each."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in numbers:
            for kind in PAPERS:
                content = PDF + f"{number}{kind}".encode()
                archive.writestr(f"T-2026-{number:04d}/{kind}-材料.pdf", content)
    return target.getvalue()


def decide(world: World, number: str, action: Action, **said: Any) -> State:
    """The reviewer, who imported none of it, decides one claim on what is true now."""
    reviewer = world.people["reviewer"]
    with world.session() as current:
        seen = seen_now(current, reviewer, locked_claim(current, number))
        return take_step(current, reviewer, number, action, seen, **said).state


def sent(world: World) -> MonthSent:
    """The lead sends what she has on screen."""
    with world.session() as current:
        seen = sheet_seen(current, world.people["lead"], MONTH)
        return send_month(current, world.people["lead"], MONTH, seen)


def test_a_month_from_somebody_elses_workbook_to_the_official_table(world: World) -> None:
    faulty = rows_of_the_month() | {"补贴申请": sound_rows()["补贴申请"]}
    with_faults(faulty)
    importer = world.people["importer"]
    with world.session() as current:
        assert plan_import(current, importer, Upload("原件.xlsx", workbook(faulty))).errors
    rows = rows_of_the_month()
    with world.session() as current:
        commit_import(current, importer, Upload("改正后.xlsx", workbook(rows)))
    complete = range(1, CLAIMS - 9)
    with world.session() as current:
        plan = commit_evidence(current, importer, Upload("材料.zip", papers(complete)))
    assert plan.new == len(complete) * len(PAPERS)

    passed, returned = [], []
    for line in rows["补贴申请"]:
        number = line[0]
        found = {f.code: f.verdict for f in world.card("reviewer", number).findings}
        if found["F05"] == "met":
            passed.append(number)
            assert (
                decide(world, number, Action.pass_pre_review, note="已核对") is State.pre_reviewed
            )
        else:
            returned.append(number)
            reasons = ("R01",)
            assert (
                decide(world, number, Action.return_pre_review, reasons=reasons) is State.returned
            )
    assert (len(passed), len(returned)) == (len(complete), 10)

    month = sent(world)
    assert (month.rows, month.total_fen) == (len(passed), len(passed) * 5_000_000)
    assert [result.number for result in month.results if result.is_done] == passed
    with session(world.engine) as current:
        lead = world.people["lead"]
        book = load_workbook(io.BytesIO(month_xlsx(current, lead, MONTH)))
        document = Document(io.BytesIO(month_docx(current, lead, MONTH)))
        assert verify(current).first_broken is None
    cells = {str(cell.value) for sheet in book for row in sheet for cell in row if cell.value}
    printed = "\n".join(
        [paragraph.text for paragraph in document.paragraphs]
        + [part.text for section in document.sections for part in section.footer.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    filings = [f"BA-T-{number:04d}" for number in complete]
    for name in (*filings, *returned):
        assert any(name in cell for cell in cells), name
        assert name in printed
    for whole in (capitals(month.total_fen), month.chain_head[:12]):
        assert any(whole in cell for cell in cells)
        assert whole in printed
