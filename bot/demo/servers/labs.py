"""The labs of ListenBrainz: who and what is played together."""

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song
from bot.sources.listenbrainz import labs


@dataclass
class LabsServer(LoopbackService):
    """An algorithm that it does not know is answered with a web page."""

    related: dict[str, list[str]] = field(default_factory=dict)
    """Names of artists by that of another, the most similar first."""
    together: dict[str, list[Song]] = field(default_factory=dict)
    """Recordings by the MBID of another, the most similar first."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/similar-artists/json", self._artists),
            web.get("/similar-recordings/json", self._recordings),
        ]

    async def _artists(self, request: web.Request) -> web.Response:
        asked = request.query.get("artist_mbids", "")
        if request.query.get("algorithm") != labs.ARTISTS:
            return _no_such_algorithm()
        mbids = {song.artist: song.artist_mbid for song in self.songs if song.artist_mbid}
        name = next((name for name, mbid in mbids.items() if mbid == asked), "")
        known = [one for one in self.related.get(name, []) if one in mbids]
        rows = [
            {
                "artist_mbid": mbids[one], "name": one, "comment": "", "type": "Group",
                "gender": None, "score": 900 // (place + 1), "reference_mbid": asked,
            }
            for place, one in enumerate(known)
        ]  # fmt: skip
        return web.json_response(rows)

    async def _recordings(self, request: web.Request) -> web.Response:
        asked = request.query.get("recording_mbids", "")
        if request.query.get("algorithm") != labs.RECORDINGS:
            return _no_such_algorithm()
        songs = self.together.get(asked, [])
        rows = [_recording(song, place, asked) for place, song in enumerate(songs)]
        return web.json_response(rows)


def _recording(song: Song, place: int, asked: str) -> dict[str, Any]:
    return {
        "recording_mbid": song.mbid, "recording_name": song.title,
        "artist_credit_name": song.artist,
        "artist_credit_mbids": [song.artist_mbid], "release_name": song.album,
        "release_mbid": song.release_mbid, "caa_id": None, "caa_release_mbid": None,
        "score": 400 // (place + 1), "reference_mbid": asked,
    }  # fmt: skip


def _no_such_algorithm() -> web.Response:
    page = "<!doctype html><title>400 Bad Request</title>"
    return web.Response(status=400, text=page, content_type="text/html")
