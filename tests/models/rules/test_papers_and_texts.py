"""What comes from outside: files told by their bytes, texts kept, numbers within bounds, refusals
in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules import errors
from models.rules.claim_entries import (
    LARGEST_COUNT,
    LONGEST,
    number_fault,
    plain_invoice,
    whole_number,
)
from models.rules.errors import (
    AmountRefused,
    ClaimHeld,
    ConfirmationNeeded,
    FindingsBlock,
    Refusal,
    TextRefused,
)
from models.rules.free_text import kept_text
from models.rules.money import LARGEST_FEN
from models.rules.papers import media_type_of
from models.rules.wording import say

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


@given(st.binary(max_size=40))
def test_a_paper_is_what_its_first_bytes_say(rest: bytes) -> None:
    assert media_type_of(b"%PDF-" + rest) == "application/pdf"
    assert media_type_of(PNG + rest) == "image/png"
    assert media_type_of(JPEG + rest) == "image/jpeg"


# fmt: off
@pytest.mark.parametrize("content", [
    b"", b"%PD", b" %PDF-1.4", b"PK\x03\x04", b"MZ\x90", b"<html>", b"<svg xmlns=", b"GIF89a", b"\x89PNG\n", b"%!PS",
])
# fmt: on
def test_nothing_else_is_a_paper(content: bytes) -> None:
    assert media_type_of(content) is None


# fmt: off
NAUGHTY = (
    "", "   ", "\0", "a\0b", "\ud800", "\u202e逆向", "<script>alert(1)</script>", "'; DROP TABLE claim; --", "=1+1",
    "{secret}", "%s%n", "\r\n\r\nSet-Cookie: a=b", "🙂", "é́́", "０１２", "\ufeffBOM", "\x1b[31mred", "ＡＢＣ　", "\u200b",
)
# fmt: on


@pytest.mark.parametrize("written", NAUGHTY)
def test_a_naughty_text_is_kept_as_text(written: str) -> None:
    kept = kept_text(written, 100)
    kept.encode("utf-8")
    assert "\0" not in kept
    assert kept == kept_text(kept, 100)


@given(st.text(st.characters(), max_size=60), st.integers(0, 60))
def test_a_text_is_trimmed_storable_and_within_its_length(written: str, longest: int) -> None:
    try:
        kept = kept_text(written, longest)
    except TextRefused as refusal:
        assert refusal.longest == longest
        assert len(written) > longest
    else:
        assert len(kept) <= longest
        assert kept == kept.strip()
        kept.encode("utf-8")


def test_lines_stay_lines() -> None:
    assert kept_text("一\r\n二\n\t三\x07", 10) == "一\n二\n\t三"
    with pytest.raises(TextRefused, match="文字最长 3 个字，现有 4 个，请缩短"):
        kept_text("一二三四", 3)


# fmt: off
@pytest.mark.parametrize(("entries", "fault"), [
    ({"asked_fen": 1}, None),
    ({"asked_fen": LARGEST_FEN}, None),
    ({"asked_fen": 0}, "申请金额须为 0.01 至 999,999,999,999.99 元，最小到分"),
    ({"asked_fen": -1}, "申请金额须为"), ({"asked_fen": LARGEST_FEN + 1}, "申请金额须为"),
    ({"asked_fen": 1.0}, "申请金额须为"), ({"asked_fen": True}, "申请金额须为"), ({"asked_fen": "1"}, "申请金额须为"),
    ({"basis_fen": 0, "invoice_fen": 0, "paid_before_fen": 0, "paid_after_fen": 0}, None),
    ({"basis_fen": -1}, "计算基数须为"), ({"invoice_fen": -1}, "发票金额须为"),
    ({"paid_before_fen": -1}, "事前付费须为"), ({"paid_after_fen": 10**18}, "事后付费须为"),
    ({"units": 0}, None), ({"units": LARGEST_COUNT + 1}, "数量须为 0 至 1000000 的整数"), ({"units": -1}, "数量须为"),
    ({"satisfaction": 0}, "满意度须为 1 至 5 的整数"), ({"satisfaction": 6}, "满意度须为"), ({"satisfaction": 5}, None),
    ({"asked_fen": None, "note": -1}, None),
])
# fmt: on
def test_numbers_stay_within_their_bounds(entries: dict[str, Any], fault: str | None) -> None:
    found = number_fault(entries)
    assert found is None if fault is None else str(found).startswith(fault)


def test_an_invoice_has_one_spelling() -> None:
    spellings = ("0123a", "０１２３Ａ", " 01 23a ", "01-23-A")
    assert {plain_invoice(written) for written in spellings} == {"0123A"}
    assert set(LONGEST) >= {"number", "note", "payee_account"}


def test_refusals_say_what_they_know() -> None:
    held = ClaimHeld(held_by="张三", since="2026-11-20 12:00", until="2026-11-20 14:00")
    assert str(held) == "张三已于 2026-11-20 12:00 接手本件，2026-11-20 14:00 前由其办理"
    assert FindingsBlock(("F04", "F10"), ()).codes == ("F04", "F10")
    assert "F10" in str(ConfirmationNeeded(("F10",)))
    assert held.held_by == "张三"


def test_the_tree_of_refusals_is_the_one_drawn() -> None:
    assert errors.__doc__ is not None
    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, Refusal)]
    assert {c.__name__ for c in classes} <= set(errors.__doc__.split())


def test_a_count_is_read_as_it_is_typed() -> None:
    assert [whole_number(text, say("数量")) for text in ("3", " 1,200 ", "１２")] == [3, 1_200, 12]


@pytest.mark.parametrize("text", ["", "三", "1.5", "-1", "9" * 13, "²"])
def test_what_is_no_count_is_refused_by_name(text: str) -> None:
    with pytest.raises(AmountRefused, match="数量“"):
        whole_number(text, say("数量"))
