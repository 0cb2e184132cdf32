"""A letter as PDF, where LibreOffice is on the machine (`soffice`); elsewhere there is none."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

PATIENCE_SECONDS = 60
_ONE_AT_A_TIME = threading.Lock()
"""A conversion takes a core and 200 MB for a second or two."""


@cache
def makes_pdf() -> bool:
    """Whether this machine can make a PDF of a document."""
    return _program() is not None


def pdf_of(document: bytes) -> bytes | None:
    """A `.docx` as PDF.

    Args:
        document: the `.docx`.

    Returns:
        `None` where there is no LibreOffice, or it did not finish within `PATIENCE_SECONDS`.
    """
    program = _program()
    if program is None:
        return None
    with _ONE_AT_A_TIME, TemporaryDirectory(prefix="letter-") as folder:
        source = Path(folder) / "letter.docx"
        source.write_bytes(document)
        return _converted(program, source)


def _converted(program: str, source: Path) -> bytes | None:
    """With a profile of its own: LibreOffice refuses to start twice on one."""
    profile = source.parent / "profile"
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--nolockcheck",
        "--norestore", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(source.parent),
        str(source),
    ]  # fmt: skip
    with subprocess.Popen(  # noqa: S603 - the program found on the path, and names of our own
        command, cwd=source.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # it starts others, which would outlive it
            return None
    made = source.with_suffix(".pdf")
    return made.read_bytes() if made.is_file() else None


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")
