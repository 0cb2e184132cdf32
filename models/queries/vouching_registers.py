"""What the chain vouches for in the registers (名录): members, agencies, agreements, confirmations,
standards, budget lines, settings, roles, ties, accounts, reports on work items, figures entered,
objections.

The record holds what an action wrote, so a row is compared with the last value its links state of
each field, personal ones by their seal. What came in bulk by import stands in the record as one
digest of the whole sheet; until somebody edits such a row here, the record cannot vouch for it, and
it is counted and named on screen (`Unrecorded`). A file may also bring new contacts, of which the
record says only how many: then it vouches for no contact in that register until the next edit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from models.queries import vouching_policy
from models.queries.actuals import actual_recorded
from models.queries.objections import objection_rows
from models.queries.rating_schemes import scheme_rows
from models.queries.sealing import recorded, sealed
from models.queries.vouching_admissions import application_rows, criterion_rows
from models.queries.vouching_agreements import milestone_rows, need_rows, request_rows
from models.rules.admission import LIFE as ADMISSION_LIFE
from models.rules.agreement_life import LifeAction
from models.rules.objections import OBJECTION_STEPS
from models.rules.wording import Wording, say
from models.tables.agreements import Agreement, Confirmation, Result
from models.tables.confirmations import ConfirmationRequest
from models.tables.letters import LetterTemplate
from models.tables.meetings import ActualEntry, TaskPaper, TaskReport
from models.tables.money import BudgetLine
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.people import Account, Grant, Tie
from models.tables.record import Activity
from models.tables.targets import Actual

Values: TypeAlias = dict[str, Any]
Rows: TypeAlias = Iterator[tuple[str, Values]]

IMPORTED = "import_workbook"
CONTACTS = ("contact_name", "contact_phone")
"""The fields a file may change of a member or agency that is already there."""


@dataclass(frozen=True, slots=True)
class Register:
    """One register the record speaks of.

    Attributes:
        name: what it is called.
        verbs: what is done to its rows, as the record names it.
        ends: what takes a row away again.
        is_whole: every row came by one of the verbs, so that one without its link is forged.
        sheet: the sheet whose import may change the contacts of its rows, where there is one.
        key: names a row from a link: its subject's number and what it wrote.
        rows: every row there is, by the same key, as the record would keep its values.
    """

    name: Wording
    verbs: tuple[str, ...]
    key: Callable[[str, Mapping[str, Any]], str]
    rows: Callable[[Session], Rows]
    ends: tuple[str, ...] = ()
    sheet: str = ""
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """Rows of a register of which the record holds no value yet: it cannot vouch for them."""

    name: Wording
    rows: int


def vouched_registers(session: Session) -> tuple[tuple[Unrecorded, ...], Wording | None]:
    """Every register row against what the record last said of it.

    Returns:
        How many rows of each register the record holds nothing of, and the first that differs.
    """
    unrecorded: list[Unrecorded] = []
    for register in REGISTERS:
        known, silent = _known(session, register), 0
        for key, values in register.rows(session):
            said = known.pop(key, None)
            if said is None and register.is_whole:
                return tuple(unrecorded), say(
                    "{register}“{key}”没有操作记录，可能被直接写入", register=register.name, key=key
                )
            if said is None:
                silent += 1
            elif field := _differing(said, values):
                return tuple(unrecorded), _altered(register, key, field)
        for key in known:
            return tuple(unrecorded), say(
                "{register}“{key}”不见了，可能被直接删除", register=register.name, key=key
            )
        if silent:
            unrecorded.append(Unrecorded(register.name, silent))
    return tuple(unrecorded), None


def _known(session: Session, register: Register) -> dict[str, Values]:
    """The last value the links state of each field, row by row."""
    known: dict[str, Values] = defaultdict(dict)
    columns = select(Activity.verb, Activity.subject, Activity.before, Activity.after)
    verbs = (*register.verbs, *register.ends, *((IMPORTED,) if register.sheet else ()))
    links = columns.where(col(Activity.verb).in_(verbs)).order_by(col(Activity.seq))
    for verb, subject, before, after in session.execute(links):
        if verb == IMPORTED:
            if _brought_contacts(after, register.sheet):
                for said in known.values():
                    for field in CONTACTS:
                        said.pop(field, None)
            continue
        key = register.key(subject.partition(":")[2], after or before or {})
        if verb in register.ends:
            known.pop(key, None)
        else:
            known[key] |= after or {}
    return known


def _brought_contacts(after: Values | None, sheet: str) -> bool:
    return bool((after or {}).get("sheets", {}).get(sheet, {}).get("contact_updated"))


def _differing(said: Values, values: Values) -> str:
    """The first field that is not what the record last said; empty where all agree."""
    return next((field for field in said if field in values and said[field] != values[field]), "")


def _altered(register: Register, key: str, field: str) -> Wording:
    named = FIELDS.get(field, say("登记内容"))
    return say(
        "{register}“{key}”的{field}与操作记录不符，可能被直接改动",
        register=register.name, key=key, field=named,
    )  # fmt: skip


# fmt: off
FIELDS: dict[str, Wording] = {
    "payee_name":          say("收款户名"),
    "payee_account":       say("收款账号"),
    "ceiling_fen":         say("额度"),
    "fee_fen":             say("服务费"),
    "filing":              say("备案状态"),
    "filing_number":       say("备案号"),
    "filing_confirmed_on": say("备案确认日期"),
    "admission":           say("资格"),
    "scopes":              say("服务范围"),
    "role":                say("角色"),
    "from":                say("起"),
    "to":                  say("止"),
    "parameters":          say("参数"),
    "paid_before_fen":     say("企业确认的预付金额"),
    "paid_after_fen":      say("企业确认的事后付费"),
    "answered":            say("答复状态"),
    "expires_on":          say("有效期"),
    "issued_by":           say("发出人编号"),
    "token_hash":          say("链接摘要"),
    "withdrawn":           say("作废状态"),
    "value":               say("取值"),
    "price_floor_fen":     say("最低参考价"),
    "price_ceiling_fen":   say("最高参考价"),
    "standard_working_days": say("服务标准（工作日）"),
    "is_working":          say("是否工作日"),
    "application_state":   say("申请状态"),
    "services":            say("申请的服务"),
    "admitted_services":   say("准入的服务"),
    "applied_on":          say("提交日期"),
    "decided_on":          say("决定日期"),
    "is_required":         say("是否必备"),
    "is_in_force":         say("是否施行"),
    "locked":              say("停用"),
    "email":               say("邮箱"),
    "task_state":          say("任务状态"),
    "stands_on":           say("截至日期"),
    "said":                say("进展说明"),
    "reported_by":         say("填报人编号"),
    "papers":              say("材料"),
    "files":               say("文件摘要"),
    "file":                say("文件"),
    "sha256":              say("文件摘要"),
    "entry_state":         say("填报状态"),
    "as_of":               say("截至日期"),
    "grade":               say("可信度"),
    "decided_by":          say("确认人"),
    "entered_by":          say("填报人"),
    "replaces":            say("替代编号"),
    "claim":               say("申请号"),
    "objector":            say("异议人"),
    "form":                say("署名方式"),
    "received_on":         say("收到日期"),
    "objected":            say("异议内容"),
    "objection_state":     say("异议状态"),
    "recorded_by":         say("记录人编号"),
    "answered_by":         say("答复人编号"),
    "answer":              say("答复"),
    "scheme":              say("考评方案参数"),
    "scheme_state":        say("考评方案状态"),
    "answered_after_event": say("答复时的办理记录序号"),
}
# fmt: on
"""What a field is called where a difference is told."""


# ---------------------------------------------------------------- rows, as the record keeps them


def _subject(number: str, _: Mapping[str, Any]) -> str:
    return number


def _of(*fields: str) -> Callable[[str, Mapping[str, Any]], str]:
    """A key made of what was written: several rows share one subject."""

    def key(number: str, written: Mapping[str, Any]) -> str:
        return ":".join([number, *(str(written.get(field)) for field in fields)])

    return key


def _columns(row: SQLModel) -> Values:
    return recorded(
        {
            name: value
            for name, value in row.model_dump().items()
            if not name.endswith("_at_utc") and name not in ("id", "version")
        }
    )


def _all(session: Session, table: Any, *order: Any) -> Iterator[Any]:
    statement = select(table).order_by(*order).execution_options(yield_per=1_000)
    yield from session.execute(statement).scalars()


def _enterprises(session: Session) -> Rows:
    for row in _all(session, Enterprise, col(Enterprise.id)):
        yield row.uscc, _columns(row)


def _agencies(session: Session) -> Rows:
    scopes: dict[int, list[str]] = defaultdict(list)
    for scope in _all(session, AgencyScope, col(AgencyScope.service_code)):
        scopes[scope.agency_id].append(scope.service_code)
    for row in _all(session, Agency, col(Agency.id)):
        yield row.uscc, _columns(row) | {"scopes": scopes[row.id]}


def _agreements(session: Session) -> Rows:
    for row in _all(session, Agreement, col(Agreement.id)):
        yield row.number, _columns(row)


def _confirmations(session: Session) -> Rows:
    statement = (
        select(Agreement.number, Result.normalised, Confirmation)
        .join(Agreement, col(Agreement.id) == Confirmation.agreement_id)
        .join(Result, col(Result.id) == Confirmation.result_id)
        .order_by(col(Confirmation.id))
    )
    for number, normalised, row in session.execute(statement):
        yield f"{number}:{normalised}", _columns(row)


def _confirmation_requests(session: Session) -> Rows:
    statement = (
        select(Agreement.number, Result.normalised, ConfirmationRequest)
        .join(Agreement, col(Agreement.id) == ConfirmationRequest.agreement_id)
        .join(Result, col(Result.id) == ConfirmationRequest.result_id)
        .order_by(col(ConfirmationRequest.id))
    )
    for number, normalised, row in session.execute(statement):
        yield f"{number}:{normalised}:{row.id}", _columns(row) | {
            "issued_by": row.issued_by_id, "answered": int(row.used_at_utc is not None),
            "withdrawn": int(row.withdrawn_at_utc is not None),
        }  # fmt: skip


def _budget_lines(session: Session) -> Rows:
    for row in _all(session, BudgetLine, col(BudgetLine.id)):
        if row.confirmed_at_utc is not None:
            values = _columns(row) | {"drafted_by": row.drafted_by_id}
            yield f"{row.year}:{row.code}", values


def _grants(session: Session) -> Rows:
    statement = (
        select(Account.username, Grant)
        .join(Account, col(Account.id) == Grant.account_id)
        .order_by(col(Grant.id))
    )
    for username, row in session.execute(statement):
        yield f"{username}:{row.id}", {
            "role": row.role.value, "from": _day(row.valid_from), "to": _day(row.valid_to),
            "ended": int(row.ended_at_utc is not None), "covers": row.covers_account_id,
            "reason": row.reason,
        }  # fmt: skip


def _ties(session: Session) -> Rows:
    statement = (
        select(Account.username, Tie)
        .join(Account, col(Account.id) == Tie.account_id)
        .order_by(col(Tie.id))
    )
    for username, row in session.execute(statement):
        yield f"{username}:{row.id}", {
            "agency": row.agency_id, "enterprise": row.enterprise_id, "kind": row.kind,
            "from": _day(row.from_on), "to": _day(row.to_on),
        }  # fmt: skip


def _accounts(session: Session) -> Rows:
    for row in _all(session, Account, col(Account.id)):
        yield row.username, {
            "locked": int(row.is_locked), "agency": row.agency_id, "enterprise": row.enterprise_id,
            "name": row.display_name, "email": sealed(row.email),
        }  # fmt: skip


def _task_reports(session: Session) -> Rows:
    papers: dict[int, list[TaskPaper]] = defaultdict(list)
    for paper in _all(session, TaskPaper, col(TaskPaper.id)):
        papers[paper.report_id].append(paper)
    for row in _all(session, TaskReport, col(TaskReport.id)):
        kept = papers.pop(row.id, [])
        yield f"{row.task_code}:{row.id}", {
            "task_state": row.state.value, "stands_on": _day(row.stands_on), "said": row.said,
            "reported_by": row.reported_by_id, "papers": [paper.file_name for paper in kept],
            "files": [paper.sha256 for paper in kept],
        }  # fmt: skip


def _templates(session: Session) -> Rows:
    for row in _all(session, LetterTemplate, col(LetterTemplate.id)):
        yield f"{row.kind.value}:{row.version}", {
            "template": row.version, "file": row.file_name, "sha256": row.sha256,
            "added_by": row.added_by_id,
        }  # fmt: skip


def _figures(session: Session) -> Rows:
    """What was entered here; what came with the plans is compared nowhere, as other lists are."""
    statement = (
        select(Actual, ActualEntry)
        .join(ActualEntry, col(ActualEntry.actual_id) == Actual.id)
        .order_by(col(Actual.id))
    )
    for actual, entry in session.execute(statement):
        yield actual.id, actual_recorded(actual, entry)


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None


# fmt: off
REGISTERS: tuple[Register, ...] = (
    Register(say("企业会员"), ("add_enterprise", "edit_enterprise"), _subject, _enterprises, sheet="enterprises"),
    Register(say("服务机构"), ("add_agency", "edit_agency", "suspend_agency", "lift_suspension", "remove_agency", "set_agency_scopes",
                              "readmit_agency"),
             _subject, _agencies, sheet="agencies"),
    Register(say("合作对子"), tuple(action.value for action in LifeAction), _subject, _agreements),
    Register(say("进度节点"), ("add_milestone", "finish_milestone"), _of("milestone"), milestone_rows, is_whole=True),
    Register(say("对接需求"), ("state_need", "withdraw_need", "accept_request"), _subject, need_rows, is_whole=True),
    Register(say("询问机构"), ("ask_agency_for_need", "take_back_request", "accept_request", "decline_request"),
             _of("request"), request_rows, is_whole=True),
    Register(say("企业确认"), ("confirm_service", "request_confirmation", "answer_request", "deem_confirmed"), _subject, _confirmations),
    Register(say("确认请求"), ("request_confirmation", "answer_request", "withdraw_request", "remind_enterprise"), _of("request"),
             _confirmation_requests, is_whole=True),
    Register(say("入会申请"), tuple(step.action.value for step in ADMISSION_LIFE if not step.of_agency), _subject, application_rows, is_whole=True),
    Register(say("入会条件"), ("confirm_admission_criterion",), _of("valid_from"), criterion_rows, is_whole=True),
    Register(say("补贴标准"), ("confirm_policy_rule",), _subject, vouching_policy.policy_rules),
    Register(say("预算额度"), ("confirm_budget_line", "confirm_budget_move"), _subject, _budget_lines),
    Register(say("设定"),     ("confirm_setting",), _of("valid_from"), vouching_policy.settings),
    Register(say("价格区间和服务标准"), ("confirm_service_terms",), _of("valid_from"), vouching_policy.service_terms, is_whole=True),
    Register(say("理由用语"), ("confirm_reason_text",), _of("valid_from"), vouching_policy.reason_texts, is_whole=True),
    Register(say("工作日历"), ("confirm_calendar_day",), _subject, vouching_policy.calendar_days, ends=("clear_calendar_day",)),
    Register(say("角色授予"), ("grant_role", "end_grant"), _of("grant"), _grants),
    Register(say("回避关系"), ("declare_tie", "end_tie"), _of("tie"), _ties),
    Register(say("账号"),     ("add_account", "lock_account", "unlock_account", "set_email"), _subject, _accounts),
    Register(say("任务进展"), ("report_task",), _of("report"), _task_reports, is_whole=True),
    Register(say("实绩"),     ("enter_actual", "confirm_actual", "turn_down_actual", "withdraw_actual"), _subject, _figures, is_whole=True),
    Register(say("公示异议"), tuple(step.verb for step in OBJECTION_STEPS), _subject, objection_rows, is_whole=True),
    Register(say("考评方案"), ("draft_rating_scheme", "confirm_rating_scheme", "turn_down_rating_scheme", "withdraw_rating_scheme"),
             _subject, scheme_rows, is_whole=True),
    Register(say("函件模板"), ("replace_template",), _of("template"), _templates, is_whole=True),
)
# fmt: on
