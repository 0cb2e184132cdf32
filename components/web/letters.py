"""Letters and their templates as files: written when they are asked for, for whoever may see what
they speak of; 404 to anybody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from components.attempt import found
from components.web.cookies import visitor_of
from models.actions.letters import template_content, written_letter
from models.exchange.pdf import pdf_of
from models.queries.letter_templates import template_of
from models.queries.letters import Letter, claim_letter, filing_letter
from models.rules.letters import LETTERS, LetterKind
from models.rules.roles import Actor

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
_POSITION = re.compile(r"[0-9]{1,4}")
_NOT_HERE = Response("404", status_code=404, media_type="text/plain")

Made = tuple[str, bytes]
"""A file's name without its ending, and the `.docx`."""


async def claim_letter_file(request: Request) -> Response:
    """`GET /files/letters/claims/{position}/{number}`: the letter of a step of a claim; `?as=pdf`
    where this machine makes PDFs."""
    position, number = request.path_params["position"], request.path_params["number"]
    if not _POSITION.fullmatch(position):
        return _NOT_HERE
    return await _answer(
        request, lambda current, actor: _letter(claim_letter(current, actor, number, int(position)))
    )


async def filing_letter_file(request: Request) -> Response:
    """`GET /files/letters/agreements/{number}`: the confirmation of an agreement's filing."""
    number = request.path_params["number"]
    return await _answer(
        request, lambda current, actor: _letter(filing_letter(current, actor, number))
    )


async def template_file(request: Request) -> Response:
    """`GET /files/letters/templates/{kind}/{version}`: a template; version 0 is the program's
    own."""
    kind, version = request.path_params["kind"], request.path_params["version"]
    if kind not in set(LetterKind) or not _POSITION.fullmatch(version):
        return _NOT_HERE
    return await _answer(
        request, lambda current, actor: _template(current, actor, LetterKind(kind), int(version))
    )


LETTER_ROUTES: tuple[BaseRoute, ...] = (
    Route("/files/letters/claims/{position}/{number:path}", claim_letter_file, methods=["GET"]),
    Route("/files/letters/agreements/{number:path}", filing_letter_file, methods=["GET"]),
    Route("/files/letters/templates/{kind}/{version}", template_file, methods=["GET"]),
)


async def _answer(request: Request, make: Callable[[Session, Actor], Made]) -> Response:
    made = await run_in_threadpool(_made_for, request, make)
    if made is None:
        return _NOT_HERE
    stem, content = made
    if request.query_params.get("as") != "pdf":
        return _file(f"{stem}.docx", content, DOCX)
    pdf = await run_in_threadpool(pdf_of, content)
    return _NOT_HERE if pdf is None else _file(f"{stem}.pdf", pdf, PDF)


def _made_for(request: Request, make: Callable[[Session, Actor], Made]) -> Made | None:
    visitor = visitor_of(request)
    return found(make, visitor.actor) if visitor is not None else None


def _letter(letter: Letter) -> Made:
    return letter.stem, written_letter(letter)


def _template(current: Session, actor: Actor, kind: LetterKind, version: int) -> Made:
    sha256 = template_of(current, actor, kind, version)
    return f"{LETTERS[kind].title}-模板-{version}", template_content(kind, sha256)


def _file(name: str, content: bytes, media_type: str) -> Response:
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "private, no-store",
        },
    )
