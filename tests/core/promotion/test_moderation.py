import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.catalog import text_key
from bot.core.promotion.claims import claim_name
from bot.core.promotion.moderation import (
    BlockedTerm,
    BlockKind,
    blocked_by,
    blocked_term,
    report_reason,
)
from bot.errors import UserError

WORD, DOMAIN, NAME = BlockKind.WORD, BlockKind.DOMAIN, BlockKind.NAME


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (WORD, "  Free  NITRO! ", "free nitro"),
        (NAME, "Beyoncé", "beyonce"),
        (DOMAIN, "Bandcamp.com", "bandcamp.com"),
        (DOMAIN, "https://low.bandcamp.com/album/x?y=1", "low.bandcamp.com"),
    ],
)
def test_a_term_is_folded(kind: BlockKind, written: str, value: str) -> None:
    assert blocked_term(kind, written) == BlockedTerm(kind, value)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (WORD, "  "),
        (WORD, "x" * 101),
        (DOMAIN, "bandcamp"),
        (DOMAIN, ".com"),
        (DOMAIN, "https://[::"),
        (DOMAIN, ""),
    ],
)
def test_what_cannot_be_a_term_is_refused(kind: BlockKind, written: str) -> None:
    with pytest.raises(UserError, match="Nothing was blocked"):
        blocked_term(kind, written)


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (BlockedTerm(WORD, "nitro"), True),
        (BlockedTerm(WORD, "free nitro"), True),
        (BlockedTerm(WORD, "nit"), False),
        (BlockedTerm(WORD, "here low"), False),
        (BlockedTerm(WORD, "roar"), True),
        (BlockedTerm(DOMAIN, "bandcamp.com"), True),
        (BlockedTerm(DOMAIN, "low.bandcamp.com"), True),
        (BlockedTerm(DOMAIN, "camp.com"), False),
        (BlockedTerm(DOMAIN, "a.low.bandcamp.com"), False),
        (BlockedTerm(NAME, "low roar"), True),
        (BlockedTerm(NAME, "low"), False),
    ],
)
def test_terms_are_found_whole_and_folded(term: BlockedTerm, found: bool) -> None:
    asked = blocked_by(
        [term], text="Free NITRÓ, here", url="https://low.bandcamp.com/album/x", name="Low Roar"
    )

    assert asked == (term if found else None)


def test_nothing_is_blocked_by_nothing() -> None:
    assert blocked_by([], text="x", url="https://x.example", name="x") is None
    assert blocked_by([BlockedTerm(DOMAIN, "x.example")]) is None


@given(st.text(min_size=1, max_size=40))
def test_a_blocked_word_is_found_in_itself(written: str) -> None:
    if not text_key(written):
        return
    term = blocked_term(WORD, written)

    assert blocked_by([term], text=written) == term
    assert blocked_by([term], name=written) == term


@pytest.mark.parametrize("reason", ["", " !? ", "x" * 301])
def test_a_report_needs_a_short_reason(reason: str) -> None:
    with pytest.raises(UserError):
        report_reason(reason)


def test_a_reason_is_one_line() -> None:
    assert report_reason(" not\n theirs ") == "not theirs"


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "https://low.bandcamp.com", "a\u202eb"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(UserError):
        claim_name(name)


def test_a_name_is_one_line() -> None:
    assert claim_name("  The   Low \n Anthem ") == "The Low Anthem"
    assert claim_name("!!!") == "!!!"
