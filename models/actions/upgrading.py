"""Bringing a database to the newest tables, and counting once what is kept since."""

from __future__ import annotations

from sqlalchemy import Engine

from models.actions.rating_recount import recount_if_never_counted
from models.database import session
from models.migrations.course import UnknownDatabase, newest_revision, upgrade

__all__ = ["UnknownDatabase", "newest_revision", "upgraded"]


def upgraded(engine: Engine) -> str | None:
    """Run the migrations to the newest revision; where agreements and claims stood before the
    ratings' counts were kept, count them.

    Returns:
        The revision the database was at before; `None` for an empty one.

    Raises:
        UnknownDatabase: it has tables, but was not made by these migrations.
    """
    before = upgrade(engine)
    with session(engine, write=True) as current:
        recount_if_never_counted(current)
    return before
