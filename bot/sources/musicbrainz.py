"""MusicBrainz: recordings by name, albums, artists and genres, without a key."""

from dataclasses import replace
from typing import Any, Final

from bot.core.catalog import released_by
from bot.errors import BadAnswerError
from bot.sources import reading
from bot.sources.answers import A_MONTH, Json
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.service import Params, Service
from bot.sources.values import Page, SourceArtist, SourceTrack, TrackList

BASE: Final = "https://musicbrainz.org/ws/2"
PACE: Final = Pace(calls=1, seconds=1.2)
"""One question a second is allowed; whoever asks faster is blocked for a while."""

_UNAUTHORIZED: Final = ("Bootleg", "Pseudo-Release")
"""Editions that no artist and no label made: they tell nothing of who released a song."""
_LUCENE: Final = str.maketrans({sign: f"\\{sign}" for sign in '+-&|!(){}[]^"~*?:\\/'})


class MusicBrainz:
    """Client for the parts of the MusicBrainz API the bot uses."""

    name = "musicbrainz"

    def __init__(self, http: Http, base: str = BASE, pace: Pace = PACE) -> None:
        self._service = Service(http, "MusicBrainz", base, pace)

    async def search(self, title: str, artist: str, *, limit: int = 10) -> list[SourceTrack]:
        """Return recordings with such a title by such an artist, the likeliest first."""
        query = f'recording:"{title.translate(_LUCENE)}" AND artist:"{artist.translate(_LUCENE)}"'
        answer = await self._get("/recording", {"query": query, "limit": limit}, kept_recordings)
        return [] if answer is None else parse_recordings(answer)

    async def recording(self, mbid: str) -> SourceTrack | None:
        """Return a recording by its id; it may have a new one, where two were merged."""
        if reading.mbid(mbid) is None:
            return None
        params = {"inc": "artist-credits+isrcs+genres+releases"}
        answer = await self._get(f"/recording/{mbid}", params, kept_recording)
        return parse_recording(reading.part(answer))

    async def release(self, mbid: str) -> TrackList | None:
        """Return one edition of an album with all its recordings, disc after disc."""
        if reading.mbid(mbid) is None:
            return None
        params = {"inc": "recordings+artist-credits+isrcs+labels"}
        answer = await self._get(f"/release/{mbid}", params, kept_release)
        return None if answer is None else parse_release(answer)

    async def released(self, artist_mbid: str) -> list[SourceTrack]:
        """Return recordings on the releases of an artist, as far as it is told who released them.

        One that stands on several releases comes once for each.
        """
        if reading.mbid(artist_mbid) is None:
            return []
        params: Params = {
            "artist": artist_mbid,
            "inc": "recordings+artist-credits+labels",
            "limit": 100,
        }
        answer = await self._get("/release", params, kept_releases)
        return [] if answer is None else parse_released(answer)

    async def first_release(self, group_mbid: str) -> str | None:
        """Return the first official edition of an album; None when it has none at all."""
        if reading.mbid(group_mbid) is None:
            return None
        answer = await self._get(f"/release-group/{group_mbid}", {"inc": "releases"}, kept_group)
        return parse_first_release(reading.part(answer))

    async def artist(self, mbid: str) -> SourceArtist | None:
        """Return an artist by their id, with genres."""
        if reading.mbid(mbid) is None:
            return None
        answer = await self._get(f"/artist/{mbid}", {"inc": "genres"}, kept_artist)
        return parse_artist(reading.part(answer))

    async def find_artists(self, name: str, *, limit: int = 10) -> list[SourceArtist]:
        """Return artists with such a name, with genres, the likeliest first."""
        return await self._artists(f'artist:"{name.translate(_LUCENE)}"', limit)

    async def artists_of_genre(self, genre: str, *, limit: int = 100) -> list[SourceArtist]:
        """Return artists whom people call so, those most often called so first."""
        return await self._artists(f'tag:"{genre.translate(_LUCENE)}"', limit)

    async def recordings_by(self, artist_mbid: str, *, limit: int = 100) -> list[SourceTrack]:
        """Return recordings by an artist, in no order that means anything."""
        if reading.mbid(artist_mbid) is None:
            return []
        query = f"arid:{artist_mbid}"
        answer = await self._get("/recording", {"query": query, "limit": limit}, kept_recordings)
        return [] if answer is None else parse_recordings(answer)

    async def _artists(self, query: str, limit: int) -> list[SourceArtist]:
        answer = await self._get("/artist", {"query": query, "limit": limit}, kept_artists)
        return [] if answer is None else parse_artists(answer)

    async def _get(self, path: str, params: Params, trim: Any) -> Json | None:
        return await self._service.get(path, {**params, "fmt": "json"}, keep=A_MONTH, trim=trim)


