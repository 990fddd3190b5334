"""Every picture, drawn of everything that may come."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from bot.core.taste import (
    Counts,
    Early,
    EarlyLike,
    Favorite,
    FavoriteGenre,
    FeatureLevel,
    ListenerProfile,
    Month,
    NewName,
    Obscurity,
    Part,
    Period,
    Span,
    Story,
    period_of,
)
from bot.ui import features, stories
from bot.ui.pictures.canvas import HEIGHT, MARGIN, WIDTH
from bot.ui.stories import Shown

TODAY = date(2026, 11, 29)
YEAR = period_of(Span.YEAR, TODAY)
LEVELS = tuple(
    FeatureLevel(name, 0.1 + 0.08 * place)
    for place, name in enumerate(one for one in features.NAMES if not one.startswith("key_"))
)
LONG, TURNED, SIGNS = (
    "A very long name of " * 12,
    "فيروز وأم كلثوم مع الفرقة",
    "🎧😀 \U00012000 $x^2$",
)


def story(name: str, *, months: int = 12, number: int = 5) -> Story:
    """Return a story in which everything is called so."""
    track, artist = Favorite(name, name), Favorite(name)
    return Story(
        period=YEAR,
        profile=ListenerProfile(
            counts=Counts(ratings=20, tracks=20, average=4.0),
            levels=LEVELS,
            obscurity=Obscurity(0.31, 8, 11),
            artists=(artist,) * number,
            tracks=(track,) * number,
            genres=(FavoriteGenre(name, 0.4, 3.0),) * number,
            plays=50_000,
        ),
        met=(NewName(name, TODAY, 1.0),) * 3000,
        quiet=(track,) * number,
        fames=(0.1, 0.2, 0.31, 0.9),
        months=tuple(
            Month(
                date(2025 + (place + 10) // 12, (place + 10) % 12 + 1, 1), 100 * place, place,
                LEVELS if place % 3 else (), name if place % 2 else None,
                0.3 if place % 4 else None, 7 if place % 5 else None,
            )
            for place in range(months)
        ),
        month_artists={7: name},
        parts=(Part(0.25, name, LEVELS[:2], (track,) * 3),) * 4,
        early=(EarlyLike(track, Early(1, TODAY, 0.2, 0.8)),) * number,
        past=True,
    )  # fmt: skip


FULL = story("Nils Frahm")
BARE = replace(
    FULL,
    profile=replace(
        FULL.profile, levels=(), genres=(), obscurity=Obscurity(None, 0, 4)
    ),
    fames=(), quiet=(), parts=(), early=(), past=False, months=(Month(TODAY, 3),),
)  # fmt: skip
STORIES = [
    pytest.param(FULL, id="everything"),
    pytest.param(story(LONG), id="names of 240 characters"),
    pytest.param(story(TURNED), id="names from right to left"),
    pytest.param(story(SIGNS), id="emoji, rare letters and formulas"),
    pytest.param(story("One", months=1, number=1), id="one of each"),
    pytest.param(story("Long ago", months=24), id="two years"),
    pytest.param(BARE, id="a catalogue without sound, genres and popularity"),
    pytest.param(replace(BARE, past=True), id="a past in which nothing rose"),
    pytest.param(Story(Period(None, TODAY)), id="nothing at all"),
    pytest.param(
        replace(FULL, profile=replace(FULL.profile, artists=())), id="tracks without artists"
    ),
]


@pytest.mark.parametrize("page", stories.PAGES)
@pytest.mark.parametrize("told", STORIES)
def test_a_picture_of_anything_is_drawn_inside_its_margins(page: Shown, told: Story) -> None:
    picture = stories.draw(page, told, name=LONG)

    with Image.open(BytesIO(picture.png)) as image:
        assert image.size == (WIDTH, HEIGHT)
        bright = np.asarray(image.convert("L")) > 170
    assert bright.any()
    assert not bright[:, : MARGIN - 40].any()
    assert not bright[:, WIDTH - MARGIN + 40 :].any()
    assert len(picture.png) < 300_000
    assert picture.alt


@pytest.mark.parametrize("page", stories.PAGES)
def test_the_same_story_gives_the_same_picture(page: Shown) -> None:
    assert stories.draw(page, FULL, name="Ada") == stories.draw(page, FULL, name="Ada")


@pytest.mark.parametrize("page", stories.PAGES)
def test_a_page_of_nothing_says_so_and_is_not_for_others(page: Shown) -> None:
    nothing = Story(Period(None, TODAY))

    assert stories.draw(page, FULL, name="Ada").tells
    assert not stories.draw(page, nothing, name="Ada").tells


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("loved", "Artists: Nils Frahm"),
        ("met", "3,000 artists met for the first time"),
        ("radar", "69 % of all artists are better known"),
        ("months", "Dec 2025: Nils Frahm"),
        ("sides", "25 % Nils Frahm: "),
        ("early", "liked 29 Nov 2026, better known than 20 % then and 80 % now"),
        ("timeline", "Taste by month, Nov 2025 to Oct 2026"),
        ("profile", "Off the beaten track"),
    ],
)
def test_the_alt_text_says_what_the_picture_shows(page: Shown, words: str) -> None:
    assert words in stories.draw(page, FULL, name="Ada").alt


@pytest.mark.parametrize("page", stories.PAGES)
def test_no_picture_tells_how_often_something_was_played(page: Shown) -> None:
    alt = stories.draw(page, FULL, name="Ada").alt

    assert "play" not in alt
    assert "50" not in alt
