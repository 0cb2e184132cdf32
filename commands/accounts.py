"""The command that adds an account: the first administrator of an empty system comes from here."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.words import plainly, say_done, typed_password
from models.database import session
from models.rules.roles import ROLE_NAMES, Role

account = typer.Typer(help="账号。Accounts.", no_args_is_help=True)


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
