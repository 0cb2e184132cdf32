"""Mail addresses as they are kept, and the table of letters."""

from __future__ import annotations

import pytest

from models.rules.claim_workflow import STEP_OF
from models.rules.errors import AddressRefused
from models.rules.letters import LETTER_OF_ACTION, LETTERS, LetterKind
from models.rules.mails import LONGEST_ADDRESS, mail_address


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("  ", ""),
        (" Wang.Wu@Example.CN ", "Wang.Wu@example.cn"),
        ("ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｎ", "wang@example.cn"),
        ("a+b_c@mail.dl.gov.cn", "a+b_c@mail.dl.gov.cn"),
        (
            "a" * (LONGEST_ADDRESS - 11) + "@example.cn",
            "a" * (LONGEST_ADDRESS - 11) + "@example.cn",
        ),
    ],
)
def test_an_address_is_kept_in_one_spelling(written: str, kept: str) -> None:
    assert mail_address(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "wang", "wang@", "@example.cn", "wang@example", "wang wu@example.cn", "a@b..cn", ".a@b.cn",
        "a@-b.cn", "王@example.cn", "a@例子.cn", "a@b.cn\nBcc: x@y.cn", "<a@b.cn>", "a@b.cn,c@d.cn",
        "a" * LONGEST_ADDRESS + "@example.cn", "a@b.c1",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(written: str) -> None:
    with pytest.raises(AddressRefused, match="不是邮箱地址"):
        mail_address(written)


def test_every_kind_of_letter_has_its_form() -> None:
    assert set(LETTERS) == set(LetterKind)
    for form in LETTERS.values():
        assert len(form.names) == len(form.fields)
        assert set(form.required) <= form.names == form.samples.keys()
        assert {"文号", "落款单位", "日期", "记录", "模板", "数据标记"} <= set(form.required)
        assert all(name.isidentifier() for name in form.names)
    assert len({form.mark for form in LETTERS.values()}) == len(LETTERS)


def test_letters_come_from_decisions_only() -> None:
    assert all(STEP_OF[action].decides for action in LETTER_OF_ACTION)
