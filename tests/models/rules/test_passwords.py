"""Which passwords are too weak, and how they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import passwords
from models.rules.errors import PasswordTooWeak
from models.rules.passwords import (
    MAXIMUM_BYTES,
    password_hash,
    password_matches,
    password_problem,
    refuse_weak,
)

GOOD = (
    "zero-fee-demo",
    "correct horse battery",
    "零费区的钥匙在抽屉",
    "kjhg-2pwm-xx4t-9ach",
)
BAD = {
    "short-one": "至少",
    "六个汉字哦": "至少",
    "好" * 25: "最长",
    " padded password ": "空格",
    "tab\there-and-there": "不可见",
    "my-reviewer-key-9": "账号",
    "MY-REVIEWER-KEY-9": "账号",
    "aaaaaaaaabbbb": "重复",
    "abcxyabcxyabcxy": "重复",
    "abcdefghijklmn": "连续",
    "123456789012345": "连续",
    "zyxwvutsrqponm": "连续",
    "password2024!!": "常见",
    "1qaz2wsx3edc": "常见",
    "Administrator#1": "常见",
    "20261122-20251": "常见",
}


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests hash with the least work."""
    monkeypatch.setattr(passwords, "HASH_COST", 4)


@pytest.mark.parametrize("password", GOOD)
def test_a_long_phrase_is_good(password: str) -> None:
    assert password_problem(password, "reviewer") is None
    refuse_weak(password, "reviewer")


@pytest.mark.parametrize(("password", "says"), BAD.items())
def test_a_weak_password_is_refused_and_says_why(password: str, says: str) -> None:
    with pytest.raises(PasswordTooWeak, match=says):
        refuse_weak(password, "reviewer")


def test_without_a_name_nothing_is_compared_with_it() -> None:
    assert password_problem("zero-fee-demo", "") is None


def test_only_the_password_itself_matches_its_hash() -> None:
    kept = password_hash("zero-fee-demo")
    assert password_matches("zero-fee-demo", kept)
    assert not password_matches("zero-fee-Demo", kept)
    assert len(kept) == 60


def test_what_bcrypt_would_cut_off_counts() -> None:
    kept = password_hash("x" * MAXIMUM_BYTES)
    assert password_matches("x" * MAXIMUM_BYTES, kept)
    assert not password_matches("x" * MAXIMUM_BYTES + "y", kept)


@given(st.text(max_size=90), st.text(max_size=20))
def test_any_text_gets_an_answer(password: str, username: str) -> None:
    problem = password_problem(password, username)
    assert problem is None or str(problem)


@given(st.text(max_size=40))
def test_any_text_can_be_compared(password: str) -> None:
    assert not password_matches(
        password, "$2b$04$vI95fsjxNZAaLBzPf8XpM.EApWg./CtBjTSK.DHOsnhtkXEn9Qnve"
    )


def test_an_account_without_a_password_lets_nobody_in() -> None:
    assert not password_matches("-", "-")
