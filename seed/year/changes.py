"""Standards and settings changed in the demonstration year: one standard and one setting wait, one was
turned down, one holds from the next quarter on. All of it invented (演示数据)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from models.actions.changes import Draft, confirm_change, draft_change, turn_down_change
from models.actions.standards import draft_standard
from models.rules.changes import ChangeKind
from models.rules.standards import StandardEntry
from seed.year.stage import Stage
from seed.year.standards import DOCUMENT, EXAMPLES
from seed.year.timeline import at

_LOWERED = "S-10"
_TERMS = {
    "price_floor_fen": "10,000",
    "price_ceiling_fen": "40,000",
    "standard_working_days": "60",
}


def changing(stage: Stage) -> Iterator[datetime]:
    """Reviewers and the administrator draft, the lead decides on some of it."""
    session, until = stage.session, stage.timeline.until
    lead, colleague = stage.actor("lead"), stage.actor("reviewer2")
    deemed = Draft(
        ChangeKind.setting, "deemed_after_working_days", {"value": "15"}, _next_quarter(until),
        "演示：有企业反映答复时间不够。",
    )  # fmt: skip
    terms = Draft(
        ChangeKind.service_terms, "ip_review", _TERMS, _next_quarter(until),
        "演示：为知识产权评议设定价格区间。",
    )  # fmt: skip
    doubted = draft_change(session, colleague, deemed)
    agreed = draft_change(session, colleague, terms)
    yield at(stage.timeline.back(until, 3), 15 * 60 + 20)
    turn_down_change(stage.session, lead, doubted, "演示：答复时间近半年够用，先不调整。")
    confirm_change(stage.session, lead, agreed)
    yield at(stage.timeline.back(until, 2), 10 * 60 + 40)
    draft_standard(stage.session, stage.actor("reviewer"), _lowered(until))
    lapse = Draft(
        ChangeKind.setting, "return_lapse_working_days", {"value": "15"}, _next_quarter(until),
        "演示：补正期限缩短，便于当月办结。",
    )  # fmt: skip
    draft_change(stage.session, stage.actor("admin"), lapse)


def changing_time(stage: Stage) -> datetime:
    """When the first changes are drafted: four working days before the end."""
    return at(stage.timeline.back(stage.timeline.until, 4), 9 * 60 + 35)


def _lowered(until: date) -> StandardEntry:
    """A lower standard for what was granted in the last two months: open claims would feel it."""
    (example,) = [one for one in EXAMPLES if one.key == _LOWERED]
    return StandardEntry(
        service_code=example.service,
        purpose=example.purpose,
        payee=example.payee,
        kind=example.kind,
        amount="2,000",
        budget_code=example.line or "",
        document=DOCUMENT,
        clause=example.key,
        title_zh=f"{DOCUMENT} {example.key} {example.title}",
        title_en=f"Example standard {example.key}. {example.title_en}",
        valid_from=max(until - timedelta(days=60), date(until.year, 1, 2)),
        reason="演示：与授权量增长相适应，总额不变。",
    )


def _next_quarter(day: date) -> date:
    """The first day of the next quarter."""
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + month // 13, (month - 1) % 12 + 1, 1)
