"""Where agencies stand among their like (同类位次): peer groups, ranks as far as they are sure, and how
the grades are distributed.

A peer group is what an agency mostly concludes, by the item of the service list (clause 四). Groups
with too few rated agencies stand together: a rank among two says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.rules.rating.raising import main_service
from models.rules.rating.scheme import MARKS, Mark, Scheme
from models.rules.rating.score import Rating, Unrated
from models.rules.rating.signals import Signals
from models.rules.wording import Wording, say

LEAST_GROUP = 5
"""Rated agencies a group needs to stand alone."""
MIXED = "mixed"
"""The group of those whose like are too few."""

# fmt: off
GROUP_NAMES: Mapping[str, Wording] = {
    "1":   say("高企认定类"),
    "2":   say("知识产权优势示范类"),
    "3":   say("专利代理类"),
    "4":   say("贯标评议类"),
    "5":   say("科技查新类"),
    "6":   say("项目申报类"),
    "7":   say("技术转移类"),
    "8":   say("路演咨询类"),
    MIXED: say("综合类"),
}
NATIONAL_2015: Mapping[Mark, int] = {Mark.a: 53, Mark.b: 142, Mark.c: 238, Mark.d: 20}
# fmt: on
"""The one published national distribution: 453 transfer agencies rated in 2015 (优秀、良好、合格、整改或
取消); shown beside our own for scale, never a quota."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one agency stands in its peer group.

    Attributes:
        agency_id: whose.
        group: its peer group, a key of `GROUP_NAMES`; empty for who takes no part.
        rank_from, rank_to: the ranks it may hold, as the intervals overlap; `None` for who takes no
            part.
        of: rated agencies in the group.
    """

    agency_id: int
    group: str
    rank_from: int | None
    rank_to: int | None
    of: int


def peer_groups(
    everybody: Iterable[Signals], rated: Iterable[int], items: Mapping[str, str]
) -> dict[int, str]:
    """The peer group of each rated agency.

    Args:
        everybody: the signals.
        rated: the agencies that take part.
        items: service → item of the service list (`"3"` for patents).

    Returns:
        Agency → group; a group below `LEAST_GROUP` is `MIXED`.
    """
    taking_part = frozenset(rated)
    own = {
        one.agency_id: items.get(main_service(one), MIXED)
        for one in everybody
        if one.agency_id in taking_part
    }
    sizes = Counter(own.values())
    return {
        agency_id: group if sizes[group] >= LEAST_GROUP and group in GROUP_NAMES else MIXED
        for agency_id, group in own.items()
    }


def standings(results: Iterable[Rating], groups: Mapping[int, str]) -> dict[int, Standing]:
    """Where everybody stands: surely behind those whose interval lies wholly above one's own,
    surely before those whose interval lies wholly below.

    Args:
        results: everybody's rating.
        groups: agency → peer group.
    """
    found, every = {}, tuple(results)
    for one in every:
        group = groups.get(one.agency_id, "")
        like = [other for other in every if group and groups.get(other.agency_id) == group]
        found[one.agency_id] = _standing(one, group, like)
    return found


def _standing(one: Rating, group: str, like: list[Rating]) -> Standing:
    if one.score_hundredths is None:
        return Standing(one.agency_id, "", None, None, 0)
    assert one.low_hundredths is not None
    assert one.high_hundredths is not None
    before = sum((other.low_hundredths or 0) > one.high_hundredths for other in like)
    behind = sum((other.high_hundredths or 0) < one.low_hundredths for other in like)
    return Standing(one.agency_id, group, before + 1, len(like) - behind, len(like))


def why_unrated(unrated: Unrated, scheme: Scheme) -> Wording:
    """Why an agency takes no part (未参评的原因)."""
    if unrated is Unrated.young:
        return say("入会不足 {months} 个月", months=scheme.least_months)
    return say("本期完成服务不足 {count} 件", count=scheme.least_concluded)


def distribution(marks: Iterable[Mark | None]) -> dict[Mark, int]:
    """How many have each grade; who takes no part is not counted."""
    counted = Counter(mark for mark in marks if mark is not None)
    return {mark: counted[mark] for mark in MARKS}
