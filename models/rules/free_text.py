"""Free text (说明、备注) as the record keeps it: nothing a database cannot store, nothing without an
end."""

from __future__ import annotations

import unicodedata

from models.rules.errors import TextRefused

LONGEST_NOTE = 2_000  # characters of a decision's note
_LINES = "\n\t"


def kept_text(written: str, longest: int) -> str:
    """What is kept of a text: trimmed, without control characters and half characters.

    Args:
        written: as typed or pasted.
        longest: how many characters the record keeps.

    Raises:
        TextRefused: more than that.
    """
    text = "".join(
        c for c in written.replace("\r\n", "\n") if c in _LINES or _is_storable(c)
    ).strip()
    if len(text) > longest:
        raise TextRefused(longest=longest, length=len(text))
    return text


def _is_storable(character: str) -> bool:
    """Control characters (Cc) and lone surrogates (Cs) are no text; PostgreSQL refuses some of
    them."""
    return unicodedata.category(character) not in ("Cc", "Cs")
