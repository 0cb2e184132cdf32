"""The templates of letters the program ships (内置模板): A4, title centred, number, body, signature,
date; in the manner of official documents (GB/T 9704), without a red head.

They are drawn here, so that each line of one can be read and compared; the alliance takes one away,
changes it in Word, and brings it back as its own.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from models.rules.letters import LETTERS, LetterKind

_TITLE, _BODY = "宋体", "仿宋"
_PAGE_MM = (210, 297)
_TEXT_MM = 156  # of GB/T 9704: 210 less 28 on the left and 26 on the right
_LINE, _SIZE = Pt(29), Pt(16)
_GREY, _AMBER = RGBColor(0x52, 0x5D, 0x6B), RGBColor(0x7F, 0x50, 0x00)

# fmt: off
_BODIES: dict[LetterKind, tuple[str, ...]] = {
    LetterKind.return_notice: (
        "{{收件单位}}：",
        "你单位为{{企业}}提出的“{{服务}}”补贴申请（申请号 {{申请号}}，成果编号 {{成果}}），经{{环节}}，下列事项需要补正，现一次告知：",
        "{{事项}}",
        "说明：{{说明}}",
        "请于{{补正期限}}前在系统中补正以上全部事项并重新提交，其他材料不必重交。逾期未重新提交的，申请自动撤回。",
        "特此告知。",
    ),
    LetterKind.refusal_notice: (
        "{{收件单位}}：",
        "你单位为{{企业}}提出的“{{服务}}”补贴申请（申请号 {{申请号}}，成果编号 {{成果}}），经{{环节}}，决定不予支持。理由如下：",
        "{{事项}}",
        "说明：{{说明}}",
        "对本决定有异议的，可以书面向联盟提出，由另一名初审人员核实后决定是否重新受理；一件申请重新受理以一次为限。",
        "特此告知。",
    ),
    LetterKind.approval_notice: (
        "{{收件单位}}：",
        "你单位为{{企业}}提出的“{{服务}}”补贴申请（申请号 {{申请号}}，成果编号 {{成果}}），经{{环节}}，予以通过：",
        "机构补贴：{{补贴金额}}",
        "企业奖励：{{奖励金额}}",
        "依据：{{依据}}",
        "公示期：{{公示期}}。公示期满且没有未结异议的，先支付机构补贴，再发放企业奖励。",
        "特此告知。",
    ),
    LetterKind.filing_confirmation: (
        "{{收件单位}}：",
        "你单位与{{企业}}签订的服务协议已经备案，现予确认：",
        "协议编号：{{协议编号}}",
        "备案号：{{备案号}}",
        "服务事项：{{服务}}",
        "签订日期：{{签订日期}}",
        "确认日期：{{确认日期}}",
        "约定服务费：{{服务费}}；预收费用：{{预收费用}}",
        "取得成果前不得向企业收取任何费用。备案后变更协议内容的，应当重新备案。",
        "特此确认。",
    ),
    LetterKind.payment_order: (
        "{{收件单位}}：",
        "{{月份}}科技创新服务补贴经审批通过、公示期满，请予拨付，共 {{件数}} 件，合计 {{金额}}（{{大写金额}}）。明细如下：",
        "{{明细}}",
        "拨付后请将凭证号登记到系统；支付失败或退回的，请写明原因。",
        "特此通知。",
    ),
}
# fmt: on
_LISTS = frozenset({"{{明细}}"})
"""Paragraphs that hold a table's lines, set with tabs."""


@cache
def built_in_template(kind: LetterKind) -> bytes:
    """The template the program ships for a kind of letter, as a `.docx`."""
    form = LETTERS[kind]
    document: Any = Document()
    document.core_properties.title = form.title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    _page_setup(document)
    _draw_head(document, form.title)
    for text in _BODIES[kind]:
        _draw_paragraph(document, text)
    _draw_signature(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _page_setup(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(_PAGE_MM[0]), Mm(_PAGE_MM[1])
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(16), Mm(16)
    normal = document.styles["Normal"]
    normal.font.size = _SIZE
    _use_font(normal.font, normal.element.get_or_add_rPr(), _BODY)
    normal.paragraph_format.space_after = Pt(0)
    mark = section.header.paragraphs[0]
    mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(mark, "{{数据标记}}", Pt(10.5), colour=_AMBER)
    _draw_foot(section.footer)


def _draw_foot(footer: Any) -> None:
    """What the letter can be proved with, small: its link in the record, and its template."""
    line = footer.paragraphs[0]
    _run(line, "{{记录}}", Pt(7.5), colour=_GREY)
    _run(footer.add_paragraph(), "{{模板}}", Pt(7.5), colour=_GREY)


def _draw_head(document: Any, title: str) -> None:
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_after = Pt(6)
    _run(line, title, Pt(22), font=_TITLE, is_bold=True)
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.paragraph_format.space_after = Pt(20)
    _run(number, "{{文号}}", Pt(14))


def _draw_paragraph(document: Any, text: str) -> None:
    """The addressee at the margin, everything else two characters in."""
    line = document.add_paragraph()
    _space(line)
    is_list = text in _LISTS
    if is_list:
        stops = line.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(9))
        stops.add_tab_stop(Mm(48))
        stops.add_tab_stop(Mm(_TEXT_MM), WD_TAB_ALIGNMENT.RIGHT)
    elif text != "{{收件单位}}：":
        line.paragraph_format.first_line_indent = 2 * _SIZE
    _run(line, text, Pt(12) if is_list else _SIZE)


def _draw_signature(document: Any) -> None:
    for place, text in enumerate(("{{落款单位}}", "{{日期}}")):
        line = document.add_paragraph()
        _space(line)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(32)
        line.paragraph_format.keep_with_next = not place
        if not place:
            line.paragraph_format.space_before = Pt(44)
        _run(line, text, _SIZE)


def _space(line: Any) -> None:
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    line.paragraph_format.line_spacing = _LINE


def _run(
    line: Any,
    words: str,
    size: Any,
    *,
    font: str = _BODY,
    is_bold: bool = False,
    colour: RGBColor | None = None,
) -> None:
    run = line.add_run(words)
    run.bold = is_bold
    run.font.size = size
    if colour is not None:
        run.font.color.rgb = colour
    _use_font(run.font, run._r.get_or_add_rPr(), font)


def _use_font(font: Any, properties: Any, name: str) -> None:
    """Chinese characters take their font from an attribute of its own."""
    font.name = "Times New Roman"
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), name)
