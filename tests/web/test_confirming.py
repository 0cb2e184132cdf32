"""`/confirm?t=…` as a stranger's phone sees it: a form without a session, good once, refusing in words."""

from __future__ import annotations

import http.client
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlmodel import col, select

from models.actions.confirming import ask_enterprise, withdraw_request
from models.clock import now_utc, standing_at
from models.database import default_engine, deployment, make_engine, session
from models.tables.agreements import Confirmation
from models.tables.claims import Claim
from models.tables.confirmations import ConfirmationRequest
from models.tables.organisations import Enterprise
from tests.browser.zone import NAUGHTY
from tests.web.conftest import Answer, Site, served
from tests.world import World, make_world

UNASKED = {"requested_on": None, "confirmed_on": None, "paid_before_fen": None,
           "paid_after_fen": None, "satisfaction": None}  # fmt: skip
FREE = {"happened": "free", "satisfaction": "5"}


@pytest.fixture(scope="module")
def world(empty_deployment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world kept where the server will look."""
    folder = tmp_path_factory.mktemp("confirming")
    shutil.copy(empty_deployment, folder / "zone.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_FOLDER", str(folder))
        deployment.cache_clear()
        default_engine.cache_clear()
        with standing_at(now_utc()):
            made = make_world(make_engine(f"sqlite:///{folder / 'zone.db'}"))
        with made.session() as current:
            member = current.exec(select(Enterprise)).one()
            member.name = NAUGHTY
            current.add(member)
        yield made
    deployment.cache_clear()
    default_engine.cache_clear()


@pytest.fixture(scope="module")
def page(world: World) -> Iterator[Site]:
    """The world's own server."""
    database = Path(str(world.engine.url.database))
    with served(database, database.parent) as site:
        yield site


def link(world: World) -> str:
    """The address of a new link about a new claim."""
    number = world.file(**UNASKED)
    with world.session() as current:
        claim = current.exec(select(Claim).where(Claim.number == number)).one()
        token = ask_enterprise(
            current, world.people["reviewer"], claim.agreement_id, claim.result_id
        )
    return f"/confirm?t={token}"


def send(site: Site, path: str, form: dict[str, str] | bytes, **headers: str) -> Answer:
    """A form as a browser sends it."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": site.origin} | headers
    connection.request("POST", path, body=body, headers=sent)
    response = connection.getresponse()
    answer = Answer(response.status, response.msg, response.read())
    connection.close()
    return answer


def newest(world: World) -> Confirmation:
    """The newest confirmation."""
    with session(world.engine) as current:
        order = col(Confirmation.id).desc()
        found = current.exec(select(Confirmation).order_by(order)).first()
    assert found is not None
    return found


def heading(answer: Answer) -> str:
    """What stands above the page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.body.decode())
    assert found
    return found[1]


def test_a_stranger_answers_once_without_a_session(world: World, page: Site) -> None:
    path = link(world)
    asked = page.ask("GET", path)
    assert (asked.status, heading(asked)) == (200, "请确认这项服务")
    assert not asked.cookies
    text = asked.body.decode()
    for words in (
        "高企认定（首次）",
        "大连示例甲机构有限公司",
        "GR2026",
        "只能答复一次",
        "起未答复的视为确认",
    ):
        assert words in text
    assert "<script" not in text
    assert "onerror=" not in text.replace("onerror=window.hacked=1&gt;", "")
    done = send(
        page, path, {"happened": "paid", "before": "0", "after": "1,200", "satisfaction": "4"}
    )
    assert (done.status, heading(done)) == (200, "谢谢，您的答复已记录")
    row = newest(world)
    assert (row.paid_before_fen, row.paid_after_fen, row.satisfaction) == (0, 120_000, 4)
    again = send(page, path, FREE)
    assert (again.status, heading(again)) == (410, "已经答复过了")
    assert page.ask("GET", path).status == 410
    assert "1,200" not in page.ask("GET", path).body.decode(), "a used link tells nothing"
    assert newest(world).satisfaction == 4


def test_a_denial_is_recorded(world: World, page: Site) -> None:
    done = send(page, link(world), {"happened": "denied"})
    assert done.status == 200
    assert "没有完成这项服务" in done.body.decode()
    assert newest(world).is_denied


