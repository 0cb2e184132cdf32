"""Site map and pages agree: every page once, guarded first of all, by the same permission."""

import ast

import pytest

from components.site import SITE, Page, page_at
from models.rules.roles import Permission

PAGES = SITE[0].script.parent


def test_every_page_stands_in_the_site_map_once() -> None:
    assert sorted(page.file for page in SITE) == sorted(path.name for path in PAGES.glob("*.py"))
    assert (
        len({page.address for page in SITE}) == len({page.url_path for page in SITE}) == len(SITE)
    )


@pytest.mark.parametrize("page", SITE, ids=lambda page: page.address)
def test_a_pages_first_statement_is_its_guard(page: Page) -> None:
    body = ast.parse(page.script.read_text("utf-8")).body
    assert isinstance(body[0], ast.Expr), "a page begins with its docstring"
    first = next(node for node in body[1:] if not isinstance(node, ast.Import | ast.ImportFrom))
    call = first.value if isinstance(first, ast.Assign | ast.Expr) else None
    assert isinstance(call, ast.Call)
    assert ast.unparse(call) == f"open_page(Permission.{page.permission})"


def test_a_page_is_found_by_its_address() -> None:
    assert page_at("/claims").permission is Permission.see_claims
    with pytest.raises(KeyError):
        page_at("/nowhere")
