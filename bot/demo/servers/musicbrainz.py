"""MusicBrainz: a search by name, recordings and artists by id."""

import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song


@dataclass
class MusicBrainzServer(LoopbackService):
    """Answers 503 to those who ask too fast, without saying how long they should wait."""

    merged: dict[str, str] = field(default_factory=dict)
    """Ids that now belong to another recording."""
    releases: dict[str, list[Song]] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    """The names of the labels of a release, by its id."""
    page: int = 100
    """So many editions of an artist come at once."""
    groups: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The editions of albums: id, status, date."""
    prefix = "/ws/2"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/ws/2/recording", self._search),
            web.get("/ws/2/recording/{mbid}", self._recording),
            web.get("/ws/2/artist", self._search_artist),
            web.get("/ws/2/artist/{mbid}", self._artist),
            web.get("/ws/2/release", self._released),
            web.get("/ws/2/release/{mbid}", self._release),
            web.get("/ws/2/release-group/{mbid}", self._group),
        ]

    def too_fast(self) -> web.Response:
        message = "Your requests are exceeding the allowable rate limit."
        return web.json_response({"error": message}, status=503)

    async def _search(self, request: web.Request) -> web.Response:
        query = request.query.get("query", "")
        limit = int(request.query["limit"])
        if query.startswith("arid:"):
            found = [song for song in self.songs if song.artist_mbid == query[5:]]
            return self._listed(found, limit)
        names = [
            re.sub(r"\\(.)", r"\1", name) for name in re.findall(r':"((?:[^"\\]|\\.)*)"', query)
        ]
        found = [song for song in self.songs if [song.title, song.artist] == names]
        return self._listed(found, limit)

    def _listed(self, found: list[Song], limit: int) -> web.Response:
        rows = [self._row(song, "tags") for song in found[:limit]]
        return web.json_response({"count": len(found), "offset": 0, "recordings": rows})

    async def _search_artist(self, request: web.Request) -> web.Response:
        """Answer by name or by tag, with tags in place of genres, as a search does."""
        kind, _, quoted = request.query.get("query", "").partition(":")
        asked = re.sub(r"\\(.)", r"\1", quoted.strip('"')).lower()
        found = {
            song.artist_mbid: song
            for song in self.songs
            if song.artist_mbid
            and (asked in song.genres if kind == "tag" else asked in song.artist.lower())
        }
        rows = [
            {"id": mbid, "name": song.artist, "score": 100, "tags": _votes(song)}
            for mbid, song in list(found.items())[: int(request.query["limit"])]
        ]
        return web.json_response({"count": len(found), "offset": 0, "artists": rows})

    async def _recording(self, request: web.Request) -> web.Response:
        mbid = self.merged.get(request.match_info["mbid"], request.match_info["mbid"])
        song = next((song for song in self.songs if song.mbid == mbid), None)
        return self._not_found() if song is None else web.json_response(self._row(song, "genres"))

    async def _artist(self, request: web.Request) -> web.Response:
        mbid = request.match_info["mbid"]
        song = next((song for song in self.songs if song.artist_mbid == mbid), None)
        if song is None:
            return self._not_found()
        row = {"id": mbid, "name": song.artist, "genres": _votes(song), "country": "US"}
        return web.json_response(row)

    async def _release(self, request: web.Request) -> web.Response:
        """Answer with as many discs as there are songs, less than two on each."""
        mbid = request.match_info["mbid"]
        if mbid not in self.releases:
            return self._not_found()
        return web.json_response(self._edition(mbid))

    async def _released(self, request: web.Request) -> web.Response:
        """Answer with the editions by an artist, at most `page` of them."""
        asked = request.query["artist"]
        own = [mbid for mbid, songs in self.releases.items() if songs[0].artist_mbid == asked]
        rows = [self._edition(mbid) for mbid in own[: self.page]]
        return web.json_response({"release-count": len(own), "release-offset": 0, "releases": rows})

    def _edition(self, mbid: str) -> dict[str, Any]:
        songs = self.releases[mbid]
        rows = [self._row(song, "genres") for song in songs]
        tracks = [
            {
                "id": "t", "number": "A1", "title": f"{row['title']} on this disc",
                "length": song.duration_ms, "recording": {**row, "length": None},
            }
            for row, song in zip(rows, songs, strict=True)
        ]  # fmt: skip
        media = [{"format": "CD", "track-count": 1, "tracks": [track]} for track in tracks]
        return {
            "id": mbid,
            "title": songs[0].album,
            "status": "Official",
            "artist-credit": rows[0]["artist-credit"],
            "label-info": [
                {"catalog-number": "1", "label": {"id": "l", "name": name}}
                for name in self.labels.get(mbid, ())
            ],
            "media": media,
        }

    async def _group(self, request: web.Request) -> web.Response:
        mbid = request.match_info["mbid"]
        if mbid not in self.groups:
            return self._not_found()
        return web.json_response({"id": mbid, "title": "…", "releases": self.groups[mbid]})

    def _not_found(self) -> web.Response:
        return web.json_response({"error": "Not Found"}, status=404)

    def _row(self, song: Song, voted: str) -> dict[str, Any]:
        artist = {"id": song.artist_mbid, "name": song.artist, "sort-name": song.artist}
        return {
            "id": song.mbid,
            "title": song.title,
            "length": song.duration_ms,
            "isrcs": [song.isrc] if song.isrc else [],
            "first-release-date": song.released_on,
            "artist-credit": [{"name": song.artist, "joinphrase": "", "artist": artist}],
            "releases": [
                {"id": song.release_mbid or "r", "title": song.album},
                {"id": "s", "title": "Best Of"},
            ],
            voted: _votes(song),
        }


def _votes(song: Song) -> list[dict[str, Any]]:
    """Return the genres with the fewest votes first: MusicBrainz does not promise an order."""
    return [
        {"id": "g", "count": place + 1, "name": name}
        for place, name in enumerate(reversed(song.genres))
    ]
