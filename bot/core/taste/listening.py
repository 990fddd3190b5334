"""What a listener plays: it is no discovery any more, and counts as a weak like."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.core.accounts import LinkedService
from bot.core.models import ExternalId
from bot.core.taste.taste import Opinion

SHORTEST_MS: Final = 30_000
"""A shorter play says nothing."""
RECENT_PLAYS: Final = 500
RECENT_DAYS: Final = 60
""""Recent" means at most this many last plays, within this many days before the newest one."""
EACH: Final = 0.3
"""What is played says less than a thumb: it may have been a party, or a child."""
TOGETHER: Final = 5.0
"""All plays together weigh as much as five loved tracks, so that ratings soon outweigh them.

On 100 real playlists (3 or 10 tracks rated, the others played, a quarter of the plays by chance)
they raise recall@100 from .042 to .075 after 3 ratings; after 10 they change nothing."""
MOST: Final = 200
"""A history counts by this many tracks, the most played ones."""

SYNC_PLAYS: Final = 50
"""Every service remembers at least this many plays: we sync twice in the time they take."""
SHORTEST_WAIT: Final = timedelta(minutes=10)
LONGEST_WAIT: Final = timedelta(hours=24)
UNKNOWN_WAIT: Final = timedelta(hours=2)
"""Used while fewer than two plays are known."""
PACE_DAYS: Final = 30
"""The pace is measured over this many days before the newest play."""


class HistoryKind(StrEnum):
    """Where a history comes from."""

    SPOTIFY = "spotify"
    """The extended streaming history: all years, to the second."""
    SPOTIFY_YEAR = "spotify_year"
    """The account data: the last year, to the minute."""
    LISTENBRAINZ = "listenbrainz"
    LASTFM = "lastfm"
    MALOJA = "maloja"
    KOITO = "koito"
    PANO = "pano"
    SCROBBLER_LOG = "scrobbler_log"
    """What players without a network wrote down for Last.fm, such as Rockbox."""
    APPLE = "apple"
    YOUTUBE = "youtube"
    DEEZER = "deezer"
    EXPORTIFY = "exportify"
    """Lists of tracks, without plays; so are the following."""
    TUNEMYMUSIC = "tunemymusic"
    SOUNDIIZ = "soundiiz"
    SHAZAM = "shazam"
    BSIDE = "bside"
    """What another bot of this kind read of a linked account."""


def linked_kind(service: LinkedService) -> str:
    """Return the kind of the history that a linked account fills."""
    return f"linked_{service}"


class Skip(StrEnum):
    """Why a row of an export does not count as a play."""

    SHORT = "short"
    """Shorter than `SHORTEST_MS`."""
    OTHER = "other"
    """A podcast, an audiobook, a video, or without a name."""
    BAD = "bad"
    """It cannot be read."""


class Cut(StrEnum):
    """Why an export was not read to its end, although nothing is wrong with it."""

    ROWS = "rows"
    """It has more than are read of one file."""
    LIMITS = "limits"
    """It takes more time or memory than one file is given."""
    KEPT = "kept"
    """More is not kept of one listener."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as a history names it."""

    title: str
    artist: str
    known_as: ExternalId | None = None
    """Its name in another system: spotify, mbid or isrc."""


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """Tracks of the catalogue that somebody played, each once."""

    track_ids: NDArray[np.int64]
    plays: NDArray[np.float64]
    """> 0."""
    last_s: NDArray[np.int64]
    """When last, in seconds since 1970."""

    @classmethod
    def of(cls, rows: Sequence[tuple[int, float, int]]) -> Self:
        """Join rows of track, plays, last play: a track's plays are added up."""
        table = np.array(rows, np.float64).reshape(-1, 3)
        track_ids, place = np.unique(table[:, 0].astype(np.int64), return_inverse=True)
        plays = np.bincount(place, table[:, 1], len(track_ids)).astype(np.float64)
        last = np.zeros(len(track_ids), np.int64)
        np.maximum.at(last, place, table[:, 2].astype(np.int64))
        return cls(track_ids, plays, last)

    def joined(self, other: Self) -> Self:
        """Return both; of a track in both, the more plays and the later one count."""
        track_ids, place = np.unique(
            np.concatenate([self.track_ids, other.track_ids]), return_inverse=True
        )
        plays, last = np.zeros(len(track_ids)), np.zeros(len(track_ids), np.int64)
        np.maximum.at(plays, place, np.concatenate([self.plays, other.plays]))
        np.maximum.at(last, place, np.concatenate([self.last_s, other.last_s]))
        return type(self)(track_ids, plays, last)

    def only(self, chosen: NDArray[np.bool_]) -> Self:
        """Return some of the tracks."""
        return type(self)(self.track_ids[chosen], self.plays[chosen], self.last_s[chosen])


