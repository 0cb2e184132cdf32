"""What every request passes: host name, security headers, the doors of Streamlit's services.

Plain ASGI, so that a websocket and a large file pass untouched.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.web.confirming import CONFIRM
from components.web.cookies import visitor_of
from components.web.index_page import index_page, is_page_address, is_served

CLOSED = ("/_stcore/agent", "/_stcore/metrics", "/component/")
SIGNED_IN_ONLY = ("/media/", "/_stcore/upload_file")

PAGE_POLICY = (
    "default-src 'self'; "
    "script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; "  # Streamlit writes its styles as it draws
    "img-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "media-src 'self' blob:; "
    "worker-src 'self' blob:; "
    "frame-src 'self'; "
    "frame-ancestors 'self'; "
    "form-action 'self'; "
    "base-uri 'self'; "
    "object-src 'none'"
)
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
PDF_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"  # as viewers need it
)
FORM_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Of the page an enterprise answers on: a form, and nothing that runs."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class HostGuard:
    """Only the names in `server.allowedHosts` are answered (Streamlit itself asks sockets only)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 400 to any other name."""
        if scope["type"] == "http" and not _is_allowed(HTTPConnection(scope).headers.get("host")):
            await Response("400", status_code=400)(scope, receive, send)
            return
        await self.app(scope, receive, send)


class SecurityHeaders:
    """The security headers on every answer; papers get a policy under which nothing runs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add them as the answer starts."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(scope, MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Doors:
    """Closes what we do not offer, asks for a session where content lies, serves the index page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 404 at a closed door: a stranger learns nothing, not even that it exists."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        request = Request(scope, receive)
        if request.method in ("GET", "HEAD") and is_page_address(path):
            await index_page(request)(scope, receive, send)
        elif await _is_open(path, request):
            await self.app(scope, receive, send)
        else:
            await Response("404", status_code=404)(scope, receive, send)


MIDDLEWARE = (Middleware(HostGuard), Middleware(SecurityHeaders), Middleware(Doors))


async def _is_open(path: str, request: Request) -> bool:
    if path.startswith(CLOSED) or not is_served(path):
        return False
    if path.startswith(SIGNED_IN_ONLY):
        return await run_in_threadpool(visitor_of, request) is not None
    return True


def _add_headers(scope: Scope, headers: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    headers["Content-Security-Policy"] = _policy(scope["path"], headers.get("content-type"))
    if scope["scheme"] == "https":
        headers["Strict-Transport-Security"] = "max-age=31536000"


def _policy(path: str, media_type: str | None) -> str:
    if path.startswith(CONFIRM):
        return FORM_POLICY
    if not path.startswith(("/files/", "/media/")):
        return PAGE_POLICY
    return PDF_POLICY if media_type == "application/pdf" else FILE_POLICY


def _is_allowed(host: str | None) -> bool:
    allowed = [name.strip("[]").lower() for name in st.get_option("server.allowedHosts") or ()]
    if not allowed:
        return True
    try:
        name = urlsplit(f"//{host}").hostname if host else None
    except ValueError:
        return False
    return name is not None and name.rstrip(".") in allowed
