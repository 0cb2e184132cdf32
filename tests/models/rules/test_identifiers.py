"""Identifiers: every number of the case table, and no text that crashes a reading."""

import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.identifiers import (
    FORMS,
    LONGEST_PRINTED,
    IdentifierKind,
    IdentifierVerdict,
    hnte_valid_until,
    reading,
)
from tests.cases import cases

ROWS = [
    pytest.param(
        group["field"], printed, group["verdict"], spelling, id=f"{group['field']}-{what}-{printed}"
    )
    for group in cases("identifiers")["group"]
    for printed, what, *spelling in group["numbers"]
]
KINDS = st.sampled_from(IdentifierKind)
NUMBERS = st.sampled_from([row.values[1] for row in ROWS])
LIKE_NUMBERS = st.text(st.sampled_from("0123456789０９XYGRSRZLCNMA.-－ 软著登字第号\u200b\x00"))


def verdict_of(kind: IdentifierKind, printed: str) -> IdentifierVerdict:
    return reading(kind, printed).verdict


@pytest.mark.parametrize(("field", "printed", "verdict", "spelling"), ROWS)
def test_a_number_of_the_case_table(
    field: str, printed: str, verdict: str, spelling: list[str]
) -> None:
    read = reading(IdentifierKind(field), printed)
    assert read.verdict == verdict
    assert read.printed == printed
    assert str(read.words)
    if spelling:
        assert read.normalised == spelling[0]
        assert read.normalised != printed
    elif verdict != "malformed":
        assert read.normalised == printed


def test_every_kind_and_verdict_stands_in_the_case_table() -> None:
    assert {row.values[0] for row in ROWS} == set(IdentifierKind) == set(FORMS)
    assert {row.values[2] for row in ROWS} == set(IdentifierVerdict)


def test_both_numbers_of_a_software_registration_share_a_family() -> None:
    number = reading(IdentifierKind.software_copyright, "2014SR001852")
    certificate = reading(IdentifierKind.software_copyright, "软著登字第0671096号")
    assert number.family == certificate.family
    assert certificate.kind is IdentifierKind.software_certificate
    assert reading(IdentifierKind.software_certificate, "2014SR001852") == number


def test_application_and_grant_are_two_results_with_one_number() -> None:
    application = reading(IdentifierKind.patent_application, "201710601862.3")
    grant = reading(IdentifierKind.patent_grant, "ZL201710601862.3")
    assert application.normalised == grant.normalised
    assert application.family != grant.family


@pytest.mark.parametrize(
    ("kind", "printed", "hint"),
    [
        (IdentifierKind.patent_application, "CN107038477A", "申请号"),
        (IdentifierKind.patent_publication, "CN107038477A", "申请号"),
        (IdentifierKind.patent_application, "202310123456.7", "应为 6"),
        (IdentifierKind.uscc, "911000001000044477", "应为 3"),
        (IdentifierKind.uscc, "2024341181A8020396", "科技型中小企业"),
        (IdentifierKind.sme_registration, "91310000607272395Y", "统一社会信用代码"),
        (IdentifierKind.uscc, "", "没有填写"),
        (IdentifierKind.free_text, "\u200b\x00", "没有填写"),
        (IdentifierKind.free_text, "A" * (LONGEST_PRINTED + 1), "过长"),
        (IdentifierKind.uscc, " " * LONGEST_PRINTED + "91310000607272395Y", "过长"),
        (IdentifierKind.free_text, "ß" * LONGEST_PRINTED, "过长"),
    ],
)
def test_a_fault_says_what_to_do(kind: IdentifierKind, printed: str, hint: str) -> None:
    assert hint in str(reading(kind, printed).words)


@given(KINDS, st.text() | LIKE_NUMBERS | NUMBERS)
def test_no_text_crashes_a_reading(kind: IdentifierKind, printed: str) -> None:
    read = reading(kind, printed)
    assert len(read.normalised) <= LONGEST_PRINTED
    assert read.family
    assert str(read.words)


@given(KINDS, st.text() | LIKE_NUMBERS | NUMBERS)
def test_a_spelling_is_its_own_spelling(kind: IdentifierKind, printed: str) -> None:
    read = reading(kind, printed)
    if read.verdict is not IdentifierVerdict.malformed:
        again = reading(read.kind, read.normalised)
        assert (again.normalised, again.verdict) == (read.normalised, read.verdict)


def test_every_letter_with_two_cases_has_one_spelling() -> None:
    letters = (chr(point) for point in range(sys.maxunicode + 1))
    for letter in (letter for letter in letters if letter.upper() != letter):
        once = reading(IdentifierKind.free_text, f"N{letter}1").normalised
        assert reading(IdentifierKind.free_text, once).normalised == once


@pytest.mark.parametrize("kind", [IdentifierKind.uscc, IdentifierKind.patent_application])
@given(NUMBERS, st.integers(0, 30), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes_a_check_digit(
    kind: IdentifierKind, printed: str, position: int, digit: str
) -> None:
    right = reading(kind, printed)
    number = right.normalised
    if right.verdict is not IdentifierVerdict.well_formed or position >= len(number):
        return
    if number[position] in (digit, "."):
        return
    wrong = number[:position] + digit + number[position + 1 :]
    assert verdict_of(kind, wrong) is not IdentifierVerdict.well_formed


@pytest.mark.parametrize(
    ("certified_on", "valid_until"),
    [
        (date(2023, 11, 30), date(2026, 11, 30)),
        (date(2020, 9, 11), date(2023, 9, 11)),
        (date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_a_high_tech_certificate_is_valid_three_years(
    certified_on: date, valid_until: date
) -> None:
    assert hnte_valid_until(certified_on) == valid_until


def test_a_certificate_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="year"):
        hnte_valid_until(date(9998, 1, 1))
