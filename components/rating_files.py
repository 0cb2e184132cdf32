"""A rating period as a workbook (考评工作簿): league, components, who takes no part, replies with their
answers, what may follow, what happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from components import formats
from components.language import _, words
from components.rating_answers import correction_words
from components.rating_words import good_said, group_name
from models.exchange.listing import DEMONSTRATION_MARK
from models.exchange.meeting_workbook import Cell, MeetingSheet, meeting_workbook
from models.queries.claims import services_listed
from models.queries.ratings import BoardRow, PeriodBoard, period_board
from models.queries.settings import is_demonstration
from models.rules.rating.freezing import PartShown
from models.rules.rating.standings import why_unrated
from models.rules.roles import Actor


def rating_xlsx(last_month: str, session: Any, actor: Actor) -> bytes:
    """The whole period as this person may read it."""
    board = period_board(session, actor, last_month)
    mark = _(DEMONSTRATION_MARK) if is_demonstration(session) else ""
    title = " · ".join(
        (
            _("服务质量考评"), words(board.period.window.name), formats.label(board.period.state),
            _("方案第 {version} 版").format(version=board.scheme.version),
        )
    )  # fmt: skip
    services = services_listed(session)
    sheets = (
        _league(board), _parts(board), _unrated(board), _replies(board, services),
        _consequences(board), _events(board),
    )  # fmt: skip
    return meeting_workbook(title, mark, sheets)


def _league(board: PeriodBoard) -> MeetingSheet:
    heads = (
        (_("同类"), 16), (_("服务机构"), 30), (_("统一社会信用代码"), 22), (_("等级"), 8),
        (_("得分"), 8), (_("区间下端"), 10), (_("区间上端"), 10), (_("位次起"), 8),
        (_("位次止"), 8), (_("同类家数"), 10), (_("上期得分"), 10), (_("版本"), 8),
    )  # fmt: skip
    return MeetingSheet(_("位次"), heads, tuple(_league_row(row) for row in board.rated))


def _league_row(row: BoardRow) -> tuple[Cell, ...]:
    one = row.outcome
    before = row.before.score_hundredths if row.before else None
    return (
        group_name(one.peer_group), row.agency, row.uscc, one.mark.value if one.mark else None,
        _points(one.score_hundredths), _points(one.low_hundredths), _points(one.high_hundredths),
        one.rank_from, one.rank_to, one.ranked_of, _points(before), row.number or None,
    )  # fmt: skip


def _parts(board: PeriodBoard) -> MeetingSheet:
    heads = (
        (_("服务机构"), 30), (_("考评项目"), 16), (_("权重"), 8), (_("样本"), 8), (_("好的"), 8),
        (_("本机构"), 10), (_("同类"), 10), (_("计分用"), 10), (_("得分"), 8),
    )  # fmt: skip
    rows = (
        (row.agency, *_part_row(part))
        for row in (*board.rated, *board.unrated)
        for part in row.outcome.parts
    )
    return MeetingSheet(_("分项"), heads, tuple(rows))


def _part_row(part: PartShown) -> tuple[Cell, ...]:
    return (
        formats.label(part.component), part.weight, part.cases, good_said(part.good),
        _share(part.own_millionths), _share(part.peers_millionths), _share(part.mean_millionths),
        _points(part.points_hundredths),
    )  # fmt: skip


def _unrated(board: PeriodBoard) -> MeetingSheet:
    heads = ((_("服务机构"), 30), (_("原因|未参评"), 24), (_("完成件数"), 10), (_("入会月数"), 10))
    rows = (
        (
            row.agency, words(why_unrated(row.outcome.unrated, board.scheme)),
            row.outcome.signals.concluded, row.outcome.signals.months,
        )
        for row in board.unrated
        if row.outcome.unrated is not None
    )  # fmt: skip
    return MeetingSheet(_("未参评"), heads, tuple(rows))


def _replies(board: PeriodBoard, services: Any) -> MeetingSheet:
    heads = (
        (_("服务机构"), 30), (_("阶段|申辩"), 8), (_("考评项目"), 16), (_("提出"), 40),
        (_("结果"), 12), (_("答复"), 40), (_("更正"), 40),
    )  # fmt: skip
    rows = (
        (
            one.agency, formats.label(one.stage), formats.label(one.component), one.said,
            formats.label(one.state), one.answer,
            _("；").join(correction_words(made, services) for made in one.adjustments),
        )
        for one in board.replies
    )  # fmt: skip
    return MeetingSheet(_("申辩复议"), heads, tuple(rows))


def _consequences(board: PeriodBoard) -> MeetingSheet:
    heads = (
        (_("服务机构"), 30), (_("结果运用"), 16), (_("依据|考评"), 30), (_("结果"), 16),
        (_("理由"), 40),
    )  # fmt: skip
    rows = (
        (one.agency, formats.label(one.kind), words(one.grounds), formats.label(one.state),
         one.reason)
        for one in board.consequences
    )  # fmt: skip
    return MeetingSheet(_("结果运用"), heads, tuple(rows))


def _events(board: PeriodBoard) -> MeetingSheet:
    heads = (
        (_("时间"), 18), (_("步骤"), 16), (_("服务机构"), 30), (_("办理人"), 16), (_("理由"), 40),
    )  # fmt: skip
    rows: Iterable[tuple[Cell, ...]] = (
        (formats.instant(one.at_utc), words(one.name), one.agency, one.by, one.reason)
        for one in board.events
    )
    return MeetingSheet(_("经过"), heads, tuple(rows))


def _points(hundredths: int | None) -> float | None:
    return None if hundredths is None else hundredths / 100


def _share(millionths: int | None) -> float | None:
    return None if millionths is None else round(millionths / 1_000_000, 4)
