"""Spotify's oEmbed."""

from dataclasses import dataclass, field

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song


@dataclass
class OEmbedServer(LoopbackService):
    """Answers an unknown page with a 404 that is no JSON."""

    songs: list[Song] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/oembed", self._card)]

    async def _card(self, request: web.Request) -> web.Response:
        track_id = request.query.get("url", "").rpartition("/")[2]
        song = next((song for song in self.songs if song.spotify_id == track_id), None)
        if song is None:
            return web.Response(status=404, text="Not found", content_type="text/plain")
        card = {
            "html": "<iframe></iframe>",
            "type": "rich",
            "version": "1.0",
            "provider_name": "Spotify",
            "title": song.title,
            "thumbnail_url": f"https://image-cdn.example/{song.spotify_id}",
        }
        return web.json_response(card)
