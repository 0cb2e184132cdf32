"""A meeting's slides in the visitor's language: for the screen and for what is taken away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from components import formats
from components.charts.standing_bars import Part
from components.charts.target_path import Path
from components.language import _, words
from components.target_words import amount_of, legend, name, spoken_path
from models.exchange.meeting_slides import SpokenBars, SpokenPoint, SpokenSeries, SpokenSlide
from models.rules.targets import spoken
from models.rules.targets.facts import FIT_NAMES, GRADE_NAMES, KIND_NAMES, Fit
from models.rules.targets.saying import figure
from models.rules.targets.slides import Cited, Deck, Slide, Standing, overview
from models.rules.wording import say

# fmt: off
GROUP_NAMES = {
    "met":       say("达成"),
    "missed":    say("未达成"),
    "under_way": say("进行中"),
    "not_shown": say("数据不足以判定"),
    "no_data":   say("无公开数据"),
}
# fmt: on
_LONGEST_SOURCE = 44


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands at the foot of every slide.

    Attributes:
        as_of: `数据截至 2026-11-25`, with what kind of meeting it is.
        digest: `摘要 7c1e 44d0 a90f`.
    """

    as_of: str
    digest: str


def stamp(deck: Deck, digest: str, frozen_by: str = "") -> Stamp:
    """The foot of a live meeting, or of one frozen by somebody."""
    said = _("数据截至 {day}").format(day=formats.day(deck.as_of))
    if frozen_by:
        said = _("{as_of} · 定稿：{name}").format(as_of=said, name=frozen_by)
    return Stamp(said, _("摘要 {digest}").format(digest=grouped(digest)))


def grouped(digest: str) -> str:
    """The first digits of a digest, as people compare them: `7c1e 44d0 a90f`."""
    return " ".join(digest[at : at + 4] for at in range(0, 12, 4))


def path_of(slide: Slide) -> Path:
    """A slide's path as its chart draws it."""
    return spoken_path(
        slide.marks, slide.goal, slide.goal_words, slide.target_year, slide.unit, slide.gap
    )


def headline_of(slide: Slide) -> str:
    """The slide's one sentence."""
    return words(spoken(slide.sentence, name(slide.indicator), lambda n: amount_of(n, slide.unit)))


def parts_of(standings: Sequence[Standing]) -> tuple[Part, ...]:
    """The bars of the first slide."""
    return tuple(part for one in standings for part in _parts(one))


def spoken_slides(deck: Deck, foot: Stamp) -> list[SpokenSlide]:
    """Every slide in words, the overview first."""
    count = len(deck.slides) + 1
    paths = [_spoken(slide, at, count, foot) for at, slide in enumerate(deck.slides, start=2)]
    return [_spoken_overview(deck, count, foot), *paths]


def alternative_of(slide: Slide) -> str:
    """The chart in words, for who does not see it."""
    figures = _("；").join(f"{one.as_of:%Y} {figure(one.value)}" for one in slide.cited)
    said = (headline_of(slide), caveat_line(slide), figures or words(slide.status_words))
    return _("。").join(part for part in said if part)


def overview_alternative(deck: Deck) -> str:
    """The bars of the first slide in words."""
    rows = (
        f"{name(one.place)}{_('：')}{_('、').join(part.said for part in _parts(one))}"
        for one in deck.standings
    )
    return f"{words(overview(deck))}{_('。')}{_('；').join(rows)}"


def source_line(slide: Slide) -> str:
    """Who answers for the target, and where target and figures stand: one line of the foot."""
    parts = [
        _("责任单位：{units}").format(units=_("、").join(slide.units)) if slide.units else "",
        _("来源：{plan} {clause}").format(
            plan=slide.number or name(slide.plan), clause=slide.clause
        ),
        _deciding_source(slide),
    ]
    return "　".join(part for part in parts if part)


def caveat_line(slide: Slide) -> str:
    """What must be said beside the figures of the headline; empty where nothing."""
    return _("；").join(map(words, slide.caveats))


def slide_legend(slide: Slide) -> str:
    """What the marks mean, and which years are silent."""
    if not slide.cited:
        return words(slide.status_words)
    return legend(slide.marks, slide.growth, slide.silent_years)


# ---------------------------------------------------------------- pieces


def _parts(one: Standing) -> Iterator[Part]:
    start = 0
    for group, (field, called) in enumerate(GROUP_NAMES.items()):
        count = getattr(one, field)
        if count:
            yield Part(name(one.place), start, count, group, f"{words(called)} {count}")
            start += count


def _spoken_overview(deck: Deck, count: int, foot: Stamp) -> SpokenSlide:
    groups = tuple(
        (words(called), tuple(getattr(one, field) for one in deck.standings))
        for field, called in GROUP_NAMES.items()
    )
    return SpokenSlide(
        kicker=_("城市目标"),
        page=f"1 / {count}",
        headline=words(overview(deck)),
        foot=((_("各项只与自身目标比，不跨地区排名"), foot.as_of), ("", foot.digest)),
        notes=overview_alternative(deck),
        alternative=overview_alternative(deck),
        bars=SpokenBars(tuple(name(one.place) for one in deck.standings), groups),
    )


def _spoken(slide: Slide, at: int, count: int, foot: Stamp) -> SpokenSlide:
    return SpokenSlide(
        kicker=f"{_('城市目标')} · {name(slide.place)}",
        page=f"{at} / {count}",
        headline=headline_of(slide),
        caveat=caveat_line(slide),
        foot=((slide_legend(slide), foot.as_of), (source_line(slide), foot.digest)),
        notes="\n".join([headline_of(slide), *map(_cited_line, slide.cited)]),
        alternative=alternative_of(slide),
        lines=tuple(_series(slide)),
    )


def _series(slide: Slide) -> Iterator[SpokenSeries]:
    path = path_of(slide)
    years = sorted({path.target_year, *(point.year for point in path.points)})
    spare = 1 if years[0] == years[-1] else 0
    ends = range(years[0] - spare, years[-1] + spare + 1)
    goal = tuple(SpokenPoint(year, path.goal, path.goal_said) for year in ends)
    yield SpokenSeries(_("目标"), "goal", goal)
    called = {
        "way": (_("应达进度"), ("base", "expected")),
        "projected": (_("外推"), ("projected",)),
        "actual": (_("实绩"), ("actual",)),
    }
    for style, (label, kinds) in called.items():
        points = tuple(
            SpokenPoint(point.year, point.value, point.said, point.is_hollow, point.is_weak)
            for point in path.points
            if point.kind in kinds
        )
        if points:
            yield SpokenSeries(label, style, points)


def _cited_line(cited: Cited) -> str:
    trust = [words(KIND_NAMES[cited.kind]), words(GRADE_NAMES[cited.grade])]
    if cited.fit is not Fit.same:
        trust.append(words(FIT_NAMES[cited.fit]))
    parts = [
        f"{formats.day(cited.as_of)} {figure(cited.value)}", _("、").join(trust),
        cited.title, cited.published, cited.url,
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def _deciding_source(slide: Slide) -> str:
    """Where the figure stands that decided the status: its title, or, of a long one, its site."""
    deciding = (one for one in slide.cited if one.as_of.year == slide.status_year)
    cited = next(deciding, None)
    if cited is None:
        return ""
    is_short = len(cited.title) <= _LONGEST_SOURCE or not cited.url
    return cited.title if is_short else urlsplit(cited.url).netloc
