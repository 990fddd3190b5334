"""`/link` and `/unlink`: the listener's accounts of music services."""

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, on, written
from bot.core.accounts import MAX_NAME, SERVICE_NAMES, LinkedService, LinkOutcome, ListeningBasis
from bot.services.accounts import Accounts, pasted_answer
from bot.ui import accounts as ui
from bot.ui import text

log = logging.getLogger(__name__)

_MAX_TYPED = 4 * MAX_NAME
"""A name, or a link to its page."""
_SERVICES = [app_commands.Choice(name=SERVICE_NAMES[one], value=one.value) for one in LinkedService]
_BASES = [app_commands.Choice(name=one.value, value=one.value) for one in ListeningBasis]


class Link(
    commands.GroupCog, group_name="link", group_description="Your accounts at music services"
):
    """Everybody's own accounts, which nobody else sees."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

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

    @on(ui.AddToken)
    async def add_token(self, interaction: Interaction, _form: ui.AddToken) -> None:
        """Keep the token."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        token = written(interaction)["token"]
        done = await self._accounts.by_name.add_token(interaction.user.id, token)
        await interaction.followup.send(ui.token_kept(done.account), ephemeral=True)

    @on(ui.PasteAddress)
    async def paste_address(self, interaction: Interaction, _form: ui.PasteAddress) -> None:
        """Link the account whose owner agreed."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        answer = pasted_answer(written(interaction)["address"])
        done = await self._accounts.by_consent.finish(answer, user_id=interaction.user.id)
        await _send_outcome(interaction, done)

    @on(ui.EnterCode)
    async def enter_code(self, interaction: Interaction, _form: ui.EnterCode) -> None:
        """Link the account of who agreed and sees the code."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        typed = written(interaction)["code"]
        await _send_outcome(
            interaction, await self._accounts.by_consent.confirm(interaction.user.id, typed)
        )

    @on(ui.Replace)
    async def replace(self, interaction: Interaction, pressed: ui.Replace) -> None:
        """Link another account instead of the present one, for whoever pressed."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        by_name = self._accounts.by_name
        lastfm = pressed.service is LinkedService.LASTFM
        link = by_name.lastfm if lastfm else by_name.listenbrainz
        done = await link(interaction.user.id, pressed.name, replace=True)
        await _send_outcome(interaction, done)

    @app_commands.command()
    async def status(self, interaction: Interaction) -> None:
        """See which accounts you have linked, and whether they work."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        accounts = await self._accounts.of(interaction.user.id)
        await interaction.followup.send(embed=ui.status(accounts), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(
        service="The service whose account you linked",
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
        """Tell listeners, after their next command, that a link of theirs has ended."""
        for link in await self._accounts.untold(interaction.user.id):
            try:
                await interaction.followup.send(ui.ended(link), ephemeral=True)
            except discord.HTTPException as error:
                log.info("a listener is told at their next command: %s", error)
                return
            await self._accounts.told(interaction.user.id, link)


class Unlink(commands.Cog):
    """Unlinks accounts."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    @app_commands.command()
    @app_commands.describe(service="The service whose account you linked")
    @app_commands.choices(service=_SERVICES)
    async def unlink(self, interaction: Interaction, service: str) -> None:
        """Delete a linked account and everything that came from it, at once."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        account = await self._accounts.unlink(interaction.user.id, LinkedService(service))
        await interaction.followup.send(ui.unlinked(account), ephemeral=True)


async def _send_outcome(interaction: Interaction, done: LinkOutcome) -> None:
    view = ui.outcome_buttons(done) or discord.utils.MISSING
    await interaction.followup.send(ui.outcome(done), view=view, ephemeral=True)


async def setup(bot: BSide) -> None:
    """Add the cogs."""
    await bot.add_cog(Link(bot.services.accounts))
    await bot.add_cog(Unlink(bot.services.accounts))
