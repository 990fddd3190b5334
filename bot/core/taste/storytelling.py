"""Finds what there is to tell of a listener over a period."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import AXIS_WEIGHTS, FEATURES, Catalog
from bot.core.taste.clusters import clusters
from bot.core.taste.explanation import FeatureLevel, describe
from bot.core.taste.periods import Period
from bot.core.taste.preference import Judged
from bot.core.taste.profile import GenreMix, Height, favorite_genres, height, obscurity_of
from bot.core.taste.story import Cluster, Month, NewName
from bot.core.taste.taste import levels_of

LEAST_MONTHS: Final = 2
"""With fewer months that say something there is no change to tell."""
WARM_UP: Final = timedelta(days=30)
"""Whoever is met in the first days of a record was known before."""
LEAST_POINTS: Final = 4
"""So many liked tracks have clusters."""


def new_names(
    first_met: Mapping[str, date], worth: Mapping[str, float], since: date | None, until: date
) -> list[NewName]:
    """Return the artists first met in a period, those worth most first, then by day and name.

    Args:
        first_met: by name, from all that was ever said and played.
        worth: of those liked or played in the period, as `ranked` tells; the others are left out.
        since: the first day; None: everybody was met in it.
        until: the day after the last.
    """
    found = [
        NewName(name, day, worth[name])
        for name, day in first_met.items()
        if name in worth and (since is None or since <= day) and day < until
    ]
    return sorted(found, key=lambda one: (-one.worth, one.met, one.name.casefold(), one.name))


def month_of_taste(
    catalog: Catalog,
    likes: Judged,
    *,
    start: date,
    plays: int,
    said: int,
    mix: GenreMix | None = None,
) -> Month:
    """Sum up a month.

    Args:
        catalog: the tracks.
        likes: what was liked or played in it.
        start: its first day.
        plays: how many.
        said: how much was said.
        mix: `genre_mix` of the catalogue.
    """
    levels = tuple(describe(catalog, levels_of(catalog, likes.rows, likes.weights)))
    genres = favorite_genres(catalog, likes, limit=1, mix=mix)
    return Month(
        start, plays, said, levels, genres[0].name if genres else None,
        obscurity_of(catalog, likes).median, _main_artist(catalog, likes),
    )  # fmt: skip


def _main_artist(catalog: Catalog, likes: Judged) -> int | None:
    single = ~np.isin(catalog.artist_ids[likes.rows], catalog.collective_ids)
    ids, places = np.unique(catalog.artist_ids[likes.rows[single]], return_inverse=True)
    if not len(ids):
        return None
    return int(ids[np.bincount(places, likes.weights[single]).argmax()])


def quiet_favorites(catalog: Catalog, likes: Judged, *, limit: int) -> tuple[int, ...]:
    """Return the rows of liked tracks by the least known artists whom somebody counts.

    One of each artist, the least known first, then those liked more.
    """
    counted = catalog.counted[likes.rows] & ~np.isnan(catalog.fame[likes.rows])
    rows, weights = likes.rows[counted], likes.weights[counted]
    order = np.lexsort((rows, -weights, catalog.fame[rows]))
    return _by_different_artists(catalog, rows[order].tolist(), limit)


def level_in(levels: Iterable[FeatureLevel], feature: str) -> float | None:
    """Return the percentile of one feature; None where it is not known."""
    return next((one.percentile for one in levels if one.feature == feature), None)


def clusters_of(catalog: Catalog, likes: Judged, *, words: int = 2) -> list[Cluster]:
    """Divide what is liked into parts that sound alike, the largest first.

    Nothing when fewer than `LEAST_POINTS` tracks are liked.

    Args:
        catalog: the tracks.
        likes: what is liked.
        words: how many levels describe a part at most.
    """
    if len(likes.rows) < LEAST_POINTS:
        return []
    points = np.where(catalog.known[likes.rows], catalog.gaussian[likes.rows], 0.0)
    labels = clusters(points.astype(np.float64), AXIS_WEIGHTS[: len(FEATURES)])
    whole = likes.weights.sum()
    middle = levels_of(catalog, likes.rows, likes.weights)
    found = []
    for label in range(int(labels.max()) + 1):
        part = Judged(likes.rows[labels == label], likes.weights[labels == label])
        if not len(part.rows):
            continue
        genres = favorite_genres(catalog, part, limit=1)
        found.append(
            Cluster(
                float(part.weights.sum() / whole),
                genres[0].name if genres else None,
                _apart(catalog, levels_of(catalog, part.rows, part.weights), middle, words),
                _examples(catalog, part),
            )
        )
    return sorted(found, key=lambda one: (-one.share, one.rows))


def _apart(
    catalog: Catalog, levels: NDArray[np.float64], middle: NDArray[np.float64], words: int
) -> tuple[FeatureLevel, ...]:
    """Return the clear levels of a part, those farthest from the whole taste first."""
    whole = {one.feature: one.percentile for one in describe(catalog, middle)}
    clear = [
        one for one in describe(catalog, levels) if height(one.percentile) is not Height.MIDDLE
    ]
    clear.sort(key=lambda one: (-round(abs(one.percentile - whole[one.feature]), 9), one.feature))
    return tuple(clear[:words])


def _examples(catalog: Catalog, part: Judged, count: int = 3) -> tuple[int, ...]:
    order = np.lexsort((part.rows, -part.weights))
    return _by_different_artists(catalog, part.rows[order].tolist(), count)


def _by_different_artists(catalog: Catalog, rows: Iterable[int], count: int) -> tuple[int, ...]:
    first: dict[int, int] = {}
    for row in rows:
        first.setdefault(int(catalog.artist_ids[row]), row)
    return tuple(first.values())[:count]


def telling(months: Sequence[Month]) -> list[Month]:
    """Return the months from the first that says something to the last."""
    loud = [place for place, month in enumerate(months) if not month.is_silent]
    return list(months[loud[0] : loud[-1] + 1]) if loud else []


def since_began(
    names: Sequence[NewName], began: date | None, period: Period
) -> tuple[list[NewName], bool]:
    """Leave out whom somebody did not meet but knew: the names of the first days of the record.

    Returns:
        The new names, and whether they are only those since the record began: when nobody else is
        left, all of them are returned.
    """
    if began is None or (period.since is not None and began + WARM_UP <= period.since):
        return list(names), False
    later = [one for one in names if one.met >= began + WARM_UP]
    return (later, False) if later else (list(names), True)
