"""Reads exports that are tables; which, the columns say."""

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from typing import Final, TypeAlias

from bot.core.accounts import ListeningBasis
from bot.core.catalog import parse_artists
from bot.core.taste import SHORTEST_MS, HistoryKind, Skip
from bot.exports.refusal import Refusal, RefusedError
from bot.exports.rows import LATEST_S, Row, written_play
from bot.sources.reading import mbid, said

_LONGEST_LINE: Final = 1 << 17
_BARE: Final = ("artist", "album", "track", "date")
"""What stands in a table without a header."""
_LOG: Final = "#AUDIOSCROBBLER/1."
_LOGGED: Final = ("artist", "album", "track", "number", "seconds", "rating", "date", "mbid")
_REMOVED: Final = "undefined"
"""Exportify writes this in the place of a track that its service has removed."""
_LOOKED_AT: Final = 20
"""So many rows of a table without a header tell what it is: while something plays, the first has
no date."""
_DATES: Final = ("uts", "date", "utc_time", "timestamp")
_SEPARATORS: Final = (",", ";", "\t")
_MOST_AT_ONCE: Final = 60
_HOUR_S: Final = 3600

Cells: TypeAlias = Mapping[str, str]
_Read: TypeAlias = Callable[[Cells], Iterator[Row | Skip]]


@dataclass(slots=True)
class Apple:
    """What one file of Apple's export says that another one leaves out.

    Its long list of plays names no artists, but the library does, and so does the list by days.
    """

    lists_plays: bool
    """Whether the long list is there: then the one by days holds the same plays once more."""
    artists: dict[tuple[str, str], str] = field(default_factory=dict)
    """By title and album; the album may be empty."""

    def learn(self, title: str | None, album: str | None, artist: str | None) -> None:
        """Remember whose a title is."""
        if title and artist:
            self.artists.setdefault((title, album or ""), artist)
            self.artists.setdefault((title, ""), artist)

    def artist_of(self, title: str, album: str) -> str | None:
        """Return whose a title is, best that of the same album."""
        return self.artists.get((title, album)) or self.artists.get((title, ""))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table that was recognised."""

    kind: HistoryKind
    basis: ListeningBasis | None
    rows: Iterator[tuple[Row | Skip, str]]
    """What each row says, and how it is written."""


def read_table(stream: io.TextIOWrapper, apple: Apple) -> Table | None:
    """Recognise a table by its header, or by its first rows where it has none; None: no export."""
    lines = iter(lambda: stream.readline(_LONGEST_LINE), "")
    first = next(lines, "")
    if first.startswith(_LOG):
        return Table(HistoryKind.SCROBBLER_LOG, None, _log_rows(lines))
    if first.lower().startswith("sep=") or first.strip().lower() == "shazam library":
        first = next(lines, "")
    separator = max(_SEPARATORS, key=first.count)
    header = next(csv.reader([first], delimiter=separator), [])
    names = [name.partition("#")[0].strip().casefold() for name in header]
    for form in _forms(apple):
        if form.needs <= set(names):
            reader = csv.reader(lines, delimiter=separator, strict=True)
            return Table(form.kind, form.basis, _rows(reader, names, form.read))
    if len(header) == len(_BARE):
        some = [first, *islice(lines, _LOOKED_AT - 1)]
        again = csv.reader(chain(some, lines), strict=True)
        if any(_is_bare_play(next(csv.reader([line]), [])) for line in some):
            return Table(HistoryKind.LASTFM, None, _rows(again, _BARE, _played))
    return None


def _is_bare_play(cells: Sequence[str]) -> bool:
    """Tell whether a row of a table without a header is a play."""
    return len(cells) == len(_BARE) and not isinstance(next(_played(_cells(_BARE, cells))), Skip)


def _rows(
    reader: Iterator[list[str]], names: Sequence[str], read: _Read
) -> Iterator[tuple[Row | Skip, str]]:
    try:
        for cells in reader:
            if not cells:
                continue
            written = ", ".join(cells)
            if len(cells) > len(names):
                yield Skip.BAD, written
            else:
                yield from ((one, written) for one in read(_cells(names, cells)))
    except csv.Error as error:
        raise RefusedError(Refusal.DAMAGED) from error


def _log_rows(lines: Iterator[str]) -> Iterator[tuple[Row | Skip, str]]:
    """Read what AUDIOSCROBBLER/1.1 defines: tabs between, and nothing is quoted."""
    for line in lines:
        if not line.strip() or (line.startswith("#") and "\t" not in line):
            continue
        cells = _cells(_LOGGED, line.rstrip("\r\n").split("\t")[: len(_LOGGED)])
        if cells["rating"].strip().upper() == "S":
            yield Skip.SHORT, line
            continue
        play = written_play(said(cells["track"]), said(cells["artist"]), cells["date"])
        yield _known_as(play, "mbid", mbid(cells["mbid"])), line


def _known_as(play: Row | Skip, namespace: str, value: str | None) -> Row | Skip:
    """Return a play with another name of its track, where that is known."""
    if isinstance(play, Skip) or value is None:
        return play
    title, artist, _, _, at = play
    return title, artist, namespace, value, at


def _cells(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return the cells by name; those that a short row leaves out are empty."""
    return dict(zip_longest(names, cells, fillvalue=""))


