from dataclasses import replace
from datetime import date

import discord
import pytest

from bot.core.taste import Span, period_of
from bot.core.taste.profile import (
    Counts,
    Favorite,
    FavoriteGenre,
    Height,
    ListenerProfile,
    Obscurity,
    height,
)
from bot.ui import features, taste_words
from bot.ui import profile as ui
from tests.levels import level_at, value_at

FULL = ListenerProfile(
    counts=Counts(
        ratings=12, thumbs_up=3, thumbs_down=1, seeds=2, tracks=9, albums=1, artists=2, average=3.75
    ),
    levels=(
        level_at("danceability", 0.22),
        level_at("energy", 0.81),
        level_at("valence", 0.5),
        level_at("acousticness", 0.05),
    ),
    unknown=("tempo", "mode"),
    obscurity=Obscurity(0.31, 8, 11),
    artists=(Favorite("Low"), Favorite("*Can*")),
    tracks=(Favorite("Words", "Low"), Favorite("*Vitamin C*", "*Can*")),
    genres=(FavoriteGenre("slowcore", 0.4, 12.3), FavoriteGenre("krautrock", 0.2, 1.2)),
)


ALL = period_of(Span.ALL, date(2026, 11, 29))


def show(profile: ListenerProfile, listener: str | None = None) -> discord.Embed:
    return ui.show(profile, ALL, listener=listener)


def field(profile: ListenerProfile, name: str, listener: str | None = None) -> str:
    found = [one.value for one in show(profile, listener).fields if one.name == name]
    return (found or [""])[0] or ""


def test_what_the_picture_shows_is_not_said_again() -> None:
    embed = show(FULL)

    names = [one.name for one in embed.fields]
    assert names == ["Tracks", "Genres", "How obscure", "Not measured in anything liked", "From"]
    assert not embed.description
    assert field(FULL, "Not measured in anything liked") == "tempo and major key"


def test_tracks_are_escaped() -> None:
    assert field(FULL, "Tracks") == "1. Low – Words\n2. \\*Can\\* – \\*Vitamin C\\*"


def test_genres_say_how_much_of_the_taste_they_are_and_how_unusual_that_is() -> None:
    lines = field(FULL, "Genres").splitlines()

    assert lines[0] == (
        "1. slowcore · 40 % of the liked tracks whose genre is known, "
        "about 12× as common as in the catalogue"
    )
    assert lines[1].endswith("a little more than in the catalogue")


def test_unknown_genres_are_left_out() -> None:
    assert field(replace(FULL, genres=()), "Genres") == ""


def test_obscurity_says_how_many_tracks_it_rests_on() -> None:
    assert field(FULL, "How obscure") == (
        "**Off the beaten track**: half of what you like is by artists no better known than 31 % "
        "of all artists (somebody counts the artists of 8 of 11 liked tracks)."
    )
    assert "half of what they like" in field(FULL, "How obscure", "Ann")


@pytest.mark.parametrize(
    ("median", "word"),
    [
        (0.01, "Deep underground"),
        (0.2, "Off the beaten track"),
        (0.5, "A bit of both"),
        (0.7, "Well known"),
        (1.0, "The hits"),
    ],
)
def test_obscurity_has_a_word(median: float, word: str) -> None:
    profile = replace(FULL, obscurity=Obscurity(median, 5, 5))

    assert field(profile, "How obscure").startswith(f"**{word}**")


def test_artists_whom_nobody_counts_are_said_to_be_unknown() -> None:
    assert field(replace(FULL, obscurity=Obscurity(None, 0, 4)), "How obscure").startswith(
        "Unknown"
    )


def test_counts_are_one_line_and_what_they_are_about() -> None:
    assert field(FULL, "From") == (
        "12 ratings (average 3.8) · 3 👍 1 👎 · 2 choices at the start\n"
        "about 9 tracks, 1 album and 2 artists"
    )


def test_somebody_new_is_told_how_to_start() -> None:
    embed = show(ListenerProfile())

    assert "`/rate track`" in (embed.description or "")
    assert not embed.fields


def test_only_dislikes_are_no_taste_yet_but_are_counted() -> None:
    profile = ListenerProfile(counts=Counts(thumbs_down=2, tracks=2))

    embed = show(profile)

    assert "nothing that you like" in (embed.description or "")
    assert field(profile, "From").startswith("0 👍 2 👎")


def test_a_name_cannot_break_the_title() -> None:
    title = show(FULL, "**@everyone**" * 30).title or ""

    assert len(title) <= 256
    assert "@everyone" not in title


def test_the_longest_profile_fits_into_an_embed() -> None:
    longest = "*" * 500
    profile = ListenerProfile(
        counts=Counts(10**9, 10**9, 10**9, 10**9, 10**9, 10**9, 10**9, 3.0),
        levels=tuple(level_at(name, 0.01) for name in features.NAMES if "key" not in name),
        obscurity=Obscurity(0.5, 10**8, 10**9),
        artists=(Favorite(longest),) * 5,
        tracks=(Favorite(longest, longest),) * 5,
        genres=(FavoriteGenre(longest, 1.0, 1e6),) * 5,
    )

    embed = show(profile, longest)

    assert len(embed) <= 6000
    assert all(len(one.value or "") <= 1024 for one in embed.fields)


def test_the_picture_is_said_in_words() -> None:
    assert taste_words.profile_alt(FULL) == (
        "A picture of a music taste. A radar chart against the middle of the catalogue. "
        "It is energetic, hardly danceable and electric. "
        "Artists: Low and *Can*. Genres: slowcore and krautrock. Off the beaten track."
    )


@pytest.mark.parametrize("percent", range(101))
def test_a_level_has_a_word_exactly_when_it_is_clear(percent: int) -> None:
    share = percent / 100

    word = features.level_word("energy", share, value_at("energy", share))

    assert (word is None) == (height(share) is Height.MIDDLE)


def test_every_feature_with_a_height_has_a_place_in_the_picture() -> None:
    heights = [name for name in features.NAMES if not name.startswith("key_")]
    profile = replace(FULL, levels=tuple(level_at(name, 0.9) for name in heights))

    assert len(taste_words.directions(profile)) == len(heights)


def test_a_period_is_named_and_an_empty_one_has_a_way_on() -> None:
    week = period_of(Span.WEEK, date(2026, 11, 29))

    assert ui.show(FULL, week, listener=None).title == "Your taste, 23 Nov – 29 Nov 2026"
    assert "longer `period`" in (ui.show(ListenerProfile(), week, listener=None).description or "")


def test_plays_are_told_to_their_owner() -> None:
    assert field(replace(FULL, plays=2310), "From").endswith("2,310 plays known")
    assert field(ListenerProfile(plays=3), "From") == "3 plays known"
