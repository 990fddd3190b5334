"""Which artists to get to know next: those around what is loved, the lesser-known first.

Love spreads from an artist to those who are played with them, less with every step. Of two who got
the same, the one with fewer followers comes first: what is famous, people find without us.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

DECAY: Final = 0.5
"""What an artist passes on of their own weight, at most."""
FAMOUS: Final = 1_000_000
"""Followers of somebody whom everybody knows."""
HELD_BACK: Final = 0.8
"""The share of the weight that such fame takes away."""
LONGEST_KEY: Final = 500
"""Characters; what is longer is nobody's name, and PostgreSQL takes none of 2,700 bytes."""
_UNKNOWN_FAME: Final = 0.5


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """An artist we may get to know."""

    key: str
    """`identity.artist_key` of the name."""
    name: str
    mbid: str | None = None
    deezer_id: str | None = None
    fans: int | None = None
    """How many people follow them; None: nobody says."""
    weight: float = 0.0
    """How much they are loved, or near to what is: 1 for each listener who loves them."""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """Somebody who is played with an artist."""

    artist: Acquaintance
    """Their weight does not count."""
    similarity: float
    """0 … 1."""


class Frontier:
    """Who waits to be met, and who was met."""

    def __init__(
        self, waiting: Iterable[Acquaintance] = (), met: Collection[str] = frozenset()
    ) -> None:
        """Go on from those who wait; `met` are the keys of those who do not wait any more."""
        self._met = set(met)
        self._loved: set[str] = set()
        self._waiting = {one.key: one for one in waiting if one.key not in self._met}

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def is_loved(self, artist: Acquaintance) -> bool:
        """Return whether somebody was planted, and does not only stand near to who is loved."""
        return artist.key in self._loved

    def plant(self, loved: Iterable[Acquaintance]) -> None:
        """Let artists wait who are loved themselves, in place of what they got from others."""
        for one in loved:
            if one.key not in self._met:
                self._loved.add(one.key)
                self._waiting[one.key] = _joined(one, self._waiting.get(one.key), one.weight)

    def next(self) -> Acquaintance | None:
        """Return who is to be met next: the loved first, ties by the key; None: nobody waits."""
        return min(
            self._waiting.values(),
            key=lambda one: (one.key not in self._loved, -priority(one), one.key),
            default=None,
        )

    def meet(self, artist: Acquaintance, neighbors: Sequence[Neighbor]) -> list[Acquaintance]:
        """Note that an artist was met, and let those wait who are played with them.

        Returns:
            Those whose weight has grown, as they stand now.
        """
        self._met.add(artist.key)
        self._waiting.pop(artist.key, None)
        grown: dict[str, Acquaintance] = {}
        for one in neighbors:
            if one.artist.key in self._met:
                continue
            before = self._waiting.get(one.artist.key)
            gained = DECAY * artist.weight * min(max(one.similarity, 0.0), 1.0)
            weight = gained + (before.weight if before else 0.0)
            self._waiting[one.artist.key] = _joined(one.artist, before, weight)
            grown[one.artist.key] = self._waiting[one.artist.key]
        return list(grown.values())


def prominence(fans: int | None) -> float:
    """Return how known somebody with so many followers is: 0 nobody … 1 `FAMOUS` or more."""
    if fans is None:
        return _UNKNOWN_FAME
    return min(math.log1p(fans) / math.log1p(FAMOUS), 1.0)


def priority(artist: Acquaintance) -> float:
    """Return by what they are ordered: the weight, less for the famous."""
    return artist.weight * (1 - HELD_BACK * prominence(artist.fans))


def in_order(artists: Iterable[Acquaintance]) -> list[Acquaintance]:
    """Return artists by their priority, ties by the key."""
    return sorted(artists, key=lambda one: (-priority(one), one.key))


def _joined(one: Acquaintance, before: Acquaintance | None, weight: float) -> Acquaintance:
    """Return an artist with what was known of them before, and another weight."""
    if before is None:
        return replace(one, weight=weight)
    return replace(
        before,
        mbid=before.mbid or one.mbid,
        deezer_id=before.deezer_id or one.deezer_id,
        fans=one.fans if before.fans is None else before.fans,
        weight=weight,
    )