def test_looking_at_it_answers_nothing(world: World, page: Site) -> None:
    path = link(world)
    for method in ("HEAD", "GET", "GET"):
        assert page.ask(method, path).status == 200
    assert newest(world).confirmed_on is None
    for method in ("PUT", "DELETE", "PATCH"):
        assert page.ask(method, path).status == 405


def test_faults_are_told_at_once_and_what_was_filled_in_stays(world: World, page: Site) -> None:
    path = link(world)
    wrong = send(page, path, {"happened": "paid", "before": "五百", "after": '"><b>'})
    text = wrong.body.decode()
    assert wrong.status == 422
    assert text.count("<li>") == 3
    assert 'value="paid" required checked' in text
    assert 'value="五百"' in text
    assert "<b>&quot;" not in text
    assert 'value="&quot;&gt;&lt;b&gt;"' in text
    for form in ({}, b"\xff\xfe", b"a=" + b"x" * 5_000, b"&".join([b"a=1"] * 50)):
        assert send(page, path, form).status == 422  # type: ignore[arg-type]
    assert newest(world).confirmed_on is None


@pytest.mark.parametrize(
    "query",
    ["", "?t=", "?t=x", "?t=" + "A" * 43 + "." + "A" * 22, "?t=%00", "?t=" + "x" * 5_000, "?u=1"],
)
def test_a_forged_link_learns_nothing(world: World, page: Site, query: str) -> None:
    for answer in (page.ask("GET", f"/confirm{query}"), send(page, f"/confirm{query}", FREE)):
        assert (answer.status, heading(answer)) == (404, "链接无效")
        assert "高企" not in answer.body.decode()


def test_a_cut_or_altered_link_is_no_link(world: World, page: Site) -> None:
    path = link(world)
    for altered in (path[:-1], path + "A", path.replace("t=", "t=A", 1)):
        assert page.ask("GET", altered).status == 404


def test_a_withdrawn_or_expired_link_says_what_to_do(world: World, page: Site) -> None:
    withdrawn, expired = link(world), link(world)
    with world.session() as current:
        requests = current.exec(select(ConfirmationRequest).order_by(col(ConfirmationRequest.id)))
        first, second = list(requests)[-2:]
        withdraw_request(current, world.people["lead"], first.id or 0)
        second.expires_on = second.expires_on.replace(year=2020)
        current.add(second)
    for path, words in ((withdrawn, "链接已作废"), (expired, "链接已过期")):
        answer = send(page, path, FREE)
        assert (answer.status, heading(answer)) == (410, words)
        assert "高企" not in answer.body.decode()


def test_another_sites_form_is_refused(world: World, page: Site) -> None:
    path = link(world)
    for origin in ("https://elsewhere.example", "null"):
        assert send(page, path, FREE, Origin=origin).status == 403
    assert newest(world).confirmed_on is None


def test_it_speaks_english_and_can_be_switched(world: World, page: Site) -> None:
    path = link(world)
    english = page.ask("GET", path, Accept_Language="en-GB")
    assert heading(english) == "Please confirm this service"
    assert b'<html lang="en">' in english.body
    assert "HNTE first certification" in english.body.decode()
    turned = page.ask(
        "GET", "/auth/language?to=en", Referer=f"{page.origin}{path}", Host=f"127.0.0.1:{page.port}"
    )
    assert turned.headers["location"] == path


def test_its_headers_let_nothing_run_and_nothing_keep_it(world: World, page: Site) -> None:
    headers = page.ask("GET", link(world)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"].startswith("noindex")
    style = page.ask("GET", "/assets/confirm.css")
    assert (style.status, style.headers["content-type"].split(";")[0]) == (200, "text/css")


@pytest.mark.parametrize("path", ["/confirm/", "/confirm/x", "/confirmx", "/CONFIRM"])
def test_nothing_lies_beside_it(page: Site, path: str) -> None:
    answer = page.ask("GET", path)
    assert b"<form" not in answer.body


def test_no_token_stands_in_the_servers_log(world: World, page: Site) -> None:
    path = link(world)
    page.ask("GET", path)
    folder = Path(str(world.engine.url.database)).parent
    written = "".join(log.read_text() for log in folder.glob("uvicorn-*.log"))
    assert "GET /confirm HTTP" in written
    assert path.partition("=")[2][:20] not in written
