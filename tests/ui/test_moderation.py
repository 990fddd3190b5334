from datetime import UTC, datetime

from bot.core.promotion.claims import ArtistCard, CatalogArtist, Claim
from bot.core.promotion.fairness import Reception
from bot.core.promotion.moderation import Action, HeldClaim, LogEntry, LogPage, Reported
from bot.core.promotion.promotion import Promotion
from bot.ui import artists, moderation
from tests.levels import level_at

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG = "*" * 300
RECEPTION = Reception(1000, 900, 100, 800, 300.0, 50.0)
PROMOTION = Promotion(
    7,
    10**18,
    10**18,
    10**18,
    f"https://low.bandcamp.com/{'x' * 450}",
    LONG,
    NOON,
    channel_id=10**18,
)


def claim(name: str) -> Claim:
    return Claim(1, 2, name, name, 10**18, None, NOON, True, NOON)


def test_a_report_fits_discord_with_many_long_reasons() -> None:
    embed = moderation.reported(Reported(PROMOTION, LONG[:80], (LONG,) * 50, RECEPTION))

    assert len(embed) <= 6000
    assert all(len(field.value or "") <= 1024 for field in embed.fields)
    assert embed.fields[1].name == "50 open reports"


def test_lists_fit_discord_and_say_how_much_is_left_out() -> None:
    held = [HeldClaim(claim("*" * 80), (PROMOTION.url,) * 5, (10**18,) * 5)] * 100
    entries = (LogEntry(Action.CLAIM_REMOVED, LONG, 10**18, 10**18, LONG, NOON),) * 100

    for embed in (
        moderation.claim_list(held),
        moderation.log(LogPage(entries, 0, 1)),
        moderation.rings([Reported(PROMOTION, LONG, (), RECEPTION)] * 100),
    ):
        assert len(embed.description or "") <= 4096
        assert len(embed) <= 6000
        assert (embed.description or "").splitlines()[-1].endswith(" more")


def test_a_card_fits_discord_and_counts_cautiously() -> None:
    levels = tuple(level_at(name, 0.99) for name in ("energy", "tempo", "valence"))
    known = CatalogArtist(12, 0.25, True, levels, 10)
    shown = ArtistCard("*" * 80, claim("*" * 80), (PROMOTION.url,) * 5, known, 3, RECEPTION)

    embed = artists.card(shown)

    fields = {field.name: field.value for field in embed.fields}
    assert len(embed.title or "") <= 256
    assert fields["In my catalogue"] == "12 tracks"
    assert fields["How well known"] == (
        "An artist hardly anybody knows: 75 % of artists are better known"
    )
    assert fields["Sounds"] == "energetic, cheerful and fast (measured on 10 tracks)"
    assert fields["How it was heard"] == "1,000 listeners; 👍 has 86 % of the weight of all votes"


def test_a_card_says_when_nobody_counts_the_artist() -> None:
    for known in (CatalogArtist(1, 0.4, False, (), 0), CatalogArtist(1, None, False, (), 0)):
        embed = artists.card(ArtistCard("Low", None, (), known, 0, None))

        fields = {field.name: field.value for field in embed.fields}
        assert fields["How well known"] == "An artist nobody counts"


async def test_the_pages_of_a_card_are_link_buttons() -> None:
    shown = ArtistCard("Low", claim("Low"), (PROMOTION.url,), None, 0, None)

    view = artists.buttons(shown, share=False)

    assert view is not None
    assert [item.to_component_dict()["url"] for item in view.children] == [PROMOTION.url]
    assert artists.buttons(ArtistCard("Low", None, (), None, 0, None), share=True) is None
