"""Lists as players and services write them."""

import json
from pathlib import Path

import pytest

from bot.errors import SeedsError
from bot.services.catalog.playlist_files import is_playlist
from bot.services.catalog.seeds import Seed, read_seeds
from bot.services.scene.files import Kind, find_files

M3U = """#EXTM3U
#PLAYLIST:Late
#EXTINF:583 group-title="x",Low - Lullaby

/music/low/05 lullaby.mp3
#EXTINF:-1,Can - Yoo - Doo
https://open.spotify.com/track/6f807x0ima9a1j3VPbc7VN
music\\03 - Björk - Jóga.flac
intro.mp3
"""
SPOTIFY = "https://open.spotify.com/track/6f807x0ima9a1j3VPbc7VN"
RECORDING = "https://musicbrainz.org/recording/11111111-1111-4111-8111-111111111111"


def written(tmp_path: Path, content: str | bytes, name: str = "list.m3u") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_m3u_names_tracks_by_its_comments_or_the_names_of_files(tmp_path: Path) -> None:
    assert read_seeds(written(tmp_path, M3U)) == [
        Seed("Late", None, "Low", "Lullaby"),
        Seed("Late", SPOTIFY, "Can", "Yoo - Doo"),
        Seed("Late", None, "Björk", "Jóga"),
        Seed("Late", None, None, "intro"),
    ]


def test_an_old_m3u_is_in_another_encoding_and_without_a_title(tmp_path: Path) -> None:
    content = M3U.replace("#PLAYLIST:Late\n", "").encode("cp1252")

    seeds = read_seeds(written(tmp_path, content, "Mine.m3u"))

    assert seeds[2] == Seed("Mine", None, "Björk", "Jóga")


def test_a_jspf_of_listenbrainz_is_read(tmp_path: Path) -> None:
    content = {
        "playlist": {
            "creator": "me",
            "title": "Weekly",
            "extension": {"https://musicbrainz.org/doc/jspf#playlist": {"public": True}},
            "track": [
                {"identifier": [RECORDING], "title": "Lullaby", "creator": "Low", "album": "Hope"},
                {"identifier": RECORDING, "title": "Yoo", "creator": "Can"},
                {"location": ["file:///a.mp3", SPOTIFY], "title": "Jóga", "creator": "Björk"},
            ],
        }
    }

    assert read_seeds(written(tmp_path, json.dumps(content), "a.jspf")) == [
        Seed("Weekly", RECORDING, "Low", "Lullaby"),
        Seed("Weekly", RECORDING, "Can", "Yoo"),
        Seed("Weekly", SPOTIFY, "Björk", "Jóga"),
    ]


def test_a_folder_of_lists_is_found(tmp_path: Path) -> None:
    written(tmp_path, M3U)

    assert [one.kind for one in find_files([tmp_path])] == [Kind.TABLE]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("#EXTM3U\n#EXTINF:1,A - B\n", "holds no tracks"),
        ('{"playlist": {"title": "x"}}', "holds no tracks"),
        ('{"playlist": {"track": [1]}}', "no JSPF"),
        ('{"playlist": {"track": [{"title": "x"', "cut off"),
        ('<playlist xmlns="http://xspf.org/ns/0/"><trackList>', "cut off"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><playlist xmlns="http://xspf.org/ns/0/"/>', "DOCTYPE"),
    ],
)
def test_a_list_that_cannot_be_read_is_a_sentence(
    tmp_path: Path, content: str, sentence: str
) -> None:
    with pytest.raises(SeedsError, match=sentence):
        read_seeds(written(tmp_path, content))


def test_other_texts_are_no_lists() -> None:
    for text in ("", "artist,title\n", '{"playlists": []}', "<html>", "[1]"):
        assert not is_playlist(text)


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("99 Luftballons.mp3", (None, "99 Luftballons")),
        ("50 Cent - In da Club.mp3", ("50 Cent", "In da Club")),
        ("21 Savage - a lot.mp3", ("21 Savage", "a lot")),
        ("05 Lullaby.mp3", (None, "Lullaby")),
        ("1-05 Lullaby.mp3", (None, "Lullaby")),
        ("12. Low - Lullaby.mp3", ("Low", "Lullaby")),
        ("3 - Low - Lullaby.mp3", ("Low", "Lullaby")),
    ],
)
def test_numbers_of_tracks_go_and_those_of_names_stay(
    tmp_path: Path, file: str, named: tuple[str | None, str]
) -> None:
    (seed,) = read_seeds(written(tmp_path, f"/music/{file}\n"))

    assert (seed.artist, seed.title) == named


def test_an_xspf_may_say_in_which_encoding_it_is(tmp_path: Path) -> None:
    content = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><playlist xmlns="http://xspf.org/ns/0/">'
        "<trackList><track><title>Jóga</title><creator>Björk</creator></track></trackList>"
        "</playlist>"
    )

    (seed,) = read_seeds(written(tmp_path, content.encode("latin-1"), "a.xspf"))

    assert (seed.artist, seed.title) == ("Björk", "Jóga")


def test_halves_of_characters_do_not_come_in(tmp_path: Path) -> None:
    content = (
        '{"playlist": {"title": "x", "track": [{"title": "\\ud800A\\u0000", "creator": "B"}]}}'
    )

    assert read_seeds(written(tmp_path, content))[0].title == "A"
