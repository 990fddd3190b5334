"""Exports of services and players, as each writes them: plays, and tracks of lists."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.core.accounts import ListeningBasis
from bot.core.models import ExternalId
from bot.core.taste import HistoryKind, Skip
from bot.exports.pieces import Piece, decode, encode
from bot.exports.reading import read_export
from bot.exports.refusal import RefusedError
from tests.exports.samples import SPOTIFY_URI, array, lines, zipped

NOON_S = 1_714_564_800
"""2024-05-01 12:00 UTC"""
ISO = "2024-05-01T12:00:00Z"


def read(tmp_path: Path, content: bytes | str, name: str = "export") -> list[Piece]:
    path = tmp_path / "export"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with path.open("rb") as file:
        return [one for one in read_export(file, name) if isinstance(one, Piece)]


def names(pieces: list[Piece]) -> list[tuple[str, str]]:
    return [(one.title, one.artist) for piece in pieces for one in piece.recordings]


def alias(*named: str) -> dict[str, Any]:
    return {
        "mbid": None,
        "is_primary": False,
        "aliases": [
            {"alias": name, "source": "Canonical", "is_primary": place == len(named) - 1}
            for place, name in enumerate(named)
        ],
    }


KOITO = {
    "version": "1",
    "exported_at": ISO,
    "user": "me",
    "listens": [
        {
            "listened_at": "2024-05-01T12:00:00+00:00",
            "track": {**alias("Lullaby (other)", "Lullaby"), "duration": 240},
            "album": alias("I Could Live in Hope"),
            "artists": [alias("Guest"), {**alias("Low"), "is_primary": True}],
        },
        {"listened_at": "soon", "track": alias("X"), "artists": [alias("Y")]},
    ],
}
LOG = (
    "#AUDIOSCROBBLER/1.1\n#TZ/UNKNOWN\n#CLIENT/Rockbox sansaclipplus\n"
    "Low\tI Could Live\tLullaby\t5\t583\tL\t1714564800\t11111111-1111-4111-8111-111111111111\n"
    'Low\t\tSay "Hi"\t\t200\tL\t1714564800\t\n'
    "Low\t\tSkipped\t\t200\tS\t1714564900\t\n"
    "Low\t\tNo clock\t\t200\tL\t0\t\n"
)
PANO_ROW = {"timeMs": NOON_S * 1000, "track": "Lullaby", "artist": "Low", "event": "scrobble"}
PANO_CSV = (
    "timeHuman,timeMs,artist,track,album,albumArtist,durationMs,mediaPlayerPackage,event\n"
    f"x,{NOON_S * 1000},Low,Lullaby,A,,,com.app,scrobble\n"
)
WATCHED = {
    "header": "YouTube Music",
    "title": "Watched Lullaby",
    "titleUrl": "https://music.youtube.com/watch?v=x",
    "subtitles": [{"name": "Low - Topic", "url": "https://www.youtube.com/channel/x"}],
    "time": ISO,
    "products": ["YouTube"],
    "activityControls": ["YouTube watch history"],
}
APPLE_HEADER = (
    "Album Name,Apple Id Number,Container Artist Name,Container Type,Event End Timestamp,"
    "Event Start Timestamp,Event Type,Media Type,Play Duration Milliseconds,Song Name\n"
)
APPLE_PLAYS = (
    APPLE_HEADER
    + f"Hope,1,,PLAYLIST,2024-05-01T12:04:00Z,{ISO},PLAY_END,AUDIO,240000,Lullaby\n"
    + f"Hope,1,,PLAYLIST,,{ISO},PLAY_START,AUDIO,0,Lullaby\n"
    + "Solo,1,Ann,ALBUM,2024-05-01T12:04:00Z,,PLAY_END,AUDIO,240000,Sand\n"
    + f"Nowhere,1,,RADIO,,{ISO},PLAY_END,AUDIO,240000,Whose\n"
    + f"Hope,1,,PLAYLIST,,{ISO},PLAY_END,VIDEO,240000,Lullaby\n"
)
APPLE_DAYS = (
    "Country,Track Identifier,Media type,Date Played,Hours,Play Duration Milliseconds,"
    "End Reason Type,Source Type,Play Count,Skip Count,Ignore For Recommendations,"
    "Track Reference,Track Description\n"
    'Germany,1,AUDIO,20240501,"12, 13",480000,NATURAL_END,IPHONE,2,0,,1,Low - Lullaby\n'
)
APPLE_LIBRARY = [
    {"Content Type": "Song", "Track Identifier": 1, "Title": "Lullaby", "Artist": "Low",
     "Album": "Hope", "Track Play Count": 3},
    {"Content Type": "Podcast", "Title": "Talk", "Artist": "Somebody"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (json.dumps(KOITO), HistoryKind.KOITO),
        (LOG, HistoryKind.SCROBBLER_LOG),
        (LOG.replace("1.1", "1.0"), HistoryKind.SCROBBLER_LOG),
        (lines(PANO_ROW), HistoryKind.PANO),
        (array(PANO_ROW), HistoryKind.PANO),
        (PANO_CSV, HistoryKind.PANO),
        (PANO_CSV.replace(",", "\t"), HistoryKind.PANO),
        (array(WATCHED), HistoryKind.YOUTUBE),
        (APPLE_DAYS, HistoryKind.APPLE),
    ],
)
def test_a_play_is_read_of_every_service(
    tmp_path: Path, content: bytes | str, kind: HistoryKind
) -> None:
    pieces = read(tmp_path, content)

    assert {piece.kind for piece in pieces} == {kind}
    assert names(pieces)[0] == ("Lullaby", "Low")
    assert pieces[0].times_s[0] == NOON_S
    assert pieces[0].basis is None


def test_what_a_player_skipped_is_no_play_and_its_ids_are_kept(tmp_path: Path) -> None:
    (piece,) = read(tmp_path, LOG)

    assert names([piece]) == [("Lullaby", "Low"), ('Say "Hi"', "Low")]
    assert piece.recordings[0].known_as is not None
    assert piece.recordings[0].known_as.namespace == "mbid"
    assert piece.skipped == {Skip.SHORT: 1, Skip.BAD: 1}
    assert piece.example == "Low No clock 200 L 0"


def test_an_id_of_musicbrainz_in_capitals_is_the_same_id(tmp_path: Path) -> None:
    known = "abcdef01-1111-4111-8111-111111111111"
    (piece,) = read(tmp_path, LOG.replace("11111111-1111-4111-8111-111111111111", known.upper()))

    assert piece.recordings[0].known_as == ExternalId("mbid", known)


def test_a_row_that_cannot_be_read_is_shown_without_markup(tmp_path: Path) -> None:
    (piece,) = read(tmp_path, "artist,track,date\n**Low**,<@1>,`soon`\n")

    assert piece.example == "Low , 1 , soon"


@pytest.mark.parametrize(
    ("title", "song"),
    [
        ("Watched Lullaby", "Lullaby"),
        ("Hai guardato Lullaby", "Lullaby"),
        ("Lullaby angesehen", "Lullaby"),
        ("Je hebt Lullaby bekeken", "Lullaby"),
        ("Lullaby を視聴しました", "Lullaby"),
        ("Lullaby을(를) 시청했습니다.", "Lullaby"),
        ("Watched Watched", "Watched"),
    ],
)
def test_youtube_says_watched_in_many_languages(tmp_path: Path, title: str, song: str) -> None:
    assert names(read(tmp_path, array({**WATCHED, "title": title}))) == [(song, "Low")]


def test_of_youtube_only_music_counts(tmp_path: Path) -> None:
    video = {**WATCHED, "header": "YouTube"}
    removed = {key: value for key, value in WATCHED.items() if key != "subtitles"}

    (piece,) = read(tmp_path, array(video, removed, WATCHED))

    assert len(piece.places) == 1
    assert piece.skipped == {Skip.OTHER: 2}


def test_the_library_of_youtube_music_is_a_list(tmp_path: Path) -> None:
    table = "Song URL,Song Title,Album Title,Artist Name 1,Artist Name 2\nx,Lullaby,A,Low,Guest\n"

    (piece,) = read(tmp_path, table, "music library songs.csv")

    assert (piece.kind, piece.basis) == (HistoryKind.YOUTUBE, ListeningBasis.SAVED)
    assert names([piece]) == [("Lullaby", "Low")]


def test_apple_names_artists_in_other_files_than_plays_and_nothing_counts_twice(
    tmp_path: Path,
) -> None:
    inner = zipped(
        {
            "Apple Music - Play History Daily Tracks.csv": APPLE_DAYS.encode(),
            "Apple Music Library Tracks.json.zip": zipped(
                {"Apple Music Library Tracks.json": array(*APPLE_LIBRARY)}
            ),
            "Apple Music Play Activity.csv": APPLE_PLAYS.encode(),
        }
    )

    pieces = read(tmp_path, zipped({"Apple_Media_Services/Apple Music Activity.zip": inner}))

    plays = [piece for piece in pieces if piece.basis is None]
    assert names([one for one in plays if one.places]) == [("Lullaby", "Low"), ("Sand", "Ann")]
    assert [at for piece in plays for at in piece.times_s] == [NOON_S, NOON_S]
    assert sum((piece.skipped for piece in plays), start=plays[0].skipped.__class__()) == {
        Skip.SHORT: 1,
        Skip.OTHER: 2,
    }
    saved = [piece for piece in pieces if piece.basis is ListeningBasis.SAVED]
    assert names(saved) == [("Lullaby", "Low")]


def test_the_plays_of_a_day_are_counted_by_their_number(tmp_path: Path) -> None:
    (piece,) = read(tmp_path, APPLE_DAYS)

    assert piece.times_s == [NOON_S, NOON_S + 60]


def test_deezer_sends_a_workbook(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Song Title", "Artist", "ISRC", "Album Title", "IP Address", "Listening Time", "Date"],
        ["Lullaby", "Low, Guest", "USXXX1234567", "Hope", "203.0.113.7", 240, "2024-05-01 12:00"],
        ["Short", "Low", "", "Hope", "203.0.113.7", 5, "2024-05-01 12:00"],
    ]  # fmt: skip

    (piece,) = [one for one in read(tmp_path, workbook(rows)) if one.places]

    assert piece.kind is HistoryKind.DEEZER
    assert names([piece]) == [("Lullaby", "Low, Guest")]
    assert piece.recordings[0].known_as is not None
    assert piece.recordings[0].known_as.value == "USXXX1234567"
    assert (piece.times_s, piece.skipped) == ([NOON_S], {Skip.SHORT: 1})


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet, its texts in the cells."""

    def cell(value: Any) -> str:
        if isinstance(value, int):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    sheet = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook {space} xmlns:r="{office}"><sheets>'
            '<sheet name="10_listeningHistory" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": (
            f"<worksheet {space}><sheetData>{sheet}</sheetData></worksheet>"
        ),
    }
    return zipped({name: text.encode() for name, text in parts.items()})


