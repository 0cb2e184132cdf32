"""What the policy came to: equal to a computation by hand, for whom, and what is left out."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import pytest
from sqlmodel import col

from models.database import session
from models.queries.outcomes import (
    ReasonNamed,
    reasons_named,
    zero_by_enterprise,
    zero_by_service,
)
from models.queries.overview_money import zero_level
from models.queries.paging import PageRequest
from models.rules.claim_workflow import Action
from models.rules.errors import NotAllowed
from models.tables.agreements import Confirmation, ConfirmationBasis
from tests.town import Town, later

SILENT = {
    "confirmed_on": None,
    "paid_before_fen": None,
    "paid_after_fen": None,
    "satisfaction": None,
}
MAY = {"lead", "lead2", "leader", "auditor", "administrator"}


@pytest.fixture
def answered(town: Town) -> Town:
    """A town whose enterprises paid nothing, something before, something after; one was silent."""
    town.file()
    town.file(paid_before_fen=10_000, paid_after_fen=50_000)
    town.file(agreement_id=town.agreements["other"], paid_after_fen=None)
    town.software(paid_after_fen=70_000)
    town.software(**SILENT)
    deemed = town.software(**SILENT)
    town.change(
        Confirmation, col(Confirmation.result_id) == town.claim(deemed).result_id,
        basis=ConfirmationBasis.deemed, confirmed_on=date(2026, 11, 20),
    )  # fmt: skip
    denied = town.software()
    town.change(
        Confirmation, col(Confirmation.result_id) == town.claim(denied).result_id,
        basis=ConfirmationBasis.given, is_denied=True,
    )  # fmt: skip
    return town


def by_hand(town: Town, key: str) -> dict[str, tuple[int, ...]]:
    """The same figures, computed from the bare rows."""
    with session(town.engine) as current:
        rows = pd.read_sql("SELECT * FROM confirmation", current.connection())
        agreements = pd.read_sql(
            "SELECT a.id AS agreement_id, a.service_code AS service, e.uscc AS uscc"
            " FROM agreement a JOIN enterprise e ON e.id = a.enterprise_id", current.connection(),
        )  # fmt: skip
    known = rows[
        rows.paid_before_fen.notna() & rows.confirmed_on.notna() & ~rows.is_denied.astype(bool)
    ]
    known = known.merge(agreements, on="agreement_id").fillna({"paid_after_fen": 0})
    return {
        str(name): (
            len(group), int((group.paid_before_fen == 0).sum()), int(group.paid_before_fen.sum()),
            int((group.paid_after_fen > 0).sum()), int(group.paid_after_fen.sum()),
        )
        for name, group in known.groupby(key)
    }  # fmt: skip


def figures(row: object) -> tuple[int, ...]:
    """A row's figures in a row."""
    f = row.figures  # type: ignore[attr-defined]
    return f.answered, f.nothing_before, f.before_fen, f.paid_after, f.after_fen


def test_the_figures_are_those_of_a_computation_by_hand(answered: Town) -> None:
    with session(answered.engine) as current:
        lead = answered.people["lead"]
        services = {row.code: figures(row) for row in zero_by_service(current, lead)}
        page = zero_by_enterprise(current, lead, PageRequest())
        level = zero_level(current)
    assert services == by_hand(answered, "service")
    assert {row.uscc: figures(row) for row in page} == by_hand(answered, "uscc")
    assert sum(row[0] for row in services.values()) == level.answered == 4
    assert sum(row[4] for row in services.values()) == level.after_fen == 120_000
    assert services["hnte_first"] == (3, 2, 10_000, 1, 50_000)


def test_enterprises_are_ordered_searched_and_paged(answered: Town) -> None:
    lead = answered.people["lead"]
    with session(answered.engine) as current:
        first = zero_by_enterprise(current, lead, PageRequest(size=1))
        assert (first.count.rows, first.pages) == (2, 2)
        assert first.rows[0].figures.before_fen == 10_000
        least = zero_by_enterprise(current, lead, PageRequest(size=1, order="answered"))
        assert least.rows[0].figures.answered == 1
        found = zero_by_enterprise(current, lead, PageRequest(order="nonsense"), "丑企业")
        assert [row.name for row in found] == ["大连示例丑企业有限公司"]
        assert not zero_by_enterprise(current, lead, PageRequest(), "%' OR 1=1").rows


def test_nobody_answered_is_nothing(sqlite_only: Town) -> None:
    with session(sqlite_only.engine) as current:
        lead = sqlite_only.people["lead"]
        assert zero_by_service(current, lead) == ()
        assert not zero_by_enterprise(current, lead, PageRequest()).rows
        assert reasons_named(current, lead, 2026) == ()


def test_reasons_are_counted_by_decision_and_claim(town: Town) -> None:
    twice, once, refused = town.file(), town.file(), town.file()
    for number in (twice, once):
        town.step("reviewer", number, Action.return_pre_review, reasons=("R01", "R14"))
    town.step("agency", twice, Action.submit)
    town.step("reviewer2", twice, Action.return_pre_review, reasons=("R01",))
    town.step("reviewer", refused, Action.refuse_pre_review, reasons=("R01",))
    held = town.file()
    town.step("reviewer", held, Action.hold, reasons=("R10",))
    with session(town.engine) as current:
        rows = reasons_named(current, town.people["leader"], 2026)
        assert reasons_named(current, town.people["leader"], 2025) == ()
    said = [(row.code, row.returned, row.refused, row.claims, row.named) for row in rows]
    assert said == [("R01", 3, 1, 3, 4), ("R14", 2, 0, 2, 2)]
    assert isinstance(rows[0], ReasonNamed)
    assert rows[0].basis == "五.3(1)；一次性告知"
    with later(days=50), session(town.engine) as current:
        assert reasons_named(current, town.people["leader"], 2027) == ()


def test_everybody_is_answered(sqlite_only: Town) -> None:
    town = sqlite_only
    with session(town.engine) as current:
        for who, actor in town.people.items():
            for query in (
                partial(zero_by_service, current, actor),
                partial(zero_by_enterprise, current, actor, PageRequest()),
                partial(reasons_named, current, actor, 2026),
            ):
                if who in MAY:
                    query()
                else:
                    with pytest.raises(NotAllowed):
                        query()
