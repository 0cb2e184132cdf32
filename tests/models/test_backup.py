"""Backup and restore: consistent while the server writes, portable, and every kind of damage is
named."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from models.actions.record import record
from models.backup import (
    BackupRefused,
    confirm_backup,
    make_backup,
    needs_migration,
    read_manifest,
    restore_backup,
)
from models.database import create_schema, make_engine, session
from models.migrations.course import upgrade
from models.queries.sealing import KEY_FILE
from models.rules.roles import Actor
from models.tables.organisations import Enterprise
from models.tables.reference import Setting
from tests.models.test_migrations import rows_of
from tests.world import Copier

SYSTEM = Actor(account_id=0, name="系统", is_system=True)
PAPERS = (b"%PDF-1.4 one", b"%PDF-1.4 two")


@pytest.fixture(params=["sqlite", "postgres"])
def zone(request: pytest.FixtureRequest, copied: Copier) -> Iterator[Engine]:
    """A migrated database with a row of every kind of column."""
    _, url = copied(request.param, _zone)
    engine = make_engine(url)
    yield engine
    engine.dispose()


def _zone(engine: Engine) -> None:
    upgrade(engine)
    now = datetime(2026, 11, 20, 1, 2, 3, 456789, UTC)
    with session(engine, write=True) as current:
        current.add_all(
            Enterprise(
                uscc=f"9121{number:014d}", name="示例企业“甲”\n", registered_on=date(2020, 2, 29),
                joined_on=date(2025, 1, 1), changed_at_utc=now,
            )
            for number in range(5)
        )  # fmt: skip
        current.add(Setting(key="years", value=[2026, None], valid_from=date(2026, 1, 1)))
        current.add(Setting(key="nothing", value=None, valid_from=date(2026, 1, 1)))
        record(current, SYSTEM, "begin", "zone", None, {"是": True, "sum_fen": 10**13})


_zone.from_nothing = True  # type: ignore[attr-defined]


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A data folder with a key, two papers, and one paper still being written."""
    folder = tmp_path / "data" / "evidence"
    for content in PAPERS:
        name = sha256(content).hexdigest()
        (folder / name[:2]).mkdir(parents=True, exist_ok=True)
        (folder / name[:2] / name).write_bytes(content)
    (folder / "tmp123").write_bytes(b"half")
    (folder.parent / KEY_FILE).write_text("ab" * 32)
    return folder.parent


@pytest.fixture
def other(request: pytest.FixtureRequest, tmp_path: Path, zone: Engine) -> Iterator[Engine]:
    """An empty database of the other kind."""
    url = f"sqlite:///{tmp_path}/other.db"
    if zone.dialect.name == "sqlite":
        made = request.getfixturevalue("new_postgres_database")("template1")
        url = made.render_as_string(hide_password=False)
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def backup(zone: Engine, papers: Path, tmp_path: Path) -> Path:
    """A backup of the zone."""
    make_backup(zone, papers, tmp_path / "backup")
    return tmp_path / "backup"


