"""Backup and restore (备份与恢复): one folder with every row, every paper, and a manifest that names
their hashes.

The rows are read in one snapshot while the server goes on writing, and written as plain lines of
JSON, so that a backup of SQLite restores into PostgreSQL and the other way round, and stays
readable without this program. The manifest is written last: a folder without one is no backup. The
key that seals personal values in the record goes with it, readable by its owner only: keep a backup
as safe as the database itself.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    Table,
    insert,
    inspect,
    select,
    text,
)

from models.backup_values import from_json, reading_expression, to_json, writing_expression
from models.clock import now_utc
from models.migrations.course import climb, migrating, newest_revision, revision_of, revisions
from models.queries.sealing import KEY_FILE
from models.rules.digest import facts_digest
from models.rules.errors import Refusal
from models.rules.wording import Wording, say

FORMAT = 1
_ROWS_AT_ONCE = 2_000
_MANIFEST = "manifest.json"
_EVIDENCE = "evidence"
_VERSION_TABLE = "alembic_version"


class BackupRefused(Refusal):
    """A backup that cannot be made or restored, with the files or tables that are the reason.

    Attributes:
        places: the damaged, missing or obstructing files or tables, by name.
    """

    def __init__(self, wording: Wording, places: tuple[str, ...] = ()) -> None:
        super().__init__(wording)
        self.places = places


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of a backup as its manifest names it."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptTable:
    """One table of a backup: its columns in the order of the lines, and how many lines there
    are."""

    name: str
    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds (备份清单).

    Attributes:
        format: the version of this layout.
        made_at_utc: when the snapshot was taken.
        revision: the migration the tables were at.
        chain_seq, chain_hash: the head of the record (操作记录) in the snapshot.
        tables: every table.
        files: every file beside the manifest.
    """

    format: int
    made_at_utc: str
    revision: str
    chain_seq: int
    chain_hash: str
    tables: tuple[KeptTable, ...]
    files: tuple[KeptFile, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables)


# ---------------------------------------------------------------- making one


def make_backup(engine: Engine, data_folder: Path, folder: Path) -> Manifest:
    """Write a backup of a database, its papers and its key into an empty folder.

    Args:
        engine: the database; it may be written to meanwhile.
        data_folder: where the deployment keeps its papers, each under its SHA-256, and its key.
        folder: where to; made if it does not exist.

    Returns:
        The manifest that was written.

    Raises:
        BackupRefused: the folder is not empty, the database was never migrated, or a paper is
            damaged.
    """
    _require_empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made_at_utc = now_utc().isoformat()
    with _snapshot(engine) as connection:
        revision = revision_of(connection)
        if revision is None:
            raise BackupRefused(say("数据库还没有建表，没有可备份的内容"))
        known = _tables(connection)
        tables = tuple(_dump(connection, table, folder) for table in known.sorted_tables)
        seq, head = _chain_head(connection)
    _copy_papers(data_folder / _EVIDENCE, folder / _EVIDENCE)
    if (data_folder / KEY_FILE).exists():
        _copy_key(data_folder, folder)
    files = tuple(_kept(folder, path) for path in _files(folder))
    manifest = Manifest(FORMAT, made_at_utc, revision, seq, head, tables, files)
    _write_manifest(folder, manifest)
    return manifest


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    options: dict[str, Any] = {"writes": False}
    if engine.dialect.name != "sqlite":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _tables(connection: Connection) -> MetaData:
    """The tables as they are, not as today's program knows them: an old database can be backed up
    too."""
    known = MetaData()
    known.reflect(connection, only=lambda name, _: name != _VERSION_TABLE)
    return known


def _dump(connection: Connection, table: Table, folder: Path) -> KeptTable:
    path = folder / _lines_of(table.name)
    path.parent.mkdir(exist_ok=True)
    statement = select(*(reading_expression(connection, column) for column in table.columns))
    statement = statement.order_by(*table.primary_key.columns)
    rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(statement)
    written = 0
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 5, raw, mtime=0) as file:
        for row in rows:
            line = json.dumps([to_json(value) for value in row], ensure_ascii=False)
            file.write(f"{line}\n".encode())
            written += 1
    return KeptTable(table.name, tuple(column.name for column in table.columns), written)


def _chain_head(connection: Connection) -> tuple[int, str]:
    head = connection.execute(text("SELECT seq, hash FROM chain_head")).one_or_none()
    return (head.seq, head.hash) if head else (0, "")


def _copy_papers(source: Path, target: Path) -> None:
    """Copy what the snapshot may refer to; papers are only ever added, so later ones do no harm."""
    damaged = []
    for path in _papers(source):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        if _sha256(copy) != path.name:
            damaged.append(path.name)
    if damaged:
        words = say("{count} 个材料文件已损坏，请先修复", count=len(damaged))
        raise BackupRefused(words, tuple(damaged))


