"""Every layout of an export, and every fault it may have."""

import json
import struct
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.core.accounts import ListeningBasis
from bot.core.models import ExternalId
from bot.core.taste.listening import HistoryKind, Recording, Skip
from bot.errors import UserError
from bot.exports import opening
from bot.exports.pieces import Piece
from bot.exports.reading import read_export
from bot.exports.refusal import Refusal, RefusedError
from tests.exports.samples import (
    EXPORTIFY,
    LISTEN,
    OF_THE_YEAR,
    PODCAST,
    SCROBBLE,
    array,
    lines,
    streamed,
    zipped,
)

NOON_S = 1_714_564_800


def read(tmp_path: Path, content: bytes | str, name: str = "export") -> list[Piece]:
    path = tmp_path / "export"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with path.open("rb") as file:
        return [one for one in read_export(file, name) if isinstance(one, Piece)]


def one(tmp_path: Path, content: bytes | str, name: str = "export") -> Piece:
    (piece,) = read(tmp_path, content, name)
    return piece


ONE_PLAY = {
    "Spotify, extended": (array(streamed()), HistoryKind.SPOTIFY),
    "Spotify, extended, zipped": (
        zipped({"My Data/Streaming_History_Audio_2024.json": array(streamed()), "x.pdf": b"%PDF"}),
        HistoryKind.SPOTIFY,
    ),
    "Spotify, account data": (
        zipped(
            {
                "StreamingHistory_music_0.json": array(OF_THE_YEAR),
                "Userdata.json": b'{"username": "ann"}',
                "Playlist1.json": b'{"playlists": [' + b'{"name": "x"},' * 400_000 + b"{}]}",
            }
        ),
        HistoryKind.SPOTIFY_YEAR,
    ),
    "ListenBrainz, lines": (lines(LISTEN), HistoryKind.LISTENBRAINZ),
    "ListenBrainz, array": (array(LISTEN), HistoryKind.LISTENBRAINZ),
    "ListenBrainz, zip": (
        zipped({"user.json": b'{"user_id": 1}', "listens/2024/5.jsonl": lines(LISTEN)}),
        HistoryKind.LISTENBRAINZ,
    ),
    "Last.fm, plays": (array(SCROBBLE), HistoryKind.LASTFM),
    "Last.fm, pages": (array({"track": [SCROBBLE], "@attr": {"page": "1"}}), HistoryKind.LASTFM),
    "Last.fm, one long array": (
        b'{"username": "ann", "scrobbles": [{"track": "Lullaby", "artist": "Low", "album": "", '
        b'"date": 1714564800000}]}',
        HistoryKind.LASTFM,
    ),
    "Last.fm, table without a header": (
        "Low,I Could Live in Hope,Lullaby,01 May 2024 12:00\n", HistoryKind.LASTFM,
    ),
    "Last.fm, table with a header": (
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
        '"1714564800","01 May 2024, 12:00","Low","","","","Lullaby",""\n',
        HistoryKind.LASTFM,
    ),
    "Last.fm, semicolons": (
        "Artist;Album;AlbumId;Track;Date#ann\nLow;;;Lullaby;1714564800000\n", HistoryKind.LASTFM,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "kind"), ONE_PLAY.values(), ids=ONE_PLAY)
def test_a_play_is_read_from_every_layout(
    tmp_path: Path, content: bytes | str, kind: HistoryKind
) -> None:
    piece = one(tmp_path, content)

    assert (piece.kind, piece.basis, piece.places) == (kind, None, [0])
    assert piece.times_s == [NOON_S]
    (recording,) = piece.recordings
    assert (recording.title, recording.artist) == ("Lullaby", "Low")
    assert not piece.skipped


def test_a_play_of_spotify_keeps_its_id_and_nothing_of_the_device(tmp_path: Path) -> None:
    piece = one(tmp_path, array(streamed()))

    assert piece.recordings[0].known_as == ExternalId("spotify", "6f807x0ima9a1j3VPbc7VN")
    assert "203.0.113.7" not in repr(piece)
    assert "secret" not in repr(piece)


