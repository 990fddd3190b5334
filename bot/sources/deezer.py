"""Deezer: search, ISRCs, popularity and playlists, without a key."""

from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from bot.core.models import AudioFeatures
from bot.errors import BadAnswerError
from bot.sources import reading
from bot.sources.answers import A_MONTH, A_WEEK, Json
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.service import Params, Service, Trouble
from bot.sources.values import Page, SourceArtist, SourceTrack, TrackList

BASE: Final = "https://api.deezer.com"
PACE: Final = Pace(calls=50, seconds=5)
PAGE: Final = 100

_CODES: Final = {
    4: Trouble.BUSY,  # quota
    700: Trouble.BUSY,
    800: Trouble.MISSING,
    200: Trouble.DENIED,
    300: Trouble.DENIED,
}
_KEPT: Final = (
    "id", "title", "isrc", "link", "duration", "rank", "explicit_lyrics", "bpm", "release_date",
)  # fmt: skip


class Deezer:
    """Client for the parts of the Deezer API the bot uses."""

    name = "deezer"

    def __init__(self, http: Http, base: str = BASE, pace: Pace = PACE) -> None:
        self._service = Service(http, "Deezer", base, pace, complaint=complaint)

    async def track(self, track_id: str) -> SourceTrack | None:
        """Return a recording by Deezer's id, with its tempo where that is known."""
        return await self._track(f"/track/{quote(track_id, safe='')}")

    async def track_by_isrc(self, isrc: str) -> SourceTrack | None:
        """Return the recording that has an ISRC."""
        return await self._track(f"/track/isrc:{quote(isrc, safe='')}")

    async def search(self, title: str, artist: str, *, limit: int = 10) -> list[SourceTrack]:
        """Return recordings with such a title by such an artist, the likeliest first."""
        query = f'artist:"{_unquoted(artist)}" track:"{_unquoted(title)}"'
        return await self._search(query, limit)

    async def search_text(self, text: str, *, limit: int = 10) -> list[SourceTrack]:
        """Return recordings for words that somebody typed, the likeliest first."""
        return await self._search(text, limit)

    async def find_artists(self, name: str, *, limit: int = 10) -> list[SourceArtist]:
        """Return artists whose name is like one, the likeliest first."""
        return await self._artists("/search/artist", {"q": f'"{_unquoted(name)}"', "limit": limit})

    async def related_artists(self, artist_id: str, *, limit: int = 50) -> list[SourceArtist]:
        """Return the artists whom Deezer takes for related, the most similar first."""
        path = f"/artist/{quote(artist_id, safe='')}/related"
        return await self._artists(path, {"limit": limit})

    async def top_tracks(self, artist_id: str, *, limit: int = 50) -> list[SourceTrack]:
        """Return the best-known recordings of an artist; most without an ISRC."""
        path = f"/artist/{quote(artist_id, safe='')}/top"
        answer = await self._service.get(path, {"limit": limit}, keep=A_WEEK, trim=kept_list)
        return parse_tracks(answer)

    async def playlist(self, playlist_id: str, *, offset: int = 0) -> Page | None:
        """Return a page of a public playlist; None when there is none or it is private."""
        return await self._page(f"/playlist/{quote(playlist_id, safe='')}/tracks", offset)

    async def playlist_head(self, playlist_id: str) -> TrackList | None:
        """Return title and owner of a public playlist; `playlist` returns its tracks."""
        answer = await self._service.get(f"/playlist/{quote(playlist_id, safe='')}")
        return None if answer is None else parse_head(kept_head(answer))

    async def album(self, album_id: str, *, offset: int = 0) -> Page | None:
        """Return a page of an album; None when there is none."""
        return await self._page(f"/album/{quote(album_id, safe='')}/tracks", offset)

    async def album_head(self, album_id: str) -> TrackList | None:
        """Return title and artist of an album; `album` returns its tracks."""
        path = f"/album/{quote(album_id, safe='')}"
        answer = await self._service.get(path, keep=A_MONTH, trim=kept_head)
        return None if answer is None else parse_head(answer)

    async def _track(self, path: str) -> SourceTrack | None:
        answer = await self._service.get(path, keep=A_WEEK, trim=kept_track)
        return parse_track(reading.part(answer))

    async def _page(self, path: str, offset: int) -> Page | None:
        answer = await self._service.get(path, {"index": offset, "limit": PAGE})
        return None if answer is None else parse_page(answer, offset)

    async def _artists(self, path: str, params: Params) -> list[SourceArtist]:
        answer = await self._service.get(path, params, keep=A_WEEK, trim=kept_artists)
        return [] if answer is None else parse_artists(answer)

    async def _search(self, query: str, limit: int) -> list[SourceTrack]:
        answer = await self._service.get(
            "/search", {"q": query, "limit": limit}, keep=A_WEEK, trim=kept_list
        )
        return parse_tracks(answer)


def _unquoted(text: str) -> str:
    return text.replace('"', " ").strip()


