"""Adding and editing a member enterprise: one dialog, all faults named at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import streamlit as st

from components.attempt import Outcome, attempt, keep
from components.filters import FIRST_DAY, ask
from components.formats import label
from components.language import _, words
from components.shell import Visit
from models.actions.members import add_enterprise, edit_enterprise
from models.queries.members import MemberCard
from models.queries.visibility import sight_of_enterprise
from models.rules.membership import LONGEST, EnterpriseEntry, Fault, faults_of, in_one_spelling
from models.rules.wording import say
from models.tables.organisations import GrowthStage, HnteStatus

# fmt: off
FIELDS = {
    "name":                say("企业名称"),
    "uscc":                say("统一社会信用代码"),
    "registered_on":       say("注册日期"),
    "district":            say("所在街道"),
    "industry":            say("行业"),
    "growth_stage":        say("成长阶段"),
    "hnte_status":         say("高企状态"),
    "hnte_certificate_no": say("高企证书编号"),
    "certified_on":        say("发证日期"),
    "joined_on":           say("入会日期"),
    "left_on":             say("退会日期"),
    "contact_name":        say("联系人"),
    "contact_phone":       say("联系电话"),
    "payee_name":          say("收款户名"),
    "payee_bank":          say("开户行"),
    "payee_account":       say("收款账号"),
}
# fmt: on
"""What the fields of an entry are called."""
REQUIRED = frozenset({"name", "uscc", "joined_on"})


def add_member_dialog(visit: Visit) -> None:
    """A new member; saved, its card opens."""

    @st.dialog(_("新增企业"), width="large")
    def dialog() -> None:
        blank = EnterpriseEntry(uscc="", name="", joined_on=visit.today, payee_account="")
        entry = _fields(blank, "new", visit)
        outcome = _saved(entry, _("新增企业会员"), visit, lambda where: attempt(
            add_enterprise, entry, done=say("已新增“{name}”", name=entry.name), where=where
        ))  # fmt: skip
        if outcome is not None and outcome.is_done:
            keep(outcome)
            ask("uscc", outcome.result)
            st.rerun()

    dialog()


def edit_member_dialog(visit: Visit, card: MemberCard) -> None:
    """A member's record; refused if somebody else changed it meanwhile."""
    uscc, before = card.row.uscc, _entry_of(visit, card)

    @st.dialog(_("修改企业"), width="large")
    def dialog() -> None:
        entry = _fields(before, uscc, visit, hidden_account=card.payee_account)
        kept = {field for field in FIELDS if getattr(entry, field) == getattr(before, field)}
        outcome = _saved(entry, _("保存修改"), visit, lambda where: attempt(
            edit_enterprise, uscc, entry, card.version,
            done=lambda changed: say("已保存修改") if changed else say("没有改动"), where=where,
        ), kept)  # fmt: skip
        if outcome is not None and outcome.is_done:
            keep(outcome)
            st.rerun()

    dialog()


def _entry_of(visit: Visit, card: MemberCard) -> EnterpriseEntry:
    """The record as it stands; an account this person may not see is not stated."""
    row, sight = card.row, sight_of_enterprise(visit.actor, card.row.id)
    return EnterpriseEntry(
        uscc=row.uscc,
        name=row.name,
        joined_on=row.joined_on,
        registered_on=card.registered_on,
        left_on=row.left_on,
        district=row.district,
        industry=row.industry,
        growth_stage=row.growth_stage,
        hnte_status=row.hnte_status,
        hnte_certificate_no=card.hnte_certificate_no,
        certified_on=card.certified_on,
        contact_name=row.contact_name,
        contact_phone=card.contact_phone,
        payee_name=card.payee_name,
        payee_bank=card.payee_bank,
        payee_account=card.payee_account if sight.has_account else None,
    )


def _fields(
    before: EnterpriseEntry, prefix: str, visit: Visit, hidden_account: str = ""
) -> EnterpriseEntry:
    """Three columns of fields: who it is, its standing, how to reach and pay it."""
    who, standing, contact = st.columns(3, gap="medium")

    def line(place: Any, field: str, **more: Any) -> str:
        return str(
            place.text_input(
                _title(field), getattr(before, field) or "", key=f"{prefix}_{field}",
                max_chars=LONGEST.get(field), on_change="ignore", **more,
            ) or ""
        )  # fmt: skip

    def day(place: Any, field: str) -> Any:
        value = getattr(before, field)
        return place.date_input(
            _title(field), value, key=f"{prefix}_{field}", format="YYYY-MM-DD",
            min_value=min(value or FIRST_DAY, FIRST_DAY),
            max_value=max(value or visit.today, visit.today), on_change="ignore",
        )  # fmt: skip

    def pick(place: Any, field: str, options: list[Any]) -> Any:
        value = getattr(before, field)
        return place.selectbox(
            _title(field), options, None if value is None else options.index(value),
            key=f"{prefix}_{field}", format_func=label, filter_mode=None, on_change="ignore",
            placeholder=_("未填"),
        )  # fmt: skip

    is_hidden = before.payee_account is None
    hint = f"{hidden_account} {_('留空则不变')}".strip() if is_hidden else None
    entry = EnterpriseEntry(
        name=line(who, "name"),
        uscc=line(who, "uscc", disabled=bool(before.uscc)),
        registered_on=day(who, "registered_on"),
        district=line(who, "district"),
        industry=line(who, "industry"),
        growth_stage=pick(standing, "growth_stage", [*GrowthStage]),
        hnte_status=pick(standing, "hnte_status", [*HnteStatus]),
        hnte_certificate_no=line(standing, "hnte_certificate_no"),
        certified_on=day(standing, "certified_on"),
        joined_on=day(standing, "joined_on"),
        left_on=day(standing, "left_on"),
        contact_name=line(contact, "contact_name"),
        contact_phone=line(contact, "contact_phone"),
        payee_name=line(contact, "payee_name"),
        payee_bank=line(contact, "payee_bank"),
        payee_account=line(contact, "payee_account", placeholder=hint),
    )
    return replace(entry, payee_account=None) if is_hidden and not entry.payee_account else entry


def _title(field: str) -> str:
    return f"{words(FIELDS[field])} *" if field in REQUIRED else words(FIELDS[field])


def _saved(
    entry: EnterpriseEntry,
    button: str,
    visit: Visit,
    save: Callable[[Any], Outcome],
    kept: Collection[str] = (),
) -> Outcome | None:
    """The button; faults are told first, and what is newly doubtful is asked once.

    Args:
        entry: as typed.
        button: its words.
        visit: who saves, and when.
        save: the action.
        kept: fields that stand as they stood: nobody is asked about them again.
    """
    answer = st.container()
    told = st.session_state.setdefault("faults_told", None)
    if not st.button(button, key="save_member", type="primary"):
        return None
    faults = tuple(
        fault for fault in faults_of(in_one_spelling(entry), visit.today) if fault.field not in kept
    )
    if any(fault.is_blocking for fault in faults) or (faults and told != faults):
        st.session_state["faults_told"] = faults
        _draw_faults(answer, faults)
        return None
    st.session_state["faults_told"] = None
    return save(answer)


def _draw_faults(where: Any, faults: tuple[Fault, ...]) -> None:
    lines = [f"- **{words(FIELDS[fault.field])}** {words(fault.words)}" for fault in faults]
    if faults[0].is_blocking:
        where.error("\n".join(lines), icon=":material/block:")
    else:
        lines.append("\n" + _("核对无误，再按一次即保存。"))
        where.warning("\n".join(lines), icon=":material/warning:")
