"""The languages: which is spoken. What the catalogues hold is seen to in tests/house."""

import pytest

from components.language import CHINESE, ENGLISH, supported, words_in
from models.rules.wording import say


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("zh-CN", CHINESE),
        ("zh_Hans_CN", CHINESE),
        ("zh", CHINESE),
        ("en-GB", ENGLISH),
        ("EN", ENGLISH),
        ("de", None),
        ("", None),
        (None, None),
        (object(), None),
    ],
)
def test_a_browsers_language_is_one_of_ours_or_none(wanted: object, code: str | None) -> None:
    assert supported(wanted) == code


def test_a_sentence_is_said_in_a_named_language() -> None:
    assert words_in(ENGLISH, say("账号")) == "Accounts"
    assert words_in(ENGLISH, say("账号|登录名")) == "Account"
    assert words_in(CHINESE, say("账号|登录名")) == "账号"
