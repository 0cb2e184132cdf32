"""Letters as Word documents: the templates that come with the program, and what a template brought by
the alliance must be."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from models.exchange import pdf
from models.exchange.letter_templates import built_in_template
from models.exchange.letters import LARGEST_TEMPLATE_MB, filled_letter, refuse_template
from models.exchange.pdf import makes_pdf, pdf_of
from models.rules.errors import FileRefused
from models.rules.letters import LETTERS, LetterKind

RETURN = LETTERS[LetterKind.return_notice]
NAUGHTY = "大连<b>&“{{申请号}}”</w:t>{% for %}\x07\x0b\x00 ]]> 有限公司"


def said(document: bytes) -> str:
    """Everything a document says, in body, header and footer."""
    opened = Document(io.BytesIO(document))
    section = opened.sections[0]
    lines = [*opened.paragraphs, *section.header.paragraphs, *section.footer.paragraphs]
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in lines), *cells])


def template(*lines: str, change: Callable[[Any], None] | None = None) -> bytes:
    """A template with these lines after every required placeholder."""
    document: Any = Document()
    for line in (*(f"{{{{{name}}}}}" for name in RETURN.required), *lines):
        document.add_paragraph(line)
    if change is not None:
        change(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def rezipped(content: bytes, **parts: str) -> bytes:
    """A document with some of its parts added or replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in {*old.namelist()} - parts.keys():
            new.writestr(name, old.read(name))
        for name, text in parts.items():
            new.writestr(name, text)
    return target.getvalue()


@pytest.mark.parametrize("kind", LetterKind)
def test_every_template_of_the_program_can_be_used_as_one_of_the_alliance(kind: LetterKind) -> None:
    form = LETTERS[kind]
    refuse_template(built_in_template(kind), form)
    words = said(filled_letter(built_in_template(kind), form.samples))
    assert form.title in words
    assert "{{" not in words
    for field in form.fields:
        for line in field.sample.split("\n"):
            assert line in words, field.name


def test_a_line_break_begins_a_paragraph_of_the_same_form() -> None:
    values = RETURN.samples | {"事项": "1. 甲\n2. 乙"}
    opened = Document(
        io.BytesIO(filled_letter(built_in_template(LetterKind.return_notice), values))
    )
    first, second = (line for line in opened.paragraphs if line.text in ("1. 甲", "2. 乙"))
    assert first.paragraph_format.first_line_indent == second.paragraph_format.first_line_indent
    assert first.runs[0].font.size == second.runs[0].font.size


def test_what_people_typed_stays_text() -> None:
    values = RETURN.samples | {"企业": NAUGHTY, "说明": NAUGHTY}
    words = said(filled_letter(built_in_template(LetterKind.return_notice), values))
    assert words.count("大连<b>&“{{申请号}}”</w:t>{% for %}    ]]> 有限公司") == 2


def test_a_placeholder_torn_by_word_is_one() -> None:
    def tear(document: Any) -> None:
        line = document.add_paragraph()
        for piece in ("甲{", "{ 申请", "号 }", "}乙"):
            line.add_run(piece).bold = piece == "号 }"

    content = template(change=tear)
    refuse_template(content, RETURN)
    assert f"甲{RETURN.samples['申请号']}乙" in said(filled_letter(content, RETURN.samples))


