"""A browser as far as a Streamlit server can tell: one websocket, script runs asked for and waited
for.

It says what the real front end says and draws nothing, so a run is measured from the question to
the last byte of the answer. Of the elements it only remembers the buttons, by the key the page gave
them, to be able to press one.
"""

from __future__ import annotations

import re
from types import TracebackType
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from components.auth import SESSION_COOKIE

_PATIENCE_S = 60
_KEY = re.compile(r"^\$\$ID-[0-9a-f]+-(?P<key>.+)$")


class RunFailed(Exception):
    """The script ended with an exception, or was not allowed to begin."""


class Visitor:
    """One browser tab on one page."""

    def __init__(self, port: int, page: str, query: str = "", token: str = "") -> None:
        self.buttons: dict[str, str] = {}
        self.texts: list[str] = []
        self.received = 0
        self._page, self._query, self._script = page, query, ""
        self._scripts: dict[str, str] = {}
        self._socket: ClientConnection = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            additional_headers={"Cookie": f"{SESSION_COOKIE}={token}"} if token else {},
            subprotocols=["streamlit"],  # type: ignore[list-item]
            compression=None,
            max_size=None,
        )
        self.rerun()

    def __enter__(self) -> Self:
        """Use it as a context manager to leave in the end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the tab."""
        self.close()

    def close(self) -> None:
        """Close the tab."""
        self._socket.close()

    def visit(self, page: str, query: str = "") -> None:
        """Go to another page of the same visit, as a click in the menu does."""
        self._script = self._scripts[page]
        self.rerun(query)

    def rerun(self, query: str | None = None, *, press: str | None = None) -> None:
        """Ask for a run and wait until it is over.

        Args:
            query: the address's query, `no=2026-11-0001`; as it was when left out.
            press: the key of a button to press, or its beginning.
        """
        if query is not None:
            self._query = query
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string = self._query
        state.page_script_hash = self._script
        state.page_name = "" if self._script else self._page
        state.context_info.timezone = "Asia/Shanghai"
        state.context_info.locale = "zh-CN"
        if press is not None:
            pressed = state.widget_states.widgets.add()
            pressed.id, pressed.trigger_value = self._button(press), True
        self._socket.send(asked.SerializeToString())
        self._wait()

    def says(self, words: str) -> bool:
        """Whether some text of the last run holds these words."""
        return any(words in text.replace("\\", "") for text in self.texts)

    def _button(self, key: str) -> str:
        return next(known for name, known in self.buttons.items() if name.startswith(key))

    def _wait(self) -> None:
        self.buttons, self.texts = {}, []
        while True:
            content = self._socket.recv(timeout=_PATIENCE_S)
            self.received += len(content)
            message = ForwardMsg()
            message.ParseFromString(content)  # type: ignore[arg-type]
            match message.WhichOneof("type"):
                case "new_session":
                    self._script = message.new_session.page_script_hash
                case "navigation":
                    self._script = message.navigation.page_script_hash
                    self._scripts = {
                        known.url_pathname: known.page_script_hash
                        for known in message.navigation.app_pages
                    }
                case "page_info_changed":
                    self._query = message.page_info_changed.query_string
                case "delta":
                    self._remember(message.delta.new_element)
                case "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                        return
                    if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        raise RunFailed(
                            ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
                        )

    def _remember(self, element: Any) -> None:
        match element.WhichOneof("type"):
            case "button":
                if found := _KEY.match(element.button.id):
                    self.buttons[found["key"]] = element.button.id
            case "markdown":
                self.texts.append(element.markdown.body)
            case "heading":
                self.texts.append(element.heading.body)
            case "alert":
                self.texts.append(element.alert.body)
            case "exception":
                raise RunFailed(f"{element.exception.type}: {element.exception.message}")
