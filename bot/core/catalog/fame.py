"""Fame: how well known an artist is, as a percentile among all artists of the catalogue.

"Under the radar" is said first of all of artists, so fame is theirs. It comes from all evidence
there is, and one credible source is enough:

* What each popularity source says of the artist's best-known song, compared with the other artists
  of that source. An artist of whom a source knows few songs is drawn a little to the middle.
* In how many lists of the scene the artist stands. A number of lists proves as much fame as nine of
  ten artists who stand in about as many lists have.

An artist whom nobody counts is guessed: by the number of songs in the catalogue, and the lower the
more artists the sources cover at all. A source that covers nine of ten says a lot by leaving
somebody out; one that covers a tenth says nothing.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.gaussian import midranks

SONGS_DOUBT: Final = 0.25
"""Counts as if a source knew so many more songs of every artist, all of them in the middle."""
FEW: Final = 30.0
"""A source of so many artists is half believed."""
BESIDE: Final = 0.05
"""A source is half believed, too, when it has this share of the artists that the largest one has
more: the best of a small archive are not the best of the world."""
PROOF: Final = 0.1
"""The share of artists in about as many lists who may be less famous than those lists prove.

Chosen on real playlists: with it 93 % of the songs that lists hold by artists who are little known
and hardly listed stay below a fame of .7, and no artist whose best song stands at 60 or more."""
ENOUGH: Final = 20
"""Fewer artists in about as many lists prove nothing."""
COVERED: Final = 0.6
"""When sources cover a smaller share of the artists, those they cover are compared with each other
rather than with all: above a mass of equal guesses, the better half of ten would look like stars.
With the square of the share they cover, too."""
ABSENCE: Final = 2.5
"""Log-odds that the fame of an artist falls by when sources cover everybody else; with the square
of the share they cover."""
_EDGE: Final = 1e-3


def best_known_songs(
    artists: NDArray[np.integer],
    sources: NDArray[np.integer],
    shares: NDArray[np.floating],
    shape: tuple[int, int],
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return source × artist: the percentile of the best-known song, and how many are known.

    Args:
        artists: the place of the artist, one per known value.
        sources: the place of its source.
        shares: its percentile in the source, 0 … 1; 0 where the source says 0, which proves nothing
            of an artist who is known otherwise.
        shape: numbers of sources and artists.

    Where a source knows no song of an artist, the percentile is NaN.
    """
    best = np.full(shape, -np.inf, np.float32)
    np.maximum.at(best, (sources, artists), shares.astype(np.float32))
    best[np.isinf(best)] = np.nan
    count = np.zeros(shape, np.int32)
    np.add.at(count, (sources, artists), 1)
    return best, count


def artist_fame(
    best: NDArray[np.floating],
    known_songs: NDArray[np.integer],
    lists: NDArray[np.integer],
    songs: NDArray[np.integer],
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the fame of every artist, 0 … 1, and whether anybody counts them.

    Fame is a midrank over all artists: the share of them that are less known, as long as enough of
    them are counted (`COVERED`). All are NaN when no source and no list says anything of anybody.

    Args:
        best: source × artist, as `best_known_songs` returns it.
        known_songs: the same.
        lists: in how many lists of the scene each artist stands; all 0 without a scene.
        songs: how many songs of each artist the catalogue has.
    """
    from_sources = _from_sources(best, known_songs)
    evidence = np.fmax(from_sources, _from_lists(from_sources, lists))
    counted = ~np.isnan(evidence)
    if not counted.any():
        return np.full(len(lists), np.nan, np.float32), counted
    guessed = _by_size(evidence, songs)
    trust = min(1.0, counted.mean() / COVERED) ** 2
    if np.isnan(from_sources).all():  # who stands in no list stands in fewer than all others
        guessed, trust = guessed * np.nanmin(evidence), 1.0
    among_all = midranks(np.where(counted, evidence, guessed))
    alone = np.where(counted, midranks(evidence), guessed)
    return (trust * among_all + (1 - trust) * alone).astype(np.float32), counted


def _from_sources(
    best: NDArray[np.floating], known_songs: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Return the most that any source says of each artist; NaN where none says anything."""
    evidence = np.full(best.shape[1], np.nan)
    largest = int((~np.isnan(best)).sum(axis=1).max(initial=0))
    for shares, count in zip(best.astype(np.float64), known_songs, strict=True):
        size = int(np.count_nonzero(~np.isnan(shares)))
        drawn = (count * shares + SONGS_DOUBT / 2) / (count + SONGS_DOUBT)
        believed = size / (size + FEW + BESIDE * (largest - size))
        evidence = np.fmax(evidence, 0.5 + (midranks(drawn) - 0.5) * believed)
    return evidence


def _from_lists(evidence: NDArray[np.float64], lists: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return what lists prove; NaN for who stands in none.

    Numbers of lists are compared in octaves (1, 2–3, 4–7 …). Without any source, or with too few
    artists in common, an artist's place among the listed ones speaks instead.
    """
    listed = lists > 0
    if not listed.any():
        return np.full(len(lists), np.nan)
    octave = np.log2(np.maximum(lists, 1))
    both = listed & ~np.isnan(evidence)
    places, proved = _by_octave(octave[both], evidence[both], PROOF)
    if not len(places):
        return midranks(np.where(listed, lists.astype(np.float64), np.nan))
    return np.where(listed, np.interp(octave, places, np.maximum.accumulate(proved)), np.nan)


def _by_size(evidence: NDArray[np.float64], songs: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return what the number of an artist's songs says, less what it says that nobody counts them.

    The median of the counted artists with about as many songs (in octaves) is moved down by
    `ABSENCE` log-odds times the squared share of artists that are counted.
    """
    counted = ~np.isnan(evidence)
    octave = np.log2(np.maximum(songs, 1))
    places, typical = _by_octave(octave[counted], evidence[counted], 0.5)
    if not len(places):
        places, typical = np.zeros(1), np.median(evidence[counted], keepdims=True)
    expected = np.clip(np.interp(octave, places, typical), _EDGE, 1 - _EDGE)
    odds = np.log(expected / (1 - expected)) - ABSENCE * counted.mean() ** 2
    return np.asarray(1 / (1 + np.exp(-odds)), np.float64)


def _by_octave(
    octave: NDArray[np.float64], evidence: NDArray[np.float64], share: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where the artists of each octave stand on average, and a quantile of their evidence.

    Octaves of fewer than `ENOUGH` artists are left out.
    """
    whole = octave.astype(np.int64)
    groups = [whole == one for one in np.unique(whole)]
    found = [
        (octave[inside].mean(), np.quantile(evidence[inside], share))
        for inside in groups
        if np.count_nonzero(inside) >= ENOUGH
    ]
    places, quantiles = np.array(found, np.float64).reshape(-1, 2).T
    return places, quantiles
