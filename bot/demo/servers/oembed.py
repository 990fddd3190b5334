"""Spotify's oEmbed."""

from dataclasses import dataclass, field

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService


@dataclass
class OEmbedServer(LoopbackService):
    """Answers an unknown page with a 404 that is no JSON."""

    playlists: dict[str, str] = field(default_factory=dict)
    """Titles of playlists and albums by their ids."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/oembed", self._card)]

    async def _card(self, request: web.Request) -> web.Response:
        own_id = request.query.get("url", "").rpartition("/")[2]
        titles = self.playlists | {str(song.spotify_id): song.title for song in self.songs}
        covers = {str(song.spotify_id): song.cover for song in self.songs}
        if own_id not in titles:
            return web.Response(status=404, text="Not found", content_type="text/plain")
        card = {
            "html": "<iframe></iframe>",
            "type": "rich",
            "version": "1.0",
            "provider_name": "Spotify",
            "title": titles[own_id],
            "thumbnail_url": covers.get(own_id),
        }
        return web.json_response(card)
