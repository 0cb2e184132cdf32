"""Sentences that rules hand upwards: said, stored, said again in another language."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from models.rules.wording import Wording, named, say

FACTS = st.dictionaries(
    st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    st.text(max_size=8) | st.integers() | st.dates() | st.none() | st.lists(st.text(max_size=4)).map(tuple),
    max_size=5,
)  # fmt: skip


@given(FACTS)
def test_what_is_stored_comes_back_the_same(facts: dict[str, object]) -> None:
    said = say("。".join(f"{{{name}}}" for name in facts) or "无", **facts)  # type: ignore[arg-type]
    stored = json.loads(json.dumps(said.as_json()))
    assert Wording.from_json(stored) == said
    assert str(Wording.from_json(stored)) == str(said)


def test_a_sentence_names_its_facts() -> None:
    said = say("{name}：{on}，{none}，{codes}，{count}", name="甲", on=date(2026, 11, 20), none=None,
               codes=("F01", "F02"), count=3)  # fmt: skip
    assert str(said) == "甲：2026-11-20，—，F01、F02，3"


def test_template_and_facts_are_put_into_the_visitors_language() -> None:
    english = {
        "{office}退回：{codes}": "{office} returned it: {codes}",
        "联盟": "The alliance",
        "、": ", ",
        "甲": "A",
    }
    said = say("{office}退回：{codes}", office=say("联盟"), codes=(say("甲"), "乙"))
    assert said.spoken(lambda words: english.get(words, words)) == "The alliance returned it: A, 乙"
    assert str(said) == "联盟退回：甲、乙"
    assert Wording.from_json(json.loads(json.dumps(said.as_json()))) == said


def test_what_people_wrote_stays_as_they_wrote_it() -> None:
    said = say("[{name}] {sheets}", name="联盟", sheets=("补贴申请",))
    assert said.spoken({"[{name}] {sheets}": "[{name}] {sheets}", "、": ", "}.__getitem__) == (
        "[联盟] 补贴申请"
    )


def test_a_name_of_the_reference_data_is_looked_up_and_never_filled_in() -> None:
    said = say("缺{paper}", paper=named("协议{a}"))
    assert said.spoken({"缺{paper}": "no {paper}", "协议{a}": "agreement {b}"}.__getitem__) == (
        "no agreement {b}"
    )


def test_a_fact_that_was_not_stored_shows_as_nothing() -> None:
    assert str(Wording("{name}于{at}", (("name", "甲"),))) == "甲于—"


def test_a_fact_is_never_read_as_a_template() -> None:
    assert (
        str(say("{name}", name="{secret} {0} %s {name.__class__}"))
        == "{secret} {0} %s {name.__class__}"
    )