PLAYLISTS = {
    "playlists": [
        {
            "name": "Mine",
            "lastModifiedDate": "2024-05-01",
            "items": [
                {
                    "track": {
                        "trackName": "Lullaby", "artistName": "Low", "albumName": "Hope",
                        "trackUri": SPOTIFY_URI,
                    },
                    "episode": None, "localTrack": None, "addedDate": "2024-05-01",
                },
                {"track": None, "episode": {"episodeName": "Talk"}, "localTrack": None},
            ],
        },
        {"name": "Empty", "items": []},
    ]
}  # fmt: skip
OLD_PLAYLISTS = {
    "playlists": [
        {
            "name": "Mine",
            "lastModifiedDate": "2019-05-01",
            "tracks": [{"trackName": "Lullaby", "artistName": "Low", "albumName": "Hope"}],
        }
    ]
}


@pytest.mark.parametrize(
    ("content", "kind", "basis"),
    [
        (json.dumps(PLAYLISTS, indent=2), HistoryKind.SPOTIFY_YEAR, ListeningBasis.PLAYLIST),
        (json.dumps(OLD_PLAYLISTS), HistoryKind.SPOTIFY_YEAR, ListeningBasis.PLAYLIST),
        (
            "Track name, Artist name, Album, Playlist name, Type, ISRC, Spotify - id\n"
            '"Lullaby","Low","Hope","Mine","Playlist","USXXX1234567","6f807x0ima9a1j3VPbc7VN"\n',
            HistoryKind.TUNEMYMUSIC,
            ListeningBasis.PLAYLIST,
        ),
        (
            "title;artist;album;isrc\nLullaby;Low;Hope;USXXX1234567\n",
            HistoryKind.SOUNDIIZ,
            ListeningBasis.PLAYLIST,
        ),
        (
            "Shazam Library\nIndex,TagTime,Title,Artist,URL,TrackKey\n"
            '1,2024-05-01,"Lullaby","Low",https://www.shazam.com/track/1/x,1\n',
            HistoryKind.SHAZAM,
            ListeningBasis.SAVED,
        ),
        (array(*APPLE_LIBRARY), HistoryKind.APPLE, ListeningBasis.SAVED),
    ],
)
def test_lists_of_every_service_are_read(
    tmp_path: Path, content: bytes | str, kind: HistoryKind, basis: ListeningBasis
) -> None:
    pieces = read(tmp_path, content)

    assert {(piece.kind, piece.basis) for piece in pieces} == {(kind, basis)}
    assert names(pieces) == [("Lullaby", "Low")]
    assert not any(piece.times_s for piece in pieces)


