"""`/confirm?t=…`: an enterprise answers the alliance's link, without an account and without opening
anything else.

A plain page: it opens at once on any phone, runs no script, and is drawn only when the link's
signature is ours. Nothing but the link answers: no cookie is read, so another site's page has
nothing to borrow; whoever sends a form without the link is told that there is none.
"""

from __future__ import annotations

import logging
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse

from components.attempt import unsigned
from components.web.confirm_page import Drawn, form_page, notice_page, receipt_page
from models.actions.confirming import answer_request
from models.database import session
from models.queries.confirming import Question, question_of
from models.rules.confirming import LinkState, Written, answer_read

CONFIRM = "/confirm"
LONGEST_FORM = 4_000
_FIELDS = ("happened", "before", "after", "satisfaction")
# fmt: off
_STATUS = {LinkState.open: 200, LinkState.used: 410, LinkState.withdrawn: 410, LinkState.expired: 410}
# fmt: on


async def confirm_service(request: Request) -> HTMLResponse:
    """`GET` asks, `POST` answers; a link that is not ours gets 404, one that serves no more 410."""
    token = request.query_params.get("t", "")
    if request.method == "POST":
        if not _may_be_ours(request):
            return _page(request, notice_page(request, None), 403)
        written = _written(await _body(request))
        return await run_in_threadpool(_answer, request, token, written)
    return await run_in_threadpool(_ask, request, token)


def without_tokens(line: logging.LogRecord) -> bool:
    """A filter of the server's access log: a link's address holds its token, a log must not."""
    if isinstance(line.args, tuple):
        line.args = tuple(
            part.partition("?")[0] if isinstance(part, str) and part.startswith(CONFIRM) else part
            for part in line.args
        )
    return True


def _ask(request: Request, token: str) -> HTMLResponse:
    question = _question(token)
    if question is None:
        return _page(request, notice_page(request, None), 404)
    if question.state is not LinkState.open:
        return _page(request, notice_page(request, question), _STATUS[question.state])
    return _page(request, form_page(request, question, Written(), {}), 200)


def _answer(request: Request, token: str, written: Written) -> HTMLResponse:
    question = _question(token)
    if question is None or question.state is not LinkState.open:
        return _ask(request, token)
    reading = answer_read(written)
    if reading.answer is None:
        return _page(request, form_page(request, question, written, reading.faults), 422)
    outcome = unsigned(answer_request, token, reading.answer)
    if outcome.refusal is None:
        return _page(request, receipt_page(request, question, reading.answer), 200)
    if _question(token) != question:  # answered, withdrawn or expired in this very moment
        return _ask(request, token)
    faults = {"happened": outcome.refusal.wording}
    return _page(request, form_page(request, question, written, faults), 422)


def _question(token: str) -> Question | None:
    with session() as current:
        return question_of(current, token)


def _may_be_ours(request: Request) -> bool:
    """A browser that says where the form came from must name this host; some say nothing."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return b""
    return body


def _written(body: bytes) -> Written:
    try:
        sent = parse_qs(body.decode("utf-8"), max_num_fields=10)
    except ValueError:
        return Written()
    return Written(**{name: sent.get(name, [""])[0][:40] for name in _FIELDS})


def _page(request: Request, drawn: Drawn, status: int) -> HTMLResponse:
    return HTMLResponse(
        drawn.html,
        status_code=status,
        headers={
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex, nofollow",
            "Content-Language": drawn.tag,
        },
    )
