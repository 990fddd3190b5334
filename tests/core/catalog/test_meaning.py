from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.links import service_url
from bot.core.catalog.meaning import link_meaning

ALBUM = "6f807x0ima9a1j3VPbc7VN"


@pytest.mark.parametrize(
    ("one", "others"),
    [
        (
            f"https://open.spotify.com/album/{ALBUM}",
            [
                f"https://open.spotify.com/./album/{ALBUM}",
                f"https://open.spotify.com//album/{ALBUM}",
                f"https://open.spotify.com/album//{ALBUM}/",
                f"https://open.spotify.com/x/../album/{ALBUM}",
                f"https://open.spotify.com/%2e/album/{ALBUM}",
                f"https://open.spotify.com/al%62um/{ALBUM.replace('x', '%78')}",
                f"https://open.spotify.com/album/{ALBUM.replace('x', '%%378')}",
                f"https://open.spotify.com/embed/album/{ALBUM}",
                f"https://open.spotify.com/intl-de/album/{ALBUM}?si=1",
                f"https://play.spotify.com/album/{ALBUM}",
                f"https://album.link/s/{ALBUM}",
            ],
        ),
        (
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            [
                "https://youtu.be/dQw4w9WgXcQ",
                "https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=RDx",
                "https://www.youtube.com/embed/dQw4w9WgXcQ",
                "https://m.youtube.com/shorts/dQw4w9WgXcQ",
                "https://song.link/y/dQw4w9WgXcQ",
            ],
        ),
        (
            "https://www.youtube.com/playlist?list=PLabcdefghijk",
            ["https://music.youtube.com/playlist?list=PLabcdefghijk"],
        ),
        (
            "https://music.apple.com/us/album/low/12345",
            ["https://music.apple.com/de/album/12345", "https://geo.music.apple.com/album/id12345"],
        ),
        ("https://low.bandcamp.com/album/Hey", ["https://low.bandcamp.com//album/hey/"]),
        (
            f"https://open.spotify.com/artist/{ALBUM}",
            [
                f"https://open.spotify.com/embed/artist/{ALBUM}",
                f"https://open.spotify.com/intl-pt-BR/artist/{ALBUM}",
            ],
        ),
    ],
    ids=["album", "video", "list of videos", "country", "case", "a page of no kind"],
)
def test_a_link_means_the_same_however_it_is_written(one: str, others: list[str]) -> None:
    assert {link_meaning(other) for other in others} == {link_meaning(one)}


def test_links_to_two_things_mean_two_things() -> None:
    links = [
        f"https://open.spotify.com/album/{ALBUM}",
        f"https://open.spotify.com/track/{ALBUM}",
        f"https://open.spotify.com/playlist/{ALBUM}",
        "https://www.deezer.com/album/1",
        "https://www.deezer.com/album/2",
        "https://low.bandcamp.com",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXcR",
    ]

    assert len({link_meaning(link) for link in links}) == len(links)


@given(st.lists(st.sampled_from(["plain", "escaped", "dot", "double"]), min_size=22, max_size=22))
def test_no_escape_dot_or_slash_changes_what_is_meant(ways: list[str]) -> None:
    written = ""
    for character, way in zip(ALBUM, ways, strict=True):
        written += f"%{ord(character):02x}" if way == "escaped" else character
    before = "".join({"dot": "/.", "double": "/"}.get(way, "") for way in ways)

    url = f"https://open.spotify.com{before}/album/{written}"

    assert link_meaning(url) == f"Spotify:album:{ALBUM}"
    assert service_url(url) == f"https://open.spotify.com/album/{ALBUM}"


@given(st.text(max_size=40))
def test_a_normal_address_stays_as_it_is(path: str) -> None:
    url = service_url(f"https://soundcloud.com/low/{quote(path)}")

    assert service_url(url) == url