def _copy_key(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    (target / KEY_FILE).touch(mode=0o600, exist_ok=False)
    shutil.copyfile(source / KEY_FILE, target / KEY_FILE)


def _require_no_other_key(folder: Path, data_folder: Path) -> None:
    kept, there = folder / KEY_FILE, data_folder / KEY_FILE
    if there.exists() and not (kept.exists() and kept.read_bytes() == there.read_bytes()):
        words = say("{folder} 中已有另一把密钥 {name}", folder=str(data_folder), name=KEY_FILE)
        raise BackupRefused(words, (KEY_FILE,))


def _papers(folder: Path) -> list[Path]:
    """The papers, without what is still being written."""
    return [path for path in _files(folder) if len(path.name) == 64]


# ---------------------------------------------------------------- the manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup, its own digest compared.

    Raises:
        BackupRefused: there is none, it is of another format, or it was altered.
    """
    try:
        stored = json.loads((folder / _MANIFEST).read_text("utf-8"))
        digest = stored.pop("digest")
        is_intact = digest == facts_digest(stored)
        tables = tuple(
            KeptTable(table["name"], tuple(table["columns"]), table["rows"])
            for table in stored.pop("tables")
        )
        files = tuple(KeptFile(**file) for file in stored.pop("files"))
        manifest = Manifest(**stored, tables=tables, files=files)
    except FileNotFoundError:
        raise BackupRefused(say("这里没有备份清单 {name}", name=_MANIFEST)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupRefused(say("备份清单无法读取"), (_MANIFEST,)) from None
    if not is_intact:
        raise BackupRefused(say("备份清单被改动过"), (_MANIFEST,))
    if manifest.format != FORMAT:
        raise BackupRefused(say("备份格式 {format} 不是本程序的格式", format=manifest.format))
    return manifest


def confirm_backup(folder: Path) -> Manifest:
    """Compare every file of a backup with its manifest.

    Returns:
        The manifest.

    Raises:
        BackupRefused: naming every file that is missing, altered or does not belong there.
    """
    manifest = read_manifest(folder)
    listed = {file.path: file for file in manifest.files}
    there = {path.relative_to(folder).as_posix() for path in _files(folder)} - {_MANIFEST}
    faulty = listed.keys() ^ there
    faulty |= {
        path for path in listed.keys() & there if _kept(folder, folder / path) != listed[path]
    }
    if faulty:
        words = say("备份不完整或已损坏：{places}", places=tuple(sorted(faulty)))
        raise BackupRefused(words, tuple(sorted(faulty)))
    return manifest


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    content = json.loads(json.dumps(asdict(manifest)))
    content["digest"] = facts_digest(content)
    written = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / _MANIFEST).write_text(written, "utf-8")


# ---------------------------------------------------------------- restoring one


def restore_backup(folder: Path, engine: Engine, data_folder: Path) -> Manifest:
    """Restore a backup into an empty database and an empty folder; all of it or nothing.

    Args:
        folder: the backup.
        engine: the database to restore into, without a single table.
        data_folder: the deployment's folder, without papers and without another key.

    Returns:
        The manifest; the database stands at its revision, which a migration may have to bring
        forward.

    Raises:
        BackupRefused: the backup is damaged or of a newer program, or the place is not empty.
    """
    manifest = confirm_backup(folder)
    if manifest.revision not in revisions():
        words = say("备份来自更新的版本（{revision}），请先升级程序", revision=manifest.revision)
        raise BackupRefused(words)
    _require_empty(data_folder / _EVIDENCE)
    _require_no_other_key(folder, data_folder)
    with migrating(engine) as connection:
        if tables := inspect(connection).get_table_names():
            words = say("目标数据库不是空的，已有 {count} 张表", count=len(tables))
            raise BackupRefused(words, tuple(tables))
        climb(connection, manifest.revision)
        known = _tables(connection)
        kept = {table.name: table for table in manifest.tables}
        for table in known.sorted_tables:
            _load(connection, table, kept[table.name], folder)
        _continue_numbering(connection, known.sorted_tables)
        _confirm_head(connection, manifest)
        if (folder / _EVIDENCE).exists():
            shutil.copytree(folder / _EVIDENCE, data_folder / _EVIDENCE, dirs_exist_ok=True)
        if (folder / KEY_FILE).exists() and not (data_folder / KEY_FILE).exists():
            _copy_key(folder, data_folder)
    return manifest


def needs_migration(manifest: Manifest) -> bool:
    """Whether a restored database is older than the program."""
    return manifest.revision != newest_revision()


def _load(connection: Connection, table: Table, kept: KeptTable, folder: Path) -> None:
    columns = [table.columns[name] for name in kept.columns]
    statement = insert(table).values({c.name: writing_expression(connection, c) for c in columns})
    batch: list[dict[str, Any]] = []
    with gzip.open(folder / _lines_of(table.name), "rt", encoding="utf-8") as lines:
        for line in lines:
            values = zip(columns, json.loads(line), strict=True)
            batch.append({f"to_{c.name}": from_json(c, value) for c, value in values})
            if len(batch) == _ROWS_AT_ONCE:
                connection.execute(statement, batch)
                batch = []
    if batch:
        connection.execute(statement, batch)


def _continue_numbering(connection: Connection, tables: Iterable[Table]) -> None:
    """PostgreSQL numbers new rows from a sequence that has not seen the restored ones."""
    if connection.dialect.name != "postgresql":
        return
    quote = connection.dialect.identifier_preparer.quote
    for table in tables:
        if "id" not in table.columns:
            continue
        name = quote(table.name)
        owned = select(text(f"pg_get_serial_sequence('{name}', 'id')"))
        if connection.execute(owned).scalar():
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608
            )


def _confirm_head(connection: Connection, manifest: Manifest) -> None:
    if _chain_head(connection) != (manifest.chain_seq, manifest.chain_hash):
        raise BackupRefused(say("恢复后的操作记录链头与备份清单不一致"), ("chain_head",))


# ---------------------------------------------------------------- files


def _lines_of(table: str) -> str:
    return f"tables/{table}.jsonl.gz"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _kept(folder: Path, path: Path) -> KeptFile:
    return KeptFile(path.relative_to(folder).as_posix(), path.stat().st_size, _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        words = say("{folder} 不是空文件夹", folder=str(folder))
        raise BackupRefused(words, (str(folder),))
