"""The addresses that are no Streamlit page: session, language, guarded files, our script."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from components.auth import BROWSER_COOKIE, SESSION_COOKIE
from components.language import supported
from components.web.confirming import CONFIRM, confirm_service
from components.web.cookies import (
    forget_session_cookie,
    is_from_this_site,
    set_language_cookie,
    set_session_cookie,
    visitor_of,
)
from components.web.letters import LETTER_ROUTES
from models.actions.evidence import evidence_path
from models.actions.sign_in import enter, leave
from models.clock import today
from models.database import session
from models.queries.admission_card import viewable_admission_paper
from models.queries.agreement_card import viewable_agreement_paper
from models.queries.complaint_card import viewable_complaint_paper
from models.queries.evidence import viewable_evidence
from models.queries.objections import viewable_objection_paper
from models.queries.rating_replies import viewable_rating_paper
from models.queries.sign_in import signed_in
from models.queries.task_card import viewable_task_paper
from models.queries.training_card import viewable_training_paper
from models.rules.roles import Actor

LONGEST_TICKET = 400
_ASSETS = Path(__file__).resolve().parent / "assets"
_SHOWN_INLINE = {"application/pdf", "image/png", "image/jpeg"}
_NUMBER = re.compile(r"[0-9]{1,9}")
"""Of a paper: no database is asked for more than its columns hold."""
_NOT_HERE = Response("404", status_code=404, media_type="text/plain")


class _Paper(Protocol):
    """What a paper of either kind says of its file."""

    file_name: str
    media_type: str
    sha256: str


async def enter_with_ticket(request: Request) -> Response:
    """`POST /auth/enter`: a one-time ticket becomes a session cookie."""
    if not is_from_this_site(request):
        return _refused("origin")
    ticket = _ticket_in(await _short_body(request))
    browser = request.cookies.get(BROWSER_COOKIE)
    if ticket is None or not browser:
        return _refused("ticket")
    old = request.cookies.get(SESSION_COOKIE)
    program = request.headers.get("user-agent", "")
    token, language = await run_in_threadpool(_enter, ticket, browser, program, old)
    if token is None:
        return _refused("ticket")
    response = JSONResponse({"entered": True})
    set_session_cookie(request, response, token)
    if language:
        set_language_cookie(request, response, language)
    return response


async def leave_session(request: Request) -> Response:
    """`POST /auth/leave`: end the session and take its cookie back."""
    if not is_from_this_site(request):
        return _refused("origin")
    await run_in_threadpool(_leave, request.cookies.get(SESSION_COOKIE))
    response = JSONResponse({"left": True})
    forget_session_cookie(request, response)
    return response


async def choose_language(request: Request) -> Response:
    """`GET /auth/language?to=en`: remember the language and go back to the page it was asked on."""
    response = RedirectResponse(_own_address(request), status_code=303)
    if code := supported(request.query_params.get("to")):
        set_language_cookie(request, response, code)
    return response


async def evidence_file(request: Request) -> Response:
    """`GET /files/{paper_id}`: a paper, to whoever may see its claim; 404 to anybody else."""
    return await _file(request, viewable_evidence)


async def task_file(request: Request) -> Response:
    """`GET /files/tasks/{paper_id}`: a paper of a report, to whoever may see the work items."""
    return await _file(request, viewable_task_paper)


async def objection_file(request: Request) -> Response:
    """`GET /files/objections/{paper_id}`: evidence of an objection, to whoever may read it."""
    return await _file(request, viewable_objection_paper)


async def rating_file(request: Request) -> Response:
    """`GET /files/ratings/{paper_id}`: a file of a reply to a rating, to whoever may read it."""
    return await _file(request, viewable_rating_paper)


async def agreement_file(request: Request) -> Response:
    """`GET /files/agreements/{paper_id}`: a paper of an agreement, to whoever may see it."""
    return await _file(request, viewable_agreement_paper)


async def complaint_file(request: Request) -> Response:
    """`GET /files/complaints/{paper_id}`: a paper of a complaint, to whoever may see it."""
    return await _file(request, viewable_complaint_paper)


async def training_file(request: Request) -> Response:
    """`GET /files/trainings/{paper_id}`: a material of a training, to whoever may see it."""
    return await _file(request, viewable_training_paper)


async def admission_file(request: Request) -> Response:
    """`GET /files/admissions/{paper_id}`: a paper of an application, to whoever may see it."""
    return await _file(request, viewable_admission_paper)


async def _file(
    request: Request, viewable: Callable[[Session, Actor, int], _Paper | None]
) -> Response:
    found = await run_in_threadpool(_paper_for, request, viewable)
    if found is None:
        return _NOT_HERE
    name, media_type, path = found
    is_inline = "inline" in request.query_params and media_type in _SHOWN_INLINE
    disposition = "inline" if is_inline else "attachment"
    return FileResponse(
        path,
        media_type=media_type if is_inline else "application/octet-stream",
        headers={
            "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "private, no-store",
        },
    )


ROUTES: tuple[BaseRoute, ...] = (
    Route("/auth/enter", enter_with_ticket, methods=["POST"]),
    Route("/auth/leave", leave_session, methods=["POST"]),
    Route("/auth/language", choose_language, methods=["GET"]),
    Route("/files/{paper_id}", evidence_file, methods=["GET"]),
    Route("/files/tasks/{paper_id}", task_file, methods=["GET"]),
    Route("/files/objections/{paper_id}", objection_file, methods=["GET"]),
    Route("/files/ratings/{paper_id}", rating_file, methods=["GET"]),
    Route(CONFIRM, confirm_service, methods=["GET", "POST"]),
    Mount(CONFIRM, _NOT_HERE),
    Route("/files/agreements/{paper_id}", agreement_file, methods=["GET"]),
    Route("/files/complaints/{paper_id}", complaint_file, methods=["GET"]),
    Route("/files/trainings/{paper_id}", training_file, methods=["GET"]),
    Route("/files/admissions/{paper_id}", admission_file, methods=["GET"]),
    *LETTER_ROUTES,
    Mount("/auth", _NOT_HERE),
    Mount("/files", _NOT_HERE),
    Mount("/assets", StaticFiles(directory=_ASSETS)),
)


def _enter(ticket: str, browser: str, program: str, old: str | None) -> tuple[str | None, str]:
    """The new session's token and its account's language; the browser's old session ends."""
    with session(write=True) as current:
        token = enter(current, ticket, browser, program)
        if token is not None:
            leave(current, old)
        visitor = signed_in(current, token, today())
    return token, visitor.language if visitor else ""


