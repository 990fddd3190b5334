"""Who rose most comes first, by the median of the sources."""

import numpy as np
import pytest

from bot.core.catalog.rising import SourcePast, change_of_artists, most_risen


def past(kept: dict[tuple[int, int], dict[int, int]]) -> SourcePast:
    """Return a past, given by track and artist the level of each month."""
    rows = sorted(
        (track, artist, month, level)
        for (track, artist), months in kept.items()
        for month, level in months.items()
    )
    ids, artists, months, levels = np.array(rows, np.int64).reshape(-1, 4).T
    return SourcePast(ids, artists, months.astype(np.int16), levels.astype(np.int16))


ALL = {(100 + place, place): {1: 100 * place} for place in range(1, 10)}


def test_the_artist_who_passed_most_others_comes_first_with_the_song_that_did_it() -> None:
    whole = past({**ALL, (50, 1): {1: 50, 3: 950}, (102, 2): {1: 200, 3: 450}})

    first, second, *others = most_risen([change_of_artists(whole, 1, 3)], 5)

    assert (first.artist_id, first.song) == (1, 50)
    assert (second.artist_id, second.song) == (2, 102)
    assert first.after == pytest.approx((8.5 + 2.5) / 14)
    assert first.before == pytest.approx((0.5 + 2.5) / 14)
    assert not others


def test_who_is_new_has_not_risen() -> None:
    whole = past({**ALL, (200, 77): {2: 990}})

    assert most_risen([change_of_artists(whole, 1, 3)], 5) == []


def test_sources_are_joined_by_the_median_and_one_that_does_not_know_an_artist_is_silent() -> None:
    rising = past({**ALL, (101, 1): {1: 100, 3: 950}, (109, 9): {1: 900}})
    still = past({key: value for key, value in ALL.items() if key != (109, 9)})
    changes = [change_of_artists(one, 1, 3) for one in (rising, still)]

    (only,) = most_risen(changes, 5)
    (alone,) = most_risen(changes[:1], 5)

    assert only.artist_id == alone.artist_id == 1
    assert only.after - only.before == pytest.approx((alone.after - alone.before) / 2)


def test_no_more_than_the_limit_are_named_and_nothing_kept_names_nobody() -> None:
    whole = past({**ALL, (101, 1): {1: 100, 3: 950}, (102, 2): {1: 200, 3: 960}})

    assert len(most_risen([change_of_artists(whole, 1, 3)], 1)) == 1
    assert most_risen([], 5) == []
    assert most_risen([change_of_artists(past({}), 1, 3)], 5) == []
