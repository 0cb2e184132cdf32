"""What rows refer to: each party, agreement, account and line must be in the file or already in the
database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from models.exchange.checking import CheckedBook, CheckedSheet, of_row
from models.exchange.problems import Problem
from models.exchange.sheets import SHEET_OF, SheetKind
from models.rules.identifiers import IdentifierKind, reading
from models.rules.targets.entries import Counted, in_unit, may_be_negative, wrong_unit
from models.rules.wording import Wording, say


@dataclass(frozen=True, slots=True)
class Known:
    """What the database already has of what a file refers to.

    Attributes:
        enterprises, agencies: credit codes.
        agreements: number → service code.
        usernames: accounts.
        budget_codes: lines of any year.
        claimed_results: (family, normalised number) → the claim it stands in.
        service_of_kind: result kind → its service.
        identifier_of_kind: result kind → the number it bears.
        counted: indicator → its unit and kind.
        figures: number of a figure → its place and indicator.
    """

    enterprises: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    agreements: Mapping[str, str] = field(default_factory=dict)
    usernames: frozenset[str] = frozenset()
    budget_codes: frozenset[str] = frozenset()
    claimed_results: Mapping[tuple[str, str], str] = field(default_factory=dict)
    service_of_kind: Mapping[str, str] = field(default_factory=dict)
    identifier_of_kind: Mapping[str, IdentifierKind] = field(default_factory=dict)
    counted: Mapping[str, Counted] = field(default_factory=dict)
    figures: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a file refers to: what the database is asked about."""

    usccs: frozenset[str]
    agreements: frozenset[str]
    usernames: frozenset[str]
    results: frozenset[tuple[str, str]]
    figures: frozenset[str]


def mentions(book: CheckedBook, identifiers: Mapping[str, IdentifierKind]) -> Mentions:
    """Every credit code, agreement, account, result number and figure the rows mention, as far as
    they could be read: all faults of a row are told at once."""
    agreements = book.read(SheetKind.agreements)
    claims, ties = book.read(SheetKind.claims), book.read(SheetKind.ties)
    return Mentions(
        _those(agreements, "enterprise_uscc")
        | _those(agreements, "agency_uscc")
        | _those(ties, "organisation_uscc"),
        _those(claims, "agreement_number"),
        frozenset(username.lower() for username in _those(ties, "username")),
        frozenset(result_of(row, identifiers) for row in claims if has_result(row)),
        _those(book.read(SheetKind.actuals), "replaces_id"),
    )


def _those(rows: Iterable[Any], field_name: str) -> frozenset[str]:
    return frozenset(value for row in rows if (value := getattr(row, field_name)) is not None)


def has_result(row: Any) -> bool:
    """Whether a claim row's result could be read: its kind and its number."""
    return row.result_kind_code is not None and row.result_printed is not None


def result_of(row: Any, identifiers: Mapping[str, IdentifierKind]) -> tuple[str, str]:
    """A claim row's result as it is unique in the zone: family and normalised number."""
    kind = identifiers.get(row.result_kind_code, IdentifierKind.free_text)
    read = reading(kind, row.result_printed)
    return read.family, read.normalised


def check_references(book: CheckedBook, known: Known) -> tuple[Problem, ...]:
    """Every reference that leads nowhere, of faulty rows too, and what two rows must not share."""
    found: list[Problem] = []
    for sheet in book.sheets:
        for check in _CHECKS.get(sheet.raw.sheet.kind, ()):
            found += check(sheet, book, known)
    told = {_cell(problem) for problem in book.problems if problem.is_error}
    return tuple(problem for problem in found if _cell(problem) not in told)


def _cell(problem: Problem) -> tuple[str, int, str]:
    """A cell is told one error: what is written wrongly leads nowhere anyway."""
    return problem.sheet, problem.row, problem.column


Check: TypeAlias = Callable[[CheckedSheet, CheckedBook, Known], Iterator[Problem]]


def _party(field_name: str, in_file: SheetKind, known_as: str) -> Check:
    """A check: the party stands in its sheet or in the database."""

    def check(sheet: CheckedSheet, book: CheckedBook, known: Known) -> Iterator[Problem]:
        there = {key[0] for key in book.keys(in_file)} | getattr(known, known_as)
        name = SHEET_OF[in_file].name
        for row in sheet.read:
            value = getattr(row, field_name)
            if value is not None and value not in there:
                yield of_row(
                    sheet.raw, row, field_name,
                    say("“{sheet}”中没有这个信用代码，系统中也没有", sheet=name),
                    say("核对信用代码，或先在“{sheet}”中加上这一家", sheet=name),
                )  # fmt: skip

    return check


def _tied_party(sheet: CheckedSheet, book: CheckedBook, known: Known) -> Iterator[Problem]:
    in_file = book.keys(SheetKind.enterprises) | book.keys(SheetKind.agencies)
    there = {key[0] for key in in_file} | known.enterprises | known.agencies
    for row in sheet.read:
        if row.organisation_uscc is not None and row.organisation_uscc not in there:
            yield of_row(
                sheet.raw, row, "organisation_uscc",
                say("没有这个信用代码的企业或机构"), say("核对信用代码，或先导入该单位"),
            )  # fmt: skip


def _tied_account(sheet: CheckedSheet, _: CheckedBook, known: Known) -> Iterator[Problem]:
    for row in sheet.read:
        if row.username is not None and row.username.lower() not in known.usernames:
            yield of_row(
                sheet.raw, row, "username", say("没有这个账号"), say("核对账号；账号由系统管理员建立")
            )  # fmt: skip


