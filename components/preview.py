"""Looking at a paper without downloading it: PDF pages are drawn here, on the server, as
pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from components import formats
from components.auth import session_token
from components.cache import page_picture, paper_picture
from components.language import _
from models.actions.evidence import evidence_path
from models.clock import today
from models.database import session
from models.queries.evidence import viewable_evidence
from models.queries.sign_in import signed_in


@st.dialog(" ", width="large")
def preview_dialog(
    evidence_id: int | None, file_name: str, viewable: Callable[..., Any] = viewable_evidence
) -> None:
    """A paper in a large dialog, a page at a time; asked again whether this person may see it.

    Args:
        evidence_id: the paper.
        file_name: as it is called.
        viewable: the query that gives the paper to who may see it.
    """
    st.subheader(formats.plain(file_name), anchor=False)
    with session() as current:
        visitor = signed_in(current, session_token(), today())
        paper = visitor and viewable(current, visitor.actor, evidence_id or 0)
    if not paper:
        st.markdown(_("这份材料不在您的可见范围内。"))
        return
    path = evidence_path(paper.sha256)
    if not path.exists():
        st.markdown(_("材料的文件不在存放处，请联系系统管理员核验备份。"))
        return
    if paper.media_type == "application/pdf":
        _draw_pdf(paper.sha256, evidence_id or 0)
    else:
        _draw(paper_picture(paper.sha256), _("这张图片无法显示：已损坏或尺寸过大，请下载后查看。"))


def _draw_pdf(sha256: str, evidence_id: int) -> None:
    pages, picture = page_picture(sha256, 1)
    if not pages:
        st.markdown(_("这份 PDF 无法显示，请下载后查看。"))
        return
    if pages > 1:
        number = st.pagination(pages, key=f"preview_page_{evidence_id}")
        picture = page_picture(sha256, number)[1]
    _draw(picture, _("这一页无法显示，请下载后查看。"))


def _draw(picture: bytes, otherwise: str) -> None:
    if picture:
        st.image(picture, width="stretch")
    else:
        st.markdown(otherwise)
