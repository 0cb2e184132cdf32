"""Pages and pieces run by AppTest, at a browser whose cookies a test chooses."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from components import auth
from models.actions.accounts import NewAccount, account_of, add_account
from models.actions.grants import NewGrant, grant_role
from models.actions.sign_in import open_session
from models.clock import today
from models.database import session
from models.rules import passwords
from models.rules.roles import Actor, Role

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = Actor(0, "system", is_system=True)
PASSWORD = "zero-fee-demo"


class Browser:
    """One browser: its cookies, the accounts of its deployment, and pages opened in it."""

    def __init__(self, engine: Engine, cookies: dict[str, str]) -> None:
        self.engine = engine
        self.cookies = cookies

    def add(self, username: str, *roles: Role, must_change: bool = False) -> int:
        """An account with roles from today."""
        with session(self.engine, write=True) as current:
            new = NewAccount(username, f"{username} 1")
            added = add_account(current, SYSTEM, new, PASSWORD, must_change_password=must_change)
            for role in roles:
                grant_role(current, SYSTEM, added, NewGrant(role, today()))
        return added

    def sign_in(self, account_id: int) -> str:
        """Open a session and put it into the browser."""
        with session(self.engine, write=True) as current:
            token = open_session(current, account_of(current, account_id))
        self.cookies[auth.SESSION_COOKIE] = token
        return token

    def open(self, script: str, **query: str) -> "AppTest":
        """Run a script of the house, `pages/accounts.py`."""
        from streamlit.testing.v1 import AppTest

        page = AppTest.from_file(str(ROOT / script), default_timeout=30)
        for name, value in query.items():
            page.query_params[name] = value
        return page.run()


@pytest.fixture
def browser(
    sqlite_database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Browser]:
    """A browser without a session, at an empty deployment on SQLite."""
    from tests.conftest import _forget_deployment

    monkeypatch.setenv("DATABASE_URL", sqlite_database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path))
    monkeypatch.setattr(passwords, "HASH_COST", 4)
    cookies: dict[str, str] = {auth.BROWSER_COOKIE: "this-browser"}
    monkeypatch.setattr(auth, "_cookie", cookies.get)
    _forget_deployment()
    yield Browser(sqlite_database, cookies)
    _forget_deployment()
