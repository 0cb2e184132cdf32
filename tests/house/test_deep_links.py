"""Every page × everybody by its address in a fresh process, through the socket a browser would
open.

AppTest cannot see what a server does before the frame has run; here nothing ran before the address
was asked for.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlmodel import select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from components.site import SITE
from models.database import session
from models.tables.claims import Claim, Evidence
from tests.browser.zone import Zone, deployed_in, moved_in, serving
from tests.house.test_access import DOORS, REFUSED, ROLES, SIGN_IN, titled

UNKNOWN = (
    "/mistyped",
    "/pages/accounts",
    "/accounts.py",
    "/exports",
    "/admin",
    "/components/frame",
)


@pytest.fixture(scope="module")
def fresh(template: Zone, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zone]:
    """A server that has just been started."""
    folder = tmp_path_factory.mktemp("fresh")
    with deployed_in(folder), serving(moved_in(template, folder)) as zone:
        yield zone


class Socket:
    """A browser's socket: asks for addresses, reads what is drawn."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def headings(self, address: str, **query: str) -> list[str]:
        """The headings a run draws for an address."""
        return [e.heading.body for e in self.drawn(address, **query) if e.HasField("heading")]

    def drawn(self, address: str, **query: str) -> list[object]:
        """Everything a run draws for an address."""
        messages = self.messages(address, **query)
        return [m.delta.new_element for m in messages if m.WhichOneof("type") == "delta"]

    def messages(self, address: str, **query: str) -> list[ForwardMsg]:
        """What comes until the run has finished."""
        asked = BackMsg()
        asked.rerun_script.page_name = address.strip("/")
        asked.rerun_script.query_string = urlencode(query)
        self.connection.send(asked.SerializeToString())
        messages: list[ForwardMsg] = []
        while True:
            message = ForwardMsg.FromString(self.connection.recv(timeout=60))
            messages.append(message)
            if message.WhichOneof("type") == "script_finished":
                return messages


@contextmanager
def socket(zone: Zone, token: str = "") -> Iterator[Socket]:
    """A socket with a session's cookie, or a stranger's."""
    with connect(
        zone.address.replace("http", "ws") + "/_stcore/stream",
        origin=zone.address,
        subprotocols=["streamlit"],
        additional_headers={"Cookie": f"zero_fee_session={token}"} if token else {},
        max_size=None,
    ) as connection:
        yield Socket(connection)


def status(zone: Zone, path: str, token: str = "") -> tuple[int, bytes]:
    """What the server answers at a path."""
    connection = http.client.HTTPConnection(zone.address.removeprefix("http://"), timeout=30)
    connection.request("GET", path, headers={"Cookie": f"zero_fee_session={token}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


# ---------------------------------------------------------------- strangers


@pytest.mark.parametrize("server", ["uvicorn", "streamlit"])
def test_the_first_one_at_every_address_of_a_fresh_process_is_a_stranger(
    template: Zone, tmp_path: Path, server: str
) -> None:
    with deployed_in(tmp_path), serving(moved_in(template, tmp_path), server) as zone:
        for address in [*DOORS, *UNKNOWN]:
            with socket(zone) as browser:
                elements = browser.drawn(address, no="2026-11-0006")
                kinds = {e.WhichOneof("type") for e in elements}  # type: ignore[attr-defined]
                text = str(elements)
                assert text.count("text_input {") == 2, address
                assert not kinds & {"dataframe", "table", "metric", "file_uploader"}
                assert "2026-11-0006" not in text, address
                assert "大连示例" not in text, address


@pytest.mark.parametrize(
    "path", ["/files/1", "/files/2?inline=1", "/exports", "/exports/month.xlsx"]
)
def test_a_stranger_gets_no_file(fresh: Zone, path: str) -> None:
    code, body = status(fresh, path)
    assert code == 404 or (code == 200 and b"<html" in body)
    assert b"%PDF" not in body
    assert body[:2] != b"PK"


# ---------------------------------------------------------------- everybody else


@pytest.mark.parametrize("who", ROLES)
def test_every_address_answers_a_role_as_written_down(fresh: Zone, who: str) -> None:
    at = ROLES.index(who)
    with socket(fresh, fresh.token(who)) as browser:
        for address, row in DOORS.items():
            expected = titled(address, who) if row.split()[at] == "x" else REFUSED
            assert browser.headings(address)[0] == expected, address


@pytest.mark.parametrize("who", ROLES)
def test_the_menu_shows_a_role_the_pages_it_may_open(fresh: Zone, who: str) -> None:
    at = ROLES.index(who)
    with socket(fresh, fresh.token(who)) as browser:
        messages = browser.messages("/")
    (menu,) = [m.navigation for m in messages if m.WhichOneof("type") == "navigation"][-1:]
    shown = {page.url_pathname for page in menu.app_pages if not page.is_hidden}
    assert shown == {
        page.url_path if page.address != "/" else ""
        for page in SITE
        if page.is_listed and DOORS[page.address].split()[at] == "x"
    }


@pytest.mark.parametrize("address", UNKNOWN)
def test_an_unknown_address_says_nothing_of_anything(fresh: Zone, address: str) -> None:
    with socket(fresh, fresh.token("enterprise")) as browser:
        assert browser.headings(address)[:1] in ([], ["总览"])


def test_a_locked_door_is_not_opened_by_what_was_drawn_before(fresh: Zone) -> None:
    token = fresh.token("administrator")
    with socket(fresh, token) as browser:
        assert browser.headings("/accounts")[0] == "账号"
    with socket(fresh, fresh.token("enterprise")) as browser:
        assert browser.headings("/accounts")[0] == REFUSED
    with socket(fresh) as browser:
        assert SIGN_IN in browser.headings("/accounts")[0]


# ---------------------------------------------------------------- papers


def papers(zone: Zone, number: str) -> list[int]:
    """The papers of a claim."""
    with session(zone.world.engine) as current:
        statement = select(Evidence.id).join(Claim, Claim.id == Evidence.claim_id)
        return list(current.exec(statement.where(Claim.number == number)))


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("agency2", 200), ("reviewer", 200), ("lead", 200), ("bureau", 200), ("committee", 200),
        ("finance", 200), ("auditor", 200), ("leader", 200), ("agency", 404), ("enterprise", 404),
        ("administrator", 200), ("", 404),
    ],
)  # fmt: skip
def test_a_paper_opens_for_who_may_see_its_claim(fresh: Zone, who: str, code: int) -> None:
    paper = papers(fresh, fresh.naughty)[0]
    answer, body = status(fresh, f"/files/{paper}", fresh.token(who) if who else "")
    assert answer == code
    assert (b"%PDF" in body) is (code == 200)


@pytest.mark.parametrize(
    "path", ["/files/0", "/files/999999", "/files/-1", "/files/1e3", "/files/..%2f1", "/files/1/x"]
)
def test_a_forged_paper_is_not_there(fresh: Zone, path: str) -> None:
    code, body = status(fresh, path, fresh.token("reviewer"))
    assert code in (400, 404)
    assert b"%PDF" not in body


def test_another_agencys_claim_is_not_there(fresh: Zone) -> None:
    with socket(fresh, fresh.token("agency")) as browser:
        assert browser.headings("/claim", no=fresh.naughty)[0] == "没有这件申请"
        elements = browser.drawn("/claims", q=fresh.naughty, pile="month")
        assert "dataframe" not in {e.WhichOneof("type") for e in elements}  # type: ignore[attr-defined]
