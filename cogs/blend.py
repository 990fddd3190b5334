"""`/blend`: one list for several listeners, each of whom pressed for it."""

import logging
from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, in_line, message_of, on, server_of
from bot.core.ranking import PickCard
from bot.errors import NotFoundError, UserError
from bot.services.discover import OPEN_FOR, OVER, Blended, Blends, Invitation, Invitations
from bot.ui import blends as ui
from bot.ui import text

log = logging.getLogger(__name__)

_IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_OF_SERVERS = app_commands.AppInstallationType(guild=True, user=False)


class Blend(commands.Cog):
    """Asks, lets people in and out, and posts the list."""

    def __init__(self, bot: BSide, invitations: Invitations, blends: Blends) -> None:
        self._bot = bot
        self._invitations = invitations
        self._blends = blends
        self._menu = app_commands.ContextMenu(
            name="Blend with",
            callback=self.blend_with,
            allowed_contexts=_IN_SERVERS,
            allowed_installs=_OF_SERVERS,
        )

    async def cog_load(self) -> None:
        """Add the menu of people."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it away again."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command()
    @app_commands.rename(member="with")
    @app_commands.describe(member="Only this person may join; leave it out and anybody here may")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.checks.cooldown(2, 60)
    async def blend(
        self, interaction: Interaction, member: discord.User | discord.Member | None = None
    ) -> None:
        """Make one list that is fair to 2–10 people, with all who press that they are in."""
        await self._ask(interaction, member)

    async def blend_with(
        self, interaction: Interaction, member: discord.User | discord.Member
    ) -> None:
        """Ask somebody for one list that is fair to you both."""
        self._bot.count_press(interaction)
        await self._ask(interaction, member)

    async def _ask(
        self, interaction: Interaction, member: discord.User | discord.Member | None
    ) -> None:
        server_of(interaction)
        if member is not None:
            _check_invited(interaction, member)
        await interaction.response.defer(thinking=True)
        made = await self._invitations.invite(interaction.user.id)
        asked = _asked(made, 0 if member is None else member.id)
        content, embed = ui.invitation(asked)
        whom = [] if member is None else [discord.Object(member.id)]
        await interaction.followup.send(
            content,
            embed=embed,
            view=ui.under_invitation(asked),
            allowed_mentions=discord.AllowedMentions(users=whom),
        )

    @on(ui.Join)
    async def join(self, interaction: Interaction, pressed: ui.Join) -> None:
        """Let them in."""
        await interaction.response.defer()
        try:
            new = await self._invitations.join(
                pressed.blend_id, interaction.user.id, only=pressed.only
            )
        except NotFoundError:
            await _close(interaction)
            raise
        self._show(interaction, pressed.blend_id, pressed.only)
        await interaction.followup.send(ui.JOINED if new else ui.IN_ALREADY, ephemeral=True)

    @on(ui.Leave)
    async def leave(self, interaction: Interaction, pressed: ui.Leave) -> None:
        """Let them out; it is called off when it was they who asked."""
        await interaction.response.defer()
        try:
            was_in = await self._invitations.leave(pressed.blend_id, interaction.user.id)
        except NotFoundError:
            await _close(interaction)
            raise
        if await self._invitations.find(pressed.blend_id) is None:
            said = ui.called_off(interaction.user.id)
            await interaction.edit_original_response(content=said, embed=None, view=None)
            return
        self._show(interaction, pressed.blend_id, pressed.only)
        await interaction.followup.send(ui.LEFT if was_in else ui.NOT_IN, ephemeral=True)

    @on(ui.Make)
    async def make(self, interaction: Interaction, pressed: ui.Make) -> None:
        """Make the list and post it below."""
        await interaction.response.defer()
        guild = interaction.guild
        found = await self._invitations.find(pressed.blend_id)
        if found is None or guild is None:
            await _close(interaction)
            raise NotFoundError(OVER)
        names = await _here(guild, found.members)
        made = await self._blends.make(
            pressed.blend_id,
            interaction.user.id,
            guild_id=guild.id,
            here=names,
            tell=in_line(interaction),
        )
        await self._post(interaction, made, [names[one] for one in made.members], guild.id)

    async def _post(
        self, interaction: Interaction, made: Blended, names: Sequence[str], guild_id: int
    ) -> None:
        cards = made.found.picks
        shared = ui.Shared(
            names=names,
            missing=[f"<@{one}>" for one in made.missing],
            found=made.found,
            fits=made.fits,
            common=made.common,
            owed=made.owed_before,
        )
        posted = False
        try:
            with self._bot.posts.under_way(interaction.channel_id):
                message = await interaction.followup.send(
                    ui.above(shared),
                    embeds=ui.answer(shared, cards),
                    view=ui.under(cards),
                    wait=True,
                )
                posted = True
                await self._blends.posted(made, message.id, guild_id=guild_id)
        finally:
            if not posted:
                await self._blends.dropped(made)
        link = text.message_link(guild_id, interaction.channel_id or 0, message.id)
        await interaction.edit_original_response(content=ui.made(link), embed=None, view=None)
        if self._bot.options.covers:
            self._bot.do_later(self._add_covers(message, shared, cards))

    async def _add_covers(
        self, message: discord.WebhookMessage, shared: ui.Shared, cards: Sequence[PickCard]
    ) -> None:
        """Look for the covers that are not known yet, and show those that are found."""
        missing = [one.track.id for one in cards if one.cover is None]
        found = await self._bot.services.covers.look_up(missing) if missing else {}
        if found:
            await message.edit(embeds=ui.answer(shared, ui.with_covers(cards, found)))

    def _show(self, interaction: Interaction, blend_id: int, only: int) -> None:
        """Show who is in, as it stands when it is written."""

        async def write() -> None:
            found = await self._invitations.find(blend_id)
            if found is not None:
                asked = _asked(found, only)
                content, embed = ui.invitation(asked)
                await interaction.edit_original_response(
                    content=content, embed=embed, view=ui.under_invitation(asked)
                )

        self._bot.labels.follow(message_of(interaction).id, write)


def _check_invited(interaction: Interaction, member: discord.User | discord.Member) -> None:
    """Refuse whom nobody can blend with.

    Raises:
        UserError: a bot, oneself, or somebody who is not in the server.
    """
    if member.bot:
        raise UserError(ui.BOTS_CANNOT)
    if member.id == interaction.user.id:
        raise UserError(ui.YOURSELF)
    if not isinstance(member, discord.Member):
        raise UserError(ui.NOT_HERE)


def _asked(found: Invitation, only: int) -> ui.Asked:
    return ui.Asked(found.id, found.members, only, found.asked_at + OPEN_FOR)


async def _here(guild: discord.Guild, user_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of those who are in the server."""
    names = {}
    for user_id in user_ids:
        try:
            member = guild.get_member(user_id) or await guild.fetch_member(user_id)
            names[user_id] = member.display_name
        except discord.NotFound:
            log.info("somebody who joined a blend has left the server")
    return names


async def _close(interaction: Interaction) -> None:
    """Take the buttons from an invitation that is over."""
    try:
        await interaction.edit_original_response(view=None)
    except discord.HTTPException as error:
        log.info("an invitation that is over stays as it was: %s", error)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Blend(bot, bot.services.invitations, bot.services.blends))