def test_a_listen_keeps_its_mbid(tmp_path: Path) -> None:
    known_as = one(tmp_path, lines(LISTEN)).recordings[0].known_as

    assert known_as == ExternalId("mbid", "11111111-1111-4111-8111-111111111111")


def test_what_counts_for_nothing_is_counted_by_reason(tmp_path: Path) -> None:
    rows = [
        streamed(), streamed(ms=29_999), PODCAST, {**streamed(), "ts": "yesterday"}, "no object",
        {**streamed(), "ms_played": "long"},
    ]  # fmt: skip

    piece = one(tmp_path, array(*rows))

    assert len(piece.places) == 1
    assert piece.skipped == Counter({Skip.BAD: 3, Skip.SHORT: 1, Skip.OTHER: 1})


@pytest.mark.parametrize(
    "row",
    [
        {**streamed(), "ms_played": 10**30},
        {**streamed(), "ts": "0001-01-01T00:00:00+14:00"},
        {**streamed(), "ts": "²"},
        {**LISTEN, "listened_at": "0001-01-01T00:00:00+14:00"},
        {**SCROBBLE, "date": {"uts": "²"}},
        {"artist": "Low", "track": "Lullaby", "date": "²"},
    ],
    ids=["longer than time", "before time", "no digit", "a listen", "a scrobble", "plain fields"],
)
def test_a_play_at_no_time_that_can_be_is_left_out(tmp_path: Path, row: dict[str, Any]) -> None:
    good = SCROBBLE if "artist" in row else LISTEN if "track_metadata" in row else streamed()

    piece = one(tmp_path, array(good, row))

    assert len(piece.times_s) == 1
    assert piece.skipped == Counter({Skip.BAD: 1})


def test_what_no_database_takes_is_dropped_from_names(tmp_path: Path) -> None:
    row = {**streamed("Lul\0laby\ud800"), "spotify_track_uri": "spotify:track:\ud800x\0"}

    (recording,) = one(tmp_path, array(row)).recordings

    assert (recording.title, recording.known_as) == ("Lullaby", ExternalId("spotify", "x"))


def test_exportify_is_a_list_and_its_name_tells_which(tmp_path: Path) -> None:
    saved, other = (one(tmp_path, EXPORTIFY, name) for name in ("Liked_Songs.csv", "party.csv"))

    assert (saved.basis, other.basis) == (ListeningBasis.SAVED, ListeningBasis.PLAYLIST)
    assert saved.recordings == [
        Recording("Lullaby", "Tyler, The Creator", ExternalId("spotify", "6f807x0ima9a1j3VPbc7VN")),
        Recording("Mine", "Me"),
    ]
    assert saved.times_s == []


NEW_EXPORTIFY = (
    "Track URI,Track Name,Album Name,Artist Name(s),Release Date\n"
    'spotify:track:1,"Noid","Chromakopia","Tyler, The Creator",2024\n'
    'spotify:track:2,"Boogie","X","Nile Rodgers;Earth, Wind & Fire",1978\n'
    ',"undefined","undefined","undefined"\n'  # it leaves the rest out
    'spotify:local:Me::Mine:200,"Mine","","Me"\n'
)


def test_exportify_without_ids_of_artists_parts_them_by_semicolons_alone(tmp_path: Path) -> None:
    piece = one(tmp_path, NEW_EXPORTIFY, "party.csv")

    assert [(each.title, each.artist) for each in piece.recordings] == [
        ("Noid", "Tyler, The Creator"),
        ("Boogie", "Nile Rodgers"),
        ("Mine", "Me"),
    ]
    assert piece.skipped == Counter({Skip.OTHER: 1})


def test_a_table_that_begins_with_what_plays_now_is_read(tmp_path: Path) -> None:
    now = '"Low","I could live in hope","Lullaby",""\n'
    plays = '"Low","I could live in hope","Words","01 May 2024 12:00"\n' * 2

    piece = one(tmp_path, now + plays)

    assert piece.kind is HistoryKind.LASTFM
    assert piece.times_s == [NOON_S, NOON_S]
    assert piece.skipped == Counter({Skip.BAD: 1})


