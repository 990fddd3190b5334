"""Last.fm: tags, listeners, what is similar, and what a user plays; with a free key."""

from datetime import datetime
from typing import Any, Final

from bot.errors import BadAnswerError
from bot.sources import reading
from bot.sources.answers import A_WEEK, Json, Keep
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.service import Params, Service, Trouble
from bot.sources.values import Play, PlayCount, PlayPage, SimilarTrack, SourceArtist, SourceTrack

BASE: Final = "https://ws.audioscrobbler.com/2.0"
PACE: Final = Pace(calls=5, seconds=1.1)
PAGE: Final = 200
PERIODS: Final = ("7day", "1month", "3month", "6month", "12month", "overall")

_UNREAD: Final = frozenset({"image", "streamable", "wiki"})
_CODES: Final = {
    6: Trouble.MISSING,  # no such track, artist or user
    7: Trouble.MISSING,
    8: Trouble.BUSY,
    11: Trouble.BUSY,
    16: Trouble.BUSY,
    29: Trouble.BUSY,  # too fast
    4: Trouble.DENIED,
    9: Trouble.DENIED,
    10: Trouble.DENIED,  # the key
    14: Trouble.DENIED,
    17: Trouble.DENIED,  # a private listener
    26: Trouble.DENIED,
}


class LastFm:
    """Client for the parts of the Last.fm API the bot uses. A user is named, never logged in."""

    name = "lastfm"

    def __init__(self, http: Http, key: str, base: str = BASE, pace: Pace = PACE) -> None:
        secret = {"api_key": key, "format": "json"}
        self._service = Service(http, "Last.fm", base, pace, secret=secret, complaint=complaint)

    async def track(self, title: str, artist: str) -> SourceTrack | None:
        """Return a recording with its tags as genres and its listeners as popularity."""
        params: Params = {"track": title, "artist": artist, "autocorrect": 1}
        answer = await self._get("track.getInfo", params, keep=A_WEEK)
        return None if answer is None else parse_track(answer)

    async def similar_tracks(
        self, title: str, artist: str, *, limit: int = 50
    ) -> list[SimilarTrack]:
        """Return what listeners of a recording also play, the most similar first."""
        params: Params = {"track": title, "artist": artist, "autocorrect": 1, "limit": limit}
        return parse_similar_tracks(await self._get("track.getSimilar", params, keep=A_WEEK))

    async def similar_artists(self, artist: str, *, limit: int = 50) -> list[SourceArtist]:
        """Return the artists that listeners of an artist also play, the most similar first."""
        params: Params = {"artist": artist, "autocorrect": 1, "limit": limit}
        return parse_similar_artists(await self._get("artist.getSimilar", params, keep=A_WEEK))

    async def user(self, name: str) -> str | None:
        """Return how a user writes their name; None when there is no such user."""
        answer = await self._get("user.getInfo", {"user": name})
        return reading.text(reading.part(reading.part(answer).get("user")).get("name"))

    async def top_tracks(
        self, user: str, *, period: str = "overall", limit: int = PAGE
    ) -> list[PlayCount] | None:
        """Return what a user played most, the most played first; None when there is no such user.

        Args:
            period: one of `PERIODS`, until now.
            limit: at most 1000.
        """
        params: Params = {"user": user, "period": period, "limit": limit}
        answer = await self._get("user.getTopTracks", params)
        return None if answer is None else parse_top_tracks(answer)

    async def plays(
        self,
        user: str,
        *,
        after: datetime | None = None,
        before: datetime | None = None,
        page: int = 1,
    ) -> PlayPage | None:
        """Return what a user played, the newest first; None when there is no such user.

        New plays move the rest to later pages: give `before` to read on without a gap.

        Args:
            after: only plays from then on.
            before: only plays until then.
            page: of 200 plays, from 1.
        """
        params: dict[str, str | int] = {"user": user, "limit": PAGE, "page": page}
        if after is not None:
            params["from"] = int(after.timestamp())
        if before is not None:
            params["to"] = int(before.timestamp())
        answer = await self._get("user.getRecentTracks", params)
        return None if answer is None else parse_plays(answer)

    async def _get(self, method: str, params: Params, *, keep: Keep | None = None) -> Json | None:
        return await self._service.get("/", {"method": method, **params}, keep=keep, trim=kept)


def kept(answer: Json) -> Json:
    """Return an answer without the long texts and pictures that we do not use."""
    if isinstance(answer, dict):
        return {name: kept(value) for name, value in answer.items() if name not in _UNREAD}
    return [kept(one) for one in answer] if isinstance(answer, list) else answer


