"""`/promote`: artists show their playlists to the people of a server."""

import logging
import re
from contextlib import suppress
from typing import Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, answering, own_artists
from bot.core.claims import MAX_NAME
from bot.core.moderation import MAX_REASON, ReportTaken
from bot.core.promotion import MAX_TEXT, MAX_TRACKLIST, PreparedPromotion
from bot.errors import UserError
from bot.services.permission import Asker
from bot.services.promotions import Promotions
from bot.ui import moderation as moderation_ui
from bot.ui import promotions as ui
from bot.ui import settings as rules_ui

log = logging.getLogger(__name__)


class VoteButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=ui.VOTE_TEMPLATE
):
    """👍 or 👎 under a promotion; all it needs to know is in its custom id."""

    def __init__(self, promotion_id: int, vote: str) -> None:
        super().__init__(discord.ui.Button(custom_id=f"promotion:{promotion_id}:{vote}"))
        self._promotion_id = promotion_id
        self._up = vote == "up"

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(int(match["promotion"]), match["vote"])

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Count the vote and show it."""
        async with answering(interaction):
            promotion, thumbs = await interaction.client.services.promotions.vote(
                interaction.user.id, self._promotion_id, up=self._up
            )
            await interaction.response.edit_message(view=ui.votes(promotion, thumbs))


class ReportButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=ui.REPORT_TEMPLATE
):
    """Lets anybody tell the moderators what is wrong with a promotion."""

    def __init__(self, promotion_id: int) -> None:
        super().__init__(discord.ui.Button(custom_id=f"report:{promotion_id}"))
        self._promotion_id = promotion_id

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(int(match["promotion"]))

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Ask for the reason."""
        async with answering(interaction):
            await interaction.response.send_modal(ReportForm(self._promotion_id))


