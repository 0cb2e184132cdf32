"""A stranger at every address of a fresh process, through the socket the browser would open."""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from components.site import SITE
from models.rules.roles import Role
from tests.web.conftest import Site

ADDRESSES = [page.address for page in SITE]
Starter = Callable[[str], "contextmanager[Site]"]


def drawn(site: Site, address: str, cookie: str = "") -> list[ForwardMsg]:
    """What the socket sends for an address until the run has finished."""
    asked = BackMsg()
    asked.rerun_script.page_name = address.strip("/")
    messages: list[ForwardMsg] = []
    with connect(
        f"ws://127.0.0.1:{site.port}/_stcore/stream",
        origin=site.origin,
        subprotocols=["streamlit"],
        additional_headers={"Cookie": cookie},
        max_size=None,
    ) as socket:
        socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(socket.recv(timeout=30))
            messages.append(message)
            if message.WhichOneof("type") == "script_finished":
                return messages


def kinds(messages: list[ForwardMsg]) -> set[str]:
    """The kinds of elements drawn."""
    deltas = [m.delta.new_element for m in messages if m.WhichOneof("type") == "delta"]
    return {str(element.WhichOneof("type")) for element in deltas} - {"None"}


SIGN_IN = {"alert", "button", "empty", "heading", "html", "imgs", "markdown", "text_input"}


def shows_only_sign_in(messages: list[ForwardMsg]) -> bool:
    """Whether the sign-in was drawn and no table, chart, file or menu with it."""
    texts = str([m.delta for m in messages if m.WhichOneof("type") == "delta"])
    fields = texts.count("text_input {")
    return fields == 2 and kinds(messages) <= SIGN_IN and "title_row" not in texts


@pytest.mark.parametrize("address", ["/", "/claim", "/meeting"])
def test_a_fresh_process_shows_a_stranger_only_the_sign_in(
    fresh_process: Starter, address: str
) -> None:
    with fresh_process("uvicorn") as site:
        assert shows_only_sign_in(drawn(site, address))


@pytest.mark.parametrize("address", ["/claims", "/accounts"])
def test_the_same_under_streamlit_run(fresh_process: Starter, address: str) -> None:
    with fresh_process("streamlit") as site:
        assert shows_only_sign_in(drawn(site, address))


@pytest.mark.parametrize("address", [*ADDRESSES, "/mistyped", "/pages/accounts", "/accounts.py"])
def test_a_guessed_cookie_is_a_stranger(site: Site, address: str) -> None:
    assert shows_only_sign_in(drawn(site, address, "zero_fee_session=guessed"))


def test_the_right_cookie_opens_the_page(site: Site) -> None:
    token = site.token(site.account("opener"))
    messages = drawn(site, "/accounts", f"zero_fee_session={token}")
    assert "dataframe" in kinds(messages)


def test_the_right_cookie_without_the_role_is_refused_in_words(site: Site) -> None:
    token = site.token(site.account("onlooker", Role.leader))
    messages = drawn(site, "/accounts", f"zero_fee_session={token}")
    assert "dataframe" not in kinds(messages)
    assert "不对您的角色开放" in "".join(
        m.delta.new_element.heading.body for m in messages if m.WhichOneof("type") == "delta"
    )


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_another_sites_page_gets_no_socket(site: Site, origin: str) -> None:
    with (
        pytest.raises(InvalidStatus),
        connect(f"ws://127.0.0.1:{site.port}/_stcore/stream", origin=origin),
    ):
        pass
