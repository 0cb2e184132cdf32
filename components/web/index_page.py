"""The index page: Streamlit's own, with our language, title, icon, script; nothing inline.

Streamlit fetches the code of an element when the first one arrives, and React then waits before it
shows it. The elements every page draws are named here, so that their code is there before they are.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from streamlit.file_util import get_static_dir

from components.auth import BROWSER_COOKIE
from components.language import CHINESE, LANGUAGE_COOKIE, supported, words_in
from components.look import PRODUCT
from components.web.cookies import set_browser_cookie
from models.rules.wording import say

NO_SCRIPT = say("本系统需要启用浏览器的 JavaScript")
_OUR_SCRIPTS = "".join(
    f'<script src="/assets/{name}.js" defer></script>' for name in ("words", "visitor")
)
DRAWN_EVERYWHERE = (
    "Html", "MenuButton", "Button", "DownloadButton", "ButtonGroup", "Selectbox", "TextInput",
    "DataFrame", "Pagination", "Table", "TextArea", "NumberInput", "Multiselect", "Checkbox",
)  # fmt: skip
SERVED_BY_OTHERS = frozenset(
    {"_stcore", "static", "media", "component", "assets", "auth", "files", "confirm", "favicon.png"}
)


def is_page_address(path: str) -> bool:
    """Whether a path is the address of a page (or a mistyped one), not of a file or service."""
    name = path.removeprefix("/")
    return not set("/.") & set(name) and name not in SERVED_BY_OTHERS


def is_served(path: str) -> bool:
    """Whether anybody serves a path that is no page's: Streamlit would answer any path."""
    return path.removeprefix("/").partition("/")[0] in SERVED_BY_OTHERS


def index_page(request: Request) -> HTMLResponse:
    """The index page for one browser: in its language, and with a mark of its own."""
    page = HTMLResponse(_index(language_of(request)), headers={"Cache-Control": "no-cache"})
    if BROWSER_COOKIE not in request.cookies:
        set_browser_cookie(request, page)
    return page


def language_of(request: Request) -> str:
    """The language of the cookie, else the first of the browser's that we speak, else Chinese."""
    wanted = request.headers.get("accept-language", "").split(",")
    offered = (request.cookies.get(LANGUAGE_COOKIE), *wanted)
    return next(filter(None, map(supported, offered)), CHINESE)


@cache
def _index(code: str) -> str:
    """Streamlit's index page rewritten.

    Raises:
        RuntimeError: a new Streamlit has changed its page, and what we rewrite is no longer there.
    """
    html = Path(get_static_dir(), "index.html").read_text("utf-8")
    for pattern, replacement in _rewriting(code):
        html, found = re.subn(pattern, replacement.replace("\\", r"\\"), html, flags=re.DOTALL)
        if not found:
            raise RuntimeError(f"Streamlit's index page has changed: nothing like {pattern}")
    return html


def _fetched_early() -> str:
    """The tags that fetch and run the code of the elements every page draws.

    Raises:
        RuntimeError: a new Streamlit has no file, or several, of that name.
    """
    folder = Path(get_static_dir(), "static")
    tags = []
    for name in DRAWN_EVERYWHERE:
        found = list(folder.glob(f"js/{name}.*.js"))
        if len(found) != 1:
            raise RuntimeError(f"Streamlit's files have changed: {len(found)} of {name}")
        tags.append(
            f'<script type="module" crossorigin src="./static/js/{found[0].name}"></script>'
        )
        tags += [
            f'<link rel="stylesheet" crossorigin href="./static/css/{style.name}">'
            for style in folder.glob(f"css/{name}.*.css")
        ]
    return "".join(tags)


def _rewriting(code: str) -> tuple[tuple[str, str], ...]:
    product = words_in(code, PRODUCT)
    no_script = f"<noscript><p>{words_in(code, NO_SCRIPT)}</p></noscript>"
    tag = {CHINESE: "zh-CN"}.get(code, code)
    # fmt: off
    return (
        (r"<html lang=\"en\">",                            f'<html lang="{tag}">'),
        (r"<title>.*?</title>",                            f"<title>{product}</title>"),
        (r"href=\"\./favicon\.png\"",                      'href="/assets/icon.svg"'),
        (r"<link\s+rel=\"preload\".*?/>",                  ""),  # a font we do not use
        (r"<link rel=\"service-desc\".*?/>",               ""),  # an interface we do not offer
        (r"<script>\s*window\.prerenderReady.*?</script>", _OUR_SCRIPTS),
        (r"<noscript>.*?</noscript>",                      no_script),
        (r"</head>",                                       f"{_fetched_early()}</head>"),
    )
    # fmt: on
