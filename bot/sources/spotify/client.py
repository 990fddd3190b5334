"""Asks Spotify's Web API through spotipy, which waits for the network: always in a thread."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import requests
import spotipy
from spotipy.exceptions import SpotifyException

from bot.errors import (
    AccessError,
    BadAnswerError,
    QuestionRefusedError,
    SourceError,
    SourceUnavailableError,
    TokenExpiredError,
)
from bot.sources.answers import Json
from bot.sources.host import Host, Pace, PassingError, Timing, retry_after
from bot.sources.http import PASSING
from bot.sources.spotify.parsing import (
    parse_account,
    parse_album,
    parse_album_list,
    parse_album_page,
    parse_artist,
    parse_list,
    parse_page,
    parse_play,
    parse_playlist,
    parse_playlist_head,
    parse_track,
)
from bot.sources.values import (
    Account,
    Page,
    Play,
    Playlist,
    Release,
    SourceArtist,
    SourceTrack,
    TrackList,
)

BASE: Final = "https://api.spotify.com/v1"
PACE: Final = Pace(calls=60, seconds=30)
"""The limit of the rolling window of 30 s is not published."""
SPANS: Final = ("short_term", "medium_term", "long_term")
PAGE: Final = 50
SEARCH_PAGE: Final = 10
ADDED_IN_A_CALL: Final = 100

DASHBOARD: Final = "https://developer.spotify.com/dashboard"

_TIMEOUT_S: Final = (10, 10)
"""To connect, and between two pieces of an answer."""
_LONGEST_CALL_S: Final = 30.0
_QUOTA_REST: Final = timedelta(hours=1)

_NO_JSON: Final = BadAnswerError("Spotify sent something that is not JSON.")

_Ask = Callable[[spotipy.Spotify], Json]

# Every failure is raised to us; its own log would repeat it, and at DEBUG hold the token.
logging.getLogger("spotipy").setLevel(logging.CRITICAL)


class Spotify:
    """Client for the part of the Spotify Web API that a new app may use.

    The rate limit belongs to the app, so one client serves all users; each question carries the
    token of the user (or of the app) it is asked for. Retries, rests and the circuit breaker are
    those of `Host`: spotipy makes one try, follows no redirect and gives up by itself when the
    network is silent for 10 s.
    """

    name = "spotify"

    def __init__(self, timing: Timing, base: str = BASE, pace: Pace = PACE) -> None:
        self._host = Host("Spotify", pace, timing)
        self._timing = timing
        self._base = f"{base.rstrip('/')}/"

    async def account(self, token: str) -> Account:
        """Return whose token it is.

        Raises:
            TokenExpiredError: the token is too old or was revoked; so for every other question.
        """
        return parse_account(await self._ask(token, lambda client: client.me()))

    async def track(self, token: str, track_id: str) -> SourceTrack | None:
        """Return a recording by Spotify's id."""
        answer = await self._ask(token, lambda client: client.track(track_id))
        return None if answer is None else parse_track(answer)

    async def albums_of(self, token: str, artist_id: str) -> list[Release]:
        """Return the ten latest albums and singles of an artist."""
        answer = await self._ask(
            token,
            lambda client: client.artist_albums(
                artist_id, include_groups="album,single", limit=SEARCH_PAGE
            ),
        )
        return [] if answer is None else parse_list(answer, parse_album)

    async def top_tracks(
        self, token: str, *, span: str = "medium_term", offset: int = 0
    ) -> list[SourceTrack]:
        """Return up to 50 of the user's most played tracks, without counts; see `SPANS`."""
        answer = await self._ask(
            token, lambda client: client.current_user_top_tracks(PAGE, offset, span)
        )
        return parse_list(answer, parse_track)

    async def top_artists(
        self, token: str, *, span: str = "medium_term", offset: int = 0
    ) -> list[SourceArtist]:
        """Return up to 50 of the user's most played artists, without counts; see `SPANS`."""
        answer = await self._ask(
            token, lambda client: client.current_user_top_artists(PAGE, offset, span)
        )
        return parse_list(answer, parse_artist)

    async def recent_plays(self, token: str, *, after: datetime | None = None) -> list[Play]:
        """Return the user's last plays, newest first: at most 50; Spotify tells no earlier ones."""
        since = None if after is None else int(after.timestamp() * 1000)
        answer = await self._ask(
            token, lambda client: client.current_user_recently_played(PAGE, after=since)
        )
        return parse_list(answer, parse_play)

    async def saved_tracks(self, token: str, *, offset: int = 0) -> Page:
        """Return a page of the user's saved tracks, the last saved first."""
        answer = await self._ask(
            token, lambda client: client.current_user_saved_tracks(PAGE, offset)
        )
        return parse_page(answer, offset)

    async def playlists(self, token: str, *, offset: int = 0) -> list[Playlist]:
        """Return up to 50 of the user's playlists."""
        answer = await self._ask(token, lambda client: client.current_user_playlists(PAGE, offset))
        return parse_list(answer, parse_playlist)

    async def playlist(self, token: str, playlist_id: str, *, offset: int = 0) -> Page | None:
        """Return a page of a playlist that the user owns or shares; None for any other."""
        answer = await self._ask(
            token,
            lambda client: client.playlist_items(
                playlist_id, limit=PAGE, offset=offset, additional_types=("track",)
            ),
        )
        return None if answer is None else parse_page(answer, offset)

    async def playlist_head(self, token: str, playlist_id: str) -> TrackList | None:
        """Return title and owner of a playlist; `playlist` returns its tracks."""
        answer = await self._ask(token, lambda client: client.playlist(playlist_id))
        return None if answer is None else parse_playlist_head(answer)

    async def album(self, token: str, album_id: str) -> TrackList | None:
        """Return an album with its first 50 tracks; they have no ISRCs."""
        answer = await self._ask(token, lambda client: client.album(album_id))
        return None if answer is None else parse_album_list(answer)

    async def album_tracks(self, token: str, album_id: str, *, offset: int) -> Page | None:
        """Return a further page of an album."""
        answer = await self._ask(token, lambda client: client.album_tracks(album_id, PAGE, offset))
        return None if answer is None else parse_album_page(answer, offset)

    async def create_playlist(self, token: str, name: str, *, description: str = "") -> Playlist:
        """Make a private playlist."""
        answer = await self._ask(
            token,
            lambda client: client.current_user_playlist_create(
                name, public=False, description=description
            ),
            idempotent=False,
        )
        made = parse_playlist(answer) if isinstance(answer, dict) else None
        if made is None:
            raise BadAnswerError("Spotify: there is no playlist in the answer.")
        return made

    async def add_to_playlist(self, token: str, playlist_id: str, track_ids: Sequence[str]) -> None:
        """Add recordings at the end, in order; at most `ADDED_IN_A_CALL`."""
        await self._ask(
            token,
            lambda client: client.playlist_add_items(playlist_id, track_ids),
            idempotent=False,
        )

    async def _ask(self, token: str, ask: _Ask, *, idempotent: bool = True) -> Json:
        """Ask in a thread; None for a 404.

        The wait for the thread is bounded. The thread itself ends when the network is silent for
        as long as `_TIMEOUT_S` says.
        """

        async def attempt() -> Json:
            try:
                async with asyncio.timeout(_LONGEST_CALL_S):
                    answer = await asyncio.to_thread(self._in_thread, token, ask)
            except SpotifyException as error:
                if error.http_status == 404:
                    return None
                raise self._translated(error) from error
            except (requests.RequestException, TimeoutError) as error:
                raise PassingError(
                    SourceUnavailableError(
                        "Spotify cannot be reached right now. Try again in a few minutes."
                    )
                ) from error
            except AttributeError as error:  # spotipy expects an error to be an object
                raise PassingError(_NO_JSON) from error
            if answer is None:  # so it returns what is not JSON
                raise PassingError(_NO_JSON)
            return answer

        return await self._host.call(attempt, idempotent=idempotent)

    def _in_thread(self, token: str, ask: _Ask) -> Json:
        with requests.Session() as session:
            session.trust_env = False  # a .netrc would replace the token
            session.max_redirects = 0
            client = spotipy.Spotify(
                auth=token, requests_session=session, requests_timeout=_TIMEOUT_S
            )
            client.prefix = self._base
            return ask(client)

    def _translated(self, error: Any) -> SourceError | PassingError:
        status, headers = error.http_status, error.headers
        if error.reason == "QUOTA_EXCEEDED" or status in PASSING:
            wait = retry_after(headers.get("Retry-After"), now=self._timing.clock.now())
            if wait is None and error.reason == "QUOTA_EXCEEDED":
                wait = _QUOTA_REST
            return PassingError(self._host.unavailable(), wait)
        if status == 401:
            return TokenExpiredError("Spotify no longer takes this token.")
        if status == 403:
            return AccessError(_forbidden(str(error.msg).lower()))
        return QuestionRefusedError(f"Spotify does not take this question ({status}).")


def _forbidden(message: str) -> str:
    """Return the error for what Spotify says with a 403."""
    if "premium" in message:
        return (
            "Spotify answers this bot's app only while its owner has Premium. Ask whoever runs "
            "the bot to renew it."
        )
    if "scope" in message:
        return "Spotify wants you to agree to more. Use `/link spotify` again."
    return (
        "Spotify does not let you in yet: an app like this bot's has five seats. Whoever runs the "
        f"bot enters your name and e-mail address at {DASHBOARD} → the app → User Management, if "
        "a seat is free; then try again."
    )
