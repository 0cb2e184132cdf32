"""One canonical form and one hash for everything that must not change unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Canonical: TypeAlias = bool | int | str | Sequence["Canonical"] | Mapping[str, "Canonical"] | None


def canonical_json(value: Canonical) -> str:
    """Sorted keys, no spaces, no floats: the same facts give the same text on every database.

    Raises:
        TypeError: a float, a key that is no text, or another type whose text depends on the
            machine.
    """
    _refuse_ambiguous(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_hex(text: str) -> str:
    """SHA-256 of the UTF-8 text, 64 hexadecimal characters."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def facts_digest(value: Canonical) -> str:
    """The digest of a set of facts: SHA-256 over its canonical JSON."""
    return sha256_hex(canonical_json(value))


def _refuse_ambiguous(value: Canonical) -> None:
    """Level by level and not by recursion: a stored decision holds hundreds of values."""
    level: list[object] = [value]
    while level:
        deeper: list[object] = []
        for item in level:
            match item:
                case str() | int() | None:
                    pass
                case float():
                    raise TypeError("a float has no canonical form; use integers (fen, hundredths)")
                case Mapping():
                    if not all(isinstance(name, str) for name in item):
                        raise TypeError("a key that is no text would be written like one that is")
                    deeper.extend(item.values())
                case Sequence():
                    deeper.extend(item)
        level = deeper
