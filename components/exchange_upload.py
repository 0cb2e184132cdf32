"""Bringing a file in: the upload, its dry run, what would become of it, and the one button that
imports it.

The dry run is kept for the session under the file's own id, so that turning a page of problems
costs nothing. The import itself draws nothing while it runs: whoever leaves the page meanwhile
finds it among the past imports, because a script that does not draw is not stopped half-way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import streamlit as st

from components import formats
from components.attempt import Outcome, attempt, keep
from components.exchange_problems import forget_page
from components.figures import draw_figures
from components.language import _, words
from models.actions.imports import ImportPlan, ImportResult, SheetCount, Upload, commit_import
from models.actions.imports import plan_import as plan_workbook
from models.actions.imports_evidence import EvidencePlan, commit_evidence, plan_evidence
from models.database import session
from models.exchange.sheets import SheetKind
from models.rules.roles import Actor
from models.rules.wording import Wording, say

FILE_TYPES = ("xlsx", "csv", "zip")
LARGEST_UPLOAD_MB = 200
_PLAN, _TURN = "exchange_plan", "exchange_turn"

Plan: TypeAlias = ImportPlan | EvidencePlan

SHEET_TITLES = {
    SheetKind.enterprises: say("企业会员"),
    SheetKind.agencies: say("服务机构"),
    SheetKind.agreements: say("合作对子"),
    SheetKind.claims: say("补贴申请"),
    SheetKind.policy_rules: say("补贴标准"),
    SheetKind.budget_lines: say("预算额度"),
    SheetKind.ties: say("回避关系"),
    SheetKind.actuals: say("实绩"),
}


def upload_box(title: str = "", types: Sequence[str] = FILE_TYPES) -> Upload | None:
    """The place to drop a workbook, a CSV file or a zip of papers.

    Args:
        title: what it asks for; any of the three when left out.
        types: the endings it takes.

    Returns:
        The file, or `None` while there is none.
    """
    turn = st.session_state.get(_TURN, 0)
    file = st.file_uploader(
        title or _("选择或拖入工作簿（.xlsx）、单张工作表（.csv）或材料压缩包（.zip）"),
        type=types,
        key=f"exchange_file_{turn}",
        max_upload_size=LARGEST_UPLOAD_MB,
        on_change=forget_page,
    )
    if file is None:
        st.markdown(
            formats.small_grey(
                _("上传后先试运行：逐格检查，列出全部问题，不写入任何数据；没有错误才能导入。")
            )
        )
        return None
    return Upload(file.name, file.getvalue())


def dry_run(actor: Actor, upload: Upload) -> Plan:
    """The dry run of the file, made once and kept while the file lies there."""
    kept: tuple[str, Plan] | None = st.session_state.get(_PLAN)
    if kept is not None and kept[0] == upload.sha256:
        return kept[1]
    is_zip = upload.name.lower().endswith(".zip")
    make: Callable[..., Plan] = plan_evidence if is_zip else plan_workbook
    with st.spinner(_("正在逐格检查…")), session() as current:
        plan = make(current, actor, upload)
    st.session_state[_PLAN] = (upload.sha256, plan)
    return plan


def draw_counts(plan: Plan) -> None:
    """What would become of each sheet's rows; nothing for a zip or a file that cannot be read."""
    if isinstance(plan, EvidencePlan) or not plan.counts:
        return
    heads = (
        _("工作表"), _("数据行"), _("新增"), _("更新联系方式"), _("不变"), _("有错误"),
    )  # fmt: skip
    rows = [
        (
            words(SHEET_TITLES[count.kind]),
            *map(
                formats.count,
                (count.rows, count.new, count.contact_updated, count.unchanged, count.faulty),
            ),
        )
        for count in plan.counts
    ]
    draw_figures(heads, rows)


