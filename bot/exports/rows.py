"""Reads one row of an export. What is not named here (addresses, devices, …) is not taken over."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from bot.core.catalog import parse_artists
from bot.core.taste import SHORTEST_MS, HistoryKind, Skip
from bot.sources.lastfm import parse_plays
from bot.sources.listenbrainz.parsing import parse_listen
from bot.sources.reading import said
from bot.sources.values import Play

Row: TypeAlias = tuple[str, str, str | None, str | None, int]
"""Title, artist, namespace and value of another name, and when the play began, in seconds."""
Read: TypeAlias = Callable[[Mapping[str, Any]], Iterator[Row | Skip]]

_LATEST_S: Final = 1 << 32
_DATES: Final = ("%d %b %Y %H:%M", "%d %b %Y, %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
_WHEN: Final = {"date", "uts", "@attr"}
"""Where a play says when it was, or that it is now."""
_SPOTIFY_URI: Final = "spotify:track:"


def kind_of(row: Any) -> HistoryKind | None:
    """Tell by one JSON object whose export it is from; None: of none that can be read."""
    if not isinstance(row, dict):
        return None
    if "ms_played" in row and "ts" in row:
        return HistoryKind.SPOTIFY
    if "msPlayed" in row and "endTime" in row:
        return HistoryKind.SPOTIFY_YEAR
    if "track_metadata" in row:
        return HistoryKind.LISTENBRAINZ
    if "time" in row and isinstance(row.get("track"), dict) and "title" in row["track"]:
        return HistoryKind.MALOJA
    is_page = isinstance(row.get("track"), list | dict)
    is_play = "artist" in row and ("name" in row or "track" in row) and row.keys() & _WHEN
    return HistoryKind.LASTFM if is_page or is_play else None


def is_saved(row: Any) -> bool:
    """Tell whether an object is a saved track, as the account data of Spotify lists them.

    Until 2020 they had no address there: then nothing but their names stands in them.
    """
    if not isinstance(row, dict) or not {"track", "artist"} <= row.keys():
        return False
    return "uri" in row or row.keys() <= {"track", "artist", "album"}


def saved_track(row: Mapping[str, Any]) -> Row | Skip:
    """Read a saved track, which has no time: 0 stands for it."""
    title, artist = said(row.get("track")), said(row.get("artist"))
    known = (said(row.get("uri")) or "").removeprefix(_SPOTIFY_URI)
    if title is None or artist is None:
        return Skip.OTHER
    return (title, artist, "spotify", known, 0) if known else (title, artist, None, None, 0)


def _spotify(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    title = said(row.get("master_metadata_track_name"))
    artist = said(row.get("master_metadata_album_artist_name"))
    yield _streamed(title, artist, row.get("ms_played"), row.get("ts"), row)


def _spotify_year(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    title, artist = said(row.get("trackName")), said(row.get("artistName"))
    yield _streamed(title, artist, row.get("msPlayed"), row.get("endTime"), row)


def _streamed(
    title: str | None, artist: str | None, played_ms: Any, ended: Any, row: Mapping[str, Any]
) -> Row | Skip:
    """Read a play whose row gives the time at which it ended."""
    if title is None or artist is None:
        return Skip.OTHER
    if not isinstance(played_ms, int) or not isinstance(ended, str):
        return Skip.BAD
    if played_ms < SHORTEST_MS:
        return Skip.SHORT
    ended_s = _moment(ended)
    if ended_s is None or played_ms // 1000 >= ended_s:
        return Skip.BAD
    at = ended_s - played_ms // 1000
    uri = said(row.get("spotify_track_uri"))
    if uri is not None and uri.startswith(_SPOTIFY_URI):
        return title, artist, "spotify", uri.removeprefix(_SPOTIFY_URI), at
    return title, artist, None, None, at


def _listenbrainz(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    play = parse_listen(dict(row))
    yield Skip.BAD if play is None else _row(play)


def _lastfm(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    """Read a page of the API, one of its plays, or a play with plain fields."""
    track = row.get("track")
    if isinstance(track, list | dict):
        yield from (one for each in _parts(track) for one in _lastfm(each))
        return
    if isinstance(track, str) or isinstance(row.get("artist"), str):
        title, artist = said(track) or said(row.get("name")), said(row.get("artist"))
        yield written_play(title, artist, row.get("date") or row.get("uts"))
        return
    page = {"recenttracks": {"track": [row], "@attr": {"totalPages": "1"}}}
    plays = parse_plays(page).plays
    yield _row(plays[0]) if plays else Skip.BAD


def _maloja(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    track = row.get("track")
    if not isinstance(track, dict):
        yield Skip.BAD
        return
    artists = track.get("artists")
    artist = said(artists[0]) if isinstance(artists, list) and artists else None
    yield written_play(said(track.get("title")), artist, row.get("time"))


def _parts(value: Any) -> list[Mapping[str, Any]]:
    return [value] if isinstance(value, dict) else [one for one in value if isinstance(one, dict)]


def _row(play: Play) -> Row | Skip:
    at = int(play.at.timestamp())
    known = next(iter(play.track.ids), None)
    artist = _first(play.track.artist)
    if known is None:
        return play.track.title, artist, None, None, at
    return play.track.title, artist, known.namespace, known.value, at


def written_play(title: str | None, artist: str | None, date: Any) -> Row | Skip:
    """Read a play from plain fields: the date is Unix time (also in ms) or "01 Jan 2020 12:34"."""
    if title is None or artist is None:
        return Skip.OTHER
    at = _moment(date)
    return Skip.BAD if at is None else (title, _first(artist), None, None, at)


def _first(artist: str) -> str:
    return parse_artists(artist, "", comma_joined=False)[0] or artist


def _moment(value: Any) -> int | None:
    """Return seconds since 1970, from numbers and texts; None when it is no time that can be."""
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    if text.replace(".", "", 1).isdecimal():
        seconds = float(text)
        seconds = seconds / 1000 if seconds > _LATEST_S else seconds
    else:
        found = _date(text)
        if found is None:
            return None
        seconds = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    return int(seconds) if 0 < seconds < _LATEST_S else None


def _date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _DATES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


READERS: Final[Mapping[HistoryKind, Read]] = {
    HistoryKind.SPOTIFY: _spotify,
    HistoryKind.SPOTIFY_YEAR: _spotify_year,
    HistoryKind.LISTENBRAINZ: _listenbrainz,
    HistoryKind.LASTFM: _lastfm,
    HistoryKind.MALOJA: _maloja,
}
