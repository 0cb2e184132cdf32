"""Papers in one zip (材料压缩包): `申请编号/材料代码-名称.pdf`, each looked at before any is taken.

Nothing is unpacked to disk; names are only ever read. A folder around everything and the litter of
file managers are passed over.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from models.exchange.paper_reading import paper_fault
from models.exchange.problems import Problem, shown
from models.exchange.xlsx_safety import LARGEST_RATIO, SMALL_ENTRY_BYTES
from models.rules.errors import FileRefused
from models.rules.papers import media_type_of
from models.rules.wording import Wording, say

LARGEST_ZIP_BYTES = 200 * 2**20
LARGEST_UNPACKED_BYTES = 400 * 2**20
MOST_FILES = 5_000
_UTF8_NAMES = 0x800
_ENCRYPTED = 0x1
_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_AS_NAMED = say("按“申请编号/材料代码-名称.pdf”命名，例如 2026-11-0001/M01-服务协议.pdf")


@dataclass(frozen=True, slots=True)
class ZippedPaper:
    """One paper of the zip: where it lies, which claim and kind its path names."""

    path: str
    member: str
    claim_number: str
    kind_code: str
    file_name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class CheckedZip:
    """A zip looked through: the papers whose names can be read, and every problem, by path."""

    papers: tuple[ZippedPaper, ...]
    problems: tuple[Problem, ...]


def check_zip(content: bytes, kinds: Mapping[str, str], largest_mb: int) -> CheckedZip:
    """Look through a zip of papers: names, kinds, sizes, and what each file really is.

    Args:
        content: the zip.
        kinds: kinds of paper, code → name.
        largest_mb: the most one paper may have.

    Returns:
        Papers and problems, both in the order of the zip.

    Raises:
        FileRefused: no zip, damaged, too large, encrypted, or a bomb.
    """
    with opened(content) as archive:
        papers: list[ZippedPaper] = []
        problems: list[Problem] = []
        for member in _members(archive):
            path = _readable(member)
            paper = _named(path, member, kinds)
            fault = (
                paper if isinstance(paper, Problem) else _content_fault(archive, paper, largest_mb)
            )
            if fault is not None:
                problems.append(fault)
            elif isinstance(paper, ZippedPaper):
                papers.append(paper)
    problems += _doubled(papers)
    if not papers and not problems:
        raise FileRefused(say("压缩包里没有材料文件"))
    return CheckedZip(tuple(papers), tuple(problems))


def opened(content: bytes) -> zipfile.ZipFile:
    """The zip, once its directory has shown that it may be read.

    Raises:
        FileRefused.
    """
    if len(content) > LARGEST_ZIP_BYTES:
        raise FileRefused(say("压缩包过大，上限 {most} MB", most=LARGEST_ZIP_BYTES // 2**20))
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as why:
        raise FileRefused(say("文件不是 zip 压缩包，或已损坏")) from why
    for refusal in _directory_faults(archive.infolist()):
        archive.close()
        raise FileRefused(refusal)
    return archive


def file_problem(path: str, wrong: Wording, fix: Wording, is_error: bool = True) -> Problem:
    """A problem of one file in the zip, named by its path."""
    return Problem(path, 0, "", "", shown(path), is_error, wrong, fix)


# ---------------------------------------------------------------- the directory


def _directory_faults(entries: list[zipfile.ZipInfo]) -> Iterator[Wording]:
    if len(entries) > MOST_FILES:
        yield say("压缩包内文件过多，最多 {most} 个", most=MOST_FILES)
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED_BYTES:
        yield say("压缩包解压后过大，上限 {most} MB", most=LARGEST_UNPACKED_BYTES // 2**20)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        yield say("压缩包设有密码；请取消密码后上传")
    if any(_is_bomb(entry) for entry in entries):
        yield say("压缩包压得过紧，可能是损坏或恶意文件")


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    packed = max(entry.compress_size, 1)
    return entry.file_size > SMALL_ENTRY_BYTES and entry.file_size > LARGEST_RATIO * packed


def _members(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    for member in archive.infolist():
        parts = member.filename.replace("\\", "/").split("/")
        is_litter = any(part in _LITTER or part.startswith("._") for part in parts)
        if not member.is_dir() and not is_litter:
            yield member


def _readable(member: zipfile.ZipInfo) -> str:
    """The path as its maker saw it: Chinese Windows writes GBK without saying so."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAMES:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = member.filename
    return name.replace("\\", "/").strip("/")


# ---------------------------------------------------------------- one file


def _named(path: str, member: zipfile.ZipInfo, kinds: Mapping[str, str]) -> ZippedPaper | Problem:
    folder, _, file_name = path.rpartition("/")
    claim_number = folder.rpartition("/")[2].strip()
    code = file_name[:3].upper()
    if not claim_number or claim_number in (".", ".."):
        return file_problem(path, say("文件不在以申请编号命名的文件夹中"), _AS_NAMED)
    if code not in kinds or file_name[3:4] not in ("-", "_", ".", " ", "－", "—"):
        listed = tuple(f"{code} {name}" for code, name in kinds.items())
        return file_problem(
            path, say("文件名没有以材料代码开头"), say("材料代码：{codes}", codes=listed)
        )
    return ZippedPaper(
        path, member.filename, claim_number, code, file_name[-200:], member.file_size
    )


def _content_fault(archive: zipfile.ZipFile, paper: ZippedPaper, largest_mb: int) -> Problem | None:
    if paper.size_bytes == 0:
        return file_problem(paper.path, say("文件是空的"), say("换成完整的文件"))
    if paper.size_bytes > largest_mb * 2**20:
        return file_problem(
            paper.path, say("文件超过 {most} MB", most=largest_mb), say("压缩或拆分后重新打包")
        )
    try:
        content = archive.read(paper.member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return file_problem(paper.path, say("文件已损坏，不能解压"), say("重新打包"))
    media_type = media_type_of(content)
    if media_type is None:
        return file_problem(
            paper.path, say("内容不是 PDF、PNG 或 JPEG（不看扩展名）"), say("另存为 PDF 后重新打包")
        )
    fault = paper_fault(content, media_type)
    return None if fault is None else file_problem(paper.path, fault.wrong, fault.fix)


def _doubled(papers: Iterable[ZippedPaper]) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], str] = {}
    for paper in papers:
        first = seen.setdefault((paper.claim_number, paper.kind_code, paper.file_name), paper.path)
        if first != paper.path:
            yield file_problem(
                paper.path, say("与 {first} 是同一申请的同名材料", first=first), say("只保留一个")
            )
