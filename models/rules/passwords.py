"""Passwords (密码): which are too weak, and how they are kept (streamlit-authenticator's bcrypt)."""

from __future__ import annotations

import re
from itertools import pairwise

import bcrypt

from models.rules.errors import PasswordTooWeak
from models.rules.wording import Wording, say

MINIMUM_LENGTH = 12
MAXIMUM_BYTES = 72  # bcrypt reads no further
FEWEST_DIFFERENT = 5
HASH_COST = 12

# fmt: off
COMMONEST = frozenset((
    "123456", "12345678", "123123", "111111", "000000", "666666", "888888", "5201314", "1314520",
    "password", "passwd", "pass", "admin", "administrator", "root", "guest", "user", "test",
    "welcome", "login", "letmein", "iloveyou", "woaini", "wodemima", "mima", "qwerty",
    "qwertyuiop", "qwertyuiopasdfghjkl", "asdfghjkl", "asdf", "zxcvbnm", "qazwsx", "qazwsxedc",
    "1qaz2wsx", "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx3edc", "abc", "abc123", "abcdef", "abcd1234",
    "a123456", "aa123456", "monkey", "dragon", "football", "sunshine", "princess", "master",
    "shadow", "superman", "computer", "internet", "default", "changeme", "secret", "google",
    "windows", "china", "beijing", "dalian", "gaoxin", "keji", "lianmeng", "zhongguo",
))
# fmt: on
"""The commonest passwords, and the stems people lengthen with digits and signs."""


def password_problem(password: str, username: str) -> Wording | None:
    """What is wrong with a new password (新密码).

    Args:
        password: as typed.
        username: the account's name, which the password may not contain.

    Returns:
        The first thing wrong, in words; `None`: it is good enough.
    """
    for check in (_length, _edges, _names_account, _repeats, _runs, _is_common):
        if problem := check(password, username):
            return problem
    return None


def refuse_weak(password: str, username: str) -> None:
    """Let only a good password pass.

    Raises:
        PasswordTooWeak: with what is wrong.
    """
    if problem := password_problem(password, username):
        raise PasswordTooWeak(problem)


def password_hash(password: str) -> str:
    """The bcrypt hash of a password, 60 characters."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(HASH_COST)).decode()


def password_matches(password: str, kept_hash: str) -> bool:
    """Whether a password is the one whose hash was kept; what is no hash is matched by none."""
    written = password.encode("utf-8", "surrogatepass")
    try:
        is_same = bcrypt.checkpw(written[:MAXIMUM_BYTES], kept_hash.encode())
    except ValueError:
        return False
    return is_same and len(written) <= MAXIMUM_BYTES


def _length(password: str, _username: str) -> Wording | None:
    """A Chinese character says as much as two letters, so a passphrase of six will do."""
    weight = sum(1 if character.isascii() else 2 for character in password)
    if weight < MINIMUM_LENGTH:
        return say("密码至少 {n} 个字符（汉字按两个计）；几个词连成的短句最好记", n=MINIMUM_LENGTH)
    if len(password.encode("utf-8", "surrogatepass")) > MAXIMUM_BYTES:
        return say("密码最长 {n} 个字节（汉字占三个）", n=MAXIMUM_BYTES)
    return None


def _edges(password: str, _username: str) -> Wording | None:
    if password != password.strip() or not password.isprintable():
        return say("密码首尾不能是空格，也不能含不可见字符")
    return None


def _names_account(password: str, username: str) -> Wording | None:
    if username and username.lower() in password.lower():
        return say("密码不能包含账号")
    return None


def _repeats(password: str, _username: str) -> Wording | None:
    if len(set(password.lower())) < FEWEST_DIFFERENT or re.fullmatch(r"(.{1,6})\1+", password):
        return say("密码重复太多，容易被猜中")
    return None


def _runs(password: str, _username: str) -> Wording | None:
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    if steps <= {1, -9} or steps <= {-1, 9}:
        return say("密码是连续的字符，容易被猜中")
    return None


def _is_common(password: str, _username: str) -> Wording | None:
    lowered = password.lower()
    stem = lowered.strip("0123456789!@#$%^&*()_+-=.,;:?/\\|~` ")
    if lowered in COMMONEST or stem in COMMONEST or not stem:
        return say("密码太常见（常用词加数字也算），容易被猜中")
    return None
