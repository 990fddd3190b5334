from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.space import Catalog
from bot.core.models import Feedback, FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.taste.profile import (
    Counts,
    Height,
    Obscurity,
    artist_strengths,
    artists_behind,
    count_feedback,
    describe_sound,
    favorite_genres,
    height,
    likes_said,
    obscurity_of,
    ranked,
    weighted_median,
)
from bot.core.taste.taste import Opinion, build_taste, levels_of, likes_among
from tests.conftest import NOON
from tests.spaces import catalog_of, random_tracks, raw_tracks

TRACK, ALBUM, ARTIST, GENRE = (
    SubjectKind.TRACK,
    SubjectKind.ALBUM,
    SubjectKind.ARTIST,
    SubjectKind.GENRE,
)
RATING, THUMB, SEED = FeedbackKind.RATING, FeedbackKind.THUMB, FeedbackKind.SEED
NAN = float("nan")


def said(kind: SubjectKind, subject_id: int, value: float, how: FeedbackKind = RATING) -> Feedback:
    subject = Subject(kind, subject_id)
    return Feedback(1, how, subject, value, FeedbackSource.COMMAND, None, NOON)


def rows_of(catalog: Catalog, entries: Sequence[Feedback]) -> dict[Subject, np.ndarray]:
    return {one.subject: catalog.rows_of([one.subject.id]) for one in entries}


# ----------------------------------------------------------------------------- counts


def test_counts_tell_ratings_thumbs_and_choices_apart() -> None:
    counts = count_feedback(
        [
            said(TRACK, 1, 5),
            said(ALBUM, 1, 2),
            said(ARTIST, 1, 1, THUMB),
            said(TRACK, 2, -1, THUMB),
            said(GENRE, 1, 1, SEED),
        ]
    )

    assert counts == Counts(
        ratings=2, thumbs_up=1, thumbs_down=1, seeds=1, tracks=2, albums=1, artists=1, average=3.5
    )
    assert counts.total == 5


def test_what_is_said_about_promotions_is_not_about_music() -> None:
    assert count_feedback([said(SubjectKind.PROMOTION, 1, 1, THUMB)]) == Counts()


# ----------------------------------------------------------------------------- levels


def test_levels_stand_against_the_catalog_and_what_nobody_measured_is_unknown() -> None:
    catalog = catalog_of(
        raw_tracks(4, measures={"energy": [0.1, 0.2, 0.3, 0.9], "tempo": [80, 90, 100, NAN]})
    )
    entries = [said(TRACK, 4, 5)]

    sound = describe_sound(catalog, *likes_said(entries, rows_of(catalog, entries)))

    assert [level.feature for level in sound.levels] == ["energy"]
    assert height(sound.levels[0].percentile) is Height.HIGH
    assert "tempo" in sound.unknown
    assert "energy" not in sound.unknown
    assert not any(name.startswith("key") for name in sound.unknown)


def test_a_genre_chosen_at_the_start_is_a_taste_but_no_music_heard() -> None:
    catalog = catalog_of(
        raw_tracks(
            4,
            measures={"energy": [0.1, 0.2, 0.3, 0.9]},
            popularity={"spotify": [10, 20, 30, 40]},
        )
    )

    chosen = said(GENRE, 7, 1, SEED)

    sound = describe_sound(catalog, *likes_said([chosen], {chosen.subject: np.array([2, 3])}))

    assert sound.levels
    assert sound.obscurity == Obscurity(None, 0, 0)


@settings(deadline=None)
@given(st.lists(st.builds(Opinion, st.integers(0, 199), st.floats(-1, 1), st.floats(0, 2))))
def test_likes_are_weighed_as_the_taste_weighs_them(opinions: list[Opinion]) -> None:
    likes, taste = likes_among(opinions), build_taste(CATALOG, opinions)

    assert likes.rows.tolist() == taste.liked_rows.tolist()
    assert likes.weights.tobytes() == taste.liked_weights.tobytes()
    levels = levels_of(CATALOG, likes.rows, likes.weights)
    assert levels.tobytes() == taste.levels.tobytes()