def test_a_zip_of_spotify_holds_plays_saved_tracks_and_playlists(tmp_path: Path) -> None:
    play = {
        "endTime": "2024-05-01 12:03", "artistName": "Low", "trackName": "Lullaby",
        "msPlayed": 180_000,
    }  # fmt: skip
    saved = {"tracks": [{"artist": "Low", "album": "Hope", "track": "Sunflower"}], "albums": []}
    content = zipped(
        {
            "Spotify Account Data/Playlist1.json": json.dumps(PLAYLISTS).encode(),
            "Spotify Account Data/StreamingHistory_music_0.json": array(play),
            "Spotify Account Data/YourLibrary.json": json.dumps(saved).encode(),
            "Spotify Account Data/Userdata.json": b'{"username": "me"}',
        }
    )

    found = [(piece.basis, *names([piece])) for piece in read(tmp_path, content)]

    assert found == [
        (ListeningBasis.PLAYLIST, ("Lullaby", "Low")),
        (None, ("Lullaby", "Low")),
        (ListeningBasis.SAVED, ("Sunflower", "Low")),
    ]


@pytest.mark.parametrize(
    ("content", "looks"),
    [
        ("name,age,city\nAnn,3,Rome\n", "a table with the columns name, age, city"),
        ('{"user": "Ann", "friends": []}', "JSON with the fields user, friends"),
        ("Dear bot,\n", "a table with the columns Dear bot"),
        ("Hello\n", "text"),
        (zipped({"a/**b**.txt": b"x", "c.png": b"y"}), "a zip with a/ b .txt, c.png"),
    ],
)
def test_a_file_that_is_no_export_is_told_what_it_looks_like(
    tmp_path: Path, content: bytes | str, looks: str
) -> None:
    with pytest.raises(RefusedError, match="I do not know this file: it looks like") as refused:
        read(tmp_path, content)

    assert looks in str(refused.value)
    assert "Koito" in str(refused.value)


