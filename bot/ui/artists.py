"""The card of an artist, and the replies to the people who act for an artist."""

from datetime import timedelta
from typing import Any, Final, Literal

import discord

from bot.core.catalog import service_of
from bot.core.promotion import FEWEST_LISTENERS, ArtistCard, CatalogArtist, Claim, Reception
from bot.ui import features, page_buttons, text, theme, why
from bot.ui.stored import Stored, view

INVITED_FOR: Final = timedelta(days=7)
NOT_INVITED: Final = "This invitation is for somebody else."
INVITED_TOO_LONG_AGO: Final = "This invitation has ended. Whoever sent it can send another one."
DECLINED: Final = "The invitation was declined or taken back. Nothing was kept."
VERIFIED: Final = "✓"
_WORDS: Final = 4


def title(name: str, *, verified: bool, limit: int = 80) -> str:
    """Return an artist's name with the mark of a verified one, for places without markdown."""
    return text.label(name, limit) + (f" {VERIFIED}" if verified else "")


def claimed(claim: Claim) -> str:
    """Confirm that a name was registered."""
    known = " My catalogue knows this artist." if claim.artist_id is not None else ""
    if claim.muted:
        return (
            f"**{text.plain(claim.name)}** is yours in this server, but its moderators have muted "
            "it: nothing can be promoted under it until they use `/moderate claim unmute`."
        )
    return (
        f"**{text.plain(claim.name)}** is now registered to you in this server.{known} `/artist "
        "card` shows it, `/artist pages add` links your pages, and `/promote` goes under it. "
        "Moderators may verify it. Your own 👍 and 👎 do not count for promotions under this name."
    )


def released(claim: Claim) -> str:
    """Confirm that a name was given up."""
    return f"**{text.plain(claim.name)}** can be registered by anybody in this server again."


def pages_now(claim: Claim, pages: tuple[str, ...]) -> str:
    """Say which pages a card has now."""
    lines = [f"• <{page}>" for page in pages] or ["none"]
    return "\n".join([f"Pages of **{text.plain(claim.name)}**:", *lines])


class Invitation(Stored, id="hand:{answer}:{claim_id}:{holder_id}:{hand_id}"):
    """Lets somebody who was asked act for an artist, or not."""

    answer: Literal["accept", "decline"]
    claim_id: int
    holder_id: int
    hand_id: int


def invited(claim: Claim, mention: str) -> str:
    """Ask somebody whether they want to act for an artist."""
    return (
        f"{mention}, <@{claim.user_id}> asks you to act for **{text.plain(claim.name)}** in this "
        "server: you could promote under that name, and see how it is heard. From then on your own "
        "👍 and 👎 do not count for its promotions; what you gave before does. Nothing happens "
        f"unless you accept within {INVITED_FOR.days} days."
    )


def invitation(claim: Claim, hand_id: int) -> discord.ui.View:
    """Return the answers to an invitation."""
    named = (claim.id, claim.user_id or 0, hand_id)
    return view(
        Invitation("accept", *named).button("Accept", style=discord.ButtonStyle.success),
        Invitation("decline", *named).button("Decline"),
    )


def hand_added(claim: Claim, mention: str) -> str:
    """Tell everybody that somebody acts for an artist."""
    return (
        f"{mention} may now act for **{text.plain(claim.name)}** in this server; their own 👍 and "
        "👎 no longer count for its promotions. They can end that with `/artist helpers remove`."
    )


def hand_removed(claim: Claim, mention: str) -> str:
    """Confirm that somebody no longer acts for an artist."""
    return f"{mention} no longer acts for **{text.plain(claim.name)}**."


def hands(claim: Claim, others: tuple[int, ...]) -> str:
    """Say who acts for an artist."""
    held = f"**{text.plain(claim.name)}** is held by <@{claim.user_id}>"
    if not others:
        return f"{held}; nobody else may act for it. `/artist helpers add` lets somebody."
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
    embed.add_field(name=why.FAME, value=text.capital(fame))
    if known.measured:
        words = features.clear_words(known.levels, most=_WORDS)
        sound = text.listing(words) or features.without_words(
            [level.percentile for level in known.levels]
        )
        measured = text.count(known.measured, "track")
        embed.add_field(name="Sounds", value=f"{sound} (measured on {measured})", inline=False)


def heard(reception: Reception | None) -> str:
    """Say how promotions were heard, in totals only."""
    if reception is None:
        return f"fewer than {FEWEST_LISTENERS} listeners so far: too few to show a result"
    line = text.count(reception.listeners, "listener")
    if reception.share is None:
        return f"{line}; nobody voted"
    if reception.up + reception.down < FEWEST_LISTENERS:
        return f"{line}; fewer than {FEWEST_LISTENERS} of them voted: too few to say how"
    return f"{line}; 👍 has {round(100 * reception.share)} % of the weight of all votes"


def buttons(shown: ArtistCard, *, share: bool) -> discord.ui.View | None:
    """Return the links of a card, and (`share`) what makes a page of it; None without any."""
    links = ((text.label(service_of(page), 80), page) for page in shown.pages)
    items: list[discord.ui.Button[Any]] = [
        discord.ui.Button(label=label, url=page) for label, page in links
    ]
    if share and shown.claim is not None:
        items.append(page_buttons.button(page_buttons.CardPage("ask", shown.claim.id)))
    return view(*items) if items else None


def may_share(shown: ArtistCard, user_id: int) -> bool:
    """Return whether somebody may make a page of a card: who holds the name, unless it is muted."""
    return shown.claim is not None and shown.claim.user_id == user_id and not shown.claim.muted
