"""Plain words for what is measured of music."""

from collections.abc import Iterable
from typing import Final

from bot.core.promotion import SoundLevel
from bot.core.ranking import Reason
from bot.core.taste import BOUNDS, FeatureLevel, Height, height, is_high, is_low, steps_apart

NAMES: Final = {
    "danceability": "danceability",
    "energy": "energy",
    "valence": "cheerfulness",
    "acousticness": "acoustic sound",
    "instrumentalness": "instrumental share",
    "liveness": "live feel",
    "speechiness": "spoken word",
    "loudness": "loudness",
    "tempo": "tempo",
    "key_cos": "key",
    "key_sin": "key",
    "mode": "major or minor",
    "year": "release year",
}

_HIGH: Final = {
    "danceability": "danceable",
    "energy": "energetic",
    "valence": "cheerful",
    "acousticness": "acoustic",
    "instrumentalness": "instrumental",
    "liveness": "live-sounding",
    "speechiness": "wordy",
    "loudness": "loud",
    "tempo": "fast",
    "mode": "in a major key",
    "year": "among the newer ones",
}
_LOW: Final = {
    "danceability": "hardly danceable",
    "energy": "calm",
    "valence": "melancholic",
    "acousticness": "electric",
    "instrumentalness": "sung",
    "liveness": "studio-made",
    "speechiness": "without speech",
    "loudness": "quiet",
    "tempo": "slow",
    "mode": "in a minor key",
    "year": "among the older ones",
}
_MORE: Final = {
    "danceability": "more danceable",
    "energy": "more energetic",
    "valence": "more cheerful",
    "acousticness": "more acoustic",
    "instrumentalness": "more instrumental",
    "liveness": "more live-sounding",
    "speechiness": "wordier",
    "loudness": "louder",
    "tempo": "faster",
    "mode": "more often in a major key",
    "year": "newer",
}
_LESS: Final = {
    "danceability": "less danceable",
    "energy": "calmer",
    "valence": "more melancholic",
    "acousticness": "less acoustic",
    "instrumentalness": "less instrumental",
    "liveness": "less live-sounding",
    "speechiness": "less wordy",
    "loudness": "quieter",
    "tempo": "slower",
    "mode": "more often in a minor key",
    "year": "older",
}
_PHRASES: Final = ("in ", "among ", "without ")
"""How those words begin that stand behind what they are said of."""
_WORDED: Final = ("energy", "acousticness", "instrumentalness", "danceability", "valence", "tempo")
"""What a listener hears at once."""
_APART: Final = 0.2
"""Levels that lie nearer to each other are not called different."""
_MIDDLE: Final = 0.5
_TRUSTED: Final = 0.5
"""A word is used only when it is more likely true than not."""


def level_word(feature: str, percentile: float, value: float | None) -> str | None:
    """Return the word for a level that is clearly high or low; None near the middle.

    A word must hold of the value itself, too: where nearly everything is instrumental, the least
    instrumental track is not "sung".

    Args:
        feature: one of `NAMES`.
        percentile: 0 … 1.
        value: what stands there; None: unknown, and then there is no word.
    """
    if value is None:
        return None
    stands = height(percentile)
    if stands is Height.HIGH and is_high(feature, value):
        return _HIGH.get(feature)
    return _LOW.get(feature) if stands is Height.LOW and is_low(feature, value) else None


def of_music(word: str) -> str:
    """Return "calm music" or "music in a major key": a word for a level, said of music."""
    return f"music {word}" if word.startswith(_PHRASES) else f"{word} music"


def upward(feature: str) -> str:
    """Return the word for a high level, to name a direction; it is said of nothing."""
    return _HIGH[feature]


def end_word(feature: str, value: float | None, *, high: bool) -> str:
    """Return the word for one end of a scale; one that compares where none holds of what is there.

    Args:
        feature: one of `NAMES`.
        value: what stands at that end; None: unknown.
        high: whether it is the high end.
    """
    holds = is_high if high else is_low
    if value is not None and holds(feature, value):
        return (_HIGH if high else _LOW)[feature]
    return (_MORE if high else _LESS)[feature]


