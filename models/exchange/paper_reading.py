"""Whether a paper (材料) can be looked at: opened once as it comes in, so that nobody decides on a
file that no screen can show."""

from __future__ import annotations

import io
from dataclasses import dataclass
from threading import Lock

import pypdfium2
from PIL import Image

from models.rules.wording import Wording, say

MOST_PIXELS = 80_000_000
"""An A3 sheet scanned at 600 dpi has 70 million; in colour they already fill 240 MB of memory."""

UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)
"""What Pillow raises at a picture that is none: one for each of its decoders' tastes."""

pdfium_turn = Lock()
"""PDFium draws for one thread at a time; two at once end the process."""

_EIGHTH = 8  # the smallest picture a JPEG decoder makes while it still reads all of the file


@dataclass(frozen=True, slots=True)
class PaperFault:
    """Why a paper cannot be looked at, and what to do about it."""

    wrong: Wording
    fix: Wording


_DAMAGED = PaperFault(say("图片已损坏，不能打开"), say("请重新扫描或另存后再上传"))
_TOO_LARGE = PaperFault(
    say("图片超过 {most} 万像素", most=MOST_PIXELS // 10_000), say("请降低分辨率后再上传")
)
_LOCKED = PaperFault(say("PDF 打不开：已损坏或设有密码"), say("请去掉密码或重新导出后再上传"))
_EMPTY = PaperFault(say("PDF 没有页面"), say("请重新导出后再上传"))


def paper_fault(content: bytes, media_type: str) -> PaperFault | None:
    """Why a file of a known type cannot be shown; `None` where it can.

    Args:
        content: the whole file.
        media_type: what its first bytes say (`rules.papers`).
    """
    return _pdf_fault(content) if media_type == "application/pdf" else _picture_fault(content)


def opened_picture(content: bytes) -> Image.Image:
    """A PNG or JPEG, its size read and nothing decoded yet.

    Raises:
        UNREADABLE: it is none.
    """
    return Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))


def _pdf_fault(content: bytes) -> PaperFault | None:
    try:
        with pdfium_turn, pypdfium2.PdfDocument(content) as document:
            return None if len(document) else _EMPTY
    except pypdfium2.PdfiumError:
        return _LOCKED


def _picture_fault(content: bytes) -> PaperFault | None:
    try:
        with opened_picture(content) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                return _TOO_LARGE
            picture.draft("L", (width // _EIGHTH, height // _EIGHTH))
            picture.load()
    except Image.DecompressionBombError:
        return _TOO_LARGE
    except UNREADABLE:
        return _DAMAGED
    return None
