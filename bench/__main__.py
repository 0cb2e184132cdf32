"""`python -m bench`: every row of the table, one after the other, unattended.

A row that cannot be measured says why and does not keep the others from being measured; the exit
code is then 1. Missed goals are no failure of the run.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

SMALL, LARGE = 10_000, 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the page if asked to."""
    asked = _asked(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are ended too
    with tempfile.TemporaryDirectory(prefix="bench-", dir=_folder(asked.folder)) as folder:
        os.environ["DATA_FOLDER"] = folder
        os.environ.pop("DATABASE_URL", None)
        return _measure(asked, Path(folder))


def _measure(asked: argparse.Namespace, folder: Path) -> int:
    """Imports come after the environment is set: nothing of a run may touch another database."""
    from bench import report
    from bench.stage import Stage
    from bench.timing import Line
    from models.clock import today

    large = SMALL if asked.quick else LARGE
    stage = Stage(folder, SMALL, large, Path(asked.folder), rounds=9 if asked.quick else 30)
    lines: list[Line] = []
    failed = False
    for name, row in _rows().items():
        if asked.only and name not in asked.only.split(","):
            continue
        began = time.perf_counter()
        try:
            lines += row(stage)
        except Exception as trouble:  # noqa: BLE001 - one row must not take the others with it
            traceback.print_exc()
            lines.append(Line(name, "not measured", "", "", note=f"{type(trouble).__name__}"))
            failed = True
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    print(report.shown(lines))
    if asked.write:
        sizes = " and ".join(f"{size:,}" for size in sorted({SMALL, large}))
        report.PAGE.parent.mkdir(exist_ok=True)
        report.PAGE.write_text(report.page(lines, sizes, today()), encoding="utf-8")
    return int(failed)


def _rows() -> dict[str, Callable[..., list]]:  # type: ignore[type-arg]
    """The rows in the order of the table."""
    from bench.rows.browser import browser
    from bench.rows.decisions import decisions
    from bench.rows.exports import exports
    from bench.rows.imports import imports
    from bench.rows.queue import queue
    from bench.rows.ratings import ratings
    from bench.rows.search import search
    from bench.rows.sessions import sessions

    rows = (queue, browser, decisions, sessions, ratings, search, imports, exports)
    return {row.__name__: row for row in rows}


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 claims only, few rounds")
    parser.add_argument("--only", default="", help="rows to measure, by name, with commas")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument(
        "--folder",
        default=str(Path(__file__).resolve().parent.parent / "data" / "bench"),
        help="where generated files are kept (three gigabytes)",
    )
    return parser.parse_args(arguments)


def _folder(name: str) -> str:
    Path(name).mkdir(parents=True, exist_ok=True)
    return name


if __name__ == "__main__":
    sys.exit(main())
