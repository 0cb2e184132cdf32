"""Importing papers (材料) in one zip: checked whole first, then added one by one through the guarded
action.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from models.actions.evidence import add_evidence
from models.actions.imports import Upload
from models.actions.steps import lock_claims
from models.exchange.evidence_zip import (
    CheckedZip,
    ZippedPaper,
    check_zip,
    file_problem,
    opened,
)
from models.exchange.problems import Problem, in_order
from models.queries.imports import claims_taking_papers, ids_by, papers_there, require_exchange
from models.queries.settings import whole_number
from models.rules.errors import FileRefused, Refusal
from models.rules.roles import Actor
from models.rules.wording import say
from models.tables.claims import Claim
from models.tables.reference import EvidenceKind


@dataclass(frozen=True, slots=True)
class EvidencePlan:
    """The outcome of a dry run over a zip: how many papers are new or there already, for how many
    claims.
    """

    file_name: str
    new: int
    unchanged: int
    claims: int
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        """How many problems bar the import."""
        return sum(problem.is_error for problem in self.problems)


def plan_evidence(session: Session, actor: Actor, upload: Upload) -> EvidencePlan:
    """The dry run: every problem by its path. Writes nothing.

    Args:
        session: any transaction.
        actor: the importer.
        upload: a zip of `申请编号/材料代码-名称.pdf`.

    Returns:
        The plan; a zip that cannot be read at all is a plan with that one problem.

    Raises:
        NotAllowed: the actor may not import.
    """
    require_exchange(actor)
    return _prepared(session, upload)[0]


def commit_evidence(session: Session, actor: Actor, upload: Upload) -> EvidencePlan:
    """Add every new paper of a zip, whole or nothing.

    Args:
        session: the writing transaction.
        actor: the importer, on the agencies' behalf.
        upload: the zip.

    Returns:
        What was done.

    Raises:
        NotAllowed: the actor may not import.
        FileRefused: an error stands in the zip, or a paper was refused, named by its path.
    """
    require_exchange(actor)
    plan, fresh = _prepared(session, upload, will_write=True)
    if plan.errors:
        raise FileRefused(say("压缩包还有 {errors} 处错误，没有导入任何材料", errors=plan.errors))
    if fresh:
        with opened(upload.content) as archive:
            for paper in fresh:
                _add(session, actor, paper, archive.read(paper.member))
    return plan


def _add(session: Session, actor: Actor, paper: ZippedPaper, content: bytes) -> None:
    try:
        add_evidence(
            session, actor, paper.claim_number, paper.kind_code, paper.file_name, content,
            on_behalf=True,
        )  # fmt: skip
    except Refusal as refusal:
        raise FileRefused(
            say("{path}：{why}；没有导入任何材料", path=paper.path, why=refusal.wording)
        ) from refusal


def _prepared(
    session: Session, upload: Upload, *, will_write: bool = False
) -> tuple[EvidencePlan, list[ZippedPaper]]:
    kinds = {
        row.code: row.name_zh
        for row in session.execute(
            select(EvidenceKind.code, EvidenceKind.name_zh).order_by(col(EvidenceKind.code))
        )
    }
    try:
        checked = check_zip(upload.content, kinds, whole_number(session, "evidence_largest_mb"))
    except FileRefused as refusal:
        fix = say("改正后重新上传；没有导入任何材料")
        problem = Problem("", 0, "", "", upload.name, True, refusal.wording, fix)
        return EvidencePlan(upload.name, 0, 0, 0, (problem,)), []
    if will_write:
        _lock_claims(session, checked)
    problems = [*checked.problems, *_claim_problems(session, checked)]
    fresh = _fresh(session, upload, checked)
    paths = [paper.path for paper in checked.papers]
    plan = EvidencePlan(
        upload.name,
        len(fresh),
        len(checked.papers) - len(fresh),
        len({paper.claim_number for paper in checked.papers}),
        in_order(problems, paths),
    )
    return plan, fresh


def _lock_claims(session: Session, checked: CheckedZip) -> None:
    """Lock every claim the zip has papers for, before it is compared and anything is recorded."""
    numbers = {paper.claim_number for paper in checked.papers}
    lock_claims(session, ids_by(session, Claim.id, Claim.number, numbers).values())


def _claim_problems(session: Session, checked: CheckedZip) -> list[Problem]:
    takes = claims_taking_papers(session, (paper.claim_number for paper in checked.papers))
    problems = []
    for paper in checked.papers:
        if paper.claim_number not in takes:
            problems.append(
                file_problem(
                    paper.path,
                    say("没有编号为“{number}”的申请", number=paper.claim_number),
                    say("核对文件夹名称，或先导入该申请"),
                )
            )
        elif not takes[paper.claim_number]:
            problems.append(
                file_problem(
                    paper.path,
                    say("申请 {number} 已在后续环节，不再收材料", number=paper.claim_number),
                    say("从压缩包中删去，或请办理环节退回补正"),
                )
            )
    return problems


def _fresh(session: Session, upload: Upload, checked: CheckedZip) -> list[ZippedPaper]:
    """The papers not there yet: another file, another kind, or another claim."""
    there = papers_there(session, (paper.claim_number for paper in checked.papers))
    with opened(upload.content) as archive:
        return [
            paper
            for paper in checked.papers
            if (
                paper.claim_number,
                paper.kind_code,
                hashlib.sha256(archive.read(paper.member)).hexdigest(),
            )
            not in there
        ]
