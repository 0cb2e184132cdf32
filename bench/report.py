"""The table on the terminal, and `docs/performance.md`."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from bench.timing import Line

PACKAGES = (
    "streamlit", "uvicorn", "sqlmodel", "sqlalchemy", "django", "gunicorn", "django-import-export",
    "openpyxl", "xlsxwriter", "rustpy-xlsxwriter", "python-calamine",
)  # fmt: skip
PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"

_HEADS = ("work", "ratio", "goal", "", "ours", "beside it", "to know")
_ABOUT = """# Performance

Measured by `make bench` (`python -m bench --write` writes this page): our screens and actions beside what somebody
else would have built over the same tables, in the same run, in turns (A B A B), medians. The figures depend on the
machine, the ratios hardly; the goal is the ratio.

* The data are generated (`bench/generate.py`): {sizes} claims, one in a hundred waiting for pre-review, on SQLite in
  WAL mode with full synchronisation. Both sides have a copy of the same file, with the same indexes.
* The peer is Django's admin over unmanaged models, tuned (`bench/peers/django_admin`): one gunicorn process with eight
  threads, kept connections, joined names, no full counts, cached templates, the same pragmas. It checks nothing:
  its decision is one row and one log entry.
* Each row of the table is one function in `bench/rows`, whose docstring says what is compared and why that is fair.
* Nothing is timed in the test suite.
"""
_COMMANDS = """
## How to repeat it

```
make bench                          # everything, {sizes} claims; about a quarter of an hour the first time
.venv/bin/python -m bench --quick   # 10,000 claims, two minutes
.venv/bin/python -m bench --only queue,decisions
.venv/bin/python -m bench --write   # and write this page
```

The generated files stay in `data/bench` and are used again until tables, generator or month change.
"""


def shown(lines: Sequence[Line]) -> str:
    """The table as text for a terminal."""
    rows = [_HEADS, *(_cells(line) for line in lines)]
    widths = [max(_width(row[at]) for row in rows) for at in range(len(_HEADS) - 1)]
    return "\n".join(
        "  ".join(
            [*(_padded(cell, width) for cell, width in zip(row, widths, strict=False)), row[-1]]
        )
        for row in rows
    )


def page(lines: Sequence[Line], sizes: str, on: date) -> str:
    """The page of the documentation."""
    table = [
        "| " + " | ".join(_HEADS) + " |",
        "|" + "---|" * len(_HEADS),
        *("| " + " | ".join(_cells(line)) + " |" for line in lines),
    ]
    parts = [_ABOUT.format(sizes=sizes), f"## {on.isoformat()}", machine(), "\n".join(table)]
    return "\n\n".join([*(part.strip() for part in parts), short(lines)]) + _COMMANDS.format(
        sizes=sizes
    )


def short(lines: Sequence[Line]) -> str:
    """What fell short."""
    missed = [line for line in lines if line.is_met is False]
    if not missed:
        return "Every goal was met.\n"
    rows = [
        f"* {line.work}: {line.ratio or line.ours} against {line.goal}. {line.note}"
        for line in missed
    ]
    return "## What fell short\n\n" + "\n".join(row.rstrip() for row in rows) + "\n"


def machine() -> str:
    """The machine in general terms, and the versions."""
    with open("/proc/meminfo", encoding="utf-8") as lines:
        memory_gb = int(next(lines).split()[1]) // 1024 // 1024
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory_gb} GB, {platform.system()},"
        f" load average {os.getloadavg()[2]:.1f} during the run;"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {packages}."
    )


def _cells(line: Line) -> tuple[str, ...]:
    met = {True: "met", False: "**not met**", None: ""}[line.is_met]
    return (line.work, line.ratio, line.goal, met, line.ours, line.peer, line.note)


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
