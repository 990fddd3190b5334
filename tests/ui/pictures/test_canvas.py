from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from bot.ui.pictures.canvas import BRIGHT, GOLD, HEIGHT, MARGIN, WIDTH, Canvas
from bot.ui.pictures.fonts import BOX, fonts
from bot.ui.pictures.picture import ALT_LIMIT, Picture

NAMES = [
    pytest.param("Ólafur Arnalds", id="Latin with marks"),
    pytest.param("فيروز", id="Arabic"),
    pytest.param("אריק איינשטיין (Live)", id="Hebrew beside Latin"),
    pytest.param("宇多田ヒカル", id="Japanese"),
    pytest.param("👩‍🎤🇮🇸🎧", id="nothing but emoji"),
    pytest.param("Ke$ha $\\frac{1}{2}$", id="what looks like a formula"),
    pytest.param("W" * 200, id="two hundred wide letters"),
    pytest.param("a\u0301" * 200, id="two hundred combined letters"),
    pytest.param("line\nbreak\t\x00\u202eturned", id="control characters"),
    pytest.param("\ud800 half a sign", id="half a surrogate"),
    pytest.param("𝖠𝗇𝗇 𝓐𝓷𝓷 Ⓐ Ａ", id="fancy forms of letters"),
    pytest.param("می\u200cخواهم", id="Persian with a joiner"),
    pytest.param("Z\u0301\u0302\u0303\u0304\u0308a" * 20, id="letters under many marks"),
    pytest.param("\u3164", id="a letter that nobody sees"),
]


def white(png: bytes) -> NDArray[np.bool_]:
    """Row × column: whether the pixel is as good as white."""
    with Image.open(BytesIO(png)) as image:
        assert image.size == (WIDTH, HEIGHT)
        return np.asarray(image.convert("L")) > 200


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bold", [False, True])
def test_any_name_is_written_without_a_warning_inside_its_width(name: str, bold: bool) -> None:
    canvas = Canvas("")
    canvas.text(MARGIN, 500, name, width=400, color=BRIGHT, bold=bold)

    columns = np.flatnonzero(white(canvas.png())[440:540].any(axis=0))

    assert len(columns)
    assert columns.min() >= MARGIN - 4
    assert columns.max() <= MARGIN + 404


@given(st.text(max_size=60))
def test_what_is_written_is_one_line_of_known_signs(words: str) -> None:
    written = fonts().writable(words)

    assert all(ord(sign) in fonts().known or sign == " " for sign in written)
    assert written == " ".join(written.split())
    assert written or not words.strip()


def test_letters_without_a_font_become_boxes_and_emoji_are_left_out() -> None:
    assert fonts().writable("\U00012000\U00012001 band 🫠") == f"{BOX}{BOX} band"


def test_fancy_forms_of_letters_become_the_plain_ones() -> None:
    assert fonts().writable("𝓐𝓷𝓷 Ａ") == "Ann A"


SIGNS = st.sampled_from([chr(code) for code in sorted(fonts().known)])


@given(st.text(st.one_of(SIGNS, st.characters()), max_size=25), st.booleans())
def test_every_mixture_of_scripts_and_marks_is_written_without_a_warning(
    words: str, bold: bool
) -> None:
    assert Canvas("").width_of(words, bold=bold) >= 0


@pytest.mark.parametrize("bold", [False, True])
def test_every_sign_that_counts_as_known_is_in_a_font(bold: bool) -> None:
    canvas, known = Canvas(""), sorted(fonts().known)

    for first in range(0, len(known), 300):
        signs = "".join(map(chr, known[first : first + 300]))
        canvas.text(MARGIN, 500, signs, bold=bold)

    canvas.png()  # a sign without a font is a warning


def test_joiners_stay_only_where_they_join() -> None:
    persian = "می\u200cخواهم"

    assert fonts().writable(persian) == persian
    assert fonts().writable("👩\u200d🎤 band") == "band"


def test_a_title_and_a_name_too_long_for_the_picture_stay_inside_it() -> None:
    png = Canvas("Title " * 40, name="Name " * 40, note="Note " * 40, accent=GOLD).png()

    columns = np.flatnonzero(white(png).any(axis=0))

    assert columns.max() <= WIDTH - MARGIN + 4


def test_words_over_several_lines_are_cut_after_the_last() -> None:
    canvas = Canvas("")
    end = canvas.lines(MARGIN, 300, "some words " * 60, width=500, size=40, most=3)

    rows = np.flatnonzero(white(canvas.png()).any(axis=1))

    assert end == 300 + 3 * 52
    assert 260 < rows.min() < 300
    assert 400 <= rows.max() < 404 + 16


def test_no_words_leave_no_mark() -> None:
    canvas = Canvas("")
    canvas.text(MARGIN, 500, " \n ")
    canvas.lines(MARGIN, 600, "", width=300)
    canvas.box(10, 10, 0, 50, color=BRIGHT)

    assert not white(canvas.png()).any()


def test_pictures_drawn_at_the_same_time_do_not_mix() -> None:
    def draw(name: str) -> bytes:
        return Canvas("A title", name=name).png()

    alone = [draw("one"), draw("two")]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(draw, ["one", "two"] * 3))

    assert together == alone * 3


def test_an_alt_text_is_cut_where_discord_ends_it() -> None:
    file = Picture(b"png", "taste.png", "word " * 400).file()

    assert file.filename == "taste.png"
    assert len(file.description or "") <= ALT_LIMIT
