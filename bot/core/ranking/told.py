"""A score in three to six parts, as they are told to people; they add up to it."""

from dataclasses import dataclass
from enum import StrEnum
from math import fsum

from bot.core.ranking.why import Explanation


class Told(StrEnum):
    """What a part is about."""

    SOUND = "sound"
    """The track's own sound, against an average track of the catalogue."""
    ARTIST = "artist"
    """The sound of its artist's other tracks."""
    COMPANY = "company"
    """What it is played and listed with."""
    LIKING = "liking"
    """What the listener thinks of the artist."""
    KNOWN = "known"
    """How well known and how widely shown it is."""
    WORDS = "words"
    """That it holds words that were asked for."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score."""

    about: Told
    value: float
    """> 0 speaks for the track, < 0 against it."""


def told_parts(explanation: Explanation) -> tuple[Part, ...]:
    """Return the parts of a score; those of company, liking and words only where there is any.

    Their sum is the score, but for the error of floating point.
    """
    found = explanation
    parts = (
        Part(Told.SOUND, fsum([found.offset, *(one.audio for one in found.reasons)])),
        Part(Told.ARTIST, fsum(one.context for one in found.reasons)),
        Part(Told.COMPANY, found.scene),
        Part(Told.LIKING, found.affinity),
        Part(Told.KNOWN, fsum([found.penalty, found.crowding, found.listing, found.renown])),
        Part(Told.WORDS, found.lift),
    )
    optional = (Told.COMPANY, Told.LIKING, Told.WORDS)
    return tuple(one for one in parts if one.value or one.about not in optional)
