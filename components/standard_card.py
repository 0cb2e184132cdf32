"""One subsidy standard: what it gives with an example, its clause, and every version."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import formats
from components.change_history import draw_history
from components.facts import Fact, draw_facts
from components.language import _, words
from components.look import title_row
from components.member_card import back_button, record_link
from components.plain_table import plain_table
from components.policy_words import gives, name, valid
from components.shell import Visit
from components.standard_form import draft_standard_dialog
from models.queries.changes import ChangeLine
from models.queries.standards import StandardCard, StandardRow, VersionLine, VersionState
from models.rules.money import yuan_whole
from models.rules.roles import Permission
from models.rules.standards import example_of
from models.tables.money import Standing

PARAMETER = "rule"
_COLOURS = {
    VersionState.counting: "green", VersionState.future: "blue", VersionState.ended: "gray",
}  # fmt: skip


def draw_standard(visit: Visit, card: StandardCard | None, changes: Sequence[ChangeLine]) -> None:
    """The card, or that there is no such standard.

    Args:
        visit: who looks.
        card: what was found; `None` for an address that names nothing.
        changes: drafts of its versions, whatever became of them.
    """
    if card is None:
        title_row(_("补贴标准|栏目"))
        back_button(PARAMETER)
        st.markdown(_("没有这个编号的补贴标准。请从列表中打开，或核对地址。"))
        return
    row = card.row
    title_row(name(row.title), row.key, *_badges(row))
    with st.container(horizontal=True, vertical_alignment="center"):
        back_button(PARAMETER)
        st.space("stretch")
        record_link(visit, f"policy_rule:{row.key}:{row.version}")
        if _may_draft(visit, row) and st.button(
            _("起草新版本"), key="draft_standard", icon=":material/edit:"
        ):
            draft_standard_dialog(visit, row)
    _draw_facts(row)
    left, right = st.columns([0.62, 0.38], gap="medium")
    with left:
        _draw_versions(card.versions)
        draw_history(changes)
    with right:
        _draw_example(row)


def _badges(row: StandardRow) -> list[str]:
    return [
        f":gray-badge[{formats.label(row.standing)}]",
        f":{_COLOURS[row.state]}-badge[{formats.label(row.state)}]",
    ]


def _may_draft(visit: Visit, row: StandardRow) -> bool:
    """What is only kept for comparison gets no further version here."""
    return visit.may(Permission.draft_policy) and row.standing is not Standing.reference


def _draw_facts(row: StandardRow) -> None:
    plain = formats.plain
    draw_facts(
        [
            Fact(_("计算方式"), plain(gives(row.standard)), 1.7),
            Fact(_("用途"), formats.label(row.purpose)),
            Fact(_("收款方"), formats.label(row.payee)),
            Fact(_("地区"), plain(row.place)),
            Fact(_("有效期"), valid(row.valid), 1.4),
        ]
    )
    covered = "，".join(filter(None, (name(row.service), name(row.result_kind))))
    draw_facts(
        [
            Fact(_("文件和条款"), plain(row.source), 1.7),
            Fact(_("服务和成果类型"), plain(covered), 1.7),
            Fact(_("预算科目"), plain(row.budget_code)),
            Fact(_("机构年度上限（元）"), formats.yuan_in_list(row.agency_year_cap_fen), 1.2),
            Fact(_("企业年度上限（元）"), formats.yuan_in_list(row.enterprise_year_cap_fen), 1.2),
        ]
    )
    if row.standing is Standing.reference:
        said = _("别处公布的标准，只供比较，不参与本地申请的核定。")
        st.markdown(formats.small_grey(said))


def _draw_versions(versions: Sequence[VersionLine]) -> None:
    st.subheader(_("版本 {count}").format(count=len(versions)), anchor=False)
    plain_table(
        {
            _("版本"): [_version(line) for line in versions],
            _("有效期"): [valid(line.row.valid) for line in versions],
            _("计算方式"): [formats.plain(gives(line.row.standard)) for line in versions],
            _("文件和条款"): [formats.plain(line.row.source) for line in versions],
            _("起草 / 确认"): [_people(line) for line in versions],
            _("已用于"): [_used(line) for line in versions],
        },
    )


def _version(line: VersionLine) -> str:
    said = _("第 {version} 版").format(version=line.row.version)
    return f"{said}  \n{formats.small_grey(formats.label(line.row.state))}"


def _people(line: VersionLine) -> str:
    if not (line.drafted_by or line.confirmed_by):
        return formats.small_grey(_("随基础数据写入"))
    at = formats.small_grey(formats.instant(line.confirmed_at_utc))
    both = " / ".join(formats.plain(who) for who in (line.drafted_by, line.confirmed_by))
    return f"{both}  \n{at}"


def _used(line: VersionLine) -> str:
    return _("{count} 件").format(count=formats.count(line.used_by)) if line.used_by else "—"


def _draw_example(row: StandardRow) -> None:
    st.subheader(_("算例"), anchor=False)
    facts, given = example_of(row.standard)
    if given.amount_fen is None:
        st.markdown(formats.plain(words(given.words)))
        return
    if facts is not None:
        st.markdown(formats.small_grey(_("设{facts}").format(facts=words(facts))))
    st.markdown(formats.plain(words(given.words)))
    said = _("应补 {amount} 元").format(amount=yuan_whole(given.amount_fen))
    st.markdown(f"**{said}**  \n{formats.small_grey(formats.plain(row.source))}")
