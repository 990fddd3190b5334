"""Reads one row of an export. What is not named here (addresses, devices, …) is not taken over."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from bot.core.accounts import ListeningBasis
from bot.core.catalog import parse_artists
from bot.core.taste import SHORTEST_MS, HistoryKind, Skip
from bot.sources.lastfm import parse_plays
from bot.sources.listenbrainz.parsing import parse_listen
from bot.sources.reading import said
from bot.sources.values import Play

Row: TypeAlias = tuple[str, str, str | None, str | None, int]
"""Title, artist, namespace and value of another name, and when the play began, in seconds."""
Read: TypeAlias = Callable[[Mapping[str, Any]], Iterator[Row | Skip]]

_DAY: Final = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
LATEST_S: Final = 1 << 32
_DATES: Final = ("%d %b %Y %H:%M", "%d %b %Y, %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
_WHEN: Final = {"date", "uts", "@attr"}
"""Where a play says when it was, or that it is now."""
_SPOTIFY_URI: Final = "spotify:track:"
_WATCHED: Final = tuple(
    re.compile(re.escape(words).replace("…", "(.+)"), re.S)
    for words in (
        "Watched …", "Hai guardato …", "Vous avez regardé …", "Has visto …", "Has mirado …",
        "Você assistiu a …", "Assistiu a …", "Viste …", "Je hebt … bekeken", "… bekeken",
        "… angesehen", "Obejrzano: …", "Obejrzano …", "Du har sett på …", "Du har sett …",
        "Har tittat på …", "Du så …", "Katsottu: …", "… を視聴しました",
        "…을(를) 시청했습니다.",
        "Вы посмотрели видео …", "… izlendi", "Watched: …",
    )
)  # fmt: skip
"""How YouTube says in some languages that something was watched."""


@dataclass(frozen=True, slots=True)
class Form:
    """How rows of one kind of file are read."""

    kind: HistoryKind
    read: Read
    basis: ListeningBasis | None = None
    """Which list they are; None: plays."""


def form_of(row: Any) -> Form | None:
    """Tell by one JSON object whose export it is from; None: of none that can be read."""
    if not isinstance(row, dict):
        return None
    return next((form for is_one, form in _FORMS if is_one(row)), None)


def _is_saved(row: Mapping[str, Any]) -> bool:
    """Tell whether an object is a saved track, as the account data of Spotify lists them.

    Until 2020 they had no address there: then nothing but their names stands in them.
    """
    if not {"track", "artist"} <= row.keys():
        return False
    return "uri" in row or row.keys() <= {"track", "artist", "album"}


def _is_lastfm(row: Mapping[str, Any]) -> bool:
    is_page = isinstance(row.get("track"), list | dict)
    is_play = "artist" in row and ("name" in row or "track" in row) and row.keys() & _WHEN
    return is_page or bool(is_play)


def _is_koito(row: Mapping[str, Any]) -> bool:
    return "listened_at" in row and "aliases" in _part(row.get("track"))


def _is_playlist(row: Mapping[str, Any]) -> bool:
    items = row.get("items", row.get("tracks"))
    named = "name" in row and isinstance(items, list)
    return named and all(_is_own(item) for item in items[:3])


def _is_own(item: Any) -> bool:
    return isinstance(item, dict) and bool(
        {"trackName", "track", "localTrack", "episode"} & item.keys()
    )


def _saved(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    yield _of_list(row.get("track"), row.get("artist"), row.get("uri"))


def _of_list(title: Any, artist: Any, uri: Any = None) -> Row | Skip:
    """Read a track of a list, which has no time: 0 stands for it."""
    named, by = said(title), said(artist)
    known = (said(uri) or "").removeprefix(_SPOTIFY_URI)
    if named is None or by is None:
        return Skip.OTHER
    return (named, by, "spotify", known, 0) if known else (named, by, None, None, 0)


def _playlist(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    """Read a playlist of Spotify's account data, as it is since 2021 or was before."""
    items = row.get("items", row.get("tracks"))
    for item in items if isinstance(items, list) else ():
        own = _part(item)
        track = _part(own.get("track")) or _part(own.get("localTrack")) or own
        yield _of_list(track.get("trackName"), track.get("artistName"), track.get("trackUri"))


