"""Sorts of recordings that somebody may not want at all: live, instrumental, explicit, by AI.

A recording is live or instrumental when its title says so, when its album does, or when it was
measured so high that the definition of the measure leaves no doubt. It is explicit when a source
says so. What is not known to be of a sort is not: most sources say nothing of a recording.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.folding import text_key
from bot.core.catalog.identity import SEPARATOR
from bot.core.catalog.space import MEASURES
from bot.core.catalog.titles import title_keys


class Sort(IntEnum):
    """A sort of recordings; the ledger and the snapshot hold the numbers, so they stay."""

    LIVE = 1
    INSTRUMENTAL = 2
    EXPLICIT = 3
    AI = 4
    """Its artist, or a list of the operator, says that AI made it wholly."""
    PARTLY_AI = 5


SORT_NAMES: Final[Mapping[int, str]] = {
    Sort.LIVE: "live recordings",
    Sort.INSTRUMENTAL: "instrumentals",
    Sort.EXPLICIT: "explicit tracks",
    Sort.AI: "music made by AI",
    Sort.PARTLY_AI: "music made partly by AI",
}
"""What the sorts are called, also in an export of somebody's data."""
TOLD: Final = 1
"""The bit of `sort_bits` that says that a source told whether the recording is explicit."""
_SURELY: Final = {Sort.LIVE: ("liveness", 0.8), Sort.INSTRUMENTAL: ("instrumentalness", 0.5)}
"""Above these no doubt is left, as the measures are defined."""
_VERSIONS: Final = {
    Sort.LIVE: re.compile(r"\b(?:live|unplugged|tiny desk|in concert)\b"),
    Sort.INSTRUMENTAL: re.compile(r"\b(?:instrumental|karaoke|backing track)\b"),
}
"""Looked for in the version that a recording key names."""
_LIVE_ALBUM: Final = re.compile(
    r"^live (?:at|from|in|on)\b(?! (?:the moment|your|my|me|love|peace|harmony)\b)"
    r"|(?<!\bwe )(?<!\bi )(?<!\byou )(?<!\bthey )(?<!\bto )\blive (?:at|from)\b"
    r"|\b(?:unplugged|in concert)\b"
)
LIVE_ALBUMS: Final = (
    *("live %", "%(live%", "%[live%", "%- live%", "% live at %", "% live from %", "%unplugged%"),
    *("%vivo%", "%en direct%", "%in concert%", "%live)%", "%ライブ%"),
)
"""Only albums whose titles, in lower case, fit one of these are asked about."""


def bit(sort: Sort) -> int:
    """Return the bit that stands for a sort in `sort_bits`."""
    return 1 << sort


def sort_bits(
    recording_keys: Sequence[str],
    audio: NDArray[np.float64],
    explicit: Sequence[Any],
    on_live_album: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """Return for each recording the bits of the sorts that it is of, and `TOLD`.

    Args:
        recording_keys: as `recording_key` makes them.
        audio: track × `MEASURES`; NaN is unknown.
        explicit: true or false; None: no source says.
        on_live_album: as `is_live_album` says of the album of each.
    """
    found = np.zeros(len(recording_keys), np.uint8)
    for place, key in enumerate(recording_keys):
        version = key.rpartition(SEPARATOR)[2]
        if version:
            found[place] = sum(bit(sort) for sort in _sorts_of_version(version))
    for sort, (measure, surely) in _SURELY.items():
        with np.errstate(invalid="ignore"):
            found[audio[:, MEASURES.index(measure)] > surely] |= bit(sort)
    found[on_live_album] |= bit(Sort.LIVE)
    found[np.array([one is not None for one in explicit], np.bool_)] |= TOLD
    found[np.array([bool(one) for one in explicit], np.bool_)] |= bit(Sort.EXPLICIT)
    return found


def with_ai(
    sorts: NDArray[np.uint8], wholly: NDArray[np.int64], partly: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Return the bits of all recordings with those of what AI made, in place of any before.

    Args:
        sorts: as `sort_bits` returns them.
        wholly: rows of what it made wholly.
        partly: rows of what it made partly.
    """
    found = sorts & np.uint8(0xFF ^ mask_of([Sort.AI, Sort.PARTLY_AI]))
    found[partly] |= np.uint8(bit(Sort.PARTLY_AI))
    found[wholly] = (found[wholly] & ~np.uint8(bit(Sort.PARTLY_AI))) | np.uint8(bit(Sort.AI))
    return found


def is_live_album(title: str) -> bool:
    """Tell whether the title of an album says that all of it was recorded before an audience."""
    folded = text_key(title)
    live = _LIVE_ALBUM.search(folded) is not None
    return live or Sort.LIVE in _sorts_of_version(title_keys(title)[1])


def sorts_of_title(title: str) -> frozenset[Sort]:
    """Return the sorts that a title alone tells: of a recording, or of an album."""
    said = frozenset(_sorts_of_version(title_keys(title)[1]))
    return said | {Sort.LIVE} if is_live_album(title) else said


def mask_of(sorts: Iterable[Sort]) -> int:
    """Return the bits of several sorts."""
    return sum(bit(one) for one in set(sorts))


def _sorts_of_version(version: str) -> list[Sort]:
    return [sort for sort, words in _VERSIONS.items() if words.search(version)]
