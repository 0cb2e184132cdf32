"""Mails: composed once, sent at most once through a real server, in the reader's language, and without
anything that is not theirs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from models.actions.mailing import by_server, send_post, tell_all
from models.actions.mails import (
    PAUSE_MINUTES,
    choose_mails,
    compose_mails,
    next_mail,
    note_delivery,
    set_email,
    settle_broken_off,
)
from models.actions.messages import read_all_messages
from models.clock import standing_at
from models.database import Deployment, session
from models.exchange.mail_server import Delivery, Handed, MailServer, hand_over
from models.exchange.mail_words import MailWords
from models.queries.mails import email_of, own_mails
from models.queries.verification import verify
from models.rules.claim_workflow import Action
from models.rules.errors import AddressRefused, NotAllowed, NotAvailable, NotFound
from models.rules.mails import MOST_TRIES, UNCLEAR_AFTER_MINUTES, MailChoice, MailKind, MailState
from models.tables.messages import Mail
from models.tables.people import Account
from models.tables.reference import Setting
from tests.models.actions.small_words import BACK
from tests.models.exchange.post_office import SECRET, USER, PostOffice, post_office
from tests.rivals import at_once
from tests.town import Town
from tests.world import NOON, later

A = Action
URL = "https://zone.example.cn/"
WORDS = MailWords("零费区", "正文", "<p>正文</p>")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes everything."""
    with post_office() as running:
        yield running


def server_of(office: PostOffice, **changes: Any) -> Deployment:
    """A deployment whose mails leave by a server."""
    values = {
        "smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_security": "none",
        "mail_from": "零费区 <zone@example.cn>", "public_url": URL, **changes,
    }  # fmt: skip
    return Deployment(**values)


def subscribe(town: Town, who: str, choice: MailChoice, language: str = "") -> None:
    """Somebody gets an address, and chooses."""
    actor = town.people[who]
    with town.session() as current:
        set_email(current, town.people["administrator"], actor.account_id, f"{who}@example.cn")
        choose_mails(current, actor, choice)
    town.change(Account, Account.id == actor.account_id, language=language)


def post(town: Town, office: PostOffice) -> dict[MailState, int]:
    """Tell, compose and send; what came of it."""
    tell_all(town.engine)
    counts = send_post(town.engine, URL, by_server(server_of(office)))
    return {state: count for state, count in counts.items() if count}


def mails(town: Town) -> list[Mail]:
    """Every mail there is."""
    with session(town.engine) as current:
        return list(current.exec(select(Mail).order_by(col(Mail.id))))


def returned(town: Town) -> str:
    """A claim returned to its agency."""
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    return number


# ---------------------------------------------------------------- whose, and which


def test_the_administrator_puts_an_address_on_record_sealed(town: Town) -> None:
    account_id = town.people["agency"].account_id
    with town.session() as current:
        kept = set_email(current, town.people["administrator"], account_id, " Wang@Example.CN ")
    assert kept == "Wang@example.cn"
    with session(town.engine) as current:
        assert email_of(current, account_id) == kept
        assert own_mails(current, town.people["agency"]).choice is MailChoice.none
        assert verify(current).is_sound
    town.change(Account, Account.id == account_id, email="other@example.cn")
    with session(town.engine) as current:
        assert "邮箱" in str(verify(current).first_broken)


def test_nobody_else_does_and_what_is_no_address_is_refused(town: Town) -> None:
    account_id = town.people["agency"].account_id
    for who in ("agency", "lead", "auditor"):
        with town.session() as current, pytest.raises(NotAllowed):
            set_email(current, town.people[who], account_id, "a@b.cn")
    with town.session() as current:
        with pytest.raises(AddressRefused):
            set_email(current, town.people["administrator"], account_id, "a@b")
        with pytest.raises(NotFound):
            set_email(current, town.people["administrator"], 999_999, "a@b.cn")


def test_without_an_address_no_mail_can_be_chosen_and_without_one_again_none_is(town: Town) -> None:
    agency = town.people["agency"]
    with town.session() as current:
        with pytest.raises(NotAvailable, match="还没有登记邮箱"):
            choose_mails(current, agency, MailChoice.digest)
        choose_mails(current, agency, MailChoice.none)
    subscribe(town, "agency", MailChoice.turn)
    with town.session() as current:
        assert own_mails(current, agency).choice is MailChoice.turn
        assert set_email(current, town.people["administrator"], agency.account_id, " ") == ""
        assert own_mails(current, agency).choice is MailChoice.none


# ---------------------------------------------------------------- composing


