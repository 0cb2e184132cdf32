"""How money, dates, shares and names are shown: one form each, one time zone (Asia/Shanghai).

Lists and facts say `—` where nothing is known. Text that people typed goes through `plain` before
it stands in Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from components.language import CHINESE, _, language, words
from models.clock import OFFICE_ZONE
from models.queries.standards import VersionState
from models.rules import money as amounts
from models.rules.admission import (
    ADMISSION_KINDS,
    ADMISSION_STATES,
    AdmissionKind,
    AdmissionState,
)
from models.rules.admission_terms import (
    CRITERION_VERDICTS,
    GROUNDS,
    REASONS,
    AdmissionReason,
    CriterionVerdict,
    Ground,
)
from models.rules.agreement_life import (
    AGREEMENT_STATES,
    ATTRIBUTIONS,
    CONTESTS,
    COST_BEARERS,
    OUTCOMES,
    AgreementState,
    Attribution,
    Contest,
    CostBearer,
    Outcome,
)
from models.rules.changes import CHANGE_NAMES, CHANGE_STATE_NAMES, ChangeKind, ChangeState
from models.rules.claim_workflow import STATE_NAMES, State
from models.rules.complaints import (
    COMPLAINT_KINDS,
    COMPLAINT_SOURCES,
    COMPLAINT_STATES,
    ComplaintKind,
    ComplaintSource,
    ComplaintState,
)
from models.rules.entitlement import Payee, Purpose, StandardKind
from models.rules.letters import LETTERS, LetterKind
from models.rules.mails import CHOICE_NAMES, MailChoice
from models.rules.months import YearMonth
from models.rules.objections import FORM_NAMES, ObjectionForm, ObjectionState
from models.rules.objections import STATE_NAMES as STATE_NAMES_OF_OBJECTIONS
from models.rules.pairing import NEED_STATES, REQUEST_STATES, NeedState, RequestState
from models.rules.payments import ENTRY_NAMES, EntryKind
from models.rules.payments import STANDING_NAMES as STANDING_NAMES_OF_PAYMENTS
from models.rules.payments import Standing as PaymentStanding
from models.rules.rating.consequences import (
    CONSEQUENCE_NAMES,
    CONSEQUENCE_STATES,
    Consequence,
    ConsequenceState,
)
from models.rules.rating.period_life import (
    PERIOD_STATES,
    REPLY_STAGES,
    REPLY_STATES,
    PeriodState,
    ReplyStage,
    ReplyState,
)
from models.rules.rating.signals import COMPONENT_NAMES, GATE_NAMES, Component, Gate
from models.rules.reconciling import VERDICT_NAMES, Verdict
from models.rules.roles import OFFICE_NAMES, ROLE_NAMES, Office, Role
from models.rules.standards import KIND_NAMES as KIND_NAMES_OF_STANDARDS
from models.rules.standards import PAYEE_NAMES, PURPOSE_NAMES
from models.rules.targets import ActualKind, Grade
from models.rules.targets.entries import FigureState
from models.rules.targets.facts import GRADE_NAMES, KIND_NAMES
from models.rules.targets.saying import figure
from models.rules.tasks import STANDING_NAMES as STANDING_NAMES_OF_TASKS
from models.rules.tasks import STATE_NAMES as STATE_NAMES_OF_TASKS
from models.rules.tasks import TaskStanding, TaskState
from models.rules.trainings import SEAT_STATES, TRAINING_STATES, SeatState, TrainingState
from models.rules.wording import Wording, say
from models.tables.agreements import ConfirmationBasis, Filing
from models.tables.meetings import EntryState
from models.tables.money import Standing
from models.tables.organisations import Admission, GrowthStage, HnteStatus
from models.tables.payments import DraftState
from models.tables.reference import Track

NOTHING = "—"

# fmt: off
LABELS: dict[type[StrEnum], Mapping[Any, Wording]] = {
    State: STATE_NAMES,
    Role: ROLE_NAMES,
    Office: OFFICE_NAMES,
    GrowthStage: {
        GrowthStage.startup:     say("初创"),
        GrowthStage.growing:     say("成长"),
        GrowthStage.above_scale: say("规上"),
        GrowthStage.listed:      say("上市"),
    },
    HnteStatus: {
        HnteStatus.none:         say("无"),
        HnteStatus.cultivating:  say("拟认定"),
        HnteStatus.recognised:   say("已认定"),
        HnteStatus.lapsed:       say("已失效"),
    },
    Admission: {
        Admission.applied:       say("申请中"),
        Admission.admitted:      say("已准入"),
        Admission.removed:       say("已退出"),
    },
    Filing: {
        Filing.draft:            say("未备案"),
        Filing.filed:            say("备案待确认"),
        Filing.confirmed:        say("已备案"),
        Filing.returned:         say("备案退回"),
    },
    Purpose: PURPOSE_NAMES,
    Payee: PAYEE_NAMES,
    StandardKind: KIND_NAMES_OF_STANDARDS,
    Standing: {
        Standing.in_force:       say("现行"),
        Standing.reference:      say("参考"),
        Standing.example:        say("示例"),
    },
    VersionState: {
        VersionState.counting:   say("有效|一个版本"),
        VersionState.future:     say("将生效"),
        VersionState.ended:      say("已失效|一个版本"),
    },
    ChangeKind: CHANGE_NAMES,
    ChangeState: CHANGE_STATE_NAMES,
    Track: {
        Track.subsidised:        say("政府补贴"),
        Track.market_rule:       say("市场化规则"),
        Track.free:              say("免费"),
    },
    AgreementState: AGREEMENT_STATES,
    AdmissionState: ADMISSION_STATES,
    AdmissionKind: ADMISSION_KINDS,
    CriterionVerdict: CRITERION_VERDICTS,
    Ground: GROUNDS,
    AdmissionReason: {reason: words_ for reason, (words_, _remedy) in REASONS.items()},
    Outcome: OUTCOMES,
    Attribution: ATTRIBUTIONS,
    Contest: CONTESTS,
    CostBearer: COST_BEARERS,
    NeedState: NEED_STATES,
    RequestState: REQUEST_STATES,
    ComplaintState: COMPLAINT_STATES,
    ComplaintKind: COMPLAINT_KINDS,
    ComplaintSource: COMPLAINT_SOURCES,
    TrainingState: TRAINING_STATES,
    SeatState: SEAT_STATES,
    TaskState: STATE_NAMES_OF_TASKS,
    ObjectionState: STATE_NAMES_OF_OBJECTIONS,
    ObjectionForm: FORM_NAMES,
    TaskStanding: STANDING_NAMES_OF_TASKS,
    ConfirmationBasis: {
        ConfirmationBasis.given:    say("企业本人确认"),
        ConfirmationBasis.imported: say("导入"),
        ConfirmationBasis.deemed:   say("逾期视为确认"),
    },
    LetterKind: {kind: form.name for kind, form in LETTERS.items()},
    MailChoice: CHOICE_NAMES,
    ActualKind: KIND_NAMES,
    Grade: GRADE_NAMES,
    FigureState: {
        FigureState.counting:    say("有效|一个数字"),
        FigureState.waiting:     say("待确认"),
        FigureState.replaced:    say("已替代"),
        FigureState.turned_down: say("未采用"),
    },
    PeriodState: PERIOD_STATES,
    ReplyStage: REPLY_STAGES,
    ReplyState: REPLY_STATES,
    Component: COMPONENT_NAMES,
    Gate: GATE_NAMES,
    Consequence: CONSEQUENCE_NAMES,
    ConsequenceState: CONSEQUENCE_STATES,
    EntryKind: ENTRY_NAMES,
    PaymentStanding: STANDING_NAMES_OF_PAYMENTS,
    Verdict: VERDICT_NAMES,
    DraftState: {
        DraftState.drafted:      say("待确认"),
        DraftState.confirmed:    say("已确认"),
        DraftState.discarded:    say("已撤回"),
    },
    EntryState: {
        EntryState.entered:      say("待确认"),
        EntryState.confirmed:    say("已确认"),
        EntryState.turned_down:  say("未采用"),
    },
}
# fmt: on
"""What stored values are called, kind by kind: two kinds may share a value, so a label needs the
member itself."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:^])")
_TURNED = re.compile(r":(?=[a-z0-9_+/-]+:)|-(?=[->])|<(?=[-=])|[>~](?==)")
"""What Streamlit turns into icons, arrows, dashes even where escaped: `:smile:`, `->`, `--`."""
_JOINED = "\N{WORD JOINER}"
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