class ReportForm(discord.ui.Modal, title=moderation_ui.REPORT_TITLE):
    """Asks what is wrong with a promotion."""

    reason: discord.ui.TextInput[Self] = discord.ui.TextInput(
        label=moderation_ui.REPORT_QUESTION,
        style=discord.TextStyle.paragraph,
        max_length=MAX_REASON,
        custom_id="reason",
    )

    def __init__(self, promotion_id: int) -> None:
        super().__init__()
        self._promotion_id = promotion_id

    async def on_submit(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Keep the report, and show it to the moderators."""
        async with answering(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            taken = await interaction.client.services.reports.report(
                interaction.user.id, self._promotion_id, self.reason.value
            )
            await interaction.followup.send(moderation_ui.taken(taken), ephemeral=True)
            await _tell_moderators(interaction.client, taken)


async def _tell_moderators(bot: BSide, taken: ReportTaken) -> None:
    """Post a report in the moderators' channel; where that fails, it waits in the queue."""
    promotion = taken.reported.promotion
    if taken.channel_id is None or promotion.guild_id is None:
        return
    channel = bot.get_partial_messageable(taken.channel_id, guild_id=promotion.guild_id)
    try:
        await channel.send(
            embed=moderation_ui.reported(taken.reported),
            view=moderation_ui.decisions(promotion.id),
        )
    except discord.HTTPException as error:
        log.warning("a report could not be posted for the moderators: %s", error)


class Promote(
    commands.GroupCog, group_name="promote", group_description="Show your music to this community"
):
    """For artists."""

    def __init__(self, bot: BSide, promotions: Promotions) -> None:
        self._bot = bot
        self._promotions = promotions

    async def cog_load(self) -> None:
        """Make the buttons under old promotions work."""
        self._bot.add_dynamic_items(VoteButton, ReportButton)

    async def cog_unload(self) -> None:
        """Take that away again."""
        self._bot.remove_dynamic_items(VoteButton, ReportButton)

    @app_commands.command()
    @app_commands.describe(
        url="The link to your playlist, on any known music service",
        text="What to say about it: one line, no links",
        tracks="Some of its tracks: links or “artist – title”, separated by ;",
        name="Under which of your registered artist names",
    )
    @app_commands.rename(name="as")
    async def playlist(
        self,
        interaction: Interaction,
        url: str,
        text: app_commands.Range[str, 1, MAX_TEXT],
        tracks: app_commands.Range[str, 0, MAX_TRACKLIST] = "",
        name: app_commands.Range[str, 1, MAX_NAME] | None = None,
    ) -> None:
        """Show a playlist of yours to this server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild = _own_guild(interaction)
        roles = interaction.user.roles if isinstance(interaction.user, discord.Member) else []
        asker = Asker(
            interaction.user.id,
            guild_id=guild.id if guild else None,
            role_ids=[role.id for role in roles],
            name=name,
        )
        prepared = await self._promotions.prepare(asker, url=url, text=text, tracks=tracks)
        try:
            message, note = await _post(interaction, guild, prepared)
        except BaseException:
            await self._promotions.abandon(prepared.promotion)
            raise
        try:
            await self._promotions.posted(
                prepared.promotion, message.id, channel_id=message.channel.id
            )
        except BaseException:
            with suppress(discord.HTTPException):
                await message.delete()
            await self._promotions.abandon(prepared.promotion)
            raise
        # A follow-up does not know its server, so its own link would lead nowhere.
        place = interaction.client.get_partial_messageable(
            message.channel.id, guild_id=interaction.guild_id
        )
        link = place.get_partial_message(message.id).jump_url
        await interaction.edit_original_response(content=ui.posted(prepared, link=link, note=note))

    @playlist.autocomplete("name")
    async def suggest_name(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest the artists that somebody acts for here."""
        return await own_artists(interaction, current)


def _own_guild(interaction: Interaction) -> discord.Guild | None:
    """Return the server if the bot itself is a member of it, not only an app of the user."""
    return interaction.client.get_guild(interaction.guild_id) if interaction.guild_id else None


async def _post(
    interaction: Interaction, guild: discord.Guild | None, prepared: PreparedPromotion
) -> tuple[discord.Message, str | None]:
    """Post in the server's channel, else here; say why when it is not where it should be.

    Raises:
        UserError: Discord takes it nowhere.
    """
    user = interaction.user
    avatar_url = user.avatar.url if user.avatar else None
    embed = ui.post(prepared, promoter=user.display_name, avatar_url=avatar_url)
    view = ui.votes(prepared.promotion)
    note = None
    if guild is not None and prepared.channel_id is not None:
        posted = await _post_in(guild, prepared.channel_id, embed, view)
        if isinstance(posted, discord.Message):
            return posted, None
        note = posted
    return await _post_here(interaction, embed, view), note


async def _post_in(
    guild: discord.Guild, channel_id: int, embed: discord.Embed, view: discord.ui.View
) -> discord.Message | str:
    """Post in the server's channel for promotions; return why not when that is not possible."""
    channel = guild.get_channel(channel_id)
    if not isinstance(channel, discord.TextChannel):
        return ui.CHANNEL_GONE
    missing = rules_ui.missing_permissions(channel.permissions_for(guild.me))
    if missing:
        return ui.channel_closed(channel.mention, missing)
    try:
        return await channel.send(embed=embed, view=view)
    except discord.NotFound:
        return ui.CHANNEL_GONE
    except discord.Forbidden:
        return ui.channel_closed(channel.mention, [])
    except discord.HTTPException as error:
        raise _not_posted(error) from error


async def _post_here(
    interaction: Interaction, embed: discord.Embed, view: discord.ui.View
) -> discord.Message:
    """Post where the command is used, as a public follow-up: that works in every place."""
    try:
        # The private answer comes first: the first follow-up would take its place.
        await interaction.edit_original_response(content=ui.POSTING)
        return await interaction.followup.send(embed=embed, view=view, wait=True)
    except discord.HTTPException as error:
        with suppress(discord.HTTPException):
            await interaction.delete_original_response()  # it says that the post is on its way
        raise _not_posted(error) from error


def _not_posted(error: discord.HTTPException) -> UserError:
    log.warning("a promotion could not be posted: %s", error)
    return UserError(ui.NOT_POSTED)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Promote(bot, bot.services.promotions))
