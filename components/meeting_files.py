"""What can be taken away from a meeting: PowerPoint, pictures, a workbook; live or frozen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from components import formats
from components.language import _, words
from components.meeting_pictures import slide_pictures
from components.meeting_words import Stamp, headline_of, path_of, spoken_slides, stamp
from components.target_words import name
from models.clock import today
from models.exchange.listing import DEMONSTRATION_MARK
from models.exchange.meeting_slides import meeting_slides
from models.exchange.meeting_workbook import Cell, MeetingSheet, meeting_workbook
from models.queries.meetings import digest_of, frozen_meeting, live_deck
from models.queries.settings import is_demonstration
from models.queries.visibility import refuse_without
from models.rules.roles import Actor, Permission
from models.rules.targets.facts import FIT_NAMES, GRADE_NAMES, KIND_NAMES
from models.rules.targets.saying import figure
from models.rules.targets.slides import Deck, Slide

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ZIP = "application/zip"


def meeting_pptx(number: int | None, session: Any, actor: Actor) -> bytes:
    """The slides as a PowerPoint; of a frozen meeting where a number is given."""
    deck, foot, mark = _meeting(number, session, actor)
    return meeting_slides(spoken_slides(deck, foot), _title(foot), mark)


def meeting_pictures_zip(number: int | None, session: Any, actor: Actor) -> bytes:
    """Every slide as a PNG, in one zip."""
    deck, foot, mark = _meeting(number, session, actor)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        pictures = slide_pictures(deck, spoken_slides(deck, foot), mark)
        for at, picture in enumerate(pictures, start=1):
            archive.writestr(f"{at:02d}.png", picture)
    return target.getvalue()


def meeting_xlsx(number: int | None, session: Any, actor: Actor) -> bytes:
    """Slides, points and sources as a workbook."""
    deck, foot, mark = _meeting(number, session, actor)
    return meeting_workbook(_title(foot), mark, _sheets(deck))


def _meeting(number: int | None, session: Any, actor: Actor) -> tuple[Deck, Stamp, str]:
    refuse_without(actor, Permission.see_meeting)
    mark = _(DEMONSTRATION_MARK) if is_demonstration(session) else ""
    if number is None:
        deck = live_deck(session, today())
        return deck, stamp(deck, digest_of(deck)), mark
    frozen = frozen_meeting(session, actor, number)
    return frozen.deck, stamp(frozen.deck, frozen.line.digest, frozen.line.taken_by), mark


def _title(foot: Stamp) -> str:
    return f"{_('城市目标')} · {foot.as_of} · {foot.digest}"


def _sheets(deck: Deck) -> tuple[MeetingSheet, ...]:
    return (
        MeetingSheet(
            _("各页"),
            ((_("页"), 6), (_("编号"), 10), (_("地区"), 16), (_("指标"), 30), (_("目标值"), 12),
             (_("单位|计量"), 10), (_("目标年"), 9), (_("状态"), 26), (_("标题句"), 70),
             (_("条款"), 14)),
            tuple(_slide_row(at, slide) for at, slide in enumerate(deck.slides, start=2)),
        ),
        MeetingSheet(
            _("图中各点"),
            ((_("编号"), 10), (_("年份"), 8), (_("点的种类"), 14), (_("数值"), 14), (_("标注"), 24)),
            tuple(row for slide in deck.slides for row in _point_rows(slide)),
        ),
        MeetingSheet(
            _("来源"),
            ((_("编号"), 10), (_("截至"), 12), (_("数值"), 14), (_("类型"), 12), (_("可信度"), 12),
             (_("口径"), 12), (_("来源"), 60), (_("发布"), 12), (_("网址"), 50)),
            tuple(row for slide in deck.slides for row in _source_rows(slide)),
        ),
    )  # fmt: skip


def _slide_row(at: int, slide: Slide) -> tuple[Cell, ...]:
    return (
        at, slide.target_id, name(slide.place), name(slide.indicator), float(slide.goal),
        name(slide.unit), slide.target_year, words(slide.status_words), headline_of(slide),
        f"{slide.number} {slide.clause}".strip(),
    )  # fmt: skip


def _point_rows(slide: Slide) -> Iterator[tuple[Cell, ...]]:
    kinds = {
        "actual": _("实绩"), "expected": _("应达进度"), "base": _("基数"), "projected": _("外推"),
    }  # fmt: skip
    for point in path_of(slide).points:
        yield slide.target_id, point.year, kinds[point.kind], point.value, point.said


def _source_rows(slide: Slide) -> Iterator[tuple[Cell, ...]]:
    for cited in slide.cited:
        yield (
            slide.target_id, formats.day(cited.as_of), figure(cited.value),
            words(KIND_NAMES[cited.kind]), words(GRADE_NAMES[cited.grade]),
            words(FIT_NAMES[cited.fit]), cited.title, cited.published, cited.url,
        )  # fmt: skip
