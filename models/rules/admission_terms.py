"""What is asked of an agency that applies (入会申请内容、入会条件), all faults at once, and the coded reasons
and grounds (理由、事由) of those who examine and decide.

Source: `dalian-hightech` 五.1 一是; the criteria themselves are not printed there: they are rows with
labelled defaults that two people change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from models.rules.admission import AdmissionKind
from models.rules.identifiers import IdentifierKind, IdentifierVerdict, reading
from models.rules.membership import LONGEST, Fault, account_in_one_spelling, is_account
from models.rules.wording import Wording, say

LONGEST_ANSWER = 400  # characters of what an applicant says of a criterion
LONGEST_NOTE = 400  # characters of a verdict's note, of a reason in words
LONGEST_REFERENCE = 120  # characters of a complaint's number, of a rating
MOST_STAFF = 100_000
MOST_PAPERS = 5  # papers that come with one answer


class CriterionVerdict(StrEnum):
    """What a reviewer finds of a criterion (审查意见)."""

    met = "met"  # 符合
    not_met = "not_met"  # 不符合
    unknown = "unknown"  # 待查证


# fmt: off
CRITERION_VERDICTS = {
    CriterionVerdict.met:     say("符合"),
    CriterionVerdict.not_met: say("不符合"),
    CriterionVerdict.unknown: say("待查证"),
}
# fmt: on


class AdmissionReason(StrEnum):
    """Why an application goes back or is refused (退回和不予准入的理由)."""

    paper_missing = "paper_missing"
    paper_unclear = "paper_unclear"
    facts_differ = "facts_differ"
    not_in_zone = "not_in_zone"
    scope_unfit = "scope_unfit"
    staff_unfit = "staff_unfit"
    bad_record = "bad_record"
    false_paper = "false_paper"
    pledge_missing = "pledge_missing"
    otherwise = "otherwise"


class Ground(StrEnum):
    """On what grounds an agency is suspended or removed (暂停和退出的事由)."""

    complaint = "complaint"  # 投诉查实
    rating = "rating"  # 考评不合格
    fee_upfront = "fee_upfront"  # 事前收费
    false_result = "false_result"  # 弄虚作假
    inspection = "inspection"  # 核查期间
    condition_lost = "condition_lost"  # 不再符合入会条件
    own_wish = "own_wish"  # 自愿申请
    otherwise = "otherwise"


# fmt: off
REASONS: dict[AdmissionReason, tuple[Wording, Wording]] = {
    AdmissionReason.paper_missing:  (say("材料不齐"),               say("按条件逐项补齐所缺材料，盖章后上传")),
    AdmissionReason.paper_unclear:  (say("材料不清晰或未盖章"),     say("重新扫描，盖章后上传，字迹须可辨认")),
    AdmissionReason.facts_differ:   (say("填报内容与材料不一致"),   say("对照营业执照和材料更正填报内容")),
    AdmissionReason.not_in_zone:    (say("未能证明在区内注册经营"), say("上传营业执照和经营场所证明")),
    AdmissionReason.scope_unfit:    (say("所申请服务缺少业绩或资质"), say("补充该服务的资质、业绩，或减少申请的服务")),
    AdmissionReason.staff_unfit:    (say("从业人员不满足要求"),     say("上传人员花名册和资格证书")),
    AdmissionReason.bad_record:     (say("有失信或处罚记录"),       say("说明情况，附已整改、已修复的证明")),
    AdmissionReason.false_paper:    (say("材料不实"),               say("核实后可附真实材料再次申请")),
    AdmissionReason.pledge_missing: (say("未签署零收费承诺"),       say("签署承诺书：取得成果前不向企业收费")),
    AdmissionReason.otherwise:      (say("其他，见说明"),           say("按说明办理")),
}
GROUNDS: dict[Ground, Wording] = {
    Ground.complaint:      say("投诉查实"),
    Ground.rating:         say("考评不合格"),
    Ground.fee_upfront:    say("取得成果前向企业收费"),
    Ground.false_result:   say("成果或材料弄虚作假"),
    Ground.inspection:     say("核查期间"),
    Ground.condition_lost: say("不再符合入会条件"),
    Ground.own_wish:       say("机构自愿申请"),
    Ground.otherwise:      say("其他，见说明"),
}
# fmt: on
NEEDS_REFERENCE = frozenset({Ground.complaint, Ground.rating})
"""Grounds that rest on something with a number of its own: the complaint, the rating period."""


@dataclass(frozen=True, slots=True)
class Cause:
    """On what an agency is suspended, lifted or removed (事由).

    Attributes:
        ground: the coded ground.
        reference: the complaint's number or the rating it follows from.
    """

    ground: Ground = Ground.otherwise
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationEntry:
    """What an applicant says of itself (入会申请内容); empty text is "not stated".

    Attributes:
        services: codes of the service list it applies for.
        payee_account: `None` leaves the one on record: who may not see it need not retype it.
    """

    uscc: str
    name: str
    registered_on: date | None = None
    services: tuple[str, ...] = ()
    staff_count: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    payee_name: str = ""
    payee_bank: str = ""
    payee_account: str | None = None


@dataclass(frozen=True, slots=True)
class CriterionStanding:
    """A criterion (入会条件) and what an application brings for it.

    Attributes:
        code: `A01`.
        is_required: an application without it is not complete.
        has_answer: something is said of it.
        papers: how many papers are there.
        verdict: what the reviewer found.
    """

    code: str
    is_required: bool
    has_answer: bool = False
    papers: int = 0
    verdict: CriterionVerdict | None = None


def entry_in_one_spelling(entry: ApplicationEntry) -> ApplicationEntry:
    """The entry with its texts trimmed and its numbers in their one spelling."""
    trimmed: dict[str, Any] = {
        name: " ".join(value.split())
        for name in ApplicationEntry.__slots__
        if isinstance(value := getattr(entry, name), str)
    }
    trimmed["uscc"] = reading(IdentifierKind.uscc, entry.uscc).normalised
    if "payee_account" in trimmed:
        trimmed["payee_account"] = account_in_one_spelling(trimmed["payee_account"])
    return replace(entry, **trimmed, services=tuple(sorted(set(entry.services))))


def entry_faults(entry: ApplicationEntry, today: date) -> tuple[Fault, ...]:
    """What keeps an entry from being kept at all: no usable code or name, words too long.

    Args:
        entry: as `entry_in_one_spelling` gives it.
        today: the office's day.
    """
    faults = []
    read = reading(IdentifierKind.uscc, entry.uscc)
    if read.verdict is IdentifierVerdict.malformed:
        faults.append(Fault("uscc", read.words))
    if not entry.name:
        faults.append(Fault("name", say("请填写机构名称，与营业执照一致")))
    faults += [
        Fault(name, say("过长：最多 {longest} 个字", longest=longest))
        for name, longest in LONGEST.items()
        if len(getattr(entry, name, "") or "") > longest
    ]
    if entry.registered_on is not None and entry.registered_on > today:
        faults.append(Fault("registered_on", say("注册日期不能晚于今天")))
    if entry.staff_count is not None and not 1 <= entry.staff_count <= MOST_STAFF:
        faults.append(Fault("staff_count", say("从业人数至少为 1")))
    if entry.payee_account and not is_account(entry.payee_account):
        faults.append(Fault("payee_account", say("收款账号只含数字、字母和短横线")))
    return tuple(faults)


def application_faults(
    entry: ApplicationEntry,
    kind: AdmissionKind,
    offered: Iterable[str],
    scope: Iterable[str],
    criteria: Iterable[CriterionStanding],
) -> tuple[Fault, ...]:
    """Everything that is missing before an application can be handed in (一次性告知).

    Args:
        entry: as it is kept.
        kind: what is applied for.
        offered: the services on the list today.
        scope: what the agency is admitted for already.
        criteria: the criteria in force with what stands against each.

    Returns:
        Blocking faults first; a code whose check digit is wrong only asks for the licence.
    """
    faults = [Fault(name, words) for name, words in _REQUIRED.items() if not getattr(entry, name)]
    faults += _service_faults(entry, kind, frozenset(offered), frozenset(scope))
    for one in criteria:
        if one.is_required and not one.papers:
            faults.append(Fault(one.code, say("条件 {code} 缺少证明材料", code=one.code)))
        elif one.is_required and not one.has_answer:
            faults.append(Fault(one.code, say("条件 {code} 没有填写说明", code=one.code)))
    read = reading(IdentifierKind.uscc, entry.uscc)
    if read.verdict is IdentifierVerdict.doubtful:
        faults.append(Fault("uscc", read.words, is_blocking=False))
    return tuple(faults)


# fmt: off
_REQUIRED: Mapping[str, Wording] = {
    "registered_on": say("请填写注册日期"),
    "services":      say("请从服务清单中至少选一项服务"),
    "staff_count":   say("请填写从业人数"),
    "contact_name":  say("请填写联系人"),
    "contact_phone": say("请填写联系电话"),
}
# fmt: on


def _service_faults(
    entry: ApplicationEntry, kind: AdmissionKind, offered: frozenset[str], scope: frozenset[str]
) -> list[Fault]:
    wanted = frozenset(entry.services)
    faults = []
    if wanted - offered:
        faults.append(Fault("services", say("所选服务不在现行服务清单中，请重新选择")))
    if kind is AdmissionKind.extend and wanted & scope:
        faults.append(Fault("services", say("所选服务中有的已在服务范围内，只选要增加的")))
    return faults


def unexamined(criteria: Iterable[CriterionStanding]) -> tuple[str, ...]:
    """The criteria nobody has given a verdict on."""
    return tuple(one.code for one in criteria if one.verdict is None)


def unmet(criteria: Iterable[CriterionStanding]) -> tuple[str, ...]:
    """The required criteria found not met: with one of them nobody is admitted."""
    return tuple(
        one.code for one in criteria if one.is_required and one.verdict is CriterionVerdict.not_met
    )


def note_missing(verdicts: Mapping[str, tuple[CriterionVerdict, str]]) -> tuple[str, ...]:
    """The criteria whose verdict must say why and does not: whatever is not met or unknown."""
    return tuple(
        code
        for code, (verdict, note) in sorted(verdicts.items())
        if verdict is not CriterionVerdict.met and not note.strip()
    )


def cause_fault(cause: Cause) -> Wording | None:
    """What is wrong with a cause; `None`: it can be kept."""
    if cause.ground in NEEDS_REFERENCE and not cause.reference.strip():
        return say("“{ground}”须注明投诉编号或考评期次", ground=GROUNDS[cause.ground])
    if len(cause.reference.strip()) > LONGEST_REFERENCE:
        return say("投诉编号或考评期次最多 {longest} 个字", longest=LONGEST_REFERENCE)
    return None
