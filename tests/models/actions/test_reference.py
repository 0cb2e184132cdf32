"""Applying reference rows: new, changed, unchanged; each change on the record; standards are never
rewritten."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from models.actions.reference import Applied, ReferenceRow, apply_reference
from models.actions.steps import system_actor
from models.database import session
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.errors import AlreadyDone, NotAllowed
from models.rules.roles import Actor
from models.tables.money import PolicyRule, Standing
from models.tables.record import Activity
from models.tables.reference import EvidenceKind, RequiredEvidence, ResultKind, ServiceType, Track


def service(name: str = "高企认定（首次）") -> ServiceType:
    """One service."""
    return ServiceType(
        code="hnte_first", clause_item=1, name_zh=name, name_en="HNTE", track=Track.subsidised,
        valid_from=date(2018, 1, 1),
    )  # fmt: skip


def standard(amount_fen: int = 100) -> PolicyRule:
    """One standard of reference."""
    return PolicyRule(
        key="weihai-1", place="威海市", standing=Standing.reference, purpose=Purpose.reward,
        payee=Payee.enterprise, kind=StandardKind.flat, parameters={"amount_fen": amount_fen},
        valid_from=date(2018, 11, 27),
    )  # fmt: skip


def apply(database: Engine, *rows: ReferenceRow) -> Applied:
    """Apply rows as the system."""
    with session(database, write=True) as current:
        return apply_reference(current, system_actor(), rows)


def links(database: Engine) -> list[tuple[str, str, object, object]]:
    """What the record says."""
    with session(database) as current:
        rows = current.execute(select(Activity).order_by(Activity.seq)).scalars()
        return [(row.verb, row.subject, row.before, row.after) for row in rows]


def test_new_rows_are_inserted_each_with_its_link(database: Engine) -> None:
    kind = ResultKind(
        code="hnte_cert", service_code="hnte_first", name_zh="证书", name_en="Certificate",
        identifier="hnte_certificate", date_zh="发证日期", date_en="Date of issue",
    )  # fmt: skip
    rows = (
        service(), kind, EvidenceKind(code="M01", name_zh="服务协议", name_en="Agreement"),
        RequiredEvidence(result_kind_code="hnte_cert", evidence_kind_code="M01"), standard(),
    )  # fmt: skip
    assert apply(database, *rows) == Applied(inserted=5)
    assert [link[:2] for link in links(database)] == [
        ("add_reference", "service_type:hnte_first"),
        ("add_reference", "result_kind:hnte_cert"),
        ("add_reference", "evidence_kind:M01"),
        ("add_reference", "required_evidence:hnte_cert:M01"),
        ("add_reference", "policy_rule:weihai-1:1"),
    ]


def test_the_same_rows_again_leave_no_trace(database: Engine) -> None:
    apply(database, service(), standard())
    assert apply(database, service(), standard()) == Applied(unchanged=2)
    assert len(links(database)) == 2


def test_a_changed_row_says_what_it_was(database: Engine) -> None:
    apply(database, service())
    assert apply(database, service("高企认定")) == Applied(updated=1)
    verb, subject, before, after = links(database)[-1]
    assert (verb, subject) == ("change_reference", "service_type:hnte_first")
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert (before["name_zh"], after["name_zh"]) == ("高企认定（首次）", "高企认定")
    assert after["valid_from"] == "2018-01-01"
    with session(database) as current:
        assert current.get_one(ServiceType, "hnte_first").name_zh == "高企认定"


def test_a_standard_is_never_rewritten(database: Engine) -> None:
    apply(database, standard())
    with pytest.raises(AlreadyDone, match="另立新版本"):
        apply(database, service(), standard(200))
    assert len(links(database)) == 1  # the service was not kept either


def test_only_the_system_applies_reference_data(database: Engine) -> None:
    with session(database, write=True) as current, pytest.raises(NotAllowed):
        apply_reference(current, Actor(account_id=1, name="管理员"), (service(),))
