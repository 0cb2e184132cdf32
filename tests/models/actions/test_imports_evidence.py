"""Papers in one zip: checked whole first, whole or nothing, named by their path."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from random import randbytes

import pytest

from models.actions.imports import Upload
from models.actions.imports_evidence import EvidencePlan, commit_evidence, plan_evidence
from models.exchange.evidence_zip import LARGEST_ZIP_BYTES
from models.queries.imports import papers_there
from models.rules.claim_workflow import Action
from models.rules.errors import FileRefused, NotAllowed, NotAvailable
from models.rules.wording import say
from tests.world import PDF, World


def zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return target.getvalue()


def encrypted() -> bytes:
    content = bytearray(zipped({"a/M01-x.pdf": PDF}))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def plan(world: World, content: bytes, who: str = "importer") -> EvidencePlan:
    with world.session() as current:
        return plan_evidence(current, world.people[who], Upload("材料.zip", content))


def commit(world: World, content: bytes, who: str = "importer") -> EvidencePlan:
    with world.session() as current:
        return commit_evidence(current, world.people[who], Upload("材料.zip", content))


def test_papers_come_in_and_the_same_zip_changes_nothing(world: World) -> None:
    number = world.file(papers=())
    content = zipped(
        {
            f"材料/{number}/M01-服务协议.pdf": PDF + b"1",
            f"材料/{number}/m02_证书.pdf": PDF + b"2",
            "__MACOSX/._x": b"x",
            f"材料/{number}/.DS_Store": b"x",
        }
    )
    found = plan(world, content)
    assert (found.new, found.claims, found.problems) == (2, 1, ())
    assert commit(world, content).new == 2
    with world.session() as current:
        assert {kind for _, kind, _ in papers_there(current, [number])} == {"M01", "M02"}
    again = commit(world, content)
    assert (again.new, again.unchanged) == (0, 2)


def test_problems_are_named_by_their_path(world: World) -> None:
    number = world.file(papers=())
    content = zipped(
        {
            "M01-散放.pdf": PDF,
            f"{number}/协议.pdf": PDF,
            f"{number}/M99-没有这种.pdf": PDF,
            f"{number}/M02-假的.pdf": b"MZ not a paper",
            f"{number}/M03-空.pdf": b"",
            "不存在/M01-协议.pdf": PDF,
            f"甲/{number}/M01-同名.pdf": PDF + b"1",
            f"乙/{number}/M01-同名.pdf": PDF + b"2",
        }
    )
    found = plan(world, content)
    said = {(p.sheet, str(p.wrong)) for p in found.problems}
    assert said == {
        ("M01-散放.pdf", "文件不在以申请编号命名的文件夹中"),
        (f"{number}/协议.pdf", "文件名没有以材料代码开头"),
        (f"{number}/M99-没有这种.pdf", "文件名没有以材料代码开头"),
        (f"{number}/M02-假的.pdf", "内容不是 PDF、PNG 或 JPEG（不看扩展名）"),
        (f"{number}/M03-空.pdf", "文件是空的"),
        ("不存在/M01-协议.pdf", "没有编号为“不存在”的申请"),
        (f"乙/{number}/M01-同名.pdf", f"与 甲/{number}/M01-同名.pdf 是同一申请的同名材料"),
    }
    with pytest.raises(FileRefused, match="7 处错误"):
        commit(world, content)


def test_a_zip_made_on_chinese_windows_keeps_its_names(world: World) -> None:
    number = world.file(papers=())
    found = plan(world, as_gbk(number))
    assert (found.new, found.problems) == (1, ())


def as_gbk(number: str) -> bytes:
    """A zip whose names are GBK bytes and whose directory does not say so."""

    class Gbk(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the library's own name
            return self.filename.encode("gb18030"), self.flag_bits & ~0x800

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(Gbk(f"{number}/M01-服务协议.pdf"), PDF)
    return target.getvalue()


def test_a_paper_too_large_or_damaged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = world.file(papers=())
    content = bytearray(
        zipped({f"{number}/M01-x.pdf": PDF, f"{number}/M02-x.pdf": PDF + randbytes(2**20)})
    )
    content[content.find(b"PK\x03\x04") + 60] ^= 0xFF
    monkeypatch.setattr("models.actions.imports_evidence.whole_number", lambda *_: 1)
    found = plan(world, bytes(content))
    assert [(p.sheet, str(p.wrong)) for p in found.problems] == [
        (f"{number}/M01-x.pdf", "文件已损坏，不能解压"),
        (f"{number}/M02-x.pdf", "文件超过 1 MB"),
    ]


def test_a_claim_further_on_takes_no_papers(world: World) -> None:
    number = world.file()
    world.step("reviewer", number, Action.pass_pre_review)
    found = plan(world, zipped({f"{number}/M01-x.pdf": PDF + b"new"}))
    assert [str(p.wrong) for p in found.problems] == [f"申请 {number} 已在后续环节，不再收材料"]


def test_a_refused_paper_keeps_all_of_them_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise NotAvailable(say("不行"))

    number = world.file(papers=())
    monkeypatch.setattr("models.actions.imports_evidence.add_evidence", refuse)
    with pytest.raises(FileRefused, match=f"{number}/M01-x.pdf：不行"):
        commit(world, zipped({f"{number}/M01-x.pdf": PDF}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no zip", "不是 zip 压缩包"),
        (zipped({}), "没有材料文件"),
        (zipped({"a/M01-x.pdf": b"0" * 40_000_000}), "压得过紧"),
        (zipped({f"a/M01-{n}.pdf": b"" for n in range(5_001)}), "文件过多"),
        (encrypted(), "密码"),
        (b"x" * (LARGEST_ZIP_BYTES + 1), "压缩包过大"),
    ],
)
def test_a_zip_that_cannot_be_read_is_one_problem(world: World, content: bytes, words: str) -> None:
    found = plan(world, content)
    assert [words in str(problem.wrong) for problem in found.problems] == [True]


def test_only_the_alliance_brings_papers(world: World) -> None:
    for who in ("agency", "bureau", "auditor"):
        with pytest.raises(NotAllowed):
            plan(world, zipped({}), who)
        with pytest.raises(NotAllowed):
            commit(world, zipped({}), who)
