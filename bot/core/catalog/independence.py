"""Who is independent: what was released by the artist, as far as a source says so.

A release tells it of its tracks, and so it is kept of tracks, by source. Nothing is guessed of an
artist's other tracks: many who release their own songs today were on a label before. Of one track
a label counts more than a self-release, whoever says it: what came out on a label, too, is not
shown as independent. What no source speaks of is unknown.
"""

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.folding import text_key
from bot.core.catalog.identity import artist_key
from bot.core.models import ReleasedBy


class Independence(IntEnum):
    """What is known of a track; the snapshot holds the numbers, so they stay."""

    UNKNOWN = 0
    INDEPENDENT = 1
    """The artist released it."""
    ON_LABEL = 2


_OWN: Final = re.compile(r"not on label \(.*self-?\s?released\)|\[no label\]", re.IGNORECASE)
"""As Discogs and MusicBrainz write what has no label because the artist released it. A bare "Not On
Label" of Discogs may be a bootleg as well."""
_NEITHER: Final = re.compile(r"not on label\b.*|\[.*\]|none|", re.IGNORECASE)
"""What says neither: other placeholders, such as MusicBrainz' "[unknown]"."""
_SELF_RELEASED: Final = frozenset({"self released", "self release", "selfreleased"})


def is_self_released(text: str) -> bool:
    """Tell whether a free text says that somebody releases their own music, and nothing else."""
    return " ".join(re.findall(r"\w+", text_key(text))) in _SELF_RELEASED


def released_by(source: str, labels: Iterable[str], artist: str, owner: str) -> ReleasedBy | None:
    """Read what the labels of a release say of one of its tracks; None: neither.

    A label that is called like the artist says neither: it may be their own, or one for them alone.
    Nor does a release without a label tell of the tracks that others have on it.

    Args:
        source: that names the labels.
        labels: their names.
        artist: of the track.
        owner: the artist of the release.
    """
    own = False
    for name in map(str.strip, labels):
        if _OWN.fullmatch(name) or is_self_released(name):
            own = True
        elif not _NEITHER.fullmatch(name) and artist_key(name) != artist_key(artist):
            return ReleasedBy(source, independent=False, label=name)
    own = own and artist_key(artist) == artist_key(owner)
    return ReleasedBy(source, independent=True) if own else None


def independence_by_row(
    size: int, rows: NDArray[np.int64], independent: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Return what is known of each track: a label counts more than a self-release.

    Args:
        size: how many tracks there are.
        rows: of which track each statement is.
        independent: whether it says that the artist released it.
    """
    found = np.zeros(size, np.uint8)
    told = np.where(independent, Independence.INDEPENDENT, Independence.ON_LABEL)
    np.maximum.at(found, rows, told.astype(np.uint8))
    return found


def independence_of(told: Iterable[ReleasedBy]) -> Independence:
    """Return what several sources together say of one track."""
    said = [one.independent for one in told]
    if not said:
        return Independence.UNKNOWN
    return Independence.INDEPENDENT if all(said) else Independence.ON_LABEL
