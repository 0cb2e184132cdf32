"""The operator's commands (运维命令): thin over `models`, in words, with exit codes.

0 done · 1 refused, or problems found · 2 wrong usage, or the database cannot be reached
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from models.database import default_engine, deployment, session
from models.rules.errors import Refusal
from models.rules.roles import ROLE_NAMES, Actor, Role

if TYPE_CHECKING:
    from sqlmodel import Session

    from models.actions.imports import SheetCount, Upload
    from models.exchange.problems import Problem

app = typer.Typer(
    help="科技创新服务零费区：运维命令。The operator's commands.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
seed = typer.Typer(
    help="写入基础数据或演示数据。Fill in reference or demonstration data.", no_args_is_help=True
)
account = typer.Typer(help="账号。Accounts.", no_args_is_help=True)
app.add_typer(seed, name="seed")
app.add_typer(account, name="account")


# ---------------------------------------------------------------- database


@app.command()
def migrate() -> None:
    """建表或升级到最新版本，数据保留。Bring the database to the newest tables, data kept."""
    from models.migrations.course import UnknownDatabase, newest_revision, upgrade

    with plainly():
        try:
            before = upgrade(default_engine())
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


# ---------------------------------------------------------------- import


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


# ---------------------------------------------------------------- accounts


@account.command("add")
def add_account(
    username: str,
    role: Annotated[Role, typer.Option(help="角色。Role.")],
    name: Annotated[str, typer.Option(help="显示的姓名或称谓，默认为角色名。Shown name.")] = "",
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="从标准输入读密码，不询问。Read the password from stdin."
        ),
    ] = False,
) -> None:
    """新增账号并授予角色；空系统的第一位管理员由此产生。Add an account with a role."""
    from models.actions.accounts import NewAccount
    from models.actions.accounts import add_account as add
    from models.actions.grants import NewGrant, grant_role
    from models.actions.steps import system_actor
    from models.clock import today

    password = typed_password(from_stdin=password_stdin)
    new = NewAccount(username, name or str(ROLE_NAMES[role]))
    with plainly(), session(write=True) as current:
        account_id = add(current, system_actor(), new, password, must_change_password=False)
        grant_role(current, system_actor(), account_id, NewGrant(role, today()))
    say_done(f"已新增账号 {username.strip().lower()}，角色：{ROLE_NAMES[role]}")


# ---------------------------------------------------------------- backup


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
    from models.backup import needs_migration, restore_backup
    from models.migrations.course import upgrade

    with plainly():
        manifest = restore_backup(folder, default_engine(), deployment().data_folder)
        if needs_migration(manifest):
            upgrade(default_engine())
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


@app.command()
def daily() -> None:
    """每日一次：逾期未补正的撤回，无奖励的办结。The system's own steps, once a day."""
    from models.actions.daily import take_daily_steps

    with plainly():
        steps = take_daily_steps()
    for step in steps:
        if step.refusal is not None:
            say_progress(f"{step.number} {step.action.value}：{step.refusal}")
    moved = sum(step.refusal is None for step in steps)
    say_done(f"已办理 {moved} 件，未能办理 {len(steps) - moved} 件")


@app.command("tell")
def tell_people(
    send: Annotated[
        bool, typer.Option("--send", help="同时写出并发送到期的邮件。Send the mails that are due.")
    ] = False,
) -> None:
    """告知：把操作记录中的新事写成各人的消息；--send 并发送邮件。Tell people; send their mails."""
    from models.actions.mailing import OUTCOMES, by_server, send_post, tell_all

    if send and not deployment().sends_mail:
        stop("没有配置邮件：请设置 SMTP_HOST、MAIL_FROM、PUBLIC_URL。")
    with plainly():
        said = f"已告知 {tell_all(default_engine())} 条消息"
        if send:
            sent = send_post(default_engine(), deployment().public_url, by_server(deployment()))
            said += "；邮件" + "，".join(f"{name} {sent[it]} 封" for it, name in OUTCOMES.items())
    say_done(said)


# ---------------------------------------------------------------- words


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


def console() -> Console:
    """As wide as the terminal; a file or a pipe gets whole lines."""
    return Console() if sys.stdout.isatty() else Console(width=400)


@contextmanager
def plainly() -> Iterator[None]:
    """Expected trouble in a sentence instead of a traceback."""
    try:
        yield
    except Refusal as refusal:
        refuse(str(refusal.wording))
    except DBAPIError as trouble:
        first = str(trouble.orig).strip().splitlines()[:1]
        stop(f"数据库无法使用：{''.join(first)}\n新数据库请先运行：python manage.py migrate")
    except (SQLAlchemyError, ModuleNotFoundError) as trouble:
        stop(f"DATABASE_URL 无法识别：{trouble}")
    except OSError as trouble:
        stop(f"文件无法读写：{trouble}")


def say_done(words: str) -> None:
    """What was done, on standard output."""
    typer.echo(words)


def say_progress(words: str) -> None:
    """How far a long command is, on standard error."""
    typer.echo(words, err=True)


def refuse(words: str) -> NoReturn:
    """Refused, or problems found: exit code 1."""
    typer.secho(words, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


def stop(words: str) -> NoReturn:
    """The command could not even begin: exit code 2."""
    typer.secho(words, fg=typer.colors.RED, err=True)
    raise typer.Exit(2)


def typed_password(*, from_stdin: bool) -> str:
    """The password, from standard input or asked for twice."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("密码 Password", hide_input=True, confirmation_prompt=True))


if __name__ == "__main__":
    app()
