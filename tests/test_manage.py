"""The operator's commands: what they do, what they say, and their exit codes — never a
traceback."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from typer.testing import CliRunner, Result

from manage import app
from models.actions.evidence import keep_file
from models.clock import standing_at, today
from models.database import create_schema, default_engine, deployment, make_engine, session
from models.migrations.course import newest_revision
from models.rules.mails import MailChoice
from models.rules.roles import Role
from models.tables.claims import Claim
from models.tables.organisations import Enterprise
from models.tables.people import Account, Grant
from tests.models.exchange.post_office import post_office
from tests.world import Copier

PASSWORD = "Quiet-Harbour-77"
MEMBERS = (
    "统一社会信用代码*,企业名称*,入会日期*\n91210299MADY0001XQ,大连砺枢软件有限公司,2026-01-05\n"
)


@pytest.fixture
def place(empty_database: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A new deployment: an empty database and an empty folder."""
    with _deployed(empty_database, tmp_path / "data"):
        yield empty_database


@pytest.fixture(params=["sqlite", "postgres"])
def started(request: pytest.FixtureRequest, copied: Copier, tmp_path: Path) -> Iterator[Engine]:
    """A deployment with tables, reference data and an administrator."""
    _, url = copied(request.param, _started)
    engine = make_engine(url)
    with _deployed(engine, tmp_path / "data"):
        yield engine
    engine.dispose()


def _started(engine: Engine) -> None:
    with tempfile.TemporaryDirectory() as folder, _deployed(engine, Path(folder)):
        for command in (["migrate"], ["seed", "reference"]):
            assert run(*command).exit_code == 0
        assert add("chief", Role.administrator).exit_code == 0


_started.from_nothing = True  # type: ignore[attr-defined]


