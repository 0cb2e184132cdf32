"""The post goes out (发信): every mail that is due, one after the other, each in transactions of its
own around the talk with the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from sqlalchemy import Engine

from models.actions.mails import (
    Outgoing,
    compose_mails,
    next_mail,
    note_delivery,
    settle_broken_off,
)
from models.actions.messages import tell
from models.database import Deployment, session
from models.exchange.mail_server import Handed, MailServer, hand_over
from models.rules.mails import OUTCOMES, MailState

__all__ = ["OUTCOMES", "by_server", "send_post", "tell_all"]

Hand = Callable[[Outgoing], Handed]


def tell_all(engine: Engine) -> int:
    """Tell everything the record holds that was not told yet; how many messages were written."""
    messages, is_done = 0, False
    while not is_done:
        with session(engine, write=True) as current:
            told = tell(current)
        messages, is_done = messages + told.messages, told.is_done
    return messages


def send_post(engine: Engine, public_url: str, hand: Hand) -> Mapping[MailState, int]:
    """Compose what is due, and hand over every mail that is.

    Args:
        engine: the database.
        public_url: what the links begin with.
        hand: gives one mail to the server, outside any transaction.

    Returns:
        How many mails came to stand where; those put off are `queued`.
    """
    counts: Counter[MailState] = Counter()
    with session(engine, write=True) as current:
        counts[MailState.unclear] += settle_broken_off(current)
        compose_mails(current, public_url)
    while True:
        with session(engine, write=True) as current:
            mail = next_mail(current)
        if mail is None:
            return counts
        handed = hand(mail)
        with session(engine, write=True) as current:
            counts[note_delivery(current, mail.id, handed)] += 1


def by_server(deployment: Deployment) -> Hand:
    """Handing over to the deployment's mail server."""
    server = MailServer(
        deployment.smtp_host, deployment.smtp_port, deployment.smtp_security,
        deployment.smtp_user, deployment.smtp_password.get_secret_value(), deployment.mail_from,
    )  # fmt: skip
    return lambda mail: hand_over(server, mail.key, mail.address, mail.words)