# ---------------------------------------------------------------- money


def yuan(fen: int | None) -> str:
    """Money in a form or a record, in yuan: `50,000.00`."""
    return NOTHING if fen is None else _minus(amounts.yuan(fen))


def yuan_in_list(fen: int | None) -> str:
    """Money in a list, in yuan: `50,000`, cents only where there are some."""
    return NOTHING if fen is None else _minus(amounts.yuan_whole(fen))


def yuan_as_number(fen: int | None) -> float | None:
    """Money as the number of a right-aligned column that sorts: yuan. For the screen only, never
    stored."""
    return None if fen is None else fen / 100


# ---------------------------------------------------------------- time


def day(on: date | None, *, beside: date | None = None) -> str:
    """A date: `2026-11-20`; `11-20` beside another date of the same year."""
    if on is None:
        return NOTHING
    return f"{on:%m-%d}" if beside is not None and beside.year == on.year else on.isoformat()


def days(from_on: date | None, to_on: date | None) -> str:
    """A period: `2026-11-20 – 12-31`; open ends stay open."""
    if from_on is None and to_on is None:
        return NOTHING
    end = day(to_on, beside=from_on) if to_on else ""
    return f"{from_on.isoformat() if from_on else ''} – {end}".strip()


def month(shown: YearMonth | str) -> str:
    """A month of account: `2026 年 11 月`, `2026-11` in English."""
    at = YearMonth.parse(shown) if isinstance(shown, str) else shown
    return f"{at.year} 年 {at.month} 月" if language() == CHINESE else str(at)


