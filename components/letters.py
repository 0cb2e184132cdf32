"""Letters on screen: those of a claim, each as Word and as PDF; and the templates they are written
with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.language import _
from components.plain_table import plain_table
from components.shell import Visit
from models.actions.letters import replace_template
from models.exchange.letters import LARGEST_TEMPLATE_MB
from models.exchange.pdf import makes_pdf
from models.queries.claim_card import ClaimCard
from models.queries.letter_templates import TemplateRow
from models.queries.letters import ClaimLetter
from models.rules.letters import LETTERS, LetterKind
from models.rules.roles import Permission
from models.rules.wording import say


def draw_letters(card: ClaimCard, letters: Sequence[ClaimLetter]) -> None:
    """The letters a claim's decisions gave, the newest first; nothing where there is none."""
    if not letters:
        return
    lines = [_letter_line(card.claim.number, letter) for letter in letters]
    with st.container(key="letters"):
        st.markdown(f"**{_('函件')}** &nbsp; " + " &nbsp;·&nbsp; ".join(lines))


def letter_links(address: str) -> str:
    """The links to a letter, as Word, and as PDF where this machine makes one.

    Args:
        address: of the letter's file.
    """
    links = f"[Word]({address})"
    return f"{links} [PDF]({address}?as=pdf)" if makes_pdf() else links


def filing_letter_address(number: str) -> str:
    """Where the confirmation of an agreement's filing (备案确认书) is taken from."""
    return f"/files/letters/agreements/{quote(number, safe='')}"


def draw_templates(visit: Visit, kept: Sequence[TemplateRow]) -> None:
    """Every kind of letter with the template in force, its older ones, and its placeholders."""
    newest: dict[LetterKind, list[TemplateRow]] = {kind: [] for kind in LetterKind}
    for row in kept:
        newest[row.kind].append(row)
    kind = st.segmented_control(
        _("函件"), list(LetterKind), key="letter_kind", required=True,
        default=LetterKind.return_notice, format_func=formats.label, label_visibility="collapsed",
    )  # fmt: skip
    left, right = st.columns([0.6, 0.4], gap="medium")
    with left:
        _draw_versions(kind, newest[kind])
        if visit.may(Permission.replace_letters):
            _draw_replacing(kind, newest[kind])
    with right:
        _draw_placeholders(kind)


def _draw_versions(kind: LetterKind, rows: Sequence[TemplateRow]) -> None:
    st.subheader(_("模板"), anchor=False)
    plain_table(
        {
            _("版本"): [*(_version(row) for row in rows), _("内置")],
            _("文件"): [
                *(_template_link(kind, row.version, row.file_name) for row in rows),
                _template_link(kind, 0, _("随程序提供")),
            ],
            _("更换人"): [*(formats.plain(row.added_by) for row in rows), formats.NOTHING],
            _("更换时间"): [*(formats.instant(row.added_at_utc) for row in rows), formats.NOTHING],
        },
        alt=_("模板"),
    )
    said = _("最上面的一版用于此后作出的决定；以前的函件仍用当时的模板，内容不变。")
    st.markdown(formats.small_grey(said))


def _draw_replacing(kind: LetterKind, rows: Sequence[TemplateRow]) -> None:
    version = rows[0].version if rows else 0
    with st.container(border=True, key="replace_form"):
        st.subheader(_("更换模板"), anchor=False)
        file = st.file_uploader(
            _("改好的 Word 模板（.docx，不含宏，最大 {most} MB）").format(most=LARGEST_TEMPLATE_MB),
            type=["docx"],
            key=f"template_{kind}_{version}",
            max_upload_size=LARGEST_TEMPLATE_MB,
        )
        is_asked = st.button(
            _("试填并更换这份模板"), key="replace_template", type="primary",
            disabled=file is None, width="stretch",
        )  # fmt: skip
        if is_asked and file is not None:
            outcome = attempt(
                replace_template, kind, file.name, file.getvalue(), done=_replaced(kind)
            )
            if outcome.is_done:
                keep(outcome)
                st.rerun()


def _draw_placeholders(kind: LetterKind) -> None:
    form = LETTERS[kind]
    st.subheader(_("占位符"), anchor=False)
    needed = {True: _("必要"), False: _("可选")}
    plain_table(
        {
            _("占位符"): [f"`{{{{{field.name}}}}}`" for field in form.fields],
            _("示例"): [_in_one_line(field.sample) for field in form.fields],
            _("须有"): [needed[field.is_required] for field in form.fields],
        },
        alt=_("占位符"),
    )
    said = _("模板中照此写出占位符，正文、页眉、页脚均可；除此之外的程序语句不接受。")
    st.markdown(formats.small_grey(said))


def _letter_line(number: str, letter: ClaimLetter) -> str:
    address = f"/files/letters/claims/{letter.position}/{quote(number, safe='')}"
    on = formats.small_grey(formats.instant(letter.at_utc)[:10])
    return f"{formats.label(letter.kind)} {on} :small[{letter_links(address)}]"


def _template_link(kind: LetterKind, version: int, called: str) -> str:
    return f"[{formats.plain(called)}](/files/letters/templates/{kind.value}/{version})"


def _version(row: TemplateRow) -> str:
    return _("第 {version} 版").format(version=row.version)


def _replaced(kind: LetterKind) -> Any:
    return lambda version: say(
        "{letter}已换用第 {version} 版模板", letter=LETTERS[kind].name, version=version
    )


def _in_one_line(sample: str) -> str:
    """The beginning of a sample; its first number is no list of Markdown's."""
    first, *rest = sample.split("\n")
    shown = first.replace("\t", " ")
    short = f"{shown[:40]}…" if rest or len(shown) > 40 else shown
    return formats.plain(short).replace("1. ", "1\\. ", 1)
