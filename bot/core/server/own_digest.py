"""A listener's own digest: how often they asked for it, when it is due, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.core.models import Feedback
from bot.core.ranking import Discovery
from bot.core.releases import LONGEST_DAYS, RankedRelease
from bot.core.server.digest import A_WEEK, LikedPick, next_due

PICKS: Final = 3
LATEST: Final = timedelta(days=1)
"""A digest that could not be sent for so long is left out: nobody waits for it any more."""
_FIRST_WEEK: Final = 7
"""A monthly digest comes on one of the first days of the month, up to this one."""


class Every(StrEnum):
    """How often somebody wants their digest."""

    WEEK = "weekly"
    MONTH = "monthly"
    """On the first of the chosen weekday in the month."""

    @property
    def days(self) -> int:
        """How far back the first one looks."""
        return 7 if self is Every.WEEK else 30

    @property
    def apart(self) -> timedelta:
        """Two digests are never closer than this, also when another day is chosen in between."""
        return timedelta(days=4 if self is Every.WEEK else 21)


class Hitch(StrEnum):
    """Why somebody's last digest did not come."""

    CLOSED = "closed"
    """They take no messages from the bot. They are not written to before they ask again."""
    EMPTY = "empty"
    """There was nothing to pick."""
    LATE = "late"
    """The bot, or Discord, was away for longer than `LATEST`."""
    UNSURE = "unsure"
    """The bot stopped while it was sending; it may have arrived, and is not sent twice."""


@dataclass(frozen=True, slots=True)
class OwnDigest:
    """What somebody asked for, and how the last one went."""

    user_id: int
    every: Every
    weekday: int
    """0 is Monday."""
    hour: int
    """0 … 23, UTC."""
    guild_id: int | None
    """The server where they asked: what it likes is told, while they may read that there."""
    due_at: datetime | None
    """None: they take no messages, so none is sent."""
    last_sent_at: datetime | None = None
    sending_since: datetime | None = None
    """It is being sent. After a crash it counts as sent: none is better than two."""
    hitch: Hitch | None = None


@dataclass(frozen=True, slots=True)
class OwnIssue:
    """One digest, ready to be sent."""

    every: Every
    found: Discovery
    today: date
    release: RankedRelease | None
    said: Mapping[int, Feedback]
    """What the listener said about artists, by their ids."""
    liked: tuple[LikedPick, ...] = ()
    server: str | None = None
    """The name of the server where that was liked."""


def next_own(
    every: Every, weekday: int, hour: int, *, now: datetime, last_sent_at: datetime | None
) -> datetime:
    """Return when a digest is due next: once, however many were missed."""
    earliest = now if last_sent_at is None else max(now, last_sent_at + every.apart)
    due = next_due(weekday, hour, earliest)
    while every is Every.MONTH and due.day > _FIRST_WEEK:
        due += A_WEEK
    return due


def own_days(digest: OwnDigest, now: datetime) -> int:
    """Return how many days until today a digest covers; no release is in two of them."""
    if digest.last_sent_at is None:
        return digest.every.days
    return min(max((now.date() - digest.last_sent_at.date()).days, 1), LONGEST_DAYS)