def year(number: int) -> str:
    """A year: `2026 年`, `2026` in English."""
    return f"{number} 年" if language() == CHINESE else str(number)


def instant(at_utc: datetime | None, *, beside: date | None = None) -> str:
    """An instant at the office: `2026-11-20 09:12`; `09:12` beside its own day, `11-20 09:12`
    beside its year."""
    if at_utc is None:
        return NOTHING
    at = at_utc.astimezone(OFFICE_ZONE)
    if beside == at.date():
        return f"{at:%H:%M}"
    return f"{day(at.date(), beside=beside)} {at:%H:%M}"


# ---------------------------------------------------------------- figures


def count(number: int, *, is_exact: bool = True) -> str:
    """A count: `1,286`, or `10,000+` where it was not counted further."""
    return f"{_minus(f'{number:,}')}{'' if is_exact else '+'}"


def exact(value: Decimal | None) -> str:
    """A figure with all its digits: `169.7`, `1,068`."""
    return NOTHING if value is None else figure(value, 6)


def percent(part: int | None, whole: int | None, *, digits: int = 0) -> str:
    """A share: `54%`; nothing out of nothing is no share."""
    if part is None or not whole:
        return NOTHING
    return f"{100 * part / whole:.{digits}f}%"


def size(in_bytes: int) -> str:
    """A file's size: `0.8 MB`, small ones in `KB`."""
    if in_bytes < 100_000:
        return f"{max(1, round(in_bytes / 1000))} KB"
    return f"{in_bytes / 1_000_000:.1f} MB"


# ---------------------------------------------------------------- names


def label(member: StrEnum | None) -> str:
    """What a stored value is called, in the visitor's language; `—` for none."""
    return NOTHING if member is None else words(LABELS[type(member)][member])


def named(row: Any) -> str:
    """The name of a row of reference data (`name_zh`, `name_en`) in the visitor's language."""
    return str(row.name_zh if language() == CHINESE or not row.name_en else row.name_en)


def listed(names: Mapping[str, Any], codes: tuple[str, ...]) -> str:
    """Several names in a row: `发明专利代理、商标注册`; a code without a name shows itself."""
    return _("、").join(named(names[code]) if code in names else code for code in codes) or NOTHING


def plain(text: str | None) -> str:
    """Text that somebody typed, so that Markdown shows it as it is; `—` for nothing."""
    line = _TURNED.sub(rf"\g<0>{_JOINED}", " ".join((text or "").split()))
    if _DIRECTIONS.search(line):  # what it turns round ends with it
        line = f"\N{FIRST STRONG ISOLATE}{line}\N{POP DIRECTIONAL ISOLATE}"
    return _MARKDOWN.sub(r"\\\1", line) or NOTHING


def small_grey(text: str) -> str:
    """Markdown for labels and asides: small, muted, readable (6.7 : 1)."""
    return f":small[:gray[{text}]]"


def _minus(figure: str) -> str:
    return figure.replace("-", "−", 1)
