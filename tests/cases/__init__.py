"""Cases an official can read: one TOML file per rule, Chinese descriptions, amounts in yuan."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def cases(name: str) -> dict[str, Any]:
    """The tables of `<name>.toml`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
