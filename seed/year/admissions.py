"""Applications for admission of the year (入会申请): one refused and granted later, one granted in part, one
returned, one that waits for its decision, two that wait to be examined. All invented (演示数据)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlmodel import col

from models.actions.admission_review import (
    Verdicts,
    admit_agency,
    examine_criteria,
    pass_to_decision,
    refuse_admission,
    return_application,
)
from models.actions.admissions import (
    answer_criterion,
    apply_again,
    apply_for_admission,
    enter_application,
)
from models.clock import today
from models.queries.admission_criteria import criteria_on
from models.queries.admission_entry import blank_application
from models.rules.admission_terms import AdmissionReason, ApplicationEntry, CriterionVerdict
from models.tables.admissions import Application
from seed.year.cast import AGENCIES, MEMBERS
from seed.year.names import bank_account, brands, credit_code
from seed.year.papers import paper
from seed.year.stage import Stage
from seed.year.timeline import at

SEED = 20180522
FIRST_SERIAL = 9_001
"""Codes that no agency and no member of the year has."""
_MET, _UNKNOWN = CriterionVerdict.met, CriterionVerdict.unknown
_RECORD, _PLEDGE, _ACCOUNT = "A06", "A07", "A08"
_LATER = ("A04", "A05")  # criteria an applicant may leave out


@dataclass(frozen=True, slots=True)
class Applicant:
    """An organisation that applies and is no agency yet."""

    number: int
    word: str
    services: tuple[str, ...]


LATE, GAPPY, NEW = (
    Applicant(1, "知识产权代理有限公司", ("software_copyright", "utility_model")),
    Applicant(2, "创新咨询有限公司", ("hnte_first", "project_local", "project_national")),
    Applicant(3, "技术转移有限公司", ("tech_transfer", "novelty_search")),
)


def admissions(stage: Stage) -> Iterator[datetime]:
    """What is applied for, examined and decided during the year."""
    line = stage.timeline
    number = _entered(stage, LATE, without=_PLEDGE)
    yield at(line.forward(today(), 3), 10 * 60 + 15)
    note = "演示：尚在失信修复期，承诺书未盖章。"
    _examined(stage, number, "reviewer", {_RECORD: note})
    yield at(line.forward(today(), 2), 15 * 60 + 5)
    _refused(stage, number, "演示：信用修复完成、补齐承诺书后可再次申请。")
    yield at(line.back(line.until, 60), 9 * 60 + 50)
    _again(stage, number)
    yield at(line.forward(today(), 4), 14 * 60 + 20)
    _examined(stage, number, "reviewer3")
    yield at(line.forward(today(), 3), 11 * 60 + 10)
    _admitted(stage, number)
    yield at(line.back(line.until, 16), 9 * 60 + 25)
    extended = _own(stage, "agency05", ("software_copyright", "project_local"))
    yield at(line.forward(today(), 2), 10 * 60 + 40)
    _examined(stage, extended, "reviewer2")
    yield at(line.forward(today(), 2), 16 * 60)
    _admitted(stage, extended, ("software_copyright",), "演示：项目申报尚无业绩，暂不增加。")
    yield at(line.back(line.until, 8), 9 * 60 + 5)
    gappy = _entered(stage, GAPPY)
    own = _own(stage, "agency11", ("ip_standard",))
    yield at(line.back(line.until, 6), 10 * 60 + 30)
    _returned(stage, gappy)
    _examined(stage, own, "reviewer3")
    yield at(line.back(line.until, 3), 9 * 60 + 20)
    _entered(stage, NEW)
    yield at(line.last_working_day, 11 * 60 + 35)
    _own(stage, stage.cast.removed.username, stage.cast.removed.services[:3])


def admissions_time(stage: Stage) -> datetime:
    """When the first application comes: half a year before the end."""
    return at(stage.timeline.back(stage.timeline.until, 120), 9 * 60 + 40)


# ---------------------------------------------------------------- the applicant's side


def _entered(stage: Stage, who: Applicant, without: str = "") -> str:
    """An application the alliance's intake enters on behalf of an organisation, and hands in."""
    spare = brands(Random(SEED))[AGENCIES + MEMBERS :]
    name = f"大连{spare[who.number]}{who.word}"
    entry = ApplicationEntry(
        uscc=credit_code(FIRST_SERIAL + who.number),
        name=name,
        registered_on=today() - timedelta(days=420 + 100 * who.number),
        services=who.services,
        staff_count=6 + 3 * who.number,
        contact_name=f"机构联系人 9{who.number}",
        contact_phone=f"0411-10009{who.number:03d}",
        payee_name=name,
        payee_bank="示例银行大连高新区支行",
        payee_account=bank_account(FIRST_SERIAL + who.number),
    )
    number = enter_application(stage.session, stage.actor("intake"), entry)
    _hand_in(stage, number, "intake", name, thin=without)
    return number


