"""`/link` and `/unlink`: the listener's accounts of music services."""

import logging
import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, answering
from bot.core.accounts import (
    MAX_NAME,
    SERVICE_NAMES,
    LinkedService,
    LinkOutcome,
    ListeningBasis,
)
from bot.services.accounts import MAX_ANSWER, Accounts, pasted_answer
from bot.ui import accounts as ui
from bot.ui import text

log = logging.getLogger(__name__)

_MAX_TYPED = 4 * MAX_NAME
"""A name, or a link to its page."""
_SERVICES = [app_commands.Choice(name=SERVICE_NAMES[one], value=one.value) for one in LinkedService]
_BASES = [app_commands.Choice(name=one.value, value=one.value) for one in ListeningBasis]


class TokenForm(discord.ui.Modal, title=ui.TOKEN.title):
    """Takes a user token of ListenBrainz."""

    token: discord.ui.Label[Any] = discord.ui.Label(
        text=ui.TOKEN.label,
        description=ui.TOKEN.hint,
        component=discord.ui.TextInput(custom_id="token", max_length=100),
    )

    async def on_submit(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Keep it."""
        async with answering(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            accounts = interaction.client.services.accounts
            done = await accounts.by_name.add_token(interaction.user.id, _typed(self.token))
            await interaction.followup.send(ui.token_kept(done.account), ephemeral=True)


class PasteForm(discord.ui.Modal, title=ui.PASTE.title):
    """Takes the address that the listener's browser ended at."""

    address: discord.ui.Label[Any] = discord.ui.Label(
        text=ui.PASTE.label,
        description=ui.PASTE.hint,
        component=discord.ui.TextInput(
            custom_id="address", max_length=MAX_ANSWER, style=discord.TextStyle.paragraph
        ),
    )

    async def on_submit(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Link the account of who agreed."""
        async with answering(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            accounts = interaction.client.services.accounts
            done = await accounts.by_consent.finish(
                pasted_answer(_typed(self.address)), user_id=interaction.user.id
            )
            await _send_outcome(interaction, done)


class FormButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=rf"(?P<form>{ui.TOKEN.id}|{ui.PASTE.id})",
):
    """Opens a form."""

    def __init__(self, form: str) -> None:
        super().__init__(discord.ui.Button(custom_id=form))
        self._form = form

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(match["form"])

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Open it."""
        async with answering(interaction):
            form = TokenForm() if self._form == ui.TOKEN.id else PasteForm()
            await interaction.response.send_modal(form)


class ReplaceButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=ui.REPLACE_TEMPLATE
):
    """Unlinks one account and links another of the same service."""

    def __init__(self, service: str, name: str) -> None:
        super().__init__(discord.ui.Button(custom_id=f"link:replace:{service}:{name}"))
        self._service = LinkedService(service)
        self._name = name

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(match["service"], match["name"])

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Do it for whoever pressed."""
        async with answering(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            by_name = interaction.client.services.accounts.by_name
            link = by_name.lastfm if self._service is LinkedService.LASTFM else by_name.listenbrainz
            done = await link(interaction.user.id, self._name, replace=True)
            await _send_outcome(interaction, done)


_BUTTONS = (FormButton, ReplaceButton)


class Link(
    commands.GroupCog, group_name="link", group_description="Your accounts of music services"
):
    """Everybody's own accounts, which nobody else sees."""

    def __init__(self, bot: BSide, accounts: Accounts) -> None:
        self._bot = bot
        self._accounts = accounts

    async def cog_load(self) -> None:
        """Make the buttons of old messages work."""
        self._bot.add_dynamic_items(*_BUTTONS)

    async def cog_unload(self) -> None:
        """Take that away again."""
        self._bot.remove_dynamic_items(*_BUTTONS)

    @app_commands.command()
    @app_commands.describe(name="Your user name there, or a link to your page")
    @app_commands.checks.cooldown(5, 60)
    async def lastfm(
        self, interaction: Interaction, name: app_commands.Range[str, 1, _MAX_TYPED]
    ) -> None:
        """Link your Last.fm account: what you play counts for your taste."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await _send_outcome(
            interaction, await self._accounts.by_name.lastfm(interaction.user.id, name)
        )

    @app_commands.command()
    @app_commands.describe(name="Your user name there, or a link to your page")
    @app_commands.checks.cooldown(5, 60)
    async def listenbrainz(
        self, interaction: Interaction, name: app_commands.Range[str, 1, _MAX_TYPED]
    ) -> None:
        """Link your ListenBrainz account: what you play counts for your taste."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await _send_outcome(
            interaction, await self._accounts.by_name.listenbrainz(interaction.user.id, name)
        )

    @app_commands.command()
    @app_commands.describe(save_playlists="Also let me save playlists in your account")
    @app_commands.checks.cooldown(5, 60)
    async def spotify(self, interaction: Interaction, save_playlists: bool = False) -> None:
        """Link your Spotify account: what you play and save counts for your taste."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        user = interaction.user
        page = await self._accounts.by_consent.begin(
            user.id, called=user.display_name, saving=save_playlists
        )
        await interaction.followup.send(
            ui.consent(page), view=ui.consent_buttons(page), ephemeral=True
        )

    @app_commands.command()
    async def status(self, interaction: Interaction) -> None:
        """See what you have linked, and how it is."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        accounts = await self._accounts.of(interaction.user.id)
        await interaction.followup.send(embed=ui.status(accounts), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(
        service="Of which you linked an account",
        what="top and recent: all services; saved and playlist: Spotify only",
        playlist="Which of your playlists, with what:playlist",
    )
    @app_commands.choices(service=_SERVICES, what=_BASES)
    @app_commands.checks.cooldown(5, 60)
    async def basis(
        self, interaction: Interaction, service: str, what: str, playlist: str | None = None
    ) -> None:
        """Say which part of your listening counts for your taste."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        account = await self._accounts.basis.set(
            interaction.user.id, LinkedService(service), ListeningBasis(what), playlist
        )
        await interaction.followup.send(ui.basis_changed(account), ephemeral=True)

    @basis.autocomplete("playlist")
    async def suggest_playlist(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest playlists of the linked Spotify account."""
        found = await self._accounts.basis.suggest_playlists(interaction.user.id, current)
        return [
            app_commands.Choice(name=text.label(one.name), value=one.id)
            for one in found[: ui.SUGGESTIONS]
        ]

    @commands.Cog.listener()
    async def on_app_command_completion(
        self,
        interaction: Interaction,
        _command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu,
    ) -> None:
        """Tell a listener, after whatever they asked, that a link of theirs has ended."""
        for link in await self._accounts.untold(interaction.user.id):
            try:
                await interaction.followup.send(ui.ended(link), ephemeral=True)
            except discord.HTTPException as error:
                log.info("a listener is told at their next command: %s", error)
                return
            await self._accounts.told(interaction.user.id, link)


class Unlink(commands.Cog):
    """The way back."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    @app_commands.command()
    @app_commands.describe(service="Of which you linked an account")
    @app_commands.choices(service=_SERVICES)
    async def unlink(self, interaction: Interaction, service: str) -> None:
        """Delete a linked account and everything that came from it, at once."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        account = await self._accounts.unlink(interaction.user.id, LinkedService(service))
        await interaction.followup.send(ui.unlinked(account), ephemeral=True)


async def _send_outcome(interaction: Interaction, done: LinkOutcome) -> None:
    view = ui.outcome_buttons(done)
    if view is None:
        await interaction.followup.send(ui.outcome(done), ephemeral=True)
    else:
        await interaction.followup.send(ui.outcome(done), view=view, ephemeral=True)


def _typed(label: discord.ui.Label[Any]) -> str:
    field = label.component
    return field.value if isinstance(field, discord.ui.TextInput) else ""


async def setup(bot: BSide) -> None:
    """Add the cogs."""
    await bot.add_cog(Link(bot, bot.services.accounts))
    await bot.add_cog(Unlink(bot.services.accounts))
