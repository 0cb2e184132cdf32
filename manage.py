"""The operator's commands (运维命令): thin over `models`, in words, with exit codes.

Each file of `commands/` holds those of one matter; here they become one program.
"""

from __future__ import annotations

import typer

from commands import accounts, backups, databases, importing, rounds

app = typer.Typer(
    help="科技创新服务零费区：运维命令。The operator's commands.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(databases.app)
app.add_typer(importing.app)
app.add_typer(accounts.account, name="account")
app.add_typer(backups.app)
app.add_typer(rounds.app)


if __name__ == "__main__":
    app()