def _claimed_agreement(sheet: CheckedSheet, book: CheckedBook, known: Known) -> Iterator[Problem]:
    services = _services_by_agreement(book, known)
    in_file = {key[0] for key in book.keys(SheetKind.agreements)}
    for row in sheet.read:
        number: str | None = row.agreement_number
        if number is None:
            continue
        if number not in services and number not in in_file:
            yield of_row(
                sheet.raw, row, "agreement_number",
                say("“合作对子”中没有这个协议编号，系统中也没有"),
                say("核对协议编号，或先在“合作对子”中加上这份协议"),
            )  # fmt: skip
            continue
        kind: str | None = row.result_kind_code
        service = services.get(number)
        if service and kind and known.service_of_kind.get(kind, service) != service:
            yield of_row(
                sheet.raw, row, "result_kind_code",
                say("成果类型不属于协议的服务类别"), say("核对成果类型，或核对协议编号"),
            )  # fmt: skip


def _services_by_agreement(book: CheckedBook, known: Known) -> dict[str, str]:
    in_file = {
        row.number: row.service_code for row in book.read(SheetKind.agreements) if row.service_code
    }
    return {**known.agreements, **in_file}


def _claimed_twice(sheet: CheckedSheet, _: CheckedBook, known: Known) -> Iterator[Problem]:
    """One result, several claims: let in, because F06 judges it with the states of both; said here
    all the same.
    """
    first: dict[tuple[str, str], str] = {}
    for row in sheet.read:
        if row.number is None or not has_result(row):
            continue
        result = result_of(row, known.identifier_of_kind)
        number: str = row.number
        other = first.setdefault(result, known.claimed_results.get(result, number))
        if other != number:
            yield of_row(
                sheet.raw, row, "result_printed",
                _same_result(other), say("核对成果编号；同一成果只补贴一次（F06）"), is_error=False,
            )  # fmt: skip


def _same_result(other: str) -> Wording:
    return say("与申请 {other} 是同一成果", other=other)


def _mapped_kind(sheet: CheckedSheet, _: CheckedBook, known: Known) -> Iterator[Problem]:
    for row in sheet.read:
        kind, service = row.result_kind_code, row.service_code
        if kind and service and known.service_of_kind.get(kind, service) != service:
            yield of_row(
                sheet.raw, row, "result_kind_code",
                say("成果类型不属于该服务类别"), say("核对成果类型，或留空"),
            )  # fmt: skip


def _budgeted(sheet: CheckedSheet, book: CheckedBook, known: Known) -> Iterator[Problem]:
    codes = known.budget_codes | {key[1] for key in book.keys(SheetKind.budget_lines)}
    for row in sheet.read:
        if row.budget_code is not None and row.budget_code not in codes:
            yield of_row(
                sheet.raw, row, "budget_code",
                say("还没有这个科目的预算额度"), say("在“预算额度”中加上该科目，否则不能审批"),
                is_error=False,
            )  # fmt: skip


def _counted_in(sheet: CheckedSheet, _: CheckedBook, known: Known) -> Iterator[Problem]:
    """A value stands in its indicator's unit, or in one that is converted into it."""
    for row in sheet.read:
        counted = known.counted.get(row.indicator_code)
        if counted is None or row.unit is None or row.value is None:
            continue
        if in_unit(row.value, row.unit, counted.unit) is None:
            yield of_row(
                sheet.raw, row, "unit", wrong_unit(row.unit, counted.unit),
                say("换算后按“{unit}”填写数值和单位", unit=counted.unit),
            )  # fmt: skip
        elif row.value < 0 and not may_be_negative(counted.kind):
            yield of_row(
                sheet.raw, row, "value", say("存量和累计数不能为负"), say("核对数值")
            )  # fmt: skip


def _replaced_figure(sheet: CheckedSheet, _: CheckedBook, known: Known) -> Iterator[Problem]:
    """The figure replaced is there, of the same place and indicator, and replaced by one row."""
    first: dict[str, int] = {}
    for row in sheet.read:
        if row.replaces_id is None:
            continue
        there = known.figures.get(row.replaces_id)
        stated = (row.place_code, row.indicator_code)
        if there is None:
            yield of_row(
                sheet.raw, row, "replaces_id",
                say("没有这个编号的实绩"), say("照“实绩填报”中的编号填写，例如 A-070"),
            )  # fmt: skip
        elif None not in stated and there != stated:
            yield of_row(
                sheet.raw, row, "replaces_id",
                say("更正须与 {number} 是同一地区、同一指标", number=row.replaces_id),
                say("核对替代编号、地区和指标"),
            )  # fmt: skip
        elif first.setdefault(row.replaces_id, row.line) != row.line:
            yield of_row(
                sheet.raw, row, "replaces_id",
                say("与第 {line} 行替代的是同一个数", line=first[row.replaces_id]),
                say("只保留一行"),
            )  # fmt: skip


_CHECKS: dict[SheetKind, tuple[Check, ...]] = {
    SheetKind.agreements: (
        _party("enterprise_uscc", SheetKind.enterprises, "enterprises"),
        _party("agency_uscc", SheetKind.agencies, "agencies"),
    ),
    SheetKind.claims: (_claimed_agreement, _claimed_twice),
    SheetKind.policy_rules: (_mapped_kind, _budgeted),
    SheetKind.ties: (_tied_party, _tied_account),
    SheetKind.actuals: (_counted_in, _replaced_figure),
}
