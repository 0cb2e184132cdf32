"""Identifiers (编号): the numbers on certificates and licences, brought to one spelling.

A reading never fails: whatever was typed comes back with a verdict and the reason in words. A
pattern or a check digit shows that a number was copied well, never that the certificate exists.

Source: GB 32100-2015 (统一社会信用代码) · ZC 0006-2003 (专利申请号) · 国科发火〔2016〕32号 第十条 (高新技术企业, three years).
The other patterns are read off published certificates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import cycle

from stdnum.cn import uscc

from models.rules.half_width import half_width
from models.rules.wording import Wording, say

LONGEST_PRINTED = 200  # characters
HNTE_VALID_YEARS = 3


class IdentifierKind(StrEnum):
    """Which number of which certificate (编号种类)."""

    uscc = "uscc"  # 统一社会信用代码
    hnte_certificate = "hnte_certificate"  # 高新技术企业证书编号
    patent_application = "patent_application"  # 专利申请号
    patent_grant = "patent_grant"  # 专利号 = ZL + 申请号, another result than the application
    patent_publication = "patent_publication"  # 专利公布（公告）号, always refused with a hint
    software_copyright = "software_copyright"  # 软件著作权登记号
    software_certificate = "software_certificate"  # 软著登字第…号, alias of the registration
    technology_contract = "technology_contract"  # 技术合同登记编号
    sme_registration = "sme_registration"  # 科技型中小企业登记编号
    free_text = "free_text"  # 其他编号, issuer and number together


class IdentifierVerdict(StrEnum):
    """How a number reads (编号判定)."""

    well_formed = "well_formed"  # 格式正确
    doubtful = "doubtful"  # 存疑: real numbers like this exist, a person looks at the paper
    malformed = "malformed"  # 格式不符


@dataclass(frozen=True, slots=True)
class IdentifierReading:
    """What was printed, and what it reads as.

    Attributes:
        kind: the kind it was read as; a certificate number in the field of the registration number
            is read as what it is.
        printed: as typed.
        normalised: the one spelling, to be shown beside `printed` and compared.
        family: numbers of one family share one namespace; unique together with `normalised`.
        verdict: well-formed, doubtful or malformed.
        words: why, and what to do about it.
    """

    kind: IdentifierKind
    printed: str
    normalised: str
    family: str
    verdict: IdentifierVerdict
    words: Wording


def reading(kind: IdentifierKind, printed: str) -> IdentifierReading:
    """What `printed` reads as in the field of `kind` (编号): a verdict for any text, never a crash.

    Args:
        kind: which number the field asks for; of `free_text`, issuer and number together.
        printed: as typed or imported.
    """
    form = FORMS[_kind_meant(kind, _compact(printed))]
    written = form.compact(printed)
    match = form.pattern.fullmatch(written)
    normalised = (form.spelling(match) if match else written)[:LONGEST_PRINTED]
    remark = _fault(form, printed, written) or form.check(normalised) or _WELL_FORMED
    return IdentifierReading(
        form.kind, printed, normalised, form.family, remark.verdict, remark.words
    )


def hnte_valid_until(certified_on: date) -> date:
    """The last day a high-tech certificate (高新技术企业证书) of `certified_on` is valid.

    Source: 国科发火〔2016〕32号 第十条, three years from issue; the day of issue itself is not counted and
    29 February ends on 28 February (《民法典》第二百零一、二百零二条).

    Raises:
        ValueError: a certificate of the year 9997 or later.
    """
    try:
        return certified_on.replace(year=certified_on.year + HNTE_VALID_YEARS)
    except ValueError:
        return certified_on.replace(year=certified_on.year + HNTE_VALID_YEARS, day=28)


# ---------------------------------------------------------------- writing


def _visible(printed: str) -> str:
    """Half-width capitals, without control and zero-width characters."""
    kept = (c for c in half_width(printed) if c.isspace() or unicodedata.category(c)[0] != "C")
    return "".join(kept).upper()


def _compact(printed: str) -> str:
    """Without spaces, hyphens and dashes of any kind."""
    return "".join(
        c for c in _visible(printed) if not c.isspace() and unicodedata.category(c) != "Pd"
    )


def _single_spaced(printed: str) -> str:
    return " ".join(_visible(printed).split())


# ---------------------------------------------------------------- checks


@dataclass(frozen=True, slots=True)
class Remark:
    """What reading a number brought up."""

    verdict: IdentifierVerdict
    words: Wording


_WELL_FORMED = Remark(IdentifierVerdict.well_formed, say("编号格式正确"))


def _fault(form: Form, printed: str, written: str) -> Remark | None:
    """Why `written` is no number of this form, the most helpful reason first."""
    if not written:
        return _malformed(say("没有填写编号"))
    if max(len(printed), len(written)) > LONGEST_PRINTED:
        return _malformed(say("编号过长，最多 {longest} 个字符", longest=LONGEST_PRINTED))
    for series in OTHER_SERIES:
        if form.kind in series.fields and series.pattern.fullmatch(written):
            return _malformed(series.hint)
    return None if form.pattern.fullmatch(written) else _malformed(form.expected)


def _malformed(words: Wording) -> Remark:
    return Remark(IdentifierVerdict.malformed, words)


def _no_check(_: str) -> None:
    """Most numbers carry no check digit."""


def _uscc_remark(number: str) -> Remark | None:
    """A failed check is doubtful: real codes of the pilot era fail it."""
    expected = uscc.calc_check_digit(number)
    if number[-1] == expected:
        return None
    words = say("统一社会信用代码校验位应为 {expected}，请上传营业执照核对", expected=expected)
    return Remark(IdentifierVerdict.doubtful, words)


def _patent_remark(number: str) -> Remark | None:
    digits, _, check = number.partition(".")
    expected = _patent_check(digits)
    if check == expected:
        return None
    return _malformed(say("专利申请号校验位应为 {expected}，请核对是否抄错", expected=expected))


def _patent_check(digits: str) -> str:
    """Weights 2 to 9, then again from 2; modulo 11, ten is X (ZC 0006-2003)."""
    weights = cycle(range(2, 10))
    remainder = (
        sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    )
    return "X" if remainder == 10 else str(remainder)


# ---------------------------------------------------------------- spellings


def _as_written(match: re.Match[str]) -> str:
    return match[0]


def _with_point(match: re.Match[str]) -> str:
    return f"{match['digits']}.{match['check']}"


def _registration_number(match: re.Match[str]) -> str:
    """One running count a year: at least six digits up to 2018, seven with leading zeros since."""
    width = 6 if int(match["year"]) <= 2018 else 7
    return f"{match['year']}SR{int(match['serial']):0{width}d}"


def _certificate_number(match: re.Match[str]) -> str:
    return f"软著登字第{int(match['serial']):07d}号"


# ---------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True)
class Form:
    """What a number of one kind looks like.

    Attributes:
        kind: the kind.
        family: the namespace it is unique in.
        pattern: what its compact writing must match entirely.
        expected: said when it does not.
        spelling: the one spelling of a match.
        check: what its check digit says.
        compact: how its writing is stripped before matching.
    """

    kind: IdentifierKind
    family: str
    pattern: re.Pattern[str]
    expected: Wording
    spelling: Callable[[re.Match[str]], str] = _as_written
    check: Callable[[str], Remark | None] = _no_check
    compact: Callable[[str], str] = _compact


_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])"  # GB/T 2260
_USCC = r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}"  # no I, O, S, V, Z
_PATENT = re.compile(
    r"(?:ZL|CN)?\.?"
    r"(?P<digits>20(?:0[3-9]|[1-9][0-9])[12389][0-9]{7}|(?:8[5-9]|9[0-9]|0[0-3])[12389][0-9]{5})"
    r"\.?(?P<check>[0-9X])"
)
_PUBLICATION = re.compile(r"(?:CN)?(?:[0-9]{7,9}[A-WY][0-9]?|[123][0-9]{6}(?:[0-9]{2})?)")
_SME_REGISTRATION = re.compile(r"20[0-9]{2}[1-6][0-9]{5}[0-9A-Z]{2}[0-9]{6}")
_ANYTHING = re.compile(r".*")
_NOTHING = re.compile(r"(?!)")

_PATENT_EXPECTED = say("专利申请号为 12 位数字加校验位（早期为 8 位），例如 201710601862.3")
_PUBLICATION_HINT = say(
    "公布号、公告号（CN…A/B/U/S）是另一种编号，请填写申请号，例如 201710601862.3"
)

# fmt: off
_ALL_FORMS = (
    Form(IdentifierKind.uscc, "uscc",
         re.compile(_USCC),
         say("统一社会信用代码为 18 位数字或大写字母，不使用 I、O、S、V、Z"),
         check=_uscc_remark),
    Form(IdentifierKind.hnte_certificate, "hnte_certificate",
         re.compile(rf"GR20[0-9]{{2}}{_PROVINCE}[0-9]{{6}}"),
         say("高新技术企业证书编号为 GR、年份、省份代码加 6 位数字，例如 GR202037002773")),
    Form(IdentifierKind.patent_application, "patent_application",
         _PATENT, _PATENT_EXPECTED, _with_point, _patent_remark),
    Form(IdentifierKind.patent_grant, "patent_grant",
         _PATENT, _PATENT_EXPECTED, _with_point, _patent_remark),
    Form(IdentifierKind.patent_publication, "patent_publication",
         _NOTHING, _PUBLICATION_HINT),
    Form(IdentifierKind.software_copyright, "software_copyright",
         re.compile(r"(?:软著登字第?)?(?P<year>199[1-9]|20[0-9]{2})SR(?P<serial>[0-9]{6,7})号?"),
         say("软件著作权登记号为年份、SR 加 6 至 7 位数字，例如 2018SR503328"),
         _registration_number),
    Form(IdentifierKind.software_certificate, "software_copyright",
         re.compile(r"(?:软著登字)?第?(?P<serial>[0-9]{6,8})号?"),
         say("软件著作权证书号为 7 至 8 位数字，例如 软著登字第0671096号"),
         _certificate_number),
    Form(IdentifierKind.technology_contract, "technology_contract",
         re.compile(rf"[0-9]{{2}}{_PROVINCE}[0-9]{{10}}"),
         say("技术合同登记编号为 14 位数字：年份、省、市、登记点各 2 位，加 6 位顺序号")),
    Form(IdentifierKind.sme_registration, "sme_registration",
         _SME_REGISTRATION,
         say("科技型中小企业登记编号为 18 位，以年份开头，例如 2024341181A8020396")),
    Form(IdentifierKind.free_text, "free_text",
         _ANYTHING, say("没有填写编号"), compact=_single_spaced),
)
# fmt: on

FORMS = {form.kind: form for form in _ALL_FORMS}


@dataclass(frozen=True, slots=True)
class OtherSeries:
    """A number of one series often typed into the field of another."""

    fields: frozenset[IdentifierKind]
    pattern: re.Pattern[str]
    hint: Wording


_PATENT_FIELDS = frozenset({IdentifierKind.patent_application, IdentifierKind.patent_grant})
# fmt: off
OTHER_SERIES = (
    OtherSeries(_PATENT_FIELDS, _PUBLICATION, _PUBLICATION_HINT),
    OtherSeries(frozenset({IdentifierKind.uscc}), _SME_REGISTRATION,
                say("以年份开头的 18 位编号是科技型中小企业登记编号，请填写统一社会信用代码")),
    OtherSeries(frozenset({IdentifierKind.sme_registration}),
                re.compile(rf"(?!20){_USCC}"),
                say("这是统一社会信用代码，请填写科技型中小企业登记编号（以年份开头）")),
)
# fmt: on


_SOFTWARE = frozenset({IdentifierKind.software_copyright, IdentifierKind.software_certificate})


def _kind_meant(kind: IdentifierKind, written: str) -> IdentifierKind:
    """A registration number and its certificate number stand in for each other in either field."""
    if kind in _SOFTWARE:
        if "SR" in written:
            return IdentifierKind.software_copyright
        if written.startswith(("软著登字", "第")):
            return IdentifierKind.software_certificate
    return kind
