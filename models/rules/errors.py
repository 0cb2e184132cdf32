"""Refusals: why a step cannot go on, as business nouns with their facts.

    Refusal
    ├── NotAllowed            this person may not, with the reason
    ├── NotFound              nothing of that number that this person may see
    ├── NotAvailable          the claim is not in a state that has this step
    ├── SeenIsStale           somebody changed what the decision was based on
    ├── DecidedUnread         it came on screen a moment ago: nobody can have read it
    ├── ClaimHeld             a colleague has taken the claim
    ├── ReasonMissing         the step needs coded reasons
    ├── FindingsBlock         a blocking condition is not met
    ├── ConfirmationNeeded    a verdict is unknown, or flipped, and must be confirmed with a reason
    ├── AmountRefused         an amount above what is entitled, or not an amount
    ├── FigureRefused         a figure that is no number, or not in its indicator's unit
    ├── ObjectionRefused      an objection without name or seal, evidence, or out of time
    ├── TextRefused           words longer than the record keeps
    ├── BudgetExhausted       the line or cap has no room
    ├── PaymentRefused        the ledger does not let it be paid, or undone
    ├── AlreadyDone           the thing exists already (sent, drawn, registered)
    ├── SignInRefused         wrong name or password, locked, or too many tries
    ├── PasswordTooWeak       a password a stranger would guess
    ├── FileRefused           an upload of the wrong type, size or content
    └── AddressRefused        what is typed as a mail address and is none

Expected bad input of a form or workbook is returned as findings or problems; a refusal means
"cannot go on".
"""

from __future__ import annotations

from datetime import datetime

from models.rules.wording import Wording, say


class Refusal(Exception):
    """Something that cannot be done, said in words the person can act on."""

    def __init__(self, wording: Wording) -> None:
        super().__init__(str(wording))
        self.wording = wording


class NotAllowed(Refusal):
    """This person may not do this."""


class NotFound(Refusal):
    """Nothing of that number that this person may see."""


class NotAvailable(Refusal):
    """The step does not exist in this state."""


class SeenIsStale(Refusal):
    """What the decision was based on has changed since it was seen."""

    def __init__(
        self, wording: Wording, *, changed_by: Wording | str, changed_at_utc: datetime
    ) -> None:
        super().__init__(wording)
        self.changed_by = changed_by
        self.changed_at_utc = changed_at_utc


class DecidedUnread(Refusal):
    """What is to be decided came on screen a moment ago: nobody can have read it."""

    def __init__(self, number: str) -> None:
        super().__init__(say("{number} 刚刚打开，没有作出决定；请看过本件后再办理", number=number))


class ClaimHeld(Refusal):
    """A colleague has taken the claim and the lease still runs."""

    def __init__(self, *, held_by: str, since: str, until: str) -> None:
        super().__init__(
            say(
                "{name}已于 {since} 接手本件，{until} 前由其办理",
                name=held_by,
                since=since,
                until=until,
            )
        )
        self.held_by = held_by


class ReasonMissing(Refusal):
    """The step needs coded reasons (or, for an unknown finding, a note)."""


class FindingsBlock(Refusal):
    """A blocking condition is not met: the claim can only be returned, refused or held."""

    def __init__(self, codes: tuple[str, ...], facts: tuple[Wording, ...]) -> None:
        super().__init__(
            say("条件 {codes} 不符合，不能通过（{facts}）；可退回补正、不予支持或暂缓",
                codes=codes, facts=facts)
        )  # fmt: skip
        self.codes = codes


class ConfirmationNeeded(Refusal):
    """A verdict flipped since it was seen: it is shown and must be confirmed."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__(say("条件 {codes} 的判定在您打开后变了，请核对后再次确认", codes=codes))
        self.codes = codes


class AmountRefused(Refusal):
    """An amount above what is entitled or asked, raised, or not an amount."""


class FigureRefused(Refusal):
    """A figure that cannot be kept: no number, another unit, a day that has not come."""


class ObjectionRefused(Refusal):
    """An objection that is not accepted: no name or seal, no evidence, or out of time."""


class TextRefused(Refusal):
    """Words longer than the record keeps."""

    def __init__(self, *, longest: int, length: int) -> None:
        super().__init__(
            say("文字最长 {longest} 个字，现有 {length} 个，请缩短", longest=longest, length=length)
        )
        self.longest = longest


class BudgetExhausted(Refusal):
    """The budget line or a cap has no room for subsidy and reward together."""


class PaymentRefused(Refusal):
    """The ledger does not let it be paid, or undone: no subsidy before it, no voucher, no
    account."""


class AlreadyDone(Refusal):
    """The thing exists already: sent, drawn, registered."""


class SignInRefused(Refusal):
    """Wrong name or password, locked, or too many tries; never says which."""


class PasswordTooWeak(Refusal):
    """A password a stranger would guess."""


class FileRefused(Refusal):
    """An upload of the wrong type, size or content."""


class AddressRefused(Refusal):
    """What was typed as a mail address and is none."""

    def __init__(self, written: str) -> None:
        super().__init__(say("“{written}”不是邮箱地址，例如 name@example.cn", written=written))
