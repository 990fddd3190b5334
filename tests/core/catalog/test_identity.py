import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog.identity import (
    SEPARATOR,
    artist_key,
    recording_key,
    song_key,
    text_key,
    title_keys,
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Beyoncé", "beyonce"),
        ("AC/DC", "ac dc"),
        ("Don't Stop", "dont stop"),
        ("Simon & Garfunkel", "simon and garfunkel"),
        ("A$AP Rocky", "asap rocky"),
        ("MØ", "mo"),
        ("Straße", "strasse"),
        ("ずっと", "ずっと"),
        ("हिन्दी", "हिन्दी"),
        ("???", "???"),
        ("  ", ""),
        ("\x00\u200b", ""),
    ],
)
def test_text_key_folds_what_people_type_differently(text: str, key: str) -> None:
    assert text_key(text) == key


def test_voiced_kana_stay_different_letters() -> None:
    assert text_key("かぎ") != text_key("かき")


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("Mr. Brightside", ("mr brightside", "")),
        ("Mr. Brightside – Remastered", ("mr brightside", "")),
        ("Heroes - 2017 Remaster", ("heroes", "")),
        ("Heroes (Remastered 2009)", ("heroes", "")),
        ("Happy (feat. Someone) [Explicit]", ("happy", "")),
        ("Happy feat. Someone - Radio Edit", ("happy", "radio edit")),
        ("I Don't Care (with Justin Bieber)", ("i dont care", "")),
        ("Alone (With You)", ("alone with you", "")),
        ("Hurt (Live in Rome)", ("hurt", "live in rome")),
        ("Hurt - Live", ("hurt", "live")),
        ("Hurt - Live / Remastered 2011", ("hurt", "live")),
        ("Tears - Acoustic Version", ("tears", "acoustic")),
        ("All the Time - Don Diablo Remix", ("all the time", "don diablo remix")),
        ("Girl At Home (Taylor's Version)", ("girl at home", "taylors")),
        ("(I Can't Get No) Satisfaction", ("i cant get no satisfaction", "")),
        ("Love - Hate", ("love hate", "")),
        ("(Live)", ("live", "")),
        ("Remastered", ("remastered", "")),
        ("Track (Mono)", ("track", "mono")),
    ],
)
def test_a_title_is_taken_apart_into_song_and_version(title: str, keys: tuple[str, str]) -> None:
    assert title_keys(title) == keys


def test_a_remaster_is_the_same_recording_and_a_live_version_is_only_the_same_song() -> None:
    plain = recording_key("Mr. Brightside", "The Killers")
    remaster = recording_key("Mr. Brightside - Remastered", "the killers")
    live = recording_key("Mr. Brightside - Live", "The Killers")

    assert remaster == plain
    assert live != plain
    assert song_key(live) == song_key(plain) == f"mr brightside{SEPARATOR}the killers"


@given(st.text(max_size=60))
def test_folding_a_key_again_changes_nothing(text: str) -> None:
    assert text_key(text_key(text)) == text_key(text)


@given(st.text(max_size=60))
def test_case_does_not_matter(text: str) -> None:
    assert text_key(text.casefold()) == text_key(text)


@given(st.text(max_size=60), st.text(max_size=30))
def test_a_recording_key_always_has_three_fields_and_its_song_two(title: str, artist: str) -> None:
    key = recording_key(title, artist)

    song, named, version = key.split(SEPARATOR)
    assert song_key(key) == f"{song}{SEPARATOR}{named}"
    assert named == artist_key(artist)
    assert (song, version) == title_keys(title)
    assert bool(song) == bool(text_key(title))


@given(st.text(alphabet="abc (-)[]feat.livremx", max_size=40))
def test_every_word_of_a_title_is_in_its_song_or_version_unless_it_says_nothing(title: str) -> None:
    song, version = title_keys(title)

    assert set(song.split()) | set(version.split()) <= set(text_key(title).split())
