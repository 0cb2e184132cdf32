"""The month's unified application: what is in, what waits, the official table, and sending it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.auth import session_token
from components.decision_form import reason_words
from components.figures import draw_figures
from components.filters import ask, asked
from components.language import _, words
from components.month_document import month_docx, month_xlsx
from components.plain_table import plain_table
from models.actions.months import MonthSent, send_month
from models.clock import today
from models.database import session
from models.queries.claim_card import reasons_listed
from models.queries.month import LeftRow, SentMonth, StateTotal, WaitingRow
from models.queries.month_sending import MonthChecks, SheetSeen, sheet_seen
from models.queries.sign_in import signed_in
from models.rules.claim_workflow import STEP_OF
from models.rules.errors import NotAllowed, SeenIsStale
from models.rules.money import capitals
from models.rules.months import YearMonth
from models.rules.roles import OFFICE_NAMES, Actor, Office, Permission, Role
from models.rules.wording import Wording, say
from models.tables.reference import ReasonCode

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SENT, SEEN, REFUSED = "months_sent", "month_seen", "month_refused"
SHOWN_WAITING = 15


def month_asked() -> str:
    """The month of the address; this month when it names none or nonsense."""
    try:
        return str(YearMonth.parse(asked("month")))
    except ValueError:
        return str(YearMonth.containing(today()))


def draw_month_choice(months: Sequence[str], month: str) -> None:
    """Which month is shown; it stays in the address."""
    options = sorted({*months, month}, reverse=True)

    def chosen() -> None:
        ask("month", st.session_state["month_choice"], page="")

    st.selectbox(
        _("所属月份"), options, index=options.index(month), key="month_choice", width=160,
        format_func=formats.month, label_visibility="collapsed", on_change=chosen,
    )  # fmt: skip


def draw_totals(totals: Sequence[StateTotal]) -> None:
    """The month by state: count and money."""
    if not totals:
        st.markdown(formats.small_grey(_("这个月还没有申请。机构提交或导入后出现在这里。")))
        return
    rows = [
        (formats.label(total.state), formats.count(total.claims), formats.yuan(total.asked_fen))
        for total in totals
    ]
    draw_figures((_("状态"), _("件"), _("申请金额（元）")), rows)


def draw_left(sent: SentMonth | None) -> None:
    """Rows that left a sent month (退出), with the reason; the sheet itself is never rewritten."""
    if sent is None or not sent.left:
        return
    with session() as current:
        reasons = reasons_listed(current)
    st.subheader(_("发送后退出 {count} 件").format(count=len(sent.left)), anchor=False)
    plain_table(
        {
            _("申请号"): [_link(row.number) for row in sent.left],
            _("原因"): [formats.plain(_left_for(row, reasons)) for row in sent.left],
            _("时间"): [formats.instant(row.left_at_utc) for row in sent.left],
        },
    )


def draw_waiting(title: str, rows: Sequence[WaitingRow], empty: str, frozen: str) -> None:
    """Held-back or returned claims of the month with the decision's reasons.

    Args:
        title: which of the two.
        rows: the claims.
        empty: what to say when there is none.
        frozen: that they stand as they were when the month was sent; empty for a draft.
    """
    aside = f" {formats.small_grey(frozen)}" if frozen else ""
    st.subheader(f"{title} {len(rows)}{aside}", anchor=False)
    if not rows:
        st.markdown(formats.small_grey(empty))
        return
    with session() as current:
        reasons = reasons_listed(current)
    shown = rows[:SHOWN_WAITING]
    plain_table(
        {
            _("申请号"): [_link(row.number) for row in shown],
            _("企业"): [formats.plain(row.enterprise) for row in shown],
            _("申请（元）"): [formats.yuan_in_list(row.asked_fen) for row in shown],
            _("理由"): [formats.plain(_said_of(row, reasons)) for row in shown],
            _("决定"): [_decided(row) for row in shown],
        },
    )
    if len(rows) > len(shown):
        said = _("另有 {count} 件，见汇总表的明细表。")
        st.markdown(formats.small_grey(said.format(count=formats.count(len(rows) - len(shown)))))


def draw_downloads(month: str) -> None:
    """The official table as a workbook and as a document, made when clicked."""
    for name, suffix, mime, made in (
        (_("汇总表 Excel"), "xlsx", XLSX, month_xlsx),
        (_("汇总表 Word"), "docx", DOCX, month_docx),
    ):
        st.download_button(
            name,
            data=_made_when_clicked(month, made),
            file_name=f"{_('月度统一申请汇总表')}-{month}.{suffix}",
            mime=mime,
            key=f"download_{suffix}",
            icon=":material/download:",
            on_click="ignore",
        )


def draw_send(actor: Actor, month: str, checks: MonthChecks) -> None:
    """The lead's primary button, with a dialog that says what sending means."""
    if Role.alliance_lead not in actor.roles:
        return
    label = _("发送 {month} 统一申请（{count} 件）").format(
        month=formats.month(month), count=formats.count(checks.rows)
    )
    if st.button(label, key="send_month", type="primary", disabled=not checks.rows):
        st.session_state[SEEN] = _look(actor, month)
        _send_dialog(actor, month)


