"""Reads the answers of ListenBrainz."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from bot.sources import reading
from bot.sources.answers import Json
from bot.sources.values import Page, Play, Plays, Release, SourceTrack, TrackList

_TRACK_EXTENSION: Final = "https://musicbrainz.org/doc/jspf#track"


def parse_listens(answer: Json) -> list[Play]:
    """Read a page of listens."""
    rows = reading.rows(answer, "payload", "listens", of="ListenBrainz listens")
    return reading.each(rows, parse_listen)


class Listened(NamedTuple):
    """What a listen is of."""

    at: datetime
    title: str
    artist: str
    """The first artist."""
    printed: str
    """All artists as they were sent."""
    mbid: str | None
    spotify: str | None


def read_listen(row: dict[str, Any]) -> Listened | None:
    """Read what a listen of the API, an export or a dump is of; None when it is none.

    The recording that the names were found to mean counts more than the id that a player sent with
    them. In old dumps the time is called `timestamp`.
    """
    at = reading.moment(row.get("listened_at", row.get("timestamp")))
    names = reading.part(row.get("track_metadata"))
    title, printed = reading.text(names.get("track_name")), reading.text(names.get("artist_name"))
    if at is None or title is None or printed is None:
        return None
    told, mapped = reading.part(names.get("additional_info")), _mapped(names)
    artists = reading.parts(mapped.get("artists"))
    first = reading.text(artists[0].get("artist_credit_name")) if artists else None
    mbid = reading.mbid(mapped.get("recording_mbid")) or reading.mbid(told.get("recording_mbid"))
    spotify = (reading.text(told.get("spotify_id")) or "").rpartition("/")[2]
    return Listened(at, title, first or printed, printed, mbid, spotify or None)


def parse_listen(row: dict[str, Any]) -> Play | None:
    """Read a listen with all that it says of its track; None when it is none."""
    of = read_listen(row)
    if of is None:
        return None
    names = row["track_metadata"]
    told = reading.part(names.get("additional_info"))
    artists = reading.parts(_mapped(names).get("artists"))
    track = SourceTrack(
        title=of.title,
        artist=of.artist,
        ids=reading.ids(mbid=of.mbid, isrc=reading.isrc(told.get("isrc")), spotify=of.spotify),
        artist_credit=of.printed if of.artist != of.printed else None,
        artist_ids=reading.ids(
            mbid=reading.mbid(artists[0].get("artist_mbid")) if artists else None
        ),
        album=reading.text(names.get("release_name")),
        duration_ms=reading.duration_ms(told.get("duration_ms"))
        or reading.duration_ms(told.get("duration"), unit_ms=1000),
    )
    return Play(track, of.at)


def _mapped(names: dict[str, Any]) -> dict[str, Any]:
    return reading.part(names.get("mbid_mapping"))


def parse_plays(row: dict[str, Any]) -> Plays:
    """Read how much everybody plays a recording."""
    return Plays(
        reading.count(row.get("total_listen_count")), reading.count(row.get("total_user_count"))
    )


def is_told(row: dict[str, Any]) -> bool:
    """Return whether a row says anything about a recording; null is unknown, not 0."""
    return parse_plays(row) != Plays(None, None)


def parse_recording(mbid: str, row: dict[str, Any]) -> SourceTrack | None:
    """Read what is known of a recording; None when it has no title or artist."""
    recording, artist, release, tags = (
        reading.part(row.get(name)) for name in ("recording", "artist", "release", "tag")
    )
    members = reading.parts(artist.get("artists"))
    title, printed = reading.text(recording.get("name")), reading.text(artist.get("name"))
    first = (reading.text(members[0].get("name")) if members else None) or printed
    if title is None or first is None:
        return None
    voted = reading.parts(tags.get("recording")) or reading.parts(tags.get("artist"))
    ordered = sorted(voted, key=lambda tag: -(reading.count(tag.get("count")) or 0))
    names = [reading.text(tag.get("tag")) for tag in ordered]
    return SourceTrack(
        title=title,
        artist=first,
        ids=reading.ids(mbid=mbid),
        artist_credit=printed if len(members) > 1 else None,
        artist_ids=reading.ids(
            mbid=reading.mbid(members[0].get("artist_mbid")) if members else None
        ),
        album=reading.text(release.get("name")),
        year=reading.year(release.get("year")),
        duration_ms=reading.duration_ms(recording.get("length")),
        genres=tuple(name.lower() for name in names if name),
    )


def parse_playlist(answer: Json) -> TrackList:
    """Read a playlist in JSPF, the JSON of XSPF."""
    rows = reading.rows(answer, "playlist", "track", of="ListenBrainz playlist")
    whole = reading.part(reading.part(answer).get("playlist"))
    return TrackList(
        title=reading.text(whole.get("title")),
        owner=reading.text(whole.get("creator")),
        page=Page(tuple(reading.each(rows, _listed)), len(rows), None),
    )


def _listed(row: dict[str, Any]) -> SourceTrack | None:
    """Read one track of a playlist; its identifier is one address, or a list of them."""
    title, printed = reading.text(row.get("title")), reading.text(row.get("creator"))
    if title is None or printed is None:
        return None
    own = row.get("identifier")
    addresses = [own] if isinstance(own, str) else reading.texts(own)
    mbids = [mbid for one in addresses if (mbid := reading.mbid(one.rpartition("/")[2]))]
    extension = reading.part(reading.part(row.get("extension")).get(_TRACK_EXTENSION))
    artists = reading.parts(reading.part(extension.get("additional_metadata")).get("artists"))
    first = reading.text(artists[0].get("artist_credit_name")) if artists else None
    return SourceTrack(
        title=title,
        artist=first or printed,
        ids=reading.ids(mbid=mbids[0] if mbids else None),
        artist_credit=printed if first not in (None, printed) else None,
        artist_ids=reading.ids(
            mbid=reading.mbid(artists[0].get("artist_mbid")) if artists else None
        ),
        album=reading.text(row.get("album")),
        duration_ms=reading.duration_ms(row.get("duration")),
    )


def kept_releases(answer: Json) -> Json:
    """Return the new releases with what is read of them."""
    names = (
        "release_name", "artist_credit_name", "release_date", "release_group_primary_type",
        "release_group_mbid", "release_mbid", "artist_mbids", "release_tags",
    )  # fmt: skip
    rows = reading.rows(answer, "payload", "releases", of="ListenBrainz releases")
    kept = [{name: row[name] for name in names if row.get(name)} for row in rows]
    return {"payload": {"releases": kept}}


def parse_releases(answer: Json) -> list[Release]:
    """Read the new releases."""
    rows = reading.rows(answer, "payload", "releases", of="ListenBrainz releases")
    return reading.each(rows, _release)


def _release(row: dict[str, Any]) -> Release | None:
    title = reading.text(row.get("release_name"))
    artist = reading.text(row.get("artist_credit_name"))
    if title is None or artist is None:
        return None
    group = reading.mbid(row.get("release_group_mbid"))
    kind = reading.text(row.get("release_group_primary_type"))
    return Release(
        title=title,
        artist=artist,
        released_on=reading.day(row.get("release_date")),
        kind=kind.lower() if kind else None,
        ids=reading.ids(mbid=reading.mbid(row.get("release_mbid"))),
        artist_ids=tuple(
            one for mbid in reading.texts(row.get("artist_mbids")) for one in reading.ids(mbid=mbid)
        ),
        genres=tuple(tag.lower() for tag in reading.texts(row.get("release_tags"))),
        url=f"https://musicbrainz.org/release-group/{group}" if group else None,
    )
