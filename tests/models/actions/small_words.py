"""What a test says when the words do not matter."""

from typing import Any

BACK: dict[str, Any] = {"reasons": ("R01",), "note": "见说明"}
"""A coded reason and a note."""
