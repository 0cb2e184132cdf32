"""Sealing personal values for the record: a keyed digest (HMAC) says whether a value changed, never
what it is.

The key is this deployment's own, made on first use, readable by its owner only. It belongs into the
backup: without it the record still verifies, but nobody can show any more that a given telephone
number was the one entered.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.database import deployment

KEY_FILE = "record.key"
PERSONAL = frozenset({"contact_name", "contact_phone", "payee_account", "email"})
"""Fields that stand in the record sealed."""
_SHOWN = 32  # hexadecimal characters, 128 bits
_SIGNED = 16  # bytes


def sealed(value: str) -> str:
    """A personal value as the record keeps it, `hmac:…`; nothing stays nothing."""
    if not value:
        return ""
    digest = hmac.new(_key(deployment().data_folder / KEY_FILE), value.encode(), hashlib.sha256)
    return f"hmac:{digest.hexdigest()[:_SHOWN]}"


def signature(text: str) -> str:
    """This deployment's signature under a text it hands out, such as a link: 128 bits that stand in
    an address as they are."""
    key = _key(deployment().data_folder / KEY_FILE)
    digest = hmac.new(key, f"link:{text}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_SIGNED]).decode("ascii").rstrip("=")


def recorded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the record keeps them: dates as text, members of a list of values by their value,
    personal ones sealed."""
    plain = {name: _plain(value) for name, value in values.items()}
    return plain | {name: sealed(plain[name]) for name in PERSONAL & plain.keys()}


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
    return value


@lru_cache(maxsize=4)
def _key(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        _make(file)
    return bytes.fromhex(file.read_text("ascii"))


def _make(file: Path) -> None:
    """Written aside and then linked, so that of two processes one key stands and it is whole."""
    made = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        target.write(secrets.token_hex(32))
    try:
        os.link(made, file)
    except FileExistsError:
        pass
    finally:
        made.unlink()
