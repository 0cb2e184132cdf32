"""What people were told in the year's last weeks, and what of it they have read by now."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from models.actions.mails import choose_mails, set_email
from models.actions.messages import read_all_messages, tell
from models.clock import now_utc
from models.rules.mails import MailChoice
from models.tables.messages import Message
from seed.year.cast import ACCOUNTS
from seed.year.stage import Stage

READ_AFTER_DAYS = 4
"""Older messages have been read."""
MAILS = {"agency01": MailChoice.digest, "reviewer": MailChoice.turn}
"""Who gets mails, and which."""


def told(stage: Stage) -> None:
    """Everybody is told; what is some days old was read; two have an address for mails."""
    while not tell(stage.session).is_done:
        pass
    before = now_utc() - timedelta(days=READ_AFTER_DAYS)
    newest = select(func.max(Message.id)).where(col(Message.at_utc) < before)
    up_to = stage.session.execute(newest).scalar_one() or 0
    for username, _name, _role in ACCOUNTS:
        read_all_messages(stage.session, stage.actor(username), up_to)
    for username, choice in MAILS.items():
        actor = stage.actor(username)
        set_email(stage.session, stage.actor("admin"), actor.account_id, f"{username}@example.cn")
        choose_mails(stage.session, actor, choice)
