from datetime import UTC, datetime

from bot.core.models import Thumbs
from bot.core.promotion.promotion import PreparedPromotion, Promotion
from bot.core.promotion.suiting import PlaylistSound
from bot.ui import promotions as ui
from tests.levels import level_at

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROMOTION = Promotion(7, 1, None, None, "https://low.bandcamp.com", "Quiet songs", NOON)


def sound(count: int = 12, **levels: float) -> PlaylistSound:
    return PlaylistSound(tuple(level_at(*level) for level in levels.items()), count)


def prepared(*, recognized: int = 0, unknown: tuple[str, ...] = ()) -> PreparedPromotion:
    return PreparedPromotion(PROMOTION, None, recognized, unknown, None)


def test_suits_names_the_three_clearest_levels() -> None:
    levels = sound(
        energy=0.1, acousticness=0.95, instrumentalness=0.8, tempo=0.3, valence=0.5, year=1.0
    )

    assert ui.suits(levels) == (
        "for people who like it acoustic, calm and instrumental (measured on 12 of its tracks)"
    )


def test_suits_says_so_when_nothing_stands_out() -> None:
    assert ui.suits(sound(1, energy=0.5, valence=0.6)) == (
        "for people who like variety: on average it sounds like the middle of my catalogue "
        "(measured on 1 of its tracks)"
    )


async def test_votes_carry_the_promotion_and_the_counts() -> None:
    view = ui.votes(PROMOTION, Thumbs(up=1234, down=5))

    buttons = [
        (item.to_component_dict()["label"], item.to_component_dict().get("custom_id"))
        for item in view.children
    ]
    assert buttons == [
        ("1,234", "promotion:7:up"),
        ("5", "promotion:7:down"),
        ("Open on Bandcamp", None),
    ]


def test_post_fits_discord_with_the_longest_text_and_name() -> None:
    longest = Promotion(7, 1, None, None, "https://low.bandcamp.com", "*" * 300, NOON)

    embed = ui.post(
        PreparedPromotion(longest, None, 20, (), sound(20, energy=0.9)),
        promoter="[" * 400,
        avatar_url=None,
    )

    assert len(embed.author.name or "") <= 256
    assert len(embed) <= 6000


def test_posted_fits_a_message_with_twenty_long_unknown_tracks() -> None:
    unknown = tuple(f"{n} " + "*" * 95 for n in range(20))

    told = ui.posted(prepared(unknown=unknown), link="https://discord.com/x", note=ui.CHANNEL_GONE)

    assert len(told) <= 2000
    assert "I know 0 of 20 named tracks." in told
    assert "more" in told.splitlines()[-1]


def test_posted_without_tracks_is_one_line() -> None:
    assert ui.posted(prepared(), link="L", note=None) == "Posted: L"
