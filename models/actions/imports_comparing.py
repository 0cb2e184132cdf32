"""Comparing a sheet with what is already there: new, unchanged, contact updated, or a conflict.

An empty cell states nothing, so it differs from nothing. Where a key is there already, contact
fields may change; a difference in anything else is an error, because records change on their own
screens, with their own guards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.actions.imports_actuals import as_kept, refused_rows
from models.actions.imports_lookup import References, Stored, stored
from models.exchange.checking import CheckedSheet, of_row
from models.exchange.problems import Problem
from models.exchange.references import result_of
from models.exchange.rows import ClaimRow
from models.exchange.sheets import Column, Sheet, SheetKind
from models.rules.wording import Wording, say


@dataclass(frozen=True, slots=True)
class ContactUpdate:
    """A record already there whose contact fields the file states anew."""

    id: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ComparedSheet:
    """A sheet's sound rows, sorted by what becomes of them."""

    kind: SheetKind
    new: tuple[Any, ...]
    contact_updates: tuple[ContactUpdate, ...]
    unchanged: int
    conflicts: tuple[Problem, ...]


def compared_sheet(
    session: Session, checked: CheckedSheet, barred: set[tuple[str, int]], there: References
) -> ComparedSheet:
    """Sort a sheet's sound rows by what becomes of them.

    Args:
        session: any transaction.
        checked: the sheet.
        barred: (sheet name, line) of every row that carries an error.
        there: the service list; two writings of one result number are the same.
    """
    sheet = checked.raw.sheet
    sound = [row for row in checked.rows if (sheet.name, row.line) not in barred]
    if sheet.kind is SheetKind.actuals:
        sound = [as_kept(row, there.counted) for row in sound]
    known = stored(session, sheet.kind, [key_of(sheet, row) for row in sound])
    new, updates, conflicts, unchanged = [], [], [], 0
    for row in sound:
        record = known.get(key_of(sheet, row))
        if record is None:
            new.append(row)
            continue
        changed = [column for column in sheet.columns if _differs(column, row, record, there)]
        fixed = [column for column in changed if not column.is_contact]
        if fixed:
            conflicts.append(_conflict(checked, row, record, fixed))
        elif changed:
            values = {column.field: getattr(row, column.field) for column in changed}
            updates.append(ContactUpdate(record.id or 0, values))
        else:
            unchanged += 1
    if sheet.kind is SheetKind.actuals:
        refused = refused_rows(session, checked, new)
        new = [row for row in new if row.line not in refused]
        conflicts += refused.values()
    return ComparedSheet(sheet.kind, tuple(new), tuple(updates), unchanged, tuple(conflicts))


def key_of(sheet: Sheet, row: Any) -> tuple[Any, ...]:
    """A row's key as the database's records are looked up by it."""
    values = tuple(getattr(row, name) for name in sheet.key)
    if sheet.kind is SheetKind.ties:
        return (values[0].lower(), *values[1:])
    return tuple("" if value is None else value for value in values)


def _differs(column: Column, row: Any, record: Stored, there: References) -> bool:
    stated, kept = getattr(row, column.field), getattr(record.row, column.field)
    if stated is None or stated == kept:
        return False
    if column.field == "scope":
        return set(stated) != set(kept)
    if column.field == "username":
        return bool(stated.lower() != kept)
    if column.field == "result_printed" and isinstance(record.row, ClaimRow):
        kinds = there.identifier_of_kind
        return result_of(row, kinds) != result_of(record.row, kinds)
    return not (stated == 0 and kept is None)


def _conflict(checked: CheckedSheet, row: Any, record: Stored, fixed: list[Column]) -> Problem:
    names = tuple(column.header for column in fixed)
    return of_row(
        checked.raw, row, fixed[0].field,
        say("系统中已有，但内容不同：{columns}", columns=names), _REMEDIES[checked.raw.sheet.kind],
    )  # fmt: skip


_DRAFTS = say("预算和标准不因导入而改变；标准变更请写新的生效日期")
_REMEDIES: dict[SheetKind, Wording] = {
    SheetKind.enterprises: say("导入只更新联系人和电话；其他变更请在“会员企业”中办理"),
    SheetKind.agencies: say("导入只更新联系人和电话；其他变更请在“服务机构”中办理"),
    SheetKind.agreements: say("已有的协议不因导入而改变；核对协议编号，或删去这一行"),
    SheetKind.claims: say("已提交的申请不因导入而改变；核对申请编号，或删去这一行"),
    SheetKind.policy_rules: _DRAFTS,
    SheetKind.budget_lines: _DRAFTS,
    SheetKind.ties: say("已有的回避关系不因导入而改变；删去这一行"),
    SheetKind.actuals: say("已有的实绩不因导入而改变；更正请填写替代编号和替代理由"),
}
