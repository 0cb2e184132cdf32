"""The crowd of the query tests: a claim in every state for each of two agencies, made once per kind
of database."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from models.actions.claims import draft_claim
from models.rules.claim_workflow import Action, State
from tests.models.actions.small_words import BACK
from tests.models.actions.test_claims import SILENT
from tests.town import Town, make_town
from tests.world import TODAY, Opener

A, S = Action, State


@pytest.fixture
def crowded(opened: Opener) -> Town:
    """A town with a claim in every state for each agency."""
    town: Town = opened(_crowded)
    return town


def _crowded(engine: Engine) -> Town:
    town = make_town(engine)
    for agreement, who in (("software", "agency"), ("second", "agency2")):
        agreement_id = town.agreements[agreement]
        draft = replace(
            town.draft(**SILENT), filed_on=TODAY, agreement_id=agreement_id,
            **({"result_kind_code": "software_registration", "result_printed": "2026SR7777777"} if who == "agency" else {}),
        )  # fmt: skip
        with town.session() as current:
            draft_claim(current, town.people[who], draft)
    for agreement in (town.agreement_id, town.agreements["second"]):
        who = "agency" if agreement == town.agreement_id else "agency2"
        for state in (
            S.submitted,
            S.pre_reviewed,
            S.applied,
            S.re_reviewed,
            S.approved,
            S.agency_paid,
            S.closed,
        ):
            town.at(state, agreement_id=agreement)
        returned, held, refused, withdrawn = (town.file(agreement_id=agreement) for _ in range(4))
        town.step("reviewer", returned, A.return_pre_review, **BACK)
        town.step("reviewer", held, A.hold, **BACK)
        town.step("reviewer", refused, A.refuse_pre_review, **BACK)
        town.step(who, withdrawn, A.withdraw, **BACK)
    return town
