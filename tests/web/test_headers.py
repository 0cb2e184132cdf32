"""Headers, the index page, and the doors that are closed to strangers."""

import pytest

from components.site import SITE
from models.rules.roles import Role
from tests.web.conftest import Site

PAGES = [page.address for page in SITE]


@pytest.mark.parametrize(
    "path", [*PAGES, "/mistyped", "/_stcore/health", "/files/1", "/auth/enter"]
)
def test_every_answer_carries_the_security_headers(site: Site, path: str) -> None:
    headers = site.ask("GET", path).headers
    policy = headers["content-security-policy"]
    assert "default-src" in policy
    assert "script-src 'self';" in policy or "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_ours_in_the_browsers_language(site: Site, path: str) -> None:
    chinese = site.ask("GET", path, Accept_Language="zh-CN,zh;q=0.9,en;q=0.8")
    english = site.ask("GET", path, Accept_Language="en-GB,en;q=0.9")
    assert b'<html lang="zh-CN">' in chinese.body
    assert "<title>科技创新服务零费区</title>".encode() in chinese.body
    assert b'<html lang="en">' in english.body
    assert b"<title>Zero-Fee Zone</title>" in english.body
    assert b"<script>" not in chinese.body
    assert b'src="/assets/visitor.js"' in chinese.body


@pytest.mark.parametrize(
    ("accepts", "cookie", "lang"),
    [
        ("", "", "zh-CN"),
        ("de-DE,de", "", "zh-CN"),
        ("de-DE,en;q=0.5", "", "en"),
        ("en", "zero_fee_language=zh_CN", "zh-CN"),
        ("zh", "zero_fee_language=en", "en"),
        ("zh", "zero_fee_language=nonsense", "zh-CN"),
    ],
)
def test_the_cookie_decides_before_the_browser(
    site: Site, accepts: str, cookie: str, lang: str
) -> None:
    page = site.ask("GET", "/", Accept_Language=accepts, Cookie=cookie)
    assert f'<html lang="{lang}">'.encode() in page.body


def test_a_new_browser_gets_a_mark_of_its_own_once(site: Site) -> None:
    first = site.ask("GET", "/")
    mark = first.cookies["zero_fee_browser"]
    assert mark != site.ask("GET", "/").cookies["zero_fee_browser"]
    assert "HttpOnly" in (first.headers.get("set-cookie") or "")
    assert not site.ask("GET", "/", Cookie=f"zero_fee_browser={mark}").cookies


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "[bad", ""])
def test_another_host_name_is_not_answered(site: Site, host: str) -> None:
    assert site.ask("GET", "/", Host=host).status == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8501", "127.0.0.1:1", "[::1]:8501"])
def test_the_configured_names_are_answered(site: Site, host: str) -> None:
    assert site.ask("GET", "/", Host=host).status == 200


CLOSED = (
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/_stcore/agent/interact",
    "/_stcore/metrics",
    "/component/extra_streamlit_components.CookieManager.cookie_manager/index.html",
)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", CLOSED)
def test_what_we_do_not_offer_is_closed_to_everybody(site: Site, path: str, method: str) -> None:
    assert site.ask(method, path).status == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/media/0123abcd.xlsx", "/_stcore/upload_file/a/b"])
def test_media_and_uploads_ask_for_a_session(site: Site, path: str, method: str) -> None:
    assert site.ask(method, path).status == 404
    assert site.ask(method, path, Cookie="zero_fee_session=guessed").status == 404


def test_a_signed_in_browser_reaches_the_upload_door(site: Site) -> None:
    token = site.token(site.account("uploader", Role.alliance_reviewer))
    answer = site.ask(
        "PUT", "/_stcore/upload_file/no-such-session/f", Cookie=f"zero_fee_session={token}"
    )
    assert answer.status in (400, 403)


@pytest.mark.parametrize("path", ["/files/1", "/files/999999", "/files/x", "/files/-1", "/files/"])
def test_a_stranger_finds_no_file(site: Site, path: str) -> None:
    answer = site.ask("GET", path)
    assert answer.status == 404
    assert b"%PDF" not in answer.body


@pytest.mark.parametrize("path", ["/index.html", "/pages/accounts.py", "/app.py", "/a/b", "//"])
def test_no_other_path_is_anything(site: Site, path: str) -> None:
    assert site.ask("GET", path).status == 404


@pytest.mark.parametrize("path", ["/assets/visitor.js", "/assets/words.js", "/assets/icon.svg"])
def test_our_own_scripts_are_served(site: Site, path: str) -> None:
    assert site.ask("GET", path).status == 200


@pytest.mark.parametrize("path", ["/assets/../routes.py", "/assets/%2e%2e/routes.py", "/assets/"])
def test_nothing_beside_them_is(site: Site, path: str) -> None:
    assert b"evidence_file" not in site.ask("GET", path).body
