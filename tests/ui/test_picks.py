"""The words of a pick, without Discord."""

import re
from dataclasses import replace
from urllib.parse import unquote

import discord
import pytest

from bot.core.catalog.page_links import main_page
from bot.core.models import (
    Cover,
    Credit,
    ExternalId,
    Feedback,
    FeedbackKind,
    FeedbackSource,
    SearchHit,
    Subject,
    SubjectKind,
    Thumbed,
    Thumbs,
    Track,
)
from bot.core.ranking.discovery import Discovery, LikedTrack, Loosening, PickCard
from bot.core.ranking.filters import Removed
from bot.core.ranking.query import Filter, Mood
from bot.core.ranking.why import Basis, Closest, Counterfactual, Explanation, Reason
from bot.core.ranking.wish import Wish
from bot.ui import features, listen, picks, score, theme, why
from tests.conftest import NOON

TRACK = Track(7, "So *far*", "Low", 3, album="Alone", year=1994, genres=("slowcore",))
REASONS = (
    Reason("energy", 0.4, 0.1, 0.1, 0.2, 0.2, 0.3),
    Reason("acousticness", 0.2, 0.1, 0.9, 0.8, 0.9, 0.8),
    Reason("tempo", -0.1, 0.0, 0.9, 0.3, 150, 95),
    Reason("key_cos", 0.01, 0.0, None, None),
    Reason("key_sin", 0.01, 0.0, None, None),
)
EXPLANATION = Explanation(
    basis=Basis.TASTE,
    score=0.5,
    reasons=REASONS,
    affinity=0.02,
    penalty=-0.24,
    popularity=0.12,
    obscurity=70,
    closest=Closest(9, 0.8),
    fame=0.52,
)
LOVED = SearchHit(Subject(SubjectKind.TRACK, 9), "Words", "Low")
FIVE = Feedback(1, FeedbackKind.RATING, LOVED.subject, 5, FeedbackSource.COMMAND, None, NOON)
CARD = PickCard(1, TRACK, EXPLANATION, LikedTrack(LOVED, FIVE))


def found(**changes: object) -> Discovery:
    base = Discovery(Wish(count=2, obscurity=70), (CARD, CARD), 1, 0, 0.7, (), ())
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_pick_says_why_in_two_lines() -> None:
    assert why.short(CARD).splitlines() == [
        "Close to **Words** by Low, which you gave 5.",
        "Calm and acoustic, as you like it; much faster than usual.",
    ]


def test_what_others_read_does_not_say_what_was_rated() -> None:
    public = picks.pick(CARD).description or ""
    private = picks.pick(CARD, private=True).description or ""

    assert "which you gave 5" not in public
    assert "Close to **Words** by Low · calm and acoustic" in public
    assert "which you gave 5" in private


def test_a_pick_that_lives_by_its_company_names_it() -> None:
    listed = replace(EXPLANATION, scene=2.0, listed=True)
    together = replace(CARD, explanation=listed, together=CARD.closest)
    weak = replace(together, explanation=replace(EXPLANATION, scene=0.1))

    assert why.short(together).splitlines()[0] == (
        "Played and listed with **Words** by Low, which you gave 5."
    )
    assert why.short(together, private=False).splitlines()[0] == (
        "Played and listed with **Words** by Low."
    )
    assert why.short(weak).startswith("Close to **Words**")


def test_a_guessed_company_is_not_called_listed() -> None:
    guess = replace(CARD, explanation=replace(EXPLANATION, scene=2.0), together=CARD.closest)

    assert why.short(guess).startswith("By artist and sound, close to **Words** by Low")


def test_what_another_dial_would_have_made_of_it_is_one_sentence() -> None:
    def line(obscurity: int, place: int | None, *, is_now: bool = False) -> str:
        return score.elsewhere(Counterfactual(obscurity, place, is_now))

    at_0 = "With the dial at 0, where fame costs nothing,"
    assert line(0, 14) == f"{at_0} it would have been 14th."
    assert line(60, 2) == "With the dial at 60 it would have been 2nd."
    assert line(0, None) == f"{at_0} it would not have been among the first 100."
    assert line(0, 14, is_now=True) == f"{at_0} it would now be 14th."
    assert line(0, None, is_now=True) == f"{at_0} it would now not be among the first 100."
    assert score.elsewhere(None) == score.NOT_TOLD


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.81, "Very likely · 81 %"), (0.55, "Likely · 55 %"), (0.03, "A long shot · 3 %")],
)
def test_confidence_is_a_word_and_in_the_why_a_number(probability: float, words: str) -> None:
    card = replace(CARD, explanation=replace(EXPLANATION, confidence=probability))

    shown, full = picks.pick(card), why.full(card, own=True)

    assert (shown.description or "").splitlines()[-1] == (
        f"An artist few know · {words.split(' · ', maxsplit=1)[0].lower()}"
    )
    assert [field.value for field in full.fields if field.name == "Confidence"] == [words]


