"""Files to take away that are made when they are asked for: by who is at the browser then, not
when the button was drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.auth import session_token
from components.language import language
from components.this_run import in_one_run, this_run
from models.clock import today
from models.database import session
from models.queries.sign_in import signed_in
from models.rules.errors import NotAllowed
from models.rules.roles import Actor
from models.rules.wording import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON_LINES = "application/jsonl"


def offer_file(
    label: str,
    name: str,
    made: Callable[[Any, Actor], bytes],
    *,
    kind: str,
    key: str,
    is_disabled: bool = False,
) -> None:
    """A button that downloads a file.

    Args:
        label: the button's words.
        name: the file's name.
        made: makes the file in one reading transaction, `made(session, actor)`; it decides again
            who may have it.
        kind: its media type.
        key: the button's key.
        is_disabled: there is nothing to take.
    """
    st.download_button(
        label,
        data=when_asked_for(made),
        file_name=name,
        mime=kind,
        key=key,
        icon=":material/download:",
        on_click="ignore",
        disabled=is_disabled,
    )


def when_asked_for(made: Callable[[Any, Actor], bytes]) -> Callable[[], bytes]:
    """The file as a function without arguments: it runs in a thread of its own, so it takes along
    who asks and how they speak.

    Args:
        made: as for `offer_file`.
    """
    token, spoken = session_token(), language()

    def file() -> bytes:
        with in_one_run(), session() as current:
            this_run.language = spoken
            visitor = signed_in(current, token, today())
            if visitor is None:
                raise NotAllowed(say("您的登录已结束，没有下载；请重新登录"))
            return made(current, visitor.actor)

    return file
