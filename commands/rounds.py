"""Commands a clock runs: the system's own steps once a day, and telling people what the record
holds."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.words import plainly, say_done, say_progress, stop
from models.database import default_engine, deployment

app = typer.Typer()


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
