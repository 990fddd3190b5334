"""Reads the answers of Spotify, which no longer tell popularity and genres."""

from collections.abc import Callable
from typing import Any, TypeVar

from bot.errors import BadAnswerError
from bot.sources import reading
from bot.sources.answers import Json
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

T = TypeVar("T")


def parse_track(row: dict[str, Any]) -> SourceTrack | None:
    """Read one recording; None for an episode, a local file, and what has no title or artist."""
    artists = reading.parts(row.get("artists"))
    names = [name for artist in artists if (name := reading.text(artist.get("name")))]
    title = reading.text(row.get("name"))
    if title is None or not names or row.get("type") == "episode" or row.get("is_local") is True:
        return None
    album = reading.part(row.get("album"))
    return SourceTrack(
        title=title,
        artist=names[0],
        ids=reading.ids(
            spotify=reading.text(row.get("id")),
            isrc=reading.isrc(reading.part(row.get("external_ids")).get("isrc")),
        ),
        artist_credit=reading.credit(names),
        artist_ids=reading.ids(spotify=reading.text(artists[0].get("id"))),
        album=reading.text(album.get("name")),
        year=reading.year(album.get("release_date")),
        duration_ms=reading.duration_ms(row.get("duration_ms")),
        explicit=reading.flag(row.get("explicit")),
        url=_url(row),
    )


def parse_artist(row: dict[str, Any]) -> SourceArtist | None:
    """Read one artist; None for one without a name."""
    name = reading.text(row.get("name"))
    ids = reading.ids(spotify=reading.text(row.get("id")))
    return None if name is None else SourceArtist(name, ids)


def parse_album(row: dict[str, Any]) -> Release | None:
    """Read one album; None for one without title or artist."""
    artists = reading.parts(row.get("artists"))
    title = reading.text(row.get("name"))
    artist = reading.text(artists[0].get("name")) if artists else None
    if title is None or artist is None:
        return None
    exact = row.get("release_date_precision", "day") == "day"
    return Release(
        title=title,
        artist=artist,
        released_on=reading.day(row.get("release_date")) if exact else None,
        kind=reading.text(row.get("album_type")),
        ids=reading.ids(spotify=reading.text(row.get("id"))),
        artist_ids=reading.ids(spotify=reading.text(artists[0].get("id"))),
        url=_url(row),
    )


def parse_play(row: dict[str, Any]) -> Play | None:
    """Read one play; None for one without a time or a recording."""
    track, at = parse_track(reading.part(row.get("track"))), reading.moment(row.get("played_at"))
    return None if track is None or at is None else Play(track, at)


def parse_playlist(row: dict[str, Any]) -> Playlist | None:
    """Read one playlist; None for one without an id."""
    own_id, name = reading.text(row.get("id")), reading.text(row.get("name"))
    if own_id is None:
        return None
    inside = reading.part(row.get("items") or row.get("tracks"))
    return Playlist(own_id, name or "", reading.count(inside.get("total")), _url(row))


def parse_account(answer: Json) -> Account:
    """Read whose token it is."""
    row = reading.part(answer)
    own_id = reading.text(row.get("account_id")) or reading.text(row.get("id"))
    if own_id is None:
        raise BadAnswerError("Spotify: the answer has no account.")
    return Account(own_id, reading.text(row.get("display_name")))


def parse_list(answer: Json, read: Callable[[dict[str, Any]], T | None], *path: str) -> list[T]:
    """Read the `items` of an answer, under a path of names."""
    return reading.each(reading.rows(answer, *path, "items", of="Spotify"), read)


def parse_page(answer: Json, offset: int) -> Page:
    """Read a page of saved tracks or of a playlist that began at an offset."""
    return _page(answer, offset, lambda row: reading.part(row.get("item") or row.get("track")))


def parse_album_page(answer: Json, offset: int) -> Page:
    """Read a page of an album that began at an offset: its rows are the tracks themselves."""
    return _page(answer, offset, lambda row: row)


def _page(answer: Json, offset: int, inside: Callable[[dict[str, Any]], dict[str, Any]]) -> Page:
    rows = reading.rows(answer, "items", of="Spotify")
    more = bool(rows) and reading.text(answer.get("next")) is not None
    return Page(
        tracks=tuple(reading.each(rows, lambda row: parse_track(inside(row)))),
        total=reading.count(answer.get("total")),
        next_offset=offset + len(rows) if more else None,
    )


def parse_album_list(answer: Json) -> TrackList:
    """Read an album with its first tracks."""
    row = reading.part(answer)
    names = [reading.text(one.get("name")) for one in reading.parts(row.get("artists"))]
    owner = ", ".join(name for name in names if name) or None
    page = parse_album_page(reading.part(row.get("tracks")), 0)
    return TrackList(reading.text(row.get("name")), owner, page)


def parse_playlist_head(answer: Json) -> TrackList:
    """Read title and owner of a playlist; its tracks are asked for page by page."""
    row = reading.part(answer)
    found = parse_playlist(row)
    if found is None:
        raise BadAnswerError("Spotify: there is no playlist in the answer.")
    owner = reading.text(reading.part(row.get("owner")).get("display_name"))
    return TrackList(found.name or None, owner, Page((), found.total, 0))


def _url(row: dict[str, Any]) -> str | None:
    return reading.text(reading.part(row.get("external_urls")).get("spotify"))
