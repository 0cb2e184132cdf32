"""The site map: addresses people rely on, titles in both languages, and the menu each role is
shown."""

import pytest

from components.language import CHINESE, ENGLISH, words_in
from components.site import SITE
from models.rules.roles import PERMISSIONS, Role
from tests.house.test_access import DOORS, ROLES
from tests.world import PEOPLE

# fmt: off
ADDRESSES = (
    "/", "/inbox", "/claims", "/claim", "/month", "/my-rating", "/payments", "/members", "/agencies",
    "/admissions", "/agreements", "/needs", "/ratings", "/complaints", "/trainings", "/targets", "/meeting", "/actuals", "/tasks",
    "/policies", "/exchange", "/letters", "/activity", "/accounts",
)
# fmt: on


def test_the_addresses_stay() -> None:
    assert tuple(page.address for page in SITE) == ADDRESSES


@pytest.mark.parametrize("page", SITE, ids=lambda page: page.address)
def test_a_page_has_a_title_of_its_own_in_both_languages(page: object) -> None:
    for code in (CHINESE, ENGLISH):
        titles = [words_in(code, other.title) for other in SITE]
        assert len(set(titles)) == len(titles)
    assert words_in(ENGLISH, page.title).isascii()  # type: ignore[attr-defined]


def test_only_messages_and_the_claim_are_opened_from_elsewhere() -> None:
    assert [page.address for page in SITE if not page.is_listed] == ["/inbox", "/claim"]


def test_the_permissions_give_the_answers_written_down() -> None:
    for page in SITE:
        row = dict(zip(ROLES, DOORS[page.address].split(), strict=True))
        opened = {PEOPLE[who] for who, mark in row.items() if mark == "x"}
        assert opened == PERMISSIONS[page.permission], page.address


def test_everybody_has_a_start_page() -> None:
    assert PERMISSIONS[SITE[0].permission] == frozenset(Role)
