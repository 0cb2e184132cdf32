"""Papers: told by content, kept once, replaced and never lost; other people's are refused."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from models.actions import evidence
from models.actions.evidence import (
    add_evidence,
    evidence_path,
    files_missing,
    keep_file,
    remove_evidence,
    shown_name,
)
from models.actions.steps import system_actor
from models.database import session
from models.rules.claim_workflow import Action, State
from models.rules.errors import FileRefused, NotAllowed, NotAvailable, NotFound, Refusal
from models.rules.roles import Actor
from models.tables.claims import Evidence
from tests.models.actions.small_words import BACK
from tests.town import Town
from tests.world import PDF

A, S = Action, State


def picture(kind: str, width: int = 40, height: int = 30, mode: str = "L") -> bytes:
    """A blank picture of a size."""
    written = io.BytesIO()
    Image.new(mode, (width, height)).save(written, kind)
    return written.getvalue()


PNG = picture("PNG")


def add(town: Town, who: str | Actor, number: str, **given: object) -> int:
    """Somebody adds a paper."""
    values: dict[str, object] = {"kind_code": "M09", "file_name": "a.pdf", "content": PDF, **given}
    actor = town.people[who] if isinstance(who, str) else who
    with town.session() as current:
        return add_evidence(current, actor, number, **values)  # type: ignore[arg-type]


def papers(town: Town, number: str) -> list[Evidence]:
    """A claim's papers, replaced ones too."""
    statement = select(Evidence).where(Evidence.claim_id == town.claim(number).id)
    with session(town.engine) as current:
        return list(current.execute(statement.order_by(Evidence.id)).scalars())


def returned(town: Town) -> str:
    """A claim in the agency's hands."""
    number = town.file()
    town.step("reviewer", number, A.return_pre_review, **BACK)
    return number


def test_a_paper_is_kept_once_and_a_newer_one_replaces_it(town: Town) -> None:
    number, version = returned(town), town.claim("2026-11-0001").version
    add(town, "agency", number)
    add(town, "agency", number, content=PNG)
    first, second = papers(town, number)[-2:]
    assert (first.replaced_at_utc is not None, second.replaced_at_utc) == (True, None)
    assert (second.media_type, second.size_bytes) == ("image/png", len(PNG))
    assert evidence_path(first.sha256).read_bytes() == PDF
    assert town.claim(number).version == version + 2
    assert [p.file_name for p in town.card("agency", number).papers].count("a.pdf") == 1
    assert town.is_sound()


