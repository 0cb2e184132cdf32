"""Searching the register of members by a part of the name."""

from __future__ import annotations

import contextlib
from itertools import cycle
from urllib.parse import quote

from bench.django_client import Admin
from bench.generate import Size
from bench.servers import django_admin, our_app
from bench.stage import Stage
from bench.streamlit_client import Visitor
from bench.timing import Line, against, alternately
from models.clock import today

_WORDS = ("云辰", "智能装备", "海科", "东北", "星河网络", "德润")


def search(stage: Stage) -> list[Line]:
    """The real page of the register beside the admin's search box, for six parts of names in turn.

    Both look for the part anywhere in the name, both show fifty rows and count what matches. Some
    parts match hundreds of members, one matches none. The admin offers two filters whose choices it
    knows; ours offers four and reads two of them from the table.
    """
    folder = stage.folder_of("search")
    with contextlib.ExitStack() as open_:
        ours_at = open_.enter_context(our_app(folder, stage.ours(stage.large)))
        django = open_.enter_context(django_admin(folder, stage.theirs(stage.large)))
        token = stage.tokens[stage.large][0]
        ours = open_.enter_context(Visitor(ours_at, "members", token=token))
        admin = Admin(django, "admin1")
        asked, looked_up = cycle(_WORDS), cycle(_WORDS)
        spreads = alternately(
            lambda: ours.rerun(f"q={quote(next(asked))}"),
            lambda: admin.get(f"/admin/zone/enterprise/?q={quote(next(looked_up))}"),
            rounds=max(12, stage.rounds // 6 * 6),
            warm=len(_WORDS),
        )
    members = Size(stage.large, today()).enterprises
    return [against(f"search by part of a name, {members:,} members", *spreads, at_most=0.7)]
