"""Mails (邮件): who wants which, which address can be one, and how often an attempt is repeated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from models.rules.errors import AddressRefused
from models.rules.half_width import half_width
from models.rules.wording import Wording, say

LONGEST_ADDRESS = 254
MOST_TRIES = 5
"""Attempts at a mail that the server put off; then it is given up and told to the operator."""
UNCLEAR_AFTER_MINUTES = 10
"""A mail whose sending began so long ago and has no end: whether it left is not known, and it is
never sent again. A mail that may be missing is in the messages all the same; one that comes twice
teaches people not to read them."""
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


class MailChoice(StrEnum):
    """Which mails somebody wants (邮件提醒)."""

    none = "none"  # 不发邮件
    digest = "digest"  # 每日汇总
    turn = "turn"  # 轮到我时即时


class MailKind(StrEnum):
    """What a mail is."""

    digest = "digest"  # 每日汇总
    turn = "turn"  # 轮到我


class MailState(StrEnum):
    """Where a mail stands (发送状态)."""

    queued = "queued"  # 待发送
    sending = "sending"  # 发送中
    sent = "sent"  # 已发送
    given_up = "given_up"  # 未能发送
    unclear = "unclear"  # 中断，不再重发


# fmt: off
CHOICE_NAMES: dict[MailChoice, Wording] = {
    MailChoice.none:   say("不发邮件"),
    MailChoice.digest: say("每日汇总"),
    MailChoice.turn:   say("轮到我时即时发送"),
}
OUTCOMES: dict[MailState, Wording] = {
    MailState.sent:     say("已发送"),
    MailState.queued:   say("稍后重试"),
    MailState.given_up: say("未能发送"),
    MailState.unclear:  say("中断（不再重发）"),
}
# fmt: on
"""What came of sending mails, as the operator is told."""


@dataclass(frozen=True, slots=True)
class MailLine:
    """One line of a mail: what it says, and where that is looked at."""

    words: Wording
    address: str
    query: tuple[tuple[str, str], ...] = ()


def mail_address(written: str) -> str:
    """A mail address as it is kept: trimmed, half-width, the domain in lower case; empty for none.

    Raises:
        AddressRefused: it is none.
    """
    address = half_width(written).strip()
    if not address:
        return ""
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise AddressRefused(written[:40])
    name, _at, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"