def test_a_quote_that_never_ends_over_long_lines_is_no_export(tmp_path: Path) -> None:
    content = "a,b,c,d\n" + 'x,"' + ("y" * 100_000 + "\n") * 5

    with pytest.raises(RefusedError) as refused:
        read(tmp_path, content)

    assert refused.value.why is Refusal.NOT_AN_EXPORT


def test_the_library_of_2020_is_read_by_its_names(tmp_path: Path) -> None:
    saved = [{"artist": "Low", "album": "X", "track": name} for name in ("Lullaby", "Words")]
    library = json.dumps({"tracks": saved, "albums": [], "shows": []})

    piece = one(tmp_path, library, "YourLibrary.json")

    assert (piece.kind, piece.basis) == (HistoryKind.SPOTIFY_YEAR, ListeningBasis.SAVED)
    assert piece.recordings == [Recording("Lullaby", "Low"), Recording("Words", "Low")]


def test_a_play_with_a_time_is_no_saved_track(tmp_path: Path) -> None:
    plays = [{"artist": "Low", "album": "X", "track": "Lullaby", "date": NOON_S}]

    assert one(tmp_path, json.dumps({"scrobbles": plays})).kind is HistoryKind.LASTFM


def test_maloja_names_artists_and_title_within_the_track(tmp_path: Path) -> None:
    def scrobble(time: object, **track: object) -> dict[str, object]:
        return {"time": time, "track": track, "duration": None, "origin": "client:default"}

    scrobbles = [
        scrobble(NOON_S, artists=["Low", "Ben"], title="Lullaby", album={"artists": ["Low"]}),
        scrobble(NOON_S, artists=[], title="By nobody"),
        scrobble("soon", artists=["Low"], title="Words"),
        {"time": NOON_S, "track": "Lullaby"},
    ]

    piece = one(tmp_path, json.dumps({"maloja": {"export_time": 1}, "scrobbles": scrobbles}))

    assert piece.kind is HistoryKind.MALOJA
    assert piece.recordings == [Recording("Lullaby", "Low")]
    assert piece.times_s == [NOON_S]
    assert piece.skipped == Counter({Skip.OTHER: 1, Skip.BAD: 2})


def test_a_file_whose_first_object_is_strange_is_told_by_the_others(tmp_path: Path) -> None:
    piece = one(tmp_path, json.dumps([{"version": 2}, SCROBBLE]))

    assert piece.kind is HistoryKind.LASTFM
    assert len(piece.places) == 1
    assert piece.skipped.total() == 1


def test_the_library_in_the_account_data_of_spotify_is_what_was_saved(tmp_path: Path) -> None:
    saved = {"artist": "Low", "album": "", "track": "Lullaby", "uri": "spotify:track:abc"}
    library = {"tracks": [saved], "albums": [], "shows": []}

    piece = one(tmp_path, zipped({"YourLibrary.json": json.dumps(library).encode()}))

    assert (piece.kind, piece.basis) == (HistoryKind.SPOTIFY_YEAR, ListeningBasis.SAVED)
    assert piece.recordings == [Recording("Lullaby", "Low", ExternalId("spotify", "abc"))]