def kept_recordings(answer: Json) -> Json:
    """Return a list of recordings with what is read of them."""
    rows = reading.rows(answer, "recordings", of="MusicBrainz")
    return {"recordings": [_kept(row) for row in rows]}


def kept_recording(answer: Json) -> Json:
    """Return one recording with what is read of it."""
    return _kept(_with_id(answer))


def kept_artist(answer: Json) -> Json:
    """Return one artist with what is read of them."""
    return _kept_artist(_with_id(answer))


def kept_artists(answer: Json) -> Json:
    """Return a list of artists with what is read of them."""
    rows = reading.rows(answer, "artists", of="MusicBrainz artists")
    return {"artists": [_kept_artist(row) for row in rows]}


def _kept_artist(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in ("id", "name", "genres", "tags")}


def kept_release(answer: Json) -> Json:
    """Return one edition of an album with what is read of it."""
    return _kept_release(_with_id(answer))


def kept_releases(answer: Json) -> Json:
    """Return a page of editions with what is read of them."""
    rows = reading.rows(answer, "releases", of="MusicBrainz releases")
    count = reading.part(answer).get("release-count")
    return {"release-count": count, "releases": [_kept_release(row) for row in rows]}


def _kept_release(row: dict[str, Any]) -> dict[str, Any]:
    media = [
        {"tracks": [_kept_track(one) for one in reading.parts(medium.get("tracks"))]}
        for medium in reading.parts(row.get("media"))
    ]
    credit = [_kept_name(one) for one in reading.parts(row.get("artist-credit"))]
    labels = [
        {"label": {"name": reading.part(one.get("label")).get("name")}}
        for one in reading.parts(row.get("label-info"))
    ]
    return {
        "title": row.get("title"),
        "status": row.get("status"),
        "artist-credit": credit,
        "label-info": labels,
        "media": media,
    }


def _kept_track(row: dict[str, Any]) -> dict[str, Any]:
    """Return the recording at a place on a disc; the place fills in what the recording lacks."""
    told = {name: value for name, value in reading.part(row.get("recording")).items() if value}
    return _kept({"length": row.get("length"), "artist-credit": row.get("artist-credit"), **told})


def kept_group(answer: Json) -> Json:
    """Return an album with what is read of its editions."""
    rows = reading.parts(_with_id(answer).get("releases"))
    return {
        "releases": [{name: row.get(name) for name in ("id", "status", "date")} for row in rows]
    }


def _with_id(answer: Json) -> dict[str, Any]:
    row = reading.part(answer)
    if reading.mbid(row.get("id")) is None:
        raise BadAnswerError("MusicBrainz: the answer has no id.")
    return row


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "title", "length", "isrcs", "first-release-date", "genres", "tags")
    credit = [_kept_name(one) for one in reading.parts(row.get("artist-credit"))]
    releases = reading.parts(row.get("releases"))[:1]
    release = [{name: one.get(name) for name in ("id", "title")} for one in releases]
    kept = {name: row[name] for name in names if name in row}
    return {**kept, "artist-credit": credit, "releases": release}


def _kept_name(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": row.get("name"),
        "joinphrase": row.get("joinphrase"),
        "artist": {"id": reading.part(row.get("artist")).get("id")},
    }


def parse_recordings(answer: Json) -> list[SourceTrack]:
    """Read a list of recordings."""
    return reading.each(
        reading.rows(answer, "recordings", of="MusicBrainz recordings"), parse_recording
    )


