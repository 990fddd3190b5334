"""Lists as messages: whatever they hold, Discord takes them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.lists.companions import Bounds, Ground
from bot.core.lists.playlist import (
    CompanionCard,
    CompanionList,
    KeptPlaylist,
    MadePlaylist,
    Order,
    Playlist,
    SavedPlaylist,
)
from bot.core.models import Credit, ExternalId, SearchHit, Subject, SubjectKind, Track
from bot.core.ranking.discovery import LikedTrack, PickCard
from bot.core.ranking.filters import Removed
from bot.core.ranking.query import Filter
from bot.core.ranking.why import Basis, Explanation, Reason
from bot.ui import playlists as ui
from tests.conftest import NOON

EXPLANATION = Explanation(
    Basis.LIKE,
    1.1,
    (Reason("energy", 0.2, 0.1, 0.9, 0.8, 0.9, 0.8),),
    0,
    0,
    0.6,
    0,
    offset=0.1,
    scene=0.7,
)
OWN = Track(1, "Mine", "Ann", 1)


def other(number: int, **facts: Any) -> Track:
    return replace(Track(number, f"Song {number}", "Ben", 2), **facts)


def made(*tracks: Track, found: int | None = None) -> MadePlaylist:
    playlist = Playlist("Ann in good company", "Made by B-Side", tracks, NOON)
    return MadePlaylist(KeptPlaylist(7, 1, True, playlist), found or len(tracks), False)


def company(*others: Track, **facts: Any) -> tuple[CompanionList, MadePlaylist]:
    hit = SearchHit(Subject(SubjectKind.TRACK, 1), "Mine", "Ann")
    cards = [
        CompanionCard(PickCard(0, track, EXPLANATION, together=LikedTrack(hit)), track.genres, 0.64)
        for track in others
    ]
    whole = made(OWN, *others)
    found = CompanionList(
        own=(OWN,),
        made=whole,
        companions=tuple(cards),
        asked=len(cards),
        bounds=Bounds((3,), (0.2, 0.6), 0.2),
        genres=("shoegaze",),
        any_genre=False,
        ground=Ground.SOUND,
        unmeasured=(),
        unknown=(),
        removed=(),
    )
    return replace(found, **facts), whole


def test_a_companion_tells_what_sound_company_genre_and_fame_did() -> None:
    embed = ui.companions(*company(other(2, genres=("shoegaze",)), own=(OWN, OWN)))

    assert (embed.description or "").splitlines() == [
        "1. ★ **Mine** by Ann",
        "2. **Song 2** by Ben · energetic · with Mine · shoegaze · 64 %",
    ]


@pytest.mark.parametrize(
    ("ground", "sentence"),
    [
        (Ground.SOME_SOUND, "**Mine** is not measured: for these I went by their artist"),
        (Ground.COMPANY, "Your sound is not measured: I went by your other tracks"),
        (Ground.GENRE, "I took tracks that are typical of the genre"),
    ],
)
def test_what_a_list_rests_on_is_told_when_it_is_not_sound(ground: Ground, sentence: str) -> None:
    embed = ui.companions(*company(other(2), ground=ground, unmeasured=(OWN,)))

    assert [field.name for field in embed.fields] == ["Chosen among", "Your sound", "Each line"]
    assert sentence in (embed.fields[1].value or "")


def test_where_nobody_is_counted_the_bounds_say_so() -> None:
    found, _ = company(other(2), bounds=Bounds((), None, None), genres=(), any_genre=True)

    assert ui.bounds(found) == (
        "artists of any genre; nobody counts any artist, so anyone may be in it"
    )


def test_when_no_single_bound_helps_several_are_to_be_loosened() -> None:
    found, _ = company(removed=(Removed(Filter.GENRE, 9), Removed(Filter.FAME, 2)))

    embed = ui.no_companions(found)

    assert "Of 11 tracks, 9 are of another genre" in (embed.description or "")
    assert (embed.fields[0].value or "").startswith("Loosen several bounds at once")


def test_the_longest_lists_fit_discord() -> None:
    long = "*" * 2000
    track = other(2, title=long, artist=long, genres=(long, long))
    found, whole = company(
        *(replace(track, id=number) for number in range(2, 51)),
        asked=99,
        genres=(long,) * 9,
        ground=Ground.SOME_SOUND,
        unmeasured=(replace(OWN, title=long),) * 9,
        unknown=(long,) * 9,
        removed=tuple(Removed(one, 10**9, 10**9 - 1, 10**9) for one in Filter),
    )

    for embed in (
        ui.companions(found, whole),
        ui.no_companions(found),
        ui.exported(made(*[track] * 99, found=10**6), Order.DJ),
    ):
        assert len(embed) <= 6000
        assert len(embed.title or "") <= 256
        assert len(embed.description or "") <= 4096
        assert all(0 < len(field.value or "") <= 1024 for field in embed.fields)
        assert len(embed.footer.text or "") <= 2048


def test_a_list_of_twenty_with_usual_names_is_shown_whole() -> None:
    usual = [
        other(n, title="A usual title of a song", artist="Somebody Usual", genres=("indie rock",))
        for n in range(2, 21)
    ]

    embed = ui.companions(*company(*usual))

    assert "in the file" not in (embed.description or "")


def test_the_beginning_of_a_list_links_to_the_pages_of_its_tracks() -> None:
    spotify = other(2, external_ids=(ExternalId("spotify", "6f80"),))
    odd = other(3, credit=Credit("CC0", None, "https://free.example/a_(b)"))

    lines = (ui.exported(made(spotify, odd), Order.SCORE).description or "").splitlines()

    assert lines == [
        "1. **[Song 2](https://open.spotify.com/track/6f80)** by Ben",
        "2. **Song 3** by Ben",
    ]


def test_a_cut_list_says_how_many_there_were() -> None:
    footer = ui.exported(made(OWN, found=1234), Order.NEWEST).footer.text

    assert footer == "The newest first · 1 of 1,234: a list holds no more"


def test_saved_says_what_is_missing() -> None:
    assert ui.saved(SavedPlaylist("https://x", 2, 0)) == "Saved 2 tracks: https://x"
    assert ui.saved(SavedPlaylist("https://x", 1, 3)).endswith(" 3 tracks are not on Spotify.")
