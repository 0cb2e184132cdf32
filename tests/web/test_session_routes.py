"""The session's own addresses: entering with a ticket, leaving, choosing the language."""

import pytest

from models.clock import today
from models.database import session
from models.queries.sign_in import signed_in
from tests.web.conftest import Answer, Site

BROWSER = "zero_fee_browser=this-browser"


@pytest.fixture(scope="module")
def boss(site: Site) -> int:
    """An administrator's account."""
    return site.account("boss")


def enter(site: Site, ticket: object, **headers: str) -> Answer:
    """Post a ticket as the page does."""
    sent = {"Origin": site.origin, "Cookie": BROWSER} | headers
    return site.ask("POST", "/auth/enter", {"ticket": ticket}, **sent)


def opens(site: Site, answer: Answer) -> bool:
    """Whether an answer gave a session that holds."""
    with session(site.engine) as current:
        return signed_in(current, answer.cookies.get("zero_fee_session"), today()) is not None


def test_a_ticket_becomes_a_cookie_scripts_cannot_read(site: Site, boss: int) -> None:
    answer = enter(site, site.ticket("boss", boss, "this-browser"))
    assert answer.status == 200
    assert opens(site, answer)
    cookie = next(c for c in answer.headers.get_all("set-cookie") or [] if "session" in c)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_the_cookie_is_secure_where_the_visitor_came_by_https(site: Site, boss: int) -> None:
    ticket = site.ticket("boss", boss, "this-browser")
    answer = enter(site, ticket, X_Forwarded_Proto="https")
    assert "Secure" in (answer.headers.get("set-cookie") or "")
    assert answer.headers["strict-transport-security"]


def test_a_ticket_posted_twice_is_refused(site: Site, boss: int) -> None:
    ticket = site.ticket("boss", boss, "this-browser")
    assert enter(site, ticket).status == 200
    again = enter(site, ticket)
    assert again.status == 403
    assert not again.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Cookie": ""},
        {"Cookie": "zero_fee_browser=another-browser"},
    ],
)
def test_a_ticket_from_elsewhere_is_refused(site: Site, boss: int, headers: dict[str, str]) -> None:
    answer = enter(site, site.ticket("boss", boss, "this-browser"), **headers)
    assert answer.status == 403
    assert not answer.cookies


@pytest.mark.parametrize("ticket", [None, 7, "", "x" * 300, "x" * 100_000, ["a"], {"b": "c"}])
def test_what_is_no_ticket_is_refused(site: Site, ticket: object) -> None:
    assert enter(site, ticket).status == 403


@pytest.mark.parametrize("body", [None, [], "ticket", 3, {"other": 1}])
def test_a_body_that_is_no_object_is_refused(site: Site, body: object) -> None:
    sent = {"Origin": site.origin, "Cookie": BROWSER}
    assert site.ask("POST", "/auth/enter", body, **sent).status == 403


def test_entering_again_ends_the_browsers_old_session(site: Site, boss: int) -> None:
    old = enter(site, site.ticket("boss", boss, "this-browser"))
    cookies = f"{BROWSER}; zero_fee_session={old.cookies['zero_fee_session']}"
    new = enter(site, site.ticket("boss", boss, "this-browser"), Cookie=cookies)
    assert opens(site, new)
    assert not opens(site, old)


def test_leaving_ends_the_session_and_takes_the_cookie_back(site: Site, boss: int) -> None:
    held = enter(site, site.ticket("boss", boss, "this-browser"))
    cookie = f"zero_fee_session={held.cookies['zero_fee_session']}"
    assert site.ask("POST", "/auth/leave", {}, Cookie=cookie).status == 403
    assert opens(site, held)
    left = site.ask("POST", "/auth/leave", {}, Cookie=cookie, Origin=site.origin)
    assert left.status == 200
    assert left.cookies == {"zero_fee_session": '""'}
    assert not opens(site, held)


@pytest.mark.parametrize("path", ["/auth/enter", "/auth/leave"])
def test_a_link_changes_no_session(site: Site, path: str) -> None:
    assert site.ask("GET", path).status in (404, 405)


@pytest.mark.parametrize(
    ("wanted", "kept"), [("en", "en"), ("zh_CN", "zh_CN"), ("xx", None), ("", None)]
)
def test_the_language_is_kept_in_a_cookie(site: Site, wanted: str, kept: str | None) -> None:
    answer = site.ask("GET", f"/auth/language?to={wanted}")
    assert answer.status == 303
    assert answer.cookies.get("zero_fee_language") == kept


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("{origin}/claims?pile=turn", "/claims?pile=turn"),
        ("{origin}/", "/"),
        ("https://elsewhere.example/claims", "/"),
        ("{origin}//elsewhere.example/", "/"),
        ("", "/"),
        ("nonsense", "/"),
    ],
)
def test_choosing_a_language_leads_back_to_a_page_of_ours(
    site: Site, came_from: str, back: str
) -> None:
    referer = came_from.format(origin=site.origin)
    answer = site.ask("GET", "/auth/language?to=en", Referer=referer)
    assert answer.headers["location"] == back
