"""No wallpaper: learns which tracks come up for many, and what they pay for it.

Some tracks lie near everybody's taste in many dimensions (*hubs*: Radovanović, Nanopoulos &
Ivanović, "Hubs in Space", 2010) and would stand in the list of every eighth listener, whatever they
love. As cross-domain similarity local scaling does (Conneau et al., "Word Translation Without
Parallel Data", 2018), a track pays for how far it stands above the others in the lists where it
stands highest. The lists are those of the public playlists that the scene is learned from, ranked
as if each were a listener: nothing that users of the bot do has a part in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import CROWDING_DIALS, OPEN, UPPER, Catalog
from bot.core.ranking.obscurity import UPPER_HALF, DeepCuts, ceiling, counting_fame
from bot.core.ranking.query import Query
from bot.core.ranking.scorer import Scorer
from bot.core.scene import Crowding, Scene, with_scene
from bot.core.taste import Opinion, TasteProfile, build_taste

LISTENERS: Final = 240
"""So many lists, at most, are taken for listeners; of every other one `FEW` songs are known."""
FEW: Final = 5
_MOST: Final = 0.8
"""The share that is known of the others."""
_DEPTH: Final = 100
"""A song pays for how far it stands above the one in this place of a list."""
_VERSIONS: Final = 4
"""So many times as many tracks hold that many songs, nearly always."""
_SHARE: Final = 0.05
"""It pays the mean over this share of the listeners, those where it stands highest."""
_FEWEST: Final = 3
"""So many listeners make a share, at least."""
_RATE: Final = 0.7
"""How much of that mean it pays.

By cross-validation on playlists: at .5 the track that comes up most does so for half as many, and
as much is found as without; from about 1 on less is found. To work prices out anew once they are
paid only loses more of what is found."""
_PIECE: Final = 65_536

_Top: TypeAlias = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Songs by their ids, and a number for each."""


def learn_crowding(
    catalog: Catalog,
    lists: Sequence[NDArray[np.int64]],
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Crowding:
    """Learn what songs pay, for every one of `CROWDING_DIALS`.

    Args:
        catalog: in the scene that the lists made, without any prices.
        lists: rows that were played or listed together.
        seed: chooses the lists and their songs.
        progress: is called with the listeners that are ranked for and all there are.
    """
    listeners = _listeners(lists, np.random.default_rng(seed))
    if not listeners:
        return Crowding.none()
    fame = counting_fame(catalog, np.arange(len(catalog)), DeepCuts.NO)
    shown = [np.flatnonzero(fame <= ceiling(dial)) for dial in CROWDING_DIALS]
    tops: list[list[_Top]] = [[] for _ in shown]
    for done, known in enumerate(listeners, 1):
        taste = build_taste(catalog, [Opinion(row, 1.0) for row in known.tolist()])
        halves = [_scores(catalog, taste, known, half) for half in (OPEN, UPPER)]
        for dial, rows, of_dial in zip(CROWDING_DIALS, shown, tops, strict=True):
            scores = halves[UPPER if dial > UPPER_HALF else OPEN]
            of_dial.append(_top(catalog, rows, scores[rows]))
        progress(done, len(listeners))
    share = max(_FEWEST, round(_SHARE * len(listeners)))
    prices = [_prices(of_dial, share) for of_dial in tops]
    paying = np.unique(np.concatenate([songs for songs, _ in prices]))
    found = np.zeros((len(paying), len(prices)), np.float16)
    for dial, (songs, price) in enumerate(prices):
        found[np.searchsorted(paying, songs), dial] = price
    return Crowding(paying, found)


def uncrowded(
    catalog: Catalog,
    scene: Scene,
    lists: Sequence[NDArray[np.int64]],
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Scene:
    """Return a scene that was learned from some lists with what songs pay in it.

    Args:
        catalog: as `train_scene` had it.
        lists: as `train_scene` had them.
        seed: as in `learn_crowding`.
        progress: as in `learn_crowding`.
    """
    within = with_scene(catalog, replace(scene, crowding=Crowding.none()), version="")
    return replace(scene, crowding=learn_crowding(within, lists, seed=seed, progress=progress))


def _listeners(
    lists: Sequence[NDArray[np.int64]], rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Return what is known of some lists."""
    some = [rows for rows in lists if len(rows) > 1]
    found = []
    for turn, place in enumerate(rng.permutation(len(some))[:LISTENERS].tolist()):
        rows = some[place]
        known = FEW if turn % 2 else int(np.ceil(_MOST * len(rows)))
        found.append(np.unique(rng.permutation(rows)[:known]))
    return found


def _scores(
    catalog: Catalog, taste: TasteProfile, known: NDArray[np.int64], half: int
) -> NDArray[np.float32]:
    """Return what every track scores for a taste; -inf for the songs that it is made of.

    What fame takes is left out.

    Args:
        half: of the dial, whose weights count.
    """
    weighed = replace(catalog, part_weights=catalog.part_weights[:, [half, half]])
    scorer = Scorer.of(weighed, taste, obscurity=0, affinity=Query().affinity)
    rows = np.arange(len(catalog))
    scores = np.concatenate(
        [scorer.scores(rows[start : start + _PIECE]) for start in range(0, len(rows), _PIECE)]
    )
    scores[np.isin(catalog.song_index, catalog.song_index[known])] = -np.inf
    return scores


def _top(catalog: Catalog, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> _Top:
    """Return the first songs of a list, and how far each stands above the last, > 0."""
    count = min(_VERSIONS * _DEPTH, len(rows))
    best = np.argpartition(-scores, count - 1)[:count] if count else np.empty(0, np.int64)
    best = best[np.argsort(-scores[best], kind="stable")]
    songs = catalog.song_ids[rows[best]]
    once = np.sort(np.unique(songs, return_index=True)[1])[:_DEPTH]
    once = once[np.isfinite(scores[best[once]])]
    above = scores[best[once]]
    above -= above.min(initial=np.inf)
    return songs[once[above > 0]], above[above > 0]


def _prices(tops: Sequence[_Top], share: int) -> _Top:
    """Return the songs of all lists, ascending, and what each pays: see `_SHARE`."""
    songs, above = (np.concatenate(part) for part in zip(*tops, strict=True))
    order = np.lexsort((-above, songs))
    songs, above = songs[order], above[order]
    ids, first, count = np.unique(songs, return_index=True, return_counts=True)
    turn = np.arange(len(songs)) - np.repeat(first, count)
    sums = np.bincount(np.repeat(np.arange(len(ids)), count), np.where(turn < share, above, 0))
    return ids, (_RATE * sums / share).astype(np.float32)
