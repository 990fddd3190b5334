"""Takes masters and releases out of the XML of Discogs, one at a time.

`<release id><labels><label catno id name/></labels>
<artists><artist><id/><name/></artist></artists><title/><genres><genre/></genres>
<styles><style/></styles><tracklist><track><position/><title/><artists/></track></tracklist>`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree as ET

STYLES: Final = 4
GENRES: Final = 2
"""So many of a release count, the first ones."""
_LABELS: Final = 10
_MOST_SONGS: Final = 1_000
_LONGEST: Final = 1_000
_DEEPEST: Final = 30


@dataclass(slots=True)
class Record:
    """A master or a release."""

    artist: str = ""
    artist_id: str = ""
    title: str = ""
    genres: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    songs: list[tuple[str, str]] = field(default_factory=list)
    """Title, and the artist where it is another one."""


@dataclass(slots=True)
class _Song:
    title: str = ""
    artist: str = ""
    has_position: bool = False


class Records:
    """Takes what a parser of XML finds, and hands on each record; nothing else is kept."""

    def __init__(self, hand_on: Callable[[Record], None]) -> None:
        self._hand_on = hand_on
        self._path: list[str] = [""]
        self._text: list[str] | None = None
        self._record = Record()
        self._song = _Song()

    def doctype(self, *_: Any) -> None:
        """Stop: it could define what unfolds without end."""
        raise ET.ParseError("it has a DOCTYPE, which no dump of Discogs has")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Go into an element."""
        if len(self._path) > _DEEPEST:
            raise ET.ParseError("its elements lie too deep in each other")
        where = f"{self._path[-1]}/{tag}" if len(self._path) > 2 else tag
        self._path.append(where)
        if len(self._path) == 3:
            self._record, self._song = Record(), _Song()
        elif where.endswith("/track"):
            self._song = _Song()
        elif _within(where) == "labels/label":
            _add(self._record.labels, attributes.get("name", "")[:_LONGEST], _LABELS)
        self._text = [] if _within(where) in _WANTED else None

    def data(self, text: str) -> None:
        """Take a text, or a piece of one."""
        if self._text is not None and len(self._text) < _LONGEST:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """Come out of an element."""
        where = self._path.pop()
        if self._text is not None:
            _WANTED[_within(where)](self, "".join(self._text).strip()[:_LONGEST])
            self._text = None
        elif where.endswith("/track"):
            self._end_song()
        elif len(self._path) == 2:
            self._hand_on(self._record)

    def close(self) -> None:
        """Come to the end."""

    def _end_song(self) -> None:
        song = self._song
        if song.has_position and song.title and len(self._record.songs) < _MOST_SONGS:
            self._record.songs.append((song.title, song.artist))
        self._song = _Song()

    def artist(self, text: str) -> None:
        """Take an artist of the record; the first counts."""
        self._record.artist = self._record.artist or text

    def artist_id(self, text: str) -> None:
        """Take the number of one."""
        self._record.artist_id = self._record.artist_id or text

    def title(self, text: str) -> None:
        """Take the title of the record."""
        self._record.title = text

    def genre(self, text: str) -> None:
        """Take a genre."""
        _add(self._record.genres, text, GENRES)

    def style(self, text: str) -> None:
        """Take a style."""
        _add(self._record.styles, text, STYLES)

    def song_title(self, text: str) -> None:
        """Take the title of a song."""
        self._song.title = text

    def song_artist(self, text: str) -> None:
        """Take the artist of a song; the first counts."""
        self._song.artist = self._song.artist or text

    def position(self, text: str) -> None:
        """Take where a song stands: headings stand nowhere."""
        self._song.has_position = bool(text)


def _add(names: list[str], name: str, most: int) -> None:
    if name and name not in names and len(names) < most:
        names.append(name)


def _within(where: str) -> str:
    """Return where something stands in a record."""
    return where.partition("/")[2]


_WANTED: Final[dict[str, Callable[[Records, str], None]]] = {
    "artists/artist/id": Records.artist_id,
    "artists/artist/name": Records.artist,
    "title": Records.title,
    "genres/genre": Records.genre,
    "styles/style": Records.style,
    "tracklist/track/title": Records.song_title,
    "tracklist/track/position": Records.position,
    "tracklist/track/artists/artist/name": Records.song_artist,
    "tracklist/track/sub_tracks/track/title": Records.song_title,
    "tracklist/track/sub_tracks/track/position": Records.position,
    "tracklist/track/sub_tracks/track/artists/artist/name": Records.song_artist,
}
