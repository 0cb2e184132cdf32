"""The fifteen conditions (初审条件) of a claim, exceptions first: verdict, condition, fact and fix,
basis."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import streamlit as st

from components import formats
from components.language import _, words
from components.plain_table import plain_table
from models.rules.findings import (
    CONDITION_OF,
    VERDICT_NAMES,
    Finding,
    Verdict,
    by_exception,
    summary,
)

# fmt: off
_LOOKS = {
    Verdict.met:            (":green[:material/check: {}]",        "green"),
    Verdict.not_met:        (":red-badge[:material/close: {}]",    "red"),
    Verdict.unknown:        (":gray-badge[:material/help: {}]",    "gray"),
    Verdict.warning:        (":orange-badge[:material/warning: {}]", "orange"),
    Verdict.not_applicable: (":gray[:material/remove: {}]",        "gray"),
}
# fmt: on


def draw_findings(
    findings: Sequence[Finding],
    as_of_utc: datetime,
    digest: str,
    changed: Collection[str] = (),
) -> None:
    """The list with its count line.

    Args:
        findings: all fifteen.
        as_of_utc: when they were taken.
        digest: of the facts they were taken on.
        changed: codes whose verdict is no longer what the office before saw.
    """
    with st.container(key="findings"):
        _draw_head(findings, as_of_utc, digest)
        rows = [_row(finding, finding.code in changed) for finding in by_exception(findings)]
        heads = (_("判定"), _("条件"), _("认定事实 → 处理"), _("依据"))
        plain_table(
            {head: [row[at] for row in rows] for at, head in enumerate(heads)},
        )


def _draw_head(findings: Sequence[Finding], as_of_utc: datetime, digest: str) -> None:
    """The count line; on a phone (`look.head`) the conditions that are met are folded behind the
    switch."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(_counts(findings), width="content")
        as_of = _("按 {at} 的数据计算 · 摘要 {digest}").format(
            at=formats.instant(as_of_utc), digest=f"{digest[:4]}…{digest[-4:]}"
        )
        st.markdown(formats.small_grey(as_of), width="content")
    st.toggle(_("符合的也显示"), key="show_met")


def _counts(findings: Sequence[Finding]) -> str:
    counts = summary(findings)
    parts = [f"**{_('初审条件')}**"]
    for verdict, number in (
        (Verdict.met, counts.met),
        (Verdict.not_met, counts.not_met),
        (Verdict.unknown, counts.unknown),
        (Verdict.warning, counts.warning),
        (Verdict.not_applicable, counts.not_applicable),
    ):
        if number:
            said = f"{words(VERDICT_NAMES[verdict])} {number}"
            is_exception = verdict not in (Verdict.met, Verdict.not_applicable)
            parts.append(f":{_LOOKS[verdict][1]}[{f'**{said}**' if is_exception else said}]")
    return " &nbsp; ".join(parts)


def _row(finding: Finding, is_changed: bool) -> tuple[str, str, str, str]:
    shape, colour = _LOOKS[finding.verdict]
    is_exception = finding.verdict in (Verdict.not_met, Verdict.unknown, Verdict.warning)
    title = words(CONDITION_OF[finding.code].title)
    name = f":gray[{finding.code}] {f'**{title}**' if is_exception else title}"
    if is_changed:
        name += f" :blue-badge[{_('与上一环节不同')}]"
    fact = formats.plain(words(finding.fact))
    if finding.fix is not None and is_exception:
        fix_colour = "gray" if finding.verdict is Verdict.unknown else colour
        fact += f"  \n:{fix_colour}[→ {formats.plain(words(finding.fix))}]"
    return (
        shape.format(words(VERDICT_NAMES[finding.verdict])),
        name,
        fact,
        f":gray[{formats.plain(_(finding.clause))}]",
    )
