"""零费程度与退回理由: the panel behind the overview's figure, for whom, in three views."""

from __future__ import annotations

import pytest

from models.rules.claim_workflow import Action
from tests.desk import Desk, all_text, title


@pytest.mark.parametrize("who", ["lead", "leader", "auditor"])
def test_it_opens_from_the_overview(desk: Desk, who: str) -> None:
    page = desk.open("/", who)
    page.button(key="open_outcomes").click().run()
    assert title(page) == "零费程度与退回理由"
    (shown,) = page.dataframe
    assert list(shown.value.iloc[:, 0]) == ["高企认定（首次）"]
    assert shown.value["事前未付费占比"].iloc[0] == "100.0%"
    page.button(key="back").click().run()
    assert title(page) == "总览"


@pytest.mark.parametrize("who", ["reviewer", "agency", "enterprise", "bureau", "finance"])
def test_nobody_else_opens_it(desk: Desk, who: str) -> None:
    page = desk.open("/", who, view="outcomes", by="clause")
    assert title(page) == "总览"
    assert not [button for button in page.button if button.key == "open_outcomes"]


def test_enterprises_and_clauses_have_their_own_views(desk: Desk) -> None:
    page = desk.open("/", "leader", view="outcomes", by="enterprise")
    assert len(page.dataframe[0].value) == 2
    assert not desk.open("/", "leader", view="outcomes", by="enterprise", q="nobody").dataframe
    clauses = desk.open("/", "leader", view="outcomes", by="clause")
    assert "没有退回或不予支持的决定" in all_text(clauses)
    number = desk.zone.file()
    desk.zone.world.step("reviewer", number, Action.refuse_pre_review, reasons=("R07", "R99"))
    shown = desk.open("/", "leader", view="outcomes", by="clause").dataframe[0].value
    assert list(shown["理由"]) == ["R07", "R99"]
    assert list(shown["依据条款"]) == ["五.3", "设定"]


@pytest.mark.parametrize("query", [{"by": "nonsense"}, {"by": "clause", "year": "99999999999"},
                                   {"by": "enterprise", "page": "-1", "order": "password_hash"}])  # fmt: skip
def test_nonsense_in_the_address_is_ignored(desk: Desk, query: dict[str, str]) -> None:
    page = desk.open("/", "lead", view="outcomes", **query)
    assert title(page) == "零费程度与退回理由"
