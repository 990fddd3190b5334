"""The picture of `/map`, for whatever a listener and a catalogue are like."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.core.catalog import Catalog
from bot.core.taste import (
    MapCluster,
    Opinion,
    TasteMap,
    Turn,
    build_taste,
    cluster_artists,
    ground_of,
    name_clusters,
    representatives,
    stand,
)
from bot.ui.clusters import automatic, name_of
from bot.ui.map_words import Named
from bot.ui.pictures import labels
from bot.ui.pictures.canvas import HEIGHT, WIDTH
from bot.ui.pictures.map import draw
from tests.spaces import CALM, LOUD, catalog_of, raw_tracks, two_sounds

LONG = "Ein Name von zweihundert Buchstaben " * 6
ARABIC = "أحمد العربي"


def map_of(
    catalog: Catalog,
    opinions: list[Opinion],
    turns: tuple[Turn, ...] = (),
    *,
    artist: str = "Low",
    own_name: str | None = None,
) -> TasteMap:
    ground = ground_of(catalog)
    assert ground is not None
    taste = build_taste(catalog, opinions, turns)
    liked = taste.clusters
    artists = [[f"{artist}{one}" for one in each] for each in cluster_artists(catalog, liked)]
    names = name_clusters(catalog, liked, artists)
    rows = representatives(catalog, liked).tolist()
    clusters = tuple(
        MapCluster(row + 1, names[place], own_name, tuple(artists[place]), factor, 12)
        for place, (row, factor) in enumerate(zip(rows, liked.factors.tolist(), strict=True))
    )
    picks = ground.places_of(catalog, np.array([30, 31]))
    return TasteMap(ground, stand(catalog, ground, taste), clusters, picks, tracks=len(catalog))


TWO = [Opinion(row, 1.0) for row in (*CALM, *LOUD)]
CASES = {
    "two clusters": map_of(two_sounds(), [*TWO, Opinion(50, -1.0)]),
    "one of them off": map_of(two_sounds(), TWO, (Turn(0, 0.0),)),
    "one rating": map_of(two_sounds(), [Opinion(3, 1.0)]),
    "only dislikes": map_of(two_sounds(), [Opinion(3, -1.0)]),
    "one artist, one feature": map_of(
        catalog_of(raw_tracks(40, measures={"tempo": list(range(60, 100))}, artists=[1] * 40)),
        [Opinion(row, 1.0) for row in range(12)],
    ),
    "all tracks alike": map_of(
        catalog_of(raw_tracks(40, measures={"energy": [0.5] * 40})),
        [Opinion(row, 1.0) for row in range(12)],
    ),
    "long names": map_of(two_sounds(), TWO, artist=LONG, own_name="W" * 40),
    "names from right to left": map_of(two_sounds(), TWO, artist=ARABIC, own_name=ARABIC),
}


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_every_taste_has_a_picture_with_words_for_it(case: str, shared: bool) -> None:
    friends = [Named(LONG, (0.1, 0.2)), Named(ARABIC, (-1.0, 1.0))]

    picture = draw(CASES[case], listener=LONG, friends=friends, shared=shared)

    assert Image.open(BytesIO(picture.png)).size == (WIDTH, HEIGHT)
    assert picture.alt
    description = picture.file().description or ""
    assert len(description) <= 1024


def test_the_same_map_gives_the_same_bytes() -> None:
    one, other = (draw(CASES["two clusters"], listener="Ann").png for _ in range(2))

    assert one == other


def test_the_alt_text_says_what_the_private_picture_shows() -> None:
    alt = draw(CASES["two clusters"], listener="Ann", friends=[Named("Ben", (0.9, 0.9))]).alt

    assert alt.startswith("Ann: The 2 sides of my taste.")
    assert "24 liked tracks, 1 disliked track and 2 last picks" in alt
    assert "Friends: Ben at the top right." in alt


@pytest.mark.parametrize(
    ("least", "said"), [(0.0, "Sung at the"), (0.6, "Less instrumental at the")]
)
def test_an_end_of_the_map_is_called_what_the_tracks_there_are(least: float, said: str) -> None:
    spread = np.linspace(least, 1.0, 60).tolist()
    catalog = catalog_of(raw_tracks(60, measures={"instrumentalness": spread}))

    alt = draw(map_of(catalog, [Opinion(3, 1.0)]), listener="Ann").alt

    assert said.casefold() in alt.casefold()
    assert "instrumental at the" in alt
    assert ("sung" in alt.casefold()) == (least == 0.0)


def test_what_is_off_is_said_in_private_and_left_out_of_what_is_shared() -> None:
    shown = CASES["one of them off"]
    off = next(name_of(one) for one in shown.clusters if one.factor == 0)

    private = draw(shown, listener="Ann").alt
    shared = draw(shown, listener="Ann", shared=True).alt

    assert "(off)" in private
    assert shared.startswith("Ann: My side of music.")
    assert off.casefold() not in shared.casefold()


def test_clusters_have_names_that_read_well() -> None:
    names = {automatic(one.name) for one in CASES["two clusters"].clusters}

    assert len(names) == 2
    assert all("calm" in name or "energetic" in name or "loud" in name for name in names), names


POINTS = st.tuples(st.floats(0, 1000), st.floats(0, 1000))
SIZES = st.tuples(st.floats(10, 400), st.floats(10, 150))
INSIDE = (0.0, 0.0, 1000.0, 1000.0)


@settings(max_examples=60)
@given(st.lists(st.tuples(POINTS, SIZES), min_size=1, max_size=6))
def test_labels_stay_inside(wanted: list[tuple[tuple[float, float], tuple[float, float]]]) -> None:
    taken: list[labels.Box] = []
    for anchor, size in wanted:
        left, top, right, bottom = labels.place(anchor, size, INSIDE, taken)
        assert left >= 0
        assert top >= 0
        assert right <= 1000 + 1e-6
        assert bottom <= 1000 + 1e-6
        taken.append((left, top, right, bottom))


def test_two_labels_of_one_spot_do_not_cover_each_other() -> None:
    first = labels.place((500, 500), (300, 100), INSIDE, [])
    second = labels.place((500, 500), (300, 100), INSIDE, [first])

    apart = second[1] >= first[3] or second[3] <= first[1]
    assert apart or second[0] >= first[2] or second[2] <= first[0]
    assert first == (350, 450, 650, 550)


def test_a_label_goes_a_little_aside_for_marks() -> None:
    marks = np.array([[500.0, 500.0]] * 9)

    left, top, right, bottom = labels.place((500, 500), (100, 40), INSIDE, [], marks)

    assert not (left <= 500 <= right and top <= 500 <= bottom)
