"""A running zone: a server process over a world of its own, people who sign in, claims made for
one journey."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest
from sqlmodel import Session, select
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit_authenticator import Hasher

from components.auth import SESSION_COOKIE
from models.actions.accounts import account_of
from models.actions.months import send_month
from models.actions.sign_in import open_session
from models.actions.steps import system_actor
from models.clock import office_day, standing_at
from models.database import create_schema, make_engine, session
from models.queries.month_sending import sheet_seen
from models.rules.claim_workflow import Action, State
from models.rules.months import YearMonth
from models.rules.roles import Actor, GrantFacts, Role
from models.tables.agreements import Agreement, Filing
from models.tables.claims import Claim, ClaimEvent
from models.tables.money import BudgetLine, PolicyRule
from models.tables.organisations import Agency, AgencyScope, Enterprise
from models.tables.people import Account, Grant
from models.tables.reference import Setting
from seed.target_data import seed_target_data
from tests.conftest import _forget_deployment
from tests.world import PAPERS, World, make_world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long enough passphrase"  # of accounts that live as long as one test run
PATIENCE = 30_000  # milliseconds: two cores, other work beside it
DESK, PHONE = (1366, 768), (390, 844)
NAUGHTY = (
    "大连<script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
    "**粗**_斜_ [链](javascript:alert(1)) $x$ :red[红] `码` \u202e倒\u202c有限公司"
)
"""A member's name that Markdown, HTML and the direction of writing would all like to have a word
with."""
RUNS: WeakKeyDictionary[Page, int] = WeakKeyDictionary()
COMMANDS = {
    "uvicorn": ("uvicorn", "app:app", "--host", "127.0.0.1", "--port"),
    "ahead": ("tests.browser.ahead",),
    "streamlit": (
        "streamlit", "run", "app.py", "--server.address", "127.0.0.1", "--server.port",
    ),
}  # fmt: skip


@dataclass
class Zone:
    """A running server over a world."""

    address: str
    world: World
    folder: Path
    contexts: list[BrowserContext] = field(default_factory=list)
    at_bureau: list[str] = field(default_factory=list)
    naughty: str = ""

    # ------------------------------------------------------------ people

    def open(
        self,
        browser: Browser,
        who: str | None,
        path: str = "/",
        *,
        locale: str = "zh-CN",
        size: tuple[int, int] = DESK,
        scheme: str = "light",
    ) -> Page:
        """A browser window of somebody's own at an address; nobody is a stranger."""
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=locale, color_scheme=scheme
        )  # type: ignore[arg-type]
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if who is not None:
            context.add_cookies(
                [{"name": SESSION_COOKIE, "value": self.token(who), "url": self.address}]
            )
        page = context.new_page()
        count_runs(page)
        page.goto(self.address + path)
        if who is not None:
            page.locator(".st-key-title_row").wait_for()
            settle(page)
        return page

    def token(self, who: str) -> str:
        """A session opened for an account."""
        with self.writing() as current:
            return open_session(current, account_of(current, self.world.people[who].account_id))

    def newcomer(self, who: str, role: Role, **speaks_for: int) -> str:
        """One more account for one journey, with one role; its name."""
        with self.writing() as current:
            now, hashed = datetime.now(UTC), current.exec(select(Account.password_hash)).first()
            account = Account(
                username=who, display_name=f"{SHOWN[role]} {who[-1]}", password_hash=hashed or "-",
                created_at_utc=now, password_changed_at_utc=now, **speaks_for,
            )  # fmt: skip
            current.add(account)
            current.flush()
            grant = Grant(
                account_id=account.id, role=role, valid_from=date(2026, 1, 1), granted_at_utc=now
            )
            current.add(grant)
            current.flush()
            assert account.id and grant.id
            facts = (GrantFacts(grant.id, role, grant.valid_from),)
            self.world.people[who] = Actor(account.id, account.display_name, facts, **speaks_for)
        return who

    def pair(self, member: str, agency_id: int = 0) -> int:
        """A member of this name with an agreement, filed and confirmed, with an agency; the
        agreement's id."""
        serial = len(self.world.people) * 100 + self.world.filed
        with self.writing() as current:
            enterprise = Enterprise(
                uscc=f"91210231MA0Z{serial:05d}X", name=member, joined_on=date(2026, 3, 2),
                registered_on=date(2024, 1, 5), changed_at_utc=datetime.now(UTC),
            )  # fmt: skip
            current.add(enterprise)
            current.flush()
            agreement = Agreement(
                number=f"XY-2026-{serial}", enterprise_id=enterprise.id or 0,
                agency_id=agency_id or self.world.agency_id, service_code="hnte_first",
                signed_on=date(2026, 4, 18), fee_fen=3_600_000, work_started_on=date(2026, 4, 25),
                filing=Filing.confirmed, filing_number=f"BA-2026-{serial}",
                filing_confirmed_on=date(2026, 4, 22), changed_at_utc=datetime.now(UTC),
            )  # fmt: skip
            current.add(agreement)
            current.flush()
            return agreement.id or 0

    # ------------------------------------------------------------ claims

    def file(self, *, papers: tuple[str, ...] = PAPERS, **changes: Any) -> str:
        """One more claim waiting for pre-review since yesterday, clean unless papers are left
        out."""
        today = office_day(datetime.now(UTC))
        dates: dict[str, Any] = {
            "obtained_on": today - timedelta(days=30),
            "requested_on": today - timedelta(days=20),
            "confirmed_on": today - timedelta(days=12),
            "filed_on": today - timedelta(days=10),
            "filed_month": str(YearMonth.containing(today)),
        }
        with standing_at(datetime.now(UTC) - timedelta(days=1)):
            return self.world.file(papers=papers, **(dates | changes))

    def applied(self) -> str:
        """A claim at the bureau: filed, passed, and sent with the month before, which is sent
        once."""
        return self.at_bureau.pop()

    def state(self, number: str) -> State:
        """Where a claim stands in the database."""
        with session(self.world.engine) as current:
            return current.exec(select(Claim.state).where(Claim.number == number)).one()

    def events(self, number: str) -> list[ClaimEvent]:
        """What was done to a claim."""
        with session(self.world.engine) as current:
            statement = (
                select(ClaimEvent)
                .join(Claim, Claim.id == ClaimEvent.claim_id)
                .where(Claim.number == number)
                .order_by(ClaimEvent.position)
            )
            found = list(current.exec(statement))
            current.expunge_all()
            return found

    def decisions(self, number: str) -> list[Action]:
        """The steps taken on a claim after it was filed."""
        return [event.action for event in self.events(number) if event.action is not Action.submit]

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A writing transaction on the running server's database."""
        with session(self.world.engine, write=True) as current:
            yield current


