"""Spans in which somebody else was listening with a listener's account."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

MOST: Final = 20
"""So many spans of one listener are kept."""
SERVICES: Final[Mapping[str, str]] = {
    "spotify": "Spotify",
    "lastfm": "Last.fm",
    "listenbrainz": "ListenBrainz",
    "apple": "Apple Music",
    "youtube": "YouTube",
    "deezer": "Deezer",
    "maloja": "Maloja",
    "koito": "Koito",
    "pano": "Pano Scrobbler",
    "scrobbler_log": "a player's scrobbler log",
    "tunemymusic": "TuneMyMusic",
    "soundiiz": "Soundiiz",
    "shazam": "Shazam",
    "bside": "another B-Side",
}
"""What listening can come from, as listeners call it."""
_OF_OTHERS: Final = {"spotify_year": "spotify", "exportify": "spotify"}
_DAY: Final = re.compile(r"(?P<year>\d{4})(?:[-./](?P<month>\d{1,2})(?:[-./](?P<day>\d{1,2}))?)?")
_NAMED: Final = re.compile(
    r"(?:(?P<day>\d{1,2})\.? )?(?P<month>[a-z]{3,9})\.?(?:,? (?P<year>\d{4}))?"
)
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


@dataclass(frozen=True, slots=True)
class Away:
    """Plays that count for nothing: of some time, of one source of plays, or both."""

    service: str | None = None
    """Where the plays were told, see `SERVICES`; None: everywhere."""
    since_s: int | None = None
    """In seconds since 1970; None: from the beginning."""
    until_s: int | None = None
    """The second after the last; None: without an end."""

    @property
    def is_whole(self) -> bool:
        """Whether it is about all times, and so about lists too, which have no time."""
        return self.since_s is None and self.until_s is None

    def is_about(self, kind: str) -> bool:
        """Tell whether it is about a history, given its kind."""
        return self.service is None or self.service == service_of(kind)

    @property
    def first(self) -> date | None:
        """The first day, by UTC."""
        return None if self.since_s is None else datetime.fromtimestamp(self.since_s, UTC).date()

    @property
    def last(self) -> date | None:
        """The last day, by UTC."""
        if self.until_s is None:
            return None
        return datetime.fromtimestamp(self.until_s, UTC).date() - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LeftAway:
    """A span that is left out, with what is in it."""

    id: int
    away: Away
    plays: int
    """How many plays of theirs lie in it, in all."""
    others: tuple[str, ...] = ()
    """Other services that they brought listening from."""


def service_of(kind: str) -> str:
    """Return the service of a history: the linked account and all exports of it are one."""
    kind = kind.removeprefix("linked_")
    return _OF_OTHERS.get(kind, kind)


def away_of(service: str | None, first: date | None, last: date | None) -> Away:
    """Return what is about some days, both included; None is open."""
    since = None if first is None else _second(first)
    return Away(service, since, None if last is None else _second(last + timedelta(days=1)))


def read_days(text: str, today: date) -> tuple[date, date]:
    """Read a day, a month or a year, and return its first and its last day.

    "2026-07-03", "3 July 2026", "2026-07", "July 2026", "July" (the last one that has begun),
    "2026".

    Raises:
        ValueError: it is none of these.
    """
    words = " ".join(text.strip().lower().split())
    found = _DAY.fullmatch(words)
    if found is not None:
        month = None if found["month"] is None else int(found["month"])
        return _bounds(int(found["year"]), month, found["day"])
    named = _NAMED.fullmatch(words)
    if named is None:
        raise ValueError(text)
    months = [one for one in _MONTHS if one.startswith(named["month"])]
    if len(months) != 1:
        raise ValueError(text)
    month = _MONTHS.index(months[0]) + 1
    if named["year"] is not None:
        return _bounds(int(named["year"]), month, named["day"])
    year = today.year - (_bounds(today.year, month, named["day"])[0] > today)
    return _bounds(year, month, named["day"])


def _bounds(year: int, month: int | None, day: str | None) -> tuple[date, date]:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, int(day)), date(year, month, int(day))


def _second(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
