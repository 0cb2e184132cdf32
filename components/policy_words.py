"""Standards, settings and lists in words: what each is called, what a change of it states, field by
field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from components import formats
from components.language import CHINESE, _, language, words
from components.tables import Colour
from models.queries.changes import ChangeLine
from models.queries.standards import StandardRow
from models.rules.changes import ChangeKind, ChangeState, Content
from models.rules.entitlement import Payee, Purpose, Standard, StandardKind
from models.rules.roles import ROLE_NAMES, Role
from models.rules.settings import SETTING_OF
from models.rules.standards import standard_words
from models.rules.targets.slides import Named
from models.rules.wording import say

# fmt: off
FIELDS = {
    "value":                   say("取值"),
    "price_floor_fen":         say("价格下限（元）"),
    "price_ceiling_fen":       say("价格上限（元）"),
    "standard_working_days":   say("服务标准（工作日）"),
    "name_zh":                 say("中文名称"),
    "name_en":                 say("英文名称"),
    "remedy_zh":               say("中文处理办法"),
    "remedy_en":               say("英文处理办法"),
    "shows_zh":                say("须证明"),
    "shows_en":                say("须证明（英文）"),
    "evidence_zh":             say("证明材料"),
    "evidence_en":             say("证明材料（英文）"),
    "is_required":             say("是否必备"),
    "is_in_force":             say("是否施行"),
    "is_working":              say("当日"),
    "note":                    say("说明"),
    "gives":                   say("计算方式"),
    "payee":                   say("收款方"),
    "agency_year_cap_fen":     say("机构年度上限（元）"),
    "enterprise_year_cap_fen": say("企业年度上限（元）"),
    "budget":                  say("预算科目"),
    "source":                  say("文件和条款"),
    "valid":                   say("有效期"),
    "title":                   say("标题"),
    "service_code":            say("服务"),
    "result_kind_code":        say("成果类型"),
    "purpose":                 say("用途"),
    "kind":                    say("方式"),
    "amount":                  say("定额（元）"),
    "ceiling":                 say("最高（元）"),
    "percent":                 say("比例（%）"),
    "unit":                    say("计量单位"),
    "annual_cap":              say("每年最高（元）"),
    "agency_year_cap":         say("机构年度上限（元）"),
    "enterprise_year_cap":     say("企业年度上限（元）"),
    "budget_code":             say("预算科目"),
    "document":                say("文件|依据的文件"),
    "clause":                  say("条款"),
    "title_zh":                say("中文标题"),
    "title_en":                say("英文标题"),
    "valid_from":              say("生效日期"),
    "valid_to":                say("失效日期"),
    "reason":                  say("调整理由"),
}
STATE_COLOURS: dict[ChangeState, Colour] = {
    ChangeState.drafted:     "orange",
    ChangeState.confirmed:   "green",
    ChangeState.turned_down: "red",
    ChangeState.withdrawn:   "gray",
}
# fmt: on
"""What the fields of a change are called, and the colours of its states."""


def name(of: Named) -> str:
    """A name in the visitor's language."""
    return of.zh if language() == CHINESE or not of.en else of.en


def setting_value(key: str, value: Any) -> str:
    """A setting's value as a person says it."""
    match value:
        case bool():
            return _("是") if value else _("否")
        case None | "" | () | []:
            return _("未填")
        case tuple() | list():
            return _("、").join(str(one) for one in value)
        case str() if SETTING_OF[key].choices:
            return words(ROLE_NAMES[Role(value)])
        case int():
            return formats.count(value)
    return str(value)


def subject_name(line: ChangeLine, names: Mapping[str, str]) -> str:
    """What a change is about, by name.

    Args:
        line: the change.
        names: services and reasons by code.
    """
    match line.kind:
        case ChangeKind.policy_rule:
            key, _colon, version = line.subject.rpartition(":")
            title = line.content["title_zh" if language() == CHINESE else "title_en"]
            return _("{title} 第 {version} 版").format(title=title or key, version=version)
        case ChangeKind.setting:
            return words(SETTING_OF[line.subject].name)
    return names.get(line.subject, line.subject)