def settle(page: Page) -> None:
    """Wait until the script has run, what it drew stands still, and nothing stale is left."""
    page.wait_for_function(
        """() => {
          const app = document.querySelector('[data-testid=stApp]');
          if (!app || app.dataset.testScriptState === 'running') { window.still = 0; return false; }
          const stale = document.querySelector('[data-stale=true], [data-testid=stSkeleton]');
          const drawn = document.querySelector('[data-testid=stAppViewContainer]').innerText;
          if (stale || drawn !== window.drawn) { window.drawn = drawn; window.still = 0; return false; }
          window.still = (window.still || 0) + 1;
          return window.still > 3;
        }""",
        polling=60,
    )


def count_runs(page: Page) -> None:
    """Count the runs of the script that the server says it has finished."""
    RUNS[page] = 0

    def received(frame: bytes | str) -> None:
        message = ForwardMsg.FromString(frame if isinstance(frame, bytes) else frame.encode())
        is_over = message.WhichOneof("type") == "script_finished"
        if is_over and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            RUNS[page] += 1

    page.on("websocket", lambda socket: socket.on("framereceived", received))


@contextmanager
def running(page: Page) -> Iterator[None]:
    """What is done inside begins a run of the script; wait until it is over and stands still."""
    before, until = RUNS[page], time.monotonic() + PATIENCE / 1000
    yield
    while RUNS[page] == before:
        assert time.monotonic() < until, "nothing ran"
        page.wait_for_timeout(30)
    settle(page)


# ---------------------------------------------------------------- the world


# fmt: off
SHOWN = {
    Role.alliance_reviewer: "联盟初审员", Role.alliance_lead: "联盟负责人", Role.leader: "领导",
    Role.agency: "服务机构", Role.enterprise: "企业会员", Role.bureau: "科技创新局",
    Role.committee: "管委会", Role.finance: "财政局", Role.auditor: "审计", Role.administrator: "系统管理员",
}
# fmt: on


