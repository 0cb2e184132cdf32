"""Advance exposure (垫资敞口): in short on the start page; by agency, holder and age on
`/agencies?view=exposure`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from components import formats
from components.charts.bars import lying_bars
from components.facts import Fact, draw_facts
from components.figures import draw_figures
from components.language import _, words
from components.shell import Visit
from components.site import page_at
from components.tables import Column, download, draw_list, money, number, text
from models.clock import today
from models.queries.exposure import (
    AgencyExposure,
    ExposureReport,
    ExposureStanding,
    HolderExposure,
    exposure_report,
)
from models.queries.own_turn import offices_of
from models.queries.paging import Count, Page, PageRequest
from models.rules.exposure import FORECAST_DAYS, AgeBand, Outlook
from models.rules.roles import OFFICE_NAMES, Actor, Permission, Role

VIEW = "exposure"
_FEN_DAYS = 1_000_000
"""One 万元·天 in fen × days."""


@dataclass(frozen=True, slots=True)
class _AgencyLine:
    """A row of the list as it is drawn: money in fen, exposure in whole 万元·天."""

    row: AgencyExposure

    def __getattr__(self, name: str) -> Any:
        if name.startswith("band_"):
            return self.row.bands_fen[int(name.removeprefix("band_"))]
        return getattr(self.row, name)

    @property
    def days(self) -> int:
        """Now."""
        return _rounded(self.row.fen_days)

    @property
    def later(self) -> int:
        """Later, if nothing moves."""
        return _rounded(self.row.later_fen_days)


# ---------------------------------------------------------------- the start page


def draw_standing(standing: ExposureStanding, visit: Visit) -> None:
    """The exposure by who holds it, mine in the accent; below it the whole, its oldest part, and
    what becomes of it if nothing moves."""
    st.subheader(_("垫资敞口（万元·天，按环节）"), anchor=False)
    if not standing.holders:
        st.markdown(formats.small_grey(_("没有未付的申请。")))
        return
    _draw_holders(standing.holders, visit)
    st.markdown(formats.small_grey(_in_short(standing.total)))
    if visit.may(Permission.see_agencies):
        st.page_link(
            page_at("/agencies").script,
            label=_("账龄和预测") if Role.agency in visit.actor.roles else _("按机构、账龄查看"),
            icon=":material/arrow_forward:", icon_position="right", query_params={"view": VIEW},
        )  # fmt: skip


def _in_short(total: Outlook) -> str:
    said = _(
        "未付 {amount} 元，合计 {now} 万元·天，最久 {oldest} 天；{days} 天内若无进展，将达 {later} 万元·天"
    )
    return said.format(
        amount=formats.yuan_in_list(total.now.fen),
        now=_shown(total.now.fen_days),
        oldest=formats.count(total.now.oldest_days),
        days=FORECAST_DAYS,
        later=_shown(total.later.fen_days),
    )


# ---------------------------------------------------------------- the view of its own


def draw_report(report: ExposureReport, visit: Visit, request: PageRequest) -> None:
    """Everything of it: the whole, by age, by holder, by agency.

    Args:
        report: what may be seen.
        visit: who looks.
        request: which page of the agencies.
    """
    now, later = report.total.now, report.total.later
    draw_facts(
        [
            Fact(_("未付申请"), _("{count} 件").format(count=formats.count(now.claims))),
            Fact(_("未付补贴（元）"), formats.yuan_in_list(now.fen), 1.3),
            Fact(_("垫资敞口（万元·天）"), f"**{_shown(now.fen_days)}**", 1.3,
                 help=_("金额（已批的按审批额，否则按核定上限或申请额）× 取得成果以来的日历天数；付款当日止")),
            Fact(_("最久（天）"), formats.count(now.oldest_days)),
            Fact(_("{days} 天后，若无进展（万元·天）").format(days=FORECAST_DAYS),
                 _shown(later.fen_days), 1.7),
            Fact(_("另：已登记的垫资（元）"), _advances(report), 1.7,
                 help=_("协议下登记了日期的垫资，自垫资之日起算；与上面的数字分列，不相加")),
        ]
    )  # fmt: skip
    if not now.claims:
        st.markdown(formats.small_grey(_("没有未付的申请。申请提交后、补贴支付前出现在这里。")))
        return
    left, right = st.columns([0.5, 0.5], gap="medium")
    with left:
        st.subheader(_("账龄（取得成果以来）"), anchor=False)
        _draw_bands(report.total)
    with right:
        st.subheader(_("在谁手里（万元·天）"), anchor=False)
        _draw_holders(report.holders, visit)
    _draw_agencies(report, request)


def draw_download(report: ExposureReport) -> None:
    """The agencies as a workbook."""
    download(_("垫资敞口"), agency_columns(report.total.now.bands), _all)


def agency_columns(bands: Sequence[AgeBand]) -> list[Column]:
    """What the list shows."""
    return [
        text("name", _("机构名称"), 236),
        number("claims", _("未付（件）"), 84),
        money("fen", _("未付（元）"), 110),
        number("days", _("敞口（万元·天）"), 112, help=_("金额 × 取得成果以来的日历天数")),
        number("oldest_days", _("最久（天）"), 84),
        *(
            money(f"band_{at}", _("{band} 天（元）").format(band=_band_words(band)), 110)
            for at, band in enumerate(bands)
        ),
        number("later", _("{days} 天后").format(days=FORECAST_DAYS), 90,
               help=_("若无进展，届时的万元·天")),
    ]  # fmt: skip


def _draw_agencies(report: ExposureReport, request: PageRequest) -> None:
    rows = [_AgencyLine(row) for row in report.agencies]
    pages = max(1, -(-len(rows) // request.size))
    at = min(max(1, request.number), pages)
    shown = tuple(rows[(at - 1) * request.size : at * request.size])
    draw_list(
        "exposure",
        agency_columns(report.total.now.bands),
        Page(shown, at, pages, Count(len(rows))),
        title=_("垫资敞口，按机构"),
        empty="",
        footer=_("共 {count} 家，敞口大的在前。点机构名称打开卡片。").format(
            count=formats.count(len(rows))
        ),
        row_id="uscc",
        opens=("/agencies", "uscc"),
    )


def _draw_bands(total: Outlook) -> None:
    draw_figures(
        (_("天数"), _("件"), _("未付（元）"), _("敞口（万元·天）"),
         _("{days} 天后（元）").format(days=FORECAST_DAYS)),
        [
            (
                _band_words(band), formats.count(band.claims), formats.yuan_in_list(band.fen),
                _shown(band.fen_days), formats.yuan_in_list(later.fen),
            )
            for band, later in zip(total.now.bands, total.later.bands, strict=True)
        ],
    )  # fmt: skip


def _draw_holders(holders: Sequence[HolderExposure], visit: Visit) -> None:
    mine = set(offices_of(visit.actor))
    frame = pd.DataFrame(
        [
            {
                "name": words(OFFICE_NAMES[held.office]),
                "value": held.exposure.fen_days / _FEN_DAYS,
                "shown": _shown(held.exposure.fen_days),
                "is_mine": held.office in mine,
            }
            for held in holders
        ]
    )
    said = _("；").join(
        f"{words(OFFICE_NAMES[held.office])} {_shown(held.exposure.fen_days)}" for held in holders
    )
    st.altair_chart(
        lying_bars(frame, is_dark=st.context.theme.type == "dark"), width="stretch", alt=said
    )


def _advances(report: ExposureReport) -> str:
    advances = report.advances
    if not advances.agreements:
        return _("没有登记")
    return _("{amount} 元，{days} 万元·天").format(
        amount=formats.yuan_in_list(advances.fen), days=_shown(advances.fen_days)
    )


def _band_words(band: AgeBand) -> str:
    """`31–60`, or `> 90` without an end."""
    if band.to_days is None:
        return f"> {band.from_days - 1}"
    return f"{band.from_days}–{band.to_days}"


def _rounded(fen_days: int) -> int:
    return (fen_days + _FEN_DAYS // 2) // _FEN_DAYS


def _shown(fen_days: int) -> str:
    return formats.count(_rounded(fen_days))


def _all(session: Any, actor: Actor) -> Page[Any]:
    rows = tuple(_AgencyLine(row) for row in exposure_report(session, actor, today()).agencies)
    return Page(rows, 1, 1, Count(len(rows)))