def item_name(kind: ChangeKind, subject: str, names: Mapping[str, str]) -> str:
    """What a setting, a service, a reason or a day is called."""
    if kind is ChangeKind.setting:
        return words(SETTING_OF[subject].name)
    return names.get(subject, subject)


def content_words(kind: ChangeKind, subject: str, content: Content) -> dict[str, str]:
    """What a change states: field → words.

    Args:
        kind: what is changed.
        subject: which.
        content: as the change keeps it.
    """
    if kind is ChangeKind.policy_rule:
        return _standard(content)
    return {name: _field(subject, name, content[name]) for name in FIELDS if name in content}


def in_short(line: ChangeLine) -> str:
    """What a change states, in a line."""
    said = content_words(line.kind, line.subject, line.content)
    match line.kind:
        case ChangeKind.policy_rule:
            return said["gives"]
        case ChangeKind.setting:
            return said["value"]
        case ChangeKind.service_terms:
            band = f"{said['price_floor_fen']} – {said['price_ceiling_fen']}"
            days = said["standard_working_days"]
            return _("{band} 元，{days} 个工作日").format(band=band, days=days)
        case ChangeKind.reason_text | ChangeKind.admission_criterion:
            return said["name_zh" if language() == CHINESE else "name_en"]
    return said["is_working"]


def version_words(row: StandardRow) -> dict[str, str]:
    """What a version in force states, as `content_words` says it of a draft."""
    return _standard(
        {
            "payee": row.payee.value, "document": row.standard.document,
            "clause": row.standard.clause, "kind": row.standard.kind.value,
            "purpose": row.purpose.value, "parameters": row.standard.parameters,
            "agency_year_cap_fen": row.agency_year_cap_fen,
            "enterprise_year_cap_fen": row.enterprise_year_cap_fen, "budget": row.budget_code,
            "valid_from": row.valid_from.isoformat(),
            "valid_to": row.ends_on.isoformat() if row.ends_on else None,
            "title_zh": row.title.zh, "title_en": row.title.en,
        }
    )  # fmt: skip


def gives(standard: Standard) -> str:
    """What a standard gives, in a sentence."""
    return words(standard_words(standard))


def valid(first_and_last: tuple[date, date | None]) -> str:
    """A period of validity."""
    first, last = first_and_last
    return formats.days(first, last)


def _standard(content: Content) -> dict[str, str]:
    standard = Standard(
        "?", 1, content["document"], content["clause"], StandardKind(content["kind"]),
        Purpose(content["purpose"]), **content["parameters"],
    )  # fmt: skip
    ends = content["valid_to"]
    period = date.fromisoformat(content["valid_from"]), date.fromisoformat(ends) if ends else None
    title = content["title_zh"] if language() == CHINESE else content["title_en"]
    return {
        "title": title or content["title_zh"] or formats.NOTHING,
        "gives": gives(standard),
        "payee": formats.label(Payee(content["payee"])),
        "agency_year_cap_fen": formats.yuan_in_list(content["agency_year_cap_fen"]),
        "enterprise_year_cap_fen": formats.yuan_in_list(content["enterprise_year_cap_fen"]),
        "budget": content["budget"] or formats.NOTHING,
        "source": f"{content['document']} {content['clause']}".strip() or formats.NOTHING,
        "valid": valid(period),
    }


def _field(subject: str, name: str, value: Any) -> str:
    if name == "value":
        return setting_value(subject, value)
    if name == "is_working":
        return day_words(value)
    if name in ("is_required", "is_in_force"):
        return _("是") if value else _("否")
    if name.endswith("_fen"):
        return _("不限") if value is None else formats.yuan_in_list(value)
    return formats.NOTHING if value in (None, "") else str(value)


def day_words(is_working: bool | None) -> str:
    """Whether a day is a working day."""
    if is_working is None:
        return _("按国务院安排")
    return _("上班") if is_working else _("休息")


def fault_lines(faults: Iterable[Any]) -> str:
    """All faults of a form, one a line, each with its field's name."""
    return "\n".join(
        f"- **{words(FIELDS[fault.field])}** {formats.plain(words(fault.words))}"
        for fault in faults
    )
