import json
from pathlib import Path

import pytest

from bot.errors import SeedsError
from bot.services.scene.files import find_files
from bot.services.scene.listen_dumps import PIECE, read_listens
from bot.services.scene.pieces import ListenPiece, PlaylistPiece
from bot.services.scene.reading import read_pieces
from tests.services.scene.samples import (
    MONDAY,
    as_lines,
    as_slice,
    listen,
    track,
    written,
)

SPOTIFY = "6f807x0ima9a1j3VPbc7VN"
MBID = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"


def read(*paths: Path) -> list[PlaylistPiece | ListenPiece]:
    return list(read_pieces(find_files(paths), lambda done, whole: None))


def listens(path: Path) -> ListenPiece:
    (piece,) = read(path)
    assert isinstance(piece, ListenPiece)
    return piece


def playlists(path: Path) -> PlaylistPiece:
    (piece,) = read(path)
    assert isinstance(piece, PlaylistPiece)
    return piece


def test_a_table_gives_its_lists(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv.gz", b"list,artist,title\nx,Low,Bells\ny,Can,Yoo\nx,Can,I\n")

    piece = playlists(path)

    assert (piece.lists, list(piece.owners)) == (2, [0, 1, 0])
    assert list(piece.tracks) == [(None, "Low", "Bells"), (None, "Can", "Yoo"), (None, "Can", "I")]


def test_the_playlists_of_spotifys_account_data_are_read(tmp_path: Path) -> None:
    def item(track: object, episode: object = None) -> dict[str, object]:
        return {"track": track, "episode": episode, "localTrack": None, "addedDate": "2024-01-01"}

    bells = {"trackName": "Bells", "artistName": "Low", "trackUri": f"spotify:track:{SPOTIFY}"}
    old = {"trackName": "Yoo", "artistName": "Can", "albumName": "X"}
    items = [item(bells), item(None, {"episodeName": "Talk"}), item(old)]
    document = {"playlists": [{"name": "p", "items": items}, {"name": "empty", "items": []}]}
    path = written(tmp_path / "Playlist1.json", json.dumps(document).encode())

    piece = playlists(path)

    assert (piece.lists, list(piece.owners)) == (2, [0, 0])
    assert list(piece.tracks) == [
        (f"spotify:track:{SPOTIFY}", "Low", "Bells"),
        (None, "Can", "Yoo"),
    ]


@pytest.mark.parametrize("indent", [None, 4], ids=["one line", "indented"])
def test_a_slice_gives_its_playlists(tmp_path: Path, indent: int | None) -> None:
    uri = f"spotify:track:{SPOTIFY}"
    content = as_slice(
        [[track("Bells", uri=uri), track("Yoo", "Can")], [], [track("I")]], indent=indent
    )

    piece = playlists(written(tmp_path / "mpd.slice.0-999.json", content))

    assert (piece.lists, list(piece.owners)) == (3, [0, 0, 2])
    assert piece.tracks[0] == (uri, "Low", "Bells")
    assert piece.tracks[1][1:] == ("Can", "Yoo")


def test_a_dump_gives_its_listens(tmp_path: Path) -> None:
    link = f"https://open.spotify.com/track/{SPOTIFY}"
    content = as_lines(
        [
            listen("Bells", 0, user=5, spotify_id=link, recording_mbid=MBID),
            listen("Yoo", 9, user=7, artist="Can", recording_mbid=MBID),
            listen("Ióla", 4, user=5, artist="Sigur Rós"),
        ]
    )

    piece = listens(written(tmp_path / "1.listens", content))

    assert list(piece.listeners) == ["5", "7", "5"]
    assert list(piece.times_s) == [MONDAY, MONDAY + 9, MONDAY + 4]
    assert list(piece.tracks) == [
        (SPOTIFY, "Low", "Bells"),
        (MBID, "Can", "Yoo"),
        (None, "Sigur Rós", "Ióla"),
    ]
    assert piece.skipped == 0


def test_the_recording_that_was_found_counts_more_than_the_one_that_was_sent(
    tmp_path: Path,
) -> None:
    found = MBID.replace("8", "9")
    row = listen("Bells", 0, artist="Low & Dirty Three", recording_mbid=MBID)
    artists = [{"artist_credit_name": "Low"}, {"artist_credit_name": "Dirty Three"}]
    row["track_metadata"]["mbid_mapping"] = {"recording_mbid": found, "artists": artists}

    piece = listens(written(tmp_path / "1.listens", as_lines([row])))

    assert list(piece.tracks) == [(found, "Low", "Bells")]


def test_the_time_may_be_called_timestamp_and_the_listener_go_by_name(tmp_path: Path) -> None:
    old = listen("Bells", 0)
    old["timestamp"] = old.pop("listened_at")
    del old["user_id"]

    piece = listens(written(tmp_path / "old.listens", as_lines([old])))

    assert (piece.listeners, piece.times_s) == (["user 1"], [MONDAY])


def test_an_export_without_a_user_is_one_listener_in_all_its_files(tmp_path: Path) -> None:
    for name in (
        "ann/listens/2024/1.jsonl",
        "ann/listens/2024/2.jsonl",
        "ben/listens/2024/1.jsonl",
    ):
        written(tmp_path / name, as_lines([listen("Bells", 0, user=None)]))

    pieces = read(tmp_path / "ann", tmp_path / "ben")

    names = [piece.listeners[0] for piece in pieces if isinstance(piece, ListenPiece)]
    assert names[0] == names[1] != names[2]


def test_lines_that_are_no_listen_are_counted_and_passed_over(tmp_path: Path) -> None:
    nameless, timeless, odd = listen(" ", 0), listen("Yoo", 0), listen("I", 0)
    del timeless["listened_at"]
    odd["listened_at"] = "yesterday"
    later = listen("Then", 10**13)
    garbled = listen("\ud800Bells", 1)
    content = (
        as_lines([nameless, timeless, odd, later, 5, {"track_metadata": 1}, garbled]) + b"\n\n"
    )

    piece = listens(written(tmp_path / "1.listens", content))

    assert piece.skipped == 6
    assert list(piece.tracks) == [(None, "Low", "Bells")]


def test_many_listens_come_in_pieces(tmp_path: Path) -> None:
    line = json.dumps(listen("Bells", 0)).encode() + b"\n"
    told: list[tuple[int, int]] = []
    path = written(tmp_path / "1.listens", line * (PIECE + 1))
    size = path.stat().st_size

    pieces = list(read_pieces(find_files([path]), lambda done, whole: told.append((done, whole))))

    assert [len(piece.tracks) for piece in pieces] == [PIECE, 1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) > 2
    assert told[-1] == (size, size)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"thing,artist\nBells,Low\n", "a.csv has neither a column track_id"),
        ("a.csv", b"list,artist,title\nx,Low\n", "Line 2 of .*a.csv has 2 of 3 columns"),
        ("a.csv", b"", "a.csv is empty"),
        ("a.json", as_slice([[track("Bells")]])[:-40], "Line 20 of .*a.json is not JSON .*cut off"),
        ("a.json", b'{"playlists": {}}', 'a.json holds no list "playlists"'),
        ("a.json", b'{"tracks": []}', 'a.json holds no list "playlists"'),
        ("a.json", b'{"playlists": [{"name": "x"}]}', "Playlist 1 of .*a.json has no tracks"),
        ("a.json", b'{"playlists": [{"tracks": [5]}]}', "Playlist 1 of .*a.json has no tracks"),
        ("a.json", b'{"playlists": ' + b"[" * 100_000, "a.json is not JSON"),
        ("a.listens", as_lines([listen("Bells", 0)] * 3)[:-9], "Line 3 of .*a.listens is not JSON"),
        ("a.jsonl", b"[" * 200_000, "Line 1 of .*a.jsonl is not JSON"),
        ("a.jsonl", b'{"a": "' + b"x" * (1 << 20), "Line 1 of .*a.jsonl is longer than 1 MB"),
    ],
    ids=[
        "a table with other columns", "a table with a short line", "an empty table",
        "a slice that is cut off", "playlists that are none", "JSON of another kind",
        "a playlist without tracks", "tracks that are none", "JSON without a bottom",
        "listens that are cut off", "a line without a bottom", "a line without an end",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(SeedsError, match=sentence):
        read(written(tmp_path / name, content))


@pytest.mark.parametrize("name", ["a.csv.gz", "a.json.gz", "a.listens.gz"])
def test_a_gzip_that_is_cut_off_is_a_sentence(tmp_path: Path, name: str) -> None:
    lines = [listen(f"Song {n}", n) for n in range(3000)]
    many = [[track(f"Song {n}", f"Artist {n}") for n in range(3000)]]
    table = b"track_id\n" + b"".join(b"id%d\n" % n for n in range(60_000))
    content = {"csv": table, "json": as_slice(many), "listens": as_lines(lines)}[name.split(".")[1]]
    path = written(tmp_path / name, content)
    path.write_bytes(path.read_bytes()[:-30])

    with pytest.raises(SeedsError, match="is cut off"):
        read(path)


def test_a_file_that_swells_is_not_unpacked(tmp_path: Path) -> None:
    bomb = written(tmp_path / "bomb.jsonl.gz", (b" " * 1023 + b"\n") * (80 << 10))

    with pytest.raises(SeedsError, match="more than 100 times its size"):
        list(read_listens(bomb, "ann", lambda _read: None))
