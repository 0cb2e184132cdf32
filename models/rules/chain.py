"""The hash chain of the record (操作记录): how one link is bound to the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from models.rules.digest import canonical_json, sha256_hex

GENESIS = "0" * 64
"""The hash before the first link."""


def link_hash(row: Mapping[str, Any]) -> str:
    """The hash of a link, over its canonical JSON with the previous link's hash in it.

    Args:
        row: the columns of `activity` by name; `hash` itself is left out, `at_utc` is an aware
            instant.

    Returns:
        64 hexadecimal characters.
    """
    at_utc: datetime = row["at_utc"]
    content = {name: value for name, value in row.items() if name != "hash"}
    content["at_utc"] = at_utc.astimezone(UTC).isoformat(timespec="microseconds")
    return sha256_hex(canonical_json(content))
