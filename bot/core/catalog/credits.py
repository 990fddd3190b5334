"""Who is named in a printed credit, such as "Sade, Kano feat. Ms. Dynamite"."""

import re
from collections.abc import Mapping
from typing import Final

from bot.core.catalog.identity import artist_key

COLLECTIVE_KEYS: Final = frozenset(
    {
        "various artists", "various", "va", "v a", "varios artistas", "varios", "artistes varies",
        "artistes divers", "artisti vari", "varios interpretes", "verschiedene interpreten",
        "verschiedene", "diverse artiesten", "soundtrack", "original soundtrack", "original cast",
        "unknown artist", "unknown", "traditional", "anonymous", "karaoke",
    }
)  # fmt: skip
"""`artist_key` of names that stand for many artists, or for nobody."""

_BETWEEN: Final = re.compile(
    r"\s*[,;/]\s*|\s+(?:&|\+|and|und|y|et|e|x|vs\.?|feat\.?|ft\.?|featuring|with)\s+", re.I
)
_LONGEST: Final = 3
"""So many parts may be one name: "Earth, Wind & Fire"."""


def credited_keys(credit: str) -> list[tuple[str, ...]]:
    """Return for each part of a credit the keys of the names that may begin there, longest first.

    Nobody can tell "Tyler, The Creator" from two artists by the text alone, so neighbours are
    joined, too.
    """
    breaks = list(_BETWEEN.finditer(credit))
    starts = [0, *(one.end() for one in breaks)]
    ends = [*(one.start() for one in breaks), len(credit)]
    return [
        tuple(artist_key(credit[start:end]) for end in reversed(ends[place : place + _LONGEST]))
        for place, start in enumerate(starts)
    ]


def parted(credit: str, count: int) -> tuple[str, ...]:
    """Return the artists of a credit; all of it as one where it is not sure who they are.

    Args:
        credit: as printed: "Nile Rodgers & Chic feat. Ann".
        count: how many artists there are.
    """
    parts = tuple(part.strip() for part in _BETWEEN.split(credit.strip()))
    return parts if len(parts) == count and all(parts) else (credit,)


def credited_artists(credit: str, known: Mapping[str, int]) -> list[int]:
    """Return the ids of the artists in a credit, in its order: at each place the longest name.

    Args:
        known: ids by `artist_key`; who is not in it is passed over.
    """
    found: list[int] = []
    skip = 0
    for names in credited_keys(credit):
        if skip:
            skip -= 1
            continue
        hit = next((place for place, key in enumerate(names) if key in known), None)
        if hit is not None:
            found.append(known[names[hit]])
            skip = len(names) - 1 - hit
    return found