def test_a_long_history_comes_in_pieces_that_hold_each_recording_once(tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_bytes(array(*[streamed(at=f"12:{n:02d}:00") for n in range(10)]))

    with path.open("rb") as file:
        read_on = read_export(file, "export", size=4)
        pieces = [one for one in read_on if isinstance(one, Piece)]

    assert [len(piece.places) for piece in pieces] == [4, 4, 2]
    assert [len(piece.recordings) for piece in pieces] == [1, 1, 1]
    assert pieces[-1].share == 1


CUT = {
    "in a play": array(streamed(), streamed())[:-40],
    "after a play": array(streamed(), streamed()).rstrip(b"]"),
    "in a zip": zipped({"a.json": array(*[streamed(str(n)) for n in range(999)])})[:-3000],
    "in a line": lines(LISTEN, LISTEN)[:-30],
    "in quotes": 'Artist,Track,Date\nLow,"Lullaby',
    "rubbish between plays": array(streamed()).rstrip(b"]") + b"} oops",
}


@pytest.mark.parametrize("content", CUT.values(), ids=CUT)
def test_a_damaged_file_is_named_so(tmp_path: Path, content: bytes | str) -> None:
    with pytest.raises(UserError, match="cut off or damaged"):
        read(tmp_path, content)


FOREIGN = {
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(128)),
    "a song": b"ID3\x04\x00" + bytes(500),
    "another JSON": b'{"hello": "world"}',
    "an empty array": b"[]",
    "another table": b"name,age\nann,3\n",
    "another zip": zipped({"readme.txt": b"hello", "a.json": b"[1, 2]"}),
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_a_file_that_is_no_export_is_refused_with_what_is_read(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(UserError, match="I do not know this file"):
        read(tmp_path, content)


def test_an_empty_file_is_named_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is empty"):
        read(tmp_path, b"")


@pytest.mark.parametrize("encoding", ["cp1252", "shift_jis"])
def test_a_table_in_another_encoding_is_told_how_to_be_saved(tmp_path: Path, encoding: str) -> None:
    table = "Track URI,Track Name,Artist Name(s)\nspotify:track:1,Jóga,Björk\n"
    if encoding == "shift_jis":
        table = "Track URI,Track Name,Artist Name(s)\nspotify:track:1,夜,花\n"

    with pytest.raises(UserError, match="CSV UTF-8"):
        read(tmp_path, table.encode(encoding))


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = zipped({"Streaming_History_Audio.json": b"[" + b" " * (64 << 20)})

    with pytest.raises(UserError, match="far more than an export holds"):
        read(tmp_path, bomb)


def test_a_zip_with_thousands_of_files_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="thousands of files"):
        read(tmp_path, zipped({f"{n}.json": b"[]" for n in range(opening.MOST_FILES + 1)}))


def listed(count: int, *, told: int | None = None, long: bool = False) -> bytes:
    """Return a zip that is nothing but a list of so many empty files."""
    entry = b"PK\1\2" + bytes(24) + (6).to_bytes(2, "little") + bytes(16) + b"a.json"
    entries, length = told if told is not None else count, count * len(entry)
    content, end = entry * count, b""
    if long:
        end = b"PK\6\6" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, entries, entries, length, 0)
        end += b"PK\6\7" + struct.pack("<LQL", 0, len(content), 1)
        entries, length = 0xFFFF, 0xFFFFFFFF
    short = min(entries, 0xFFFF)
    return content + end + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, short, short, length, 0, 0)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(listed(40_000), id="as it says"),
        pytest.param(listed(40_000, told=1), id="as the length of the list says"),
        pytest.param(listed(40_000, long=True), id="as the long end says"),
        pytest.param(listed(40_000, told=1, long=True), id="as the long length says"),
    ],
)
def test_a_zip_of_very_many_files_is_refused_before_they_are_listed(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the list was read")

    monkeypatch.setattr(zipfile, "ZipFile", never)

    with pytest.raises(UserError, match="thousands of files"):
        read(tmp_path, content)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_rare_packing_is_named_so(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "rare.zip", "w", method) as archive:
        archive.writestr("a.json", array(streamed()))

    with pytest.raises(UserError, match="packed in a rare way"):
        read(tmp_path, (tmp_path / "rare.zip").read_bytes())


def test_only_so_many_rows_of_a_file_are_read_whether_they_count_or_not(tmp_path: Path) -> None:
    path, rows = tmp_path / "export", 0
    path.write_bytes(array(*[streamed()] * 5, *[PODCAST] * 200, *[streamed()] * 5))

    with path.open("rb") as file, pytest.raises(RefusedError) as caught:  # noqa: PT012
        for piece in read_export(file, "export", size=2, most_rows=100):
            assert isinstance(piece, Piece)
            rows += len(piece.places) + piece.skipped.total()

    assert caught.value.why is Refusal.ROWS
    assert 100 <= rows < 100 + 102


def test_a_zip_with_a_password_is_named_so(tmp_path: Path) -> None:
    locked = bytearray(zipped({"a.json": array(streamed())}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        flags = locked.index(mark) + (6 if mark.endswith(b"\x04") else 8)
        locked[flags] |= 1

    with pytest.raises(UserError, match="locked with a password"):
        read(tmp_path, bytes(locked))
