"""The problems of a file: errors first, a page at a time, each with its place, its value and what
to do about it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from sqlmodel import Session

from components import formats
from components.downloads import XLSX, offer_file
from components.filters import PAGE, ask
from components.language import _, words
from components.tables import Column, chips, draw_list, page_asked, text
from models.clock import today
from models.exchange.listing import ListColumn, Listing, listing_workbook
from models.exchange.problems import Problem
from models.queries.imports import require_exchange
from models.queries.paging import Count, Page
from models.queries.settings import is_demonstration
from models.rules.roles import Actor


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem in the visitor's language, as the list and the workbook show it."""

    id: int
    level: tuple[str, ...]
    sheet: str
    place: str
    column: str
    value: str
    wrong: str
    fix: str


def draw_problems(
    problems: Sequence[Problem], refuse_others: Callable[[Actor], None] = require_exchange
) -> None:
    """The list of problems with its download; nothing where there are none.

    Args:
        problems: errors before warnings; of a workbook or of a zip.
        refuse_others: asks again, at the download, whether its person may have it.
    """
    is_zip = any("/" in problem.sheet or "." in problem.sheet for problem in problems)
    if not problems:
        return
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.subheader(_("问题 {count}").format(count=formats.count(len(problems))), anchor=False)
        _draw_download(problems, is_zip, refuse_others)
    columns = _columns(is_zip)
    request = page_asked()
    pages = max(1, -(-len(problems) // request.size))
    number = min(max(1, request.number), pages)
    first = (number - 1) * request.size
    rows = tuple(
        _line(at, problem)
        for at, problem in enumerate(problems[first : first + request.size], start=first)
    )
    page = Page(rows, number, pages, Count(len(problems)))
    draw_list(
        "problems", columns, page,
        title=_("文件中的问题"), empty="",
        footer=_("错误在前，提醒在后，按文件中的位置排列。有错误就不能导入；提醒不影响导入。"),
    )  # fmt: skip


def forget_page() -> None:
    """A new file starts at the first page of its problems."""
    ask(PAGE, "")


def _columns(is_zip: bool) -> tuple[Column, ...]:
    level = chips("level", _("级别"), 74, {_("错误"): "red", _("提醒"): "orange"})
    if is_zip:
        return (
            level, text("sheet", _("文件"), 420), text("wrong", _("问题"), 380),
            text("fix", _("怎样改"), 444),
        )  # fmt: skip
    return (
        level, text("sheet", _("工作表"), 96), text("place", _("单元格"), 74),
        text("column", _("列"), 130), text("value", _("填写的值"), 160),
        text("wrong", _("问题"), 474), text("fix", _("怎样改"), 310),
    )  # fmt: skip


def _line(at: int, problem: Problem) -> ProblemLine:
    level = _("错误") if problem.is_error else _("提醒")
    return ProblemLine(
        at, (level,), problem.sheet, problem.place, problem.column, problem.value,
        words(problem.wrong), words(problem.fix),
    )  # fmt: skip


def _draw_download(
    problems: Sequence[Problem], is_zip: bool, refuse_others: Callable[[Actor], None]
) -> None:
    def made(current: Session, actor: Actor) -> bytes:
        refuse_others(actor)
        return _workbook(problems, is_zip, is_demonstration(current))

    offer_file(
        _("下载问题清单"),
        f"{_('导入问题清单')}-{today():%Y%m%d}.xlsx",
        made,
        kind=XLSX,
        key="download_problems",
    )


def _workbook(problems: Sequence[Problem], is_zip: bool, is_marked: bool) -> bytes:
    columns = _columns(is_zip)
    lines = [_line(at, problem) for at, problem in enumerate(problems)]
    return listing_workbook(
        Listing(
            _("导入问题清单"),
            tuple(ListColumn(column.title, width=max(8, column.width // 7)) for column in columns),
            [[_cell(getattr(line, column.field)) for column in columns] for line in lines],
            is_demonstration=is_marked,
        )
    )


def _cell(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "".join(value)
