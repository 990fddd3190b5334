"""Plain words for what is measured of music."""

from collections.abc import Iterable
from typing import Final

from bot.core.promotion import SoundLevel
from bot.core.ranking import Reason
from bot.core.taste import FeatureLevel, Height, height

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
    "year": "recent",
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
    "year": "old",
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
    "year": "older",
}
_WORDED: Final = ("energy", "acousticness", "instrumentalness", "danceability", "valence", "tempo")
"""What a listener hears at once."""
_TRUSTED: Final = 0.5
"""A word is used only when it is more likely true than not."""


def level_word(feature: str, percentile: float) -> str | None:
    """Return the word for a level that is clearly high or low; None near the middle."""
    words = {Height.HIGH: _HIGH, Height.LOW: _LOW}.get(height(percentile), {})
    return words.get(feature)


def clear_words(levels: Iterable[FeatureLevel], *, most: int) -> list[str]:
    """Return the words for the levels that stand out, the farthest from the middle first."""
    worded = [level for level in levels if level.feature in _WORDED]
    worded.sort(key=lambda level: (-abs(level.percentile - 0.5), _WORDED.index(level.feature)))
    words = [level_word(level.feature, level.percentile) for level in worded[:most]]
    return [word for word in words if word is not None]


def clear_words_of(levels: Iterable[SoundLevel], *, most: int = 3) -> list[str]:
    """Return the words for what stands out of a track, as far as it is trusted."""
    sure = [one for one in levels if one.trust is None or one.trust >= _TRUSTED]
    return clear_words([FeatureLevel(one.feature, one.percentile) for one in sure], most=most)


def difference_word(reason: Reason) -> str | None:
    """Return "a little faster", "much calmer" … for a track unlike the taste; else None."""
    if reason.track_level is None or reason.taste_level is None:
        return None
    gap = reason.track_level - reason.taste_level
    word = (_MORE if gap > 0 else _LESS).get(reason.feature)
    if word is None or abs(gap) < 0.2:
        return None
    return f"{'a little' if abs(gap) < 0.4 else 'much'} {word}"


_KNOWN: Final = (
    (0.35, "an artist hardly anybody knows"),
    (0.6, "an artist few know"),
    (0.8, "an artist some know"),
    (0.95, "a well-known artist"),
    (1.0, "a famous artist"),
)
"""Up to which fame an artist is called so."""


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