def complaint(_status: int, answer: Json | None) -> Trouble | None:
    """Read the error that can come with any status code, also with HTTP 200."""
    code = reading.whole(reading.part(answer).get("error"), 1, 1000)
    return None if code is None else _CODES.get(code, Trouble.REFUSED)


def parse_track(answer: Json) -> SourceTrack | None:
    """Read the facts of one recording; None for one without title or artist."""
    row = reading.part(answer).get("track")
    if not isinstance(row, dict):
        raise BadAnswerError("Last.fm track: there is no track in the answer.")
    title, artist = reading.text(row.get("name")), _artist(row)
    if title is None or artist is None:
        return None
    tags = [reading.text(tag.get("name")) for tag in reading.parts(_under(row, "toptags", "tag"))]
    return SourceTrack(
        title=title,
        artist=artist,
        ids=reading.ids(mbid=reading.mbid(row.get("mbid"))),
        artist_ids=reading.ids(mbid=reading.mbid(_under(row, "artist", "mbid"))),
        album=reading.text(_under(row, "album", "title")),
        duration_ms=reading.duration_ms(row.get("duration")),
        genres=tuple(tag.lower() for tag in tags if tag),
        popularity=reading.popularity(LastFm.name, reading.count(row.get("listeners"))),
        url=reading.text(row.get("url")),
    )


def parse_similar_tracks(answer: Json | None) -> list[SimilarTrack]:
    """Read the tracks similar to one."""
    if answer is None:
        return []
    rows = reading.rows(answer, "similartracks", "track", of="Last.fm similar tracks")
    return reading.each(rows, _similar_track)


def _similar_track(row: dict[str, Any]) -> SimilarTrack | None:
    track, match = _listed(row), reading.number(row.get("match"), 0, 1)
    return None if track is None or match is None else SimilarTrack(track, match)


def parse_similar_artists(answer: Json | None) -> list[SourceArtist]:
    """Read the artists similar to one."""
    if answer is None:
        return []
    rows = reading.rows(answer, "similarartists", "artist", of="Last.fm similar artists")
    return reading.each(rows, _similar_artist)


def _similar_artist(row: dict[str, Any]) -> SourceArtist | None:
    name, match = reading.text(row.get("name")), reading.number(row.get("match"), 0, 1)
    ids = reading.ids(mbid=reading.mbid(row.get("mbid")))
    return None if name is None or match is None else SourceArtist(name, ids, similarity=match)


def parse_top_tracks(answer: Json) -> list[PlayCount]:
    """Read what somebody played most."""
    rows = reading.rows(answer, "toptracks", "track", of="Last.fm top tracks")
    return reading.each(rows, _play_count)


def _play_count(row: dict[str, Any]) -> PlayCount | None:
    track = _listed(row)
    return None if track is None else PlayCount(track, reading.count(row.get("playcount")))


def parse_plays(answer: Json) -> PlayPage:
    """Read a page of plays; what is playing now has no time yet and is left out."""
    rows = reading.rows(answer, "recenttracks", "track", of="Last.fm recent tracks")
    pages = reading.whole(_under(answer, "recenttracks", "@attr", "totalPages"), 0, 10**9)
    if pages is None:
        raise BadAnswerError("Last.fm recent tracks: the number of pages is missing.")
    return PlayPage(tuple(reading.each(rows, _play)), pages)


def _play(row: dict[str, Any]) -> Play | None:
    track, at = _listed(row), reading.moment(_under(row, "date", "uts"))
    return None if track is None or at is None else Play(track, at)


def _listed(row: dict[str, Any]) -> SourceTrack | None:
    """Read a recording in a list, which gives little more than its name."""
    title, artist = reading.text(row.get("name")), _artist(row)
    if title is None or artist is None:
        return None
    return SourceTrack(
        title=title,
        artist=artist,
        ids=reading.ids(mbid=reading.mbid(row.get("mbid"))),
        artist_ids=reading.ids(mbid=reading.mbid(_under(row, "artist", "mbid"))),
        album=reading.text(_under(row, "album", "#text")),
    )


def _artist(row: dict[str, Any]) -> str | None:
    """Return the name of the artist, which stands under "#text" in the recent tracks."""
    artist = reading.part(row.get("artist"))
    return reading.text(artist.get("name")) or reading.text(artist.get("#text"))


def _under(row: Json, *names: str) -> Json:
    for name in names:
        row = reading.part(row).get(name)
    return row
