"""ReccoBeats: features and popularity by Spotify id, ISRC or its own id."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song


@dataclass
class ReccoBeatsServer(LoopbackService):
    """Unknown ids are left out, and the rest comes in its own order."""

    prefix = "/v1"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/audio-features", self._audio_features),
            web.get("/v1/track", self._tracks),
        ]

    async def _audio_features(self, request: web.Request) -> web.Response:
        return self._content(request, lambda song: {**_ids(song), **song.features})

    async def _tracks(self, request: web.Request) -> web.Response:
        return self._content(
            request,
            lambda song: {
                **_ids(song),
                "trackTitle": song.title,
                "artists": [{"id": "a", "name": song.artist, "href": "https://open.spotify.com/x"}],
                "durationMs": song.duration_ms,
                "popularity": song.popularity,
            },
        )

    def _content(self, request: web.Request, row: Any) -> web.Response:
        asked = request.query.get("ids", "").split(",")
        if len(asked) > 40:
            return web.json_response({"error": "size of ids must be between 1 and 40"}, status=400)
        known = [
            song
            for song in self.songs
            if {song.spotify_id, song.isrc, song.reccobeats_id} & set(asked)
        ]
        return web.json_response({"content": [row(song) for song in reversed(known)]})


def _ids(song: Song) -> dict[str, Any]:
    return {
        "id": song.reccobeats_id,
        "href": f"https://open.spotify.com/track/{song.spotify_id}",
        "isrc": song.isrc,
    }
