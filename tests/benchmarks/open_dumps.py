"""Dumps made by rule, in the layout of the true ones, of any size, with their faults.

`uv run python -m tests.benchmarks.open_dumps FOLDER ROWS [KEPT]` writes a canonical dump of ROWS
recordings, of which KEPT have enough listeners or were measured.
"""

import csv
import gzip
import io
import sys
import tarfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

import numpy as np
import polars as pl

from bot.services.archives import zstd

PIECE = 200_000
BLOCK = 600
"""Recordings in a row that the same people play."""
FANS = 120
SITTINGS = 2
WORDS = (
    "river", "moon", "glass", "paper", "silver", "winter", "engine", "garden", "ghost", "velvet",
    "stone", "summer", "mirror", "salt", "honey", "cloud", "station", "orchard", "lantern",
    "harbour", "violet", "copper", "thunder", "meadow", "echo", "island",
)  # fmt: skip
VERSIONS = ("", "", "", "", "", "", " (live)", " - Remastered 2011", " (Ao Vivo)", " (demo)")


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    rows: int
    kept: int
    """Recordings that enough people play."""
    measured: int
    listeners: int = 5000


def mbids(start: int, count: int, salt: int = 0) -> list[str]:
    """Return ids of recordings by their number, always the same."""
    rng = np.random.default_rng([start // PIECE, salt, 7])
    raw = rng.bytes(16 * count)
    return [
        str(uuid.UUID(bytes=raw[16 * place : 16 * place + 16], version=4)) for place in range(count)
    ]


def names(numbers: np.ndarray) -> tuple[list[str], list[str]]:
    """Return title and artist of recordings by their number."""
    titles, artists = [], []
    for number in numbers.tolist():
        artist = number // 12
        first, second = WORDS[artist % len(WORDS)], WORDS[artist // len(WORDS) % len(WORDS)]
        artists.append(f"{first.title()} {second.title()} {artist // len(WORDS) ** 2}")
        one, two = WORDS[number % len(WORDS)], WORDS[number // 7 % len(WORDS)]
        titles.append(f"{one} {two} {number % 997}{VERSIONS[number % len(VERSIONS)]}")
    return titles, artists


def write(folder: Path, size: Size, *, faults: bool = True) -> None:
    """Write all dumps into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    canonical = {
        "canonical/canonical_musicbrainz_data.csv": lambda out: _canonical(out, size, faults),
        "canonical/canonical_recording_redirect.csv": lambda out: _redirects(out, size),
    }
    _tar_zst(folder / "musicbrainz-canonical-dump-20261115-080003.tar.zst", "dump", canonical)
    for name, rows in (("rhythm", _rhythm), ("tonal", _tonal), ("lowlevel", _lowlevel)):
        member = f"acousticbrainz-lowlevel-features-20220623-{name}.csv"
        makers = {member: lambda out, rows=rows: rows(out, size, faults)}
        target = folder / f"acousticbrainz-lowlevel-features-20220623-{name}.tar.zst"
        _tar_zst(target, "acousticbrainz", makers)
    _listens(folder / "listenbrainz-spark-dump-2000-20261115-000003-full.tar", size)
    _discogs(folder / "discogs_20261101_masters.xml.gz", size, faults, songs=False)
    _discogs(folder / "discogs_20261101_releases.xml.gz", size, faults, songs=True)


Maker = Callable[[IO[str]], None]


def _tar_zst(target: Path, inside: str, makers: Mapping[str, Maker]) -> None:
    with zstd.open(target, "wb") as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
        for name, make in makers.items():
            own = target.with_suffix(".one")
            with own.open("w", encoding="utf-8", errors="surrogateescape", newline="") as text:
                make(text)
            archive.add(own, f"{inside}/{name}")
            own.unlink()


def _pieces(rows: int) -> Iterator[tuple[int, int]]:
    for start in range(0, rows, PIECE):
        yield start, min(PIECE, rows - start)


def _canonical(out: IO[str], size: Size, faults: bool) -> None:
    writer = csv.writer(out)
    writer.writerow(
        ["id", "artist_credit_id", "artist_mbids", "artist_credit_name", "release_mbid",
         "release_name", "recording_mbid", "recording_name", "combined_lookup", "score", "new"]
    )  # fmt: skip
    for start, count in _pieces(size.rows):
        numbers = np.arange(start, start + count)
        titles, artists = names(numbers)
        ids = mbids(start, count)
        for place in range(count):
            number = start + place
            credit = artists[place]
            artist_ids = f"{number:08x}-0000-4000-8000-000000000000"
            if number % 50 == 0:
                credit, artist_ids = f"{credit} feat. Guest {number}", f"{artist_ids},{artist_ids}"
            writer.writerow(
                [number, number // 12, artist_ids, credit, ids[place], f"Album {number // 12}",
                 ids[place], titles[place], f"{credit}{titles[place]}".lower(), number, ""]
            )  # fmt: skip
        if faults:
            out.write("12,cut off\n")
            out.write('7,7,x,Bad \udcff Bytes,x,x,not an id,"Nobody",x,1,\n')


def _redirects(out: IO[str], size: Size) -> None:
    writer = csv.writer(out)
    writer.writerow(["recording_mbid", "canonical_recording_mbid", "canonical_release_mbid"])
    for start, count in _pieces(size.rows):
        ids, others = mbids(start, count), mbids(start, count, salt=1)
        for place in range(0, count, 20):
            writer.writerow([others[place], ids[place], ids[place]])


def _chosen(size: Size, share: int) -> Iterator[tuple[np.ndarray, list[str]]]:
    """Yield the recordings that some dump knows, piece by piece."""
    step = max(1, size.rows // max(1, share))
    for start, count in _pieces(size.rows):
        places = np.arange((-start) % step, count, step)
        ids = mbids(start, count)
        yield start + places, [ids[place] for place in places.tolist()]


def _table(
    out: IO[str], size: Size, faults: bool, header: str, row: Callable[[int, int], str]
) -> None:
    out.write(f"mbid,submission_offset,{header}\n")
    for numbers, ids in _chosen(size, size.measured):
        for number, mbid in zip(numbers.tolist(), ids, strict=True):
            for offset in range(1 + number % 3):
                out.write(f"{mbid},{offset},{row(number, offset)}\n")
        if faults:
            out.write("cut off\nno id,0,1,2,3,4,5,6,7\n")


def _rhythm(out: IO[str], size: Size, faults: bool) -> None:
    header = (
        "bpm,bpm_histogram_first_peak_bpm_mean,bpm_histogram_first_peak_bpm_median,danceability"
    )

    def row(number: int, offset: int) -> str:
        bpm = 70 + number % 110
        return f"{bpm + offset},{bpm},{bpm},{0.6 + number % 1000 / 600:.3f}"

    _table(out, size, faults, f"{header},onset_rate", lambda n, o: f"{row(n, o)},3.1")


def _tonal(out: IO[str], size: Size, faults: bool) -> None:
    keys = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

    def row(number: int, offset: int) -> str:
        return f"{keys[number % 12]},{'major' if number % 3 else 'minor'},440.0"

    _table(out, size, faults, "key_key,key_scale,tuning_frequency", row)


def _lowlevel(out: IO[str], size: Size, faults: bool) -> None:
    _table(
        out, size, faults, "average_loudness,dynamic_complexity,mfcc_zero_mean",
        lambda number, offset: f"{0.1 + number % 900 / 1000:.3f},3.2,-700.1",
    )  # fmt: skip


def _listens(target: Path, size: Size) -> None:
    with tarfile.open(target, "w") as archive:
        for part, (numbers, ids) in enumerate(_chosen(size, size.kept)):
            rng = np.random.default_rng(part)
            often = 12 + (numbers % 20)  # so many listeners
            mbid = np.repeat(np.array(ids, object), often)
            block = np.repeat(numbers // BLOCK, often)
            user = 1 + (block * 7 + rng.integers(0, FANS, len(mbid))) % size.listeners
            sitting = block * SITTINGS + rng.integers(0, SITTINGS, len(mbid))
            at = 1_500_000_000 + sitting * 40_000 % 200_000_000 + rng.integers(0, 3000, len(mbid))
            once = rng.random(len(mbid)) < 0.1
            times = pl.Series(np.concatenate([at, at[once] + 60]) * 1000)
            frame = pl.DataFrame(
                {
                    "listened_at": times.cast(pl.Datetime("ms")),
                    "user_id": np.concatenate([user, user[once]]),
                    "recording_msid": pl.Series(["x"] * (len(mbid) + int(once.sum()))),
                    "recording_mbid": pl.Series([*mbid.tolist(), *mbid[once].tolist()]),
                }
            )
            frame = pl.concat(
                [
                    frame,
                    frame.head(1000).with_columns(pl.lit(None, pl.String).alias("recording_mbid")),
                ]
            )
            content = io.BytesIO()
            frame.write_parquet(content)
            info = tarfile.TarInfo(f"listenbrainz-spark-dump/{part}.parquet")
            info.size = content.tell()
            content.seek(0)
            archive.addfile(info, content)
        letter = b"CC0\n"
        info = tarfile.TarInfo("listenbrainz-spark-dump/COPYING")
        info.size = len(letter)
        archive.addfile(info, io.BytesIO(letter))


def _discogs(target: Path, size: Size, faults: bool, *, songs: bool) -> None:
    """Write albums of most artists, or editions of some with their songs."""
    record, root = ("release", "releases") if songs else ("master", "masters")
    with gzip.open(target, "wt", encoding="utf-8", compresslevel=3) as out:
        out.write(f"<{root}>\n")
        for start, count in _pieces(size.rows):
            numbers = np.arange(start, start + count)
            titles, artists = names(numbers)
            for place in range(0, count - 12, 36 if songs else 12):
                number = start + place
                if number // 12 % 5 == 0:
                    continue
                credit = artists[place] + (" (2)" if number % 7 == 0 else "")
                tracks = "".join(
                    f"<track><position>{at + 1}</position><title>{escape(title)}</title>"
                    "<duration>3:05</duration></track>"
                    for at, title in enumerate(titles[place : place + 12])
                )
                out.write(_record(record, number, credit, f"Album {number // 12}", tracks * songs))
        if faults:
            out.write(_record(record, 1, "Various", "Hits", "", artist_id=194))
            out.write(f'<{record} id="2"><title>Nothing known</title></{record}>\n')
        out.write(f"</{root}>\n")


def _record(
    kind: str, number: int, artist: str, title: str, tracks: str, *, artist_id: int = 7
) -> str:
    block = number // BLOCK
    genres = ("Rock", "Jazz", "Folk, World, &amp; Country", "Electronic", "Funk / Soul")
    listed = f"<tracklist><track><title>Side A</title></track>{tracks}</tracklist>"
    return (
        f'<{kind} id="{number}"><artists><artist><id>{artist_id}</id><name>{escape(artist)}</name>'
        "<join>,</join></artist></artists><extraartists><artist><id>9</id><name>Engineer</name>"
        f"</artist></extraartists><genres><genre>{genres[block % 5]}</genre></genres>"
        f"<styles><style>Style {block % 40}</style><style>Style {block % 7}</style></styles>"
        f"<year>2008</year><title>{title}</title>{listed * bool(tracks)}"
        f'<videos><video src="x"><title>Not an album</title></video></videos></{kind}>\n'
    )


if __name__ == "__main__":
    rows_ = int(sys.argv[2])
    kept_ = int(sys.argv[3]) if len(sys.argv) > 3 else rows_ // 6
    write(Path(sys.argv[1]), Size(rows_, kept_, kept_ // 2))
