"""Asks ListenBrainz."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from bot.errors import BadAnswerError
from bot.sources import reading
from bot.sources.answers import A_DAY, A_MONTH, A_WEEK, Found
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.listenbrainz.parsing import (
    is_told,
    kept_releases,
    parse_listens,
    parse_playlist,
    parse_plays,
    parse_recording,
    parse_releases,
)
from bot.sources.service import Params, Service
from bot.sources.values import Play, Plays, Release, SourceTrack, TrackList

BASE: Final = "https://api.listenbrainz.org/1"
PACE: Final = Pace(calls=30, seconds=10)
PAGE: Final = 1000
POPULARITY_IN_A_CALL: Final = 1000
RECORDINGS_IN_A_CALL: Final = 50
"""The ids are part of the address, which must not get too long."""
LONGEST_DAYS: Final = 90
_LONGEST_ANSWER: Final = 48 << 20
"""Bytes: ninety days of new releases are tens of thousands."""


class ListenBrainz:
    """Client for the parts of the ListenBrainz API the bot uses."""

    name = "listenbrainz"

    def __init__(
        self, http: Http, base: str = BASE, pace: Pace = PACE, *, token: str | None = None
    ) -> None:
        """Reach the API; `token` is of an account of the operator: some questions want one."""
        self._service = Service(http, "ListenBrainz", base, pace, max_body=_LONGEST_ANSWER)
        self._own = _with(token) if token else None

    async def user_exists(self, user: str) -> bool:
        """Return whether there is a user of that name."""
        return await self._service.get(f"/user/{quote(user, safe='')}/listen-count") is not None

    async def token_owner(self, token: str) -> str | None:
        """Return the name of the user a token belongs to; None when it is not valid."""
        answer = reading.part(await self._service.get("/validate-token", headers=_with(token)))
        return reading.text(answer.get("user_name")) if answer.get("valid") is True else None

    async def listens(
        self,
        user: str,
        *,
        after: datetime | None = None,
        before: datetime | None = None,
        limit: int = PAGE,
    ) -> list[Play] | None:
        """Return what a user played, newest first; None when there is no such user.

        Args:
            after: only plays later than that; the earliest of these are returned.
            before: only plays earlier than that. At most one of the two.
            limit: at most 1000; if fewer come back, there are no more.
        """
        params: dict[str, str | int] = {"count": limit}
        if after is not None:
            params["min_ts"] = int(after.timestamp())
        if before is not None:
            params["max_ts"] = int(before.timestamp())
        answer = await self._service.get(f"/user/{quote(user, safe='')}/listens", params)
        return None if answer is None else parse_listens(answer)

    async def popularity(self, mbids: Sequence[str]) -> dict[str, Plays]:
        """Return how much everybody plays each recording; those nobody played are left out."""
        valid = [one for one in map(reading.mbid, mbids) if one]
        found = await self._service.get_each(
            "/popularity/recording",
            valid,
            self._ask_popularity,
            keep=A_WEEK,
            size=POPULARITY_IN_A_CALL,
        )
        return {mbid: parse_plays(row) for mbid, row in found.items() if row is not None}

    async def _ask_popularity(self, mbids: Sequence[str]) -> Found:
        body = {"recording_mbids": list(mbids)}
        answer = await self._service.post(
            "/popularity/recording", body, headers=self._own, idempotent=True
        )
        rows = reading.rows(answer, of="ListenBrainz popularity")
        return {str(row.get("recording_mbid")): row for row in rows if is_told(row)}

    async def recordings(self, mbids: Sequence[str]) -> dict[str, SourceTrack]:
        """Return names, artists and tags of recordings by their ids, many in one call."""
        valid = [one for one in map(reading.mbid, mbids) if one]
        found = await self._service.get_each(
            "/metadata/recording",
            valid,
            self._ask_recordings,
            keep=A_MONTH,
            size=RECORDINGS_IN_A_CALL,
        )
        tracks = {mbid: parse_recording(mbid, row) for mbid, row in found.items() if row}
        return {mbid: track for mbid, track in tracks.items() if track is not None}

    async def _ask_recordings(self, mbids: Sequence[str]) -> Found:
        params = {"recording_mbids": ",".join(mbids), "inc": "artist tag release"}
        answer = await self._service.get("/metadata/recording/", params)
        if not isinstance(answer, dict) or (answer and not answer.keys() & set(mbids)):
            raise BadAnswerError("ListenBrainz recordings: the answer is about something else.")
        return {mbid: row for mbid, row in answer.items() if isinstance(row, dict)}

    async def playlist(self, mbid: str) -> TrackList | None:
        """Return a public playlist with all its tracks; None when there is none or it is private.

        It holds names and ids, but no ISRCs.
        """
        if reading.mbid(mbid) is None:
            return None
        answer = await self._service.get(f"/playlist/{mbid}", {"fetch_metadata": "true"})
        return None if answer is None else parse_playlist(answer)

    async def fresh_releases(self, *, days: int) -> list[Release]:
        """Return what came out in the last days (at most 90), the oldest first."""
        params: Params = {"days": days, "sort": "release_date", "past": "true", "future": "false"}
        answer = await self._service.get(
            "/explore/fresh-releases/", params, keep=A_DAY, trim=kept_releases
        )
        return [] if answer is None else parse_releases(answer)


def _with(token: str) -> dict[str, str]:
    return {"Authorization": f"Token {token}"}
