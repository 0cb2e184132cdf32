"""The documentation is true: it says what the code says, and what it names exists."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import typer.main

from components.site import SITE
from components.web.routes import ROUTES
from manage import app
from models.rules.claim_workflow import STEPS, Action, Kind, State
from models.rules.findings import CONDITIONS
from models.tables import metadata
from tools import generate
from tools.docs.findings import reasons_of
from tools.docs.glossary import nouns
from tools.docs.refusals import ROOT_NAME, SOURCE, refusal_classes
from tools.docs.workflow import step_roles, targets
from tools.source import clauses_in, reference_lines, terms, tree

ROOT = Path(__file__).resolve().parents[2]
ENTRANCES = ("README.md", "README.zh.md")

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
MAKE = re.compile(r"\bmake ([a-z-]+)")
MANAGE = re.compile(r"manage\.py ((?:[a-z-]+ ?)+)([^\n`]*)")
ADDRESS = re.compile(r"`(/[^`\s]*)`")
URL = re.compile(r"https?://[^\s)>`|;\"]+")
ABSOLUTE = re.compile(r"(?<![\w./:*$])/[a-z]\w*(?:/[\w.@-]+)+")

HOSTS = {"127.0.0.1", "keepachangelog.com", "semver.org", "zone", "zone.example.cn"}
"""Beside the sources the reference data names."""
EXAMPLE_FOLDERS = ("/etc/ssl/", "/srv/zero-fee/", "/var/backups/zero-fee/")
STREAMLITS_OWN = {"/_stcore/health"}
LEFT_OVER = re.compile(
    r"\b(tbd|lorem ipsum|coming soon|work in progress|to be written)\b", re.IGNORECASE
)


def pages() -> list[Path]:
    """Every page, the generated ones included."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def text(page: Path) -> str:
    """What a page says."""
    return page.read_text(encoding="utf-8")


def name(page: Path) -> str:
    """A page as a path from the root."""
    return page.relative_to(ROOT).as_posix()


def local_links(page: Path) -> Iterator[tuple[str, Path, str]]:
    """The links of a page to files here: as written, the file, the place in it."""
    for written in LINK.findall(FENCE.sub("", text(page))):
        parts = urlsplit(written)
        if not parts.scheme:
            target = (page.parent / parts.path).resolve() if parts.path else page
            yield written, target, parts.fragment


