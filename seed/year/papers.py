"""Small real papers: one-page PDFs with Chinese text, and a PNG for the invoice; marked 演示数据.

The PDF names a Chinese font every viewer knows and embeds none, so that a page weighs a kilobyte
and a half.
"""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

_WIDTH, _HEIGHT = 595, 842  # A4 in points


@lru_cache(maxsize=512)
def paper(title: str, lines: tuple[str, ...]) -> bytes:
    """A one-page PDF with a title, lines and a round seal."""
    shown = [
        "0.93 0.95 0.97 rg 50 740 495 50 re f",
        "0.6 0.65 0.7 RG 0.8 w 50 90 495 700 re S",
        "0.1 0.14 0.2 rg",
        _text(70, 756, 20, title),
        *(_text(70, 700 - 30 * row, 12, line) for row, line in enumerate(lines)),
        "0.75 0.2 0.15 RG 2 w",
        _circle(450, 190, 55),
        "0.75 0.2 0.15 rg",
        _text(422, 184, 14, "示例印章"),
        "0.45 0.5 0.56 rg",
        _text(70, 105, 9, "演示数据：本页内容均为虚构"),
    ]
    return _document("\n".join(shown).encode("ascii"))


@lru_cache(maxsize=512)
def picture(heading: str, lines: tuple[str, ...]) -> bytes:
    """A small PNG with figures and letters, as a scanned invoice comes."""
    image = Image.new("P", (640, 400), 0)
    image.putpalette([255, 255, 255, 26, 35, 48, 178, 58, 14, 214, 220, 228])
    draw = ImageDraw.Draw(image)
    large, small = ImageFont.load_default(30), ImageFont.load_default(20)
    draw.rectangle((16, 16, 623, 383), outline=3, width=3)
    draw.text((40, 40), heading, fill=2, font=large)
    for row, line in enumerate(lines):
        draw.text((40, 110 + 40 * row), line, fill=1, font=small)
    draw.ellipse((470, 250, 590, 370), outline=2, width=4)
    draw.text((500, 300), "SAMPLE", fill=2, font=small)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _text(x: int, y: int, size: int, words: str) -> str:
    encoded = words.encode("utf-16-be").hex().upper()
    return f"BT /F1 {size} Tf {x} {y} Td <{encoded}> Tj ET"


def _circle(x: int, y: int, radius: int) -> str:
    """Four Bézier arcs."""
    k = round(radius * 0.5523, 1)
    return (
        f"{x + radius} {y} m "
        f"{x + radius} {y + k} {x + k} {y + radius} {x} {y + radius} c "
        f"{x - k} {y + radius} {x - radius} {y + k} {x - radius} {y} c "
        f"{x - radius} {y - k} {x - k} {y - radius} {x} {y - radius} c "
        f"{x + k} {y - radius} {x + radius} {y - k} {x + radius} {y} c S"
    )


def _document(content: bytes) -> bytes:
    """The bytes of a PDF with one page and its cross-reference table."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>" % (_WIDTH, _HEIGHT),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        (
            b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            b" /DescendantFonts [6 0 R] >>"
        ),
        (
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
            b" /W [1 95 500] /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
            b" /FontDescriptor 7 0 R >>"
        ),
        (
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /Ascent 880 /Descent -120"
            b" /CapHeight 700 /ItalicAngle 0 /StemV 80 /FontBBox [-25 -254 1000 880] >>"
        ),
    )
    written, places = bytearray(b"%PDF-1.4\n%\xe4\xb8\xad\n"), []
    for number, item in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    written += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(written)
