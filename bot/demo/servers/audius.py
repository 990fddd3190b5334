"""Audius: a search, what trends underground, and links resolved by a redirect."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song


def permalink(song: Song) -> str:
    """Return the path of a song's page."""
    return f"/{song.artist}/{song.title}".lower().replace(" ", "-")


@dataclass
class AudiusServer(LoopbackService):
    """Answers within {"data": …}."""

    playlists: dict[str, list[Song]] = field(default_factory=dict)
    """By the path of the page, such as "ann/playlist/night"."""
    hidden: set[str] = field(default_factory=set)
    """Playlists that only their owner may see, who can still name them by a link."""
    prefix = "/v1"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/tracks/search", self._search),
            web.get("/v1/tracks/trending/underground", self._underground),
            web.get("/v1/tracks/{id}", self._track),
            web.get("/v1/playlists/{id}", self._playlist),
            web.get("/v1/playlists/{id}/tracks", self._playlist_tracks),
            web.get("/v1/resolve", self._resolve),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        return self._list(self.holding(request.query["query"])[: int(request.query["limit"])])

    async def _underground(self, request: web.Request) -> web.Response:
        start, size = int(request.query["offset"]), int(request.query["limit"])
        return self._list(self.songs[start : start + size])

    async def _track(self, request: web.Request) -> web.Response:
        asked = request.match_info["id"]
        song = next((song for song in self.songs if song.audius_id == asked), None)
        if song is None:
            return web.json_response({"code": 404, "error": "track not found"}, status=404)
        return web.json_response({"data": _row(song)})

    async def _resolve(self, request: web.Request) -> web.Response:
        url = request.query["url"]
        for path in self.playlists:
            if url.endswith(f"/{path}"):
                return web.Response(status=302, headers={"Location": f"/v1/playlists/{_id(path)}"})
        for song in self.songs:
            if url.endswith(permalink(song)):
                return web.Response(
                    status=302, headers={"Location": f"/v1/tracks/{song.audius_id}"}
                )
        return web.json_response({"code": 404, "error": "not found"}, status=404)

    def _path(self, request: web.Request) -> str:
        asked = request.match_info["id"]
        return next(path for path in self.playlists if _id(path) == asked)

    async def _playlist(self, request: web.Request) -> web.Response:
        path = self._path(request)
        songs = self.playlists[path]
        row = {
            "id": _id(path),
            "playlist_name": "Night Songs",
            "permalink": f"/{path}",
            "is_album": "/album/" in path,
            "is_private": path in self.hidden,
            "user": {"id": "u1", "handle": "ann", "name": "Ann"},
            "playlist_contents": [{"track_id": song.audius_id, "timestamp": 1} for song in songs],
            "track_count": len(songs),
        }
        return web.json_response({"data": [row]})

    async def _playlist_tracks(self, request: web.Request) -> web.Response:
        return self._list(self.playlists[self._path(request)])

    def _list(self, songs: list[Song]) -> web.Response:
        return web.json_response({"data": [_row(song) for song in songs]})


def _id(path: str) -> str:
    return path.replace("/", "")


def _row(song: Song) -> dict[str, Any]:
    return {
        "id": song.audius_id,
        "title": song.title,
        "user": {"id": "u1", "handle": song.artist.lower(), "name": song.artist, "bio": "…"},
        "genre": song.genres[0].title() if song.genres else None,
        "mood": "Melancholy",
        "tags": ",".join(song.genres),
        "duration": song.duration_ms // 1000,
        "play_count": song.listens,
        "favorite_count": 3,
        "permalink": permalink(song),
        "isrc": song.isrc,
        "bpm": song.features.get("tempo"),
        "musical_key": song.features.get("musical_key"),
        "release_date": f"{song.released_on}T00:00:00Z",
        "ddex_app": song.distributor,
        "is_delete": False,
        "is_unlisted": False,
        "artwork": {"150x150": song.cover, "480x480": song.cover},
    }
