"""Half-width form (半角): what a Chinese keyboard writes twice as wide, as plain characters."""

from __future__ import annotations

_HALF_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {
    0x3000: " ",  # the ideographic space
    0xFFE5: "¥",  # ￥
    0x2212: "-",  # − the minus sign
}


def half_width(written: str) -> str:
    """`written` with full-width digits, letters, signs and spaces (全角) as plain ones.

    Narrower than Unicode's NFKC on purpose: that one also reads ① and ² as digits, which nobody
    meant as part of an amount or a certificate number.
    """
    return written.translate(_HALF_WIDTH)