def furnish(folder: Path) -> Zone:
    """A world in a folder: waiting claims, some at the bureau, a second agency with a claim, an
    odd member."""
    engine = make_engine(f"sqlite:///{folder / 'zero_fee.db'}")
    create_schema(engine)
    zone = Zone("", make_world(engine), folder)
    with zone.writing() as current:
        _name_people(current, zone.world)
        _make_room(current)
        seed_target_data(current, system_actor())
    _send_last_month(zone)
    for papers in (*[PAPERS] * 6, PAPERS[:3], PAPERS[:2]):
        zone.file(papers=papers)
    _second_agency(zone)
    engine.dispose()
    return zone


def _name_people(current: Session, world: World) -> None:
    """Everybody gets the test run's password, and a name as the demonstration gives it: role and
    number."""
    hashed = Hasher.hash(PASSWORD)
    roles = {actor.account_id: next(iter(actor.roles)) for actor in world.people.values()}
    numbers: dict[Role, int] = {}
    for account in current.exec(select(Account)):
        role = roles[account.id or 0]
        numbers[role] = numbers.get(role, 0) + 1
        account.password_hash = hashed
        account.display_name = f"{SHOWN[role]} {numbers[role]}"
        current.add(account)
    current.add(
        Setting(
            key="is_demonstration", value=True, valid_from=date(2026, 1, 1),
            confirmed_at_utc=datetime.now(UTC),
        )
    )  # fmt: skip


def _make_room(current: Session) -> None:
    """No cap, and a budget for this year: the journeys' claims are many, and clean."""
    for rule in current.exec(select(PolicyRule)):
        rule.agency_year_cap_fen = None
        current.add(rule)
    year = office_day(datetime.now(UTC)).year
    if not current.exec(select(BudgetLine).where(BudgetLine.year == year)).first():
        line = BudgetLine(
            year=year, code="K01", name_zh="科技创新服务", ceiling_fen=1_000_000_000,
            confirmed_at_utc=datetime.now(UTC),
        )  # fmt: skip
        current.add(line)


def _send_last_month(zone: Zone) -> None:
    """Claims of the month before, passed and sent: what the offices after the alliance work on."""
    month = str(YearMonth.containing(office_day(datetime.now(UTC))).previous())
    for _ in range(4):
        number = zone.file(filed_month=month)
        zone.world.step("reviewer2", number, Action.pass_pre_review)
        zone.at_bureau.append(number)
    with zone.writing() as current:
        lead = zone.world.people["lead"]
        send_month(current, lead, month, sheet_seen(current, lead, month))


def _second_agency(zone: Zone) -> None:
    """Another agency with an account and a claim, for a member with a naughty name."""
    name = "大连示例乙机构有限公司"
    with zone.writing() as current:
        agency = Agency(
            uscc="91210231MA0XY0004D", name=name, joined_on=date(2025, 11, 20), payee_name=name,
            payee_account="6222020200004444", changed_at_utc=datetime.now(UTC),
        )  # fmt: skip
        current.add(agency)
        current.flush()
        assert agency.id
        current.add(AgencyScope(agency_id=agency.id, service_code="hnte_first"))
        agency_id = agency.id
    zone.newcomer("agency2", Role.agency, agency_id=agency_id)
    agreement_id = zone.pair(NAUGHTY, agency_id)
    zone.naughty = zone.file(
        agreement_id=agreement_id, payee_name=name, payee_account="6222020200004444"
    )


@contextmanager
def deployed_in(folder: Path) -> Iterator[None]:
    """A folder as the deployment's own, for this process and its children."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_FOLDER", str(folder))
        patch.delenv("DATABASE_URL", raising=False)
        _forget_deployment()
        yield
    _forget_deployment()


def moved_in(zone: Zone, folder: Path) -> Zone:
    """A copy of a world in a folder of its own."""
    shutil.copytree(zone.folder, folder, dirs_exist_ok=True)
    engine = make_engine(f"sqlite:///{folder / 'zero_fee.db'}")
    world = replace(zone.world, engine=engine, people=dict(zone.world.people))
    return replace(zone, world=world, folder=folder, contexts=[], at_bureau=[*zone.at_bureau])


# ---------------------------------------------------------------- the server


@contextmanager
def serving(zone: Zone, server: str = "uvicorn") -> Iterator[Zone]:
    """A process of its own serves the world; it is ended by its own id."""
    port = free_port()
    with (zone.folder / f"{server}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *COMMANDS[server], str(port)],
            cwd=ROOT,
            env={**os.environ, "DATA_FOLDER": str(zone.folder)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(port, process, zone.folder / f"{server}.log")
        yield replace(zone, address=f"http://127.0.0.1:{port}", contexts=[])
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health"):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-3000:]}")


def free_port() -> int:
    """A port nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
