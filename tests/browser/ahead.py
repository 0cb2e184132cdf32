"""`uvicorn app:app` whose clock runs ahead: by as many days as a file in the data folder says.

`python -m tests.browser.ahead <port>`; the days can be changed while it runs.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import uvicorn

from models import clock

DAYS = "days_ahead"
"""The file's name."""


class Ahead(datetime):
    """The real clock and some days."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """The instant the zone believes it is."""
        return datetime.now(tz) + timedelta(days=days_in(Path(os.environ["DATA_FOLDER"])))


def days_in(folder: Path) -> int:
    """How many days the clock of a folder's server is ahead; none before any passed."""
    with suppress(FileNotFoundError):
        return int((folder / DAYS).read_text())
    return 0


def let_pass(folder: Path, days: int) -> None:
    """Some more days pass, in one stroke: nobody reads a half-written number."""
    being_written = folder / f"{DAYS}.new"
    being_written.write_text(str(days_in(folder) + days))
    being_written.replace(folder / DAYS)


if __name__ == "__main__":
    clock.datetime = Ahead  # type: ignore[misc]
    uvicorn.run("app:app", host="127.0.0.1", port=int(sys.argv[1]))
