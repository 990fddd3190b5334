"""The card of an artist, and what those are told who act for one."""

from typing import Final

import discord

from bot.core.catalog import service_of
from bot.core.promotion import FEWEST_LISTENERS, ArtistCard, CatalogArtist, Claim, Reception
from bot.ui import features, text, theme, why
from bot.ui.stored import view

VERIFIED: Final = "✓"
_WORDS: Final = 4


def title(name: str, *, verified: bool, limit: int = 80) -> str:
    """Return an artist's name with the mark of a verified one, for places without markdown."""
    return text.label(name, limit) + (f" {VERIFIED}" if verified else "")


def claimed(claim: Claim) -> str:
    """Confirm that a name was registered."""
    known = " My catalogue knows this artist." if claim.artist_id is not None else ""
    return (
        f"**{text.plain(claim.name)}** is yours in this server.{known} `/artist card` shows it, "
        "`/artist pages add` links your pages, and `/promote` goes under it. Moderators may verify "
        "it. Your own 👍 and 👎 do not count for what is promoted under it."
    )


def released(claim: Claim) -> str:
    """Confirm that a name was given up."""
    return f"**{text.plain(claim.name)}** is free again in this server."


def pages_now(claim: Claim, pages: tuple[str, ...]) -> str:
    """Say which pages a card has now."""
    lines = [f"• <{page}>" for page in pages] or ["none"]
    return "\n".join([f"Pages of **{text.plain(claim.name)}**:", *lines])


def hand_added(claim: Claim, mention: str) -> str:
    """Tell everybody that somebody acts for an artist."""
    return (
        f"{mention} may now act for **{text.plain(claim.name)}** in this server; their own 👍 and "
        "👎 no longer count for its promotions. They can end that with `/artist hands remove`."
    )


def hand_removed(claim: Claim, mention: str) -> str:
    """Confirm that somebody no longer acts for an artist."""
    return f"{mention} no longer acts for **{text.plain(claim.name)}**."


def hands(claim: Claim, others: tuple[int, ...]) -> str:
    """Say who acts for an artist."""
    held = f"**{text.plain(claim.name)}** is held by <@{claim.user_id}>"
    if not others:
        return f"{held}; nobody else may act for it. `/artist hands add` lets somebody."
    return f"{held}; {text.listing([f'<@{one}>' for one in others])} may act for it, too."


def card(shown: ArtistCard) -> discord.Embed:
    """Show an artist."""
    verified = shown.claim is not None and shown.claim.verified
    embed = discord.Embed(
        title=text.plain(shown.name, 200) + (f" {VERIFIED}" if verified else ""),
        color=theme.PROMOTED if shown.claim is not None else theme.QUIET,
    )
    embed.description = _standing(shown.claim)
    if shown.known is None:
        embed.add_field(name="In my catalogue", value="not yet", inline=False)
    else:
        _add_known(embed, shown.known)
    if shown.claim is not None:
        embed.add_field(name="Promoted here", value=text.count(shown.promotions, "time"))
        embed.add_field(name="How it was heard", value=heard(shown.reception))
    return embed


def _standing(claim: Claim | None) -> str:
    if claim is None:
        return "Nobody registered this name here. Is it you? `/artist claim`"
    since = f"Registered in this server {text.when(claim.created_at)}"
    if claim.verified:
        return f"{since}, verified by its moderators."
    return f"{since}, not verified."


def _add_known(embed: discord.Embed, known: CatalogArtist) -> None:
    fame = features.fame_words(known.fame, counted=known.counted)
    if known.fame is not None and known.counted:
        fame += f": {features.fame_share(known.fame)}"
    embed.add_field(name="In my catalogue", value=text.count(known.tracks, "track"))
    embed.add_field(name=why.FAME, value=f"{fame[0].upper()}{fame[1:]}")
    if known.measured:
        words = features.clear_words(known.levels, most=_WORDS)
        sound = text.listing(words) or "in the middle of my catalogue"
        measured = text.count(known.measured, "track")
        embed.add_field(name="Sounds", value=f"{sound} (measured on {measured})", inline=False)


def heard(reception: Reception | None) -> str:
    """Say how promotions were heard, in totals only."""
    if reception is None:
        return f"fewer than {FEWEST_LISTENERS} listeners so far: too few to say"
    line = text.count(reception.listeners, "listener")
    if reception.share is None:
        return f"{line}; nobody voted"
    return f"{line}; 👍 has {round(100 * reception.share)} % of the weight of all votes"


def pages(shown: ArtistCard) -> discord.ui.View | None:
    """Return the pages of a card as buttons; None when it has none."""
    if not shown.pages:
        return None
    links = ((text.label(service_of(page), 80), page) for page in shown.pages)
    return view(*(discord.ui.Button(label=label, url=page) for label, page in links))