def parse_recording(row: dict[str, Any]) -> SourceTrack | None:
    """Read one recording; None for one without title or artist."""
    credited = reading.parts(row.get("artist-credit"))
    title = reading.text(row.get("title"))
    artist = reading.text(credited[0].get("name")) if credited else None
    if title is None or artist is None:
        return None
    releases = reading.parts(row.get("releases"))
    return SourceTrack(
        title=title,
        artist=artist,
        ids=reading.ids(mbid=reading.mbid(row.get("id")))
        + tuple(one for isrc in _isrcs(row) for one in reading.ids(isrc=isrc)),
        artist_credit=_printed(credited) if len(credited) > 1 else None,
        artist_ids=reading.ids(
            mbid=reading.mbid(reading.part(credited[0].get("artist")).get("id"))
        ),
        album=reading.text(releases[0].get("title")) if releases else None,
        year=reading.year(row.get("first-release-date")),
        duration_ms=reading.duration_ms(row.get("length")),
        genres=_genres(row),
        cover=_front(reading.mbid(releases[0].get("id"))) if releases else None,
    )


def _front(release_mbid: str | None) -> str | None:
    """Return where the Cover Art Archive has the front of an edition, if it has one."""
    return release_mbid and f"https://coverartarchive.org/release/{release_mbid}/front-250"


def parse_release(row: dict[str, Any]) -> TrackList:
    """Read what `kept_release` leaves of an edition of an album."""
    title = reading.text(row.get("title"))
    rows = [one for medium in reading.parts(row.get("media")) for one in medium["tracks"]]
    credited = reading.parts(row.get("artist-credit"))
    owner = _printed(credited) or None
    labels = [
        name
        for one in reading.parts(row.get("label-info"))
        if (name := reading.text(reading.part(one.get("label")).get("name")))
    ]
    if row.get("status") in _UNAUTHORIZED:
        labels = []
    first = (reading.text(credited[0].get("name")) if credited else None) or ""
    tracks = [
        replace(
            one,
            album=title,
            released_by=released_by(MusicBrainz.name, labels, one.artist, first),
        )
        for one in reading.each(rows, parse_recording)
    ]
    return TrackList(title, owner, Page(tuple(tracks), len(rows), None))


def parse_released(answer: Json) -> list[SourceTrack]:
    """Read what a page of editions tells of who released their recordings.

    When there are more editions than on the page, one of these may be on a label: then none counts
    as released by the artist.
    """
    rows = reading.rows(answer, "releases", of="MusicBrainz releases")
    is_whole = reading.count(reading.part(answer).get("release-count")) == len(rows)
    return [
        track
        for row in rows
        for track in parse_release(row).page.tracks
        if track.released_by is not None and (is_whole or not track.released_by.independent)
    ]


def parse_first_release(row: dict[str, Any]) -> str | None:
    """Return the first edition: an official one, if there is any; unknown dates come last."""
    editions = [
        (one.get("status") != "Official", reading.text(one.get("date")) or "9", mbid)
        for one in reading.parts(row.get("releases"))
        if (mbid := reading.mbid(one.get("id")))
    ]
    return min(editions)[2] if editions else None


def _printed(credited: list[dict[str, Any]]) -> str:
    return "".join(f"{one.get('name') or ''}{one.get('joinphrase') or ''}" for one in credited)


def parse_artists(answer: Json) -> list[SourceArtist]:
    """Read a list of artists."""
    return reading.each(reading.rows(answer, "artists", of="MusicBrainz artists"), parse_artist)


def parse_artist(row: dict[str, Any]) -> SourceArtist | None:
    """Read one artist; None for one without a name."""
    name = reading.text(row.get("name"))
    if name is None:
        return None
    return SourceArtist(name, reading.ids(mbid=reading.mbid(row.get("id"))), _genres(row))


def _isrcs(row: dict[str, Any]) -> list[str]:
    found = row.get("isrcs")
    return [one for one in map(reading.isrc, found) if one] if isinstance(found, list) else []


def _genres(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the genres, the most named first; a search gives tags in their place."""
    voted = [
        (reading.number(one.get("count"), -1e6, 1e6) or 0, reading.text(one.get("name")))
        for one in reading.parts(row.get("genres")) or reading.parts(row.get("tags"))
    ]
    ordered = sorted(voted, key=lambda one: -one[0])
    return tuple(name.lower() for votes, name in ordered if name and votes > 0)
