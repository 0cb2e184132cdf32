"""The engine, and `session()`: one block, one transaction.

SQLite (the default) runs in WAL mode with foreign keys on and FULL synchronisation. A writing
transaction begins IMMEDIATE and takes its turn in one queue per process, because a deferred
transaction that reads and then writes is refused as soon as a second one does the same. PostgreSQL
is chosen by `DATABASE_URL`.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlmodel import Session

_ROOT = Path(__file__).resolve().parent.parent


class Turns:
    """One writer at a time, in the order in which they came; a plain lock lets some wait for
    seconds."""

    def __init__(self) -> None:
        self._guard, self._is_taken = threading.Lock(), False
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> None:
        """Wait for one's turn."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            my_turn = threading.Lock()
            my_turn.acquire()
            self._waiting.append(my_turn)
        my_turn.acquire()

    def __exit__(self, *_: object) -> None:
        """Hand the turn to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


_sqlite_turns = Turns()


class Deployment(BaseSettings):
    """What differs between deployments; read from the environment (and nothing else)."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str = ""
    data_folder: Path = _ROOT / "data"
    session_idle_minutes: int = 120
    session_hours: int = 12
    secure_cookies: bool | None = None  # None: exactly when the visitor came by HTTPS
    public_url: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = ""

    @property
    def url(self) -> str:
        """The database's URL with its driver named."""
        if not self.database_url:
            return f"sqlite:///{self.data_folder / 'zero_fee.db'}"
        return self.database_url.replace("postgres://", "postgresql://").replace(
            "postgresql://", "postgresql+psycopg://", 1
        )

    @property
    def sends_mail(self) -> bool:
        """Whether mails can leave: a server, a sender, and an address their links lead to."""
        return bool(self.smtp_host and self.mail_from and self.public_url)

    @property
    def evidence_folder(self) -> Path:
        """Where evidence files lie, named by their SHA-256."""
        return self.data_folder / "evidence"


@lru_cache
def deployment() -> Deployment:
    """The deployment's settings, read once."""
    return Deployment()


@lru_cache
def default_engine() -> Engine:
    """The engine of this deployment, made once."""
    return make_engine(deployment().url)


def make_engine(url: str) -> Engine:
    """An engine whose transactions behave as this module's docstring says."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True)
    if database := make_url(url).database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def session(engine: Engine | None = None, *, write: bool = False) -> Iterator[Session]:
    """A session that is one transaction: committed when the block ends, rolled back if it raises.

    Args:
        engine: the database; the deployment's own when left out.
        write: whether the block will write. A reading block sees one snapshot and blocks nobody.
    """
    engine = engine or default_engine()
    turn = _sqlite_turns if write and engine.dialect.name == "sqlite" else nullcontext()
    with turn, Session(engine, expire_on_commit=False) as current:
        current.connection(execution_options={"writes": write})
        yield current
        current.commit()


def create_schema(engine: Engine) -> None:
    """Every table, index and trigger in an empty database, as the migrations would make them."""
    from models.tables import metadata

    metadata().create_all(engine)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "synchronous=FULL",
        "cache_size=-65536",
        "mmap_size=268435456",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
