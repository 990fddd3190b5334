"""What is told of a listener over a period: what they loved, met, and how it changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.taste.early import Early
from bot.core.taste.explanation import FeatureLevel
from bot.core.taste.periods import Period
from bot.core.taste.profile import Favorite, ListenerProfile


@dataclass(frozen=True, slots=True)
class NewName:
    """An artist somebody first met in a period."""

    name: str
    met: date
    worth: float
    """How much they are liked and played, for the order."""


@dataclass(frozen=True, slots=True)
class Month:
    """What somebody said and played in a month."""

    start: date
    plays: int = 0
    said: int = 0
    """Entries of the ledger."""
    levels: tuple[FeatureLevel, ...] = ()
    """Of what was liked or played then, against the catalogue."""
    genre: str | None = None
    """The one that sets the month apart most."""
    obscurity: float | None = None
    """Weighted median fame, 0 … 1; None: nobody counts any."""
    artist_id: int | None = None
    """Liked and played most."""

    @property
    def is_silent(self) -> bool:
        """True when nothing was said or played."""
        return not (self.plays or self.said)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A part of what somebody likes that sounds alike."""

    share: float
    """Of the weight of all that is liked, 0 … 1."""
    genre: str | None
    levels: tuple[FeatureLevel, ...]
    """Those that are clearly high or low, the farthest from the rest of the taste first."""
    rows: tuple[int, ...]
    """Of the catalogue: up to three tracks by different artists, the most liked first."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the taste that sounds alike."""

    share: float
    """Of all that is liked, 0 … 1."""
    genre: str | None
    levels: tuple[FeatureLevel, ...]
    tracks: tuple[Favorite, ...]


@dataclass(frozen=True, slots=True)
class EarlyLike:
    """A track that was liked before it rose."""

    track: Favorite
    found: Early


@dataclass(frozen=True, slots=True)
class Story:
    """What is told of a period."""

    period: Period
    profile: ListenerProfile = field(default_factory=ListenerProfile)
    met: tuple[NewName, ...] = ()
    """The artists first met in it, those worth most first."""
    met_since_began: bool = False
    """Nothing is known from before: they may have been known."""
    quiet: tuple[Favorite, ...] = ()
    """Liked tracks by the least known artists."""
    fames: tuple[float, ...] = ()
    """How well known the artist of each liked track is, 0 … 1, where somebody counts them."""
    months: tuple[Month, ...] = ()
    """From the first that says something to the last."""
    month_artists: Mapping[int, str] = field(default_factory=dict)
    """The names of the artists of the months."""
    parts: tuple[Part, ...] = ()
    early: tuple[EarlyLike, ...] = ()
    past: bool = False
    """It is known how popular tracks were."""
