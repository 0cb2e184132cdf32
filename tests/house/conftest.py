"""A desk at a furnished world: each test has a copy of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.zone import Zone
from tests.desk import Desk, desk_in, furnished


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zone]:
    """The world, furnished once."""
    with furnished(tmp_path_factory.mktemp("template")) as zone:
        yield zone


@pytest.fixture
def desk(template: Zone, tmp_path: Path) -> Iterator[Desk]:
    """A desk at a copy of the world."""
    with desk_in(template, tmp_path, {}) as at:
        yield at