def test_a_zip_within_zips_without_end_is_not_followed(tmp_path: Path) -> None:
    content = zipped({"a.json": array(WATCHED)})
    for _ in range(5):
        content = zipped({"a.zip": content})

    with pytest.raises(RefusedError, match="I do not know"):
        read(tmp_path, content)


def test_a_workbook_that_is_damaged_is_told(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")

    with pytest.raises(RefusedError, match=r"damaged|do not know"):
        read(tmp_path, content.getvalue())


def test_a_table_of_excel_as_unicode_text_is_read(tmp_path: Path) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter="\t").writerows(
        [["artist", "track", "date"], ["Björk", "Jóga", str(NOON_S)]]
    )

    assert names(read(tmp_path, text.getvalue().encode("utf-16"))) == [("Jóga", "Björk")]


def test_one_impossible_row_costs_nothing_else(tmp_path: Path) -> None:
    listen = {"track_metadata": {"artist_name": "Low", "track_name": "Lullaby"}}
    good = {**listen, "listened_at": NOON_S}
    strange: list[object] = [5_000_000_000, "0001-01-01", None, [], 1e300]
    odd = [{**listen, "listened_at": at} for at in strange]

    (piece,) = read(tmp_path, array(*odd, good))

    assert piece.times_s == [NOON_S]
    assert piece.skipped == {Skip.BAD: len(odd)}
    assert isinstance(decode(encode(piece)), Piece)


