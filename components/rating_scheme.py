"""The rating scheme (考评方案): the figures in force, the version that waits for a second person,
drafting the next, and every version there was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components import formats
from components.attempt import attempt, keep, when_clicked
from components.language import _, words
from components.plain_table import plain_table
from components.shell import Visit
from models.actions.rating_schemes import (
    confirm_scheme,
    draft_scheme,
    turn_down_scheme,
    withdraw_scheme,
)
from models.queries.rating_schemes import SchemeLine
from models.rules.changes import ChangeState
from models.rules.rating.schemes import FIGURES
from models.rules.roles import Permission
from models.rules.standards import LONGEST_REASON
from models.rules.wording import say


def draw_scheme(visit: Visit, versions: Sequence[SchemeLine]) -> None:
    """The figures left, the form right.

    Args:
        visit: who looks.
        versions: the newest first; the default last.
    """
    now = next(one for one in versions if one.state is ChangeState.confirmed)
    waiting = next((one for one in versions if one.state is ChangeState.drafted), None)
    left, right = st.columns([0.6, 0.4], gap="medium")
    with left:
        _draw_figures(now, waiting)
        _draw_versions(versions)
    with right:
        if waiting is not None:
            _draw_waiting(visit, waiting)
        elif visit.may(Permission.draft_policy):
            _draw_form(now)


def _draw_figures(now: SchemeLine, waiting: SchemeLine | None) -> None:
    title = _("现行方案（第 {version} 版）").format(version=now.version)
    st.subheader(title, anchor=False)
    if not now.id:
        st.markdown(
            formats.small_grey(_("文件未印出考评办法；此为默认值，由联盟起草、另一人确认后改版。"))
        )
    columns = {
        _("方案参数"): [formats.plain(words(figure.name)) for figure in FIGURES],
        _("现行"): [_figure(now.content, figure.key) for figure in FIGURES],
    }
    if waiting is not None:
        columns[_("待确认")] = [
            _changed(now.content, waiting.content, figure.key) for figure in FIGURES
        ]
    plain_table(columns, alt=_("考评方案"))


def _figure(content: Mapping[str, str], key: str) -> str:
    return content.get(key, formats.NOTHING)


def _changed(now: Mapping[str, str], then: Mapping[str, str], key: str) -> str:
    new = _figure(then, key)
    return f"**{new}**" if new != _figure(now, key) else formats.small_grey(new)


def _draw_versions(versions: Sequence[SchemeLine]) -> None:
    past = [one for one in versions if one.id]
    if not past:
        return
    st.subheader(_("各版方案"), anchor=False)
    plain_table(
        {
            _("版本"): [str(one.version) for one in past],
            _("状态"): [formats.label(one.state) for one in past],
            _("理由"): [formats.plain(one.decided_reason or one.reason) for one in past],
            _("起草 / 确认"): [
                f"{formats.plain(one.drafted_by)} / {formats.plain(one.decided_by)}" for one in past
            ],
        },
        alt=_("各版方案"),
    )


def _draw_waiting(visit: Visit, waiting: SchemeLine) -> None:
    with st.container(border=True, key="scheme_waiting"):
        badge = f":orange-badge[:material/schedule: {_('待另一人确认')}]"
        name = _("第 {version} 版").format(version=waiting.version)
        st.markdown(f"{badge} **{name}** {formats.plain(waiting.reason)}")
        who = f"{waiting.drafted_by} {formats.instant(waiting.drafted_at_utc)}"
        st.markdown(formats.small_grey(formats.plain(who)))
        if waiting.drafted_by_id == visit.actor.account_id:
            st.button(
                _("撤回草稿"), key="withdraw_scheme",
                on_click=when_clicked(
                    withdraw_scheme, waiting.version, done=say("考评方案草稿已撤回")
                ),
            )  # fmt: skip
        elif visit.may(Permission.confirm_policy):
            _draw_deciding(waiting)
        else:
            st.markdown(formats.small_grey(_("由联盟负责人确认；起草人不能确认自己的草稿。")))


def _draw_deciding(waiting: SchemeLine) -> None:
    st.markdown(formats.small_grey(_("确认后计算的预评用这一版；已公布的仍按当时的版本。")))
    st.button(
        _("确认考评方案"), key="confirm_scheme", type="primary",
        on_click=when_clicked(confirm_scheme, waiting.version, done=say("考评方案已确认")),
    )  # fmt: skip
    reason = st.text_input(_("不采用的理由"), key="scheme_reason", max_chars=LONGEST_REASON)
    st.button(
        _("不采用"), key="turn_down_scheme",
        on_click=when_clicked(
            turn_down_scheme, waiting.version, reason or "", done=say("考评方案草稿未采用")
        ),
    )  # fmt: skip


def _draw_form(now: SchemeLine) -> None:
    with st.container(border=True, key="scheme_form"):
        st.subheader(_("起草新版方案"), anchor=False)
        written: dict[str, str] = {}
        grid = st.columns(2)
        for at, figure in enumerate(FIGURES):
            written[figure.key] = grid[at % 2].text_input(
                words(figure.name), now.content[figure.key], max_chars=8,
                key=f"scheme_{now.version}_{figure.key}",
            ) or ""  # fmt: skip
        reason = st.text_input(_("改版理由"), key="scheme_why", max_chars=LONGEST_REASON)
        if st.button(
            _("起草方案，交另一人确认"), key="draft_scheme", type="primary", width="stretch"
        ):
            outcome = attempt(
                draft_scheme, written, reason or "", done=say("考评方案已起草，待另一人确认")
            )
            if outcome.is_done:
                keep(outcome)
                st.rerun()
