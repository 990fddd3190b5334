"""Who said what is known of tracks, and what of it may be passed on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.models import AUDIO_FEATURES

UNSAID: Final = "nobody noted who"
"""Stands for the source of what has none."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A source of features and popularity."""

    terms: str
    """The license under which its values may be passed on, or why they may not."""
    is_open: bool = False
    """Whether everybody may pass its values on, in bulk."""
    measures: tuple[str, ...] = AUDIO_FEATURES
    """The features that it can have measured: others that stand under its name are of somebody
    else, because older versions noted one source for all features of a track."""


_ANALYZED: Final = tuple(
    name for name in AUDIO_FEATURES if name not in ("liveness", "time_signature")
)
_SERVICE: Final = "the terms of the service forbid it"

ORIGINS: Final[Mapping[str, Origin]] = {
    "listenbrainz": Origin("CC0", is_open=True, measures=()),
    "acousticbrainz": Origin(
        "CC0", is_open=True, measures=("danceability", "loudness", "tempo", "key", "mode")
    ),
    "musicbrainz": Origin("CC0", is_open=True, measures=()),
    "discogs": Origin("CC0", is_open=True, measures=()),
    "fma": Origin("CC BY 4.0, FMA: A Dataset For Music Analysis", is_open=True, measures=()),
    "echonest": Origin(
        "CC BY 4.0, FMA: A Dataset For Music Analysis",
        is_open=True,
        measures=(*AUDIO_FEATURES[:7], "tempo"),
    ),
    "starter": Origin("measured by B-Side", is_open=True, measures=_ANALYZED),
    "analysis": Origin("measured by you", is_open=True, measures=_ANALYZED),
    "spotify": Origin("tables of unknown license, most of them of Spotify's features"),
    "reccobeats": Origin(_SERVICE),
    "deezer": Origin(_SERVICE),
    "audius": Origin(_SERVICE),
    "itunes": Origin(_SERVICE),
    "lastfm": Origin(_SERVICE),
    UNSAID: Origin("nobody can tell whether it is allowed"),
}
"""The one place that says what may be passed on. A source that is not here may not."""

OPEN_GENRES: Final = frozenset({"fma", "starter"})
"""Nobody notes who named a genre. So they are passed on only of tracks that have ids in these
namespaces alone: whoever else names a track leaves an id."""


def terms_of(source: str) -> str:
    """Return under which terms a source gives its values."""
    return ORIGINS.get(source, ORIGINS[UNSAID]).terms


def is_open(source: str, feature: str | None = None) -> bool:
    """Return whether what a source says may be passed on.

    Args:
        source: as popularity and features are noted under.
        feature: only of this feature; None: of popularity.
    """
    origin = ORIGINS.get(source)
    if origin is None or not origin.is_open:
        return False
    return feature is None or feature in origin.measures
