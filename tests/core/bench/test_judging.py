import numpy as np
import pytest
from numpy.typing import NDArray

from bot.core.bench.judging import (
    COVERAGE,
    LIFT,
    LIST_MEASURES,
    NEW,
    POPULARITY,
    RAW,
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
    return Judge(catalog_of(raw), np.array(RAW_VALUES), 0.2)


def measured(values: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(LIST_MEASURES, values.tolist(), strict=True))


def test_each_group_of_held_out_tracks_is_judged_on_the_same_list() -> None:
    case = Case(seeds=rows(0), held_out=rows(1, 2, 4, 7))

    values = measured(judge().judge(case, rows(2, 3, 1)))

    assert values["recall@10"] == 2 / 4
    assert values["recall@10" + UNDER] == 1  # row 1 alone is in the lowest fifth
    assert values["recall@10" + RAW] == 2 / 3
    assert values["recall@10" + NEW] == 1 / 3  # row 1 is by the artist of the seed
    assert values[POPULARITY] == 30
    assert values[LIFT] < 0


def test_a_group_without_a_held_out_track_has_no_value() -> None:
    values = measured(judge().judge(Case(rows(0), rows(3)), rows(2)))

    assert np.isnan(values["recall@100" + UNDER])
    assert values["recall@100"] == 0


def test_another_version_of_a_held_out_song_counts() -> None:
    one = judge(songs=[1, 2, 3, 4, 2, 6, 7, 8])

    assert measured(one.judge(Case(rows(0), rows(1)), rows(4)))["recall@10"] == 1


def test_seeds_and_further_versions_do_not_count_whatever_a_method_says() -> None:
    one = judge(songs=[1, 2, 3, 4, 2, 1, 7, 8])

    assert one.admitted(Case(rows(0), rows(1)), rows(0, 5, 4, 1, 4, 7)).tolist() == [4, 7]


def test_a_tally_sums_up_lists_splits_and_exposure() -> None:
    one, case = judge(), Case(rows(0), rows(1))
    tally = Tally(one, lists=2, splits=2)
    for place, split, found in [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 2)]:
        tally.add(place, split, case, rows(found), 0.5)

    line = tally.line("mine")

    assert line["recall@10"].mean == pytest.approx(0.75)
    assert line["recall@10"].error == pytest.approx(0.25)
    assert line[COVERAGE].mean == pytest.approx((1 / 8 + 2 / 8) / 2)
    assert line[SECONDS].mean == 0.5
    with pytest.raises(KeyError):
        line["charm"]
