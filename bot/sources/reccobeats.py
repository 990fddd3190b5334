"""ReccoBeats: audio features and popularity of recordings, without a key."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from bot.core.models import AudioFeatures
from bot.sources import reading
from bot.sources.answers import A_WEEK, FOR_EVER, Found, Json, Keep
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.service import Service
from bot.sources.values import SourceTrack

BASE: Final = "https://api.reccobeats.com/v1"
PACE: Final = Pace(calls=5, seconds=2)
"""The limit is not published; this is well below the pace at which others were slowed down."""
IDS_IN_A_CALL: Final = 40
_HREF: Final = re.compile(r"/track/([A-Za-z0-9]{22})/?(?:\?|$)")
_ID: Final = re.compile(
    r"[A-Za-z0-9]{22}|[A-Z]{2}[A-Z0-9]{3}[0-9]{7}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I
)


class ReccoBeats:
    """Client for the parts of the ReccoBeats API the bot uses.

    An id is a Spotify id, an ISRC, or one of ReccoBeats' own.
    """

    name = "reccobeats"

    def __init__(self, http: Http, base: str = BASE, pace: Pace = PACE) -> None:
        self._service = Service(http, "ReccoBeats", base, pace)

    async def audio_features(self, ids: Sequence[str]) -> dict[str, AudioFeatures]:
        """Return the features of those recordings that it knows, by the id that was asked for."""
        found = await self._rows("/audio-features", ids, FOR_EVER)
        return {one: reading.features(row) for one, row in found.items() if row is not None}

    async def tracks(self, ids: Sequence[str]) -> dict[str, SourceTrack]:
        """Return names and popularity of those recordings that it knows, by the id asked for."""
        found = await self._rows("/track", ids, A_WEEK)
        tracks = {one: parse_track(row) for one, row in found.items() if row is not None}
        return {one: track for one, track in tracks.items() if track is not None}

    async def _rows(self, path: str, ids: Sequence[str], keep: Keep) -> Found:
        known = [one for one in ids if _ID.fullmatch(one)]  # one of another form spoils the call
        ask = partial(self._ask, path)
        return await self._service.get_each(path, known, ask, keep=keep, size=IDS_IN_A_CALL)

    async def _ask(self, path: str, ids: Sequence[str]) -> Found:
        return by_asked(ids, await self._service.get(path, {"ids": ",".join(ids)}))


def by_asked(ids: Iterable[str], answer: Json | None) -> Found:
    """Return the row of each id, whatever their order; unknown ids have none."""
    rows = [] if answer is None else reading.rows(answer, "content", of="ReccoBeats")
    named = {name: row for row in rows for name in _names(row)}
    return {one: named.get(reading.isrc(one) or one) for one in ids}


def _names(row: dict[str, Any]) -> Iterator[str]:
    """Yield the ids by which a row could have been asked for."""
    names = (reading.isrc(row.get("isrc")), reading.text(row.get("id")), _spotify_id(row))
    yield from (name for name in names if name)


def _spotify_id(row: dict[str, Any]) -> str | None:
    """Return the last path segment of the link to Spotify."""
    found = _HREF.search(reading.text(row.get("href")) or "")
    return found[1] if found else None


def parse_track(row: dict[str, Any]) -> SourceTrack | None:
    """Read one row of the tracks; None for one without title or artist."""
    title = reading.text(row.get("trackTitle"))
    names = [reading.text(artist.get("name")) for artist in reading.parts(row.get("artists"))]
    artists = [name for name in names if name]
    if title is None or not artists:
        return None
    return SourceTrack(
        title=title,
        artist=artists[0],
        ids=reading.ids(
            spotify=_spotify_id(row),
            isrc=reading.isrc(row.get("isrc")),
            reccobeats=reading.text(row.get("id")),
        ),
        artist_credit=reading.credit(artists),
        duration_ms=reading.duration_ms(row.get("durationMs")),
        popularity=reading.popularity(
            ReccoBeats.name, reading.number(row.get("popularity"), 0, 100)
        ),
    )
