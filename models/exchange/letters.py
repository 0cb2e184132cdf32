"""Letters (函件): a template filled in, and what a template brought by the alliance must be.

In a template stand placeholders and nothing else of a program: whatever is more than a name between
braces — a loop, a filter, a comment — is refused, and so are macros, embedded objects and pictures
fetched from elsewhere. What is left is filled in by a sandboxed engine all the same.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import LxmlError

from models.exchange.xlsx_safety import refuse_bombs
from models.rules.errors import FileRefused
from models.rules.letters import LetterForm
from models.rules.wording import Wording, say

LARGEST_TEMPLATE_MB = 2
_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
_MACROS = re.compile(
    r"vbaProject|vbaData|macroEnabled|/embeddings/|/activeX/|oleObject", re.IGNORECASE
)
_OUTSIDE = re.compile(r"<Relationship\s[^>]*TargetMode=[\"']External[\"'][^>]*>")
_LINK = "/relationships/hyperlink"
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
# What the libraries raise where a zip is no document: they do not look before they reach.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, AttributeError, EOFError, KeyError, NotImplementedError,
    TypeError, ValueError, LxmlError, TemplateError,
)  # fmt: skip


def filled_letter(template: bytes, values: Mapping[str, str]) -> bytes:
    """A letter as a `.docx`.

    Args:
        template: a template that was accepted, or one of the program's own.
        values: what stands in each place; a line break begins a new paragraph of the same form.
    """
    document = DocxTemplate(io.BytesIO(template))
    document.render({name: _placed(value) for name, value in values.items()}, _engine())
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def refuse_template(content: bytes, form: LetterForm) -> None:
    """Go on only with a template that can be used for a kind of letter.

    Raises:
        FileRefused: it is no Word document, holds more than text and placeholders, names a
            placeholder this kind does not have, lacks one it must have, or cannot be filled in.
    """
    if len(content) > LARGEST_TEMPLATE_MB * 2**20:
        raise FileRefused(say("模板超过 {most} MB", most=LARGEST_TEMPLATE_MB))
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise FileRefused(_no_document())
    try:
        _refuse_active_parts(content)
        found = _placeholders(content)
        _refuse_names(found, form)
        filled = filled_letter(content, form.samples)
        Document(io.BytesIO(filled))
    except _UNREADABLE as why:
        raise FileRefused(_no_document()) from why


def _refuse_active_parts(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        refuse_bombs(archive)
        names = archive.namelist()
        types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
        if _MACROS.search("\n".join([*names, types])):
            raise FileRefused(say("模板含有宏或嵌入对象；请另存为不含宏的 .docx 后上传"))
        for name in names:
            if name.endswith(".rels"):
                _refuse_outside(archive.read(name).decode("utf-8", "replace"))


def _refuse_outside(relations: str) -> None:
    if any(_LINK not in found for found in _OUTSIDE.findall(relations)):
        raise FileRefused(say("模板引用了外部文件或图片；请改为直接插入后上传"))


def _placeholders(content: bytes) -> list[str]:
    """What stands between braces anywhere in a document, in its order."""
    xml = "\n".join(_texts(content))
    if any(mark in xml for mark in ("{%", "{#", "｛｛")) or "{{" in _PLACEHOLDER.sub("", xml):
        raise FileRefused(
            say("模板中只能有形如 {example} 的占位符（半角大括号，成对出现）", example="{{申请号}}")
        )
    return [_TAGS.sub("", found).strip() for found in _PLACEHOLDER.findall(xml)]


def _texts(content: bytes) -> Iterator[str]:
    """The words of every part, as the engine will see them; the document's properties too."""
    document = DocxTemplate(io.BytesIO(content))
    document.init_docx()
    for name in _PROPERTIES:
        yield str(getattr(document.docx.core_properties, name) or "")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                yield document.patch_xml(archive.read(name).decode("utf-8", "replace"))


def _refuse_names(found: list[str], form: LetterForm) -> None:
    if unknown := sorted(set(found) - form.names):
        raise FileRefused(
            say(
                "“{letter}”没有占位符 {names}；可用的见说明", letter=form.name, names=tuple(unknown)
            )
        )
    if missing := [name for name in form.required if name not in found]:
        raise FileRefused(
            say("模板缺少必要的占位符：{names}", names=tuple(f"{{{{{name}}}}}" for name in missing))
        )


def _engine() -> Any:
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _placed(value: str) -> str:
    """XML has no control characters; the engine makes paragraphs of bells."""
    plain = "".join(c if c in "\n\t" or c.isprintable() else " " for c in value)
    return plain.replace("\n", "\a")


def _no_document() -> Wording:
    return say("文件不是 Word 文档（.docx），或已损坏；请另存为 .docx 后上传")
