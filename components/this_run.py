"""What belongs to one run of the script and to nothing longer.

A script run is one thread, so this is a thread-local that `in_one_run` empties again. Callbacks run
in the same thread before the script: they find it empty.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from components.shell import Visit
    from models.queries.sign_in import SignedIn


class _ThisRun(threading.local):
    """Language, who was read from the cookie, the open page's visit, the line under its title."""

    language: str | None = None
    visitor: SignedIn | None = None
    visit: Visit | None = None
    answer_line: DeltaGenerator | None = None


this_run = _ThisRun()


@contextmanager
def in_one_run() -> Iterator[None]:
    """One run of the script: whatever it left behind is forgotten, also when it stops half-way."""
    this_run.__dict__.clear()
    try:
        yield
    finally:
        this_run.__dict__.clear()