# ------------------------------------------------------------------------------ plays


def _played(cells: Cells) -> Iterator[Row | Skip]:
    date = next((cells[name] for name in _DATES if cells.get(name)), "")
    yield written_play(said(cells.get("track")), said(cells.get("artist")), date)


def _pano(cells: Cells) -> Iterator[Row | Skip]:
    yield written_play(said(cells["track"]), said(cells["artist"]), cells["timems"])


def _deezer(cells: Cells) -> Iterator[Row | Skip]:
    seconds = _number(cells["listening time"])
    if seconds is not None and seconds * 1000 < SHORTEST_MS:
        yield Skip.SHORT
        return
    title = _WHOLE.sub(r"\1", cells["song title"])
    play = written_play(said(title), said(cells["artist"]), cells["date"])
    yield _known_as(play, "isrc", _isrc(cells.get("isrc")))


_WHOLE: Final = re.compile(r"(\d+)\.0")
"""How a workbook writes the title "1999"."""


def _isrc(text: str | None) -> str | None:
    code = (said(text) or "").replace("-", "").upper()
    return code if len(code) == 12 and code.isalnum() else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e12 else None


def _apple_play(cells: Cells, apple: Apple) -> Iterator[Row | Skip]:
    title = said(cells.get("song name")) or said(cells.get("content name"))
    if title is None or (said(cells.get("media type")) or "AUDIO").upper() != "AUDIO":
        yield Skip.OTHER
        return
    played_ms = _number(cells.get("play duration milliseconds", ""))
    if played_ms is None or played_ms < SHORTEST_MS:
        yield Skip.SHORT
        return
    album = said(cells.get("album name")) or ""
    artist = said(cells.get("artist name")) or apple.artist_of(title, album)
    if artist is None and said(cells.get("container type")) in ("ALBUM", "ARTIST"):
        artist = said(cells.get("container artist name"))
    start = said(cells.get("event start timestamp"))
    play = written_play(title, artist, start or cells.get("event end timestamp"))
    if not isinstance(play, Skip) and start is None:
        begun = play[4] - int(played_ms) // 1000
        play = (*play[:4], begun) if begun > 0 else Skip.BAD
    yield play


def _apple_day(cells: Cells, apple: Apple) -> Iterator[Row | Skip]:
    """Read the plays of one track on one day; of their times only hours are known."""
    artist, _, title = cells["track description"].partition(" - ")
    apple.learn(said(title), None, said(artist))
    if apple.lists_plays:
        return
    played_ms = _number(cells.get("play duration milliseconds", ""))
    if said(title) is None:
        yield Skip.OTHER
        return
    if played_ms is not None and played_ms < SHORTEST_MS:
        yield Skip.SHORT
        return
    day = cells["date played"].strip()
    first_hour = int(_number(cells.get("hours", "").partition(",")[0]) or 0) % 24
    day = f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 else day
    count = min(int(_number(cells.get("play count", "")) or 1), _MOST_AT_ONCE)
    play = written_play(said(title), said(artist), day)
    if isinstance(play, Skip):
        yield play
        return
    for minute in range(max(count, 1)):
        yield (*play[:4], min(play[4] + first_hour * _HOUR_S + minute * 60, LATEST_S - 1))


