"""Membership (会员资格): what an entry of the registers must hold, and how certificates and admissions
stand on a day.

Source: `dalian-hightech` 五.1 (an enterprise joins free, from business registration on; an agency is
admitted for its services) · 国科发火〔2016〕32号 第十、十二条 (the certificate lasts three years; a new one is
applied for before it ends).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from models.rules.half_width import half_width
from models.rules.identifiers import (
    IdentifierKind,
    IdentifierVerdict,
    hnte_valid_until,
    reading,
)
from models.rules.wording import Wording, say


@dataclass(frozen=True, slots=True)
class EnterpriseEntry:
    """What is entered about an enterprise (企业会员); empty text is "not stated".

    Attributes:
        payee_account: `None` leaves the account on record as it is: who may not see it need not
            retype it.
    """

    uscc: str
    name: str
    joined_on: date | None
    registered_on: date | None = None
    left_on: date | None = None
    district: str = ""
    industry: str = ""
    growth_stage: str | None = None
    hnte_status: str = "none"
    hnte_certificate_no: str = ""
    certified_on: date | None = None
    contact_name: str = ""
    contact_phone: str = ""
    payee_name: str = ""
    payee_bank: str = ""
    payee_account: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of an entry; one that does not block is asked to be looked
    at."""

    field: str
    words: Wording
    is_blocking: bool = True


# ---------------------------------------------------------------- entries


def in_one_spelling(entry: EnterpriseEntry) -> EnterpriseEntry:
    """The entry with its texts trimmed and its numbers in their one spelling: full-width, spaced,
    lower case or not."""
    trimmed: dict[str, Any] = {
        name: " ".join(value.split())
        for name in EnterpriseEntry.__slots__
        if isinstance(value := getattr(entry, name), str)
    }
    certificate = trimmed["hnte_certificate_no"]
    trimmed["uscc"] = reading(IdentifierKind.uscc, entry.uscc).normalised
    if certificate:
        read = reading(IdentifierKind.hnte_certificate, certificate)
        trimmed["hnte_certificate_no"] = read.normalised
    if "payee_account" in trimmed:
        trimmed["payee_account"] = account_in_one_spelling(trimmed["payee_account"])
    return replace(entry, **trimmed)


def account_in_one_spelling(account: str) -> str:
    """A bank account (收款账号) without spaces, half-width."""
    return "".join(half_width(account).split())


def is_account(account: str) -> bool:
    """Whether a bank account holds digits, letters and hyphens only."""
    return account.isascii() and account.replace("-", "").isalnum()


# fmt: off
LONGEST = {"name": 120, "district": 40, "industry": 40, "contact_name": 64, "contact_phone": 40,
           "payee_name": 120, "payee_bank": 120, "payee_account": 40}
"""Characters a field may have."""
# fmt: on


def faults_of(entry: EnterpriseEntry, today: date) -> tuple[Fault, ...]:
    """Everything wrong with an entry at once (一次性告知), blocking faults first; nothing: it may be
    kept.

    Args:
        entry: as `in_one_spelling` gives it.
        today: the office's day.
    """
    found = [fault for examine in ENTRY_RULES for fault in examine(entry, today)]
    return tuple(sorted(found, key=lambda fault: not fault.is_blocking))


def _missing(entry: EnterpriseEntry, _today: date) -> list[Fault]:
    faults = []
    if not entry.name.strip():
        faults.append(Fault("name", say("请填写企业名称，与营业执照一致")))
    if entry.joined_on is None:
        faults.append(Fault("joined_on", say("请填写入会日期")))
    return faults


def _too_long(entry: EnterpriseEntry, _today: date) -> list[Fault]:
    return [
        Fault(field, say("过长：最多 {longest} 个字", longest=longest))
        for field, longest in LONGEST.items()
        if len(getattr(entry, field) or "") > longest
    ]


def _code(entry: EnterpriseEntry, _today: date) -> list[Fault]:
    read = reading(IdentifierKind.uscc, entry.uscc)
    if read.verdict is IdentifierVerdict.well_formed:
        return []
    return [Fault("uscc", read.words, read.verdict is IdentifierVerdict.malformed)]


def _certificate(entry: EnterpriseEntry, today: date) -> list[Fault]:
    faults = []
    if entry.hnte_certificate_no:
        read = reading(IdentifierKind.hnte_certificate, entry.hnte_certificate_no)
        if read.verdict is not IdentifierVerdict.well_formed:
            blocks = read.verdict is IdentifierVerdict.malformed
            faults.append(Fault("hnte_certificate_no", read.words, blocks))
    if entry.certified_on is not None and entry.certified_on > today:
        faults.append(Fault("certified_on", say("发证日期不能晚于今天")))
    if entry.hnte_status == "recognised" and entry.certified_on is None:
        words = say("状态为“已认定”而未填发证日期，不能提醒到期")
        faults.append(Fault("certified_on", words, is_blocking=False))
    return faults