def anchors(page: Path) -> set[str]:
    """The places of a page a link may name."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text(page)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


# ---------------------------------------------------------------- what is generated


def test_generated_pages_say_what_the_code_says() -> None:
    assert generate.drifted() == []


def test_the_same_code_gives_the_same_pages() -> None:
    assert [name for name, page in generate.PAGES.items() if page() != page()] == []


def test_a_page_that_drifted_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "DOCS", tmp_path)
    monkeypatch.setattr(generate.drifted, "__defaults__", (tmp_path,))
    monkeypatch.setattr(generate.write, "__defaults__", (tmp_path,))
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    (tmp_path / "workflow.md").write_text("something else", encoding="utf-8")
    (tmp_path / "settings.md").unlink()
    assert generate.main(["--check"]) == 1
    told = capsys.readouterr().err
    assert "docs/workflow.md" in told
    assert "docs/settings.md" in told
    assert "docs/findings.md" not in told
    assert generate.main(["--wrong"]) == 2


def test_every_step_is_drawn_and_has_its_row() -> None:
    page = generate.PAGES["workflow.md"]()
    drawn = "\n".join(body for language, body in FENCE.findall(page) if language == "mermaid")
    moving = [step for step in STEPS if step.kind is not Kind.note]
    missing = [step.action for step in STEPS if f"| `{step.action}` |" not in page]
    missing += [step.action for step in moving if not re.search(rf"\b{step.action}\b", drawn)]
    assert missing == []


def test_targets_that_depend_on_the_claim_are_all_told() -> None:
    step_of = {step.action: step for step in STEPS}
    resumed = targets(step_of[Action.submit], State.returned)
    assert resumed == [State.submitted, State.applied, State.re_reviewed, State.approved]
    assert targets(step_of[Action.release], State.on_hold) == list(step_of[Action.hold].from_states)
    assert step_roles(step_of[Action.return_office]) == ["bureau", "committee", "finance"]
    assert step_roles(step_of[Action.lapse]) == []


def test_every_condition_names_reasons_that_exist() -> None:
    known = {line["code"] for line in reference_lines("reason_codes")}
    found = {condition.code: reasons_of(condition) for condition in CONDITIONS}
    assert [code for code, reasons in found.items() if not reasons] == []
    assert {reason for reasons in found.values() for reason in reasons} <= known


def test_every_table_and_column_is_in_the_dictionary() -> None:
    page = generate.PAGES["data-dictionary.md"]()
    sections = {part.split("\n", 1)[0]: part for part in page.split("\n## ")}
    assert [
        f"{table.name}.{column.name}"
        for table in metadata().sorted_tables
        for column in table.columns
        if f"| `{column.name}` |" not in sections.get(table.name, "")
    ] == []


def test_the_tree_drawn_beside_the_refusals_is_the_tree() -> None:
    drawn = re.findall(r"[├└]── (\w+)", ast.get_docstring(tree(SOURCE)) or "")
    kinds = [kind.name for kind in refusal_classes() if kind.file == SOURCE]
    assert sorted(drawn) == sorted(set(kinds) - {ROOT_NAME})


def test_terms_are_read_with_their_clauses() -> None:
    [term] = terms("A member enterprise (企业会员, 五.1 and 五.2) joins free.")
    assert (term.words, term.chinese, term.clauses) == (
        "member enterprise",
        "企业会员",
        ("五.1", "五.2"),
    )
    assert clauses_in(
        "The month (月度统一申请, 五.3(2)); Source: `dalian-hightech` 五.3 效果一."
    ) == (
        "五.3(2)",
        "五.3 效果一",
    )
    assert terms("nothing (at all) here") == []


def test_the_glossary_has_the_nouns_everybody_uses() -> None:
    chinese = {name for entry in nouns() for name in entry.chinese.split(" / ")}
    assert {
        "企业会员",
        "科技中介服务机构",
        "补贴申请",
        "合作对子",
        "补贴标准",
        "操作记录",
    } <= chinese
    assert [entry for entry in nouns() if not entry.noun.strip()] == []


# ---------------------------------------------------------------- what is written by hand


def test_links_lead_somewhere() -> None:
    broken = []
    for page in pages():
        for written, target, place in local_links(page):
            if not target.exists() or (place and place not in anchors(target)):
                broken.append(f"{name(page)}: {written}")
    assert broken == []


def test_every_page_is_reached_from_the_entrances() -> None:
    reached = {ROOT / entrance for entrance in ENTRANCES}
    waiting = list(reached)
    while waiting:
        page = waiting.pop()
        for _, target, _ in local_links(page):
            if target.suffix == ".md" and target.exists() and target not in reached:
                reached.add(target)
                waiting.append(target)
    assert [name(page) for page in pages() if page not in reached] == []


def test_both_entrances_show_and_link_the_same() -> None:
    english, chinese = (
        {
            target
            for _, target, _ in local_links(ROOT / entrance)
            if target.suffix != ".png"  # each shows its own language
        }
        for entrance in ENTRANCES
    )
    assert english ^ chinese == {ROOT / entrance for entrance in ENTRANCES}


def test_decisions_are_numbered_in_order_and_have_their_parts() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for number, file in enumerate(files, start=1):
        assert text(file).startswith(f"# {number}. ")
        assert re.findall(r"^## (.+)$", text(file), re.MULTILINE) == [
            "Context",
            "Consequences",
            "Discarded",
        ]


def test_make_targets_exist() -> None:
    known = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    assert [
        f"{name(page)}: make {target}"
        for page in pages()
        for said in commands(page)
        for target in MAKE.findall(said)
        if target not in known
    ] == []


def test_operators_commands_and_their_options_exist() -> None:
    known = dict(commands_of(typer.main.get_command(app)))
    unknown = []
    for page in pages():
        for said in commands(page):
            for words, rest in MANAGE.findall(said):
                verb = longest_known(words.split(), known)
                options = re.findall(r"(--[a-z-]+)", rest)
                if verb is None or not set(options) <= known[verb]:
                    unknown.append(f"{name(page)}: {words}{rest}")
    assert unknown == []


def test_the_changelog_has_the_version_of_the_project() -> None:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    assert f"## [{project['version']}]" in text(ROOT / "CHANGELOG.md")


def test_addresses_exist() -> None:
    doors = {re.sub(r"\{.*", "", getattr(route, "path", "")) for route in ROUTES}
    known = {page.address for page in SITE} | STREAMLITS_OWN | doors
    assert [
        f"{name(page)}: {address}"
        for page in pages()
        for address in ADDRESS.findall(FENCE.sub("", text(page)))
        if address not in known and not address.startswith(EXAMPLE_FOLDERS)
    ] == []


def test_folders_of_other_machines_are_examples_only() -> None:
    known = {page.address for page in SITE} | STREAMLITS_OWN
    assert [
        f"{name(page)}: {path}"
        for page in pages()
        for _, said in FENCE.findall(text(page))
        for path in ABSOLUTE.findall(said)
        if path not in known and not path.startswith(EXAMPLE_FOLDERS)
    ] == []


def test_the_web_is_cited_by_name_only_where_a_source_is() -> None:
    sources = text(ROOT / "docs" / "policy.md")
    hosts = HOSTS | {urlsplit(url).hostname for url in URL.findall(sources)}
    assert [
        f"{name(page)}: {url}"
        for page in pages()
        for url in URL.findall(text(page))
        if urlsplit(url).hostname not in hosts
    ] == []


def test_nothing_is_left_to_be_written() -> None:
    assert [name(page) for page in pages() if LEFT_OVER.search(text(page))] == []


# ---------------------------------------------------------------- reading commands


def commands(page: Path) -> list[str]:
    """What a page says in shell blocks and between backticks."""
    said = text(page)
    blocks = [body for language, body in FENCE.findall(said) if language == "sh"]
    return [
        *(line for body in blocks for line in body.splitlines()),
        *INLINE.findall(FENCE.sub("", said)),
    ]


def commands_of(command: object, before: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every command of the operator with its options."""
    below = getattr(command, "commands", {})
    for verb, inner in below.items():
        yield from commands_of(inner, f"{before} {verb}".strip())
    if not below:
        parameters = getattr(command, "params", [])
        yield before, {option for parameter in parameters for option in parameter.opts}


def longest_known(words: list[str], known: dict[str, set[str]]) -> str | None:
    """The command that a line begins with, `seed reference` before `seed`."""
    for length in range(len(words), 0, -1):
        if " ".join(words[:length]) in known:
            return " ".join(words[:length])
    return None