@pytest.mark.parametrize("items", [5, True, 1.5, None, "x", [None, 1, "x", {}]])
def test_a_playlist_with_strange_items_is_left_out(tmp_path: Path, items: object) -> None:
    first = PLAYLISTS["playlists"][0]

    pieces = read(tmp_path, json.dumps({"playlists": [first, {"name": "Q", "items": items}]}))

    assert names(pieces) == [("Lullaby", "Low")]


@pytest.mark.parametrize("odd", ["nan", "inf", "1e400", "-1", "x"])
def test_an_odd_number_of_apple_is_one_row_left_out(tmp_path: Path, odd: str) -> None:
    days = APPLE_DAYS + APPLE_DAYS.splitlines()[1].replace(",2,0,", f",{odd},0,") + "\n"
    plays = APPLE_PLAYS + f"Solo,1,Ann,ALBUM,{ISO},,PLAY_END,AUDIO,{odd},Sand\n"

    assert read(tmp_path, days)[0].times_s[:2] == [NOON_S, NOON_S + 60]
    assert names(read(tmp_path, plays)) == [("Sand", "Ann")]


def test_the_order_of_folders_does_not_matter_to_apple(tmp_path: Path) -> None:
    content = zipped(
        {
            "1/Apple Music Play Activity.csv": APPLE_PLAYS.encode(),
            "2/Apple Music - Play History Daily Tracks.csv": APPLE_DAYS.encode(),
        }
    )

    assert ("Lullaby", "Low") in names(read(tmp_path, content))


def test_a_foreign_file_in_a_zip_spoils_nothing(tmp_path: Path) -> None:
    files = {"README.csv": b"caf\xe9,x\n", "a.json": array(WATCHED), "e.json": b'{"x": "\xff"}'}

    assert names(read(tmp_path, zipped(files))) == [("Lullaby", "Low")]


def test_a_zip_within_that_is_cut_off_is_told(tmp_path: Path) -> None:
    inner = zipped({"a.json": array(WATCHED)})[:-30]

    with pytest.raises(RefusedError, match="cut off or damaged"):
        read(tmp_path, zipped({"a.zip": inner, "b.json": array(WATCHED)}))


def test_an_artist_may_begin_with_a_hash(tmp_path: Path) -> None:
    (piece,) = read(tmp_path, LOG + "#1 Dads\tC\tA\t1\t200\tL\t1714564900\t\n")

    assert ("A", "#1 Dads") in names([piece])


def test_a_page_of_lastfm_on_each_line(tmp_path: Path) -> None:
    page = '{"track": [{"artist": {"#text": "Low"}, "name": "%s", "date": {"uts": "1714564800"}}]}'

    assert names(read(tmp_path, f"{page % 'A'}\n{page % 'B'}\n")) == [("A", "Low"), ("B", "Low")]


@pytest.mark.parametrize(
    ("name", "basis"),
    [
        ("liked.csv", ListeningBasis.SAVED),
        ("Liked_Songs.csv", ListeningBasis.SAVED),
        ("Saved by the 90s.csv", ListeningBasis.PLAYLIST),
        ("Disliked.csv", ListeningBasis.PLAYLIST),
    ],
)
def test_only_the_list_of_saved_tracks_is_called_so(
    tmp_path: Path, name: str, basis: ListeningBasis
) -> None:
    (piece,) = read(tmp_path, "Track Name,Artist Name(s)\nLullaby,Low\n", name)

    assert piece.basis is basis


def test_a_cell_far_away_is_refused(tmp_path: Path) -> None:
    content = workbook([["a"]])
    packed, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in packed.namelist():
            inside = packed.read(name).replace(b"<c ", b'<c r="XFD1048576" ', 1)
            archive.writestr(name, inside)

    with pytest.raises(RefusedError, match="far more than an export"):
        read(tmp_path, out.getvalue())


def test_a_file_without_a_name_in_a_zip_is_no_fault_of_ours(tmp_path: Path) -> None:
    content = zipped({"x.json": b"[]", "Q": b""}).replace(b"Q", b"\0")

    with pytest.raises(RefusedError):
        read(tmp_path, content)
