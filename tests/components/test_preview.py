"""Looking at papers: pages and pictures as a screen shows them, and words where a file shows
nothing."""

import io

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from components.paper_pictures import drawn_page, drawn_picture
from models.actions.evidence import keep_file
from tests.components.conftest import Browser
from tests.world import PDF


def stored(kind: str, width: int, height: int, mode: str = "RGB", **how: object) -> str:
    """A blank picture kept as a paper; its SHA-256."""
    written = io.BytesIO()
    Image.new(mode, (width, height)).save(written, kind, **how)
    return keep_file(written.getvalue())


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height of a picture."""
    return Image.open(io.BytesIO(picture)).size


@pytest.mark.usefixtures("browser")
def test_a_page_is_drawn_and_a_file_without_pages_is_none() -> None:
    pages, picture = drawn_page(keep_file(PDF), 7)
    assert (pages, size_of(picture)) == (1, (400, 560))
    assert drawn_page(keep_file(b"%PDF-1.4 nothing"), 1) == (0, b"")


@pytest.mark.usefixtures("browser")
def test_a_page_of_any_shape_stays_within_bounds() -> None:
    for box in (b"14400 10", b"10 14400", b"0 0"):
        sha256 = keep_file(PDF.replace(b"200 280", box))
        assert size_of(drawn_page(sha256, 1)[1])[1] <= 4_200


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_picture_is_shown_as_wide_as_a_screen(kind: str) -> None:
    assert size_of(drawn_picture(stored(kind, 2_800, 1_000))) == (1_400, 500)


@pytest.mark.usefixtures("browser")
def test_a_photograph_stands_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    assert size_of(drawn_picture(stored("JPEG", 90, 60, exif=turned))) == (60, 90)


@pytest.mark.usefixtures("browser")
def test_rare_colours_are_shown_too() -> None:
    assert drawn_picture(stored("JPEG", 60, 60, "CMYK"))
    assert drawn_picture(stored("PNG", 60, 60, "I;16"))


@pytest.mark.usefixtures("browser")
def test_a_picture_stored_before_it_was_looked_at_is_no_crash() -> None:
    broken = b"\x89PNG\r\n\x1a\n" + bytes(50)
    for sha256 in (
        keep_file(broken),
        stored("PNG", 10_000, 9_000, "1"),
        stored("PNG", 40_000, 40_000, "1"),
    ):
        assert drawn_picture(sha256) == b""


def test_what_cannot_be_shown_is_said(browser: Browser) -> None:
    del browser
    script = "from components.preview import _draw; _draw(b'', '这张图片无法显示')"
    app = AppTest.from_string(script).run()
    assert [said.value for said in app.markdown] == ["这张图片无法显示"]
