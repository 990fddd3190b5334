from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import Link, Names
from bot.core.models import ExternalId
from bot.core.promotion.promotion import (
    MAX_TEXT,
    MAX_TRACKS,
    PromotionAudio,
    in_words,
    promotion_text,
    read_tracklist,
    same_audio,
    time_left,
)
from bot.errors import UserError

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_promotion_text_becomes_one_line() -> None:
    assert promotion_text("  calm \n songs\tfor rain ") == "calm songs for rain"


@pytest.mark.parametrize("text", ["", "   ", "...", "a" * 301, "x" * 4000, "see https://a.example"])
def test_promotion_text_refuses_in_a_clear_sentence(text: str) -> None:
    with pytest.raises(UserError, match=r"\.$"):
        promotion_text(text)


def test_promotion_text_takes_the_full_length() -> None:
    assert len(promotion_text("é" * MAX_TEXT)) == MAX_TEXT


def test_read_tracklist_reads_links_and_both_orders_of_names() -> None:
    link, named, bare = read_tracklist(
        "https://www.deezer.com/track/5; Low – Lullaby - Live\n1. Lullaby;;Lullaby"
    )

    assert isinstance(link, Link)
    assert link.track == ExternalId("deezer", "5")
    pairs = (("Lullaby - Live", "Low"), ("Low - Lullaby", "Live"))
    assert named == Names("Low – Lullaby - Live", pairs)
    assert bare == Names("Lullaby")


def test_read_tracklist_keeps_a_dash_inside_a_word() -> None:
    (mention,) = read_tracklist("Jay-Z – 99 Problems")
    assert isinstance(mention, Names)
    assert mention.pairs[0] == ("99 Problems", "Jay-Z")


def test_read_tracklist_of_nothing_is_empty() -> None:
    assert read_tracklist(" ;\n; ") == ()


@pytest.mark.parametrize(
    "text", [";".join(f"a – {n}" for n in range(MAX_TRACKS + 1)), "x" * 2001], ids=["many", "long"]
)
def test_read_tracklist_refuses_too_much(text: str) -> None:
    with pytest.raises(UserError, match="Nothing was posted"):
        read_tracklist(text)


@given(st.text(max_size=2000))
def test_read_tracklist_reads_or_refuses_anything(text: str) -> None:
    try:
        mentions = read_tracklist(text)
    except UserError:
        return
    assert len(mentions) <= MAX_TRACKS
    assert len({mention.text for mention in mentions}) == len(mentions)


def test_time_left_counts_down_to_nothing() -> None:
    day = timedelta(days=1)
    assert time_left(None, day, NOON) is None
    assert time_left(NOON - timedelta(hours=23), day, NOON) == timedelta(hours=1)
    assert time_left(NOON - day, day, NOON) is None
    assert time_left(NOON, timedelta(0), NOON) is None


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(0), "1 second"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(seconds=91), "2 minutes"),
        (timedelta(minutes=30), "30 minutes"),
        (timedelta(minutes=91), "2 hours"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=49), "3 days"),
        (timedelta(days=30), "30 days"),
    ],
)
def test_in_words_rounds_up(duration: timedelta, words: str) -> None:
    assert in_words(duration) == words


def test_same_audio_is_the_same_file_or_the_same_sound() -> None:
    earlier = [PromotionAudio(1, "aa", b"low"), PromotionAudio(2, "bb", b"high")]
    asked: list[tuple[bytes, bytes]] = []

    def same(one: bytes, other: bytes) -> bool:
        asked.append((one, other))
        return one == other

    assert same_audio("aa", b"other", earlier, same) == earlier[0]
    assert asked == []
    assert same_audio("cc", b"high", earlier, same) == earlier[1]
    assert same_audio("cc", b"other", earlier, same) is None