def test_without_a_taste_there_is_no_confidence() -> None:
    assert (picks.pick(CARD).description or "").splitlines()[-1] == "An artist few know"


def test_a_bad_fit_is_not_called_a_match() -> None:
    bad = replace(EXPLANATION, reasons=(Reason("energy", -0.5, -0.2, 0.9, 0.1, 0.9, 0.1),))

    embed = why.full(replace(CARD, explanation=bad, closest=None), own=False)

    assert "It does not fit your taste well." in (embed.description or "")
    assert "as you like it" not in (embed.description or "")


def test_a_pick_shows_where_it_is_from_and_how_well_known_it_is() -> None:
    embed = picks.pick(CARD, private=True)

    assert embed.title == "So \\*far\\*"
    assert (embed.description or "").splitlines() == [
        "**Low** · Alone · 1994",
        "Close to **Words** by Low, which you gave 5 · calm and acoustic",
        "An artist few know",
    ]
    assert not embed.fields


def test_several_picks_are_numbered_and_one_is_not() -> None:
    assert [one.title for one in picks.answer([CARD, CARD])] == [
        "1 · So \\*far\\*",
        "2 · So \\*far\\*",
    ]
    assert [one.title for one in picks.answer([CARD])] == ["So \\*far\\*"]


def test_a_cover_is_shown_with_its_colour_and_a_promotion_keeps_its_own() -> None:
    covered = replace(CARD, cover=Cover("https://example.com/a.jpg", 0x123456))

    assert picks.pick(covered).thumbnail.url == "https://example.com/a.jpg"
    assert picks.pick(covered).color == discord.Color(0x123456)
    assert picks.pick(replace(covered, promoted=True)).color == theme.PROMOTED
    assert picks.pick(CARD).thumbnail.url is None


def test_five_long_picks_fit_into_one_message() -> None:
    long = "*" * 2000
    track = replace(TRACK, title=long, artist=long, artist_credit=long, album=long)
    liked = LikedTrack(replace(LOVED, title=long, artist=long), FIVE)
    embeds = picks.answer([replace(CARD, track=track, closest=liked)] * 5, private=True)

    assert sum(map(len, embeds)) <= 6000


def test_a_promoted_pick_is_labelled() -> None:
    embed = picks.pick(replace(CARD, promoted=True))

    assert "Promoted" in (embed.author.name or "")


def test_a_free_track_shows_whom_to_thank() -> None:
    credit = Credit("CC-BY-SA-3.0", "ufoai-music", "https://ufoai.org")

    line = why.credit_line(replace(TRACK, credit=credit))
    embed = picks.pick(replace(CARD, track=replace(TRACK, credit=credit)))

    assert (embed.description or "").endswith("An artist few know · CC-BY-SA-3.0")

    assert line is not None
    assert all(word in line for word in ("Low", "CC-BY-SA-3.0", "ufoai-music", "https://ufoai.org"))


@pytest.mark.parametrize(
    ("fame", "words", "share"),
    [
        (0.0, "an artist hardly anybody knows", "99 % of artists are better known"),
        (0.3, "an artist hardly anybody knows", "70 % of artists are better known"),
        (0.6, "an artist few know", "better known than 60 % of artists"),
        (0.8, "an artist some know", "better known than 80 % of artists"),
        (0.9, "a well-known artist", "better known than 90 % of artists"),
        (1.0, "a famous artist", "among the best-known 1 % of artists"),
    ],
)
def test_fame_in_words(fame: float, words: str, share: str) -> None:
    assert features.fame_words(fame) == words
    assert features.fame_words(fame, deep_cut=True) == f"a deep cut by {words}"
    assert features.fame_words(fame, counted=False) == "an artist nobody counts"
    assert features.fame_share(fame) == share


def fame_line(**facts: object) -> str:
    card = replace(CARD, explanation=replace(EXPLANATION, **facts))  # type: ignore[arg-type]
    fields = why.full(card, own=True).fields
    return next(field.value or "" for field in fields if field.name == why.FAME)


