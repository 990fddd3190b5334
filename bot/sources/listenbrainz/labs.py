"""Asks the labs of ListenBrainz which artists and recordings are played together; without a key."""

from collections.abc import Sequence
from typing import Any, Final

from bot.sources import reading
from bot.sources.answers import A_MONTH, Json
from bot.sources.host import Pace
from bot.sources.http import Http
from bot.sources.service import Service
from bot.sources.values import SimilarTrack, SourceArtist, SourceTrack

BASE: Final = "https://labs.api.listenbrainz.org"
PACE: Final = Pace(calls=30, seconds=10)
ARTISTS: Final = (
    "session_based_days_7500_session_300_contribution_5_threshold_10_limit_100_filter_True_skip_30"
)
RECORDINGS: Final = (
    "session_based_days_7500_session_300_contribution_5_threshold_15_limit_50_skip_30"
)

_NAMES: Final = ("recording_name", "artist_credit_name")


class Labs:
    """Client for the sets of similar artists and recordings."""

    name = "listenbrainz-labs"

    def __init__(self, http: Http, base: str = BASE, pace: Pace = PACE) -> None:
        self._service = Service(http, "ListenBrainz labs", base, pace)

    async def similar_artists(self, mbid: str) -> list[SourceArtist]:
        """Return the artists who are played together with an artist, the most similar first."""
        if reading.mbid(mbid) is None:
            return []
        params = {"artist_mbids": mbid, "algorithm": ARTISTS}
        answer = await self._service.get(
            "/similar-artists/json", params, keep=A_MONTH, trim=kept_artists
        )
        return [] if answer is None else parse_artists(answer)

    async def similar_recordings(self, mbid: str) -> list[SimilarTrack]:
        """Return the recordings that are played together with one, the most similar first."""
        if reading.mbid(mbid) is None:
            return []
        params = {"recording_mbids": mbid, "algorithm": RECORDINGS}
        answer = await self._service.get(
            "/similar-recordings/json", params, keep=A_MONTH, trim=kept_recordings
        )
        return [] if answer is None else parse_recordings(answer)


def kept_artists(answer: Json) -> Json:
    """Return similar artists with what is read of them."""
    return _kept(answer, ("artist_mbid", "name", "score"), of="ListenBrainz similar artists")


def kept_recordings(answer: Json) -> Json:
    """Return similar recordings with what is read of them."""
    names = ("recording_mbid", *_NAMES, "artist_credit_mbids", "score")
    return _kept(answer, names, of="ListenBrainz similar recordings")


def _kept(answer: Json, names: Sequence[str], *, of: str) -> Json:
    rows = reading.rows(answer, of=of)
    return [{name: row[name] for name in names if name in row} for row in rows]


def parse_artists(answer: Json) -> list[SourceArtist]:
    """Read similar artists; the best score counts as 1."""
    return [
        SourceArtist(name, reading.ids(mbid=mbid), similarity=similarity)
        for row, similarity in _scored(answer)
        if (name := reading.text(row.get("name")))
        and (mbid := reading.mbid(row.get("artist_mbid")))
    ]


def parse_recordings(answer: Json) -> list[SimilarTrack]:
    """Read similar recordings; the best score counts as 1."""
    read = ((_recording(row), similarity) for row, similarity in _scored(answer))
    return [SimilarTrack(track, similarity) for track, similarity in read if track is not None]


def _recording(row: dict[str, Any]) -> SourceTrack | None:
    title, artist = (reading.text(row.get(name)) for name in _NAMES)
    mbid = reading.mbid(row.get("recording_mbid"))
    if title is None or artist is None or mbid is None:
        return None
    credited = reading.texts(row.get("artist_credit_mbids"))
    alone = reading.mbid(credited[0]) if len(credited) == 1 else None  # else: whose name is it?
    return SourceTrack(title, artist, reading.ids(mbid=mbid), artist_ids=reading.ids(mbid=alone))


def _scored(answer: Json) -> list[tuple[dict[str, Any], float]]:
    """Return rows with their score as a share of the best one, the best first."""
    rows = [
        (row, score)
        for row in reading.rows(answer, of="ListenBrainz labs")
        if (score := reading.number(row.get("score"), 0, 1e12))
    ]
    best = max((score for _, score in rows), default=1.0)
    return sorted(((row, score / best) for row, score in rows), key=lambda one: -one[1])
