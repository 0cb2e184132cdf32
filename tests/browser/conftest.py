"""What the journeys ask for: a running zone, and browser windows of signed-in people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.zone import Zone, deployed_in, furnish, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zone]:
    """The world every journey works in; each uses claims of its own."""
    folder = tmp_path_factory.mktemp("zone")
    with deployed_in(folder):
        yield furnish(folder)


@pytest.fixture(scope="session")
def zone(furnished: Zone) -> Iterator[Zone]:
    """The world served by `uvicorn app:app`."""
    with serving(furnished) as running:
        yield running


@pytest.fixture
def visit(zone: Zone, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`visit("reviewer", "/claims")`: a signed-in window, closed after the test."""
    yield lambda who, path="/", **given: zone.open(chromium, who, path, **given)
    while zone.contexts:
        zone.contexts.pop().close()
