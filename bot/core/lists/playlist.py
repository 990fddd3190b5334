"""Lists of tracks to take along: what is in them, in which order and in which format."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from bot.core.lists.companions import Bounds, Ground
from bot.core.lists.path import FEWEST_STEPS, MOST_OTHERS, MOST_STEPS, Course
from bot.core.models import Track
from bot.core.ranking import Explanation, PickCard, Removed
from bot.core.taste import FeatureLevel

MAX_TRACKS: Final = 200
"""A longer list is cut; the newest or the best-rated tracks stay."""


class Form(StrEnum):
    """How a list is written down."""

    M3U8 = "m3u8"
    XSPF = "xspf"
    JSPF = "jspf"
    CSV = "csv"
    LINKS = "links"


class Content(StrEnum):
    """What a listener can take with them."""

    PICKS = "picks"
    """What they were shown and liked."""
    LIKES = "likes"
    """Every track they gave a thumb up or a 4 or 5."""
    RATINGS = "ratings"
    """Every track they gave a 4 or 5."""
    HISTORY = "history"
    """Everything they were shown."""


class Order(StrEnum):
    """In which order."""

    DJ = "dj"
    """See `sequencing.dj_order`."""
    NEWEST = "newest"
    SCORE = "score"
    """What was liked most comes first."""


@dataclass(frozen=True, slots=True)
class Playlist:
    """A list of tracks, ready to be written down."""

    title: str
    description: str
    tracks: tuple[Track, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeptPlaylist:
    """A list that the bot keeps, so that its owner can get it in other formats."""

    id: int
    user_id: int
    public: bool
    """True: everybody who sees its message may have it."""
    playlist: Playlist
    own_track_ids: frozenset[int] = frozenset()
    """The artist's own tracks, of a list with companions."""


@dataclass(frozen=True, slots=True)
class MadePlaylist:
    """A list that was made just now."""

    kept: KeptPlaylist
    found: int
    """How many tracks there were before it was cut to `MAX_TRACKS`."""
    can_be_saved: bool
    """Its listener has linked an account to which playlists can be saved."""
    muted: int = 0
    """How many tracks were left out because the listener muted them."""


@dataclass(frozen=True, slots=True)
class CompanionCard:
    """A companion with the names that belong to it."""

    card: PickCard
    genres: tuple[str, ...]
    """The genres that it shares with those asked for."""
    artist_fame: float | None
    """The percentile of its artist among artists."""


@dataclass(frozen=True, slots=True)
class CompanionList:
    """An artist's tracks among companions, or why there are none."""

    own: tuple[Track, ...]
    made: MadePlaylist | None
    """None: no track is a companion."""
    companions: tuple[CompanionCard, ...]
    asked: int
    """How many companions were wanted."""
    bounds: Bounds
    genres: tuple[str, ...]
    """The names of `bounds.genres`."""
    any_genre: bool
    """True: the artist asked for any genre."""
    ground: Ground
    unmeasured: tuple[Track, ...]
    """The artist's tracks that were not measured."""
    unknown: tuple[str, ...]
    """What the artist named and the catalogue does not hold, as it was written."""
    removed: tuple[Removed, ...]
    """What each filter removed, when the list came out short."""


@dataclass(frozen=True, slots=True)
class PathWish:
    """A path that is asked for, between two tracks that are known."""

    start_id: int
    goal_id: int
    steps: int
    number: int = 0
    """0: the best one; up to `MOST_OTHERS`: another one each."""
    private: bool = False

    def to_code(self) -> str:
        """Write down which path is meant, for a button; not who may see it."""
        return f"{self.start_id}-{self.goal_id}-{self.steps}-{self.number}"

    @classmethod
    def from_code(cls, code: str) -> Self:
        """Read the code of a button; what it leads to is private.

        Raises:
            ValueError: it is no such code.
        """
        start_id, goal_id, steps, number = map(int, code.split("-"))
        if not FEWEST_STEPS <= steps <= MOST_STEPS or number > MOST_OTHERS:
            raise ValueError(f"no path is {code[:40]}")
        return cls(start_id, goal_id, steps, number, private=True)


@dataclass(frozen=True, slots=True)
class PathStep:
    """A track on a path."""

    track: Track
    reason: Explanation | None
    """How it fits the track before; None for the first one."""
    fame: float | None
    """The percentile of its artist among artists; None: nobody counts them."""


@dataclass(frozen=True, slots=True)
class FoundPath:
    """A path, kept as a list."""

    made: MadePlaylist
    steps: tuple[PathStep, ...]
    course: Course
    asked: int
    """How many steps were wanted."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A list written down."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SavedPlaylist:
    """A list that was saved at a music service."""

    url: str
    saved: int
    missing: int
    """Tracks that the service is not known to have."""


class Telling(StrEnum):
    """What is told of each track of a list, where others read it."""

    SOUND = "sound"
    """How it sounds."""
    COMPANY = "company"
    """What it shares with the tracks of the artist whose list it is."""
    STEPS = "steps"
    """What stays and what changes since the track before."""


@dataclass(frozen=True, slots=True)
class ToldTrack:
    """A track with what others may read of it: nothing that somebody said or played."""

    track: Track
    cover: str | None = None
    """The address of the picture."""
    levels: tuple[FeatureLevel, ...] = ()
    """How it sounds, against the catalogue; empty when it is not measured."""
    fame: float | None = None
    """The percentile of its artist among artists; None: nobody counts them."""
    reason: Explanation | None = None
    """None: there is nothing to compare it with."""
    own: bool = False
    """The artist's whose list it is."""
