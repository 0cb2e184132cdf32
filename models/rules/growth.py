"""What a high-tech certificate (高新技术企业证书) changes in the register of members: status, dates,
growth stage; and which certificates are about to lapse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.rules.identifiers import HNTE_VALID_YEARS


@dataclass(frozen=True, slots=True)
class Certified:
    """What the register says of an enterprise after its certificate.

    Attributes:
        hnte_status: `recognised`.
        hnte_certificate_no: the certificate's number.
        certified_on: the day of issue.
        growth_stage: 初创 becomes 成长; a later stage stays.
    """

    hnte_status: str
    hnte_certificate_no: str
    certified_on: date
    growth_stage: str


def certified(
    stage: str | None, known_certified_on: date | None, number: str, issued_on: date
) -> Certified | None:
    """What the register says of an enterprise once a certificate is on record (高企认定).

    Args:
        stage: its growth stage so far; `None` where it is not stated.
        known_certified_on: the day of issue of the certificate on record.
        number: the new certificate's number, in its one spelling.
        issued_on: the new certificate's day of issue.

    Returns:
        `None` where a newer certificate is on record: an old one changes nothing.
    """
    if known_certified_on is not None and issued_on <= known_certified_on:
        return None
    grown = "growing" if stage in (None, "startup") else str(stage)
    return Certified("recognised", number, issued_on, grown)


def issue_days_lapsing(today: date, within_days: int) -> tuple[date, date]:
    """From when until when a certificate was issued that lapses within some days (即将到期).

    Args:
        today: the office's day; what lapsed before it is not meant.
        within_days: the reminder (a setting).

    Returns:
        First and last day of issue, both included.

    Source: 国科发火〔2016〕32号 第十条, three years from issue.
    """
    day_after = today + timedelta(days=within_days + 1)
    return _years_before(today), _years_before(day_after) - timedelta(days=1)


def _years_before(day: date) -> date:
    """The first day of issue whose certificate is still valid on a day."""
    try:
        return day.replace(year=day.year - HNTE_VALID_YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year - HNTE_VALID_YEARS, month=3, day=1)