NOTHING_PLAYED: Final = Played(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))


@dataclass(slots=True)
class HistoryReport:
    """What was read from an export."""

    plays: int = 0
    """Rows of the file that count."""
    new_plays: int = 0
    listed: int = 0
    """Tracks of a list without plays, and how many of them are new."""
    new_listed: int = 0
    skipped: dict[Skip, int] = field(default_factory=dict)
    example: str = ""
    """A row that could not be read, as it stands in the file."""
    known: int = 0
    """How many different recordings the catalogue holds."""
    unknown: int = 0
    first_s: int | None = None
    """When the first play of the file began, in seconds since 1970."""
    last_s: int | None = None
    cut: Cut | None = None
    """Why the rest of the file was not read; None: all of it was."""
    said: int = 0
    """Ratings, thumbs, seeds and mutes of an export of this bot."""
    new_said: int = 0
    unknown_said: int = 0
    """How many are about what the catalogue does not hold."""
    playlists: int = 0
    new_playlists: int = 0
    away: int = 0
    """Times and accounts that were left out, and how many are new."""
    new_away: int = 0
    parts: int = 0
    """Names of parts of a map, and how many are new."""
    new_parts: int = 0

    @property
    def is_news(self) -> bool:
        """True when anything is new."""
        return self.new > 0

    @property
    def read(self) -> int:
        """How many rows count, whatever they are of."""
        own = self.said + self.playlists + self.away + self.parts
        return self.plays + self.listed + own

    @property
    def new(self) -> int:
        """How many of these are new."""
        own = self.new_said + self.new_playlists + self.new_away + self.new_parts
        return self.new_plays + self.new_listed + own

    @property
    def has_plays(self) -> bool:
        """True when a play or an entry of a list is new."""
        return self.new_plays + self.new_listed > 0


def listening_opinions(
    rows: NDArray[np.int64],
    plays: NDArray[np.float64],
    last_s: NDArray[np.int64],
    *,
    each: float = EACH,
    together: float = TOGETHER,
) -> list[Opinion]:
    """Return what plays say: each track is liked, the more the more it is played.

    The confidence in a like grows with the logarithm of the plays over the listener's own median,
    c = ln(1 + plays / median) (Hu, Koren & Volinsky, "Collaborative Filtering for Implicit Feedback
    Datasets", 2008, with their ε the median), and weighs each · c / (1 + c). Ages are counted from
    the newest play: time alone changes nothing.

    Args:
        rows: different rows of the catalogue; only the `MOST` most played ones count.
        plays: of each, > 0.
        last_s: when each was played last, in seconds.
        each: no track weighs more.
        together: nor do all of them.
    """
    if not len(rows):
        return []
    confidence = np.log1p(plays / np.median(plays))
    weights = each * confidence / (1 + confidence)
    chosen = np.lexsort((rows, -last_s, -plays))[:MOST]
    weights = weights[chosen]
    weights *= min(1.0, together / float(weights.sum()))
    ages = (last_s.max() - last_s[chosen]) / 86_400
    return [
        Opinion(int(row), 1.0, float(weight), float(age))
        for row, weight, age in zip(rows[chosen], weights, ages, strict=True)
    ]


def wait_until_sync(times_s: Sequence[int]) -> timedelta:
    """Return how long a sync may wait: half of the shortest time in which `SYNC_PLAYS` were played.

    Of fewer plays, the shortest pace is carried on. Between `SHORTEST_WAIT` and `LONGEST_WAIT`.

    Args:
        times_s: when somebody played something lately, in seconds, in any order.
    """
    times = np.sort(np.asarray(times_s, np.int64))
    times = times[times >= times.max(initial=0) - PACE_DAYS * 86_400]
    steps = min(SYNC_PLAYS, len(times) - 1)
    if steps < 1:
        return UNKNOWN_WAIT
    shortest = float((times[steps:] - times[:-steps]).min()) * SYNC_PLAYS / steps
    return min(max(timedelta(seconds=shortest / 2), SHORTEST_WAIT), LONGEST_WAIT)


def next_cursor(cursor: datetime | None, newest: datetime | None, now: datetime) -> datetime | None:
    """Return up to when all plays are kept; never the future, where a wrong clock may put a play.

    A clock of ours that is behind only makes the next sync read some plays again.
    """
    known = [one for one in (cursor, newest) if one is not None]
    return min(max(known), now) if known else None
