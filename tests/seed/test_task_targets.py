"""Which targets the work items serve: every line names an item and a target of the same plan."""

from __future__ import annotations

from collections import Counter

from seed.plans import lines

ITEMS = {line["code"]: line for line in lines("tasks")}
TARGETS = {line["id"]: line for line in lines("targets")}
LINKS = [(line["task"], line["target"]) for line in lines("task_targets")]


def test_every_code_exists_once() -> None:
    assert [pair for pair, count in Counter(LINKS).items() if count > 1] == []
    assert [pair for pair in LINKS if pair[0] not in ITEMS or pair[1] not in TARGETS] == []
    assert len(LINKS) > 150


def test_an_item_serves_targets_of_its_own_plan() -> None:
    assert [
        (task, target)
        for task, target in LINKS
        if ITEMS[task]["document"] != TARGETS[target]["document"]
    ] == []


def test_a_target_printed_in_an_items_clause_is_served_by_it() -> None:
    clauses = {(line["document"], line["clause"]): code for code, line in ITEMS.items()}
    missing = [
        (code, target)
        for target, line in TARGETS.items()
        if (code := clauses.get((line["document"], line["clause"])))
        if (code, target) not in LINKS
    ]
    assert missing == []
