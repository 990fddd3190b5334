"""Last.fm: numbers are texts, a list of one is that one, and errors may come with HTTP 200."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song


@dataclass
class LastFmUser:
    """Somebody who plays songs."""

    name: str
    plays: list[tuple[Song, datetime]] = field(default_factory=list)
    playing_now: Song | None = None
    private: bool = False


@dataclass
class LastFmServer(LoopbackService):
    """All methods at one address."""

    users: list[LastFmUser] = field(default_factory=list)
    key: str = "key"
    prefix = "/2.0"

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/2.0/", self._method)]

    def too_fast(self) -> web.Response:
        return self._error(29, "Rate Limit Exceeded", 200)

    async def _method(self, request: web.Request) -> web.Response:
        if request.query.get("api_key") != self.key:
            return self._error(10, "Invalid API key", 403)
        method = request.query["method"]
        return self._of_users(request) if method.startswith("user.") else self._of_music(request)

    def _of_music(self, request: web.Request) -> web.Response:
        asked = request.query
        known = [
            song
            for song in self.songs
            if song.artist.lower() == asked["artist"].lower()
            and song.title.lower() == asked.get("track", song.title).lower()
        ]
        if not known:
            return self._error(6, "Track not found", 200)
        others = [song for song in self.songs if song not in known][: int(asked.get("limit", 100))]
        if asked["method"] == "track.getInfo":
            return web.json_response({"track": _info(known[0])})
        if asked["method"] == "track.getSimilar":
            rows = [_similar(song, place) for place, song in enumerate(others)]
            return web.json_response({"similartracks": {"track": rows}})
        artists = {song.artist: song for song in others}.values()
        similar = [
            {"name": song.artist, "mbid": song.artist_mbid or "", "match": f"{1 / (place + 2):.3f}"}
            for place, song in enumerate(artists)
        ]
        return web.json_response({"similarartists": {"artist": similar}})

    def _of_users(self, request: web.Request) -> web.Response:
        asked = request.query
        user = next((u for u in self.users if u.name.lower() == asked["user"].lower()), None)
        if user is None:
            return self._error(6, "User not found", 404)
        if asked["method"] == "user.getInfo":
            return web.json_response({"user": {"name": user.name, "playcount": "1"}})
        if user.private:
            return self._error(17, "Login: User required to be logged in", 403)
        if asked["method"] == "user.getTopTracks":
            return web.json_response({"toptracks": {"track": _top(user, int(asked["limit"]))}})
        return web.json_response({"recenttracks": _recent(user, asked)})

    def _error(self, code: int, message: str, status: int) -> web.Response:
        return web.json_response({"error": code, "message": message}, status=status)


def _info(song: Song) -> dict[str, Any]:
    tags = [{"name": name, "url": "https://…"} for name in song.genres]
    return {
        "name": song.title,
        "mbid": song.mbid or "",
        "url": f"https://www.last.fm/music/{song.artist}/_/{song.title}",
        "duration": str(song.duration_ms),
        "listeners": str(song.listeners),
        "playcount": str(song.listens),
        "artist": {"name": song.artist, "mbid": song.artist_mbid or ""},
        "album": {"title": song.album, "image": [{"#text": "https://…", "size": "small"}]},
        "wiki": {"content": "A long story"},
        "toptags": {"tag": tags[0] if len(tags) == 1 else tags} if tags else "",
    }


def _similar(song: Song, place: int) -> dict[str, Any]:
    return {"name": song.title, "match": 1 / (place + 2), "artist": {"name": song.artist}}


def _top(user: LastFmUser, limit: int) -> list[dict[str, Any]]:
    songs = {song.title: song for song, _ in user.plays}
    titles = [song.title for song, _ in user.plays]
    ordered = sorted(songs, key=lambda title: -titles.count(title))[:limit]
    return [
        {
            "name": title,
            "playcount": str(titles.count(title)),
            "mbid": songs[title].mbid or "",
            "artist": {"name": songs[title].artist, "mbid": ""},
            "@attr": {"rank": str(place + 1)},
        }
        for place, title in enumerate(ordered)
    ]


def _recent(user: LastFmUser, asked: Any) -> dict[str, Any]:
    first, last = (int(asked.get(name, edge)) for name, edge in (("from", 0), ("to", 2**40)))
    plays = sorted(
        (play for play in user.plays if first <= play[1].timestamp() <= last),
        key=lambda play: play[1],
        reverse=True,
    )
    size, page = int(asked["limit"]), int(asked["page"])
    rows = [_played(song, at) for song, at in plays[(page - 1) * size : page * size]]
    if user.playing_now is not None:
        now = {**_played(user.playing_now, None), "@attr": {"nowplaying": "true"}}
        rows.insert(0, now)
    pages = -(-len(plays) // size)
    return {
        "track": rows[0] if len(rows) == 1 else rows,
        "@attr": {"user": user.name, "page": str(page), "totalPages": str(pages)},
    }


def _played(song: Song, at: datetime | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": song.title,
        "mbid": song.mbid or "",
        "artist": {"mbid": song.artist_mbid or "", "#text": song.artist},
        "album": {"mbid": "", "#text": song.album},
    }
    if at is not None:
        row["date"] = {"uts": str(int(at.timestamp())), "#text": at.strftime("%d %b %Y, %H:%M")}
    return row
