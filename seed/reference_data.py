"""The reference data of `seed/reference/*.csv` as rows: services, results, papers, reasons,
standards.

Every line names its document and clause, or says that it is a default of this system. Columns that
only cite (the source of a price, the clause of a paper) stay in the file.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from sqlmodel import Session

from models.actions.reference import Applied, ReferenceRow, apply_reference
from models.rules.entitlement import Payee, Purpose, StandardKind, standard_from_row
from models.rules.identifiers import IdentifierKind
from models.rules.money import fen_from_yuan
from models.rules.roles import Actor
from models.tables.admissions import AdmissionCriterion
from models.tables.money import PolicyRule, Standing
from models.tables.reference import (
    EvidenceKind,
    ReasonCode,
    RequiredEvidence,
    ResultKind,
    ServiceType,
    Track,
)

FOLDER = Path(__file__).parent / "reference"


def seed_reference(session: Session, actor: Actor) -> Applied:
    """Apply every reference row; running it again changes nothing."""
    return apply_reference(session, actor, reference_rows())


def reference_rows() -> Iterator[ReferenceRow]:
    """Every row, in an order in which each finds those it refers to."""
    for file, row_of in _FILES:
        with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
            for line in csv.DictReader(lines):
                yield row_of(line)


def _service(line: dict[str, str]) -> ServiceType:
    return ServiceType(
        code=line["code"],
        clause_item=int(line["clause_item"]),
        name_zh=line["name_zh"],
        name_en=line["name_en"],
        track=Track(line["track"]),
        price_floor_fen=_fen(line["price_floor_yuan"]),
        price_ceiling_fen=_fen(line["price_ceiling_yuan"]),
        standard_working_days=int(line["standard_working_days"] or 0) or None,
        valid_from=date.fromisoformat(line["valid_from"]),
        valid_to=_day(line["valid_to"]),
    )


def _result_kind(line: dict[str, str]) -> ResultKind:
    return ResultKind(
        code=line["code"],
        service_code=line["service_code"],
        name_zh=line["name_zh"],
        name_en=line["name_en"],
        identifier=IdentifierKind(line["identifier"]),
        date_zh=line["date_zh"],
        date_en=line["date_en"],
    )


def _evidence_kind(line: dict[str, str]) -> EvidenceKind:
    return EvidenceKind(code=line["code"], name_zh=line["name_zh"], name_en=line["name_en"])


def _required_evidence(line: dict[str, str]) -> RequiredEvidence:
    return RequiredEvidence(
        result_kind_code=line["result_kind_code"], evidence_kind_code=line["evidence_kind_code"]
    )


def _reason_code(line: dict[str, str]) -> ReasonCode:
    return ReasonCode(
        code=line["code"],
        name_zh=line["name_zh"],
        name_en=line["name_en"],
        remedy_zh=line["remedy_zh"],
        remedy_en=line["remedy_en"],
        basis=line["basis"],
    )


def _policy_rule(line: dict[str, str]) -> PolicyRule:
    return PolicyRule(
        key=line["key"],
        place=line["place"],
        standing=Standing(line["standing"]),
        document=line["document"],
        clause=line["clause"],
        title_zh=line["title_zh"],
        title_en=line["title_en"],
        service_code=line["service"] or None,
        purpose=Purpose(line["purpose"]),
        payee=Payee(line["payee"]),
        kind=StandardKind(line["kind"]),
        parameters=standard_from_row(line).parameters,
        valid_from=date.fromisoformat(line["valid_from"]),
        valid_to=_day(line["valid_to"]),
    )


def _criterion(line: dict[str, str]) -> AdmissionCriterion:
    return AdmissionCriterion(
        code=line["code"],
        valid_from=date.fromisoformat(line["valid_from"]),
        name_zh=line["name_zh"],
        name_en=line["name_en"],
        shows_zh=line["shows_zh"],
        shows_en=line["shows_en"],
        evidence_zh=line["evidence_zh"],
        evidence_en=line["evidence_en"],
        is_required=line["required"] == "yes",
    )


def _fen(yuan: str) -> int | None:
    return fen_from_yuan(yuan) if yuan else None


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


_FILES: tuple[tuple[str, Callable[[dict[str, str]], ReferenceRow]], ...] = (
    ("services.csv", _service),
    ("result_kinds.csv", _result_kind),
    ("evidence_kinds.csv", _evidence_kind),
    ("required_evidence.csv", _required_evidence),
    ("reason_codes.csv", _reason_code),
    ("policy_rules.csv", _policy_rule),
    ("admission_criteria.csv", _criterion),
)
