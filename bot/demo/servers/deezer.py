"""Deezer: every error comes with HTTP 200."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song


def error(code: int, message: str = "") -> dict[str, Any]:
    """Return an error as Deezer writes it."""
    return {"error": {"type": "Exception", "message": message, "code": code}}


@dataclass
class DeezerServer(LoopbackService):
    """Tracks by id and ISRC, a search by words, public playlists, albums."""

    playlists: dict[str, list[Song]] = field(default_factory=dict)
    albums: dict[str, list[Song]] = field(default_factory=dict)
    related: dict[str, list[str]] = field(default_factory=dict)
    """Names of artists by that of another; who has no songs here is not known."""
    fans: dict[str, int] = field(default_factory=dict)
    """By artist; 100 where it does not say."""
    lists_isrcs: bool = True
    """Whether a list of tracks tells their ISRCs."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/track/isrc:{isrc}", self._by_isrc),
            web.get("/track/{id}", self._by_id),
            web.get("/search", self._search),
            web.get("/search/artist", self._search_artist),
            web.get("/artist/{id}/related", self._related),
            web.get("/artist/{id}/top", self._top),
            web.get("/playlist/{id}", self._playlist_head),
            web.get("/playlist/{id}/tracks", self._playlist),
            web.get("/album/{id}", self._album_head),
            web.get("/album/{id}/tracks", self._album),
        ]

    def too_fast(self) -> web.Response:
        return web.json_response(error(4, "Quota limit exceeded"))

    async def _by_isrc(self, request: web.Request) -> web.Response:
        return self._one(song for song in self.songs if song.isrc == request.match_info["isrc"])

    async def _by_id(self, request: web.Request) -> web.Response:
        asked = request.match_info["id"]
        return self._one(song for song in self.songs if str(song.deezer_id) == asked)

    def _one(self, found: Any) -> web.Response:
        song = next(found, None)
        return web.json_response(error(800, "no data") if song is None else self._row(song))

    async def _search(self, request: web.Request) -> web.Response:
        query = request.query.get("q", "")
        if not query:
            return web.json_response(error(501, "Missing parameters: q"))
        words = query.replace("artist:", "").replace("track:", "").replace('"', " ")
        found = self.holding(words)
        rows = [self._row(song) for song in found[: int(request.query.get("limit", 25))]]
        return web.json_response({"data": rows, "total": len(found)})

    @cached_property
    def _artists(self) -> dict[str, int]:
        """The ids of artists."""
        names = dict.fromkeys(song.artist for song in self.songs)
        return {name: 1000 + place for place, name in enumerate(names)}

    @cached_property
    def _by_artist(self) -> dict[str, list[Song]]:
        found: dict[str, list[Song]] = {}
        for song in self.songs:
            found.setdefault(song.artist, []).append(song)
        return found

    def _name(self, request: web.Request) -> str | None:
        asked = int(request.match_info["id"])
        return next((name for name, number in self._artists.items() if number == asked), None)

    def _people(self, names: list[str], request: web.Request) -> web.Response:
        known = [name for name in names if name in self._artists]
        rows = [
            {
                "id": self._artists[name], "name": name, "nb_album": 3, "type": "artist",
                "nb_fan": self.fans.get(name, 100), "picture": "https://…", "radio": True,
            }
            for name in known[: int(request.query.get("limit", 25))]
        ]  # fmt: skip
        return web.json_response({"data": rows, "total": len(known)})

    async def _search_artist(self, request: web.Request) -> web.Response:
        words = request.query.get("q", "").replace('"', "").lower().split()
        found = [name for name in self._artists if all(word in name.lower() for word in words)]
        return self._people(found, request)

    async def _related(self, request: web.Request) -> web.Response:
        name = self._name(request)
        if name is None:
            return web.json_response(error(800, "no data"))
        return self._people(self.related.get(name, []), request)

    async def _top(self, request: web.Request) -> web.Response:
        name = self._name(request)
        if name is None:
            return web.json_response(error(800, "no data"))
        best = sorted(self._by_artist[name], key=lambda song: -(song.deezer_rank or 0))
        rows = [self._row(song) for song in best[: int(request.query.get("limit", 5))]]
        for row in [] if self.lists_isrcs else rows:
            del row["isrc"], row["release_date"]
        return web.json_response({"data": rows, "total": len(best)})

    async def _playlist_head(self, request: web.Request) -> web.Response:
        songs = self.playlists.get(request.match_info["id"])
        who = {"creator": {"id": 3, "name": "ann", "type": "user"}, "public": True}
        return self._head(request, songs, "Night Songs", who)

    async def _album_head(self, request: web.Request) -> web.Response:
        songs = self.albums.get(request.match_info["id"])
        first = songs[0] if songs else Song("", "")
        who = {"artist": {"id": 1, "name": first.artist}, "release_date": first.released_on}
        return self._head(request, songs, first.album, who)

    def _head(
        self, request: web.Request, songs: list[Song] | None, title: str, who: dict[str, Any]
    ) -> web.Response:
        if songs is None:
            return web.json_response(error(800, "no data"))
        own_id = int(request.match_info["id"])
        some = {"data": [self._row(song) for song in songs[:25]]}
        head = {"id": own_id, "title": title, "nb_tracks": len(songs), **who, "tracks": some}
        return web.json_response(head)

    async def _playlist(self, request: web.Request) -> web.Response:
        return self._page(request, self.playlists.get(request.match_info["id"]))

    async def _album(self, request: web.Request) -> web.Response:
        return self._page(request, self.albums.get(request.match_info["id"]))

    def _page(self, request: web.Request, songs: list[Song] | None) -> web.Response:
        if songs is None:
            return web.json_response(error(800, "no data"))
        start, size = (int(request.query.get(name, 0)) for name in ("index", "limit"))
        answer = {
            "data": [self._row(song) for song in songs[start : start + size]],
            "total": len(songs),
        }
        if start + size < len(songs):
            answer["next"] = f"https://api.deezer.com{request.path}?index={start + size}"
        return web.json_response(answer)

    def _row(self, song: Song) -> dict[str, Any]:
        return {
            "id": song.deezer_id,
            "title": song.title,
            "isrc": song.isrc,
            "link": f"https://www.deezer.com/track/{song.deezer_id}",
            "duration": song.duration_ms // 1000,
            "rank": song.deezer_rank,
            "release_date": song.released_on,
            "explicit_lyrics": False,
            "preview": f"https://cdnt-preview.dzcdn.net/{song.deezer_id}.mp3?exp=1",
            "bpm": song.features.get("tempo", 0),
            "gain": -9.1,
            "contributors": [{"id": 1, "name": song.artist}],
            "artist": {
                "id": self._artists.get(song.artist, 1),
                "name": song.artist,
                "picture": "https://…",
            },
            "album": {"id": 2, "title": song.album, "cover_medium": song.cover},
            "type": "track",
        }