def against_most(feature: str, percentile: float) -> str:
    """Return how a level compares, where no word holds of it: "less spoken word than most"."""
    if BOUNDS[feature].is_presence:
        return f"{'more' if percentile > _MIDDLE else 'less'} {NAMES[feature]} than most"
    return f"{(_MORE if percentile > _MIDDLE else _LESS)[feature]} than most"


def without_words(percentiles: Iterable[float]) -> str:
    """Return how something sounds of which no word holds."""
    if all(height(one) is Height.MIDDLE for one in percentiles):
        return "like the middle of my catalogue"
    return "like nothing I have a plain word for"


def clear_words(levels: Iterable[FeatureLevel], *, most: int) -> list[str]:
    """Return the words for the levels that stand out, the farthest from the middle first."""
    worded = [level for level in levels if level.feature in _WORDED]
    worded.sort(key=lambda level: (-abs(level.percentile - _MIDDLE), _WORDED.index(level.feature)))
    words = (level_word(level.feature, level.percentile, level.value) for level in worded)
    return [word for word in words if word is not None][:most]


def clear_words_of(levels: Iterable[SoundLevel], *, most: int = 3) -> list[str]:
    """Return the words for what stands out of a track, as far as it is trusted."""
    sure = [one for one in levels if one.trust is None or one.trust >= _TRUSTED]
    plain = [FeatureLevel(one.feature, one.percentile, one.value) for one in sure]
    return clear_words(plain, most=most)


def reason_word(reason: Reason) -> str | None:
    """Return the word for what a track itself is in one feature; None when nothing holds."""
    if reason.track_level is None:
        return None
    return level_word(reason.feature, reason.track_level, reason.track_value)


def difference_word(reason: Reason) -> str | None:
    """Return "a little faster", "much calmer" … for a track unlike the taste; else None.

    Both the places in the catalogue and the values themselves must lie apart.
    """
    known = (reason.track_level, reason.taste_level, reason.track_value, reason.taste_value)
    if any(one is None for one in known):
        return None
    track_level, taste_level, track_value, taste_value = (one or 0.0 for one in known)
    words = _MORE if track_level > taste_level else _LESS
    if reason.feature not in words or abs(track_level - taste_level) < _APART:
        return None
    steps = steps_apart(reason.feature, track_value, taste_value)
    if not steps or (steps > 0) != (track_level > taste_level):
        return None
    much = abs(track_level - taste_level) >= 2 * _APART and abs(steps) >= 2
    return f"{'much' if much else 'a little'} {words[reason.feature]}"


_KNOWN: Final = (
    (0.35, "an artist hardly anybody knows"),
    (0.6, "an artist few know"),
    (0.8, "an artist some know"),
    (0.95, "a well-known artist"),
    (1.0, "a famous artist"),
)
"""Up to which fame an artist is called so."""


_SHORT: Final = (
    (0.35, "hardly known"),
    (0.6, "few know them"),
    (0.8, "some know them"),
    (0.95, "well known"),
    (1.0, "famous"),
)


def short_fame(fame: float) -> str:
    """Say how well known an artist is in a line of a list; `fame` is 0 … 1."""
    return next(words for most, words in _SHORT if fame <= most)


def fame_words(fame: float | None, *, counted: bool = True, deep_cut: bool = False) -> str:
    """Say how well known an artist is.

    Args:
        fame: a percentile among artists, 0 … 1; None is unknown.
        counted: False when nobody counts them.
        deep_cut: True when the song is a little-known one of a famous artist.
    """
    if fame is None or not counted:
        return "an artist nobody counts"
    words = next(words for most, words in _KNOWN if fame <= most)
    return f"a deep cut by {words}" if deep_cut else words


def fame_share(fame: float) -> str:
    """Say where among all artists one stands."""
    share = round(fame * 100)
    if share >= 99:
        return "among the best-known 1 % of artists"
    if share >= 50:
        return f"better known than {share} % of artists"
    return f"{100 - max(share, 1)} % of artists are better known"