def test_placeholders_in_header_footer_and_table_are_filled() -> None:
    def place(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "头{{企业}}"
        document.sections[0].footer.paragraphs[0].text = "脚{{企业}}"
        document.add_table(rows=1, cols=1).cell(0, 0).text = "格{{企业}}"

    content = template(change=place)
    refuse_template(content, RETURN)
    words = said(filled_letter(content, RETURN.samples))
    assert all(f"{where}{RETURN.samples['企业']}" in words for where in "头脚格")


def titled(title: str) -> Callable[[Any], None]:
    """A document whose property holds a text."""

    def change(document: Any) -> None:
        document.core_properties.title = title

    return change


PLAIN = template()
RELATIONS = "word/_rels/document.xml.rels"


def related(target: str, kind: str) -> bytes:
    """A template with one relation to the outside."""
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        relations = archive.read(RELATIONS).decode()
    one = f'<Relationship Id="rId99" Type="http://x/relationships/{kind}" Target="{target}" TargetMode="External"/>'
    return rezipped(
        PLAIN, **{RELATIONS: relations.replace("</Relationships>", f"{one}</Relationships>")}
    )


# fmt: off
REFUSED: tuple[tuple[str, bytes, str], ...] = (
    ("nothing",      b"",                                                "不是 Word 文档"),
    ("no zip",       b"MZ" * 100,                                        "不是 Word 文档"),
    ("another zip",  rezipped(PLAIN, **{"[Content_Types].xml": "<x/>"}), "不是 Word 文档"),
    ("torn",         PLAIN[: len(PLAIN) // 2],                           "不是 Word 文档"),
    ("no XML",       rezipped(PLAIN, **{"word/document.xml": "<w:"}),    "不是 Word 文档"),
    ("large",        PLAIN + b"\0" * LARGEST_TEMPLATE_MB * 2**20,        "模板超过 2 MB"),
    ("bomb",         rezipped(PLAIN, **{"word/a.xml": "<x/>" * 9_000_000}), "模板超过 2 MB|解压后过大"),
    ("macro",        rezipped(PLAIN, **{"word/vbaProject.bin": "x"}),    "模板含有宏"),
    ("embedded",     rezipped(PLAIN, **{"word/embeddings/a.bin": "x"}),  "模板含有宏或嵌入对象"),
    ("picture",      related("http://x.example/a.png", "image"),         "模板引用了外部文件"),
    ("other fields", template("{{收款账号}}"),                           "没有占位符 收款账号"),
    ("a loop",       template("{% for x in range(9) %}{% endfor %}"),    "只能有形如 {{申请号}} 的占位符"),
    ("a comment",    template("{# 备注 #}"),                             "只能有形如"),
    ("a filter",     template("{{ 企业|upper }}"),                       "没有占位符 企业"),
    ("an attribute", template("{{ 企业.__class__ }}"),                   "没有占位符 企业"),
    ("a sum",        template("{{ 7*7 }}"),                              "没有占位符 7"),
    ("one brace",    template("{{ 企业 }"),                              "只能有形如"),
    ("wide braces",  template("｛｛企业｝｝"),                           "只能有形如"),
    ("a property",   template(change=titled("{{ 7*7 }}")),               "没有占位符 7"),
    ("a statement",  template(change=titled("{% if 1 %}")),              "只能有形如"),
)
# fmt: on


@pytest.mark.parametrize(("name", "content", "words"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_cannot_be_a_template_is_refused_in_words(
    name: str, content: bytes, words: str
) -> None:
    with pytest.raises(FileRefused, match=words.replace("{{", r"\{\{").replace("}}", r"\}\}")):
        refuse_template(content, RETURN)


def test_a_missing_placeholder_is_named() -> None:
    content = built_in_template(LetterKind.refusal_notice)
    with pytest.raises(FileRefused, match=re.escape("模板缺少必要的占位符：{{补正期限}}")):
        refuse_template(content, RETURN)


def test_a_link_in_a_template_is_no_harm() -> None:
    refuse_template(related("https://zone.example", "hyperlink"), RETURN)


# ---------------------------------------------------------------- PDF


def test_without_libreoffice_there_is_no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_program", lambda: None)
    makes_pdf.cache_clear()
    assert not makes_pdf()
    assert pdf_of(PLAIN) is None
    makes_pdf.cache_clear()


def stand_in(folder: Any, script: str) -> str:
    """A program in the place of LibreOffice."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    return str(program)


def test_one_that_hangs_is_ended_with_all_it_began(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = stand_in(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    monkeypatch.setattr(pdf, "_program", lambda: program)
    monkeypatch.setattr(pdf, "PATIENCE_SECONDS", 0.5)
    assert pdf_of(PLAIN) is None
    child = Path(f"/proc/{(tmp_path / 'child').read_text().strip()}/stat")
    until = time.monotonic() + 20
    while _runs(child):
        assert time.monotonic() < until, "it outlived the conversion"
        time.sleep(0.05)


def _runs(stat: Path) -> bool:
    """Whether a process is still there, and no dead one nobody has fetched."""
    try:
        return stat.read_text().split()[2] != "Z"
    except OSError:
        return False


def test_one_that_makes_nothing_gives_nothing(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_program", lambda: stand_in(tmp_path, "exit 1"))
    assert pdf_of(PLAIN) is None


def test_one_that_works_is_given_a_profile_of_its_own(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = 'echo "$@" > "$(dirname "$0")/asked"; printf %%PDF- > letter.pdf'.replace("%%", "%%%%")
    monkeypatch.setattr(pdf, "_program", lambda: stand_in(tmp_path, script))
    made = pdf_of(PLAIN)
    assert made is not None
    assert b"PDF-" in made
    asked = (tmp_path / "asked").read_text()
    assert "-env:UserInstallation=file://" in asked
    assert "--headless" in asked
