"""A mail's words: plain text and HTML, in the reader's language, with links and without anything
that is not on their own screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from models.rules.mails import MailLine
from models.rules.wording import Wording, say

Translate = Callable[[str], str]
_INK, _MUTED, _ACCENT, _LINE = "#1A2330", "#525D6B", "#1D4F91", "#E3E7ED"
_FONT = "'Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif"


@dataclass(frozen=True, slots=True)
class MailWords:
    """A mail as it is handed to the server."""

    subject: str
    text: str
    html: str


def mail_words(
    waiting: int,
    turns: Sequence[MailLine],
    news: Sequence[MailLine],
    translate: Translate,
    public_url: str,
    *,
    is_demonstration: bool,
) -> MailWords:
    """A mail that says what waits for somebody and what became of what is theirs.

    Args:
        waiting: how many things wait in all.
        turns: what waits, pile by pile or one by one.
        news: unread messages, the newest first.
        translate: into the reader's language.
        public_url: what the links begin with.
        is_demonstration: everything in it is generated, and says so.
    """

    def said(wording: Wording) -> str:
        return wording.spoken(translate)

    mark = said(say("演示数据")) if is_demonstration else ""
    subject = said(
        say("零费区：等您办理 {turns} 项，新消息 {news} 条", turns=waiting, news=len(news))
    )
    parts = [
        (said(title), [(said(line.words), _link(line, public_url)) for line in lines])
        for title, lines in ((say("轮到您"), turns), (say("新消息"), news))
        if lines
    ]
    foot = said(say("这封邮件由系统自动发出，请勿回复。在“消息”页可以更改或停止邮件提醒。"))
    settings = f"{public_url.rstrip('/')}/inbox"
    return MailWords(
        f"[{mark}] {subject}" if mark else subject,
        _text(parts, mark, foot, settings),
        _html(subject, parts, mark, foot, settings),
    )


Parts = list[tuple[str, list[tuple[str, str]]]]


def _text(parts: Parts, mark: str, foot: str, settings: str) -> str:
    lines = [mark, ""] if mark else []
    for title, entries in parts:
        lines += [title, *(f"- {words}\n  {link}" for words, link in entries), ""]
    return "\n".join([*lines, "--", foot, settings, ""])


def _html(subject: str, parts: Parts, mark: str, foot: str, settings: str) -> str:
    body = "".join(
        f'<h2 style="font-size:15px;font-weight:600;margin:18px 0 4px">{escape(title)}</h2>'
        + "".join(
            f'<p style="margin:0;padding:8px 0;border-bottom:1px solid {_LINE}">'
            f'<a style="color:{_ACCENT};text-decoration:none" href="{escape(link)}">'
            f"{escape(words)}</a></p>"
            for words, link in entries
        )
        for title, entries in parts
    )
    marked = f'<p style="color:{_MUTED};margin:0">{escape(mark)}</p>' if mark else ""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
        f'<body style="margin:0;padding:24px;color:{_INK};font:14px/1.6 {_FONT}">'
        f'<div style="max-width:640px">{marked}{body}'
        f'<p style="color:{_MUTED};font-size:12px;margin:24px 0 0">{escape(foot)} '
        f'<a style="color:{_ACCENT}" href="{escape(settings)}">{escape(settings)}</a></p>'
        f"</div></body></html>"
    )


def _link(line: MailLine, public_url: str) -> str:
    asked = f"?{urlencode(line.query)}" if line.query else ""
    return f"{public_url.rstrip('/')}{line.address}{asked}"
