"""Money, dates, shares and names as shown, in both languages."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from components import formats
from components.language import CHINESE, ENGLISH
from components.this_run import in_one_run, this_run
from models.rules.claim_workflow import State
from models.rules.months import YearMonth
from models.rules.roles import Office, Role
from models.tables.agreements import ConfirmationBasis, Filing
from models.tables.organisations import Admission, GrowthStage, HnteStatus
from models.tables.reference import Track

Speaking = Callable[[str], None]


@pytest.fixture(autouse=True)
def speak() -> Iterator[Speaking]:
    """Chinese until told otherwise."""

    def in_language(code: str) -> None:
        this_run.language = code

    with in_one_run():
        in_language(CHINESE)
        yield in_language


# fmt: off
SHOWN = (
    (formats.yuan,           (5_000_000,),  "50,000.00"),
    (formats.yuan,           (-5_000_050,), "−50,000.50"),
    (formats.yuan,           (None,),       "—"),
    (formats.yuan_in_list,   (5_000_000,),  "50,000"),
    (formats.yuan_in_list,   (5_000_050,),  "50,000.50"),
    (formats.yuan_in_list,   (None,),       "—"),
    (formats.yuan_as_number, (5_000_050,),  50_000.5),
    (formats.yuan_as_number, (None,),       None),
    (formats.day,            (date(2026, 11, 20),), "2026-11-20"),
    (formats.day,            (None,),               "—"),
    (formats.days,           (date(2026, 3, 1), date(2026, 11, 20)), "2026-03-01 – 11-20"),
    (formats.days,           (date(2026, 3, 1), date(2027, 1, 1)),   "2026-03-01 – 2027-01-01"),
    (formats.days,           (date(2026, 3, 1), None),               "2026-03-01 –"),
    (formats.days,           (None, date(2026, 3, 1)),               "– 2026-03-01"),
    (formats.days,           (None, None),                           "—"),
    (formats.month,          (YearMonth(2026, 3),), "2026 年 3 月"),
    (formats.month,          ("2026-11",),          "2026 年 11 月"),
    (formats.year,           (2026,),               "2026 年"),
    (formats.instant,        (datetime(2026, 11, 19, 16, 30, tzinfo=UTC),), "2026-11-20 00:30"),
    (formats.instant,        (None,),               "—"),
    (formats.count,          (1286,),               "1,286"),
    (formats.percent,        (54, 100),             "54%"),
    (formats.percent,        (1, 0),                "—"),
    (formats.percent,        (None, 3),             "—"),
    (formats.size,           (84,),                 "1 KB"),
    (formats.size,           (99_400,),             "99 KB"),
    (formats.size,           (800_000,),            "0.8 MB"),
    (formats.plain,          ("a*b_c [x](y) `z` $1$ :red[q]",),
                             r"a\*b\_c \[x\]\(y\) \`z\` \$1\$ \:red\[q\]"),
    (formats.plain,          ("  two\n lines ",),   "two lines"),
    (formats.plain,          ("",),                 "—"),
    (formats.plain,          (None,),               "—"),
    (formats.small_grey,     ("说明",),             ":small[:gray[说明]]"),
    (formats.label,          (None,),               "—"),
)
# fmt: on


@pytest.mark.parametrize(("form", "values", "shown"), SHOWN)
def test_one_form_each(
    form: Callable[..., object], values: tuple[object, ...], shown: object
) -> None:
    assert form(*values) == shown


def test_beside_a_date_what_is_the_same_is_left_out() -> None:
    assert formats.day(date(2026, 11, 20), beside=date(2026, 1, 1)) == "11-20"
    assert formats.day(date(2025, 11, 20), beside=date(2026, 1, 1)) == "2025-11-20"
    at_utc = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)
    assert formats.instant(at_utc, beside=date(2026, 11, 20)) == "09:12"
    assert formats.instant(at_utc, beside=date(2026, 1, 1)) == "11-20 09:12"


def test_a_count_not_counted_further_says_so() -> None:
    assert formats.count(10_000, is_exact=False) == "10,000+"


def test_digits_of_a_share() -> None:
    assert formats.percent(1, 3, digits=1) == "33.3%"


KINDS = (
    State,
    Role,
    Office,
    GrowthStage,
    HnteStatus,
    Admission,
    Filing,
    Track,
    ConfirmationBasis,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("code", [CHINESE, ENGLISH])
def test_every_stored_value_is_called_something(kind: type, code: str, speak: Speaking) -> None:
    speak(code)
    names = [formats.label(member) for member in kind]
    assert all(names)
    assert len(set(names)) == len(names)
    assert not set(names) & {member.value for member in kind}


def test_two_kinds_may_share_a_value() -> None:
    assert formats.label(State.draft) == "草稿"
    assert formats.label(Filing.draft) == "未备案"


def test_names_in_the_visitor_s_language(speak: Speaking) -> None:
    first = SimpleNamespace(name_zh="高企认定", name_en="HNTE")
    second = SimpleNamespace(name_zh="商标注册", name_en="")
    table = {"a": first, "b": second}
    assert formats.named(first) == "高企认定"
    assert formats.listed(table, ("a", "b", "c")) == "高企认定、商标注册、c"
    assert formats.listed(table, ()) == "—"
    speak(ENGLISH)
    assert (formats.named(first), formats.named(second)) == ("HNTE", "商标注册")
    assert (formats.month("2026-11"), formats.year(2026)) == ("2026-11", "2026")
