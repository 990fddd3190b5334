from dataclasses import replace

import numpy as np

from bot.core.catalog.building import famed
from bot.core.catalog.counted import FameCoverage, fame_coverage
from tests.spaces import catalog_of, raw_tracks

NAN = float("nan")


def test_artists_are_counted_by_what_speaks_of_them() -> None:
    catalog = catalog_of(
        raw_tracks(
            6,
            artists=[1, 1, 2, 3, 4, 5],
            popularity={"small": [NAN, 1, *[NAN] * 4], "table": [5, NAN, 3, NAN, NAN, 9]},
            collective=[5],
        )
    )
    catalog = famed(replace(catalog, artist_lists=np.array([2, 0, 7, 0, 30], np.int32)))

    found = fame_coverage(catalog)

    assert found == FameCoverage(4, 3, {"table": 2, "small": 1}, in_lists=2, by_lists_alone=1)
    assert list(found.by_source) == ["table", "small"]
    assert found.uncounted == 1


def test_of_an_empty_catalogue_and_one_that_nobody_counts_all_is_zero() -> None:
    assert fame_coverage(catalog_of(raw_tracks(0))) == FameCoverage(0, 0, {}, 0, 0)
    assert fame_coverage(catalog_of(raw_tracks(3))) == FameCoverage(3, 0, {}, 0, 0)