def test_the_why_says_where_the_artist_stands_and_what_is_a_guess() -> None:
    assert fame_line() == "An artist few know: better known than 52 % of artists."
    assert fame_line(fame=0.97, deep_cut=True) == (
        "A deep cut by a famous artist: better known than 97 % of artists."
    )
    assert fame_line(counted=False).startswith("An artist nobody counts, so I guess from how many")
    assert fame_line(fame=None, counted=False) == (
        "An artist nobody counts, so the dial of obscurity can say nothing of them."
    )


def test_only_who_is_little_known_or_a_deep_cut_is_worth_a_word_under_the_title() -> None:
    def lines(**facts: object) -> list[str]:
        explanation = replace(EXPLANATION, closest=None, **facts)  # type: ignore[arg-type]
        return why.short(replace(CARD, explanation=explanation)).splitlines()[1:]

    assert lines() == ["An artist few know."]
    assert lines(fame=0.9) == []
    assert lines(fame=0.9, deep_cut=True) == ["A deep cut by a well-known artist."]
    assert lines(fame=0.4, counted=False) == ["An artist nobody counts."]


def test_the_answer_says_how_many_picks_kept_the_promise_of_the_dial() -> None:
    cut = replace(CARD, explanation=replace(EXPLANATION, fame=0.9, deep_cut=True))
    promise = "Obscurity 70: 1 of 2 by artists outside the best-known 30 %"

    assert picks.summary(found()) == f"{promise}."
    assert picks.summary(found(uncounted=1)) == f"{promise}; 1 artist nobody counts."
    assert picks.summary(found(picks=(CARD, cut), uncounted=2)) == (
        f"{promise}; 1 deep cut; 2 artists nobody counts."
    )
    assert picks.summary(found(picks=(cut, cut), kept_promise=0)) == (
        "Obscurity 70: only deep cuts, which are little-known songs by famous artists."
    )


def test_where_nobody_is_counted_the_dial_can_change_nothing() -> None:
    nobody = replace(CARD, explanation=replace(EXPLANATION, fame=None, counted=False))

    assert picks.summary(found(picks=(nobody, nobody), kept_promise=0, uncounted=2)) == (
        "Nobody counts these artists, so the dial of obscurity can change nothing."
    )


def test_a_promise_that_cannot_be_kept_is_said_to_be_broken() -> None:
    famous = replace(CARD, explanation=replace(EXPLANATION, fame=0.9))
    promoted = replace(famous, promoted=True)
    cut = replace(CARD, explanation=replace(EXPLANATION, fame=0.9, deep_cut=True))
    sentence = "Nothing else by artists that little known fits what you asked for."

    assert sentence in picks.summary(found(picks=(CARD, famous)))
    assert sentence not in picks.summary(found(picks=(CARD, promoted)))
    assert sentence not in picks.summary(found(picks=(CARD, cut)))
    assert sentence not in picks.summary(found(picks=(CARD,) * 4 + (famous,), kept_promise=4))


def test_a_short_list_says_what_took_the_rest() -> None:
    removed = (Removed(Filter.RATED, 3), Removed(Filter.MOOD, 12, unknown=2))

    words = picks.summary(found(picks=(CARD,), removed=removed))

    assert words.endswith(
        "Only 1 track of 2: 3 are versions of songs you know already and 12 have another mood "
        "(2 of them: not measured for it)."
    )


def test_an_empty_list_names_the_filters_and_offers_the_best_way_out() -> None:
    wish = Wish(mood=Mood.SAD)
    loosening = Loosening(Filter.MOOD, 40, Wish())
    removed = (Removed(Filter.MOOD, 40, alone=40),)

    embed = picks.nothing_found(
        found(wish=wish, picks=(), removed=removed, loosenings=(loosening,))
    )

    assert "40 have another mood" in (embed.description or "")
    assert embed.fields[0].value == "Any mood: 40 tracks would come back."
    assert picks.loosen_label(Filter.MOOD, 40) == "Any mood (40)"


def test_the_table_of_parts_adds_up_and_names_the_key_once() -> None:
    table = score.numbers(CARD).description or ""

    lines = table.strip("`\n").splitlines()
    assert sum(line.startswith("key") for line in lines) == 1
    parts = [float(line.rsplit(maxsplit=1)[1]) for line in lines]
    assert sum(parts[:-1]) == pytest.approx(parts[-1], abs=0.002)


def test_a_thumb_up_and_down_say_what_follows() -> None:
    up = Thumbed(LOVED, True, True, Thumbs(up=1))

    assert "more like it" in picks.thumbed(up)
    assert "less like it" in picks.thumbed(replace(up, up=False))
    assert "counts only once" in picks.thumbed(replace(up, changed=False))