# ------------------------------------------------------------------------------ lists


def _exportify(cells: Cells) -> Iterator[Row | Skip]:
    """Read a track of a list, which has no time: 0 stands for it."""
    title = said(cells["track name"])
    if title == _REMOVED and cells["artist name(s)"] == _REMOVED:
        yield Skip.OTHER
        return
    ids = cells.get("artist uri(s)") or cells.get("artist ids") or ""
    uri = cells.get("track uri") or cells.get("spotify id") or ""
    known = "" if ":local:" in uri else uri.rpartition(":")[2].strip()
    yield _listed(title, cells["artist name(s)"], spotify=known, ids=ids)


def _tunemymusic(cells: Cells) -> Iterator[Row | Skip]:
    known = said(cells.get("spotify - id")) or ""
    yield _listed(
        said(cells["track name"]), cells["artist name"], spotify=known, isrc=cells.get("isrc")
    )


def _soundiiz(cells: Cells) -> Iterator[Row | Skip]:
    yield _listed(said(cells["title"]), cells["artist"], isrc=cells.get("isrc"))


def _shazam(cells: Cells) -> Iterator[Row | Skip]:
    yield _listed(said(cells["title"]), cells["artist"])


def _youtube_library(cells: Cells) -> Iterator[Row | Skip]:
    names = [value for name, value in cells.items() if name.startswith("artist name")]
    yield _listed(said(cells["song title"]), next(filter(None, names), ""))


def _listed(
    title: str | None, artists: str, *, spotify: str = "", isrc: str | None = None, ids: str = ""
) -> Row | Skip:
    artist = said(parse_artists(artists, ids, comma_joined=bool(ids))[0])
    if title is None or artist is None:
        return Skip.OTHER
    if spotify:
        return title, artist, "spotify", spotify, 0
    known = _isrc(isrc)
    return (title, artist, "isrc", known, 0) if known else (title, artist, None, None, 0)


@dataclass(frozen=True, slots=True)
class _Form:
    kind: HistoryKind
    needs: frozenset[str]
    """Columns, folded."""
    read: _Read
    basis: ListeningBasis | None = None


def _forms(apple: Apple) -> Iterator[_Form]:
    """Yield what a table may be, those of more columns first."""

    def form(kind: HistoryKind, needs: str, read: _Read, basis: str = "") -> _Form:
        named = frozenset(needs.split("|"))
        return _Form(kind, named, read, ListeningBasis(basis) if basis else None)

    exportify, apples = HistoryKind.EXPORTIFY, HistoryKind.APPLE
    yield form(exportify, "track name|artist name(s)", _exportify, "playlist")
    timed = "play duration milliseconds|event end timestamp"
    for name in ("song name", "content name"):
        yield form(apples, f"{name}|{timed}", lambda cells: _apple_play(cells, apple))
    yield form(apples, "track description|date played", lambda cells: _apple_day(cells, apple))
    yield form(HistoryKind.DEEZER, "song title|artist|listening time|date", _deezer)
    yield form(
        HistoryKind.TUNEMYMUSIC, "track name|artist name|playlist name", _tunemymusic, "playlist"
    )
    yield form(HistoryKind.SHAZAM, "tagtime|title|artist", _shazam, "saved")
    yield form(HistoryKind.PANO, "timems|artist|track", _pano)
    for date in _DATES:
        yield form(HistoryKind.LASTFM, f"artist|track|{date}", _played)
    yield form(HistoryKind.SOUNDIIZ, "title|artist|album|isrc", _soundiiz, "playlist")
    for name in ("artist names", "artist name 1"):
        yield form(HistoryKind.YOUTUBE, f"song title|{name}", _youtube_library, "saved")