def _own(stage: Stage, username: str, services: tuple[str, ...]) -> str:
    """An application of an agency for itself."""
    actor = stage.actor(username)
    blank = blank_application(stage.session, actor)
    entry = ApplicationEntry(
        blank.entry.uscc, blank.entry.name, blank.entry.registered_on,
        tuple(code for code in services if code in blank.offered), blank.entry.staff_count,
        blank.entry.contact_name, blank.entry.contact_phone, blank.entry.payee_name,
        blank.entry.payee_bank, blank.entry.payee_account,
    )  # fmt: skip
    number = enter_application(stage.session, actor, entry)
    _hand_in(stage, number, username, blank.entry.name)
    return number


def _hand_in(stage: Stage, number: str, username: str, name: str, thin: str = "") -> None:
    """Every required criterion answered with its paper; of one the paper says little."""
    actor = stage.actor(username)
    for criterion in criteria_on(stage.session, today()):
        if criterion.code in _LATER:
            continue
        said = "演示：见附件。" if criterion.code == thin else f"演示：{criterion.shows_zh[:40]}。"
        sheet = paper(criterion.evidence_zh[:20], (f"单位：{name}", f"条件：{criterion.name_zh}"))
        answer_criterion(
            stage.session, actor, number, criterion.code, said,
            ((f"{criterion.code}-{criterion.evidence_zh[:12]}.pdf", sheet),),
            _version(stage, number),
        )  # fmt: skip
    apply_for_admission(stage.session, actor, number, _version(stage, number))


def _again(stage: Stage, number: str) -> None:
    """What was refused is put right and handed in again."""
    actor = stage.actor("intake")
    apply_again(stage.session, actor, number, _version(stage, number))
    sheet = paper("信用报告", ("信用修复完成", f"日期：{today()}"))
    answer_criterion(
        stage.session, actor, number, _RECORD, "演示：信用修复已完成，报告见附件。",
        (("A06-信用报告（新）.pdf", sheet),), _version(stage, number),
    )  # fmt: skip
    apply_for_admission(stage.session, actor, number, _version(stage, number))


# ---------------------------------------------------------------- the alliance's side


def _examined(
    stage: Stage, number: str, username: str, unmet: dict[str, str] | None = None
) -> None:
    """Every criterion with its verdict, passed on to the lead."""
    actor = stage.actor(username)
    verdicts = _verdicts(stage, number, unmet or {})
    examine_criteria(stage.session, actor, number, verdicts, _version(stage, number))
    opinion = "建议不予准入。" if unmet else "材料齐全，建议准入。"
    pass_to_decision(stage.session, actor, number, f"演示：{opinion}", _version(stage, number))


def _returned(stage: Stage, number: str) -> None:
    actor = stage.actor("reviewer")
    unmet = {"A02": "演示：花名册未列执业资格。", _ACCOUNT: "演示：户名与机构名称不一致。"}
    verdicts = _verdicts(stage, number, unmet)
    examine_criteria(stage.session, actor, number, verdicts, _version(stage, number))
    reasons = (AdmissionReason.staff_unfit, AdmissionReason.facts_differ)
    note = "演示：请一次补齐后重新提交。"
    return_application(stage.session, actor, number, reasons, note, _version(stage, number))


def _refused(stage: Stage, number: str, note: str) -> None:
    reasons = (AdmissionReason.bad_record, AdmissionReason.pledge_missing)
    refuse_admission(
        stage.session, stage.actor("lead"), number, reasons, note, _version(stage, number)
    )


def _admitted(
    stage: Stage, number: str, services: tuple[str, ...] = (), note: str = "演示：同意准入。"
) -> None:
    granted = services or tuple(_application(stage, number).services)
    version = _version(stage, number)
    admit_agency(stage.session, stage.actor("lead"), number, granted, note, version)


def _verdicts(stage: Stage, number: str, unmet: dict[str, str]) -> Verdicts:
    on: date = _application(stage, number).applied_on or today()
    said = unmet | dict.fromkeys(_LATER, "演示：未提供，不影响准入。")
    found: dict[str, tuple[CriterionVerdict, str]] = {}
    for one in criteria_on(stage.session, on):
        verdict = _UNKNOWN if one.code in _LATER else CriterionVerdict.not_met
        found[one.code] = (verdict, said[one.code]) if one.code in said else (_MET, "")
    return found


def _version(stage: Stage, number: str) -> int:
    return _application(stage, number).version


def _application(stage: Stage, number: str) -> Application:
    found = select(Application).where(col(Application.number) == number)
    application: Application = stage.session.execute(found).scalar_one()
    return application
