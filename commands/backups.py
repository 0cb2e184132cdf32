"""Commands that keep the whole: a backup, its return into an empty database, the proof of the
record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.words import plainly, refuse, say_done
from models.database import default_engine, deployment, session

app = typer.Typer()


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="空文件夹，不存在则新建。An empty folder.")],
) -> None:
    """备份数据库、材料和密钥，系统可继续使用。Back up while the server runs."""
    from models.backup import make_backup

    with plainly():
        made = make_backup(default_engine(), deployment().data_folder, folder)
    say_done(
        f"已备份 {len(made.tables)} 张表 {made.rows} 行、{len(made.files)} 个文件；"
        f"操作记录第 {made.chain_seq} 条，链头 {made.chain_hash}"
    )


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="备份所在的文件夹。The backup's folder.")],
) -> None:
    """把备份恢复到空数据库，并核验。Restore into an empty database, then verify."""
    from models.actions.upgrading import upgraded
    from models.backup import needs_migration, restore_backup

    with plainly():
        manifest = restore_backup(folder, default_engine(), deployment().data_folder)
        if needs_migration(manifest):
            upgraded(default_engine())
    say_done(f"已恢复 {manifest.rows} 行；备份时间 {manifest.made_at_utc}")
    verify()


@app.command()
def verify() -> None:
    """核验操作记录与材料文件未被改动。Prove that the record was not altered."""
    from models.actions.evidence import files_missing
    from models.queries.verification import verify as verify_record

    with plainly(), session() as current:
        found = verify_record(current)
        missing = files_missing(current)
    if found.first_broken is not None:
        refuse(f"核验未通过：{found.first_broken}")
    if missing:
        refuse(f"缺少 {len(missing)} 个材料文件，第一个：{missing[0]}")
    uncovered = f"；第 {found.uncovered_from_seq} 条起尚无存证" if found.uncovered_from_seq else ""
    say_done(
        f"核验通过：{found.rows} 条操作记录，{found.claims} 件申请，{found.anchors} 处存证{uncovered}\n"
        f"链头 {found.head}"
    )
