"""The catalogues: both languages say everything the code says, English in English, and alike in
form."""

import ast
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest

from components import catalogues
from components.activity_words import FIELDS, SUBJECTS, VERBS
from components.catalogues import ROOT, refreshed, texts_in_code
from components.formats import LABELS
from components.language import (
    CHINESE,
    ENGLISH,
    HINT,
    LANGUAGES,
    LOCALE_FOLDER,
    catalogue,
    words_in,
)
from models.rules.claim_workflow import STATE_NAMES, STEPS
from models.rules.errors import ClaimHeld, ConfirmationNeeded, FindingsBlock, TextRefused
from models.rules.findings import CONDITIONS, VERDICT_NAMES
from models.rules.roles import OFFICE_NAMES, ROLE_NAMES
from models.rules.settings import SETTINGS
from models.rules.wording import Wording

SCREENS = ("components", "pages")
CHINESE_CHARACTER = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
MARKERS = re.compile(r"\*\*|`|:material/\w+:|\]\(|\n|</?[a-z]+")

# What stays Chinese in English: clauses, numbers as printed, words of the workbook, which is
# Chinese.
AS_PRINTED = (
    "五.3 效果一",
    "五.3 效果五",
    "五.1 一是",
    "五.1 二是",
    "五.2 一是",
    "软著登字第0671096号",
    "“合作对子” (Agreement)",
    "“预算额度” (Budget line)",
    "“方式” (Method)",
    "“已认定” (recognised)",
    "“件” (piece)",
    "“无” (none)",
    "“、”",
)


def english() -> dict[str, str]:
    """Chinese → English."""
    return {str(message.id): str(message.string) for message in catalogue(ENGLISH) if message.id}


# ---------------------------------------------------------------- whole


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_says_everything_the_code_says_and_nothing_else(code: str) -> None:
    kept = {str(message.id) for message in catalogue(code) if message.id}
    wanted = texts_in_code()
    assert sorted(wanted - kept) == []
    assert sorted(kept - wanted) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_is_said_and_certain(code: str) -> None:
    held = catalogue(code)
    assert [message.id for message in held if message.id and not message.string] == []
    assert [message.id for message in held if message.id and message.fuzzy] == []
    assert list(held.obsolete) == []


def test_the_files_are_what_the_command_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(LOCALE_FOLDER, tmp_path / "locale")
    monkeypatch.setattr(catalogues, "LOCALE_FOLDER", tmp_path / "locale")
    assert catalogues.main() == 0
    for code in LANGUAGES:
        place = Path(code) / "LC_MESSAGES" / "messages.po"
        assert (tmp_path / "locale" / place).read_text() == (LOCALE_FOLDER / place).read_text()


def test_refreshing_keeps_what_was_translated_and_drops_what_is_gone() -> None:
    after = refreshed(ENGLISH, {"账号", "从未见过的一句"})
    assert {m.id: m.string for m in after if m.id} == {"账号": "Accounts", "从未见过的一句": ""}


# ---------------------------------------------------------------- alike


def test_chinese_says_what_the_code_says() -> None:
    held = [(str(message.id), message.string) for message in catalogue(CHINESE) if message.id]
    assert [key for key, said in held if said != key.split(HINT)[0]] == []


def test_english_names_the_same_facts() -> None:
    assert [f"{key} → {said}" for key, said in english().items() if facts(key) != facts(said)] == []


def test_every_template_can_be_filled_in() -> None:
    unfilled = []
    for said in chain(english(), english().values()):
        filled = said.format_map(dict.fromkeys(facts(said), "1"))
        unfilled += [said] if set("{}") & set(filled) else []
    assert unfilled == []


def test_english_keeps_the_markdown() -> None:
    assert [
        f"{key} → {said}"
        for key, said in english().items()
        if Counter(MARKERS.findall(key)) != Counter(MARKERS.findall(said))
    ] == []


def test_english_is_english() -> None:
    left = {said: without_printed(said) for said in english().values()}
    assert [said for said, rest in left.items() if CHINESE_CHARACTER.search(rest)] == []


def test_no_table_has_two_columns_of_one_name() -> None:
    said = english()
    assert [
        f"{file.relative_to(ROOT)}: {heads}"
        for place in SCREENS
        for file in sorted((ROOT / place).rglob("*.py"))
        for heads in tables(file)
        if len(set(heads)) != len({said[head] for head in heads})
    ] == []


# ---------------------------------------------------------------- spoken


def spoken() -> Iterator[Wording]:
    """What stands on every screen: conditions, states, roles, labels, the record's words,
    refusals."""
    yield from (condition.title for condition in CONDITIONS)
    yield from (step.name for step in STEPS)
    for names in (STATE_NAMES, VERDICT_NAMES, ROLE_NAMES, OFFICE_NAMES, VERBS, SUBJECTS, FIELDS):
        yield from names.values()
    yield from chain.from_iterable(names.values() for names in LABELS.values())
    yield from chain.from_iterable((setting.name, setting.why) for setting in SETTINGS)
    codes = ("F03", "F05")
    yield from (
        refusal.wording
        for refusal in (
            ClaimHeld(held_by="reviewer", since="09:12", until="11:12"),
            FindingsBlock(codes, (CONDITIONS[0].title,)),
            ConfirmationNeeded(codes),
            TextRefused(longest=2000, length=2001),
        )
    )


def test_what_stands_on_every_screen_is_spoken_in_english() -> None:
    for wording in spoken():
        said = words_in(ENGLISH, wording)
        assert said
        assert not CHINESE_CHARACTER.search(said), said
        assert said != words_in(CHINESE, wording)


def test_a_list_of_facts_is_joined_in_the_language() -> None:
    block = FindingsBlock(("F03", "F05"), ()).wording
    assert "F03, F05" in words_in(ENGLISH, block)
    assert "F03、F05" in words_in(CHINESE, block)


# ---------------------------------------------------------------- how they are read


def facts(text: str) -> list[str]:
    """The placeholders of a template, with what is asked of their form."""
    fields = (
        f"{name}:{form}" if form else name
        for _said, name, form, _conversion in Formatter().parse(text)
        if name is not None
    )
    return sorted(fields)


def without_printed(text: str) -> str:
    """A text without what stays Chinese."""
    for printed in AS_PRINTED:
        text = text.replace(printed, "")
    return text


def tables(file: Path) -> Iterator[list[str]]:
    """The heads of each table a file draws: keys of a dict, or the second word of each column in a
    row."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Dict):
            yield literals(node.keys)
        if isinstance(node, ast.List | ast.Tuple):
            columns = (item for item in node.elts if isinstance(item, ast.Call))
            yield literals(column.args[1] for column in columns if len(column.args) > 1)


def literals(nodes: Iterable[ast.expr | None]) -> list[str]:
    """The texts given to `_` by these expressions, each once."""
    texts = [
        node.args[0].value
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "_"
        and isinstance(node.args[0], ast.Constant)
    ]
    return list(dict.fromkeys(map(str, texts)))
