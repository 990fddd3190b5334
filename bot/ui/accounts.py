"""Linked accounts: linking, what counts, unlinking."""

from typing import Any, Final, Literal

import discord

from bot.core.accounts import (
    BASES,
    MAX_ANSWER,
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
from bot.ui.stored import Stored, StoredForm, view

SUGGESTIONS: Final = 25


class Replace(Stored, id="link:replace:{service}:{name}"):
    """Unlinks one account and links another of the same service."""

    service: Literal[LinkedService.LASTFM, LinkedService.LISTENBRAINZ]
    name: str


class AddToken(StoredForm, id="link:token", title="Add a token"):
    """Takes a user token of ListenBrainz."""

    def fields(self) -> list[discord.ui.Label[Any]]:
        """Return where it is written."""
        return [
            discord.ui.Label(
                text="Your user token",
                description="From https://listenbrainz.org/settings/; it is kept encrypted",
                component=discord.ui.TextInput(custom_id="token", max_length=100),
            )
        ]


class PasteAddress(StoredForm, id="link:paste", title="Paste the address"):
    """Takes the address that the listener's browser ended at."""

    def fields(self) -> list[discord.ui.Label[Any]]:
        """Return where it is written."""
        return [
            discord.ui.Label(
                text="Where your browser ended",
                description="The whole address of that page, even if it did not load",
                component=discord.ui.TextInput(
                    custom_id="address", max_length=MAX_ANSWER, style=discord.TextStyle.paragraph
                ),
            )
        ]


class EnterCode(StoredForm, id="link:code", title="Enter the code"):
    """Takes the code on the page that the listener's browser ended at."""

    def fields(self) -> list[discord.ui.Label[Any]]:
        """Return where it is written."""
        return [
            discord.ui.Label(
                text="The code",
                description="On the page that your browser shows after you agreed at Spotify",
                component=discord.ui.TextInput(custom_id="code", max_length=20),
            )
        ]


BASIS_WORDS: Final = {
    ListeningBasis.TOP: "what you play most",
    ListeningBasis.RECENT: "what you played lately",
    ListeningBasis.SAVED: "the tracks you saved",
    ListeningBasis.PLAYLIST: "your playlist",
}
_LONGEST_URL: Final = 512
"""The longest that Discord takes for a button."""
_SPOTIFY_APPS: Final = "https://www.spotify.com/account/apps/"


def outcome(done: LinkOutcome) -> str:
    """Say whether an account was linked."""
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
    """Return the buttons for what to do next; None when there is nothing to do."""
    service = done.account.service
    if isinstance(done, Occupied) and service is not LinkedService.SPOTIFY:
        label = text.label(f"Unlink {done.account.shown_name}, link {done.wanted}", 80)
        replace = Replace(service, done.wanted)
        return view(replace.button(label, style=discord.ButtonStyle.danger))
    if service is LinkedService.LISTENBRAINZ:
        return view(AddToken().button(AddToken.title))
    return None


def token_kept(account: LinkedAccount) -> str:
    """Say that a token is kept."""
    return f"Kept, encrypted: the token of **{_name(account)}**. `/unlink` deletes it."


def consent(page: ConsentPage) -> str:
    """Say how Spotify is linked."""
    lines = [
        "Press **Open Spotify** and agree there within ten minutes. The page you end at shows a "
        f"code: come back and press **{EnterCode.title}**."
    ]
    if not page.comes_back:
        lines = [
            f"1. {lines[0]}",
            "2. Your browser then goes to a page that may not load. That is fine: copy its whole "
            "address.",
            f"3. Come back and press **{PasteAddress.title}**.",
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
    back = EnterCode() if page.comes_back else PasteAddress()
    button = back.button(back.title)
    if len(page.url) > _LONGEST_URL:
        return view(button)
    return view(discord.ui.Button(label="Open Spotify", url=page.url), button)


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
        f"What counts from {SERVICE_NAMES[account.service]} now: {basis(account)}. You can also "
        f"choose {text.listing(others, 'or')}."
    )


def unlinked(account: LinkedAccount) -> str:
    """Say what is gone."""
    gone = (
        f"Unlinked: **{_name(account)}** of {SERVICE_NAMES[account.service]}. Everything that came "
        "from it is deleted, and so is my access to it."
    )
    if account.service is LinkedService.SPOTIFY:
        gone += f" Spotify still lists this bot. You can remove it there: <{_SPOTIFY_APPS}>"
    return gone


def ended(link: EndedLink) -> str:
    """Say that a service ended a link."""
    service = SERVICE_NAMES[link.service]
    return (
        f"Your link to {service} ended {text.when(link.ended_at)}: you took your consent back, or "
        "it was older than six months. Everything that came from it is deleted. "
        f"`/link {link.service}` links it again."
    )


def _state(account: LinkedAccount) -> str:
    asked = text.when(account.synced_at) if account.synced_at else "not yet"
    lines = [
        f"**{_name(account)}**, linked {text.when(account.linked_at)}",
        f"counts: {basis(account)}",
        f"last read: {asked}",
    ]
    if account.problem:
        lines.append(f"⚠️ {account.problem}")
    return "\n".join(lines)


def _name(account: LinkedAccount) -> str:
    return text.plain(account.shown_name, 64)
