"""A month's public notice (公示) as a `.docx`: A4 landscape, ready to be posted."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from models.exchange.notice_table import DAYS, HEADS, MONEY, NOTHING, NoticeTable, notice_cells
from models.rules.money import yuan

_BODY, _TITLE = "仿宋", "宋体"
_PAGE_MM, _MARGIN_MM = (297, 210), 16
_WIDTHS_MM = (10, 24, 40, 44, 24, 27, 30, 20, 20, 18, 18)


def notice_document(table: NoticeTable) -> bytes:
    """The notice as a `.docx`."""
    document: Any = Document()
    document.core_properties.title = table.title
    document.core_properties.comments = table.mark
    _page_setup(document, table)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(10)
    _run(title, table.title, 18, is_bold=True, font=_TITLE)
    for words in table.paragraphs:
        line = document.add_paragraph()
        line.paragraph_format.first_line_indent = Pt(24)
        line.paragraph_format.line_spacing = 1.4
        _run(line, words, 12)
    _grid(document, table)
    for words in table.foot:
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.space_before = Pt(8)
        _run(line, words, 12)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _page_setup(document: Any, table: NoticeTable) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_PAGE_MM[0]), Mm(_PAGE_MM[1])
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    if table.mark:
        mark = section.header.paragraphs[0]
        mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(mark, table.mark, 9, color=RGBColor(0x7F, 0x50, 0x00))


def _grid(document: Any, table: NoticeTable) -> None:
    """The ruled table: the head repeated on every page, no row torn in two."""
    grid = document.add_table(rows=1, cols=len(HEADS), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    _narrow_margins(grid)
    scale = (_PAGE_MM[0] - 2 * _MARGIN_MM) / sum(_WIDTHS_MM)
    for at, head in enumerate(HEADS):
        _fill(grid.rows[0].cells[at], head, WD_ALIGN_PARAGRAPH.CENTER, is_bold=True)
    _mark_row(grid.rows[0], "w:tblHeader")
    for position, line in enumerate(table.lines, start=1):
        row = grid.add_row()
        _mark_row(row, "w:cantSplit")
        for at, cell in enumerate(notice_cells(position, line)):
            _fill(row.cells[at], _written(at, cell), _alignment(at))
    if not table.lines:
        row = grid.add_row()
        _fill(row.cells[0].merge(row.cells[-1]), NOTHING, WD_ALIGN_PARAGRAPH.CENTER)
    widths = [Mm(width * scale) for width in _WIDTHS_MM]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    for row in grid.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _alignment(at: int) -> Any:
    if at in MONEY:
        return WD_ALIGN_PARAGRAPH.RIGHT
    return WD_ALIGN_PARAGRAPH.CENTER if at in DAYS or not at else WD_ALIGN_PARAGRAPH.LEFT


def _written(at: int, cell: str | int | date | None) -> str:
    if cell is None:
        return "—"
    if at in MONEY and isinstance(cell, int):
        return yuan(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _fill(cell: Any, words: str, align: Any, *, is_bold: bool = False) -> None:
    line = cell.paragraphs[0]
    line.alignment = align
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(1.5)
    plain = "".join(c if c in "\n\t" or c.isprintable() else " " for c in words)
    _run(line, plain, 8, is_bold=is_bold)


def _narrow_margins(grid: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), "40")
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    grid._tbl.tblPr.append(margins)


def _mark_row(row: Any, mark: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(mark))


def _run(
    line: Any,
    words: str,
    size: float,
    *,
    is_bold: bool = False,
    font: str = _BODY,
    color: RGBColor | None = None,
) -> None:
    run = line.add_run(words)
    run.bold = is_bold
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    if color is not None:
        run.font.color.rgb = color
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
