"""How a command speaks: what was done, how far it is, why it was refused, and the exit code.

0 done · 1 refused, or problems found · 2 wrong usage, or the database cannot be reached
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from models.rules.errors import Refusal


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