def test_nothing_said_describes_nothing() -> None:
    sound = describe_sound(catalog_of(random_tracks(50)), *likes_said([], {}))

    assert sound.levels == ()
    assert sound.genres == ()
    assert sound.obscurity == Obscurity(None, 0, 0)


@pytest.mark.parametrize(
    ("percentile", "wanted"),
    [(0.0, Height.LOW), (0.35, Height.LOW), (0.4, Height.MIDDLE), (0.65, Height.HIGH)],
)
def test_a_level_is_clear_when_it_is_far_from_the_middle(percentile: float, wanted: Height) -> None:
    assert height(percentile) is wanted


# ----------------------------------------------------------------------------- obscurity


@pytest.mark.parametrize(
    ("values", "weights", "median"),
    [
        pytest.param([0.3], [2.0], 0.3, id="one value"),
        pytest.param([0.9, 0.1, 0.5], [1, 1, 1], 0.5, id="the middle of three"),
        pytest.param([0.2, 0.4], [1, 1], 0.3, id="between two"),
        pytest.param([0.1, 0.9], [3, 1], 0.1, id="the heavier of two"),
        pytest.param([0.1, 0.2, 0.9], [1, 1, 5], 0.9, id="one heavier than the rest"),
    ],
)
def test_the_weighted_median_by_hand(
    values: list[float], weights: list[float], median: float
) -> None:
    assert weighted_median(np.array(values), np.array(weights)) == pytest.approx(median)


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0.01, 10)),
        min_size=1,
        max_size=30,
    )
)
def test_at_most_half_of_the_weight_lies_on_either_side_of_the_median(
    pairs: list[tuple[float, float]],
) -> None:
    values, weights = (np.array(part) for part in zip(*pairs, strict=True))

    median = weighted_median(values, weights)

    half = weights.sum() / 2 * (1 + 1e-9)
    assert values.min() <= median <= values.max()
    assert weights[values < median].sum() <= half
    assert weights[values > median].sum() <= half


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_with_equal_weights_it_is_the_plain_median(values: list[float]) -> None:
    array = np.array(values)

    assert weighted_median(array, np.ones(len(array))) == pytest.approx(np.median(array))


def test_obscurity_counts_the_tracks_whose_artists_are_counted() -> None:
    catalog = catalog_of(raw_tracks(4, popularity={"spotify": [NAN, 10, 20, 30]}))
    liked = likes_among([Opinion(row, 1.0) for row in (0, 1, 2)])

    found = obscurity_of(catalog, liked)

    assert (found.known, found.liked) == (2, 3)
    assert found.median == pytest.approx((catalog.fame[1] + catalog.fame[2]) / 2)


def test_obscurity_is_that_of_artists_and_not_of_their_single_songs() -> None:
    artists = [1, 1, 2, 3, 4]
    catalog = catalog_of(raw_tracks(5, artists=artists, popularity={"spotify": [90, 1, 2, 3, 4]}))

    known, deep = (obscurity_of(catalog, likes_among([Opinion(row, 1.0)])) for row in (0, 1))

    assert known.median == deep.median == pytest.approx(float(catalog.artist_fame[0]))


def test_without_any_artist_who_is_counted_there_is_no_median() -> None:
    catalog = catalog_of(raw_tracks(2, popularity={"spotify": [NAN, 10]}))

    found = obscurity_of(catalog, likes_among([Opinion(0, 1.0)]))

    assert found == Obscurity(None, 0, 1)


# ----------------------------------------------------------------------------- genres


def test_a_rare_genre_that_is_liked_beats_a_common_one_that_is_liked_as_much() -> None:
    catalog = catalog_of(raw_tracks(20, genres=[[1]] * 16 + [[2]] * 4))
    liked = likes_among([Opinion(row, 1.0) for row in (0, 1, 16, 17)])

    found = favorite_genres(catalog, liked)

    assert [genre.name for genre in found] == ["genre 2"]
    assert found[0].share == pytest.approx(0.5)
    mixed = (2 + 3 * 0.2) / (4 + 3)
    assert found[0].lift == pytest.approx(mixed / 0.2)


