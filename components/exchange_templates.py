"""What the exchange page offers beside the upload: the template, the register to take away, and the
past imports.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from sqlmodel import Session

from components import formats
from components.downloads import XLSX, offer_file
from components.exchange_upload import SHEET_TITLES
from components.language import _, words
from components.plain_table import plain_table
from models.actions.imports_lookup import references
from models.clock import today
from models.exchange.sheets import SHEET_OF, SHEETS, SheetKind
from models.exchange.template import template_workbook
from models.queries.imports import PastImport, require_sight_of_exchange
from models.queries.settings import is_demonstration
from models.rules.roles import Actor


def draw_template_download() -> None:
    """The template, made when clicked."""
    offer_file(
        _("下载导入模板"), f"{_('导入模板')}.xlsx", _template, kind=XLSX, key="download_template"
    )
    st.markdown(
        formats.small_grey(
            _("一份工作簿，八张工作表，用到哪张填哪张；含填写说明、示例和下拉选项。每张也可以另存为 CSV 单独导入。材料打包为 zip：申请编号/材料代码-名称.pdf。")
        )
    )  # fmt: skip


def draw_template_of(kind: SheetKind, label: str) -> None:
    """The template of one sheet alone.

    Args:
        kind: which sheet.
        label: the button's words.
    """
    name = f"{_('导入模板')}-{words(SHEET_TITLES[kind])}.xlsx"
    offer_file(label, name, partial(_template, kind=kind), kind=XLSX, key="download_template")
    said = _("带星号的列必填；填写说明和可选的名称在模板的“说明”页。{note}。").format(
        note=words(SHEET_OF[kind].note)
    )
    st.markdown(formats.small_grey(formats.plain(said)))


def draw_past_imports(past: Sequence[PastImport]) -> None:
    """The last imports: when, who, which file, what came of it."""
    st.subheader(_("最近导入"), anchor=False)
    if not past:
        st.markdown(formats.small_grey(_("还没有导入过。导入后在这里列出。")))
        return
    plain_table(
        {
            _("时间"): [formats.instant(one.at_utc, beside=today()) for one in past],
            _("办理人"): [formats.plain(one.account) for one in past],
            _("文件"): [formats.plain(one.file_name) for one in past],
            _("结果"): [_came_of(one) for one in past],
        },
    )


def _came_of(one: PastImport) -> str:
    parts = []
    for kind, counts in one.counts.items():
        if changed := counts["new"] + counts["contact_updated"]:
            parts.append(f"{words(SHEET_TITLES[SheetKind(kind)])} {formats.count(changed)}")
    return _("、").join(parts) or formats.NOTHING


def _template(current: Session, actor: Actor, *, kind: SheetKind | None = None) -> bytes:
    require_sight_of_exchange(actor)
    lists = references(current).lists
    sheets = SHEETS if kind is None else (SHEET_OF[kind],)
    return template_workbook(lists, is_demonstration=is_demonstration(current), sheets=sheets)
