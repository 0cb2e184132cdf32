"""What of a month is looked at: its application, its public notice, the clocks of the offices."""

from __future__ import annotations

from enum import StrEnum

from components.filters import segments
from components.language import _, words
from models.rules.wording import say


class MonthView(StrEnum):
    """A side of the month."""

    sheet = "sheet"  # 统一申请
    notice = "notice"  # 公示与异议
    clocks = "clocks"  # 办理时限


NAMES = {
    MonthView.sheet: say("统一申请"),
    MonthView.notice: say("公示与异议"),
    MonthView.clocks: say("办理时限"),
}


def view_asked() -> MonthView:
    """Draw the choice and read what the address asks for."""
    return segments("view", MonthView, _("查看"), called=lambda view: words(NAMES[view]))
