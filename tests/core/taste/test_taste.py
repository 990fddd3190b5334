import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.space import FEATURES
from bot.core.taste.taste import Opinion, build_taste, levels_of, vector_from_blob
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(random_tracks(60, seed=2))

opinion_lists = st.lists(
    st.builds(
        Opinion,
        row=st.integers(0, 59),
        value=st.floats(-1, 1),
        weight=st.floats(0, 3),
        age_days=st.floats(0, 5000),
    ),
    max_size=12,
)


@given(opinion_lists, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_opinions_does_not_change_a_byte(
    opinions: list[Opinion], chance: random.Random
) -> None:
    mixed = opinions[:]
    chance.shuffle(mixed)

    assert build_taste(CATALOG, mixed).to_blob() == build_taste(CATALOG, opinions).to_blob()


@given(opinion_lists)
@settings(deadline=None)
def test_a_taste_has_length_one_or_is_all_zero(opinions: list[Opinion]) -> None:
    taste = build_taste(CATALOG, opinions)

    length = float(np.linalg.norm(taste.vector))
    assert length == pytest.approx(1, abs=1e-5) or length == 0
    assert (np.abs(taste.artist_strengths) <= 1).all()
    assert taste.has_taste == bool(len(taste.liked_rows))
    assert (taste.liked_weights > 0).all()


@given(opinion_lists, st.floats(0, 2000))
@settings(deadline=None)
def test_time_alone_changes_nothing_but_rounding(opinions: list[Opinion], days: float) -> None:
    later = [Opinion(o.row, o.value, o.weight, o.age_days + days) for o in opinions]

    now, then = build_taste(CATALOG, opinions), build_taste(CATALOG, later)

    assert np.allclose(now.vector, then.vector, atol=1e-4)


def test_one_like_is_the_vector_of_its_track() -> None:
    taste = build_taste(CATALOG, [Opinion(7, 1.0)])

    assert np.allclose(taste.vector, CATALOG.vectors([7])[0], atol=1e-6)
    assert taste.liked_rows.tolist() == [7]
    assert taste.artist_ids.tolist() == [CATALOG.artist_ids[7]]
    assert taste.artist_strengths[0] == pytest.approx(1 / 3)


def test_neutral_opinions_count_nothing() -> None:
    alone = build_taste(CATALOG, [Opinion(7, 1.0)])

    assert build_taste(CATALOG, [Opinion(7, 1.0), Opinion(9, 0.0)]).to_blob() == alone.to_blob()


def test_older_opinions_count_less() -> None:
    taste = build_taste(CATALOG, [Opinion(1, 1.0, age_days=0), Opinion(2, 1.0, age_days=365)])

    assert taste.liked_weights.tolist() == [1.0, 0.5]


def test_a_dislike_turns_the_taste_away() -> None:
    liked = build_taste(CATALOG, [Opinion(1, 1.0)])
    both = build_taste(CATALOG, [Opinion(1, 1.0), Opinion(2, -1.0)])
    disliked = CATALOG.vectors([2])[0]

    assert both.vector @ disliked < liked.vector @ disliked


def test_only_dislikes_are_no_taste_but_a_direction_away() -> None:
    taste = build_taste(CATALOG, [Opinion(2, -1.0)])

    assert not taste.has_taste
    assert taste.vector @ CATALOG.vectors([2])[0] == pytest.approx(-1, abs=1e-5)


def test_nothing_said_is_all_zero() -> None:
    taste = build_taste(CATALOG, [])

    assert not taste.has_taste
    assert not taste.vector.any()
    assert np.isnan(taste.levels).all()


def test_a_blob_comes_back_as_it_was() -> None:
    taste = build_taste(CATALOG, [Opinion(1, 1.0), Opinion(2, -0.5)])

    assert (vector_from_blob(taste.to_blob()) == taste.vector).all()
    assert len(taste.to_blob()) == 8 * len(FEATURES)
    with pytest.raises(ValueError, match="does not fit"):
        vector_from_blob(taste.to_blob()[:-4])


def test_levels_are_means_over_the_tracks_that_know_the_feature() -> None:
    nan = float("nan")
    catalog = catalog_of(raw_tracks(3, measures={"energy": [0.1, 0.5, 0.9], "mode": [1, nan, nan]}))
    energy, mode, tempo = (FEATURES.index(name) for name in ("energy", "mode", "tempo"))

    levels = levels_of(catalog, [1, 2])

    assert levels[energy] == pytest.approx(catalog.gaussian[1:, energy].mean())
    assert np.isnan(levels[mode])
    assert np.isnan(levels[tempo])