def draw_send_results(month: str) -> None:
    """The rows a sending just left behind, each with its reason; none is swallowed."""
    sent: MonthSent | None = st.session_state.get(SENT, {}).get(month)
    if sent is None:
        return
    refused = [result for result in sent.results if result.refusal]
    if not refused:
        return
    st.subheader(_("未随本次发送 {count} 件").format(count=len(refused)), anchor=False)
    plain_table(
        {
            _("申请号"): [_link(result.number) for result in refused],
            _("原因"): [formats.plain(_said(result.refusal)) for result in refused],
        },
    )


@st.dialog(" ", width="medium")
def _send_dialog(actor: Actor, month: str) -> None:
    """What is shown here is what is sent: a sheet that changed meanwhile is refused, and shown
    anew."""
    seen: SheetSeen = st.session_state[SEEN]
    st.subheader(_("发送 {month} 统一申请").format(month=formats.month(month)), anchor=False)
    _draw_what_is_sent(month, seen)
    answer = st.container()
    if refusal := st.session_state.pop(REFUSED, None):
        answer.error(formats.plain(words(refusal)), icon=":material/block:")
    if st.button(_("发送并冻结"), key="send_month_now", type="primary"):
        outcome = attempt(
            _send_once,
            month,
            seen,
            st.session_state.setdefault(SENT, {}),
            where=answer,
            done=lambda sent: say(
                "{month} 统一申请已发送 {rows} 件", month=sent.month, rows=sent.rows
            ),
        )
        if outcome.is_done:
            keep(outcome)
            st.rerun()
        if isinstance(outcome.refusal, SeenIsStale):
            _show_anew(actor, month, outcome.refusal.wording)


def _draw_what_is_sent(month: str, seen: SheetSeen) -> None:
    st.markdown(
        _("共 {rows} 件，{amount} 元（{capitals}）。").format(
            rows=formats.count(len(seen.rows)),
            amount=formats.yuan(seen.total_fen),
            capitals=capitals(seen.total_fen),
        )
    )
    if today() <= YearMonth.parse(month).last_day:
        said = _("本月还没有结束：现在发送后，本月再通过的申请并入下月，本月不能再次发送。")
        st.markdown(f":orange-badge[:material/warning: {_('请注意')}] {said}")
    st.markdown(_("发送后行、合计、明细表和摘要即冻结，交科技创新局复核；本月不能再次发送。"))
    st.markdown(_("之后通过的并入下月；您本人办理过初审的不会发送，并逐件说明。"))


def _show_anew(actor: Actor, month: str, refusal: Wording) -> None:
    """The dialog once more, with the sheet as it is now."""
    st.session_state[REFUSED] = refusal
    st.session_state[SEEN] = _look(actor, month)
    st.rerun(scope="fragment")


def _look(actor: Actor, month: str) -> SheetSeen:
    with session() as current:
        return sheet_seen(current, actor, month)


def _send_once(
    session: Any, actor: Actor, month: str, seen: SheetSeen, sent: dict[str, MonthSent]
) -> MonthSent:
    """Send; the second click of a double click finds what the first one came to."""
    if month not in sent:
        sent[month] = send_month(session, actor, month, seen)
    return sent[month]


def _made_when_clicked(month: str, made: Callable[..., bytes]) -> Callable[[], bytes]:
    token = session_token()

    def document() -> bytes:
        with session() as current:
            visitor = signed_in(current, token, today())
            if visitor is None or not visitor.actor.may(Permission.see_month):
                raise NotAllowed(say("您的登录已结束，没有下载；请重新登录"))
            return made(current, visitor.actor, month)

    return document


def _link(number: str) -> str:
    return f"[{formats.plain(number)}](/claim?no={number})"


def _said(wording: Wording | None) -> str:
    return words(wording) if wording else ""


def _said_of(row: WaitingRow | LeftRow, reasons: dict[str, ReasonCode]) -> str:
    listed = [reason_words(reasons[code]) for code in row.reasons if code in reasons]
    return _("；").join(listed) or row.note


def _left_for(row: LeftRow, reasons: dict[str, ReasonCode]) -> str:
    step = words(STEP_OF[row.action].name)
    return _("：").join(part for part in (step, _said_of(row, reasons)) if part)


def _decided(row: WaitingRow) -> str:
    by = row.decided_by or words(OFFICE_NAMES[Office.system])
    return f"{formats.plain(by)} {formats.instant(row.decided_at_utc)[5:10]}"
