from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.catalog.space import FEATURE_WEIGHTS, FEATURES, Catalog
from bot.core.lists.nearness import closeness
from bot.core.lists.path import (
    FEWEST_STEPS,
    MOST_STEPS,
    Course,
    find_path,
    others,
)
from bot.core.scene.scene import train_scene, with_scene
from tests.listed import world
from tests.spaces import catalog_of, random_tracks, raw_tracks

PLAIN = catalog_of(random_tracks(600, seed=8))
_LISTS = world()
LISTED = with_scene(
    _LISTS.catalog, train_scene(_LISTS.catalog, _LISTS.lists, dimensions=64), version="test"
)
ROWS = np.flatnonzero(PLAIN.measured).tolist()


def ladder(count: int = 9, **columns: Any) -> Catalog:
    """Tracks by as many artists on a half circle, ever less known."""
    known = {"measures": {"energy": [0.5] * count}}
    popularity = {"table": np.linspace(95, 5, count).tolist()}
    made = catalog_of(raw_tracks(count, **({"popularity": popularity} | known | columns)))
    angles = np.linspace(0, np.pi, count)
    levels = np.zeros_like(made.gaussian)
    for feature, values in (("energy", np.cos(angles)), ("danceability", np.sin(angles))):
        levels[:, FEATURES.index(feature)] = values / np.sqrt(FEATURE_WEIGHTS[feature])
    return replace(
        made,
        gaussian=levels,
        artist_contexts=np.zeros_like(made.artist_contexts),
        inverse_norms=np.ones_like(made.inverse_norms),
    )


def test_a_path_through_a_row_of_tracks_goes_from_one_to_the_next() -> None:
    path = find_path(ladder(), 0, 8, 5)

    assert path is not None
    assert path.rows == (0, 2, 4, 6, 8)
    assert path.course is Course.DOWN


def test_towards_a_hit_fame_rises() -> None:
    path = find_path(ladder(), 8, 0, 5)

    assert path is not None
    assert path.rows == (8, 6, 4, 2, 0)
    assert path.course is Course.UP


def test_what_is_barred_is_gone_round() -> None:
    path = find_path(ladder(), 0, 8, 5, barred={4})

    assert path is not None
    assert 4 not in path.rows
    assert len(path.rows) == 5


def test_a_path_is_as_long_as_there_are_tracks_for_it() -> None:
    path = find_path(ladder(6), 0, 5, MOST_STEPS)

    assert path is not None
    assert path.rows == (0, 1, 2, 3, 4, 5)


def test_where_nothing_lies_between_there_is_no_path() -> None:
    assert find_path(ladder(3), 0, 2, FEWEST_STEPS) is None
    assert find_path(ladder(9), 0, 8, 5, barred=range(1, 8)) is None


def test_where_nobody_is_counted_fame_says_nothing() -> None:
    path = find_path(ladder(popularity={}), 0, 8, 5)

    assert path is not None
    assert path.course is Course.LEVEL
    assert path.rows == (0, 2, 4, 6, 8)


def test_another_path_shares_no_artist_between_the_ends() -> None:
    first = find_path(PLAIN, ROWS[0], ROWS[1], 6)
    assert first is not None

    second = find_path(PLAIN, ROWS[0], ROWS[1], 6, barred=others(PLAIN, first))

    assert second is not None
    between = [set(PLAIN.artist_ids[list(one.rows[1:-1])].tolist()) for one in (first, second)]
    assert not between[0] & between[1]


@given(st.sampled_from(["plain", "listed"]), st.integers(0, 2**32), st.integers(4, 12))
@settings(max_examples=80, deadline=None)
def test_every_step_is_nearer_no_artist_or_song_comes_twice_and_fame_never_turns(
    kind: str, seed: int, steps: int
) -> None:
    catalog = PLAIN if kind == "plain" else LISTED
    rng = np.random.default_rng(seed)
    known = np.flatnonzero(catalog.measured | catalog.listed)
    start, goal = rng.choice(known, 2, replace=False).tolist()
    barred = set(rng.choice(len(catalog), 20).tolist())
    if catalog.artist_ids[start] == catalog.artist_ids[goal]:
        return

    path = find_path(catalog, start, goal, steps, barred=barred)

    if path is None:
        return
    rows = list(path.rows)
    assert rows == list(find_path(catalog, start, goal, steps, barred=barred).rows)  # type: ignore[union-attr]
    assert (rows[0], rows[-1]) == (start, goal)
    assert FEWEST_STEPS <= len(rows) <= steps
    assert not barred & set(rows[1:-1])
    near = closeness(catalog, np.array(rows), np.array([goal]))[:, 0].astype(float)
    near[-1] = 1
    assert (np.diff(near) > -1e-6).all()
    assert len(set(catalog.artist_ids[rows].tolist())) == len(rows)
    assert len(set(catalog.song_index[rows].tolist())) == len(rows)
    falls = np.diff(path.fame)
    if path.course is Course.DOWN:
        assert (falls <= 0).all()
    elif path.course is Course.UP:
        assert (falls >= 0).all()
    else:
        assert np.ptp(path.fame) <= 3 * 0.08 + 1e-6
    assert len(path.hops) == len(rows) - 1


def test_nearness_of_sound_is_the_cosine_of_the_vectors() -> None:
    catalog = replace(PLAIN, scene=np.zeros((len(PLAIN), 0), np.float16))
    rows, ends = np.arange(50), np.array([3, 70])

    found = closeness(catalog, rows, ends)

    assert found == pytest.approx(catalog.vectors(rows) @ catalog.vectors(ends).T, abs=1e-4)


@pytest.mark.parametrize("steps", [3, 13])
def test_a_path_that_is_too_short_or_too_long_is_refused(steps: int) -> None:
    with pytest.raises(ValueError, match="4 to 12"):
        find_path(PLAIN, 0, 1, steps)
