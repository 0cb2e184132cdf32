"""The sheet to print (确认单): the code an enterprise scans, and what it is asked."""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

from components.language import CHINESE, _, language

if TYPE_CHECKING:
    from segno import QRCode

    from models.queries.confirming import Question

_STYLE = """
@page {size: A5; margin: 14mm}
body {font: 11pt/1.5 "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif;
  color: #1A2330; max-width: 120mm; margin: 0 auto; font-variant-numeric: tabular-nums}
h1 {font-size: 16pt; font-weight: 600; margin: 0 0 4mm}
svg {display: block; width: 52mm; height: 52mm; margin: 5mm auto 2mm}
dl {margin: 0; border-top: 0.3mm solid #D6DCE4}
dl div {display: flex; gap: 4mm; padding: 1.5mm 0; border-bottom: 0.3mm solid #D6DCE4}
dt {flex: 0 0 26mm; color: #525D6B} dd {margin: 0; overflow-wrap: anywhere}
p {margin: 3mm 0 0} .scan {text-align: center; font-weight: 600; margin: 0}
.small {font-size: 9pt; color: #525D6B} .address {font-size: 8pt; overflow-wrap: anywhere}
"""


def confirmation_sheet(question: Question, link: str, code: QRCode) -> bytes:
    """A page of its own, nothing outside it, to be opened and printed.

    Args:
        question: what is asked.
        link: where it is answered.
        code: the link as a code to scan.
    """
    is_chinese = language() == CHINESE
    service = question.service_zh if is_chinese else question.service_en
    kind = question.result_kind_zh if is_chinese else question.result_kind_en
    rows = (
        (_("企业"), question.enterprise),
        (_("服务机构"), question.agency),
        (_("服务"), service),
        (_("成果"), f"{kind} {question.result}"),
        (_("取得日期"), question.obtained_on.isoformat()),
    )
    told = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows
    )
    once = _(
        "本链接由{alliance}发给贵企业登记的联系人，不经服务机构；只能答复一次，有效期至 {until}。"
    )
    said = once.format(alliance=question.alliance, until=question.expires_on.isoformat())
    mark = f'<p class="small">{escape(_("演示数据"))}</p>' if question.is_demonstration else ""
    drawn = BytesIO()
    code.save(drawn, kind="svg", border=2, xmldecl=False, svgns=False, omitsize=True)
    return (
        f'<!doctype html><html lang="{"zh-CN" if is_chinese else "en"}"><meta charset="utf-8">'
        f"<title>{escape(_('企业确认单'))}</title><style>{_STYLE}</style>"
        f"<h1>{escape(_('企业确认单'))}</h1><dl>{told}</dl>{drawn.getvalue().decode()}"
        f'<p class="scan">{escape(_("用手机扫码，确认服务是否完成、是否付费"))}</p>'
        f'<p class="small">{escape(said)}</p><p class="address">{escape(link)}</p>{mark}</html>'
    ).encode()
