"""The enterprise's page as HTML: phone first, both languages, no script; its look is
`assets/confirm.css`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from starlette.requests import Request

from components.language import CHINESE, ENGLISH, LANGUAGES, words_in
from components.look import PRODUCT
from components.web.index_page import language_of
from models.clock import OFFICE_ZONE
from models.queries.confirming import Question
from models.rules.confirming import (
    HIGHEST_SATISFACTION,
    Answer,
    Happened,
    LinkState,
    Written,
)
from models.rules.money import yuan
from models.rules.wording import Wording, say

# fmt: off
TITLE = say("企业确认")
_CHOICES = {
    Happened.free:   (say("已完成，我们没有付过任何费用"), say("取得成果前后都没有向服务机构付费")),
    Happened.paid:   (say("已完成，我们付过费用"),         say("填写取得成果前和之后各付了多少")),
    Happened.denied: (say("没有完成这项服务"),             say("联盟会向双方核实")),
}
_MARKS = {1: say("很不满意"), 3: say("一般"), 5: say("很满意")}
_GONE = {
    LinkState.used: (
        say("已经答复过了"),
        say("这条链接已于 {at} 使用，答复已记录，不能再改。如果不是您本人答复的，请联系联盟。"),
    ),
    LinkState.withdrawn: (
        say("链接已作废"), say("请使用联盟最近发给您的链接；没有收到的，请联系联盟。"),
    ),
    LinkState.expired: (
        say("链接已过期"), say("这条链接的有效期至 {until}。请联系联盟重新发给您。"),
    ),
}
_UNKNOWN = (
    say("链接无效"), say("请核对链接是否完整，或重新扫描二维码；仍打不开的，请联系联盟重新发给您。"),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page, and the language it is in as a browser wants it named."""

    html: str
    tag: str


@dataclass(frozen=True, slots=True)
class _Tongue:
    """Says what stands on the page in one language."""

    code: str

    def __call__(self, wording: Wording) -> str:
        return escape(words_in(self.code, wording))

    def pick(self, zh: str, en: str) -> str:
        """A name of the reference data."""
        return escape(zh if self.code == CHINESE or not en else en)

    @property
    def tag(self) -> str:
        """`zh-CN`, `en`."""
        return "zh-CN" if self.code == CHINESE else self.code


def form_page(
    request: Request, question: Question, written: Written, faults: Mapping[str, Wording]
) -> Drawn:
    """The question, and the form to answer it.

    Args:
        request: its address the form goes back to.
        question: what is asked.
        written: what was filled in before, where something was wrong with it.
        faults: what, field by field.
    """
    tell = _Tongue(language_of(request))
    token = quote(request.query_params.get("t", ""), safe="")
    wrong = "".join(f"<li>{tell(fault)}</li>" for fault in dict.fromkeys(faults.values()))
    said = f'<ul class="faults" role="alert">{wrong}</ul>' if wrong else ""
    body = (
        f"<h1>{tell(say('请确认这项服务'))}</h1>"
        f"{_facts(tell, question)}{said}"
        f'<form method="post" action="/confirm?t={token}" autocomplete="off">'
        f"{_choices(tell, written, faults)}{_amounts(tell, written, faults)}"
        f"{_satisfaction(tell, written, faults)}"
        f'<button type="submit">{tell(say("提交确认"))}</button></form>'
        f"{_small_print(tell, question)}"
    )
    return _drawn(tell, question, body, request)


def receipt_page(request: Request, question: Question, answer: Answer) -> Drawn:
    """What was recorded."""
    tell = _Tongue(language_of(request))
    if answer.is_denied:
        rows = [(say("服务"), tell(_CHOICES[Happened.denied][0]))]
    else:
        assert answer.paid_before_fen is not None
        assert answer.paid_after_fen is not None
        rows = [
            (say("服务"), tell(say("已完成"))),
            (say("取得成果前付费（元）"), yuan(answer.paid_before_fen)),
            (say("取得成果后付费（元）"), yuan(answer.paid_after_fen)),
            (say("满意度"), f"{answer.satisfaction} / {HIGHEST_SATISFACTION}"),
        ]
    body = (
        f'<h1 class="done">{tell(say("谢谢，您的答复已记录"))}</h1>'
        f"{_list(tell, rows)}"
        f"<p>{tell(say('这条链接不再有效，您不必再做什么。'))}</p>"
        f"{_facts(tell, question)}"
    )
    return _drawn(tell, question, body, request)


def notice_page(request: Request, question: Question | None) -> Drawn:
    """Why a link cannot be answered: no more than whoever holds it needs."""
    tell = _Tongue(language_of(request))
    title, words = _UNKNOWN if question is None else _GONE[question.state]
    facts = {}
    if question is not None:
        at_utc = question.used_at_utc
        at = at_utc.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M") if at_utc else ""
        facts = {"at": at, "until": question.expires_on.isoformat()}
    said = tell(Wording(words.template, tuple(facts.items())))
    return _drawn(tell, question, f"<h1>{tell(title)}</h1><p>{said}</p>", request)


