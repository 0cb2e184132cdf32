"""The command that brings a workbook or papers in, as `/exchange` does: checked first, then whole
or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from commands.words import console, plainly, refuse, say_done, stop
from models.database import session
from models.rules.roles import Actor

if TYPE_CHECKING:
    from sqlmodel import Session

    from models.actions.imports import SheetCount, Upload
    from models.exchange.problems import Problem

app = typer.Typer()


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(help="工作簿 .xlsx、其中一张表的 .csv，或材料压缩包 .zip。")
    ],
    commit: Annotated[
        bool, typer.Option("--commit", help="无错误时整本写入；不加则只试运行。")
    ] = False,
    as_account: Annotated[
        str, typer.Option("--as", help="以哪个账号的名义导入。Whose name it is imported under.")
    ] = "",
) -> None:
    """检查工作簿或材料，逐格列出问题；--commit 整本导入。Check a file; import it whole or not at all."""
    from models.actions.imports import Upload

    if commit and not as_account:
        stop("正式导入须用 --as 写明账号：导入人视为代机构提交人，不能再初审这些申请。")
    with plainly():
        upload = Upload(file.name, file.read_bytes())
        if file.suffix.lower() == ".zip":
            import_papers(upload, as_account, commit=commit)
        else:
            import_book(upload, as_account, commit=commit)


def import_book(upload: Upload, username: str, *, commit: bool) -> None:
    """Check a workbook and, without errors, write it."""
    from models.actions.imports import commit_import, plan_import

    with session() as current:
        plan = plan_import(current, importer(current, username), upload)
    print_problems(plan.problems)
    print_counts(plan.counts)
    refuse_errors(plan.errors, plan.warnings)
    if not commit:
        say_done(
            f"试运行：0 处错误，{plan.warnings} 处提醒，将写入 {plan.changes} 行。加 --commit 导入。"
        )
        return
    with session(write=True) as current:
        done = commit_import(current, importer(current, username), upload, plan.digest)
    say_done(f"已导入 {done.changes} 行。" if done.changes else "内容都已在系统中，没有改动。")


def import_papers(upload: Upload, username: str, *, commit: bool) -> None:
    """Check a zip of papers and, without errors, add them."""
    from models.actions.imports_evidence import commit_evidence, plan_evidence

    with session() as current:
        plan = plan_evidence(current, importer(current, username), upload)
    print_problems(plan.problems)
    refuse_errors(plan.errors, len(plan.problems) - plan.errors)
    if not commit:
        say_done(f"试运行：{plan.claims} 件申请，将新增材料 {plan.new} 份。加 --commit 导入。")
        return
    with session(write=True) as current:
        done = commit_evidence(current, importer(current, username), upload)
    say_done(f"已新增材料 {done.new} 份，{done.unchanged} 份原已存在。")


def refuse_errors(errors: int, warnings: int) -> None:
    """Nothing is imported as long as one error stands."""
    if errors:
        refuse(f"{errors} 处错误，{warnings} 处提醒；没有导入任何内容。")


def importer(current: Session, username: str) -> Actor:
    """The account somebody imports as; the system itself where a dry run names none."""
    from models.actions.steps import system_actor
    from models.queries.people import actor_named

    return actor_named(current, username) if username else system_actor()


def print_problems(problems: Sequence[Problem]) -> None:
    """Every problem as a row: where, what stands there, what is wrong, how to put it right."""
    if not problems:
        return
    table = Table("", "工作表", "单元格", "列", "值", "问题", "改正", box=None, pad_edge=False)
    for problem in problems:
        table.add_row(
            "错误" if problem.is_error else "提醒",
            *map(escape, (problem.sheet, problem.place, problem.column, problem.value)),
            *map(escape, (str(problem.wrong), str(problem.fix))),
        )
    console().print(table)


def print_counts(counts: Sequence[SheetCount]) -> None:
    """What becomes of each sheet's rows."""
    from models.exchange.sheets import SHEET_OF

    table = Table("工作表", "行", "新增", "更新联系方式", "不变", "有误", box=None, pad_edge=False)
    for count in counts:
        figures = (count.rows, count.new, count.contact_updated, count.unchanged, count.faulty)
        table.add_row(SHEET_OF[count.kind].name, *map(str, figures))
    console().print(table)
