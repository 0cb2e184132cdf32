"""Importing 10,000 members from a workbook, every row checked."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from openpyxl import Workbook

from bench import drawing
from bench.databases import ROOT
from bench.peers.django_admin.heads import HEADS
from bench.stage import Stage
from bench.timing import Line, middle, ms
from models.exchange.sheets import SHEET_OF, SheetKind

MEMBERS = 10_000
_ROUNDS = 2


def imports(stage: Stage) -> list[Line]:
    """The same workbook through our import and through django-import-export, each in a process of
    its own.

    Both do what they do for a person: a dry run that checks every row, then the import, which
    checks again. The peer is measured as installed, and tuned (written a thousand at a time, no
    picture of the differences); both find each row's record by its code and clean it with the
    model's validators. Peak memory is the whole process's, imports of libraries included.
    """
    book = stage.folder / "members.xlsx"
    write_book(book)
    ways = ("ours", "installed", "tuned")
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for at in range(1 if stage.is_quick else _ROUNDS):
        for way in ways:
            if way != "installed" or at == 0:
                found[way].append(_measured(stage, way, book))
    ours_ms, ours_mb = (middle([run[of] for run in found["ours"]]) for of in ("ms", "mb"))
    idle_mb = middle([run["idle_mb"] for run in found["ours"]])
    lines = [
        _line(ours_ms, found[way], way, at_most)
        for way, at_most in (("installed", 0.1), ("tuned", None))
    ]
    most = max(run["mb"] for run in found["tuned"] + found["installed"])
    return [
        *lines,
        Line("import, peak memory", f"{ours_mb:.0f} MB", f"django-import-export {most:.0f} MB",
             f"{ours_mb / most:.2f} ×", "≤ 150 MB", ours_mb <= 150,
             f"{idle_mb:.0f} MB before the file is opened"),
    ]  # fmt: skip


def _line(ours_ms: float, peers: list[dict[str, float]], way: str, at_most: float | None) -> Line:
    peer_ms = middle([run["ms"] for run in peers])
    ratio = ours_ms / peer_ms
    goal = "" if at_most is None else f"≤ {at_most:g} ×"
    met = None if at_most is None else ratio <= at_most
    work = f"import {MEMBERS:,} members, dry run and import"
    return Line(f"{work}, peer {way}", ms(ours_ms),
                f"django-import-export {way} {ms(peer_ms)}", f"{ratio:.2f} ×", goal, met)  # fmt: skip


def write_book(path: Path) -> None:
    """A workbook of members as somebody would fill in our template."""
    sheet = SHEET_OF[SheetKind.enterprises]
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.name)
    page.append([HEADS[field] for field in HEADS])
    for row in _members():
        page.append(row)
    book.save(path)


def _members() -> Iterator[list[object]]:
    draw = Random(4)
    for serial in range(MEMBERS):
        name = drawing.enterprise_name(draw)
        registered_on = datetime.date(2015, 1, 1) + datetime.timedelta(days=draw.randint(0, 3_000))
        yield [
            drawing.code_of("MC", serial), name, registered_on, drawing.district(draw),
            drawing.industry(draw), "成长", "无", registered_on + datetime.timedelta(days=40),
            f"联系人 {serial}", f"1380000{serial:04d}", name, "示例银行大连分行",
            drawing.account_number(900_000 + serial),
        ]  # fmt: skip


def _measured(stage: Stage, way: str, book: Path) -> dict[str, float]:
    database = stage.folder / f"import-{way}.db"
    shutil.copyfile(stage.theirs(stage.small), database)
    done = subprocess.run(
        [sys.executable, "-m", "bench.one_import", way, str(book)],
        cwd=ROOT,
        env={**os.environ, "BENCH_DATABASE": str(database), "DATABASE_URL": f"sqlite:///{database}",
             "DATA_FOLDER": str(stage.folder_of("import")),
             "DJANGO_SETTINGS_MODULE": "bench.peers.django_admin.settings"},
        check=True,
        capture_output=True,
        text=True,
    )  # fmt: skip
    for left in stage.folder.glob(f"{database.name}*"):
        left.unlink()
    run: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if run["rows"] != MEMBERS:
        raise AssertionError(f"{run['rows']} of {MEMBERS} rows written")
    return run