def _leave(token: str | None) -> None:
    with session(write=True) as current:
        leave(current, token)


def _paper_for(
    request: Request, viewable: Callable[[Session, Actor, int], _Paper | None]
) -> tuple[str, str, Path] | None:
    visitor = visitor_of(request)
    if visitor is None:
        return None
    written: str = request.path_params["paper_id"]
    if not _NUMBER.fullmatch(written):
        return None
    with session() as current:
        paper = viewable(current, visitor.actor, int(written))
    if paper is None:
        return None
    path = evidence_path(paper.sha256)
    return (paper.file_name, paper.media_type, path) if path.is_file() else None


async def _short_body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_TICKET:
            return b""
    return body


def _ticket_in(body: bytes) -> str | None:
    try:
        sent = json.loads(body)
    except ValueError:
        return None
    ticket = sent.get("ticket") if isinstance(sent, dict) else None
    return ticket if isinstance(ticket, str) else None


def _refused(why: str) -> Response:
    return JSONResponse({"refused": why}, status_code=403)


def _own_address(request: Request) -> str:
    """The path of the page the request came from, if that was a page of ours."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc != request.headers.get("host") or came_from.path.startswith("//"):
        return "/"
    return (came_from.path or "/") + (f"?{came_from.query}" if came_from.query else "")