# fmt: off
@pytest.mark.parametrize(("given", "kind", "words"), [
    ({"content": b""},                       FileRefused, "是空的"),
    ({"content": b"MZ" + PDF},               FileRefused, "不是 PDF、PNG 或 JPEG"),
    ({"content": b"%PDF-" + bytes(21 << 20)}, FileRefused, "超过 20 MB"),
    ({"content": picture("PNG", 900, 900)[:58]}, FileRefused, "“a.pdf”：图片已损坏"),
    ({"content": b"\x89PNG\r\n\x1a\n" + bytes(50)}, FileRefused, "图片已损坏"),
    ({"content": picture("JPEG", 900, 900)[:-400]}, FileRefused, "图片已损坏"),
    ({"content": picture("PNG", 10_000, 9_000, "1")}, FileRefused, "超过 8000 万像素"),
    ({"content": picture("PNG", 40_000, 40_000, "1")}, FileRefused, "超过 8000 万像素"),
    ({"content": b"%PDF-1.4 nothing"},       FileRefused, "PDF 打不开"),
    ({"content": PDF.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[]/Count 0")}, FileRefused, "PDF"),
    ({"kind_code": "M99"},                   NotFound,    "材料代码“M99”"),
    ({"kind_code": "\0"},                    NotFound,    "材料代码"),
])
# fmt: on
def test_what_is_no_paper_changes_nothing(
    town: Town, given: dict[str, object], kind: type[Refusal], words: str
) -> None:
    number = returned(town)
    with town.refused(kind, words):
        add(town, "agency", number, **given)
    assert len(papers(town, number)) == 4


def test_who_may_not_add_papers(town: Town) -> None:
    number = town.file()
    with town.refused(NotAvailable, "不在机构手中"):
        add(town, "agency", number)
    with town.refused(NotFound):
        add(town, "agency2", number)
    with town.refused(NotAllowed):
        add(town, "reviewer", number)
    for who in ("agency", "bureau", "administrator"):
        with town.refused(NotAllowed, "由联盟办理"):
            add(town, who, number, on_behalf=True)
    with town.refused(NotAllowed, "由联盟办理"):
        add(town, system_actor(), number, on_behalf=True)


def take_back(town: Town, who: str, number: str, paper: int) -> None:
    """Somebody removes a paper."""
    with town.session() as current:
        remove_evidence(current, town.people[who], number, paper)


def test_an_own_paper_is_taken_back_until_it_is_submitted(town: Town) -> None:
    number = returned(town)
    before = town.claim(number).facts_digest
    wrong = add(town, "agency", number, kind_code="M01", file_name="错.pdf")
    take_back(town, "agency", number, wrong)
    assert [paper.file_name for paper in town.card("agency", number).papers].count("错.pdf") == 0
    assert town.claim(number).facts_digest == before
    with town.refused(NotFound, "已提交或已移除"):
        take_back(town, "agency", number, wrong)
    kept = add(town, "agency", number)
    town.step("agency", number, A.submit)
    with town.refused(NotAvailable, "不在机构手中"):
        take_back(town, "agency", number, kept)
    town.step("reviewer", number, A.return_pre_review, **BACK)
    with town.refused(NotFound, "已提交或已移除"):
        take_back(town, "agency", number, kept)
    assert town.is_sound()


def test_what_a_paper_replaced_counts_again_when_it_is_taken_back(town: Town) -> None:
    number = returned(town)
    first = next(p for p in town.card("agency", number).papers if p.kind_code == "M01")
    again = add(town, "agency", number, kind_code="M01", file_name=first.file_name)
    assert first.id not in {paper.id for paper in town.card("agency", number).papers}
    take_back(town, "agency", number, again)
    assert first.id in {paper.id for paper in town.card("agency", number).papers}
    assert town.is_sound()


def test_what_others_added_and_other_peoples_claims_are_left_alone(town: Town) -> None:
    number = returned(town)
    theirs = add(town, "importer", number, on_behalf=True)
    with town.refused(NotFound, "已提交或已移除"):
        take_back(town, "agency", number, theirs)
    own = add(town, "agency", number, file_name="b.pdf")
    for who, kind in (("agency2", NotFound), ("reviewer", NotAllowed), ("bureau", NotAllowed)):
        with town.refused(kind):
            take_back(town, who, number, own)


def test_who_decided_on_a_claim_adds_no_papers_to_it(town: Town) -> None:
    number = returned(town)
    with town.refused(NotAllowed, "联盟初审"):
        add(town, "reviewer", number, on_behalf=True)
    add(town, "importer", number, on_behalf=True)


def test_the_importer_comes_too_late_after_the_pre_review(town: Town) -> None:
    number = town.at(S.pre_reviewed)
    with town.refused(NotAvailable, "已在后续环节"):
        add(town, "importer", number, on_behalf=True)


# fmt: off
@pytest.mark.parametrize(("given", "shown"), [
    ("a.pdf", "a.pdf"), ("C:\\fakepath\\证书.pdf", "证书.pdf"), ("../../etc/passwd", "passwd"), ("", "M01"),
    ("..", "M01"), ("/", "M01"), ("a\r\nSet-Cookie: x\0.pdf", "aSet-Cookie: x.pdf"), ("\ud800", "M01"), ("x" * 300, "x" * 200),
    ("\u202egnp.exe", "gnp.exe"),
])
# fmt: on
def test_a_name_is_shown_and_never_a_path(given: str, shown: str) -> None:
    assert shown_name(given, "M01") == shown


def test_a_file_is_written_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    content = PDF + b"whole"

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            keep_file(content)
    sha256 = keep_file(content)
    assert keep_file(content) == sha256
    folder = evidence_path(sha256).parent
    assert [file.name for file in folder.iterdir() if file.name.startswith("tmp")] == []
    assert evidence_path(sha256).read_bytes() == content


def test_a_missing_file_is_named(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = town.file()
    with session(town.engine) as current:
        assert files_missing(current) == []
        monkeypatch.setattr(evidence, "evidence_path", lambda sha256: tmp_path / sha256)
        assert sorted(files_missing(current)) == sorted(p.sha256 for p in papers(town, number))
