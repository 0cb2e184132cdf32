"""A real SMTP server in this process, and what it was given."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, SECRET = "zone", "a password of the post"


@dataclass
class PostOffice:
    """What it answers, and what it has taken.

    Attributes:
        to_recipient, to_mail: its answers; empty: it takes everything.
        is_cut: it ends the line when it has the mail, without an answer.
    """

    port: int = 0
    to_recipient: str = ""
    to_mail: str = ""
    is_cut: bool = False
    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the server's own names
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Somebody a mail is for."""
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        """The mail itself."""
        if self.to_mail:
            return self.to_mail
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append(message)  # type: ignore[arg-type]
        if self.is_cut:
            server.transport.close()
        return "250 taken"


@contextmanager
def post_office(*, asks_who: bool = False) -> Iterator[PostOffice]:
    """A server on a port of its own."""
    office = PostOffice()

    def authenticate(_server: Any, _session: Any, _envelope: Any, _kind: Any, data: Any) -> Any:
        given = (data.login, data.password) if isinstance(data, LoginPassword) else ()
        is_right = given == (USER.encode(), SECRET.encode())
        return AuthResult(success=is_right, handled=False)  # the server says so itself

    options: dict[str, Any] = {}
    if asks_who:
        options = {"authenticator": authenticate, "auth_require_tls": False, "auth_required": True}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        office.port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
