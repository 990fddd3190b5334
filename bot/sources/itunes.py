"""iTunes: recordings by Apple's id or words, and albums; without a key."""

from collections.abc import Sequence
from typing import Any, Final

from bot.sources import reading
from bot.sources.answers import A_MONTH, Found, Json
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.service import Params, Service, Trouble
from bot.sources.values import Page, SourceTrack, TrackList

BASE: Final = "https://itunes.apple.com"
PACE: Final = Pace(calls=20, seconds=60)
IDS_IN_A_CALL: Final = 50
LONGEST_ALBUM: Final = 200
"""The most songs of an album that one answer holds."""

_KEPT: Final = (
    "trackId", "trackName", "artistName", "artistId", "collectionName", "releaseDate",
    "trackTimeMillis", "primaryGenreName", "trackExplicitness", "trackViewUrl", "kind",
    "wrapperType", "trackCount", "artworkUrl100",
)  # fmt: skip
_EXPLICIT: Final = {"explicit": True, "notExplicit": False, "cleaned": False}


class ITunes:
    """Client for the parts of the iTunes Search API the bot uses. It knows no popularity."""

    name = "itunes"

    def __init__(self, http: Http, base: str = BASE, pace: Pace = PACE) -> None:
        self._service = Service(http, "iTunes", base, pace, complaint=complaint)

    async def tracks(self, apple_ids: Sequence[str]) -> dict[str, SourceTrack]:
        """Return recordings by Apple's ids; those it does not know are left out."""
        valid = [one for one in apple_ids if one.isascii() and one.isdigit()]
        found = await self._service.get_each(
            "/lookup id", valid, self._ask_ids, keep=A_MONTH, size=IDS_IN_A_CALL
        )
        tracks = {one: parse_track(row) for one, row in found.items() if row is not None}
        return {one: track for one, track in tracks.items() if track is not None}

    async def search_text(self, text: str, *, limit: int = 10) -> list[SourceTrack]:
        """Return recordings for words that somebody typed, the likeliest first."""
        params: Params = {"term": text, "media": "music", "entity": "song", "limit": limit}
        return await self._list("/search", params)

    async def album(self, apple_id: str, *, country: str = "us") -> TrackList | None:
        """Return an album with its songs; None when the store of that country has none.

        Args:
            apple_id: of the album.
            country: two letters; each country has a store of its own.
        """
        params: Params = {
            "id": apple_id, "entity": "song", "limit": LONGEST_ALBUM, "country": country,
        }  # fmt: skip
        answer = await self._service.get("/lookup", params, keep=A_MONTH, trim=kept)
        return None if answer is None else parse_album(answer)

    async def _list(self, path: str, params: Params) -> list[SourceTrack]:
        answer = await self._service.get(path, params, keep=A_MONTH, trim=kept)
        return reading.each(rows_of(answer), parse_track)

    async def _ask_ids(self, ids: Sequence[str]) -> Found:
        answer = await self._service.get("/lookup", {"id": ",".join(ids), "entity": "song"})
        return {str(row.get("trackId")): row for row in rows_of(kept(answer))}


def complaint(status: int, _answer: Json | None) -> Trouble | None:
    """Read a 403, by which iTunes says that it is asked too fast."""
    return Trouble.BUSY if status == 403 else None


def rows_of(answer: Json | None) -> list[dict[str, Any]]:
    """Return the songs of an answer, which also holds albums and artists."""
    if answer is None:
        return []
    rows = reading.rows(answer, "results", of="iTunes")
    return [row for row in rows if row.get("kind") == "song"]


def kept(answer: Json) -> Json:
    """Return an answer with what is read of it, and nothing else: no previews."""
    rows = reading.rows(answer, "results", of="iTunes")
    return {"results": [{name: row[name] for name in _KEPT if name in row} for row in rows]}


def parse_album(answer: Json) -> TrackList | None:
    """Read an album and its songs; None when there is no album in the answer."""
    rows = reading.rows(answer, "results", of="iTunes album")
    head = next((row for row in rows if row.get("wrapperType") == "collection"), None)
    if head is None:
        return None
    tracks = tuple(reading.each(rows_of(answer), parse_track))
    return TrackList(
        title=reading.text(head.get("collectionName")),
        owner=reading.text(head.get("artistName")),
        page=Page(tracks, reading.count(head.get("trackCount")), None),
    )


def parse_track(row: dict[str, Any]) -> SourceTrack | None:
    """Read one song; None for one without title or artist."""
    title, artist = reading.text(row.get("trackName")), reading.text(row.get("artistName"))
    if title is None or artist is None:
        return None
    genre = reading.text(row.get("primaryGenreName"))
    return SourceTrack(
        title=title,
        artist=artist,
        ids=reading.ids(apple=reading.text(row.get("trackId"))),
        artist_ids=reading.ids(apple=reading.text(row.get("artistId"))),
        album=reading.text(row.get("collectionName")),
        year=reading.year(row.get("releaseDate")),
        duration_ms=reading.duration_ms(row.get("trackTimeMillis")),
        explicit=_EXPLICIT.get(reading.text(row.get("trackExplicitness")) or ""),
        genres=(genre.lower(),) if genre else (),
        url=reading.text(row.get("trackViewUrl")),
        cover=reading.text(row.get("artworkUrl100")),
    )
