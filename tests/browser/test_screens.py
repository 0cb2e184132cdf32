"""Every screen in both languages, light and dark, on a desk and on a phone: spoken, readable, whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlmodel import select

from components.language import ENGLISH, catalogue
from models.actions.actuals import enter_actual
from models.actions.claims import take_claim
from models.actions.evidence import add_evidence
from models.actions.standards import draft_standard
from models.actions.tasks import Progress, report_progress
from models.database import session
from models.rules.claim_workflow import Action
from models.rules.money import capitals
from models.rules.standards import StandardEntry
from models.rules.targets import ActualKind, Grade
from models.rules.targets.entries import FigureEntry
from models.rules.tasks import TaskState
from models.tables.agreements import Agreement
from models.tables.claims import Claim
from models.tables.money import BudgetLine, PolicyRule
from models.tables.organisations import Agency, Enterprise
from models.tables.people import Account
from models.tables.record import Activity
from models.tables.targets import Actual, Plan, Task, TaskUnit
from tests.browser.motions import claim_page
from tests.browser.zone import DESK, NAUGHTY, PHONE, Zone, settle
from tests.world import PDF

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from sqlmodel import Session

# fmt: off
SCREENS: dict[str, tuple[str | None, str]] = {
    "sign-in":         (None,            "/"),
    "overview":        ("reviewer",      "/"),
    "overview-agency": ("agency",        "/"),
    "overview-leader": ("leader",        "/"),
    "overview-member": ("enterprise",    "/"),
    "inbox":           ("agency",        "/inbox"),
    "claims":          ("reviewer",      "/claims"),
    "claims-month":    ("lead",          "/claims?pile=month"),
    "claims-new":      ("agency",        "/claims?new=XY-2026-001"),
    "claims-counter":  ("reviewer",      "/claims?new=1"),
    "outcomes":        ("leader",        "/?view=outcomes"),
    "outcomes-clause": ("lead",          "/?view=outcomes&by=clause"),
    "claim-clean":     ("reviewer2",     "{clean}"),
    "claim":           ("reviewer",      "{faulty}"),
    "claim-answer":    ("agency",        "{returned}"),
    "claim-bureau":    ("bureau",        "{applied}"),
    "claim-naughty":   ("reviewer",      "{naughty}"),
    "claim-missing":   ("reviewer",      "/claim?no=1"),
    "month":           ("lead",          "/month"),
    "month-sent":      ("committee",     "/month?month={last}"),
    "targets":         ("leader",        "/targets?place=dalian-hightech"),
    "targets-one":     ("leader",        "/targets?view=indicator&indicator=rd_share_gdp"),
    "targets-path":    ("leader",        "/targets?view=path&target=DH-005"),
    "tasks":           ("leader",        "/tasks"),
    "tasks-unit":      ("reviewer",      "/tasks?unit=weihai:市科技局"),
    "task":            ("reviewer",      "/tasks?task={reported}"),
    "task-read":       ("leader",        "/tasks?task={reported}"),
    "task-joint":      ("leader",        "/tasks?task=DH-5-3"),
    "actuals":         ("reviewer",      "/actuals"),
    "actuals-waiting": ("lead",          "/actuals?view=waiting"),
    "actuals-beside":  ("leader",        "/actuals?view=contradictions"),
    "actuals-import":  ("reviewer",      "/actuals?view=import"),
    "actual":          ("lead",          "{figure}"),
    "actual-own":      ("reviewer",      "{figure}"),
    "actual-plan":     ("auditor",       "/actuals?figure=A-071"),
    "meeting":         ("leader",        "/meeting"),
    "meeting-path":    ("lead",          "/meeting?slide=2"),
    "members":         ("reviewer",      "/members"),
    "member":          ("reviewer",      "/members?uscc=91210231MA0XY0001K"),
    "agencies":        ("leader",        "/agencies"),
    "agency":          ("lead",          "/agencies?uscc=91210231MA0XY0002H"),
    "policies":        ("reviewer",      "/policies?place=大连高新区"),
    "policies-set":    ("administrator", "/policies?view=settings"),
    "policies-item":   ("reviewer",      "/policies?view=settings&item=lease_minutes"),
    "policy":          ("lead",          "/policies?rule=S-01-subsidy"),
    "policy-change":   ("lead",          "/policies?change={change}"),
    "exchange":        ("lead",          "/exchange"),
    "activity":        ("auditor",       "/activity"),
    "activity-link":   ("auditor",       "/activity?seq={link}"),
    "accounts":        ("administrator", "/accounts"),
    "account":         ("administrator", "/accounts?account=reviewer"),
    "refused":         ("enterprise",    "/accounts"),
}
# fmt: on
LANGUAGES = {"zh": "zh-CN", "en": "en"}
HAN = re.compile(r"[\u3400-\u9fff]")
CLAUSE = re.compile(
    r"(?:^|(?<=\W))(?:[一二三四五六七八九十]+\.?(?:\(\w+\)|\d*))(?: (?:[一二三四五]是|效果[一二三四五]))?"
)
"""How an official clause is cited, in any language: `五.3(1)`, `五.2 一是`, `四`."""
LONG_NAMES = (
    "M02-高新技术企业认定证书（正本、副本及历年年报扫描件）-盖章版-2026年11月.pdf",
    "M02-Certificate_of_the_High-and-New-Technology_Enterprise_scanned_2026_final_version.pdf",
)
"""What papers are called in life."""
REPORTED = "DL-81-1"
"""A work item with a report, long names of papers, and several targets."""
REASON = "照正式公报更正"
LATIN = re.compile(r"[A-Za-z]{2,}")
SAID_IN_LATIN = re.compile(
    r"[\w-]+\.(?:pdf|xlsx|csv|zip)|[a-z0-9-]+(?:\.[a-z0-9-]+)+|[0-9A-Z]{18}|[\d.]+ ?[KM]B|\b(?:XY|BA)-[\w-]+|\bS-\d\d(?:-\w+)?|\b[0-9a-f]{4,64}\b|"
    r"\b(?:Excel|Word|PDF|PNG|JPE?G|CSV|XLSX|ZIP|HTML|SHA-256|Ctrl|Enter|Esc|English|SR|GR\w*|[FMRK]\d\d)\b|"
    r"\b(?:xlsx|csv|zip)\b|R&D|(?<![A-Za-z])GDP(?![A-Za-z])|\bzero-fee-demo\b|\b(?:claim|month|account):"
)
"""File formats, units, keys, codes and identifiers: the same in Chinese."""

SPOKEN = """() => {
  const shown = e => e.checkVisibility({opacityProperty: true, visibilityProperty: true});
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
    if (!text || !at || !shown(at) || at.closest('script, style, noscript, canvas')) continue;
    if (at.closest('[data-testid=stIconMaterial], [translate=no], .material-symbols-rounded')) continue;
    said.push(text);
  }
  for (const e of document.querySelectorAll('[placeholder], [aria-label], [title], [alt]'))
    if (shown(e) && !e.closest('canvas') && !e.matches('[data-testid=stIconMaterial]'))
      for (const name of ['placeholder', 'aria-label', 'title', 'alt'])
        if (e.getAttribute(name)) said.push(e.getAttribute(name).trim());
  return [...new Set(said)];
}"""

CUT = """() => {
  const wide = innerWidth + 1, found = [];
  const scrolls = e => {
    for (let at = e; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (/auto|scroll/.test(style.overflowX) && at.scrollWidth > at.clientWidth) return true;
      if (style.position === 'fixed') return true;
    }
    return false;
  };
  for (const e of document.querySelectorAll('[data-testid=stMain] *, header *')) {
    if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || e.closest('canvas, svg, style, [data-testid=stDataFrame]')) continue;
    const what = `${e.tagName} ${e.className} ${e.innerText || ''}`.replace(/\\s+/g, ' ').slice(0, 120);
    let hidden = box.width < 2;
    for (let at = e; at && !hidden; at = at.parentElement) hidden = getComputedStyle(at).clipPath !== 'none';
    if (!hidden && (box.right > wide || box.left < -1) && !scrolls(e.parentElement)) found.push(`outside: ${what}`);
    const style = getComputedStyle(e);
    const says = (e.innerText || '').trim() && !e.querySelector('input, textarea');
    if (says && !hidden && style.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1)
      found.push(`cut: ${what}`);
  }
  if (document.scrollingElement.scrollWidth > wide) found.push('the page scrolls sideways');
  return [...new Set(found)];
}"""


@pytest.fixture(scope="module")
def places(zone: Zone) -> dict[str, str]:
    """The addresses of claims in the states the screens show."""
    clean, faulty, returned = (
        zone.file(),
        zone.file(papers=("M01", "M02")),
        zone.file(papers=("M01",)),
    )
    zone.world.step("reviewer", returned, Action.return_pre_review, reasons=("R01",), note="请补齐")
    with zone.writing() as current:
        for number, name in product((clean, faulty, returned), LONG_NAMES):
            importer = zone.world.people["importer"]
            add_evidence(current, importer, number, "M02", name, PDF, on_behalf=True)
        take_claim(current, zone.world.people["reviewer2"], clean)
        papers = tuple((name, PDF) for name in LONG_NAMES)
        begun = Progress(TaskState.under_way, date(2026, 1, 5), "请补齐", papers)
        report_progress(current, zone.world.people["reviewer"], REPORTED, begun)
        figure = _entered_instead(zone, current)
        change = _drafted_lower(zone, current)
    applied = zone.at_bureau[0]
    with session(zone.world.engine) as current:
        last = current.exec(select(Claim.filed_month).where(Claim.number == applied)).one()
        passes = select(Activity.seq).where(Activity.verb == "return_pre_review")
        link = current.exec(passes.order_by(Activity.seq.desc())).first()
    return {
        "clean": claim_page(clean),
        "faulty": claim_page(faulty),
        "returned": claim_page(returned),
        "naughty": claim_page(zone.naughty),
        "figure": f"/actuals?figure={figure}",
        "change": str(change),
        "applied": claim_page(applied),
        "last": last,
        "link": str(link),
        "reported": REPORTED,
    }


def _entered_instead(zone: Zone, current: Session) -> str:
    """A figure that waits to stand in the place of one that came with the plans."""
    entry = FigureEntry(
        place_code="jinpu", indicator_code="hnte_count", as_of=date(2022, 12, 31), value="1,445",
        unit="家", kind=ActualKind.reported, grade=Grade.medium, source_title=f"测试公报{NAUGHTY}",
        source_url="https://example.org/figures", published="2023-06", note_zh=REASON,
    )  # fmt: skip
    reviewer = zone.world.people["reviewer"]
    return enter_actual(current, reviewer, entry, replaces_id="A-070", reason=REASON)


def _drafted_lower(zone: Zone, current: Session) -> int:
    """A standard that waits to be followed by a lower one."""
    entry = StandardEntry(
        service_code="hnte_first", amount="40,000", document="示例标准", clause="S-01",
        title_zh="高企认定（首次）", title_en="HNTE, first time: subsidy", budget_code="K01",
        valid_from=date(2026, 10, 1), reason=REASON,
    )  # fmt: skip
    return draft_standard(current, zone.world.people["reviewer"], entry)


@pytest.fixture(scope="module")
def names(zone: Zone) -> list[str]:
    """What people and documents are called: the same in every language."""
    with session(zone.world.engine) as current:
        found = [
            *current.exec(select(Account.display_name)), *current.exec(select(Account.username)),
            *current.exec(select(Enterprise.name)), *current.exec(select(Enterprise.payee_bank)),
            *current.exec(select(Enterprise.contact_name)), *current.exec(select(Agency.name)),
            *current.exec(select(Agreement.number)), *current.exec(select(PolicyRule.document)),
            *current.exec(select(PolicyRule.title_zh)), *current.exec(select(BudgetLine.name_zh)),
            *current.exec(select(Plan.number)), *current.exec(select(Actual.source_title)),
            *current.exec(select(Actual.note_zh)), *current.exec(select(TaskUnit.unit)),
            *current.exec(select(Task.printed)), *current.exec(select(Task.code)),
            *LONG_NAMES, "请补齐", REASON, "测试公报", "中文", *map(capitals, range(5_000_000, 200_000_000, 5_000_000)), "大连高新区",
        ]  # fmt: skip
    pieces = re.split(r"[\u202c\u202e]", NAUGHTY)
    return sorted({name for name in [*found, *pieces] if name}, key=len, reverse=True)


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest) -> str:
    """Each screen by its name."""
    return str(request.param)


@pytest.fixture(params=LANGUAGES)
def page(
    request: pytest.FixtureRequest,
    zone: Zone,
    chromium: Browser,
    places: dict[str, str],
    screen: str,
) -> Iterator[Page]:
    """A screen open in each language."""
    who, path = SCREENS[screen]
    opened = zone.open(chromium, who, path.format(**places), locale=LANGUAGES[request.param])
    if who is None:
        opened.locator("input[type=password]").wait_for()
        settle(opened)
    yield opened
    zone.contexts.pop().close()


def test_a_screen_speaks_one_language_is_readable_and_whole(
    page: Page, names: list[str], screen: str
) -> None:
    language = page.evaluate("() => document.documentElement.lang")
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.title()
    strange = english_left(page, names) if language == "zh-CN" else chinese_left(page, names)
    broken = {"words": strange, "desk": cut(page), "light": barriers(page)}
    if language == "zh-CN":
        turn_dark(page)
        broken["dark"] = barriers(page)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    broken["phone"] = cut(page)
    told = [f"{what}: {one}" for what, found in broken.items() for one in found]
    assert not told, "\n".join(told)


def turn_dark(page: Page) -> None:
    """The visitor's device turns to its dark theme."""
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
        " === 'rgb(18, 23, 30)'"
    )


