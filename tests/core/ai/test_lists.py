import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ai import (
    AiLabel,
    AiShare,
    AiSource,
    BadListError,
    ListedArtist,
    read_list,
    strongest,
)

MBID = "f27ec8db-af05-4f36-916e-3d57f91ecf5e"


@pytest.mark.parametrize(
    "content",
    [
        '["Velvet Robot", "Prompt Sisters"]',
        '{"artists": [{"name": "Velvet Robot"}, {"artist": "Prompt Sisters"}]}',
        "name\nVelvet Robot\n\nPrompt Sisters\n",
        "Artist;Other\r\nVelvet Robot;1\r\nPrompt Sisters;2\r\n",
        "\ufeffname\tid\nVelvet Robot\t\nPrompt Sisters\t\n",
    ],
)
def test_lists_are_read_as_people_write_them(content: str) -> None:
    assert [one.name for one in read_list(content.encode())] == ["Velvet Robot", "Prompt Sisters"]


def test_an_entry_says_how_much_and_why() -> None:
    content = f"name,mbid,share,why\nA,{MBID.upper()},partly,said so\nB,,,\n"

    assert read_list(content.encode()) == (
        ListedArtist("A", MBID, AiShare.PARTLY, "said so"),
        ListedArtist("B", None, AiShare.WHOLLY, ""),
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\xff", "UTF-8"),
        (b"[1.5]", "neither a name nor an object"),
        (b'{"people": []}', 'no list named "artists"'),
        (b'["A", ', "begins like JSON"),
        (b"[" * 100_000, "begins like JSON"),
        (b"[]", "names nobody"),
        (b"name\n", "names nobody"),
        (b"hello,world\n1,2\n", 'no column "name"'),
        (b'name\n"A', "cannot be read"),
        (b"name,why\n,because\n", "entry 1 has neither"),
        (b"id\n12345\n", "none of MusicBrainz"),
        (b"name,share\nA,mostly\n", 'says "mostly"'),
        (b"<html><body>404</body></html>", 'no column "name"'),
    ],
)
def test_what_is_no_list_is_told_why(content: bytes, why: str) -> None:
    with pytest.raises(BadListError, match=why):
        read_list(content)


@given(st.binary(max_size=200))
def test_whatever_is_in_a_file_is_read_or_refused(content: bytes) -> None:
    try:
        found = read_list(content)
    except BadListError:
        return
    assert found


@given(st.lists(st.text(min_size=1).filter(lambda one: one.strip()), min_size=1, max_size=20))
def test_every_name_of_a_list_is_kept(names: list[str]) -> None:
    read = read_list(json.dumps(names).encode())

    assert [one.name for one in read] == [name.strip()[:300] for name in names]


def test_what_says_most_counts_and_of_equals_what_the_artist_declared() -> None:
    listed = AiLabel(AiShare.WHOLLY, AiSource.LISTED, "artist", 1, "list.csv")
    partly = AiLabel(AiShare.PARTLY, AiSource.DECLARED, "promotion", 2)
    wholly = AiLabel(AiShare.WHOLLY, AiSource.DECLARED, "promotion", 3)

    assert strongest([partly, listed]) == listed
    assert strongest([listed, wholly]) == wholly
    assert strongest([]) is None
