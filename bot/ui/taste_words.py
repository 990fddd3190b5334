"""A taste in words: for pictures, for their alt texts, and beside them."""

from collections.abc import Iterable
from textwrap import fill
from typing import Final

from bot.core.taste import Favorite, FeatureLevel, Height, ListenerProfile, height
from bot.ui import features, text

# The order of the picture. Short words stand where it has little room, at its sides.
ORDER: Final = {
    "energy": "energy",
    "danceability": "danceability",
    "loudness": "loudness",
    "tempo": "tempo",
    "valence": "cheerfulness",
    "mode": "major key",
    "liveness": "live feel",
    "instrumentalness": "instrumental",
    "acousticness": "acoustic",
    "speechiness": "spoken word",
    "year": "release year",
}


def ordered(profile: ListenerProfile) -> list[FeatureLevel]:
    """Return the known levels in the order of the picture."""
    known = {level.feature: level for level in profile.levels}
    return [known[feature] for feature in ORDER if feature in known]


def directions(profile: ListenerProfile) -> list[tuple[str, float, bool]]:
    """Return the word at each end of the radar, its share, and whether it is clear."""
    found = []
    for level in ordered(profile):
        label = fill(
            features.upward(level.feature), 9, break_long_words=False, break_on_hyphens=False
        )
        clear = height(level.percentile) is not Height.MIDDLE
        found.append((label, level.percentile, clear))
    return found


def profile_alt(profile: ListenerProfile) -> str:
    """Say in words what the picture of a profile shows."""
    parts = ["A picture of a music taste."]
    levels = ordered(profile)
    if len(levels) > 2:
        parts.append("A radar chart against the middle of the catalogue.")
        clear = [level for level in levels if height(level.percentile) is not Height.MIDDLE]
        words = text.listing([level_word(level) for level in clear])
        parts.append(f"It is {words}." if words else "Nothing stands out.")
    if profile.artists:
        parts.append(f"Artists: {listing(profile.artists)}.")
    if profile.genres:
        parts.append(f"Genres: {text.listing([one.name for one in profile.genres[:3]])}.")
    if profile.obscurity.median is not None:
        parts.append(f"{obscurity(profile.obscurity.median)}.")
    return " ".join(parts)


def listing(found: Iterable[Favorite]) -> str:
    """Return names as a list in a sentence."""
    return text.listing([text.label(title(one), 80) for one in found])


def title(one: Favorite) -> str:
    """Return "Artist – Track", or the artist."""
    return f"{one.by} – {one.name}" if one.by else one.name


def level_word(level: FeatureLevel) -> str:
    """Return a word that holds of a level, or how it compares with the catalogue."""
    word = features.level_word(level.feature, level.percentile, level.value)
    if word is not None or height(level.percentile) is Height.MIDDLE:
        return word or "in between"
    return features.against_most(level.feature, level.percentile)


def percent(share: float) -> int:
    """Return a share as percent: 1 … 99, because nothing stands above all of the catalogue."""
    return min(max(round(share * 100), 1), 99)


def obscurity(median: float) -> str:
    """Return a word for the median fame 0 … 1."""
    steps = (
        (0.2, "Deep underground"),
        (0.4, "Off the beaten track"),
        (0.6, "A bit of both"),
        (0.8, "Well known"),
    )
    return next((word for limit, word in steps if median < limit), "The hits")
