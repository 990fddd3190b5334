"""Odesli: a link → the same song or album on all services."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song


@dataclass
class OdesliServer(LoopbackService):
    """Knows songs by their links on Spotify, Deezer and Apple Music."""

    albums: list[dict[str, str]] = field(default_factory=list)
    """The pages of each album by platform, such as "tidal" or "deezer"."""
    prefix = "/v1-alpha.1"

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/v1-alpha.1/links", self._links)]

    def too_fast(self) -> web.Response:
        return web.json_response({"statusCode": 429, "code": "TOO_MANY_REQUESTS"}, status=429)

    async def _links(self, request: web.Request) -> web.Response:
        url = request.query.get("url", "")
        for song in self.songs:
            for platform, (own_id, link) in _links(song).items():
                if link == url:
                    return web.json_response(_answer(song, f"{_entity(platform, own_id)}"))
        for pages in self.albums:
            if url in pages.values():
                return web.json_response(_album(pages))
        known = any(name in url for name in ("spotify", "deezer", "apple"))
        code = "could_not_resolve_entity" if known else "could_not_fetch_entity_data"
        status = 404 if known else 400
        return web.json_response({"statusCode": status, "code": code}, status=status)


def _links(song: Song) -> dict[str, tuple[str, str]]:
    known: dict[str, tuple[Any, str]] = {
        "spotify": (song.spotify_id, f"https://open.spotify.com/track/{song.spotify_id}"),
        "deezer": (song.deezer_id, f"https://www.deezer.com/track/{song.deezer_id}"),
        "appleMusic": (song.apple_id, f"https://music.apple.com/us/song/{song.apple_id}"),
    }
    return {name: (str(own), link) for name, (own, link) in known.items() if own is not None}


def _entity(platform: str, own_id: str) -> str:
    return f"{platform.upper()}_SONG::{own_id}"


def _album(pages: dict[str, str]) -> dict[str, Any]:
    entity = {"id": "1", "type": "album", "title": "An Album", "artistName": "Low"}
    return {
        "entityUniqueId": "ALBUM::1",
        "linksByPlatform": {
            platform: {"country": "US", "url": url, "entityUniqueId": "ALBUM::1"}
            for platform, url in pages.items()
        },
        "entitiesByUniqueId": {"ALBUM::1": entity},
    }


def _answer(song: Song, asked: str) -> dict[str, Any]:
    links = _links(song)
    return {
        "entityUniqueId": asked,
        "userCountry": "US",
        "pageUrl": "https://song.link/x",
        "linksByPlatform": {
            platform: {"country": "US", "url": link, "entityUniqueId": _entity(platform, own_id)}
            for platform, (own_id, link) in links.items()
        },
        "entitiesByUniqueId": {
            _entity(platform, own_id): {
                "id": own_id,
                "type": "song",
                "title": song.title,
                "artistName": song.artist,
                "thumbnailUrl": "https://…",
                "platforms": [platform],
            }
            for platform, (own_id, _) in links.items()
        },
    }
