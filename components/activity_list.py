"""The record as a list: its filters, its columns, the downloads that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from components import formats
from components.activity_words import (
    SUBJECTS,
    VERBS,
    in_short,
    subject_name,
    verb_name,
)
from components.downloads import JSON_LINES, offer_file
from components.filters import asked, choice, clear_button, period, search_box
from components.language import _, words
from components.tables import Column, download, draw_list, instant, number
from models.queries.activity import (
    LARGEST_PROOF,
    ActivityFilter,
    ActivityRow,
    Doer,
    activities,
    proof,
    stretch,
)
from models.queries.paging import Page, everything
from models.rules.roles import Actor, Role

SYSTEM = "0"


def asked_filter(doers: Sequence[Doer]) -> ActivityFilter:
    """Draw the filters and read what the address asks for.

    Args:
        doers: whose doings can be asked for.
    """
    names = {SYSTEM: _("系统")} | {str(doer.id): _doer(doer) for doer in doers}
    verbs = dict(sorted(((verb, verb_name(verb)) for verb in VERBS), key=lambda named: named[1]))
    days = period("on", _("日期"))
    account = choice("account", names, _("全部账号"), called=names, width=150)
    verb = choice("verb", verbs, _("全部操作"), called=verbs, width=150)
    kind = choice("kind", SUBJECTS, _("全部对象"), called=lambda k: words(SUBJECTS[k]))
    number = search_box(_("申请号、信用代码、账号"), name="subject", width=190)
    clear_button()
    return ActivityFilter(
        account_id=None if account is None else int(account),
        verb=verb or "",
        subjects=_subjects(kind, number),
        from_on=days.from_on,
        to_on=days.to_on,
    )


def activity_columns() -> list[Column]:
    """What the record shows."""
    return [
        number("seq", _("序号"), 76, sorts=True),
        instant("at_utc", _("时间"), 132),
        Column("name", _("办理人"), 130, shown=lambda name: name or _("系统")),
        Column("role", _("身份"), 110, shown=_role),
        Column("verb", _("操作"), 140, shown=verb_name),
        Column("subject", _("对象"), 250, shown=subject_name),
        Column("change", _("变化"), 460, shown=lambda change: in_short(*change)),
    ]


def draw_activities(page: Page[ActivityRow]) -> None:
    """The record's page; a click on the number opens the link."""
    draw_list(
        "activity",
        activity_columns(),
        page,
        title=_("操作记录"),
        empty=_("没有符合条件的记录。每一次写入都会自动留下一条。"),
        footer=_("共 {count} 条。点序号看前后对照和校验值。").format(
            count=formats.count(page.count.rows, is_exact=page.count.is_exact)
        ),
        row_id="seq",
        opens=(None, "seq"),
    )


def draw_downloads(actor: Actor, wanted: ActivityFilter, session: Any) -> None:
    """The list as shown, and the stretch of the chain for these days as proof."""
    first, last = stretch(session, wanted.from_on, wanted.to_on)
    with st.popover(_("导出证明"), icon=":material/download:", key="proof"):
        st.markdown(
            _(
                "**链条文件**含第 {first} 至 {last} 条的全部内容和校验值，一行一条；"
                "任何人可据此重新计算，核对是否被改动。"
            ).format(first=first, last=min(last, first + LARGEST_PROOF - 1))
        )
        offer_file(
            _("下载链条文件（JSON）"),
            f"activity-{first}-{last}.jsonl",
            partial(_proof, first, last),
            kind=JSON_LINES,
            key="download_proof",
            is_disabled=last < first,
        )
        st.markdown(_("**清单**与屏幕所列相同，含筛选，最多 5 万条。"))
        download(_("操作记录"), activity_columns(), partial(_all, wanted))


def _subjects(kind: str | None, number: str) -> tuple[str, ...]:
    """A number without a kind may be of any kind."""
    if ":" in number:
        return (number,)
    kinds = (kind,) if kind else tuple(SUBJECTS) if number else ()
    return tuple(f"{kind}:{number}" for kind in kinds)


def _doer(doer: Doer) -> str:
    return doer.name if doer.name == doer.username else f"{doer.name} {doer.username}"


def _role(role: Role | None) -> str:
    return formats.label(role)


def _all(wanted: ActivityFilter, session: Any, actor: Actor) -> Page[ActivityRow]:
    return activities(session, actor, wanted, everything())


def _proof(first: int, last: int, session: Any, actor: Actor) -> bytes:
    return "".join(proof(session, actor, first, last)).encode()


def link_asked() -> int | None:
    """The number of the link the address opens, if any."""
    written = asked("seq")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 16 else None
