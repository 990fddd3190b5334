"""What reads files that others made, each with good files to begin with."""

import gzip
import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from bot.audio.analysis import encode as encode_sound
from bot.audio.decoding import read as read_sound
from bot.audio.measuring import measure
from bot.audio.refusal import RefusedError as SoundRefusedError
from bot.errors import BSideError
from bot.exports.pieces import decode, encode
from bot.exports.reading import read_export
from bot.services.catalog.importing.importer import _pieces
from bot.services.catalog.importing.report import ImportReport
from bot.services.catalog.seeds import read_seeds
from bot.services.scene.files import find_files
from bot.services.scene.reading import read_pieces
from tests.audio.files import file_of, noise
from tests.exports import samples as exports
from tests.services.catalog.importing import samples as tables
from tests.services.scene import samples as lists


@dataclass(frozen=True, slots=True)
class Reader:
    """Something that reads a file, or refuses it with a sentence."""

    files: Callable[[], Mapping[str, bytes]]
    """Good ones, by the names that they have."""
    read: Callable[[Path], None]
    refuses: type[Exception]
    """What it raises for every file that it cannot read."""


OWN: Final = {
    "b-side.json": b'{"format": "b-side", "version": 1, "user_id": "1", "settings": '
    b'{"profile_public": true, "listens_on": "Deezer", "hears_auditions": false}}',
    "said-001.csv": b"kind,subject,title,artist,spotify,isrc,mbid,value,created_at,counts\n"
    b"rating,track,A,B,x,,,5,2026-01-01T00:00:00+00:00,1\n",
    "playlists-001.csv": b"playlist,name,description,public,created_at,place,title,artist,spotify,"
    b"isrc,mbid,own\n1,A,,0,2026-01-01T00:00:00+00:00,0,B,C,,,,0\n",
    "plays-001.csv": b"history,title,artist,namespace,known_as,played_at_s\n"
    b"linked_lastfm,A,B,spotify,x,1714564800\n",
    "not-me-001.csv": b"service,since_s,until_s,made_at\nspotify,1,2,2026-01-01T00:00:00+00:00\n",
    "lists-001.csv": b"history,list,title,artist,namespace,known_as\nexportify,saved,A,B,,\n",
}
"""What `/privacy export` gives."""


def _exports() -> dict[str, bytes]:
    plays = exports.array(*[exports.streamed(f"Song {n}") for n in range(20)], exports.PODCAST)
    of_all = {
        "1.json": plays,
        "2.json": exports.array(exports.OF_THE_YEAR),
        "3.jsonl": exports.lines(exports.LISTEN, exports.LISTEN),
        "4.json": exports.array({"track": [exports.SCROBBLE], "@attr": {"page": "1"}}),
        "5.csv": exports.EXPORTIFY.encode(),
    }
    bare = b"Low,Album,Lullaby,01 May 2024 12:00\n" * 9
    return {
        "spotify.json": plays,
        "all.zip": exports.zipped(of_all),
        "one.zip": exports.zipped({"a.json": plays}),
        "listens.jsonl": of_all["3.jsonl"],
        "pages.json": of_all["4.json"],
        "saved.csv": of_all["5.csv"],
        "lastfm.csv": bare,
        "own.zip": exports.zipped(OWN),
    }


def _read_export(path: Path) -> None:
    with path.open("rb") as file:
        for piece in read_export(file, path.name):
            decode(encode(piece))  # what is read must be believed, too


def _tables() -> dict[str, bytes]:
    packed = io.BytesIO()
    pl.DataFrame({"title": ["A", "B"], "artist": ["C", "D"], "tempo": [1.0, None]}).write_parquet(
        packed
    )
    plain = {name: text.encode() for name, text in tables.ALL.items()}
    return {
        **plain,
        "tidy.csv.gz": gzip.compress(plain["tidy.csv"], mtime=0),
        "fma.zip": exports.zipped(
            {"tracks.csv": plain["tracks.csv"], "echonest.csv": tables.FMA_ECHONEST.encode()}
        ),
        "table.parquet": packed.getvalue(),
    }


def _read_table(path: Path) -> None:
    for _ in _pieces(path, {}, ImportReport(str(path)), lambda _done, _whole: None, 1 << 20):
        pass


def _playlists() -> dict[str, bytes]:
    track = {"artist": "Low", "uri": "spotify:track:1", "title": "Lullaby"}
    table = "list,track_id,artist,title\n" + "1,a,Low,Lullaby\n2,,Can,Halleluwah\n" * 5
    listens = lists.as_lines(lists.listen(f"Song {n}", 60 * n, user=n % 2) for n in range(9))
    return {
        "table.csv": table.encode(),
        "table.csv.gz": gzip.compress(table.encode(), mtime=0),
        "slice.json": lists.as_slice([[track, track], [track]]),
        "dump.listens": listens,
        "dump.jsonl.gz": gzip.compress(listens, mtime=0),
    }


def _read_playlists(path: Path) -> None:
    for _ in read_pieces(find_files([path]), lambda _done, _whole: None):
        pass


def _seeds() -> dict[str, bytes]:
    return {name: content for name, content in _playlists().items() if name.startswith("table")}


@lru_cache(1)
def _sounds() -> dict[str, bytes]:
    mono, stereo = noise(), np.stack([noise(), noise()], axis=1)
    return {
        "a.wav": file_of(mono),
        "b.flac": file_of(mono, kind="FLAC"),
        "c.ogg": file_of(stereo, kind="OGG"),
        "d.mp3": file_of(stereo, kind="MP3"),
        "e.opus": file_of(noise(11), 24_000, "OGG", "OPUS"),
    }


def _read_sound(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        sound = read_sound(descriptor)
        if len(sound.samples) % 8 == 0:  # the arithmetic takes most of the time
            encode_sound(measure(sound))
    finally:
        os.close(descriptor)


READERS: Mapping[str, Reader] = {
    "exports": Reader(_exports, _read_export, BSideError),
    "tables": Reader(_tables, _read_table, BSideError),
    "playlists": Reader(_playlists, _read_playlists, BSideError),
    "seeds": Reader(_seeds, lambda path: _drop(read_seeds(path)), BSideError),
    "sounds": Reader(_sounds, _read_sound, SoundRefusedError),
}


def _drop(_: object) -> None:
    return
