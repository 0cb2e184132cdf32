"""What a meeting gives away: an editable PowerPoint, pictures that need no font of the machine, a
workbook."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image, ImageChops
from pptx import Presentation

from components import meeting_pictures
from components.language import CHINESE, ENGLISH, catalogue
from components.meeting_words import spoken_slides, stamp
from components.this_run import in_one_run, this_run
from models.actions.steps import system_actor
from models.database import make_engine, session
from models.exchange.meeting_slides import meeting_slides
from models.exchange.meeting_workbook import MeetingSheet, meeting_workbook
from models.queries.meetings import deck_of, digest_of
from models.queries.targets import target_lines
from models.rules.targets.slides import Deck
from seed.target_data import seed_target_data

ON = date(2026, 11, 25)
WANTED = ("DH-005", "WF-001", "DL-003")


@pytest.fixture(scope="module")
def deck(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Deck:
    """Three targets: one with gap and base, one silent, one in money."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("deck") / "zone.db")
    engine = make_engine(f"sqlite:///{file}")
    with session(engine, write=True) as current:
        seed_target_data(current, system_actor())
    with session(engine) as current:
        made = deck_of(target_lines(current, ON), WANTED, ON)
    engine.dispose()
    return made


@pytest.fixture(params=["zh_CN", "en"])
def tongue(request: pytest.FixtureRequest) -> Iterator[str]:
    """Both languages."""
    with in_one_run():
        this_run.language = request.param
        yield request.param


def opened(deck: Deck) -> Any:
    spoken = spoken_slides(deck, stamp(deck, digest_of(deck)))
    return Presentation(io.BytesIO(meeting_slides(spoken, "会议", "演示数据")))


def charts(page: Any) -> list[Any]:
    return [shape.chart for shape in page.shapes if shape.has_chart]


def words_of(page: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in page.shapes if shape.has_text_frame)


def test_every_slide_has_one_native_chart_with_its_workbook_inside(deck: Deck, tongue: str) -> None:
    pages = list(opened(deck).slides)
    assert len(pages) == 1 + len(WANTED)
    for page in pages:
        (chart,) = charts(page)
        inside = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        assert inside.active.max_row > 1
        (shape,) = [shape for shape in page.shapes if shape.has_chart]
        assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
        assert page.notes_slide.notes_text_frame.text


def test_the_chart_holds_the_numbers_and_the_gaps_stay_gaps(deck: Deck) -> None:
    with in_one_run():
        this_run.language = "zh_CN"
        pages = list(opened(deck).slides)
    (chart,) = charts(pages[1])
    series = {one.name: list(one.values) for one in chart.plots[0].series}
    assert list(chart.plots[0].categories) == [str(year) for year in range(2016, 2023)]
    assert series["目标"] == [1000] * 7
    assert series["实绩"][:6] == [None, None, 480, 757, 851, 1068]
    assert [round(value) for value in series["应达进度"][:5]] == [250, 354, 500, 707, 1000]
    said = words_of(pages[1])
    for words in (
        "高新技术企业数量 2020 年差 149 家，2021 年达到 1,068 家",
        "2020 年数为推算、可信度低",
        "演示数据 · 2 / 4",
        "摘要",
    ):
        assert words in said
    assert "无公开数据" in words_of(pages[2])


def test_money_is_told_in_billions_in_english_and_the_chart_agrees(deck: Deck) -> None:
    with in_one_run():
        this_run.language = "en"
        page = list(opened(deck).slides)[3]
    assert "CNY 16.97 billion" in words_of(page)
    values = {one.name: list(one.values) for one in charts(page)[0].plots[0].series}
    assert values["Target"][0] == 15
    assert 16.97 in values["Actual"]


def test_a_slide_is_a_picture_of_full_size_with_ink_where_its_words_are(
    deck: Deck, tongue: str
) -> None:
    spoken = spoken_slides(deck, stamp(deck, digest_of(deck)))
    pictures = [
        Image.open(io.BytesIO(one)) for one in meeting_pictures.slide_pictures(deck, spoken)
    ]
    assert [one.size for one in pictures] == [(1920, 1080)] * 4
    for picture in pictures:
        for box in ((72, 60, 1848, 150), (72, 240, 1848, 940), (72, 965, 900, 1060)):
            assert has_ink(picture.crop(box))


def has_ink(picture: Image.Image) -> bool:
    white = Image.new("RGB", picture.size, "#FFFFFF")
    return ImageChops.difference(picture, white).getbbox() is not None


def test_pictures_speak_chinese_with_the_packaged_typeface_alone() -> None:
    """Without a single font of the machine: the chart's Chinese has ink, and not the ink of a font
    that lacks it."""
    program = (
        "import sys, vl_convert, hashlib\n"
        "from components.meeting_pictures import FAMILY, _register_fonts\n"
        "_register_fonts()\n"
        "def drawn(words, family):\n"
        "    spec = {'data': {'values': [{'t': words}]}, 'mark': {'type': 'text', 'fontSize': 40,"
        " 'font': family}, 'encoding': {'text': {'field': 't'}}, 'width': 300, 'height': 80}\n"
        "    return hashlib.sha256(vl_convert.vegalite_to_png(spec)).hexdigest()\n"
        "a, b = drawn('瓦房店市', FAMILY), drawn('哈尔滨市', FAMILY)\n"
        "print(a != b, drawn('瓦房店市', 'No Such Family') != a)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "True"]


def test_every_character_of_ours_is_in_the_typeface() -> None:
    font = meeting_pictures._font(20)
    texts = [str(message.id) for message in catalogue(CHINESE) if message.id]
    texts += [str(message.string) for message in catalogue(ENGLISH) if message.string]
    used = {letter for text in texts for letter in text if letter.isprintable() and letter != " "}
    blank = bytes(font.getmask("\U0010fffd"))
    lacking = sorted(letter for letter in used if bytes(font.getmask(letter)) == blank)
    assert not lacking, "".join(lacking)


def test_the_workbook_has_numbers_as_numbers_and_no_formula() -> None:
    sheet = MeetingSheet("数据", (("编号", 8), ("数值", 8)), (("=1+1", 2.5), ("甲", None)))
    book = load_workbook(io.BytesIO(meeting_workbook("会议", "演示数据", [sheet])))
    rows = list(book["数据"].iter_rows(values_only=True))
    assert rows[0][0] == "演示数据 · 会议"
    assert rows[1] == ("编号", "数值")
    assert rows[2] == ("'=1+1", 2.5)
    assert rows[3] == ("甲", None)


def test_an_empty_sheet_is_a_sheet() -> None:
    book = load_workbook(
        io.BytesIO(meeting_workbook("会议", "", [MeetingSheet("空", (("编号", 8),), ())]))
    )
    assert list(book["空"].iter_rows(values_only=True)) == [("会议",), ("编号",)]