def test_an_instant_mail_tells_of_a_turn_at_once_and_once(town: Town, office: PostOffice) -> None:
    subscribe(town, "agency", MailChoice.turn)
    number = returned(town)
    assert post(town, office) == {MailState.sent: 1}
    (message,) = office.taken
    assert (message["To"], message["From"]) == ("agency@example.cn", "零费区 <zone@example.cn>")
    assert message["Subject"] == "零费区：等您办理 1 项，新消息 0 条"
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    for body in (text, html):
        assert f"{number} 被退回补正：材料不齐或未盖章" in body
        assert f"https://zone.example.cn/claim?no={number}" in body
        assert "https://zone.example.cn/inbox" in body
        assert "6222" not in body
    assert post(town, office) == {}
    town.step("agency", number, A.submit)
    town.step("reviewer2", number, A.pass_pre_review)  # no turn of the agency's
    assert post(town, office) == {}
    second = returned(town)
    assert post(town, office) == {MailState.sent: 1}
    assert number not in str(office.taken[1].get_body(("plain",)))
    assert second in str(office.taken[1].get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_what_was_read_before_the_mail_left_is_not_mailed(town: Town, office: PostOffice) -> None:
    subscribe(town, "agency", MailChoice.turn)
    returned(town)
    tell_all(town.engine)
    with town.session() as current:
        read_all_messages(current, town.people["agency"], 999_999)
    assert post(town, office) == {}


def test_a_digest_comes_once_a_working_day_from_the_morning_on(
    town: Town, office: PostOffice
) -> None:
    subscribe(town, "agency", MailChoice.digest, "en")
    number = returned(town)
    friday = NOON
    with standing_at(datetime(2026, 11, 19, 23, 30, tzinfo=UTC)):  # half past seven at the office
        assert post(town, office) == {}
    with standing_at(friday):
        assert post(town, office) == {MailState.sent: 1}
        assert post(town, office) == {}
    with standing_at(friday + timedelta(days=1)):  # a Saturday
        assert post(town, office) == {}
    with standing_at(friday + timedelta(days=3)):
        assert post(town, office) == {MailState.sent: 1}
    first, second = office.taken
    assert first["Subject"] == "Zero-fee zone: 1 for you to do, 2 new messages"
    body = first.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Claims to put right: 1" in body
    assert "https://zone.example.cn/claims?pile=turn" in body
    assert f"{number} was returned: Paper missing or not sealed" in body
    assert second["Subject"] == "Zero-fee zone: 1 for you to do, 0 new messages"
    assert {mail.kind for mail in mails(town)} == {MailKind.digest}


def test_where_nothing_waits_and_nothing_is_new_no_digest_comes(
    town: Town, office: PostOffice
) -> None:
    subscribe(town, "enterprise", MailChoice.digest)
    assert post(town, office) == {}
    assert mails(town) == []


def test_a_demonstration_marks_its_mails_and_a_locked_account_gets_none(
    town: Town, office: PostOffice
) -> None:
    with town.session() as current:
        current.add(Setting(key="is_demonstration", value=True, valid_from=NOON.date(),
                            confirmed_at_utc=NOON))  # fmt: skip
    for who in ("agency", "agency2"):
        subscribe(town, who, MailChoice.turn)
    returned(town)
    second = town.file(agreement_id=town.agreements["second"])
    town.step("reviewer", second, A.return_pre_review, **BACK)
    town.change(Account, Account.username == "agency2", is_locked=True)
    assert post(town, office) == {MailState.sent: 1}
    assert office.taken[0]["Subject"].startswith("[演示数据] ")
    assert office.taken[0].get_body(("plain",)).get_content().startswith("演示数据")  # type: ignore[union-attr]


def test_what_has_left_is_not_kept(town: Town, office: PostOffice) -> None:
    subscribe(town, "agency", MailChoice.turn)
    returned(town)
    post(town, office)
    (mail,) = mails(town)
    assert (mail.state, mail.tries, mail.body_text, mail.body_html) == (MailState.sent, 1, "", "")
    assert mail.sent_at_utc == NOON


def test_two_who_send_at_the_same_moment_send_one_mail(town: Town, office: PostOffice) -> None:
    for who in ("agency", "reviewer"):
        subscribe(town, who, MailChoice.turn)
    number = returned(town)
    town.step("agency", number, A.submit)
    came_to = at_once(*[lambda: post(town, office)] * 3)
    assert not [one for one in came_to if isinstance(one, Exception)], came_to
    assert sorted(str(message["To"]) for message in office.taken) == [
        "agency@example.cn", "reviewer@example.cn",
    ]  # fmt: skip
    assert [mail.state for mail in mails(town)] == [MailState.sent] * 2


# ---------------------------------------------------------------- sending


def written(town: Town) -> int:
    """One mail in the queue; its number."""
    subscribe(town, "agency", MailChoice.turn)
    returned(town)
    tell_all(town.engine)
    with town.session() as current:
        assert compose_mails(current, URL) == 1
        assert compose_mails(current, URL) == 0
    (mail,) = mails(town)
    assert mail.id is not None
    return mail.id


def taken(town: Town) -> Any:
    """The next mail, taken to be sent."""
    with town.session() as current:
        return next_mail(current)


def noted(town: Town, mail_id: int, delivery: Delivery) -> MailState:
    """What came of a mail is noted."""
    with town.session() as current:
        return note_delivery(current, mail_id, Handed(delivery, "because"))


def test_what_the_server_puts_off_is_tried_again_later_and_given_up_at_last(town: Town) -> None:
    mail_id, passed = written(town), 0
    for tries in range(1, MOST_TRIES + 1):
        with later(minutes=passed):
            mail = taken(town)
            assert mail is not None and mail.id == mail_id
            assert taken(town) is None
            state = noted(town, mail_id, Delivery.put_off)
            assert taken(town) is None
        assert state is (MailState.queued if tries < MOST_TRIES else MailState.given_up)
        passed += PAUSE_MINUTES * 2 ** (tries - 1)
    with later(days=30):
        assert taken(town) is None
    (mail,) = mails(town)
    assert (mail.tries, mail.fault, mail.body_text) == (MOST_TRIES, "because", "")


@pytest.mark.parametrize(
    ("delivery", "state"),
    [
        (Delivery.taken, MailState.sent),
        (Delivery.refused, MailState.given_up),
        (Delivery.unclear, MailState.unclear),
    ],
)
def test_what_came_of_it_ends_it(town: Town, delivery: Delivery, state: MailState) -> None:
    mail_id = written(town)
    assert taken(town).id == mail_id
    assert noted(town, mail_id, delivery) is state
    with later(days=30):
        assert taken(town) is None


def test_one_whose_sending_broke_off_is_never_sent_again(town: Town, office: PostOffice) -> None:
    mail_id = written(town)
    assert taken(town).id == mail_id  # and the process is killed here
    with town.session() as current:
        assert settle_broken_off(current) == 0
    assert post(town, office) == {}
    with later(minutes=UNCLEAR_AFTER_MINUTES + 1):
        assert post(town, office) == {MailState.unclear: 1}
        assert post(town, office) == {}
    assert office.taken == []


def test_a_process_that_dies_while_it_sends_sends_nothing_twice(
    town: Town, office: PostOffice
) -> None:
    written(town)

    def dies(mail: Any) -> Handed:
        by_server(server_of(office))(mail)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_post(town.engine, URL, dies)
    assert len(office.taken) == 1
    for minutes in (0, UNCLEAR_AFTER_MINUTES + 1, 600):
        with later(minutes=minutes):
            post(town, office)
    assert len(office.taken) == 1
    assert [mail.state for mail in mails(town)] == [MailState.unclear]


# ---------------------------------------------------------------- the server


def hand(office: PostOffice, **changes: Any) -> Handed:
    """Hand a mail over to it."""
    values: dict[str, Any] = {
        "host": "127.0.0.1", "port": office.port, "security": "none", "user": "", "password": "",
        "sender": "zone@example.cn", **changes,
    }  # fmt: skip
    return hand_over(MailServer(**values), "turn:1:2", "wang@example.cn", WORDS)


def test_a_server_that_takes_it_has_it(office: PostOffice) -> None:
    assert hand(office) == Handed(Delivery.taken)
    (message,) = office.taken
    assert message["Message-ID"] == "<turn.1.2@example.cn>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(
    ("answers", "delivery", "fault"),
    [
        ({"to_recipient": "450 later"}, Delivery.put_off, "450 later"),
        ({"to_recipient": "550 nobody here"}, Delivery.refused, "550 nobody here"),
        ({"to_mail": "451 later"}, Delivery.put_off, "451 later"),
        ({"to_mail": "554 no"}, Delivery.refused, "554 no"),
    ],
)
def test_a_server_that_says_no_is_believed(
    office: PostOffice, answers: dict[str, str], delivery: Delivery, fault: str
) -> None:
    for name, answer in answers.items():
        setattr(office, name, answer)
    assert hand(office) == Handed(delivery, fault)
    assert office.taken == []


