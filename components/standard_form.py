"""Drafting a version of a subsidy standard: what it covers, what it gives, from when, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from components import formats
from components.attempt import attempt, keep
from components.filters import ask
from components.language import _, words
from components.policy_words import FIELDS, fault_lines, name
from components.shell import Visit
from models.actions.standards import draft_standard
from models.database import session
from models.queries.claims import services_listed
from models.queries.standards import StandardRow, result_kinds_of
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.money import yuan_whole
from models.rules.standards import (
    FIRST_DAY,
    LAST_DAY,
    LONGEST,
    StandardEntry,
    in_one_line,
    parameters_of,
    standard_read,
)
from models.rules.targets.slides import Named
from models.rules.wording import say

_LONGEST_AMOUNT = 40


def draft_standard_dialog(visit: Visit, row: StandardRow | None) -> None:
    """Another standard, or another version of one.

    Args:
        visit: who drafts, and when.
        row: the version it follows; `None` for a standard of its own.
    """

    @st.dialog(_("起草新版本") if row else _("起草新标准"), width="large")
    def dialog() -> None:
        draw_standard_form(visit, row)

    dialog()


def draw_standard_form(visit: Visit, row: StandardRow | None) -> None:
    """The form with its button; drafted, the change opens.

    Args:
        visit: who drafts, and when.
        row: the version it follows; what it covers is kept.
    """
    before = entry_of(row)
    left, right = st.columns(2, gap="medium")
    with left:
        covered = _covered(before, row)
        given = _given(before)
    with right:
        entry = replace(_cited(before, visit), **covered, **given)
    st.markdown(
        formats.small_grey(
            _("起草后待另一人确认；确认前可试算对未决申请的影响。已生效的版本不改动。")
        )
    )
    answer = st.container()
    if not st.button(_("起草这个版本，待确认"), key="save_standard", type="primary"):
        return
    if faults := standard_read(in_one_line(entry)).faults:
        answer.error(fault_lines(faults), icon=":material/block:")
        return
    done = say("已起草，待另一人确认")
    outcome = attempt(draft_standard, entry, done=done, where=answer)
    if outcome.is_done:
        keep(outcome)
        ask("change", str(outcome.result))
        st.rerun()


def entry_of(row: StandardRow | None) -> StandardEntry:
    """A version as its form begins: without days and reason."""
    if row is None:
        return StandardEntry()
    standard = row.standard
    return StandardEntry(
        service_code=row.service.code,
        result_kind_code=row.result_kind.code,
        purpose=row.purpose,
        payee=row.payee,
        kind=standard.kind,
        amount=_written(standard.amount_fen),
        ceiling=_written(standard.ceiling_fen),
        percent=_written(standard.percent_hundredths),
        unit=standard.unit or "",
        annual_cap=_written(standard.annual_cap_fen),
        agency_year_cap=_written(row.agency_year_cap_fen),
        enterprise_year_cap=_written(row.enterprise_year_cap_fen),
        budget_code=row.budget_code,
        document=standard.document,
        clause=standard.clause,
        title_zh=row.title.zh,
        title_en=row.title.en,
    )


def _written(fen: int | None) -> str:
    return "" if fen is None else yuan_whole(fen)


# ---------------------------------------------------------------- fields


def _covered(before: StandardEntry, row: StandardRow | None) -> dict[str, Any]:
    """What the standard covers: of a further version what the one before does."""
    with session() as current:
        services = {
            code: Named(code, one.name_zh, one.name_en)
            for code, one in services_listed(current).items()
        }
        kinds = result_kinds_of(current)
    is_kept = row is not None
    service = _pick(
        "service_code", list(services), _named(services), before.service_code or None,
        is_kept=is_kept, on_change="rerun",
    )  # fmt: skip
    offered = {"": Named("", str(say("全部成果类型")), _("全部成果类型"))} | {
        kind.code: kind for kind in kinds.get(service or "", ())
    }
    kind = _pick(
        "result_kind_code", list(offered), _named(offered), before.result_kind_code,
        is_kept=is_kept, at=service or "",
    )  # fmt: skip
    left, right = st.columns(2, gap="small")
    with left:
        purpose = _pick("purpose", list(Purpose), formats.label, before.purpose, is_kept=is_kept)
    with right:
        payee = _pick("payee", list(Payee), formats.label, before.payee)
    return {
        "service_code": service or "", "result_kind_code": kind or "", "purpose": purpose,
        "payee": payee,
    }  # fmt: skip


def _given(before: StandardEntry) -> dict[str, Any]:
    """What it gives: the fields of its kind only."""
    kind: StandardKind = _pick(
        "kind", list(StandardKind), formats.label, before.kind, on_change="rerun"
    )
    given: dict[str, Any] = {"kind": kind}
    for parameter in parameters_of(kind):
        field = parameter.name.removesuffix("_fen").removesuffix("_hundredths")
        is_needed = kind in parameter.needed_by
        given[field] = _line(field, getattr(before, field), is_needed=is_needed)
    left, right = st.columns(2, gap="small")
    with left:
        given["agency_year_cap"] = _line("agency_year_cap", before.agency_year_cap)
    with right:
        given["enterprise_year_cap"] = _line("enterprise_year_cap", before.enterprise_year_cap)
    return given


def _cited(before: StandardEntry, visit: Visit) -> StandardEntry:
    left, right = st.columns(2, gap="small")
    with left:
        begins = _day("valid_from", visit.today, is_needed=True)
    with right:
        ends = _day("valid_to", None)
    left, right = st.columns(2, gap="small")
    with left:
        document = _line("document", before.document, is_needed=True)
    with right:
        clause = _line("clause", before.clause, is_needed=True)
    return StandardEntry(
        document=document,
        clause=clause,
        title_zh=_line("title_zh", before.title_zh, is_needed=True),
        title_en=_line("title_en", before.title_en),
        budget_code=_line("budget_code", before.budget_code),
        valid_from=begins,
        valid_to=ends,
        reason=_line("reason", "", is_needed=True),
    )


def _pick(
    field: str,
    options: list[Any],
    called: Callable[[Any], str],
    given: Any,
    *,
    is_kept: bool = False,
    at: str = "",
    on_change: Any = "ignore",
) -> Any:
    return st.selectbox(
        f"{words(FIELDS[field])} *", options,
        options.index(given) if given in options else None,
        key=f"standard_{field}{at}", format_func=called, disabled=is_kept,
        placeholder=_("请选择"), filter_mode="contains" if len(options) > 8 else None,
        on_change=on_change,
    )  # fmt: skip


def _named(known: Mapping[str, Named]) -> Callable[[str], str]:
    return lambda code: name(known[code])


def _line(field: str, given: str, *, is_needed: bool = False) -> str:
    title = words(FIELDS[field])
    return (
        st.text_input(
            f"{title} *" if is_needed else title, given, key=f"standard_{field}",
            max_chars=LONGEST.get(field, _LONGEST_AMOUNT), on_change="ignore",
        ) or ""
    )  # fmt: skip


def _day(field: str, given: date | None, *, is_needed: bool = False) -> date | None:
    title = words(FIELDS[field])
    chosen = st.date_input(
        f"{title} *" if is_needed else title, given, key=f"standard_{field}", format="YYYY-MM-DD",
        min_value=FIRST_DAY, max_value=LAST_DAY, on_change="ignore",
    )  # fmt: skip
    return chosen if isinstance(chosen, date) else None
