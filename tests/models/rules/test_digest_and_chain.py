"""The canonical form, the digests, and the links of the chain."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.chain import GENESIS, link_hash
from models.rules.digest import canonical_json, facts_digest, sha256_hex

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_comes_back_from_a_database_has_the_same_form(value: Any) -> None:
    written = canonical_json(value)
    assert canonical_json(json.loads(written)) == written
    assert facts_digest(json.loads(written)) == facts_digest(value)


@given(st.dictionaries(TEXT, st.integers(), min_size=2, max_size=6))
def test_the_order_in_which_facts_are_named_does_not_matter(facts: dict[str, int]) -> None:
    assert canonical_json(facts) == canonical_json(dict(reversed(facts.items())))


@given(VALUES, VALUES)
def test_other_facts_have_another_digest(one: Any, other: Any) -> None:
    assert (facts_digest(one) == facts_digest(other)) is (
        canonical_json(one) == canonical_json(other)
    )


def test_lists_and_tuples_are_one_and_nothing_is_put_between() -> None:
    assert (
        canonical_json(("甲", 1, None, True, {"b": 2, "a": ()}))
        == '["甲",1,null,true,{"a":[],"b":2}]'
    )


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), [1, 2.0], {"a": [{"b": 0.1}]}, Decimal(1), date(2026, 1, 1), b"ab", {1: "a"}, {None: 1}],
)  # fmt: skip
def test_what_depends_on_the_machine_or_can_be_mistaken_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def test_half_a_character_still_has_a_hash() -> None:
    assert sha256_hex("\ud800") != sha256_hex("?")
    assert sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


ROW = {
    "seq": 1, "at_utc": datetime(2026, 11, 20, 4, 0, 0, 5, tzinfo=UTC), "account_id": 7,
    "grant_id": None, "verb": "submit", "subject": "claim:1", "before": None,
    "after": {"state": "submitted"}, "previous_hash": GENESIS,
}  # fmt: skip


def test_a_link_is_bound_to_every_column_and_to_the_link_before() -> None:
    other = {
        "seq": 2, "at_utc": ROW["at_utc"] + timedelta(microseconds=1), "account_id": 8, "grant_id": 1,
        "verb": "withdraw", "subject": "claim:2", "before": {}, "after": {"state": "draft"},
        "previous_hash": "1" * 64,
    }  # fmt: skip
    hashes = {link_hash({**ROW, name: value}) for name, value in other.items()}
    assert len(hashes | {link_hash(ROW)}) == len(ROW) + 1


def test_a_link_does_not_depend_on_the_zone_it_is_read_in_or_on_its_own_hash() -> None:
    shanghai = ROW["at_utc"].astimezone(timezone(timedelta(hours=8)))
    assert link_hash({**ROW, "at_utc": shanghai, "hash": "x"}) == link_hash(ROW)
    assert len(link_hash(ROW)) == 64
