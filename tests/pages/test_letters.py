"""函件模板, and the letters of a claim on its screen."""

from __future__ import annotations

from typing import Any

import pytest

from components import letters
from models.rules.claim_workflow import Action
from models.rules.letters import LETTERS, LetterKind
from tests.desk import Desk, all_text, title

BACK: dict[str, Any] = {"reasons": ("R01",), "note": "见说明"}


@pytest.mark.parametrize(("who", "may"), [("lead", True), ("reviewer", False), ("auditor", False)])
def test_templates_are_read_by_many_and_replaced_by_the_lead(
    desk: Desk, who: str, *, may: bool
) -> None:
    page = desk.open("/letters", who)
    assert title(page) == "函件模板"
    text = all_text(page)
    assert "/files/letters/templates/return_notice/0" in text
    assert "{{补正期限}}" in text
    assert bool(page.get("file_uploader")) is may
    assert ("replace_template" in {button.key for button in page.button}) is may


def test_each_kind_lists_its_own_placeholders(desk: Desk) -> None:
    page = desk.open("/letters", "lead")
    (kinds,) = [group for group in page.button_group if group.key == "letter_kind"]
    kinds.set_value(LetterKind.payment_order).run()
    text = all_text(page)
    for field in LETTERS[LetterKind.payment_order].fields:
        assert f"{{{{{field.name}}}}}" in text


@pytest.mark.parametrize("has_pdf", [True, False])
def test_a_claim_offers_its_letters(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, has_pdf: bool
) -> None:
    monkeypatch.setattr(letters, "makes_pdf", lambda: has_pdf)
    number = desk.zone.file()
    assert "/files/letters/" not in all_text(desk.open("/claim", "agency", no=number))
    desk.zone.world.step("reviewer", number, Action.return_pre_review, **BACK)
    for who in ("agency", "reviewer", "lead"):
        text = all_text(desk.open("/claim", who, no=number))
        assert "一次性告知书" in text
        assert f"/files/letters/claims/2/{number}" in text
        assert (f"/files/letters/claims/2/{number}?as=pdf" in text) is has_pdf
