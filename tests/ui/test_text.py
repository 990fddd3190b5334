from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui import text


def test_markdown_and_mentions_in_a_title_are_shown_as_they_stand() -> None:
    shown = text.plain("**@everyone** [x](http://a) <@1>")

    assert shown == "\\*\\*@\u200beveryone\\*\\* \\[x\\](http\\://a) \\<@\u200b1\\>"


@given(st.text())
def test_plain_text_is_one_line_without_control_characters(anything: str) -> None:
    shown = text.plain(anything)

    assert shown == shown.strip()
    assert all(
        character.isprintable() or character == "\u200b" or ord(character) > 127
        for character in shown
    )


@pytest.mark.parametrize("unseen", ["\u3164", "\u200b", "\u2800 \ufe0f", "\u202e\u200d"])
def test_a_name_that_nobody_sees_is_a_dash(unseen: str) -> None:
    assert text.plain(unseen) == text.label(unseen) == "–"


def test_what_joins_letters_and_signs_stays() -> None:
    for name in ("👩\u200d🎤", "می\u200cخواهم"):
        assert text.plain(name) == text.label(name) == name


@given(st.text(), st.integers(1, 300))
def test_a_cut_text_fits(anything: str, limit: int) -> None:
    assert len(text.cut(anything, limit)) <= limit


@given(st.lists(st.text(st.characters(categories=["L"])), max_size=30), st.integers(20, 100))
def test_lines_that_do_not_fit_are_counted(lines: list[str], limit: int) -> None:
    shown = text.fitting(lines, limit)

    *kept, last = shown.split("\n")
    assert len(shown) <= limit
    if last.startswith("… and"):
        assert kept == lines[: len(kept)]
        assert last == f"… and {len(lines) - len(kept)} more"
    else:
        assert shown == "\n".join(lines)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"), (113, "113th")],
)
def test_ordinals(number: int, words: str) -> None:
    assert text.ordinal(number) == words


def test_counts_name_one_and_many() -> None:
    assert (text.count(1, "track"), text.count(2310, "track")) == ("1 track", "2,310 tracks")


def test_listings_read_like_english() -> None:
    assert [text.listing(list(words)) for words in ("", "a", "ab", "abc")] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_times_are_shown_in_each_readers_zone() -> None:
    assert text.when(datetime(2026, 1, 1, tzinfo=UTC)) == "<t:1767225600:R>"


def test_a_bar_shows_a_share() -> None:
    assert text.bar(0.3) == "▰▰▰▱▱▱▱▱▱▱"


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True), max_size=6))
def test_what_all_lists_share_is_said_once_and_nothing_is_lost(lists: list[list[str]]) -> None:
    common, each = text.parted(lists)

    assert [sorted([*common, *one]) for one in each] == [sorted(one) for one in lists]
    assert not any(set(common) & set(one) for one in each)
    if len(lists) > 1:
        assert not set.intersection(*(set(one) for one in each))


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=6))
def test_percents_of_a_whole_add_up_and_none_is_off_by_one(weights: list[float]) -> None:
    shares = [one / sum(weights) for one in weights]

    found = text.percents(shares)

    assert sum(found) == 100
    assert all(abs(one - share * 100) < 1 + 1e-9 for one, share in zip(found, shares, strict=True))
    assert text.percents([0.845, 0.0775, 0.0775]) == [84, 8, 8]
