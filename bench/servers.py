"""Servers of one run: started on free ports of the loopback, waited for, and ended by their own
process."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_S = 60


class NotServing(Exception):
    """A server ended or did not answer in time; its last words are the message."""


def free_port() -> int:
    """A port of the loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(
    command: Sequence[str],
    *,
    health: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> Iterator[int]:
    """A server while the block lasts.

    Args:
        command: after `python`; `{port}` is replaced.
        health: the path that answers 200 once it serves.
        folder: where its log goes.
        environment: added to ours.
        cwd: where it runs.

    Yields:
        Its port.
    """
    port = free_port()
    log = folder / f"server-{port}.log"
    words = [part.replace("{port}", str(port)) for part in command]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _await(process, f"http://127.0.0.1:{port}{health}", log)
            yield port
        finally:
            _end(process)


def _await(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(address, timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise NotServing(log.read_text("utf-8", "replace")[-2_000:])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def our_app(
    folder: Path, database: Path, *, rows: int = 50
) -> contextlib.AbstractContextManager[int]:
    """Our app under uvicorn, one process, as `make run` starts it; its runs are noted in
    `runs.jsonl`."""
    return serving(
        ["-m", "uvicorn", "bench.served:app", "--host", "127.0.0.1", "--port", "{port}",
         "--log-level", "warning"],
        health="/_stcore/health",
        folder=folder,
        environment={
            "DATABASE_URL": f"sqlite:///{database}",
            "DATA_FOLDER": str(folder),
            "BENCH_RUNS": str(folder / "runs.jsonl"),
            "BENCH_ROWS": str(rows),
        },
    )  # fmt: skip


def django_admin(folder: Path, database: Path) -> contextlib.AbstractContextManager[int]:
    """Django's admin under gunicorn: one process with eight threads, connections kept, templates
    cached."""
    return serving(
        ["-m", "gunicorn", "bench.peers.django_admin.wsgi:application", "--bind", "127.0.0.1:{port}",
         "--workers", "1", "--threads", "8", "--worker-class", "gthread", "--keep-alive", "75",
         "--log-level", "warning"],
        health="/admin/login/",
        folder=folder,
        environment={"BENCH_DATABASE": str(database),
                     "DJANGO_SETTINGS_MODULE": "bench.peers.django_admin.settings"},
    )  # fmt: skip


def plain_streamlit(folder: Path, database: Path) -> contextlib.AbstractContextManager[int]:
    """A plain Streamlit page under `streamlit run`, as installed."""
    page = ROOT / "bench" / "peers" / "plain_streamlit.py"
    return serving(
        ["-m", "streamlit", "run", str(page), "--server.port", "{port}", "--server.headless", "true",
         "--server.address", "127.0.0.1", "--browser.gatherUsageStats", "false"],
        health="/_stcore/health",
        folder=folder,
        cwd=folder,
        environment={"BENCH_DATABASE": str(database)},
    )  # fmt: skip
