"""Entries of the registers, certificates, and how an agency stands on a day."""

from dataclasses import replace
from datetime import date

import pytest

from models.rules.membership import (
    AgencyState,
    CertificateState,
    EnterpriseEntry,
    agency_standing,
    certificate_standing,
    faults_of,
    in_one_spelling,
)

TODAY = date(2026, 11, 20)
CLEAN = EnterpriseEntry(
    uscc="91210200241268278D",
    name="大连示例丑企业有限公司",
    joined_on=date(2026, 3, 2),
    registered_on=date(2024, 1, 5),
    hnte_status="recognised",
    hnte_certificate_no="GR202421001234",
    certified_on=date(2024, 11, 12),
    payee_name="大连示例丑企业有限公司",
    payee_account="6222-0202",
)


def test_a_clean_entry_has_no_faults() -> None:
    assert faults_of(CLEAN, TODAY) == ()


def test_an_entry_is_brought_to_one_spelling() -> None:
    typed = EnterpriseEntry(
        uscc=" ９1210200241268278d ",
        name=" 大连示例\t丑企业\n",
        joined_on=date(2026, 3, 2),
        hnte_certificate_no="gr 2024 2100 1234",
        payee_account="６222 0202-1",
    )
    kept = in_one_spelling(typed)
    assert (kept.uscc, kept.name) == ("91210200241268278D", "大连示例 丑企业")
    assert (kept.hnte_certificate_no, kept.payee_account) == ("GR202421001234", "62220202-1")
    assert in_one_spelling(kept) == kept
    assert in_one_spelling(replace(kept, payee_account=None)).payee_account is None


# fmt: off
BLOCKING = (
    ({"name": "  "},                              "name"),
    ({"joined_on": None},                         "joined_on"),
    ({"uscc": "9121"},                            "uscc"),
    ({"name": "长" * 121},                        "name"),
    ({"district": "长" * 41},                     "district"),
    ({"joined_on": date(2026, 11, 21)},           "joined_on"),
    ({"registered_on": date(2026, 11, 21)},       "registered_on"),
    ({"registered_on": date(2026, 3, 3)},         "joined_on"),
    ({"left_on": date(2026, 3, 1)},               "left_on"),
    ({"hnte_certificate_no": "GR20"},             "hnte_certificate_no"),
    ({"certified_on": date(2026, 11, 21)},        "certified_on"),
    ({"payee_account": "账号 1"},                 "payee_account"),
)
DOUBTFUL = (
    ({"uscc": "91210200241268278A"},              "uscc"),
    ({"certified_on": None},                      "certified_on"),
    ({"payee_name": "别的名字"},                  "payee_name"),
)
# fmt: on


@pytest.mark.parametrize(("changes", "field"), BLOCKING)
def test_faults_that_block(changes: dict[str, object], field: str) -> None:
    faults = faults_of(replace(CLEAN, **changes), TODAY)  # type: ignore[arg-type]
    assert [fault.field for fault in faults if fault.is_blocking][:1] == [field]


@pytest.mark.parametrize(("changes", "field"), DOUBTFUL)
def test_faults_to_look_at(changes: dict[str, object], field: str) -> None:
    faults = faults_of(replace(CLEAN, **changes), TODAY)  # type: ignore[arg-type]
    assert [(fault.field, fault.is_blocking) for fault in faults] == [(field, False)]


def test_all_faults_are_told_at_once_blocking_ones_first() -> None:
    entry = replace(CLEAN, name="", joined_on=None, certified_on=None)
    assert [fault.is_blocking for fault in faults_of(entry, TODAY)] == [True, True, False, False]


def test_an_entry_without_dates_has_no_order_to_break() -> None:
    entry = EnterpriseEntry(uscc=CLEAN.uscc, name=CLEAN.name, joined_on=date(2026, 3, 2))
    assert faults_of(entry, TODAY) == ()


# fmt: off
CERTIFICATES = (
    ("none",        None,              CertificateState.none,           None),
    ("cultivating", None,              CertificateState.none,           None),
    ("recognised",  None,              CertificateState.undated,        None),
    ("recognised",  date(2024, 2, 29), CertificateState.valid,          date(2027, 2, 28)),
    ("recognised",  date(2023, 12, 1), CertificateState.ends_this_year, date(2026, 12, 1)),
    ("recognised",  date(2023, 11, 20), CertificateState.ends_this_year, date(2026, 11, 20)),
    ("recognised",  date(2023, 11, 19), CertificateState.ended,         date(2026, 11, 19)),
    ("lapsed",      date(2020, 1, 1),  CertificateState.ended,          date(2023, 1, 1)),
)
# fmt: on


@pytest.mark.parametrize(("status", "certified_on", "state", "until"), CERTIFICATES)
def test_certificates(
    status: str, certified_on: date | None, state: CertificateState, until: date | None
) -> None:
    standing = certificate_standing(status, certified_on, TODAY)
    assert (standing.state, standing.valid_until) == (state, until)
    assert str(standing.words)


def test_a_reminder_says_how_many_days_are_left() -> None:
    standing = certificate_standing("recognised", date(2023, 12, 1), TODAY)
    assert str(standing.words) == "2026-12-01 到期，剩 11 天，请在到期前重新认定"


D = date
# fmt: off
STANDINGS = (
    ("applied",  {},                                                                   AgencyState.applied),
    ("admitted", {},                                                                   AgencyState.admitted),
    ("removed",  {"removed_on": D(2026, 1, 1)},                                        AgencyState.removed),
    ("admitted", {"removed_on": D(2026, 11, 20)},                                      AgencyState.removed),
    ("admitted", {"removed_on": D(2026, 11, 21)},                                      AgencyState.admitted),
    ("admitted", {"suspended_from": D(2026, 11, 21)},                                  AgencyState.admitted),
    ("admitted", {"suspended_from": D(2026, 11, 20)},                                  AgencyState.suspended),
    ("admitted", {"suspended_from": D(2026, 1, 1), "suspended_to": D(2026, 11, 20)},   AgencyState.suspended),
    ("admitted", {"suspended_from": D(2026, 1, 1), "suspended_to": D(2026, 11, 19)},   AgencyState.admitted),
)
# fmt: on


@pytest.mark.parametrize(("admission", "dates", "state"), STANDINGS)
def test_how_an_agency_stands(admission: str, dates: dict[str, date], state: AgencyState) -> None:
    standing = agency_standing(admission, TODAY, **dates)
    assert standing.state is state
    assert str(standing.words)
