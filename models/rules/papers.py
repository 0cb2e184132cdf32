"""Papers (材料): what a file is, told by its first bytes and not by its name."""

from __future__ import annotations

_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def media_type_of(content: bytes) -> str | None:
    """The media type of a paper by its content; `None` for anything that is not PDF, PNG or
    JPEG."""
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    return None
