"""The warm start: whatever the first visitor would wait for is loaded before the door opens."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from components.language import LANGUAGES, words_in
from components.look import PRODUCT
from components.web.confirming import without_tokens
from models.clock import today
from models.database import session
from models.migrations.course import lacking
from models.queries.sign_in import signed_in

WARM = (
    "altair",
    "components.shell",
    "models.rules.rating.at_once",
    "pandas",
    "pyarrow",
    "streamlit.dataframe_util",
    "streamlit.elements.arrow",
    "streamlit.elements.vega_charts",
)

SCRIPT_CONTEXT_LOG = "streamlit.runtime.scriptrunner_utils.script_run_context"


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Warm up, then hide all of it from the garbage collector."""
    _warm_up()
    _send_at_once()
    logging.getLogger("uvicorn.access").addFilter(without_tokens)
    gc.collect()
    gc.freeze()
    yield


def _warm_up() -> None:
    """Load what the first visitor would wait for.

    Raises:
        RuntimeError: the database has not been migrated; the message says what it lacks, and what
            to run.
    """
    with _quiet(SCRIPT_CONTEXT_LOG):
        for name in WARM:
            importlib.import_module(name)
    for code in LANGUAGES:
        words_in(code, PRODUCT)
    with session() as current:
        if missing := lacking(current.connection()):
            raise RuntimeError(
                f"The database lacks {', '.join(missing[:5])}; run: python manage.py migrate"
            )
        signed_in(current, "nobody", today())


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """streamlit-authenticator declares components on import; Streamlit warns: no visitor yet."""
    logger = logging.getLogger(name)
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False


def _send_at_once() -> None:
    """Set TCP_NODELAY where we listen: under `streamlit run` asyncio does not (40 ms a run)."""
    for number in os.listdir("/dev/fd"):
        with suppress(OSError), socket.socket(fileno=os.dup(int(number))) as listener:
            if listener.family in (socket.AF_INET, socket.AF_INET6):
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
