"""Linked accounts: what was linked, what is asked of it, how it is unlinked."""

from dataclasses import dataclass
from typing import Final

import discord

from bot.core.accounts import (
    BASES,
    SERVICE_NAMES,
    ConsentPage,
    EndedLink,
    LinkedAccount,
    LinkedService,
    LinkOutcome,
    ListeningBasis,
    Occupied,
)
from bot.ui import text, theme

REPLACE_TEMPLATE: Final = r"link:replace:(?P<service>lastfm|listenbrainz):(?P<name>.{1,64})"
"""The custom id of the button that does it."""
SUGGESTIONS: Final = 25


@dataclass(frozen=True, slots=True)
class Form:
    """A form with one field."""

    id: str
    """The custom id of the button that opens it."""
    title: str
    label: str
    hint: str


TOKEN: Final = Form(
    "link:token",
    "Add a token",
    "Your user token",
    "From https://listenbrainz.org/settings/; it is kept encrypted",
)
PASTE: Final = Form(
    "link:paste",
    "Paste the address",
    "Where your browser ended",
    "The whole address of that page, also when it did not load",
)

BASIS_WORDS: Final = {
    ListeningBasis.TOP: "what you play most",
    ListeningBasis.RECENT: "what you played lately",
    ListeningBasis.SAVED: "the tracks you saved",
    ListeningBasis.PLAYLIST: "your playlist",
}
_LONGEST_URL: Final = 512
"""Of a button."""
_SPOTIFY_APPS: Final = "https://www.spotify.com/account/apps/"


def outcome(done: LinkOutcome) -> str:
    """Say what became of linking."""
    service = SERVICE_NAMES[done.account.service]
    name = _name(done.account)
    if isinstance(done, Occupied):
        return (
            f"You have linked **{name}** of {service} already. To link "
            f"**{text.plain(done.wanted, 64)}** instead, I unlink it first, and delete everything "
            "that came from it."
        )
    return (
        f"Linked: **{name}** of {service}. What counts is {basis(done.account)}; "
        f"`/link basis` changes it, `/link status` shows it, and `/unlink` deletes everything "
        "that came from it."
    )


def outcome_buttons(done: LinkOutcome) -> discord.ui.View | None:
    """Return what can be done next; None where that is nothing."""
    service = done.account.service
    if isinstance(done, Occupied):
        label = text.label(f"Unlink {done.account.shown_name}, link {done.wanted}", 80)
        return _buttons(
            discord.ui.Button(
                label=label,
                style=discord.ButtonStyle.danger,
                custom_id=f"link:replace:{service}:{done.wanted}",
            )
        )
    if service is LinkedService.LISTENBRAINZ:
        return _buttons(discord.ui.Button(label=TOKEN.title, custom_id=TOKEN.id))
    return None


def token_kept(account: LinkedAccount) -> str:
    """Say that a token is kept."""
    return f"Kept, encrypted: the token of **{_name(account)}**. `/unlink` deletes it."


def consent(page: ConsentPage) -> str:
    """Say how Spotify is linked."""
    lines = ["Press **Open Spotify** and agree there within ten minutes."]
    if not page.comes_back:
        lines = [
            f"1. {lines[0]}",
            "2. Your browser then goes to a page that may well not load: that is fine. Copy its "
            "whole address.",
            f"3. Come back and press **{PASTE.title}**.",
        ]
    if len(page.url) > _LONGEST_URL:
        lines.append(f"[Open Spotify](<{page.url}>)")
    lines.append(
        "-# Spotify gives an app like this one five seats. If it does not let you in, ask whoever "
        "runs the bot whether one is free. I see what you play and save, and your playlists; "
        + ("I add playlists when you say so." if page.saving else "nothing is changed there.")
    )
    return "\n".join(lines)


def consent_buttons(page: ConsentPage) -> discord.ui.View:
    """Return the way to Spotify and back."""
    paste: discord.ui.Button[discord.ui.View] = discord.ui.Button(
        label=PASTE.title, custom_id=PASTE.id
    )
    if len(page.url) > _LONGEST_URL:
        return _buttons(paste)
    return _buttons(discord.ui.Button(label="Open Spotify", url=page.url), paste)


def status(accounts: tuple[LinkedAccount, ...]) -> discord.Embed:
    """Show what is linked, and how it is."""
    embed = discord.Embed(title="Your linked accounts", color=theme.ACCENT)
    linked = {one.service: one for one in accounts}
    for service in LinkedService:
        account = linked.get(service)
        value = f"not linked: `/link {service}`" if account is None else _state(account)
        embed.add_field(name=SERVICE_NAMES[service], value=value, inline=False)
    if accounts:
        embed.set_footer(text="/unlink deletes an account and everything that came from it.")
    return embed


def basis(account: LinkedAccount) -> str:
    """Say which part of the listening counts."""
    if account.basis is ListeningBasis.PLAYLIST:
        return f"{BASIS_WORDS[account.basis]} “{text.plain(account.playlist_name or '', 80)}”"
    return BASIS_WORDS[account.basis]


def basis_changed(account: LinkedAccount) -> str:
    """Say what counts now, and what else could."""
    others = [f"`{one}`" for one in BASES[account.service] if one is not account.basis]
    return (
        f"Of {SERVICE_NAMES[account.service]} now counts {basis(account)}. There is also "
        f"{text.listing(others)}."
    )


def unlinked(account: LinkedAccount) -> str:
    """Say what is gone."""
    gone = (
        f"Unlinked: **{_name(account)}** of {SERVICE_NAMES[account.service]}. Everything that came "
        "from it is deleted, and so is what let me ask."
    )
    if account.service is LinkedService.SPOTIFY:
        gone += f" Spotify itself lists this bot until you remove it there: <{_SPOTIFY_APPS}>"
    return gone


def ended(link: EndedLink) -> str:
    """Say that a service ended a link."""
    service = SERVICE_NAMES[link.service]
    return (
        f"Your link to {service} ended {text.when(link.ended_at)}: you took your consent back, or "
        "it was older than six months. Everything that came from it is deleted. "
        f"`/link {link.service}` links it anew."
    )


def _state(account: LinkedAccount) -> str:
    asked = text.when(account.synced_at) if account.synced_at else "not yet"
    lines = [
        f"**{_name(account)}**, linked {text.when(account.linked_at)}",
        f"counts: {basis(account)}",
        f"last asked: {asked}",
    ]
    if account.problem:
        lines.append(f"⚠️ {account.problem}")
    return "\n".join(lines)


def _name(account: LinkedAccount) -> str:
    return text.plain(account.shown_name, 64)


def _buttons(*buttons: discord.ui.Button[discord.ui.View]) -> discord.ui.View:
    """Return buttons that nothing needs to remember: what they do is known by their custom ids."""
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    view.stop()
    return view