def _days_in_order(entry: EnterpriseEntry, today: date) -> list[Fault]:
    faults = []
    joined, left, registered = entry.joined_on, entry.left_on, entry.registered_on
    if joined is not None and joined > today:
        faults.append(Fault("joined_on", say("入会日期不能晚于今天")))
    if registered is not None and registered > today:
        faults.append(Fault("registered_on", say("注册日期不能晚于今天")))
    if joined is not None and registered is not None and registered > joined:
        words = say("入会日期 {joined_on} 早于注册日期 {registered_on}；企业自注册之日起可以入会",
                    joined_on=joined, registered_on=registered)  # fmt: skip
        faults.append(Fault("joined_on", words))
    if joined is not None and left is not None and left < joined:
        faults.append(Fault("left_on", say("退会日期不能早于入会日期")))
    return faults


def _payee(entry: EnterpriseEntry, _today: date) -> list[Fault]:
    account = entry.payee_account or ""
    if account and not is_account(account):
        return [Fault("payee_account", say("收款账号只含数字、字母和短横线"))]
    if entry.payee_name and entry.payee_name != entry.name:
        words = say("收款户名与企业名称不同，请核对；申请时按登记的户名比对（F13）")
        return [Fault("payee_name", words, is_blocking=False)]
    return []


ENTRY_RULES: tuple[Callable[[EnterpriseEntry, date], list[Fault]], ...] = (
    _missing,
    _code,
    _too_long,
    _days_in_order,
    _certificate,
    _payee,
)
"""Every rule an entry is held against; all of them speak."""


# ---------------------------------------------------------------- certificates


class CertificateState(StrEnum):
    """How a high-tech certificate (高新技术企业证书) stands."""

    none = "none"  # 无证书
    valid = "valid"  # 有效
    ends_this_year = "ends_this_year"  # 今年到期
    ended = "ended"  # 已过期
    undated = "undated"  # 缺发证日期


@dataclass(frozen=True, slots=True)
class CertificateStanding:
    """How a certificate stands on a day: its state, its last day, and what to do, in words."""

    state: CertificateState
    valid_until: date | None
    words: Wording


def certificate_standing(
    hnte_status: str, certified_on: date | None, today: date
) -> CertificateStanding:
    """How the certificate of an enterprise stands (高企证书有效期).

    Args:
        hnte_status: `none`, `cultivating`, `recognised` or `lapsed`.
        certified_on: the day of issue.
        today: the office's day.

    Source: 国科发火〔2016〕32号 第十条 (three years); 第十二条 (a new recognition is applied for, so the year in
    which it ends is the year to act).
    """
    if certified_on is None:
        if hnte_status == "recognised":
            return CertificateStanding(CertificateState.undated, None, say("缺发证日期，请补录"))
        return CertificateStanding(CertificateState.none, None, say("无证书"))
    until = hnte_valid_until(certified_on)
    left = (until - today).days
    if left < 0:
        words = say("已于 {until} 到期，需重新认定", until=until)
        return CertificateStanding(CertificateState.ended, until, words)
    if until.year == today.year:
        words = say("{until} 到期，剩 {days} 天，请在到期前重新认定", until=until, days=left)
        return CertificateStanding(CertificateState.ends_this_year, until, words)
    return CertificateStanding(CertificateState.valid, until, say("有效至 {until}", until=until))


# ---------------------------------------------------------------- admissions


class AgencyState(StrEnum):
    """How an agency's admission stands on a day."""

    applied = "applied"  # 申请中
    admitted = "admitted"  # 已准入
    suspended = "suspended"  # 暂停中
    removed = "removed"  # 已退出


@dataclass(frozen=True, slots=True)
class AgencyStanding:
    """How an agency stands on a day, with the dates that decide it, in words."""

    state: AgencyState
    words: Wording


def agency_standing(
    admission: str,
    today: date,
    *,
    suspended_from: date | None = None,
    suspended_to: date | None = None,
    removed_on: date | None = None,
) -> AgencyStanding:
    """How an agency's admission stands on a day (入会资格, 五.1 一是).

    Args:
        admission: `applied`, `admitted` or `removed`.
        today: the day asked.
        suspended_from: first day of the suspension, if any.
        suspended_to: its last day; open when `None`.
        removed_on: the day it left.
    """
    if admission == "applied":
        return AgencyStanding(AgencyState.applied, say("入会申请中"))
    if admission == "removed" or (removed_on is not None and removed_on <= today):
        return AgencyStanding(AgencyState.removed, say("已于 {on} 退出", on=removed_on))
    if suspended_from is None:
        return AgencyStanding(AgencyState.admitted, say("已准入"))
    if suspended_from > today:
        return AgencyStanding(
            AgencyState.admitted, say("已准入，自 {on} 起暂停", on=suspended_from)
        )
    if suspended_to is None:
        return AgencyStanding(
            AgencyState.suspended, say("自 {on} 起暂停，未定期限", on=suspended_from)
        )
    if suspended_to >= today:
        words = say("{from_on} 至 {to_on} 暂停", from_on=suspended_from, to_on=suspended_to)
        return AgencyStanding(AgencyState.suspended, words)
    return AgencyStanding(AgencyState.admitted, say("已准入，暂停已于 {on} 结束", on=suspended_to))
