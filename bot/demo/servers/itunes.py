"""iTunes: lookups and a search; the JSON calls itself JavaScript, and 403 means too fast."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song


@dataclass
class ITunesServer(LoopbackService):
    """Every list of songs begins with an album."""

    albums: dict[tuple[str, str], list[Song]] = field(default_factory=dict)
    """By country and id: a store knows only what it sells."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/lookup", self._lookup), web.get("/search", self._search)]

    def too_fast(self) -> web.Response:
        return web.Response(status=403, text="")

    async def _lookup(self, request: web.Request) -> web.Response:
        ids = request.query.get("id", "").split(",")
        album = self.albums.get((request.query.get("country", "us"), ids[0]))
        if album is not None:
            return self._results(album[: int(request.query.get("limit", 50))], len(album))
        return self._results(song for song in self.songs if str(song.apple_id) in ids)

    async def _search(self, request: web.Request) -> web.Response:
        return self._results(self.holding(request.query["term"])[: int(request.query["limit"])])

    def _results(self, songs: Any, of_album: int | None = None) -> web.Response:
        rows = [_row(song) for song in songs]
        if rows:
            album = {
                "wrapperType": "collection",
                "collectionType": "Album",
                "artistName": rows[0]["artistName"],
                "collectionName": rows[0]["collectionName"],
                "trackCount": of_album or 10,
            }
            rows.insert(0, album)
        text = f"\n\n\n{json.dumps({'resultCount': len(rows), 'results': rows})}\n\n\n"
        return web.Response(text=text, content_type="text/javascript")


def _row(song: Song) -> dict[str, Any]:
    return {
        "wrapperType": "track",
        "kind": "song",
        "trackId": song.apple_id,
        "artistId": 9,
        "artistName": song.artist,
        "trackName": song.title,
        "collectionName": song.album,
        "previewUrl": f"https://audio-ssl.itunes.apple.com/{song.apple_id}.m4a",
        "trackViewUrl": f"https://music.apple.com/us/album/x/1?i={song.apple_id}",
        "releaseDate": f"{song.released_on}T12:00:00Z",
        "trackTimeMillis": song.duration_ms,
        "primaryGenreName": song.genres[0].title() if song.genres else None,
        "trackExplicitness": "notExplicit",
        "trackPrice": -1.0,
        "artworkUrl100": song.cover,
    }
