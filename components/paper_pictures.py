"""A paper as a picture, drawn on the server: nothing of the file runs in the browser."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image, ImageOps

from models.actions.evidence import evidence_path
from models.exchange.paper_reading import MOST_PIXELS, UNREADABLE, opened_picture, pdfium_turn

_WIDEST = 1_400
_LONGEST = 4_200


def drawn_page(sha256: str, number: int) -> tuple[int, bytes]:
    """A page of a stored PDF as PNG, with how many pages there are; no pages where the file cannot
    be read, no picture where the page cannot be."""
    try:
        with pdfium_turn, pypdfium2.PdfDocument(evidence_path(sha256)) as document:
            return len(document), _page(document, number)
    except pypdfium2.PdfiumError:
        return 0, b""


def drawn_picture(sha256: str) -> bytes:
    """A stored PNG or JPEG upright and as wide as a screen shows it; empty where it cannot be
    read."""
    try:
        with opened_picture(evidence_path(sha256).read_bytes()) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return b""
            kind = "PNG" if picture.format == "PNG" else "JPEG"
            picture.draft("RGB", (_WIDEST, _LONGEST))
            picture.thumbnail((_WIDEST, _LONGEST))
            is_plain = picture.mode in ("1", "L", "P", "RGB", "RGBA" if kind == "PNG" else "RGB")
            upright = ImageOps.exif_transpose(picture)
            return _written(upright if is_plain else upright.convert("RGB"), kind)
    except UNREADABLE:
        return b""


def _page(document: pypdfium2.PdfDocument, number: int) -> bytes:
    if not len(document):
        return b""
    try:
        page = document[min(max(number, 1), len(document)) - 1]
        width, height = (max(1.0, side) for side in page.get_size())
        picture = page.render(scale=min(2.0, _WIDEST / width, _LONGEST / height)).to_pil()
    except pypdfium2.PdfiumError:
        return b""
    return _written(picture, "PNG")


def _written(picture: Image.Image, kind: str) -> bytes:
    written = io.BytesIO()
    picture.save(written, format=kind)
    return written.getvalue()
