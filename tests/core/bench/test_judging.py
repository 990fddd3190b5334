import numpy as np
import pytest
from numpy.typing import NDArray

from bot.core.bench.judging import (
    COVERAGE,
    DISTINCT,
    EMERGING,
    FAMOUS,
    LIFT,
    LIST_MEASURES,
    MOST_SHOWN,
    NEW,
    POPULARITY,
    SECONDS,
    UNDER,
    Case,
    Judge,
    Tally,
)
from tests.spaces import catalog_of, raw_tracks

RAW_VALUES = [90.0, 10.0, 30.0, 80.0, 20.0, np.nan, 70.0, 50.0]


def rows(*values: int) -> NDArray[np.int64]:
    return np.array(values, np.int64)


def judge(songs: list[int] | None = None) -> Judge:
    raw = raw_tracks(
        8,
        measures={"energy": [0.1 * n for n in range(8)]},
        artists=[1, 1, 2, 2, 3, 3, 4, 4],
        songs=songs,
        popularity={"table": RAW_VALUES},
    )
    return Judge.of(catalog_of(raw), np.array(RAW_VALUES), under=0.3)


def cut(seeds: NDArray[np.int64], held_out: NDArray[np.int64], *emerging: int) -> Case:
    return Case(seeds, held_out, rows(*emerging))


def measured(values: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(LIST_MEASURES, values.tolist(), strict=True))


def test_each_group_of_held_out_tracks_is_judged_on_the_same_list() -> None:
    case = cut(rows(0), rows(1, 2, 4, 7), 2, 7)

    values = measured(judge().judge(case, rows(2, 3, 1)))

    assert values["recall@10"] == 2 / 4
    assert values["recall@10" + UNDER] == 0  # row 4 alone is by an artist below three in ten
    assert values["recall@10" + EMERGING] == 1 / 2
    assert values["recall@10" + NEW] == 1 / 3  # row 1 is by the artist of the seed
    assert values[POPULARITY] == 30
    assert values[LIFT] < 0


def test_an_artist_is_emerging_who_is_little_known_or_unknown_and_hardly_listed() -> None:
    artists = [1, 1, 2, 3, 4]
    popularity = {"table": [49.0, 10.0, np.nan, 50.0, 20.0]}
    catalog = catalog_of(raw_tracks(5, artists=artists, popularity=popularity))
    one = Judge.of(catalog, np.array(popularity["table"]), under=0.3)
    listed = [rows(4), rows(0, 1)] * 9

    assert one.emerging(listed).tolist() == [True, True, True, False, True]
    assert one.emerging([*listed, rows(4, 2)]).tolist() == [True, True, True, False, False]


def test_an_artist_is_famous_by_the_best_known_song() -> None:
    values = measured(judge().judge(cut(rows(0), rows(4)), rows(1, 2, 4, 5)))

    assert values[FAMOUS] == 2 / 4  # 1 and 2 have a song of 60 or more, 3 has none


def test_where_no_raw_popularity_is_known_nobody_is_called_famous_or_not() -> None:
    catalog = catalog_of(raw_tracks(4))
    one = Judge.of(catalog, np.full(4, np.nan), under=0.3)

    values = measured(one.judge(cut(rows(0), rows(1)), rows(2)))

    assert np.isnan(values[FAMOUS])
    assert np.isnan(values["recall@100" + UNDER])
    assert one.emerging([]).all()


def test_a_group_without_a_held_out_track_has_no_value() -> None:
    values = measured(judge().judge(cut(rows(0), rows(3)), rows(2)))

    assert np.isnan(values["recall@100" + UNDER])
    assert values["recall@100"] == 0


def test_another_version_of_a_held_out_song_counts() -> None:
    one = judge(songs=[1, 2, 3, 4, 2, 6, 7, 8])

    assert measured(one.judge(cut(rows(0), rows(1)), rows(4)))["recall@10"] == 1


def test_seeds_and_further_versions_do_not_count_whatever_a_method_says() -> None:
    one = judge(songs=[1, 2, 3, 4, 2, 1, 7, 8])

    assert one.admitted(cut(rows(0), rows(1)), rows(0, 5, 4, 1, 4, 7)).tolist() == [4, 7]


def test_a_tally_sums_up_lists_splits_and_exposure() -> None:
    one, case = judge(), cut(rows(0), rows(1))
    tally = Tally(one, lists=2, splits=2)
    for place, split, found in [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 2)]:
        tally.add(place, split, case, rows(found), 0.5)

    line = tally.line("mine")

    assert line["recall@10"].mean == pytest.approx(0.75)
    assert line["recall@10"].error == pytest.approx(0.25)
    assert line[COVERAGE].mean == pytest.approx((1 / 8 + 2 / 8) / 2)
    assert line[DISTINCT].mean == pytest.approx((1 + 2) / 2)
    assert line[MOST_SHOWN].mean == pytest.approx((2 / 2 + 1 / 2) / 2)
    assert line[SECONDS].mean == 0.5
    with pytest.raises(KeyError):
        line["charm"]
