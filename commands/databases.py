"""Commands that make the tables and fill them: the newest tables, reference data, the demonstration
year; the five plans' figures held against the documents."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.words import plainly, refuse, say_done, say_progress, stop
from models.database import default_engine, session

app = typer.Typer()
seed = typer.Typer(
    help="写入基础数据或演示数据。Fill in reference or demonstration data.", no_args_is_help=True
)
app.add_typer(seed, name="seed")


@app.command()
def migrate() -> None:
    """建表或升级到最新版本，数据保留。Bring the database to the newest tables, data kept."""
    from models.actions.upgrading import UnknownDatabase, newest_revision, upgraded

    with plainly():
        try:
            before = upgraded(default_engine())
        except UnknownDatabase:
            refuse("数据库里已有表，但不是由本程序的迁移建立的；没有改动。")
        newest = newest_revision()
        say_done("数据库已是最新" if before == newest else f"数据库：{before or '空'} → {newest}")


@app.command("draft-migration")
def draft_migration(message: str) -> None:
    """按现有表定义起草下一个迁移。Draft the next migration from the tables as they are now."""
    from models.migrations.course import draft

    say_done(f"已起草，请核对：{draft(message)}")


@seed.command("reference")
def seed_reference() -> None:
    """写入服务清单、成果与材料种类、理由代码、参考标准，以及五份方案的目标、实绩和任务。Services, results, papers,
    reasons, reference standards; the five plans' targets, actuals and work items."""
    from models.actions.steps import system_actor
    from seed.reference_data import seed_reference as apply
    from seed.target_data import seed_target_data

    with plainly(), session(write=True) as current:
        parts = apply(current, system_actor()), seed_target_data(current, system_actor())
    inserted, updated, unchanged = (
        sum(counts) for counts in zip(*map(astuple, parts), strict=True)
    )
    say_done(f"基础数据：新增 {inserted}，更新 {updated}，不变 {unchanged}")


@seed.command("demo")
def seed_demo(
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="演示年的最后一天，默认今天。Last day."),
    ] = None,
) -> None:
    """在空数据库中演一年，全部为演示数据。Play a believable year in an empty database."""
    from models.clock import today
    from seed.demo import play_year

    last = until.date() if until else today()
    with plainly():
        if last > today():
            refuse(f"演示年不能结束于将来：{last}")
        done = play_year(default_engine(), last, progress=say_progress)
    say_done(f"演示数据：{done}")


@app.command("check-sources")
def check_sources(
    folder: Annotated[
        Path, typer.Argument(help="五份方案的文本所在的文件夹。The documents' folder.")
    ],
) -> None:
    """逐条核对目标和任务在方案原文中的数值和条款。Find every target and work item in the documents."""
    from seed.plans import faults_in_sources, lines

    with plainly():
        try:
            faults = faults_in_sources(folder)
        except FileNotFoundError as missing:
            stop(f"没有这份文件：{missing}")
    for fault in faults:
        print(fault)
    if faults:
        refuse(f"{len(faults)} 处与原文不符")
    say_done(f"与原文一致：{len(lines('targets'))} 项目标，{len(lines('tasks'))} 项任务")
