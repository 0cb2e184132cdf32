"""The reference data as they lie in the files: complete, cited, and fit for the rules that read
them."""

import csv
from collections import Counter
from itertools import groupby

import pytest
from sqlalchemy import Engine

from models.actions.reference import Applied
from models.actions.steps import system_actor
from models.database import session
from models.rules.entitlement import Standard, standard_faults
from models.rules.identifiers import IdentifierKind
from models.tables.money import PolicyRule, Standing
from models.tables.reference import (
    EvidenceKind,
    ReasonCode,
    RequiredEvidence,
    ResultKind,
    ServiceType,
    Track,
)
from seed.reference_data import FOLDER, reference_rows, seed_reference

ROWS = list(reference_rows())


def of(table: type) -> list:
    """The rows of one table."""
    return [row for row in ROWS if isinstance(row, table)]


def test_applying_twice_changes_nothing(database: Engine) -> None:
    with session(database, write=True) as current:
        assert seed_reference(current, system_actor()) == Applied(inserted=len(ROWS))
    with session(database, write=True) as current:
        assert seed_reference(current, system_actor()) == Applied(unchanged=len(ROWS))


def test_every_item_of_clause_four_has_a_service() -> None:
    assert {service.clause_item for service in of(ServiceType)} == set(range(1, 9))
    free = {service.clause_item for service in of(ServiceType) if service.track is Track.free}
    assert free == {8}


def test_every_service_that_costs_money_has_a_result() -> None:
    paid = {service.code for service in of(ServiceType) if service.track is not Track.free}
    assert {kind.service_code for kind in of(ResultKind)} == paid


def test_application_and_grant_of_an_invention_are_two_kinds() -> None:
    kinds = {kind.identifier for kind in of(ResultKind) if kind.service_code == "invention_patent"}
    assert kinds == {IdentifierKind.patent_application, IdentifierKind.patent_grant}


def test_every_result_needs_the_agreement_and_a_proof() -> None:
    needed = groupby(of(RequiredEvidence), lambda row: row.result_kind_code)
    papers = {kind: {row.evidence_kind_code for row in rows} for kind, rows in needed}
    assert papers.keys() == {kind.code for kind in of(ResultKind)}
    known = {kind.code for kind in of(EvidenceKind)}
    for codes in papers.values():
        assert "M01" in codes
        assert codes & {"M02", "M07", "M08", "M09"}
        assert codes <= known


def test_price_bands_are_in_order_and_cited() -> None:
    for service in of(ServiceType):
        if service.price_floor_fen is not None:
            assert service.price_floor_fen < service.price_ceiling_fen
    for line in lines("services.csv"):
        assert bool(line["price_floor_yuan"]) == bool(line["price_source"])


def test_reasons_are_numbered_and_say_what_to_do() -> None:
    codes = [reason.code for reason in of(ReasonCode)]
    assert codes == sorted(codes)
    assert all(reason.remedy_zh and reason.remedy_en for reason in of(ReasonCode))


def test_printed_standards_are_for_comparison_only_and_can_be_computed() -> None:
    for rule in of(PolicyRule):
        assert rule.standing is Standing.reference
        standard = Standard(
            rule.key, rule.version, rule.document, rule.clause, rule.kind, rule.purpose,
            **rule.parameters,
        )  # fmt: skip
        assert standard_faults(standard) == (), rule.key


NAMES_ONLY = {
    f"{name}.csv"
    for name in ("places", "plans", "themes", "indicators", "target_links", "target_actuals")
}
"""Names and links the cited lines of `targets.csv` and `actuals.csv` use; they state no figure."""


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.glob("*.csv")))
def test_every_line_is_whole_and_cites_something(file: str) -> None:
    cites = {"document", "clause", "source", "source_title", "basis", "task"}
    for line in lines(file):
        assert None not in line, line
        assert None not in line.values(), line
        if file not in NAMES_ONLY:
            assert any(line.get(column) for column in cites), line


@pytest.mark.parametrize("table", [ServiceType, ResultKind, EvidenceKind, ReasonCode])
def test_codes_are_unique_and_named_in_both_languages(table: type) -> None:
    counts = Counter(row.code for row in of(table))
    assert max(counts.values()) == 1
    assert all(row.name_zh and row.name_en and row.code.isascii() for row in of(table))


def lines(file: str) -> list[dict[str, str]]:
    """The lines of one file."""
    with (FOLDER / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
