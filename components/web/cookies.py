"""The cookies of this site, and who they say is there."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from components.auth import BROWSER_COOKIE, SESSION_COOKIE
from components.language import LANGUAGE_COOKIE
from models.clock import today
from models.database import deployment, session
from models.queries.sign_in import SignedIn, signed_in

YEAR = 365 * 24 * 3600


def visitor_of(request: HTTPConnection) -> SignedIn | None:
    """Who sent a request, by its session cookie; asks the database, so call it in a thread."""
    with session() as current:
        return signed_in(current, request.cookies.get(SESSION_COOKIE), today())


def is_from_this_site(request: HTTPConnection) -> bool:
    """Whether a page of ours sent the request: browsers tell its Origin, which must be this
    host."""
    origin = request.headers.get("origin")
    return bool(origin) and urlsplit(origin or "").netloc == request.headers.get("host")


def set_session_cookie(request: HTTPConnection, response: Response, token: str) -> None:
    """Hand the browser its session; scripts cannot read it, other sites cannot send it."""
    _set(request, response, SESSION_COOKIE, token, deployment().session_hours * 3600)


def forget_session_cookie(request: HTTPConnection, response: Response) -> None:
    """Take the session back from the browser."""
    _set(request, response, SESSION_COOKIE, "", 0)


def set_browser_cookie(request: HTTPConnection, response: Response) -> None:
    """Give a browser its own mark: tickets are bound to it, and failed sign-ins counted by it."""
    _set(request, response, BROWSER_COOKIE, secrets.token_urlsafe(24), YEAR)


def set_language_cookie(request: HTTPConnection, response: Response, code: str) -> None:
    """Remember the language for the sign-in screen and the index page."""
    _set(request, response, LANGUAGE_COOKIE, code, YEAR)


def _set(request: HTTPConnection, response: Response, name: str, value: str, seconds: int) -> None:
    chosen = deployment().secure_cookies
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme in ("https", "wss") if chosen is None else chosen,
    )