def test_what_is_restored_is_what_was(zone: Engine, backup: Path, tmp_path: Path) -> None:
    with restored(backup, tmp_path) as (engine, data):
        assert texts(rows_of(engine)) == texts(rows_of(zone))
        kept = {path.read_bytes() for path in (data / "evidence").rglob("*") if path.is_file()}
        assert kept == set(PAPERS)
        assert (data / KEY_FILE).read_text() == "ab" * 32
        assert (data / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_a_backup_moves_between_sqlite_and_postgresql(
    zone: Engine, backup: Path, other: Engine, tmp_path: Path
) -> None:
    restore_backup(backup, other, tmp_path / "restored")
    with session(zone) as before, session(other) as after:
        for table in (Enterprise, Setting):
            rows = [
                [row.model_dump() for row in current.exec(select(table).order_by(table.id))]
                for current in (before, after)
            ]
            assert rows[0] == rows[1]
        with session(other, write=True) as current:
            record(current, SYSTEM, "go_on", "zone", None, None)
            one_more = rows_like(Enterprise, current)
            current.add(one_more)
            current.flush()
            assert one_more.id == 6  # numbering goes on where it stopped


def test_the_snapshot_is_of_one_moment(zone: Engine, papers: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with session(zone, write=True) as current:
                record(current, SYSTEM, "tick", "zone", None, None)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        manifests = [make_backup(zone, papers, tmp_path / f"b{number}") for number in range(3)]
    finally:
        stop.set()
        writer.join()
    for number, manifest in enumerate(manifests):
        with gzip.open(tmp_path / f"b{number}/tables/activity.jsonl.gz", "rt") as lines:
            assert len(list(lines)) == manifest.chain_seq
        restore_backup(
            tmp_path / f"b{number}", make_engine(f"sqlite:///{tmp_path}/b{number}.db"),
            tmp_path / f"papers{number}",
        )  # fmt: skip


def test_the_manifest_names_head_and_files(zone: Engine, backup: Path) -> None:
    manifest = confirm_backup(backup)
    with zone.connect() as connection:
        seq, head = connection.execute(text("SELECT seq, hash FROM chain_head")).one()
    assert (manifest.chain_seq, manifest.chain_hash) == (seq, head)
    assert {table.name for table in manifest.tables} >= {"activity", "claim", "role_grant"}
    assert sum(file.path.startswith("evidence/") for file in manifest.files) == 2
    assert not needs_migration(manifest)
    assert manifest.rows == 8 + 1  # five enterprises, two settings, one activity, its head


@pytest.mark.parametrize("damage", ["altered", "cut", "missing", "added"])
def test_a_damaged_backup_is_named_and_changes_nothing(
    backup: Path, tmp_path: Path, damage: str
) -> None:
    place = "tables/enterprise.jsonl.gz"
    content = bytearray((backup / place).read_bytes())
    if damage == "missing":
        (backup / place).unlink()
    elif damage == "added":
        place = "tables/extra.jsonl.gz"
        (backup / place).write_bytes(b"x")
    else:
        content[len(content) // 2] ^= 1
        (backup / place).write_bytes(content if damage == "altered" else content[:-4])
    with pytest.raises(BackupRefused) as refused, restored(backup, tmp_path):
        pass
    assert refused.value.places == (place,)
    assert place in str(refused.value)
    assert not (tmp_path / "new" / "evidence").exists()
    assert not (tmp_path / "new" / KEY_FILE).exists()


def test_a_damaged_paper_is_named(backup: Path, tmp_path: Path) -> None:
    paper = next(path for path in (backup / "evidence").rglob("*") if path.is_file())
    paper.write_bytes(b"%PDF-1.4 another")
    with pytest.raises(BackupRefused) as refused, restored(backup, tmp_path):
        pass
    assert refused.value.places == (paper.relative_to(backup).as_posix(),)


def test_an_altered_manifest_is_refused(backup: Path, tmp_path: Path) -> None:
    manifest = backup / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("2026", "2025", 1), "utf-8")
    with pytest.raises(BackupRefused, match="改动过"):
        read_manifest(backup)
    manifest.write_text("[]", "utf-8")
    with pytest.raises(BackupRefused, match="无法读取"):
        read_manifest(backup)
    manifest.unlink()
    with pytest.raises(BackupRefused, match="没有备份清单"):
        read_manifest(backup)


@pytest.mark.parametrize(("field", "value"), [("format", 2), ("revision", "9999")])
def test_a_backup_of_another_program_is_refused(
    backup: Path, tmp_path: Path, field: str, value: object
) -> None:
    rewrite(backup, field, value)
    with pytest.raises(BackupRefused, match=r"升级程序|格式"), restored(backup, tmp_path):
        pass


def test_a_wrong_chain_head_is_refused_and_leaves_no_table(backup: Path, tmp_path: Path) -> None:
    rewrite(backup, "chain_hash", "0" * 64)
    engine = make_engine(f"sqlite:///{tmp_path}/target.db")
    with pytest.raises(BackupRefused, match="链头"):
        restore_backup(backup, engine, tmp_path / "restored")
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master")).all()
    assert tables == []


def test_only_an_empty_place_is_restored_into(
    zone: Engine, backup: Path, tmp_path: Path, papers: Path
) -> None:
    with pytest.raises(BackupRefused, match="不是空的") as refused:
        restore_backup(backup, zone, tmp_path / "restored")
    assert "enterprise" in refused.value.places
    with pytest.raises(BackupRefused, match="不是空文件夹"):
        restore_backup(backup, make_engine(f"sqlite:///{tmp_path}/new.db"), papers)
    with pytest.raises(BackupRefused, match="不是空文件夹"):
        make_backup(zone, papers, backup)


def test_a_damaged_paper_is_not_backed_up_in_silence(
    zone: Engine, papers: Path, tmp_path: Path
) -> None:
    name = sha256(PAPERS[0]).hexdigest()
    (papers / "evidence" / name[:2] / name).write_bytes(b"rotten")
    with pytest.raises(BackupRefused, match="已损坏") as refused:
        make_backup(zone, papers, tmp_path / "backup")
    assert refused.value.places == (name,)


def test_a_database_without_tables_is_not_backed_up(empty_database: Engine, tmp_path: Path) -> None:
    create_schema(empty_database)
    with pytest.raises(BackupRefused, match="还没有建表"):
        make_backup(empty_database, tmp_path / "data", tmp_path / "backup")


def test_another_deployments_key_is_not_overwritten(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / KEY_FILE).write_text("cd" * 32)
    with pytest.raises(BackupRefused, match="密钥") as refused, restored(backup, tmp_path):
        pass
    assert refused.value.places == (KEY_FILE,)


def test_a_young_deployment_has_neither_papers_nor_key(zone: Engine, tmp_path: Path) -> None:
    make_backup(zone, tmp_path / "none", tmp_path / "backup")
    with restored(tmp_path / "backup", tmp_path) as (engine, _):
        assert texts(rows_of(engine)) == texts(rows_of(zone))


# ---------------------------------------------------------------- pieces


@contextmanager
def restored(backup: Path, folder: Path) -> Iterator[tuple[Engine, Path]]:
    """The backup restored into a new SQLite file and a new folder."""
    engine = make_engine(f"sqlite:///{folder}/new/zone.db")
    restore_backup(backup, engine, folder / "new")
    yield engine, folder / "new"
    engine.dispose()


def rewrite(backup: Path, field: str, value: object) -> None:
    """A manifest with one field changed and its digest made to fit."""
    from models.rules.digest import facts_digest

    path = backup / "manifest.json"
    content = json.loads(path.read_text("utf-8"))
    del content["digest"]
    content[field] = value
    content["digest"] = facts_digest(content)
    path.write_text(json.dumps(content), "utf-8")


def rows_like(table: type[Enterprise], current: object) -> Enterprise:
    """One more enterprise."""
    return table(
        uscc="91210000MA00000000", name="示例企业乙", joined_on=date(2026, 1, 1),
        changed_at_utc=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def texts(rows: dict[str, list[object]]) -> dict[str, list[str]]:
    """Rows as text, so that the two databases' types do not matter."""
    return {
        table: [str(tuple(map(_plain, row))) for row in found]  # type: ignore[call-overload]
        for table, found in rows.items()
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).astimezone(UTC)
    return value