def test_a_line_that_breaks_under_the_mail_leaves_it_unclear(office: PostOffice) -> None:
    office.is_cut = True
    assert hand(office).delivery is Delivery.unclear
    assert len(office.taken) == 1


def test_a_server_that_is_not_there_puts_off(office: PostOffice) -> None:
    assert hand(office, port=1).delivery is Delivery.put_off
    assert hand(office, security="starttls").delivery is Delivery.put_off
    assert hand(office, security="tls").delivery is Delivery.put_off


def test_the_server_is_told_who_we_are() -> None:
    with post_office(asks_who=True) as office:
        unknown = hand(office, user=USER, password="wrong")
        assert unknown.delivery is Delivery.put_off
        assert unknown.fault.startswith("535")
        assert hand(office).delivery is Delivery.refused
        assert hand(office, user=USER, password=SECRET) == Handed(Delivery.taken)


@contextmanager
def silent_server() -> Iterator[int]:
    """Something that takes the line and hangs up."""
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def answer() -> None:
            line, _ = listener.accept()
            line.sendall(b"220 here\r\n")
            line.recv(100)
            line.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)


def test_a_line_that_breaks_before_the_mail_puts_it_off(office: PostOffice) -> None:
    with silent_server() as port:
        assert hand(office, port=port).delivery is Delivery.put_off


def test_a_deployment_without_a_server_or_address_sends_nothing(office: PostOffice) -> None:
    assert server_of(office).sends_mail
    for missing in ("smtp_host", "mail_from", "public_url"):
        assert not server_of(office, **{missing: ""}).sends_mail
    assert "secret" not in repr(server_of(office, smtp_password="secret"))
