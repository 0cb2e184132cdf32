"""The world of the query tests, on SQLite and on PostgreSQL, with the clock standing at noon."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from models.clock import standing_at
from tests.world import NOON, World, make_world


@pytest.fixture
def world(database: Engine) -> Iterator[World]:
    """A world of its own for each test."""
    with standing_at(NOON):
        yield make_world(database)