def complaint(_status: int, answer: Json | None) -> Trouble | None:
    """Read the error that Deezer sends with HTTP 200."""
    error = reading.part(answer).get("error")
    if not error:
        return None
    code = reading.whole(reading.part(error).get("code"), 0, 10_000)
    return _CODES.get(code or 0, Trouble.REFUSED)


def kept_track(answer: Json) -> Json:
    """Return the answer about one recording with what is read of it."""
    if reading.text(reading.part(answer).get("id")) is None:
        raise BadAnswerError("Deezer: the answer is no track.")
    return kept(answer)


def kept(row: dict[str, Any]) -> dict[str, Any]:
    """Return what is read of a recording, and nothing else: no preview."""
    artist, album = reading.part(row.get("artist")), reading.part(row.get("album"))
    names = [{"name": one.get("name")} for one in reading.parts(row.get("contributors"))]
    return {
        **{name: row[name] for name in _KEPT if name in row},
        "artist": {"id": artist.get("id"), "name": artist.get("name")},
        "album": {name: album.get(name) for name in ("title", "cover_medium")},
        "contributors": names,
    }


def kept_list(answer: Json) -> Json:
    """Return a list of recordings with what is read of them."""
    return {"data": [kept(row) for row in reading.rows(answer, "data", of="Deezer")]}


def kept_artists(answer: Json) -> Json:
    """Return a list of artists with what is read of them."""
    rows = reading.rows(answer, "data", of="Deezer artists")
    return {"data": [{name: row.get(name) for name in ("id", "name", "nb_fan")} for row in rows]}


def kept_head(answer: Json) -> Json:
    """Return the answer about a playlist or an album with what is read of it: no tracks."""
    row = reading.part(answer)
    if reading.text(row.get("id")) is None:
        raise BadAnswerError("Deezer: the answer is no playlist or album.")
    kept: dict[str, Any] = {name: row.get(name) for name in ("id", "title", "nb_tracks")}
    owner = reading.part(row.get("artist")) or reading.part(row.get("creator"))
    return {**kept, "owner": owner.get("name")}


def parse_head(row: dict[str, Any]) -> TrackList:
    """Read what `kept_head` leaves of a playlist or an album."""
    total = reading.count(row.get("nb_tracks"))
    return TrackList(
        reading.text(row.get("title")), reading.text(row.get("owner")), Page((), total, 0)
    )


def parse_tracks(answer: Json | None) -> list[SourceTrack]:
    """Read a list of recordings."""
    if answer is None:
        return []
    return reading.each(reading.rows(answer, "data", of="Deezer tracks"), parse_track)


def parse_artists(answer: Json) -> list[SourceArtist]:
    """Read a list of artists; who comes first is the most similar."""
    rows = reading.each(reading.rows(answer, "data", of="Deezer artists"), _artist)
    return [replace(one, similarity=1 - place / len(rows)) for place, one in enumerate(rows)]


def _artist(row: dict[str, Any]) -> SourceArtist | None:
    name, own_id = reading.text(row.get("name")), reading.text(row.get("id"))
    if name is None or own_id is None:
        return None
    return SourceArtist(name, reading.ids(deezer=own_id), fans=reading.count(row.get("nb_fan")))


def parse_page(answer: Json, offset: int) -> Page:
    """Read a page of a playlist or an album that began at an offset."""
    rows = reading.rows(answer, "data", of="Deezer list")
    more = bool(rows) and reading.text(answer.get("next")) is not None
    return Page(
        tracks=tuple(reading.each(rows, parse_track)),
        total=reading.count(answer.get("total")),
        next_offset=offset + len(rows) if more else None,
    )


def parse_track(row: dict[str, Any]) -> SourceTrack | None:
    """Read one recording; None for one without title or artist."""
    artist = reading.part(row.get("artist"))
    title, name = reading.text(row.get("title")), reading.text(artist.get("name"))
    if title is None or name is None:
        return None
    others = [reading.text(one.get("name")) for one in reading.parts(row.get("contributors"))]
    return SourceTrack(
        title=title,
        artist=name,
        ids=reading.ids(deezer=reading.text(row.get("id")), isrc=reading.isrc(row.get("isrc"))),
        artist_credit=reading.credit([one for one in others if one]),
        artist_ids=reading.ids(deezer=reading.text(artist.get("id"))),
        album=reading.text(reading.part(row.get("album")).get("title")),
        year=reading.year(row.get("release_date")),
        duration_ms=reading.duration_ms(row.get("duration"), unit_ms=1000),
        explicit=reading.flag(row.get("explicit_lyrics")),
        features=AudioFeatures(tempo=reading.number(row.get("bpm"), 0, 400) or None),
        popularity=reading.popularity(Deezer.name, reading.number(row.get("rank"), 0, 1_000_000)),
        url=reading.text(row.get("link")),
        cover=_cover(reading.text(reading.part(row.get("album")).get("cover_medium"))),
    )


def _cover(url: str | None) -> str | None:
    """Return the address of a cover; None for the picture that stands where there is none."""
    return None if url is None or "/cover//" in url else url
