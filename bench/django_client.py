"""A browser as far as Django's admin can tell: one kept connection, cookies, forms."""

from __future__ import annotations

import http.client
import re
from urllib.parse import urlencode

from bench.peers.django_admin.prepare import PASSWORD

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(?P<token>[^"]+)"')


class AdminRefused(Exception):
    """The admin did not do what was asked."""


class Admin:
    """One signed-in user of the admin; `cookies` are what a browser would hold."""

    def __init__(self, port: int, user: str) -> None:
        self._port = port
        self.cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._sign_in(user)

    def get(self, path: str) -> str:
        """A page's HTML, to the last byte."""
        status, body = self._ask("GET", path)
        if status != 200:
            raise AdminRefused(f"GET {path}: {status}")
        return body

    def new_connection(self) -> None:
        """As a new tab: the cookie stays, the connection does not."""
        self._connection.close()

    def decide(self, claim_id: int, state: str, note: str = "") -> None:
        """Save a claim's form: the POST alone, as the form's fields are known."""
        fields = {
            "csrfmiddlewaretoken": self.cookies["csrftoken"],
            "state": state,
            "note": note,
            "_save": "1",
        }
        for inline in ("papers", "events"):
            fields |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
        status, body = self._ask("POST", f"/admin/zone/claim/{claim_id}/change/", fields)
        if status != 302:
            raise AdminRefused(f"claim {claim_id}: {status} {body[:400]}")

    def _sign_in(self, user: str) -> None:
        page = self.get("/admin/login/")
        found = _TOKEN.search(page)
        if found is None:
            raise AdminRefused("no form to sign in with")
        fields = {
            "csrfmiddlewaretoken": found["token"], "username": user, "password": PASSWORD,
            "next": "/admin/",
        }  # fmt: skip
        status, _ = self._ask("POST", "/admin/login/", fields)
        if status != 302:
            raise AdminRefused(f"sign-in: {status}")

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body = urlencode(fields).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://127.0.0.1:{self._port}{path}"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, content