@contextmanager
def _deployed(engine: Engine, folder: Path) -> Iterator[None]:
    """The deployment that the commands find."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
        patch.setenv("DATA_FOLDER", str(folder))
        forget()
        yield
    forget()


def forget() -> None:
    """The deployment is read from the environment again."""
    if default_engine.cache_info().currsize:
        default_engine().dispose()
    default_engine.cache_clear()
    deployment.cache_clear()


def run(*arguments: str, stdin: str = "") -> Result:
    """Run one command; whatever it raises beside its exit is a failure."""
    result = CliRunner().invoke(app, list(arguments), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def add(username: str, role: Role, password: str = PASSWORD) -> Result:
    """Add an account as a script would."""
    return run(
        "account", "add", username, "--role", role.value, "--password-stdin", stdin=f"{password}\n"
    )


# ---------------------------------------------------------------- a new deployment


def test_a_deployment_starts_empty_and_gets_its_administrator(place: Engine) -> None:
    assert "空 → " in run("migrate").output
    assert "已是最新" in run("migrate").output
    assert "新增 1" in run("seed", "reference").output
    assert "新增 0，更新 0" in run("seed", "reference").output
    done = run(
        "account", "add", "Chief", "--role", "administrator", "--name", "管理员", "--password-stdin",
        stdin=f"{PASSWORD}\n",
    )  # fmt: skip
    assert (done.exit_code, done.output) == (0, "已新增账号 chief，角色：系统管理员\n")
    with session(place) as current:
        account = current.execute(select(Account)).scalar_one()
        grant = current.execute(select(Grant)).scalar_one()
    assert (account.username, account.display_name) == ("chief", "管理员")
    assert (grant.role, grant.valid_from) == (Role.administrator, today())
    assert not account.must_change_password
    assert run("verify").exit_code == 0


def test_a_password_may_be_typed_twice(started: Engine) -> None:
    typed = run("account", "add", "second", "--role", "auditor", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert typed.exit_code == 0
    assert PASSWORD not in typed.output


@pytest.mark.parametrize("password", ["short", "password1234", "x-chief2-quiet-77", ""])
def test_a_weak_password_is_refused_in_words(started: Engine, password: str) -> None:
    refused = add("chief2", Role.auditor, password)
    assert refused.exit_code == 1
    assert "密码" in refused.output
    assert "Traceback" not in refused.output
    with session(started) as current:
        assert len(current.execute(select(Account)).all()) == 1


def test_an_account_is_added_once(started: Engine) -> None:
    again = add("CHIEF", Role.administrator)
    assert (again.exit_code, "已有人使用" in again.output) == (1, True)
    assert run("account", "add", "x1", "--role", "emperor").exit_code == 2


def test_a_role_that_needs_an_organisation_is_refused(started: Engine) -> None:
    refused = add("agent", Role.agency)
    assert refused.exit_code == 1
    with session(started) as current:
        assert len(current.execute(select(Account)).all()) == 1  # the account went with it


# ---------------------------------------------------------------- trouble in words


def test_without_tables_the_way_is_named(place: Engine) -> None:
    for command in (
        ["seed", "reference"],
        ["verify"],
        ["account", "add", "a1", "--role", "auditor"],
    ):
        result = run(*command, stdin=f"{PASSWORD}\n{PASSWORD}\n")
        assert result.exit_code == 2, command
        assert "manage.py migrate" in result.output


def test_tables_of_unknown_making_are_left_alone(place: Engine) -> None:
    create_schema(place)
    result = run("migrate")
    assert (result.exit_code, "没有改动" in result.output) == (1, True)


@pytest.mark.parametrize(
    "url", ["nonsense", "mongodb://x/y", "postgresql://nobody@127.0.0.1:1/none"]
)
def test_an_address_that_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path))
    forget()
    result = run("migrate")
    forget()
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_the_demonstration_asks_for_reference_data_and_a_past(place: Engine) -> None:
    run("migrate")
    assert "seed reference" in run("seed", "demo").output
    tomorrow = today() + timedelta(days=1)
    future = run("seed", "demo", "--until", str(tomorrow))
    assert (future.exit_code, "将来" in future.output) == (1, True)
    assert run("seed", "demo", "--until", "soon").exit_code == 2


def test_a_demonstration_is_not_mixed_with_accounts(started: Engine) -> None:
    result = run("seed", "demo")
    assert (result.exit_code, "已有账号" in result.output) == (1, True)


def test_it_runs_as_a_program() -> None:
    shown = subprocess.run(
        [sys.executable, "manage.py", "--help"], capture_output=True, text=True, check=True
    )
    for command in ("migrate", "seed", "import", "account", "backup", "restore", "verify", "daily"):
        assert command in shown.stdout


# ---------------------------------------------------------------- import


def test_a_dry_run_writes_nothing(started: Engine, tmp_path: Path) -> None:
    done = run("import", book(tmp_path, MEMBERS))
    assert done.exit_code == 0
    assert "将写入 1 行" in done.output
    assert "企业会员" in done.output
    with session(started) as current:
        assert current.execute(select(Enterprise)).first() is None


def test_a_commit_needs_a_name_and_is_whole(started: Engine, tmp_path: Path) -> None:
    file = book(tmp_path, MEMBERS)
    assert run("import", file, "--commit").exit_code == 2
    assert run("import", file, "--commit", "--as", "nobody").exit_code == 1
    assert run("import", file, "--commit", "--as", "chief").exit_code == 1  # no importer
    add("reviewer", Role.alliance_reviewer)
    assert "已导入 1 行" in run("import", file, "--commit", "--as", "reviewer").output
    assert "没有改动" in run("import", file, "--commit", "--as", "reviewer").output
    with session(started) as current:
        assert current.execute(select(Enterprise.name)).scalar_one() == "大连砺枢软件有限公司"


def test_problems_are_named_to_the_cell(started: Engine, tmp_path: Path) -> None:
    add("reviewer", Role.alliance_reviewer)
    faulty = f"{MEMBERS}123,[red]示例[/red],昨天\n"
    for options in ([], ["--commit", "--as", "reviewer"]):
        result = run("import", book(tmp_path, faulty), *options)
        assert result.exit_code == 1
        assert "A3" in result.output
        assert "C3" in result.output
        assert "昨天" in result.output
        assert "没有导入任何内容" in result.output
    with session(started) as current:
        assert current.execute(select(Enterprise)).first() is None


def test_files_that_are_none(started: Engine, tmp_path: Path) -> None:
    missing = run("import", str(tmp_path / "nothing.xlsx"))
    assert (missing.exit_code, "文件" in missing.output) == (2, True)
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    assert run("import", str(tmp_path / "broken.xlsx")).exit_code == 1
    (tmp_path / "broken.zip").write_bytes(b"not a zip")
    assert run("import", str(tmp_path / "broken.zip")).exit_code == 1


# ---------------------------------------------------------------- backup, verify, every day


def test_a_backup_restores_into_a_new_deployment_and_verifies(
    started: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keep_file(b"%PDF-1.4 paper")
    made = run("backup", str(tmp_path / "backup"))
    assert made.exit_code == 0
    assert run("backup", str(tmp_path / "backup")).exit_code == 1  # not into itself
    assert run("restore", str(tmp_path / "backup")).exit_code == 1  # not over the living
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new/zone.db")
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path / "new"))
    forget()
    done = run("restore", str(tmp_path / "backup"))
    assert done.exit_code == 0, done.output
    assert "核验通过" in done.output
    assert made.output.strip()[-64:] == done.output.strip()[-64:]  # the same head


def test_a_damaged_backup_is_named(
    started: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("backup", str(tmp_path / "backup"))
    (tmp_path / "backup" / "tables" / "account.jsonl.gz").write_bytes(b"")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new/zone.db")
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path / "new"))
    forget()
    refused = run("restore", str(tmp_path / "backup"))
    assert (refused.exit_code, "account.jsonl.gz" in refused.output) == (1, True)


def test_verify_names_what_was_altered(started: Engine) -> None:
    with started.begin() as connection:
        if started.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER activity_no_update"))
        else:
            connection.execute(text("ALTER TABLE activity DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE activity SET verb = 'other' WHERE seq = 5"))
    found = run("verify")
    assert (found.exit_code, "第 5 条" in found.output) == (1, True)


def test_every_day_there_may_be_nothing_to_do(started: Engine) -> None:
    with session(started) as current:
        assert current.execute(select(Claim)).first() is None
    done = run("daily")
    assert (done.exit_code, "已办理 0 件" in done.output) == (0, True)


def test_migrate_notes_the_newest_revision(place: Engine) -> None:
    run("migrate")
    with place.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    assert version == newest_revision()


# ---------------------------------------------------------------- pieces


def book(folder: Path, content: str) -> str:
    """A CSV of members."""
    file = folder / "企业会员.csv"
    file.write_text(content, "utf-8")
    return str(file)


# ---------------------------------------------------------------- telling people


def test_people_are_told_and_their_mails_leave(
    started: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = run("tell")
    assert (told.exit_code, told.stdout) == (0, "已告知 1 条消息\n")  # of the role granted
    refused = run("tell", "--send")
    assert refused.exit_code == 2
    assert "SMTP_HOST" in refused.output
    with post_office() as office:
        for name, value in {
            "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(office.port), "SMTP_SECURITY": "none",
            "MAIL_FROM": "zone@example.cn", "PUBLIC_URL": "https://zone.example.cn",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        forget()
        with session(started, write=True) as current:
            chief = current.execute(select(Account)).scalar_one()
            chief.email, chief.mails = "chief@example.cn", MailChoice.digest
            current.add(chief)
        with standing_at(datetime(2027, 3, 3, 4, tzinfo=UTC)):  # a working day to come
            assert run("tell", "--send").stdout == (
                "已告知 0 条消息；邮件已发送 1 封，稍后重试 0 封，未能发送 0 封，中断（不再重发） 0 封\n"
            )
        assert [message["To"] for message in office.taken] == ["chief@example.cn"]
