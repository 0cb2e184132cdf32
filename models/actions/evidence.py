"""Adding a paper (材料) to a claim: type told by content, size capped, stored once under its
SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path, PureWindowsPath

from sqlalchemy import select, update
from sqlmodel import Session, col

from models.actions.claims import claim_with_agency, touch_claim
from models.actions.steps import locked_claim
from models.clock import now_utc
from models.database import deployment
from models.exchange.paper_reading import paper_fault
from models.queries.evidence import removable_papers
from models.queries.relations import relation_of
from models.queries.settings import whole_number
from models.rules.claim_workflow import IMPORTERS, State
from models.rules.errors import FileRefused, NotAllowed, NotAvailable, NotFound
from models.rules.papers import media_type_of
from models.rules.roles import Actor, Office, barred_elsewhere
from models.rules.wording import say
from models.tables.admissions import AdmissionPaper
from models.tables.agreement_life import AgreementPaper
from models.tables.claims import Claim, Evidence
from models.tables.conduct import ComplaintPaper, TrainingPaper
from models.tables.letters import LetterTemplate
from models.tables.meetings import TaskPaper
from models.tables.objections import ObjectionPaper
from models.tables.ratings import RatingPaper
from models.tables.reference import EvidenceKind

_LONGEST_NAME = 200
_OPEN_TO_IMPORT = frozenset({State.draft, State.submitted, State.returned})


def add_evidence(
    session: Session,
    actor: Actor,
    claim_number: str,
    kind_code: str,
    file_name: str,
    content: bytes,
    *,
    on_behalf: bool = False,
) -> int:
    """Add a paper to a claim; a paper of the same kind and name is marked as replaced, never
    deleted.

    Args:
        session: the writing transaction.
        actor: somebody of the agency, or the alliance's importer.
        claim_number: the claim.
        kind_code: which paper (M01…).
        file_name: as it was called; shown, never used as a path.
        content: the file.
        on_behalf: the importer adds for the agency.

    Returns:
        The evidence's id.

    Raises:
        NotFound, NotAvailable, NotAllowed: no such claim or kind, not with the agency, not this
            agency's.
        FileRefused: neither PDF nor image, too large, empty, or not to be opened.
    """
    claim = _claim_open_to(session, actor, claim_number, on_behalf)
    if not kind_code.isprintable() or session.get(EvidenceKind, kind_code) is None:
        raise NotFound(say("材料代码“{code}”不在材料清单中", code=kind_code))
    file_name = shown_name(file_name, kind_code)
    media_type = accepted_type(session, file_name, content)
    sha256, now = keep_file(content), now_utc()
    _mark_replaced(session, claim, kind_code, file_name, now)
    assert claim.id is not None
    evidence = Evidence(
        claim_id=claim.id,
        kind_code=kind_code,
        file_name=file_name,
        media_type=media_type,
        size_bytes=len(content),
        sha256=sha256,
        uploaded_by_id=actor.account_id,
        uploaded_at_utc=now,
    )
    session.add(evidence)
    session.flush()
    after = {"kind": kind_code, "name": file_name, "sha256": sha256, "bytes": len(content)}
    touch_claim(session, actor, claim, "add_evidence", None, after)
    assert evidence.id is not None
    return evidence.id


def remove_evidence(session: Session, actor: Actor, claim_number: str, evidence_id: int) -> None:
    """Take back a paper (移除材料) the agency added and has not yet submitted; the file stays, the
    paper counts no more, and what it had replaced counts again.

    Args:
        session: the writing transaction.
        actor: somebody of the agency.
        claim_number: the claim.
        evidence_id: which paper.

    Raises:
        NotFound, NotAvailable, NotAllowed: no such claim, not with the agency, not this agency's;
            no paper of its own that was not yet submitted.
    """
    claim = claim_with_agency(session, actor, claim_number)
    own = {paper.id: paper for paper in removable_papers(session, claim)}
    if evidence_id not in own:
        raise NotFound(say("这份材料已提交或已移除；只能移除本次补正中由本机构上传的材料"))
    taken = own[evidence_id]
    _bring_back(session, taken)
    taken.replaced_at_utc = now_utc()
    session.add(taken)
    before = {"kind": taken.kind_code, "name": taken.file_name, "sha256": taken.sha256}
    touch_claim(session, actor, claim, "remove_evidence", before, {})


def shown_name(file_name: str, kind_code: str) -> str:
    """What a file is called on screen: its last part, without control characters, never empty."""
    plain = "".join(character for character in file_name if character.isprintable())
    last = PureWindowsPath(plain).name.strip(". ")[:_LONGEST_NAME]
    return last or kind_code


def accepted_type(session: Session, file_name: str, content: bytes) -> str:
    """The media type of a file that may be kept, told by its content.

    Args:
        session: for the largest size (a setting).
        file_name: as it is called in a refusal.
        content: the file.

    Raises:
        FileRefused: neither PDF nor image, too large, empty, or not to be opened.
    """
    largest_mb = whole_number(session, "evidence_largest_mb")
    if not content:
        raise FileRefused(say("文件“{name}”是空的", name=file_name))
    if len(content) > largest_mb * 1024 * 1024:
        raise FileRefused(say("文件“{name}”超过 {most} MB", name=file_name, most=largest_mb))
    media_type = media_type_of(content)
    if media_type is None:
        raise FileRefused(
            say("文件“{name}”的内容不是 PDF、PNG 或 JPEG，请另存后再上传", name=file_name)
        )
    if fault := paper_fault(content, media_type):
        raise FileRefused(
            say("文件“{name}”：{wrong}；{fix}", name=file_name, wrong=fault.wrong, fix=fault.fix)
        )
    return media_type


def keep_file(content: bytes) -> str:
    """Keep a file under its SHA-256; written whole or not at all, and once however often it comes.

    Returns:
        The SHA-256, 64 hexadecimal characters.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = evidence_path(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, written = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(written).replace(path)
    finally:
        Path(written).unlink(missing_ok=True)
    _settle(path.parent)
    return sha256


def _settle(folder: Path) -> None:
    """A new name is kept through a power cut only once its folder is written too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def evidence_path(sha256: str) -> Path:
    """Where the file of a SHA-256 lies."""
    return deployment().evidence_folder / sha256[:2] / sha256


def _claim_open_to(session: Session, actor: Actor, number: str, on_behalf: bool) -> Claim:
    if not on_behalf:
        return claim_with_agency(session, actor, number)
    if actor.grant_for(IMPORTERS) is None:
        raise NotAllowed(say("代机构录入由联盟办理"))
    claim = locked_claim(session, number)
    if reason := barred_elsewhere(Office.filing, relation_of(session, actor, claim)):
        raise NotAllowed(reason)
    if claim.state not in _OPEN_TO_IMPORT:
        raise NotAvailable(say("申请已在后续环节，不能再导入材料"))
    return claim


def _mark_replaced(
    session: Session, claim: Claim, kind_code: str, file_name: str, now: datetime
) -> None:
    session.execute(
        update(Evidence)
        .where(
            col(Evidence.claim_id) == claim.id,
            col(Evidence.kind_code) == kind_code,
            col(Evidence.file_name) == file_name,
            col(Evidence.replaced_at_utc).is_(None),
        )
        .values(replaced_at_utc=now)
    )


def _bring_back(session: Session, taken: Evidence) -> None:
    """What a paper replaced when it came counts again."""
    session.execute(
        update(Evidence)
        .where(
            col(Evidence.claim_id) == taken.claim_id,
            col(Evidence.kind_code) == taken.kind_code,
            col(Evidence.file_name) == taken.file_name,
            col(Evidence.replaced_at_utc) == taken.uploaded_at_utc,
        )
        .values(replaced_at_utc=None)
    )


def files_missing(session: Session) -> list[str]:
    """SHA-256 of papers and templates whose file is not where it should be (for `verify` and after
    a restore)."""
    known = session.execute(
        select(col(Evidence.sha256)).union(
            select(col(TaskPaper.sha256)),
            select(col(ObjectionPaper.sha256)),
            select(col(AgreementPaper.sha256)),
            select(col(ComplaintPaper.sha256)),
            select(col(TrainingPaper.sha256)),
            select(col(AdmissionPaper.sha256)),
            select(col(RatingPaper.sha256)),
            select(col(LetterTemplate.sha256)),
        )
    ).scalars()
    return [sha256 for sha256 in known if not evidence_path(sha256).exists()]