def test_a_track_opens_at_its_own_page_and_other_places_are_searched() -> None:
    track = replace(TRACK, external_ids=(ExternalId("spotify", "6f80"), ExternalId("x", "1")))

    assert main_page(track) == "https://open.spotify.com/track/6f80"
    opened = {one.label: one.url for one in listen.links(track)}
    assert opened["Open on Spotify"] == "https://open.spotify.com/track/6f80"
    assert opened["Search Bandcamp"] == "https://bandcamp.com/search?q=Low+So+%2Afar%2A"
    assert opened["Search Deezer"] == "https://www.deezer.com/search/Low%20So%20%2Afar%2A"
    assert "Search Spotify" not in opened


@pytest.mark.parametrize("letter", ["音", "🎵", "&", "x"])
def test_every_search_fits_a_button_whatever_letters_a_title_has(letter: str) -> None:
    track = replace(TRACK, title=letter * 300, artist=letter * 300)

    for one in listen.links(track):
        assert len(one.url or "") <= 512
        assert letter in unquote(one.url or "")


def test_a_bare_link_is_posted_to_hear_a_track_on_the_service_that_was_chosen() -> None:
    track = replace(TRACK, external_ids=(ExternalId("spotify", "6f80"), ExternalId("deezer", "5")))

    assert listen.player(track, None) == main_page(track)
    assert listen.player(track, "Deezer") == "https://www.deezer.com/track/5"
    assert listen.player(track, "Bandcamp").startswith("I know no page of it there")
    assert listen.player(TRACK, None).startswith("I know no page of it there")
    assert [one.value for one in listen.choices(track, "Deezer") if one.default] == ["Deezer"]


def test_a_freely_licensed_track_is_opened_where_it_comes_from() -> None:
    page = "https://www.freemusicarchive.org/music/AWOL/Food"
    track = replace(TRACK, external_ids=(), credit=Credit("CC0", None, page))

    first, *others = listen.links(track)
    assert (first.label, first.url) == ("Open on freemusicarchive.org", page)
    assert all((one.label or "").startswith("Search ") for one in others)
    assert listen.player(track, None) == page
    assert listen.player(track, "Deezer").endswith(f"\nIts own page is {page}")
    assert "freemusicarchive.org" not in [one.value for one in listen.choices(track, None)]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://x", "https://" + "x" * 600, "https://[x", "https://"]
)
def test_a_homepage_that_discord_would_refuse_is_no_button(address: str) -> None:
    track = replace(TRACK, credit=Credit("CC0", None, address))

    assert main_page(track) is None


def test_the_longest_names_fit_discord() -> None:
    long = "*" * 2000
    card = replace(
        CARD,
        track=replace(
            TRACK, title=long, artist=long, artist_credit=long, album=long, genres=(long,)
        ),
        closest=LikedTrack(replace(LOVED, title=long, artist=long), FIVE),
    )

    for embed in (picks.pick(card, number=1), why.full(card, own=False)):
        assert len(embed) <= 6000
        assert len(embed.title or "") <= 256
        assert len(embed.description or "") <= 4096
        assert all(len(field.value or "") <= 1024 for field in embed.fields)
        assert len(embed.footer.text or "") <= 2048


def test_a_track_that_is_only_played_says_how_often_to_its_listener_alone() -> None:
    played = replace(CARD, closest=LikedTrack(LOVED, None, plays=40))

    assert "which you played 40 times" in why.short(played)
    assert "40" not in why.short(played, private=False)
    assert "which you gave 5" in why.short(replace(CARD, closest=LikedTrack(LOVED, FIVE, plays=40)))


def test_the_why_names_what_lists_and_renown_did() -> None:
    explanation = replace(CARD.explanation, listing=-0.25, renown=0.125)

    table = score.numbers(replace(CARD, explanation=explanation)).description or ""

    assert re.search(r"the artist is in many lists +-0\.250", table)
    assert re.search(r"the song is known +\+0\.125", table)


def test_five_picks_whose_names_are_as_long_as_can_be_fit_into_one_message() -> None:
    longest = replace(
        TRACK,
        title="*" * 300,
        artist="_" * 300,
        album="~" * 300,
        credit=Credit("_" * 99, None, None),
    )
    loved = LikedTrack(SearchHit(LOVED.subject, "*" * 300, "_" * 300), FIVE)
    facts = replace(EXPLANATION, deep_cut=True, confidence=0.5)
    card = replace(CARD, track=longest, explanation=facts, closest=loved, promoted=True)

    embeds = picks.answer([card] * 5, private=True)

    assert 3000 < sum(map(len, embeds)) <= 6000
    assert [len(one) for one in picks.answer([CARD] * 2)] == [len(picks.pick(CARD, number=1))] * 2