# ---------------------------------------------------------------- pieces


def _facts(tell: _Tongue, question: Question) -> str:
    result = tell.pick(question.result_kind_zh, question.result_kind_en)
    rows = [
        (say("企业"), escape(question.enterprise)),
        (say("服务机构"), escape(question.agency)),
        (say("服务"), tell.pick(question.service_zh, question.service_en)),
        (say("成果"), f"{result}<br><bdi>{escape(question.result)}</bdi>"),
        (say("取得日期"), question.obtained_on.isoformat()),
    ]
    return _list(tell, rows)


def _list(tell: _Tongue, rows: list[tuple[Wording, str]]) -> str:
    told = "".join(f"<div><dt>{tell(name)}</dt><dd>{value}</dd></div>" for name, value in rows)
    return f"<dl>{told}</dl>"


def _choices(tell: _Tongue, written: Written, faults: Mapping[str, Wording]) -> str:
    cards = "".join(
        f'<label class="choice"><input type="radio" name="happened" value="{choice}" required'
        f"{' checked' if written.happened == choice else ''}>"
        f"<span><b>{tell(title)}</b><small>{tell(hint)}</small></span></label>"
        for choice, (title, hint) in _CHOICES.items()
    )
    legend = tell(say("服务是否已经完成？"))
    return f"<fieldset{_mark(faults, 'happened')}><legend>{legend}</legend>{cards}</fieldset>"


def _amounts(tell: _Tongue, written: Written, faults: Mapping[str, Wording]) -> str:
    fields = (
        ("before", say("取得成果前付费（元）"), written.before),
        ("after", say("取得成果后付费（元）"), written.after),
    )
    told = "".join(
        f'<label class="amount"{_mark(faults, name)}>{tell(title)}'
        f'<input type="text" inputmode="decimal" name="{name}" maxlength="24"'
        f' value="{escape(value, quote=True)}"></label>'
        for name, title, value in fields
    )
    hint = tell(say("没有付的填 0。两项分开统计。"))
    legend = tell(say("付了多少？"))
    return (
        f'<fieldset class="amounts"><legend>{legend}</legend>{told}<small>{hint}</small></fieldset>'
    )


def _satisfaction(tell: _Tongue, written: Written, faults: Mapping[str, Wording]) -> str:
    marks = "".join(
        f'<label><input type="radio" name="satisfaction" value="{mark}"'
        f"{' checked' if written.satisfaction == str(mark) else ''}>"
        f"<span>{mark}</span><small>{tell(_MARKS[mark]) if mark in _MARKS else '&nbsp;'}</small>"
        "</label>"
        for mark in range(1, HIGHEST_SATISFACTION + 1)
    )
    legend = tell(say("您对这家机构的服务满意吗？"))
    return (
        f'<fieldset class="satisfaction"{_mark(faults, "satisfaction")}>'
        f"<legend>{legend}</legend><div>{marks}</div></fieldset>"
    )


def _mark(faults: Mapping[str, Wording], field: str) -> str:
    return ' data-wrong="yes"' if field in faults else ""


def _small_print(tell: _Tongue, question: Question) -> str:
    said = [
        say("本链接由{alliance}发给贵企业登记的联系人，不经服务机构；只能答复一次，有效期至 {until}。",
            alliance=question.alliance, until=question.expires_on),
    ]  # fmt: skip
    if question.deemed_on is not None:
        said.append(
            say("{on} 起未答复的视为确认，不计满意度；此后仍可答复，以您的答复为准。",
                on=question.deemed_on)
        )  # fmt: skip
    return "".join(f'<p class="small">{tell(one)}</p>' for one in said)


def _drawn(tell: _Tongue, question: Question | None, body: str, request: Request) -> Drawn:
    other = ENGLISH if tell.code == CHINESE else CHINESE
    mark = (
        f'<span class="mark">{tell(say("演示数据"))}</span>'
        if question is not None and question.is_demonstration
        else ""
    )
    product = tell(PRODUCT)
    return Drawn(
        f'<!doctype html><html lang="{tell.tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f"<title>{tell(TITLE)} · {product}</title>"
        '<link rel="icon" href="/assets/icon.svg">'
        '<link rel="stylesheet" href="/assets/confirm.css"></head><body>'
        f'<header><img src="/assets/icon.svg" alt="" width="24" height="24"><b>{product}</b>{mark}'
        f'<a href="/auth/language?to={other}" lang="{"en" if other == ENGLISH else "zh-CN"}">'
        f"{LANGUAGES[other]}</a></header><main>{body}</main></body></html>",
        tell.tag,
    )