def cut(page: Page) -> list[str]:
    """What stands outside the window or is cut off, once the page has taken its shape."""
    found: list[str] = []
    for _ in range(12):
        settle(page)
        found = page.evaluate(CUT)
        if not found:
            break
        page.wait_for_timeout(250)
    return found


def chinese_left(page: Page, names: list[str]) -> list[str]:
    """What an English screen still says in Chinese, beside names and official clauses; with the catalogue's view."""
    known = {str(message.id): bool(message.string) for message in catalogue(ENGLISH) if message.id}
    left = []
    for text in page.evaluate(SPOKEN):
        rest = without(text, names)
        if HAN.search(CLAUSE.sub("", rest)):
            state = {True: "translated, not used", False: "empty in the catalogue"}
            left.append(f"{text[:120]} ({state.get(known.get(text), 'no such msgid')})")  # type: ignore[arg-type]
    return left


def english_left(page: Page, names: list[str]) -> list[str]:
    """What a Chinese screen still says in English, beside names, codes, units and keys."""
    return [
        text[:120]
        for text in page.evaluate(SPOKEN)
        if LATIN.search(SAID_IN_LATIN.sub("", without(text, names)))
    ]


def without(text: str, names: list[str]) -> str:
    """A text without what people and documents are called."""
    for name in names:
        text = text.replace(name, "")
    return text


def barriers(page: Page) -> list[str]:
    """What axe-core finds serious, with the place."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


Visit = Callable[..., "Page"]


@pytest.mark.parametrize("who", ["reviewer", "agency"])
def test_the_language_is_switched_in_the_menu_and_kept(zone: Zone, visit: Visit, who: str) -> None:
    newcomer = zone.newcomer(
        f"speaker{len(zone.world.people)}", next(iter(zone.world.people[who].roles)),
        **({"agency_id": zone.world.agency_id} if who == "agency" else {}),
    )  # fmt: skip
    page = visit(newcomer, "/claims", size=DESK)
    page.locator("[data-testid=stMenuButton] button").click()
    page.get_by_text("English", exact=True).click()
    page.wait_for_function("() => document.documentElement.lang === 'en'")
    page.locator(".st-key-title_row").wait_for()
    settle(page)
    assert page.locator(".st-key-title_row h2").inner_text().isascii()
    page.goto(zone.address + "/")
    page.locator(".st-key-title_row").wait_for()
    assert page.evaluate("() => document.documentElement.lang") == "en"
