"""Audius: independent artists, their plays, tempo and key; without a key."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from bot.core.models import AudioFeatures, ReleasedBy
from bot.errors import BadAnswerError
from bot.sources import reading
from bot.sources.answers import A_DAY, A_WEEK, Json, Keep
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.service import Params, Service
from bot.sources.values import Page, SourceTrack, TrackList

BASE: Final = "https://api.audius.co/v1"
PACE: Final = Pace(calls=10, seconds=5)
"""The limit is not published."""
APP_NAME: Final = "B-Side"

_KEPT: Final = (
    "id", "title", "genre", "duration", "play_count", "permalink", "isrc", "bpm", "musical_key",
    "release_date", "is_delete", "is_unlisted", "artwork", "ddex_app",
)  # fmt: skip
_PITCHES: Final[Mapping[str, int]] = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_STEPS: Final[Mapping[str, int]] = {"#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1}
_KEY: Final = re.compile(
    r"([a-g])\s*(#|♯|sharp|b|♭|flat)?\s*(major|maj|minor|min|m)?", re.IGNORECASE
)


class Audius:
    """Client for the parts of the Audius API the bot uses."""

    name = "audius"

    def __init__(self, http: Http, base: str = BASE, pace: Pace = PACE) -> None:
        self._service = Service(http, "Audius", base, pace)

    async def search_text(self, text: str, *, limit: int = 10) -> list[SourceTrack]:
        """Return recordings for words that somebody typed, the likeliest first."""
        return await self._list("/tracks/search", {"query": text, "limit": limit}, A_WEEK)

    async def underground(self, *, limit: int = 100, offset: int = 0) -> list[SourceTrack]:
        """Return tracks by artists with few followers that are played more and more."""
        path = "/tracks/trending/underground"
        return await self._list(path, {"limit": limit, "offset": offset}, A_DAY)

    async def track(self, audius_id: str) -> SourceTrack | None:
        """Return a recording by Audius' id."""
        return await self._one(f"/tracks/{quote(audius_id, safe='')}", {})

    async def resolve(self, url: str) -> SourceTrack | None:
        """Return the recording that a link to Audius leads to; None when it leads to none."""
        return await self._one("/resolve", {"url": url})

    async def playlist(self, url: str) -> TrackList | None:
        """Return the playlist or album that a link to Audius leads to; None when it is hidden."""
        params: Params = {"url": url, "app_name": APP_NAME}
        answer = await self._service.get("/resolve", params)
        found = reading.parts(reading.part(answer).get("data"))
        list_id = reading.text(found[0].get("id")) if found else None
        if list_id is None or found[0].get("is_private") is True:
            return None
        path = f"/playlists/{quote(list_id, safe='')}/tracks"
        rows = reading.parts(
            reading.part(await self._service.get(path, {"app_name": APP_NAME})).get("data")
        )
        return parse_playlist(found[0], rows)

    async def _list(self, path: str, params: Params, keep: Keep) -> list[SourceTrack]:
        params = {**params, "app_name": APP_NAME}
        answer = await self._service.get(path, params, keep=keep, trim=kept_list)
        return [] if answer is None else parse_tracks(answer)

    async def _one(self, path: str, params: Params) -> SourceTrack | None:
        params = {**params, "app_name": APP_NAME}
        answer = await self._service.get(path, params, keep=A_WEEK, trim=kept_track)
        return parse_track(reading.part(reading.part(answer).get("data")))


def kept_list(answer: Json) -> Json:
    """Return a list of recordings with what is read of them."""
    return {"data": [_kept(row) for row in reading.rows(answer, "data", of="Audius")]}


def kept_track(answer: Json) -> Json:
    """Return an answer about one recording with what is read of it."""
    found = reading.parts(reading.part(answer).get("data"))  # resolve may give a list of one
    if not found:
        raise BadAnswerError("Audius: there is no data in the answer.")
    return {"data": _kept(found[0])}


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    user = reading.part(row.get("user"))
    own: dict[str, Any] = {name: row[name] for name in _KEPT if name in row}
    return {**own, "user": {name: user.get(name) for name in ("id", "name")}}


def parse_tracks(answer: Json) -> list[SourceTrack]:
    """Read a list of recordings."""
    return reading.each(reading.rows(answer, "data", of="Audius tracks"), parse_track)


def parse_track(row: dict[str, Any]) -> SourceTrack | None:
    """Read one recording; None for a hidden one, and for what has no title or artist."""
    user = reading.part(row.get("user"))
    title, artist = reading.text(row.get("title")), reading.text(user.get("name"))
    hidden = row.get("is_delete") is True or row.get("is_unlisted") is True
    if title is None or artist is None or hidden:
        return None
    path = (reading.text(row.get("permalink")) or "").strip("/")
    genre = reading.text(row.get("genre"))
    key, mode = parse_key(reading.text(row.get("musical_key")))
    tempo = reading.number(row.get("bpm"), 0, 400) or None
    return SourceTrack(
        title=title,
        artist=artist,
        ids=reading.ids(
            audius=path.lower() if path.count("/") == 1 else None,
            audius_id=reading.text(row.get("id")),
            isrc=reading.isrc(row.get("isrc")),
        ),
        artist_ids=reading.ids(audius_id=reading.text(user.get("id"))),
        year=reading.year(row.get("release_date")),
        duration_ms=reading.duration_ms(row.get("duration"), unit_ms=1000),
        genres=(genre.lower(),) if genre else (),
        features=AudioFeatures(tempo=tempo, key=key, mode=mode),
        popularity=reading.popularity(Audius.name, reading.count(row.get("play_count"))),
        url=f"https://audius.co/{path}" if path else None,
        released_on=reading.day(row.get("release_date")),
        cover=reading.text(reading.part(row.get("artwork")).get("480x480")),
        released_by=_uploaded(row),
    )


def _uploaded(row: dict[str, Any]) -> ReleasedBy | None:
    """Tell whether the artist uploaded a recording; else a distributor sent it, for whomever.

    Nobody knows of an answer that does not say so at all.
    """
    own = "ddex_app" in row and not row["ddex_app"]
    return ReleasedBy(Audius.name, independent=True) if own else None


def parse_playlist(row: dict[str, Any], tracks: list[dict[str, Any]]) -> TrackList:
    """Read a playlist or an album, and its tracks; those that are hidden only count."""
    return TrackList(
        title=reading.text(row.get("playlist_name")),
        owner=reading.text(reading.part(row.get("user")).get("name")),
        page=Page(tuple(reading.each(tracks, parse_track)), len(tracks), None),
    )


def parse_key(text: str | None) -> tuple[int | None, int | None]:
    """Read "B flat minor" as pitch class and mode (1 major, 0 minor); what it does not say is None.

    A bare "B" is B major to some and just B to others: its mode is unknown.
    """
    found = _KEY.fullmatch((text or "").strip())
    if found is None:
        return None, None
    pitch = (_PITCHES[found[1].lower()] + _STEPS.get((found[2] or "").lower(), 0)) % 12
    mode = None if found[3] is None else int(found[3].lower().startswith("maj"))
    return pitch, mode
