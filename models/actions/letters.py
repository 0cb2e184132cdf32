"""Replacing a template of a letter (更换函件模板): tried out first, kept as a new version, never changed
afterwards."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.actions.evidence import evidence_path, keep_file, shown_name
from models.actions.inserts import inserted
from models.actions.record import record
from models.clock import now_utc
from models.exchange.letter_templates import built_in_template
from models.exchange.letters import filled_letter, refuse_template
from models.queries.letters import Letter
from models.queries.visibility import refuse_without
from models.rules.errors import AlreadyDone, NotFound
from models.rules.letters import LETTERS, LetterKind
from models.rules.roles import Actor, Permission
from models.rules.wording import say
from models.tables.letters import LetterTemplate


def replace_template(
    session: Session, actor: Actor, kind: LetterKind, file_name: str, content: bytes
) -> int:
    """Put a template of the alliance's own in the place of the one in force.

    Letters of what is decided from now on are written with it; older ones keep theirs.

    Args:
        session: the writing transaction.
        actor: the alliance's lead.
        kind: which letter.
        file_name: as it was called.
        content: the `.docx`.

    Returns:
        Its version.

    Raises:
        NotAllowed: not the lead.
        FileRefused: it cannot be used, in words that name what to change.
        AlreadyDone: it is the one in force; or somebody else replaced it at the same moment.
    """
    refuse_without(actor, Permission.replace_letters)
    refuse_template(content, LETTERS[kind])
    before = _newest(session, kind)
    sha256 = keep_file(content)
    if before is not None and before.sha256 == sha256:
        raise AlreadyDone(say("这就是现在使用的模板，没有改动"))
    version = before.version + 1 if before else 1
    values = {
        "kind": kind, "version": version, "file_name": shown_name(file_name, f"{kind.value}.docx"),
        "size_bytes": len(content), "sha256": sha256, "added_by_id": actor.account_id,
        "added_at_utc": now_utc(),
    }  # fmt: skip
    if not inserted(session, LetterTemplate, values):
        raise AlreadyDone(say("另一人刚刚更换了这份模板，请核对后再换"))
    record(
        session, actor, "replace_template", f"letter:{kind.value}",
        {"template": before.version, "sha256": before.sha256} if before else None,
        {"template": version, "file": values["file_name"], "sha256": sha256,
         "added_by": actor.account_id},
        grant_id=actor.grant_id(Permission.replace_letters),
    )  # fmt: skip
    return version


def written_letter(letter: Letter) -> bytes:
    """A letter as a `.docx`, with the template of its moment.

    Raises:
        NotFound: the template's file is not where it should be.
    """
    return filled_letter(template_content(letter.kind, letter.template_sha256), letter.values)


def template_content(kind: LetterKind, sha256: str) -> bytes:
    """The file of a template.

    Args:
        kind: of letter.
        sha256: the alliance's template; empty for the program's own.

    Raises:
        NotFound: the file is not where it should be.
    """
    if not sha256:
        return built_in_template(kind)
    path = evidence_path(sha256)
    if not path.is_file():
        raise NotFound(say("模板文件不见了，请联系系统管理员从备份恢复"))
    return path.read_bytes()


def _newest(session: Session, kind: LetterKind) -> LetterTemplate | None:
    newest = select(func.max(LetterTemplate.version)).where(col(LetterTemplate.kind) == kind)
    statement = select(LetterTemplate).where(
        col(LetterTemplate.kind) == kind, col(LetterTemplate.version) == newest.scalar_subquery()
    )
    return session.execute(statement).scalar_one_or_none()
