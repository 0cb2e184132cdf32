"""Figures (实绩) in a workbook: each row is entered by the same action as on the screen, and waits
for a second person like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from models.actions.actuals import enter_actual, replacement_barred
from models.exchange.checking import CheckedSheet, of_row
from models.exchange.problems import Problem
from models.exchange.rows import ActualRow
from models.rules.errors import FileRefused, Refusal
from models.rules.roles import Actor
from models.rules.targets import ActualKind, Grade
from models.rules.targets.entries import Counted, FigureEntry, in_unit
from models.rules.wording import say


def as_kept(row: ActualRow, counted: Mapping[str, Counted]) -> ActualRow:
    """A sound row as its figure is kept: in the indicator's own unit, its source on one line.

    Args:
        row: its unit is the indicator's, or is converted into it.
        counted: indicator → its unit.
    """
    unit = counted[row.indicator_code].unit
    value = in_unit(row.value, row.unit, unit)
    assert value is not None
    return replace(row, value=value, unit=unit, source_title=" ".join(row.source_title.split()))


def refused_rows(
    session: Session, checked: CheckedSheet, new: Sequence[ActualRow]
) -> dict[int, Problem]:
    """What the database has against new rows: a figure that cannot be replaced any more, and the
    same figure twice in different units.

    Args:
        session: any transaction.
        checked: the sheet.
        new: its rows that are not there yet, as `as_kept` gives them.

    Returns:
        Line → the problem.
    """
    refused: dict[int, Problem] = {}
    first: dict[tuple[Any, ...], int] = {}
    for row in new:
        same = (row.place_code, row.indicator_code, row.as_of, row.period_start, row.value,
                row.source_title)  # fmt: skip
        line = first.setdefault(same, row.line)
        if line != row.line:
            refused[row.line] = of_row(
                checked.raw, row, "value", say("与第 {line} 行重复", line=line), say("只保留一行")
            )
        elif row.replaces_id and (barred := replacement_barred(session, row.replaces_id)):
            refused[row.line] = of_row(
                checked.raw, row, "replaces_id", barred, say("核对替代编号，或删去这一行")
            )
    return refused


def entered_figures(
    session: Session, actor: Actor, new: Sequence[ActualRow]
) -> list[dict[str, Any]]:
    """Enter every new row, unconfirmed.

    Raises:
        FileRefused: one of them cannot be entered, with its line and the reason.
    """
    written = []
    for row in new:
        try:
            number = enter_actual(
                session, actor, _entry(row),
                replaces_id=row.replaces_id or "", reason=row.reason or "",
            )  # fmt: skip
        except Refusal as refusal:
            raise FileRefused(
                say("“实绩”第 {line} 行不能填报，没有导入任何内容：{why}",
                    line=row.line, why=refusal.wording)
            ) from refusal  # fmt: skip
        written.append({"id": number, "value": format(row.value, "f")})
    return written


def _entry(row: ActualRow) -> FigureEntry:
    return FigureEntry(
        place_code=row.place_code,
        indicator_code=row.indicator_code,
        as_of=row.as_of,
        value=format(row.value, "f"),
        unit=row.unit,
        kind=ActualKind(row.kind),
        grade=Grade(row.grade),
        source_title=row.source_title,
        period_start=row.period_start,
        is_over=row.bound == "over",
        source_url=row.source_url or "",
        published=row.published or "",
        note_zh=row.note_zh or "",
    )