def _apple_library(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    if said(row.get("Content Type")) not in (None, "Song"):
        yield Skip.OTHER
    else:
        yield _of_list(row.get("Title"), row.get("Artist"))


def _youtube(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    """Read what was watched; music is what was played in YouTube Music."""
    title = said(row.get("title"))
    channels = row.get("subtitles")
    channel = _part(channels[0]).get("name") if isinstance(channels, list) and channels else None
    artist = (said(channel) or "").removesuffix(" - Topic")
    if row.get("header") != "YouTube Music" or not artist or title is None:
        yield Skip.OTHER
        return
    words = next((found[1] for each in _WATCHED if (found := each.fullmatch(title))), title)
    yield written_play(said(words), artist, row.get("time"))


def _koito(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    artists = row.get("artists")
    parts = _parts(artists) if isinstance(artists, list) else []
    first = next((one for one in parts if one.get("is_primary")), parts[0] if parts else {})
    title, artist = _alias(_part(row.get("track"))), _alias(first)
    yield written_play(title, artist, row.get("listened_at"))


def _alias(thing: Mapping[str, Any]) -> str | None:
    aliases = thing.get("aliases")
    parts = _parts(aliases) if isinstance(aliases, list) else []
    first = next((one for one in parts if one.get("is_primary")), parts[0] if parts else {})
    return said(first.get("alias"))


def _pano(row: Mapping[str, Any]) -> Iterator[Row | Skip]:
    yield written_play(said(row.get("track")), said(row.get("artist")), row.get("timeMs"))


def _part(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


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
    if not 0 < at < LATEST_S:
        return Skip.BAD
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
    if _DAY.fullmatch(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if text.replace(".", "", 1).isdecimal():
        seconds = float(text)
        seconds = seconds / 1000 if seconds > LATEST_S else seconds
    else:
        found = _date(text)
        if found is None:
            return None
        seconds = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    return int(seconds) if 0 < seconds < LATEST_S else None


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


_FORMS: Final[tuple[tuple[Callable[[Mapping[str, Any]], bool], Form], ...]] = (
    (lambda row: "ms_played" in row and "ts" in row, Form(HistoryKind.SPOTIFY, _spotify)),
    (
        lambda row: "msPlayed" in row and "endTime" in row,
        Form(HistoryKind.SPOTIFY_YEAR, _spotify_year),
    ),
    (lambda row: "track_metadata" in row, Form(HistoryKind.LISTENBRAINZ, _listenbrainz)),
    (_is_koito, Form(HistoryKind.KOITO, _koito)),
    (
        lambda row: "time" in row and "title" in _part(row.get("track")),
        Form(HistoryKind.MALOJA, _maloja),
    ),
    (lambda row: {"timeMs", "track", "artist"} <= row.keys(), Form(HistoryKind.PANO, _pano)),
    (
        lambda row: {"header", "title", "products"} <= row.keys(),
        Form(HistoryKind.YOUTUBE, _youtube),
    ),
    (
        lambda row: (
            {"Title", "Artist"} <= row.keys()
            and bool({"Content Type", "Track Identifier"} & row.keys())
        ),
        Form(HistoryKind.APPLE, _apple_library, ListeningBasis.SAVED),
    ),
    (_is_saved, Form(HistoryKind.SPOTIFY_YEAR, _saved, ListeningBasis.SAVED)),
    (_is_playlist, Form(HistoryKind.SPOTIFY_YEAR, _playlist, ListeningBasis.PLAYLIST)),
    (_is_lastfm, Form(HistoryKind.LASTFM, _lastfm)),
)
"""What an object of a file must be like, the surer signs first."""
