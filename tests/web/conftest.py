"""The app served by a process of its own, as an operator serves it, on 127.0.0.1."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.actions.accounts import NewAccount, account_of, add_account
from models.actions.grants import NewGrant, grant_role
from models.actions.sign_in import Source, answer_sign_in, open_session
from models.database import create_schema, make_engine, session
from models.rules import passwords
from models.rules.roles import Actor, Role

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = Actor(0, "system", is_system=True)
PASSWORD = "zero-fee-demo"
COMMANDS = {
    "uvicorn": ("-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port"),
    "streamlit": (
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.address",
        "127.0.0.1",
        "--server.port",
    ),
}


@dataclass
class Answer:
    """What the server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies it set, without their attributes."""
        lines = self.headers.get_all("set-cookie") or []
        return dict(line.split(";")[0].split("=", 1) for line in lines)


@dataclass
class Site:
    """A running server and its database."""

    port: int
    engine: Engine

    @property
    def origin(self) -> str:
        """Its own origin, as a browser tells it."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """One request; header names with `_` for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        content = json.dumps(body).encode() if body is not None else None
        connection.request(method, path, body=content, headers=sent)
        response = connection.getresponse()
        answer = Answer(response.status, response.msg, response.read())
        connection.close()
        return answer

    def account(self, username: str, role: Role = Role.administrator) -> int:
        """An account with a role; its id."""
        with session(self.engine, write=True) as current:
            added = add_account(
                current,
                SYSTEM,
                NewAccount(username, username),
                PASSWORD,
                must_change_password=False,
            )
            grant_role(current, SYSTEM, added, NewGrant(role, date(2020, 1, 1)))
        return added

    def ticket(self, username: str, account_id: int, browser: str) -> str:
        """A ticket as a right password gives it."""
        with session(self.engine, write=True) as current:
            answer = answer_sign_in(current, username, Source(browser, "here"), account_id)
        assert answer.ticket
        return answer.ticket

    def token(self, account_id: int) -> str:
        """The token of a session opened for an account."""
        with session(self.engine, write=True) as current:
            return open_session(current, account_of(current, account_id))


@contextmanager
def served(database: Path, folder: Path, server: str = "uvicorn") -> Iterator[Site]:
    """A fresh process serving a database; ended afterwards by its own id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "DATA_FOLDER": str(folder),
    }
    with (folder / f"{server}-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *COMMANDS[server], str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    engine = make_engine(f"sqlite:///{database}")
    try:
        _wait_for(port, process, Path(log.name))
        yield Site(port, engine)
    finally:
        process.terminate()
        process.wait(20)
        engine.dispose()


@pytest.fixture(scope="session")
def empty_deployment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema and nothing in it."""
    file = tmp_path_factory.mktemp("web") / "empty.db"
    engine = make_engine(f"sqlite:///{file}")
    create_schema(engine)
    engine.dispose()
    return file


@pytest.fixture
def fresh_process(
    empty_deployment: Path, tmp_path: Path
) -> Callable[[str], "contextmanager[Site]"]:
    """A function that starts a fresh process with an empty deployment of its own."""

    def start(server: str) -> "contextmanager[Site]":
        database = tmp_path / f"{server}.db"
        shutil.copy(empty_deployment, database)
        return served(database, tmp_path, server)  # type: ignore[return-value]

    return start


@pytest.fixture(scope="session")
def site(empty_deployment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for a whole run of these tests."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(empty_deployment, folder / "site.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASH_COST", 4)
        with served(folder / "site.db", folder) as running:
            yield running


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        except OSError:
            time.sleep(0.1)
    else:
        pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')[-3000:]}")
