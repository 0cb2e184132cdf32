"""What the plans' files brought (目标、实绩、任务) against the record: each table by one digest.

A figure entered here has a record of its own (`vouching_registers`) and is left out.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, col

from models.rules.digest import facts_digest
from models.rules.wording import Wording, say
from models.tables.meetings import ActualEntry, TaskTarget
from models.tables.record import Activity
from models.tables.targets import (
    Actual,
    Indicator,
    Place,
    Plan,
    Target,
    TargetLink,
    TargetSource,
    Task,
    TaskUnit,
    Theme,
)

APPLIED = "apply_target_data"

# fmt: off
NAMES: dict[Any, Wording] = {
    Place:        say("地区|登记"),
    Theme:        say("主题|登记"),
    Indicator:    say("指标|登记"),
    Plan:         say("方案|登记"),
    Target:       say("目标|登记"),
    TargetLink:   say("目标之间的关联"),
    TargetSource: say("目标的取数口径"),
    Actual:       say("随方案写入的实绩"),
    Task:         say("任务|登记"),
    TaskUnit:     say("任务的责任单位"),
    TaskTarget:   say("任务与目标的关联"),
}
# fmt: on
"""What the files bring, and what it is called where a difference is told."""


def plan_digest(session: Session, table: Table) -> str:
    """The digest of every row of a table that came with the plans.

    Sorted here: two databases sort Chinese differently.
    """
    statement = select(table)
    if table.name == Actual.__tablename__:
        entered = select(col(ActualEntry.actual_id))
        statement = statement.where(table.c.id.not_in(entered))
    rows = ([str(value) for value in row] for row in session.execute(statement))
    return facts_digest(sorted(rows))


def vouched_plans(session: Session) -> Wording | None:
    """Every table of the plans against the digest it had when files were last applied."""
    links = (
        select(Activity.subject, Activity.after)
        .where(col(Activity.verb) == APPLIED)
        .order_by(col(Activity.seq))
    )
    said = {
        subject.removesuffix(":*"): (after or {}).get("digest")
        for subject, after in session.execute(links)
    }
    for kind, name in NAMES.items():
        table = kind.__table__
        if table.name in said and plan_digest(session, table) != said[table.name]:
            return say("{table}与操作记录不符，可能被直接改动", table=name)
    return None