def draw_outcome(upload: Upload, plan: Plan) -> None:
    """The outcome in a line, with the button that imports the file."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(_headline(plan), width="stretch")
        if not plan.errors and _changes(plan):
            _draw_commit(upload, plan)


# ---------------------------------------------------------------- what would become of it


def _headline(plan: Plan) -> str:
    """Errors and warnings as badges, then what they mean."""
    badges = []
    if plan.errors:
        said = _("{count} 处错误").format(count=formats.count(plan.errors))
        badges.append(f":red-badge[:material/close: {said}]")
    if warnings := len(plan.problems) - plan.errors:
        said = _("{count} 处提醒").format(count=formats.count(warnings))
        badges.append(f":orange-badge[:material/warning: {said}]")
    return " ".join((*badges, formats.plain(words(_outlook(plan)))))


def _outlook(plan: Plan) -> Wording:
    if plan.errors:
        return say("改正错误后重新上传；没有写入任何数据。")
    if not _changes(plan):
        return say("文件中的内容系统里都已有，导入不会改变任何数据。")
    if isinstance(plan, EvidencePlan):
        return say(
            "没有错误：可导入 {new} 份材料（{claims} 件申请），{same} 份已有",
            new=plan.new, claims=plan.claims, same=plan.unchanged,
        )  # fmt: skip
    return say(
        "没有错误：可新增 {new} 行、更新联系方式 {updated} 行，{same} 行不变",
        new=_total(plan.counts, "new"),
        updated=_total(plan.counts, "contact_updated"),
        same=_total(plan.counts, "unchanged"),
    )


# ---------------------------------------------------------------- importing it


def _draw_commit(upload: Upload, plan: Plan) -> None:
    st.markdown(formats.small_grey(words(_consequence(plan))), width="content")
    if st.button(_commit_label(plan), key="exchange_commit", type="primary"):
        with st.spinner(_("正在导入，请稍候；离开本页也会继续完成")):
            outcome = _commit(upload, plan)
        if outcome.is_done:
            _start_over()
            keep(outcome)
            st.rerun()


def _commit(upload: Upload, plan: Plan) -> Outcome:
    if isinstance(plan, EvidencePlan):
        return attempt(commit_evidence, upload, done=_papers_done)
    return attempt(commit_import, upload, plan.digest, done=_rows_done)


def _commit_label(plan: Plan) -> str:
    unit = _("导入 {count} 份材料") if isinstance(plan, EvidencePlan) else _("导入 {count} 行")
    return unit.format(count=formats.count(_changes(plan)))


def _consequence(plan: Plan) -> Wording:
    if isinstance(plan, ImportPlan) and any(
        count.new for count in plan.counts if count.kind is SheetKind.claims
    ):
        return say("整份导入或完全不导入。您将作为代机构提交人，不能再初审其中的申请。")
    if isinstance(plan, ImportPlan) and any(
        count.new for count in plan.counts if count.kind is SheetKind.actuals
    ):
        return say("整份导入或完全不导入。导入的实绩待另一人确认，确认后才计入判定。")
    return say("整份导入或完全不导入。")


def _rows_done(result: ImportResult) -> Wording:
    return say(
        "已导入：新增 {new} 行，更新联系方式 {updated} 行，{same} 行不变",
        new=_total(result.counts, "new"),
        updated=_total(result.counts, "contact_updated"),
        same=_total(result.counts, "unchanged"),
    )


def _papers_done(plan: EvidencePlan) -> Wording:
    return say("已导入 {new} 份材料，{same} 份已有", new=plan.new, same=plan.unchanged)


def _start_over() -> None:
    """Forget the file: it is imported."""
    st.session_state.pop(_PLAN, None)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _changes(plan: Plan) -> int:
    return plan.new if isinstance(plan, EvidencePlan) else plan.changes


def _total(counts: Sequence[SheetCount], figure: str) -> int:
    figures: list[Any] = [getattr(count, figure) for count in counts]
    return sum(figures)
