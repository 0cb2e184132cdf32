"""The month's official table, or another printed one, as a `.docx`: landscape, ready
for signature and seal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from models.exchange.month_table import (
    Alignment,
    Annex,
    PrintedTable,
    TableColumn,
    column_sum,
    in_capitals,
    written,
)

_BODY, _TITLE = "仿宋", "宋体"
_MARGIN_MM = 10
_SMALL = 7.5
_ALIGN = {
    Alignment.start: WD_ALIGN_PARAGRAPH.LEFT,
    Alignment.middle: WD_ALIGN_PARAGRAPH.CENTER,
    Alignment.end: WD_ALIGN_PARAGRAPH.RIGHT,
}


def month_document(table: PrintedTable) -> bytes:
    """The table and its annexes as a `.docx`, each annex on a page of its own."""
    document: Any = Document()
    document.core_properties.title = table.title
    document.core_properties.comments = table.mark
    _page_setup(document, table)
    _title(document, table.title)
    _head_line(document, table)
    grid = _grid(document, table.columns, table.lines, _SMALL)
    _totals(grid, table)
    _signatures(document, table)
    for annex in table.annexes:
        document.add_page_break()
        _title(document, annex.title)
        _head_line(document, table)
        if annex.aside:
            _run(document.add_paragraph(), annex.aside, 9)
        annexed = _grid(document, annex.columns, annex.lines, 9)
        if not annex.lines:
            _merged_row(annexed, annex.when_empty, 9)
        _annex_total(annexed, annex)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


# ---------------------------------------------------------------- the page


def _page_setup(document: Any, table: PrintedTable) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    width_mm, height_mm = table.paper_mm
    section.page_width, section.page_height = Mm(width_mm), Mm(height_mm)
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(16), Mm(15)
    section.header_distance = section.footer_distance = Mm(8)
    normal = document.styles["Normal"]
    normal.font.size = Pt(10.5)
    _use_font(normal.font, normal.element.get_or_add_rPr(), _BODY)
    normal.paragraph_format.space_after = Pt(0)
    if table.mark:
        mark = section.header.paragraphs[0]
        mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(mark, table.mark, 9, color=RGBColor(0x7F, 0x50, 0x00))
    _footer(section.footer.paragraphs[0], table)


def _footer(line: Any, table: PrintedTable) -> None:
    line.style = "Normal"  # the footer's own has stops for another page
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(_text_mm(table)), WD_TAB_ALIGNMENT.RIGHT)
    _run(line, table.proof, 7, color=RGBColor(0x52, 0x5D, 0x6B))
    _run(line, "\t第 ", 9)
    _page_field(line, "PAGE")
    _run(line, " 页 共 ", 9)
    _page_field(line, "NUMPAGES")
    _run(line, " 页", 9)


def _page_field(line: Any, code: str) -> None:
    run = _run(line, "", 9)
    for kind, text in (("begin", None), (None, code), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _text_mm(table: PrintedTable) -> int:
    """How wide the text is."""
    return table.paper_mm[0] - 2 * _MARGIN_MM


def _title(document: Any, title: str) -> None:
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_after = Pt(8)
    line.paragraph_format.keep_with_next = True
    _run(line, title, 20, is_bold=True, font=_TITLE)


def _head_line(document: Any, table: PrintedTable) -> None:
    line = document.add_paragraph()
    line.paragraph_format.space_after = Pt(3)
    line.paragraph_format.keep_with_next = True
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(_text_mm(table) / 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Mm(_text_mm(table)), WD_TAB_ALIGNMENT.RIGHT)
    _run(line, "\t".join(table.head_line), 11)


def _signatures(document: Any, table: PrintedTable) -> None:
    line = document.add_paragraph()
    line.paragraph_format.space_before = Pt(14)
    for place in range(1, 4):
        line.paragraph_format.tab_stops.add_tab_stop(Mm(_text_mm(table) / 4 * place))
    _run(line, "\t".join(table.signatures), 11)


# ---------------------------------------------------------------- the grid


def _grid(document: Any, columns: Sequence[TableColumn], lines: Sequence[Any], size: float) -> Any:
    """A ruled table: the head repeated on every page, no row torn in two."""
    grid = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    _narrow_margins(grid)
    section = document.sections[0]
    text_mm = section.page_width.mm - 2 * _MARGIN_MM
    scale = text_mm / sum(column.width_mm for column in columns)
    widths = [Mm(column.width_mm * scale) for column in columns]
    for width, column in zip(widths, grid.columns, strict=True):
        column.width = width
    for cell, column in zip(grid.rows[0].cells, columns, strict=True):
        _fill(cell, column.head, Alignment.middle, size, is_bold=True)
    _mark_row(grid.rows[0], "w:tblHeader")
    for position, line in enumerate(lines, start=1):
        row = grid.add_row()
        _mark_row(row, "w:cantSplit")
        for cell, column in zip(row.cells, columns, strict=True):
            _fill(cell, written(column, column.value(position, line)), column.align, size)
    for row in grid.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return grid


def _totals(grid: Any, table: PrintedTable) -> None:
    first_sum = next(place for place, column in enumerate(table.columns) if column.is_summed)
    row = grid.add_row()
    _mark_row(row, "w:cantSplit")
    label = row.cells[0].merge(row.cells[first_sum - 1])
    _fill(label, f"合计（{len(table.lines)} 件）", Alignment.middle, 9, is_bold=True)
    for place, column in enumerate(table.columns):
        if column.is_summed:
            total = written(column, column_sum(column, table.lines))
            _fill(row.cells[place], total, Alignment.end, _SMALL, is_bold=True)
    _merged_row(grid, in_capitals(table.total_fen), 10.5, is_bold=True, align=Alignment.start)


def _annex_total(grid: Any, annex: Annex) -> None:
    for place, column in enumerate(annex.columns):
        if column.is_summed:
            row = grid.add_row()
            label = row.cells[0].merge(row.cells[place - 1])
            _fill(label, f"合计（{len(annex.lines)} 件）", Alignment.middle, 9, is_bold=True)
            total = written(column, column_sum(column, annex.lines))
            _fill(row.cells[place], total, Alignment.end, 9, is_bold=True)


def _merged_row(
    grid: Any,
    words: str,
    size: float,
    *,
    is_bold: bool = False,
    align: Alignment = Alignment.middle,
) -> None:
    row = grid.add_row()
    _mark_row(row, "w:cantSplit")
    _fill(row.cells[0].merge(row.cells[-1]), words, align, size, is_bold=is_bold)


def _fill(cell: Any, words: str, align: Alignment, size: float, *, is_bold: bool = False) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    line = cell.paragraphs[0]
    line.alignment = _ALIGN[align]
    _run(line, _writable(words), size, is_bold=is_bold)


def _writable(words: str) -> str:
    """XML has no control characters."""
    return "".join(c if c in "\n\t" or c.isprintable() else " " for c in words)


def _mark_row(row: Any, mark: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(mark))


def _narrow_margins(grid: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 25), ("left", 35), ("bottom", 25), ("right", 35)):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), str(width))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    grid._tbl.tblPr.append(margins)


def _run(
    line: Any,
    words: str,
    size: float,
    *,
    is_bold: bool = False,
    font: str = _BODY,
    color: RGBColor | None = None,
) -> Any:
    run = line.add_run(words)
    run.bold = is_bold
    run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
    _use_font(run.font, run._r.get_or_add_rPr(), font)
    return run


def _use_font(font: Any, properties: Any, name: str) -> None:
    """Chinese characters take their font from an attribute of its own."""
    font.name = "Times New Roman"
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), name)