def test_a_genre_everybody_has_is_nobodys_favorite() -> None:
    catalog = catalog_of(raw_tracks(6, genres=[[1]] * 6))

    assert favorite_genres(catalog, likes_among([Opinion(0, 1.0)])) == []


def test_equal_genres_come_by_name_and_no_more_than_asked_for() -> None:
    catalog = catalog_of(raw_tracks(30, genres=[[row % 6 + 1] for row in range(30)]))
    liked = likes_among([Opinion(row, 1.0) for row in (3, 2, 1)])

    assert [one.name for one in favorite_genres(catalog, liked, limit=2)] == ["genre 2", "genre 3"]


def test_without_known_genres_there_are_no_favorites() -> None:
    catalog = catalog_of(raw_tracks(3))

    assert favorite_genres(catalog, likes_among([Opinion(0, 1.0)])) == []


@given(st.lists(st.integers(0, 199), min_size=1, max_size=25, unique=True))
def test_favorite_genres_are_liked_more_than_their_share(rows: list[int]) -> None:
    catalog = CATALOG
    liked = likes_among([Opinion(row, 1.0) for row in rows])

    for genre in favorite_genres(catalog, liked):
        assert 0 < genre.share <= 1
        assert genre.lift > 1


CATALOG = catalog_of(random_tracks(200, seed=3))

# ----------------------------------------------------------------------------- artists


def test_what_is_said_of_tracks_albums_and_the_artist_adds_up() -> None:
    entries = [said(TRACK, 1, 5), said(ALBUM, 1, 4), said(ARTIST, 9, 1)]
    artist_of = {one.subject: 9 for one in entries}

    (found,) = artist_strengths(entries, artist_of)

    assert found.strength == pytest.approx((1 + 2 * 0.5 - 3) / (1 + 1 + 3 + 2))


def test_the_more_is_said_for_an_artist_the_stronger() -> None:
    entries = [said(TRACK, number, 5) for number in (1, 2, 3)]
    artist_of = {entries[0].subject: 7, entries[1].subject: 8, entries[2].subject: 8}

    assert [one.artist_id for one in artist_strengths(entries, artist_of)] == [8, 7]


def test_what_is_unknown_or_no_music_counts_for_no_artist() -> None:
    entries = [said(TRACK, 1, 5), said(GENRE, 1, 1, SEED)]

    assert artist_strengths(entries, {entries[1].subject: 3}) == []


def test_what_is_said_against_a_name_outweighs_every_play() -> None:
    assert ranked({"Low": -0.1, "Can": 0.2}, {"Low": 900, "Zu": 1}, limit=9) == [
        ("Can", 0.2),
        ("Zu", round(float(np.log(2) / np.log(901)), 9)),
    ]


def test_what_is_said_and_played_adds_up_and_ties_come_by_name() -> None:
    found = ranked({"Zoë": 0.5, "abba": 0.5}, {"Can": 3, "Low": 3, "Zoë": 3}, limit=4)

    assert found == [("Zoë", 1.5), ("Can", 1.0), ("Low", 1.0), ("abba", 0.5)]


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.floats(-1, 1)),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 10**6)),
    st.integers(0, 7),
)
def test_an_order_holds_nobody_disliked_and_falls(
    said_of: dict[str, float], played: dict[str, int], limit: int
) -> None:
    found = ranked(said_of, played, limit=limit)

    assert len(found) <= limit
    assert all(said_of.get(name, 0) >= 0 and worth > 0 for name, worth in found)
    assert [worth for _, worth in found] == sorted((w for _, w in found), reverse=True)


def test_a_compilation_stands_for_no_artist() -> None:
    catalog = catalog_of(raw_tracks(4, artists=[5, 5, 6, 7]))
    rows = {
        Subject(ALBUM, 1): np.array([0, 1]),
        Subject(ALBUM, 2): np.array([1, 2]),
        Subject(ALBUM, 3): np.empty(0, np.int64),
        Subject(GENRE, 1): np.array([0]),
        Subject(TRACK, 4): np.array([3]),
    }

    assert artists_behind(catalog, rows) == {Subject(ALBUM, 1): 5, Subject(TRACK, 4): 7}
