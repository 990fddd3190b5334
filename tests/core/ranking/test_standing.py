import numpy as np
import pytest

from bot.core.ranking.standing import artist_popularity, within_reach
from tests.spaces import catalog_of, raw_tracks

NAN = float("nan")


def test_artists_are_compared_by_their_best_known_track() -> None:
    catalog = catalog_of(
        raw_tracks(
            7, artists=[1, 1, 2, 3, 3, 4, 5], popularity={"table": [90, 5, 50, 50, 40, NAN, 1]}
        )
    )

    popularity = artist_popularity(catalog)

    np.testing.assert_allclose(popularity, [0.875, 0.5, 0.5, NAN, 0.125])


def test_without_any_popularity_every_artist_is_unknown() -> None:
    assert np.isnan(artist_popularity(catalog_of(raw_tracks(3)))).all()
    assert len(artist_popularity(catalog_of(raw_tracks(0)))) == 0


@pytest.mark.parametrize(
    ("own", "reach"),
    [
        pytest.param(0.2, (0.2, 0.6), id="half of the way to the top"),
        pytest.param(None, (0.5, 0.75), id="unknown is the middle"),
        pytest.param(0.97, (0.97, 0.99), id="two percentiles at least"),
        pytest.param(0.99, (0.99, 1.0), id="never above the top"),
    ],
)
def test_others_within_reach_are_better_known_but_no_superstars(
    own: float | None, reach: tuple[float, float]
) -> None:
    assert within_reach(own) == pytest.approx(reach)
