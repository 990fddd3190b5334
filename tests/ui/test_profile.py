from dataclasses import replace

import pytest

from bot.core.taste.profile import (
    Counts,
    FavoriteArtist,
    FavoriteGenre,
    Height,
    ListenerProfile,
    Obscurity,
    height,
)
from bot.ui import features
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
    artists=(FavoriteArtist("Low", 0.6), FavoriteArtist("*Can*", 0.4)),
    genres=(FavoriteGenre("slowcore", 0.4, 12.3), FavoriteGenre("krautrock", 0.2, 1.2)),
)


def field(profile: ListenerProfile, name: str, listener: str | None = None) -> str:
    found = [one.value for one in ui.show(profile, listener=listener).fields if one.name == name]
    return (found or [""])[0] or ""


def test_the_table_has_a_bar_and_a_word_for_each_known_feature() -> None:
    table = ui.show(FULL, listener=None).description or ""

    assert "energy       ▰▰▰▰▰▰▱▱ energetic" in table
    assert "danceability ▰▰▱▱▱▱▱▱ hardly danceable" in table
    assert "cheerfulness ▰▰▰▰▱▱▱▱ in between" in table
    assert table.index("energy") < table.index("danceability") < table.index("cheerfulness")


def test_the_table_names_what_was_not_measured() -> None:
    table = ui.show(FULL, listener=None).description or ""

    assert "Not measured in any track liked so far: tempo and major key." in table


def test_high_and_low_against_the_catalog_come_farthest_first() -> None:
    assert field(FULL, "High against the catalogue") == "**energetic** (above 81 %)"
    assert (
        field(FULL, "Low against the catalogue")
        == "**electric** (below 95 %) and **hardly danceable** (below 78 %)"
    )


def test_a_taste_in_the_middle_is_called_nothing_clearly() -> None:
    middle = replace(FULL, levels=(level_at("energy", 0.5),))

    assert field(middle, "High against the catalogue") == "nothing clearly"


def test_favorites_are_escaped() -> None:
    assert field(FULL, "Favourite artists") == "1. Low\n2. \\*Can\\*"


def test_genres_say_how_much_of_the_taste_they_are_and_how_unusual_that_is() -> None:
    lines = field(FULL, "Favourite genres").splitlines()

    assert lines[0] == (
        "1. slowcore · 40 % of the liked tracks whose genre is known, "
        "about 12× as common as in the catalogue"
    )
    assert lines[1].endswith("a little more than in the catalogue")


def test_unknown_genres_are_left_out() -> None:
    assert field(replace(FULL, genres=()), "Favourite genres") == ""


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
    assert field(FULL, "Said so far") == (
        "12 ratings (average 3.8) · 3 👍 1 👎 · 2 choices at the start\n"
        "about 9 tracks, 1 album and 2 artists"
    )


def test_somebody_new_is_told_how_to_start() -> None:
    embed = ui.show(ListenerProfile(), listener=None)

    assert "`/rate track`" in (embed.description or "")
    assert not embed.fields


def test_only_dislikes_are_no_taste_yet_but_are_counted() -> None:
    profile = ListenerProfile(counts=Counts(thumbs_down=2, tracks=2))

    embed = ui.show(profile, listener=None)

    assert "nothing that you like" in (embed.description or "")
    assert field(profile, "Said so far").startswith("0 👍 2 👎")
    assert ui.picture(profile) is None


def test_liked_tracks_that_nobody_measured_are_called_so() -> None:
    profile = ListenerProfile(counts=Counts(thumbs_up=1, tracks=1), obscurity=Obscurity(0.5, 1, 1))

    assert "is measured" in (ui.show(profile, listener=None).description or "")


def test_a_name_cannot_break_the_title() -> None:
    title = ui.show(FULL, listener="**@everyone**" * 30).title or ""

    assert len(title) <= 256
    assert "@everyone" not in title


def test_the_longest_profile_fits_into_an_embed() -> None:
    longest = "*" * 500
    profile = ListenerProfile(
        counts=Counts(10**9, 10**9, 10**9, 10**9, 10**9, 10**9, 10**9, 3.0),
        levels=tuple(level_at(name, 0.01) for name in features.NAMES if "key" not in name),
        obscurity=Obscurity(0.5, 10**8, 10**9),
        artists=(FavoriteArtist(longest, 0.5),) * 5,
        genres=(FavoriteGenre(longest, 1.0, 1e6),) * 5,
    )

    embed = ui.show(profile, listener=longest)

    assert len(embed) <= 6000
    assert all(len(one.value or "") <= 1024 for one in embed.fields)
    assert len(ui.alt_text(profile)) <= 1024


def test_the_picture_comes_with_the_same_in_words() -> None:
    png = ui.picture(FULL)
    assert png is not None

    file = ui.attachment(png, FULL)

    assert file.filename.endswith(".png")
    assert file.description == (
        "Radar chart of a music taste against the middle of the catalogue. "
        "Clearly high: energetic (percentile 81). "
        "Clearly low: hardly danceable (percentile 22) and electric (percentile 5). "
        "Near the middle: cheerfulness (50). Not known: tempo and major key."
    )


def test_two_known_features_are_too_few_for_a_picture() -> None:
    assert ui.picture(replace(FULL, levels=FULL.levels[:2])) is None


@pytest.mark.parametrize("percent", range(101))
def test_a_level_has_a_word_exactly_when_it_is_clear(percent: int) -> None:
    share = percent / 100

    word = features.level_word("energy", share, value_at("energy", share))

    assert (word is None) == (height(share) is Height.MIDDLE)


def test_every_feature_with_a_height_has_a_place_in_the_table() -> None:
    heights = [name for name in features.NAMES if not name.startswith("key_")]
    profile = replace(FULL, levels=tuple(level_at(name, 0.9) for name in heights))

    rows = (ui.show(profile, listener=None).description or "").split("```")[1].strip().splitlines()

    assert len(rows) == len(heights)


def test_plays_are_told_to_their_owner_alone() -> None:
    played = replace(FULL, plays=2310)

    assert field(played, "Played").startswith("2,310 plays known")
    assert field(played, "Played", listener="Ann") == ""
    assert field(ListenerProfile(plays=3), "Played").startswith("3 plays")
    assert field(FULL, "Played") == ""
