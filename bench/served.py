"""Our app as it is, with counters beside it: how long each script run took and computed, and its
statements.

`uvicorn bench.served:app`. One line of JSON a run goes to the file named in `BENCH_RUNS`. A list
shows as many rows as `BENCH_ROWS` says, because the peer's page shows fifty and ours fifteen.
"""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import event
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from app import app
from components import tables
from models.database import default_engine

__all__ = ["app"]

_counted = threading.local()
_log = Path(os.environ["BENCH_RUNS"]).open(  # noqa: SIM115 - for as long as the server lives
    "a", encoding="utf-8", buffering=1
)
_run_script: Any = ScriptRunner._run_script


def _count(*_: object) -> None:
    _counted.statements = getattr(_counted, "statements", 0) + 1


def _timed_run(runner: Any, *arguments: Any) -> None:
    _counted.statements = 0
    began, computed = time.perf_counter(), time.thread_time()
    _run_script(runner, *arguments)
    spent = {
        "ms": (time.perf_counter() - began) * 1_000,
        "cpu_ms": (time.thread_time() - computed) * 1_000,
        "statements": _counted.statements,
    }
    _log.write(json.dumps(spent) + "\n")


event.listen(default_engine(), "before_cursor_execute", _count)
ScriptRunner._run_script = _timed_run  # type: ignore[method-assign]
tables.page_asked.__defaults__ = ("", int(os.environ["BENCH_ROWS"]))
