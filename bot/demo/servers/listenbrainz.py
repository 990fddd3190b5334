"""ListenBrainz: listens by time, what everybody plays, new releases."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song


@dataclass
class ListenBrainzServer(LoopbackService):
    """Says in every answer how much of the rate window is left."""

    listens: dict[str, list[tuple[Song, datetime]]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    """User by token; take one out to revoke it."""
    playlists: dict[str, list[Song]] = field(default_factory=dict)
    """The public ones, by MBID."""
    prefix = "/1"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/1/user/{user}/listen-count", self._listen_count),
            web.get("/1/user/{user}/listens", self._listens),
            web.get("/1/validate-token", self._validate),
            web.post("/1/popularity/recording", self._popularity),
            web.get("/1/metadata/recording/", self._recordings),
            web.get("/1/playlist/{mbid}", self._playlist),
            web.get("/1/explore/fresh-releases/", self._releases),
        ]

    def too_fast(self) -> web.Response:
        body = {"code": 429, "error": "You have exceeded your rate limit."}
        return web.json_response(body, status=429, headers=self._window_headers())

    def _window_headers(self) -> dict[str, str]:
        if self.window is None:
            return {}
        return {
            "X-RateLimit-Limit": str(self.window.calls),
            "X-RateLimit-Remaining": str(max(self.window.calls - self.window.used, 0)),
            "X-RateLimit-Reset-In": str(self.window.seconds_left),
        }

    def _answer(self, body: Any) -> web.Response:
        return web.json_response(body, headers=self._window_headers())

    def _error(self, code: int, message: str) -> web.Response:
        return web.json_response({"code": code, "error": message}, status=code)

    def _owner(self, request: web.Request) -> str | None:
        token = request.headers.get("Authorization", "").removeprefix("Token ")
        return self.tokens.get(token)

    async def _listen_count(self, request: web.Request) -> web.Response:
        user = request.match_info["user"]
        if user not in self.listens:
            return self._error(404, f"Cannot find user: {user}")
        return self._answer({"payload": {"count": len(self.listens[user])}})

    async def _listens(self, request: web.Request) -> web.Response:
        user = request.match_info["user"]
        if user not in self.listens:
            return self._error(404, f"Cannot find user: {user}")
        asked = request.query
        first, last = int(asked.get("min_ts", 0)), int(asked.get("max_ts", 2**40))
        size = min(int(asked.get("count", 25)), 1000)
        ordered = sorted(self.listens[user], key=lambda play: play[1])
        inside = [play for play in ordered if first < play[1].timestamp() < last]
        page = inside[:size] if "min_ts" in asked else inside[-size:]
        rows = [_listen(song, at) for song, at in reversed(page)]
        return self._answer({"payload": {"count": len(rows), "user_id": user, "listens": rows}})

    async def _validate(self, request: web.Request) -> web.Response:
        owner = self._owner(request)
        if owner is None:
            return self._answer({"code": 200, "message": "Token invalid.", "valid": False})
        return self._answer({"code": 200, "valid": True, "user_name": owner})

    async def _playlist(self, request: web.Request) -> web.Response:
        mbid = request.match_info["mbid"]
        if mbid not in self.playlists:
            return self._error(404, f"Cannot find playlist: {mbid}")
        tracks = [_listed(song) for song in self.playlists[mbid]]
        whole = {
            "identifier": f"https://listenbrainz.org/playlist/{mbid}",
            "title": "Night Songs",
            "creator": "ann",
            "date": "2026-01-01T00:00:00+00:00",
            "extension": {"https://musicbrainz.org/doc/jspf#playlist": {"public": True}},
            "track": tracks,
        }
        return self._answer({"playlist": whole})

    async def _popularity(self, request: web.Request) -> web.Response:
        asked = json.loads(await request.text())["recording_mbids"]
        if len(asked) > 1000:
            return self._error(400, "too many recording_mbids")
        known = {song.mbid: song for song in self.songs}
        rows = [_popularity(mbid, known.get(mbid)) for mbid in asked]
        return self._answer(rows)

    async def _recordings(self, request: web.Request) -> web.Response:
        known = {song.mbid: song for song in self.songs}
        asked = request.query["recording_mbids"].split(",")
        return self._answer({mbid: _metadata(known[mbid]) for mbid in asked if mbid in known})

    async def _releases(self, request: web.Request) -> web.Response:
        if not 1 <= int(request.query["days"]) <= 90:
            return self._error(400, "days must be between 1 and 90.")
        ordered = sorted(self.songs, key=lambda song: song.released_on)
        rows = [_release(song) for song in ordered]
        return self._answer({"payload": {"releases": rows, "total_count": len(rows)}})


def _listen(song: Song, at: datetime) -> dict[str, Any]:
    artists = [
        {"artist_credit_name": song.artist, "artist_mbid": song.artist_mbid, "join_phrase": ""}
    ]
    mapping = {"recording_mbid": song.mbid, "artists": artists} if song.mbid else None
    spotify = f"https://open.spotify.com/track/{song.spotify_id}" if song.spotify_id else None
    told = {"duration_ms": song.duration_ms, "isrc": song.isrc, "spotify_id": spotify}
    return {
        "listened_at": int(at.timestamp()),
        "inserted_at": int(at.timestamp()) + 3,
        "recording_msid": "m",
        "track_metadata": {
            "artist_name": song.artist,
            "track_name": song.title,
            "release_name": song.album,
            "additional_info": {name: value for name, value in told.items() if value},
            "mbid_mapping": mapping,
        },
    }


def _listed(song: Song) -> dict[str, Any]:
    artist = {
        "artist_credit_name": song.artist, "artist_mbid": song.artist_mbid, "join_phrase": "",
    }  # fmt: skip
    return {
        "identifier": [f"https://musicbrainz.org/recording/{song.mbid}"],
        "title": song.title,
        "creator": song.artist,
        "album": song.album,
        "duration": song.duration_ms,
        "extension": {
            "https://musicbrainz.org/doc/jspf#track": {
                "added_by": "ann",
                "artist_identifiers": [f"https://musicbrainz.org/artist/{song.artist_mbid}"],
                "additional_metadata": {"artists": [artist], "caa_id": 1},
            }
        },
    }


def _popularity(mbid: str, song: Song | None) -> dict[str, Any]:
    return {
        "recording_mbid": mbid,
        "total_listen_count": None if song is None else song.listens,
        "total_user_count": None if song is None else song.listeners,
    }


def _metadata(song: Song) -> dict[str, Any]:
    member = {"name": song.artist, "artist_mbid": song.artist_mbid, "join_phrase": ""}
    tags = [{"tag": name, "count": place} for place, name in enumerate(reversed(song.genres))]
    return {
        "recording": {"name": song.title, "length": song.duration_ms, "rels": []},
        "artist": {"name": song.artist, "artists": [member]},
        "release": {"name": song.album, "year": int(song.released_on[:4])},
        "tag": {"recording": tags, "artist": []},
    }


def _release(song: Song) -> dict[str, Any]:
    return {
        "artist_credit_name": song.artist,
        "artist_mbids": [song.artist_mbid],
        "caa_id": 1,
        "listen_count": 0,
        "release_date": song.released_on,
        "release_group_mbid": song.mbid,
        "release_group_primary_type": "Album",
        "release_mbid": song.mbid,
        "release_name": song.album,
        "release_tags": list(song.genres),
    }
