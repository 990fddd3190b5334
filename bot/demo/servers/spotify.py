"""Spotify: the Web API as a new app gets it, and the accounts service that gives tokens.

A track has no popularity, an artist no genres, and every address of old that is gone answers 404.
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from inspect import isawaitable
from typing import Any, Final

from aiohttp import web
from yarl import URL

from bot.demo.servers.loopback import LoopbackService
from bot.demo.servers.songs import Song
from bot.sources.spotify.accounts import challenge_of

_ASKED: Final = frozenset({"client_id", "redirect_uri", "state", "scope", "code_challenge"})
_CONSENT: Final = """<!doctype html><meta charset="utf-8"><title>Not Spotify</title>
<body style="font: 1.1rem/1.6 sans-serif; max-width: 46rem; margin: 3rem auto">
<h1>This stands in for Spotify</h1>
<p>You are <b>{name}</b>, and you agree. On a bot at home, the browser would end at an address that
does not load, which is this one. Copy it, go back, and paste it into the form:</p>
<p><input readonly value="{address}" size="90" onfocus="this.select()" autofocus></p>
"""


@dataclass
class SpotifyUser:
    """Somebody with a library."""

    account_id: str
    plays: list[tuple[Song, datetime]] = field(default_factory=list)
    top: list[Song] = field(default_factory=list)
    saved: list[Song] = field(default_factory=list)
    playlists: dict[str, list[Song]] = field(default_factory=dict)
    allowed: bool = True
    """False: not among the five users of the app."""


@dataclass
class SpotifyServer(LoopbackService):
    """The Web API. A user is there under each of their access tokens."""

    tokens: dict[str, SpotifyUser] = field(default_factory=dict)
    albums: dict[str, list[Song]] = field(default_factory=dict)
    prefix = "/v1"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/me/", self._as_user(self._me)),
            web.get("/v1/me/top/{kind}", self._as_user(self._top)),
            web.get("/v1/me/player/recently-played", self._as_user(self._recent)),
            web.get("/v1/me/tracks", self._as_user(self._saved)),
            web.get("/v1/me/playlists", self._as_user(self._playlists)),
            web.post("/v1/me/playlists", self._as_user(self._create)),
            web.get("/v1/playlists/{id}", self._as_user(self._playlist_head)),
            web.get("/v1/playlists/{id}/items", self._as_user(self._items)),
            web.post("/v1/playlists/{id}/items", self._as_user(self._add)),
            web.get("/v1/tracks/{id}", self._as_user(self._track)),
            web.get("/v1/albums/{id}", self._as_user(self._album_head)),
            web.get("/v1/albums/{id}/tracks/", self._as_user(self._album_tracks)),
            web.get("/v1/artists/{id}/albums", self._as_user(self._albums)),
        ]

    def too_fast(self) -> web.Response:
        seconds = self.window.seconds_left if self.window else 0
        return error(429, "API rate limit exceeded", headers={"Retry-After": str(seconds)})

    def _as_user(
        self, answer: Callable[[SpotifyUser, web.Request], Any]
    ) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            user = self.tokens.get(token)
            if user is None:
                return error(401, "The access token expired")
            if not user.allowed:
                return error(403, "User not registered in the Developer Dashboard")
            found = answer(user, request)
            if isawaitable(found):
                found = await found
            return found if isinstance(found, web.Response) else web.json_response(found)

        return handle

    def _me(self, user: SpotifyUser, request: web.Request) -> Any:
        return {"id": "old", "account_id": user.account_id, "display_name": "Ann", "type": "user"}

    def _top(self, user: SpotifyUser, request: web.Request) -> Any:
        songs = _page(user.top, request)
        if request.match_info["kind"] == "tracks":
            return _paged(request, [_track(song) for song in songs], len(user.top))
        return _paged(request, [_artist(song) for song in songs], len(user.top))

    def _recent(self, user: SpotifyUser, request: web.Request) -> Any:
        after = int(request.query.get("after", 0))
        plays = [play for play in user.plays if play[1].timestamp() * 1000 > after]
        newest = sorted(plays, key=lambda play: play[1], reverse=True)[:50]
        rows = [
            {"track": _track(song), "played_at": at.isoformat().replace("+00:00", ".123Z")}
            for song, at in newest[: int(request.query["limit"])]
        ]
        return {"items": rows, "limit": 50, "next": None}

    def _saved(self, user: SpotifyUser, request: web.Request) -> Any:
        rows = [{"added_at": "…", "track": _track(song)} for song in _page(user.saved, request)]
        return _paged(request, rows, len(user.saved))

    def _playlists(self, user: SpotifyUser, request: web.Request) -> Any:
        rows = [_playlist(own, songs) for own, songs in user.playlists.items()]
        return _paged(request, rows, len(rows))

    def _playlist_head(self, user: SpotifyUser, request: web.Request) -> Any:
        """Return the head of a playlist, also if only its owner may see the items."""
        asked = request.match_info["id"]
        owners = [one for one in self.tokens.values() if asked in one.playlists]
        if not owners:
            return error(404, "Resource not found")
        owner = {"owner": {"id": owners[0].account_id, "display_name": "Ann"}}
        return {**_playlist(asked, owners[0].playlists[asked]), **owner}

    async def _create(self, user: SpotifyUser, request: web.Request) -> Any:
        own_id = f"playlist{len(user.playlists) + 1}"
        user.playlists[own_id] = []
        name = (await request.json())["name"]
        return web.json_response(_playlist(own_id, [], name), status=201)

    def _items(self, user: SpotifyUser, request: web.Request) -> Any:
        songs = user.playlists.get(request.match_info["id"])
        if songs is None:
            return error(404, "Resource not found")
        rows = [{"added_at": "…", "item": _track(song)} for song in _page(songs, request)]
        return _paged(request, rows, len(songs))

    async def _add(self, user: SpotifyUser, request: web.Request) -> Any:
        uris = await request.json()
        if len(uris) > 100:
            return error(400, "You can add a maximum of 100 tracks per request.")
        known = {f"spotify:track:{song.spotify_id}" for song in self.songs}
        if not known.issuperset(uris):
            return error(400, "Invalid track uri")
        user.playlists[request.match_info["id"]] += self._of_uris(uris)
        return web.json_response({"snapshot_id": "s"}, status=201)

    def _of_uris(self, uris: list[str]) -> list[Song]:
        known = {f"spotify:track:{song.spotify_id}": song for song in self.songs}
        return [known[uri] for uri in uris]

    def _track(self, user: SpotifyUser, request: web.Request) -> Any:
        asked = request.match_info["id"]
        song = next((song for song in self.songs if song.spotify_id == asked), None)
        return error(404, "Non existing id") if song is None else _track(song)

    def _album_head(self, user: SpotifyUser, request: web.Request) -> Any:
        songs = self.albums.get(request.match_info["id"])
        if songs is None:
            return error(404, "Non existing id")
        tracks = _paged(request, [_simple(song) for song in songs[:50]], len(songs))
        return {**_album(songs[0]), "total_tracks": len(songs), "tracks": tracks}

    def _album_tracks(self, user: SpotifyUser, request: web.Request) -> Any:
        songs = self.albums[request.match_info["id"]]
        return _paged(request, [_simple(song) for song in _page(songs, request)], len(songs))

    def _albums(self, user: SpotifyUser, request: web.Request) -> Any:
        if int(request.query.get("limit", 5)) > 10:
            return error(400, "Invalid limit")
        asked = request.match_info["id"]
        rows = [_album(song) for song in self.songs if _artist_id(song) == asked]
        return _paged(request, rows[:10], len(rows))


@dataclass
class SpotifyAccountsServer(LoopbackService):
    """Codes are good once, refresh tokens until they are used or revoked."""

    api: SpotifyServer = field(default_factory=SpotifyServer)
    client_id: str = "app"
    client_secret: str | None = None
    codes: dict[str, tuple[SpotifyUser, str, str]] = field(default_factory=dict)
    """By code: who agreed, the challenge, the redirect URI."""
    scopes: dict[str, str] = field(default_factory=dict)
    """By account: what they agreed to last."""
    refresh_tokens: dict[str, SpotifyUser] = field(default_factory=dict)
    visitor: SpotifyUser | None = None
    """Who sits at the browser, and agrees to everything; None: the page is not there."""
    given: int = 0
    refreshed: int = 0
    """How often fresh tokens were asked for."""

    def agree(self, page: str, user: SpotifyUser) -> str:
        """Agree as a user on the page that `authorize_url` names; return where that leads."""
        asked = URL(page).query
        code = f"code{len(self.codes) + self.given + 1}"
        self.codes[code] = (user, asked["code_challenge"], asked["redirect_uri"])
        self.scopes[user.account_id] = asked["scope"]
        return str(URL(asked["redirect_uri"]).with_query(code=code, state=asked["state"]))

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/api/token", self._token), web.get("/authorize", self._page)]

    async def _page(self, request: web.Request) -> web.Response:
        """Agree, and show where a browser would go now."""
        if self.visitor is None or not request.query.keys() >= _ASKED:
            return web.Response(status=404)
        address = escape(self.agree(str(request.url), self.visitor), quote=True)
        page = _CONSENT.format(name=escape(self.visitor.account_id), address=address)
        return web.Response(text=page, content_type="text/html")

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        if form.get("client_id") != self.client_id or not self._knows_secret(request):
            return _oauth_error("invalid_client")
        match form.get("grant_type"):
            case "client_credentials" if self.client_secret is not None:
                return self._give(SpotifyUser("app"), refresh=False)
            case "client_credentials":
                return _oauth_error("invalid_client")
            case "refresh_token":
                self.refreshed += 1
                user = self.refresh_tokens.pop(form["refresh_token"], None)
            case _:
                user = self._user_of(form)
        return _oauth_error("invalid_grant") if user is None else self._give(user)

    def _user_of(self, form: dict[str, str]) -> SpotifyUser | None:
        """Return who agreed to a code, when it is asked for by the one it was given to."""
        user, *agreed = self.codes.pop(form["code"], (None, "", ""))
        return (
            user if agreed == [challenge_of(form["code_verifier"]), form["redirect_uri"]] else None
        )

    def _knows_secret(self, request: web.Request) -> bool:
        header = request.headers.get("Authorization")
        pair = f"{self.client_id}:{self.client_secret}".encode()
        return header in (None, f"Basic {b64encode(pair).decode()}")

    def _give(self, user: SpotifyUser, *, refresh: bool = True) -> web.Response:
        self.given += 1
        token, fresh = f"access{self.given}", f"refresh{self.given}"
        self.api.tokens[token] = user
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": 3600}
        if refresh:
            self.refresh_tokens[fresh] = user
            scope = self.scopes.get(user.account_id, "user-top-read user-library-read")
            answer |= {"refresh_token": fresh, "scope": scope}
        return web.json_response(answer)


def error(
    code: int, message: str, *, reason: str | None = None, headers: dict[str, str] | None = None
) -> web.Response:
    """Return an error as the Web API writes it."""
    body: dict[str, Any] = {"status": code, "message": message}
    if reason is not None:
        body["reason"] = reason
    return web.json_response({"error": body}, status=code, headers=headers)


def _oauth_error(code: str) -> web.Response:
    return web.json_response({"error": code, "error_description": "…"}, status=400)


def _page(songs: list[Song], request: web.Request) -> list[Song]:
    start, size = int(request.query["offset"]), min(int(request.query["limit"]), 50)
    return songs[start : start + size]


def _paged(request: web.Request, rows: list[Any], total: int) -> dict[str, Any]:
    end = int(request.query.get("offset", 0)) + len(rows)
    link = f"https://api.spotify.com{request.path}?offset={end}" if end < total else None
    return {"items": rows, "total": total, "next": link}


def _artist_id(song: Song) -> str:
    return f"artist{song.artist}".replace(" ", "")


def _artist(song: Song) -> dict[str, Any]:
    return {
        "id": _artist_id(song),
        "name": song.artist,
        "type": "artist",
        "images": [],
        "external_urls": {"spotify": f"https://open.spotify.com/artist/{_artist_id(song)}"},
    }


def _album(song: Song) -> dict[str, Any]:
    return {
        "id": f"album{song.spotify_id}",
        "name": song.album,
        "album_type": "album",
        "release_date": song.released_on,
        "release_date_precision": "day",
        "artists": [_artist(song)],
        "external_urls": {"spotify": f"https://open.spotify.com/album/album{song.spotify_id}"},
    }


def _track(song: Song) -> dict[str, Any]:
    return {
        "id": song.spotify_id,
        "name": song.title,
        "type": "track",
        "is_local": False,
        "artists": [_artist(song)],
        "album": _album(song),
        "duration_ms": song.duration_ms,
        "explicit": False,
        "external_ids": {"isrc": song.isrc} if song.isrc else {},
        "external_urls": {"spotify": f"https://open.spotify.com/track/{song.spotify_id}"},
        "uri": f"spotify:track:{song.spotify_id}",
    }


def _simple(song: Song) -> dict[str, Any]:
    """Return a track as an album lists it: without the album, and without an ISRC."""
    return {
        name: value for name, value in _track(song).items() if name not in ("album", "external_ids")
    }


def _playlist(own_id: str, songs: list[Song], name: str = "Mine") -> dict[str, Any]:
    return {
        "id": own_id,
        "name": name,
        "items": {"total": len(songs)},
        "external_urls": {"spotify": f"https://open.spotify.com/playlist/{own_id}"},
    }
