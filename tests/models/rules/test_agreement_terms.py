"""The terms of an agreement: every fault, alone and all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.rules.agreement_terms import AgreementTerms, TermsContext, term_faults
from models.rules.membership import AgencyStanding, AgencyState
from models.rules.money import LARGEST_FEN
from models.rules.wording import say

TERMS = AgreementTerms(
    date(2026, 11, 10), 200_000, "software_registration", "一项", date(2027, 1, 5)
)
CONTEXT = TermsContext(
    today=date(2026, 11, 20),
    joined_on=date(2026, 3, 2),
    left_on=None,
    agency=AgencyStanding(AgencyState.admitted, say("已准入")),
    agency_joined_on=date(2025, 11, 20),
    is_in_scope=True,
    is_offered=True,
    is_subsidised=True,
    result_kinds=frozenset({"software_registration"}),
    price_floor_fen=50_000,
    price_ceiling_fen=300_000,
)
SUSPENDED = AgencyStanding(
    AgencyState.suspended, say("自 {on} 起暂停，未定期限", on=date(2026, 11, 1))
)

# fmt: off
FAULTS: tuple[tuple[dict[str, Any], dict[str, Any], str, str, bool], ...] = (
    ({"signed_on": date(2026, 11, 21)},      {},                                "signed_on",        "签订日期不能晚于今天", True),
    ({"due_on": date(2026, 11, 9)},          {},                                "due_on",           "预计完成日期不能早于签订日期", True),
    ({},                                     {"joined_on": date(2026, 11, 11)}, "signed_on",        "企业 2026-11-11 入会", True),
    ({},                                     {"left_on": date(2026, 11, 9)},    "signed_on",        "企业 2026-11-09 已退会", True),
    ({},                                     {"agency_joined_on": date(2026, 11, 11)}, "signed_on", "机构 2026-11-11 准入", True),
    ({},                                     {"was_suspended": True},           "signed_on",        "在机构的暂停期内", True),
    ({},                                     {"agency": SUSPENDED},             "signed_on",        "不具备服务资格：自 2026-11-01 起暂停", True),
    ({},                                     {"is_in_scope": False},            "service_code",     "不在机构的服务范围内", True),
    ({},                                     {"is_offered": False},             "service_code",     "不在服务清单内", True),
    ({"result_kind_code": "utility_grant"},  {},                                "result_kind_code", "成果类型不属于该服务", True),
    ({"result_kind_code": ""},               {},                                "result_kind_code", "请选择预期成果", True),
    ({"fee_fen": -1},                        {"price_floor_fen": None},         "fee_fen",          "非负金额", True),
    ({"fee_fen": LARGEST_FEN + 1},           {"price_ceiling_fen": None},       "fee_fen",          "非负金额", True),
    ({"advance_fen": -1},                    {},                                "advance_fen",      "垫资须为", True),
    ({"fee_fen": 49_999},                    {},                                "fee_fen",          "低于参考下限 500 元", False),
    ({"fee_fen": 300_001},                   {},                                "fee_fen",          "高于参考上限 3,000 元", False),
)
# fmt: on


def test_good_terms_have_no_fault() -> None:
    assert term_faults(TERMS, CONTEXT) == ()
    edges = replace(TERMS, signed_on=CONTEXT.today, due_on=CONTEXT.today, fee_fen=50_000)
    assert term_faults(edges, CONTEXT) == ()


@pytest.mark.parametrize(("terms", "context", "field", "words", "blocks"), FAULTS)
def test_each_fault_is_told(
    terms: dict[str, Any], context: dict[str, Any], field: str, words: str, *, blocks: bool
) -> None:
    (fault,) = term_faults(replace(TERMS, **terms), replace(CONTEXT, **context))
    assert (fault.field, fault.is_blocking) == (field, blocks)
    assert words in str(fault.words)


def test_all_faults_are_told_at_once_the_blocking_ones_first() -> None:
    terms = replace(TERMS, fee_fen=10, due_on=date(2026, 1, 1), result_kind_code="")
    faults = term_faults(terms, replace(CONTEXT, is_in_scope=False))
    assert [fault.field for fault in faults] == [
        "due_on", "service_code", "result_kind_code", "fee_fen",
    ]  # fmt: skip
    assert [fault.is_blocking for fault in faults] == [True, True, True, False]


def test_what_no_policy_covers_needs_no_kind_of_result() -> None:
    free = replace(CONTEXT, is_subsidised=False)
    assert term_faults(replace(TERMS, result_kind_code=""), free) == ()
    none = replace(CONTEXT, result_kinds=frozenset())
    assert term_faults(replace(TERMS, result_kind_code=""), none) == ()


def test_without_a_band_no_fee_is_remarked_upon() -> None:
    without = replace(CONTEXT, price_floor_fen=None, price_ceiling_fen=None)
    assert term_faults(replace(TERMS, fee_fen=0), without) == ()
