"""The weekly digest of a server: when it is due, and what it says."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.core.models import SearchHit
from bot.core.releases import ReleaseRanking

A_WEEK: Final = timedelta(days=7)
LONGEST_LOOK_BACK: Final = 30
"""In days. After an outage, one digest makes up for all that were missed, up to this long."""
MOST_MEMBERS: Final = 100
"""The tastes of at most this many members are blended."""

FRIDAY: Final = 4
"""The usual day: most records come out then."""
EVENING: Final = 17
"""The usual hour, UTC."""
FEWEST: Final = 5
"""Nothing is told of fewer people: it would be the taste of somebody who can be guessed."""


@dataclass(frozen=True, slots=True)
class Digest:
    """How a server set up its digest, and how the last one went."""

    guild_id: int
    channel_id: int
    weekday: int
    """0 is Monday."""
    hour: int
    """0 … 23, UTC."""
    obscurity: int
    active: bool = True
    """False: it could not be posted and was switched off; `problem` says why."""
    last_sent_at: datetime | None = None
    sending_since: datetime | None = None
    """It is being posted. After a crash it counts as posted: none is better than two."""
    problem: str | None = None
    """Why the last one was not posted, as a sentence."""


@dataclass(frozen=True, slots=True)
class DigestState:
    """A digest with what `/digest show` says around it."""

    digest: Digest
    members: int
    joined: bool
    """True: the person who asks has joined."""
    next_at: datetime | None


class TasteOf(StrEnum):
    """Whose taste a digest goes by."""

    MEMBERS = "members"
    """The members who joined."""
    LIKED = "liked"
    """What got a thumb up under the public picks of the server."""
    SHOWN = "shown"
    """What was picked there in public."""


@dataclass(frozen=True, slots=True)
class LikedPick:
    """A pick that was liked in a server, without who liked it."""

    hit: SearchHit
    likes: int
    independent: bool = False
    """A source says that the artist released it, and none names a label."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One digest, ready to be posted."""

    days: int
    today: date
    taste_of: TasteOf | None
    """None: the server's taste is unknown, so the digest names no releases."""
    members: int
    """How many tastes were blended; 0 when it goes by the server's own taste."""
    ranking: ReleaseRanking | None
    liked: tuple[LikedPick, ...]
    silent: tuple[str, ...]
    """Services that did not answer."""


def next_due(weekday: int, hour: int, after: datetime) -> datetime:
    """Return the next time (UTC) at which this hour of this weekday begins."""
    midnight = after.replace(hour=0, minute=0, second=0, microsecond=0)
    due = midnight + timedelta(days=(weekday - after.weekday()) % 7, hours=hour)
    return due if due > after else due + A_WEEK


def look_back(last_sent_at: datetime | None, now: datetime) -> int:
    """Return how many days until today a digest covers: a week, more when some were missed.

    Days are counted by their dates, so that no release is in two digests.
    """
    if last_sent_at is None:
        return A_WEEK.days
    return min(max((now.date() - last_sent_at.date()).days, A_WEEK.days), LONGEST_LOOK_BACK)
