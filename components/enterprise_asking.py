"""Asking an enterprise to confirm a service (请企业确认): where the question stands, and the link, shown
once as an address and as a code to scan or print."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import segno
import streamlit as st

from components import formats
from components.attempt import attempt, found, found_within, when_clicked
from components.confirmation_sheet import confirmation_sheet
from components.language import _
from components.shell import Visit
from models.actions.confirming import ask_enterprise, note_reminder, withdraw_request
from models.queries.claim_card import ClaimCard
from models.queries.confirming import Asking, asking_of, question_of
from models.rules.claim_workflow import ENDED
from models.rules.confirming import LinkState
from models.rules.roles import Permission
from models.rules.wording import say

CODE_WIDTH = 190  # pixels


def asking_about(current: Any, visit: Visit, card: ClaimCard) -> Asking | None:
    """Where the question about a claim's result stands; nothing for who asks no enterprises, and of
    a claim that is over."""
    if card.claim.state in ENDED or not visit.may(Permission.ask_enterprises):
        return None
    claim = card.claim
    return found_within(current, asking_of, visit.actor, claim.agreement_id, claim.result_id)


def draw_asking(visit: Visit, asking: Asking | None, about: str = "") -> None:
    """A line: whether the enterprise was asked about a result, and the button to ask.

    Args:
        visit: somebody of the alliance.
        asking: where the question stands; nothing is drawn without one.
        about: the result's number, where several are asked about on one page.
    """
    if asking is None:
        return
    own = f"_{asking.result_id}" if about else ""
    title = _("企业确认 {number}").format(number=about) if about else _("企业确认")
    with st.container(
        key=f"asking{own}", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.markdown(
            f"{formats.small_grey(formats.plain(title))} &nbsp; "
            f":small[{formats.plain(_standing(asking))}]",
            width="content",
        )
        if asking.is_answered:
            return
        is_open = asking.link is LinkState.open
        if st.button(
            _("重新发出链接") if asking.request_id else _("请企业确认"),
            key=f"ask_enterprise{own}",
            type="tertiary",
            icon=":material/qr_code_2:",
        ):
            asking_dialog(visit, asking)
        if is_open:
            _draw_link_buttons(asking, own)


def asking_dialog(visit: Visit, asking: Asking) -> None:
    """Whom the link is for; then the link itself, which nobody can show again."""
    kept = f"confirmation_link_{asking.agreement_id}_{asking.result_id}"
    st.session_state.pop(kept, None)

    @st.dialog(_("请企业确认"), width="medium", on_dismiss="rerun")
    def dialog() -> None:
        _draw_contact(asking)
        token = st.session_state.get(kept)
        if token is not None:
            _draw_link(visit, token)
            return
        where = st.empty()
        if st.button(
            _("作废旧链接，生成新链接") if asking.link is LinkState.open else _("生成确认链接"),
            key="make_link",
            type="primary",
        ):
            outcome = attempt(ask_enterprise, asking.agreement_id, asking.result_id, where=where)
            if outcome.is_done:
                st.session_state[kept] = outcome.result
                st.rerun(scope="fragment")

    dialog()


def _standing(asking: Asking) -> str:
    """Where the question stands, in a line."""
    if asking.is_answered:
        return _("企业已于 {on} 本人答复").format(on=formats.day(asking.confirmed_on))
    said = []
    if asking.request_id is None:
        said.append(
            _("还没有发过确认链接")
            if asking.confirmed_on is None
            else _("现有确认为导入或逾期视为确认，可请企业本人答复")
        )
    else:
        said.append(_link_words(asking))
    if asking.reminded_at_utc is not None and asking.link is LinkState.open:
        said.append(_("{on} 已催办").format(on=formats.instant(asking.reminded_at_utc)[5:10]))
    return " · ".join(said)


def _link_words(asking: Asking) -> str:
    issued = formats.instant(asking.issued_at_utc)
    match asking.link:
        case LinkState.open:
            return _("{by} {at} 已发链接，至 {until} 有效，尚未答复").format(
                by=asking.issued_by, at=issued[5:], until=formats.day(asking.expires_on)
            )
        case LinkState.expired:
            return _("{at} 发出的链接已过期，未获答复").format(at=issued)
    return _("{at} 发出的链接已作废").format(at=issued)


def _draw_link_buttons(asking: Asking, own: str) -> None:
    st.button(
        _("记录已催办"),
        key=f"note_reminder{own}",
        type="tertiary",
        icon=":material/notifications:",
        on_click=when_clicked(
            note_reminder, asking.request_id,
            done=say("已记录催办：{name}", name=asking.enterprise),
        ),
    )  # fmt: skip
    st.button(
        _("作废链接"),
        key=f"withdraw_link{own}",
        type="tertiary",
        icon=":material/link_off:",
        on_click=when_clicked(
            withdraw_request, asking.request_id, done=say("链接已作废，需要时请重新发出")
        ),
    )


def _draw_contact(asking: Asking) -> None:
    contact = " ".join(filter(None, (asking.contact_name, asking.contact_phone)))
    st.markdown(
        f"**{formats.plain(asking.enterprise)}**  \n"
        f"{formats.small_grey(_('登记的联系人'))} {formats.plain(contact)}"
    )
    st.markdown(
        formats.small_grey(
            _(
                "链接交给上面的联系人本人，不经服务机构。只能答复一次，页面不需要账号；持有链接即可答复，请勿转发他人。"
            )
        )
    )


def _draw_link(visit: Visit, token: str) -> None:
    """The address to copy, the code to scan, the sheet to print."""
    question = found(question_of, token)
    assert question is not None
    link = f"{_origin()}/confirm?t={token}"
    code = segno.make(link, error="m", micro=False)
    picture, words = st.columns([0.36, 0.64], gap="medium", vertical_alignment="center")
    with picture:
        st.html(
            f'<img src="{code.png_data_uri(scale=6, border=2)}" width="{CODE_WIDTH}" '
            f'height="{CODE_WIDTH}" alt="{_("确认链接的二维码")}" style="image-rendering:pixelated">'
        )
    with words:
        st.markdown(f":orange-badge[:material/warning: {_('链接只在这里显示一次')}]")
        st.code(link, language=None, wrap_lines=True)
        st.download_button(
            _("下载确认单（可打印）"),
            data=confirmation_sheet(question, link, code),
            file_name=_("企业确认单.html"),
            mime="text/html",
            key="confirmation_sheet",
            icon=":material/print:",
            on_click="ignore",
        )


def _origin() -> str:
    """This site's own address, as the visitor's browser knows it."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}" if here.netloc else ""
