import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.space import FEATURES
from bot.core.taste.preference import SPREAD, preference_parts, preference_scores
from bot.core.taste.taste import Opinion, TasteProfile, build_taste
from tests.spaces import catalog_of, random_tracks, raw_tracks

CATALOG = catalog_of(random_tracks(300, seed=4))
ROWS = np.arange(len(CATALOG))
ENERGY = FEATURES.index("energy")

opinion_lists = st.lists(
    st.builds(
        Opinion,
        row=st.integers(0, 299),
        value=st.floats(-1, 1),
        weight=st.floats(0, 3),
        age_days=st.floats(0, 5000),
    ),
    max_size=15,
)


def likes(rows: list[int], dislikes: list[int] | None = None) -> TasteProfile:
    opinions = [Opinion(row, 1.0) for row in rows]
    return build_taste(CATALOG, opinions + [Opinion(row, -1.0) for row in dislikes or []])


@given(opinion_lists)
@settings(deadline=None, max_examples=40)
def test_the_parts_add_up_to_the_score_and_nothing_is_nan(opinions: list[Opinion]) -> None:
    preference = build_taste(CATALOG, opinions).preference

    scores = preference_scores(CATALOG, preference)
    contributions, offsets = preference_parts(CATALOG, preference, ROWS)

    assert np.isfinite(scores).all()
    assert contributions.sum(axis=1) + offsets == pytest.approx(scores, abs=2e-4)


@given(opinion_lists, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_of_opinions_does_not_change_a_byte(
    opinions: list[Opinion], chance: random.Random
) -> None:
    mixed = opinions[:]
    chance.shuffle(mixed)

    first, second = (build_taste(CATALOG, one).preference for one in (opinions, mixed))

    assert first.linear.tobytes() == second.linear.tobytes()
    assert first.square.tobytes() == second.square.tobytes()
    assert first.offsets.tobytes() == second.offsets.tobytes()


@given(opinion_lists)
@settings(deadline=None, max_examples=40)
def test_the_best_score_in_a_box_of_levels_is_at_ends_and_vertices(
    opinions: list[Opinion],
) -> None:
    preference = build_taste(CATALOG, opinions).preference
    levels = np.hstack([CATALOG.gaussian, CATALOG.artist_contexts[CATALOG.artist_index]])
    low, high = levels[:50].min(axis=0), levels[:50].max(axis=0)

    bounds = []
    for offset, linear in zip(preference.offsets, preference.linear, strict=True):
        vertex = -linear / np.where(preference.square == 0, 1, 2 * preference.square)
        ends = np.stack([low, high, np.clip(vertex, low, high)])
        bounds.append(offset + (linear * ends + preference.square * ends**2).max(axis=0).sum())

    assert preference_scores(CATALOG, preference)[:50].max() <= max(bounds) + 2e-4


def test_scores_have_mean_zero_and_the_spread_that_was_promised() -> None:
    scores = preference_scores(CATALOG, likes([1, 2, 3, 50], [7, 8]).preference)

    assert scores.mean() == pytest.approx(0, abs=0.1)
    assert scores.std() == pytest.approx(SPREAD, rel=0.2)


def test_a_like_scores_above_average_and_a_dislike_below_a_like() -> None:
    scores = preference_scores(CATALOG, likes([1, 2, 3], [7, 8, 9]).preference)

    assert scores[[1, 2, 3]].min() > 0
    assert scores[[1, 2, 3]].mean() > scores[[7, 8, 9]].mean()


def test_dislikes_generalise_to_the_side_they_lie_on() -> None:
    order = np.argsort(CATALOG.gaussian[:, ENERGY])
    middle, top = order[130:170].tolist(), order[-40:].tolist()

    preference = likes(middle[::4], top[::2]).preference

    scores = preference_scores(CATALOG, preference)
    assert scores[top[1::2]].mean() < scores[middle[1::4]].mean()


def test_nothing_said_scores_zero_everywhere() -> None:
    assert not preference_scores(CATALOG, build_taste(CATALOG, []).preference).any()


def test_only_dislikes_score_what_is_like_them_low() -> None:
    scores = preference_scores(CATALOG, likes([], [5]).preference)

    assert scores[5] < np.quantile(scores, 0.1)


def test_two_kinds_of_music_are_liked_both_and_what_lies_between_is_not() -> None:
    kinds = np.repeat([0.1, 0.5, 0.9], 30).tolist()
    names = ("energy", "danceability", "valence", "acousticness", "liveness", "speechiness")
    catalog = catalog_of(raw_tracks(90, measures=dict.fromkeys(names, kinds)))

    taste = build_taste(catalog, [Opinion(row, 1.0) for row in (*range(8), *range(80, 88))])

    scores = preference_scores(catalog, taste.preference)
    assert len(taste.preference.offsets) == 2
    assert min(scores[8:30].mean(), scores[60:80].mean()) > scores[30:60].mean()


def test_a_catalogue_of_which_nothing_was_measured_scores_zero() -> None:
    catalog = catalog_of(raw_tracks(5))

    taste = build_taste(catalog, [Opinion(1, 1.0), Opinion(2, -1.0)])

    assert not preference_scores(catalog, taste.preference).any()


def test_equal_ratings_of_everything_are_finite() -> None:
    for value in (1.0, -1.0):
        taste = build_taste(CATALOG, [Opinion(row, value) for row in range(300)])

        assert np.isfinite(preference_scores(CATALOG, taste.preference)).all()
        assert np.isfinite(taste.artist_strengths).all()


def test_a_new_axis_of_no_meaning_is_no_part_of_any_score() -> None:
    catalog = catalog_of(raw_tracks(60, measures={"energy": np.linspace(0, 1, 60).tolist()}))

    taste = build_taste(catalog, [Opinion(1, 1.0), Opinion(40, -1.0)])

    contributions, _ = preference_parts(catalog, taste.preference, np.arange(60))
    others = [place for place in range(len(FEATURES)) if place != ENERGY]
    assert not contributions[:, others].any()
