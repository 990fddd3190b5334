"""Posts what was prepared, where the server wants it, or not at all."""

import logging
from contextlib import suppress

import discord

from bot.app import Interaction
from bot.core.promotion import PreparedPromotion
from bot.errors import UserError
from bot.services.catalog import Heard
from bot.ui import promotions as ui
from bot.ui import settings as rules_ui
from bot.ui import text, track_sound

log = logging.getLogger(__name__)


async def publish(
    interaction: Interaction, prepared: PreparedPromotion, *, joining: Heard | None = None
) -> None:
    """Post a promotion, note where, and tell the artist privately; else nothing of it is kept.

    Args:
        interaction: deferred, privately.
        prepared: what was kept, ready to be posted.
        joining: a recording that joins the catalogue with it.
    """
    promotions = interaction.client.services.promotions
    try:
        message, note = await _post(interaction, own_guild(interaction), prepared)
    except BaseException:
        await promotions.abandon(prepared.promotion)
        raise
    try:
        await promotions.posted(
            prepared.promotion, message.id, channel_id=message.channel.id, heard=joining
        )
    except BaseException:
        with suppress(discord.HTTPException):
            await message.delete()
        await promotions.abandon(prepared.promotion)
        raise
    # A follow-up does not know its server, so its own link would lead nowhere.
    link = text.message_link(interaction.guild_id, message.channel.id, message.id)
    await interaction.edit_original_response(content=ui.posted(prepared, link=link, note=note))


def own_guild(interaction: Interaction) -> discord.Guild | None:
    """Return the server if the bot itself is a member of it, not only an app of the user."""
    return interaction.client.get_guild(interaction.guild_id) if interaction.guild_id else None


async def _post(
    interaction: Interaction, guild: discord.Guild | None, prepared: PreparedPromotion
) -> tuple[discord.Message, str | None]:
    """Post in the server's channel, else here; say why when it is not where it should be.

    Raises:
        UserError: Discord takes it nowhere.
    """
    note = None
    if guild is not None and prepared.channel_id is not None:
        posted = await _post_in(interaction, guild, prepared, prepared.channel_id)
        if isinstance(posted, discord.Message):
            return posted, None
        note = posted
    return await _post_here(interaction, prepared), note


def _embed(
    interaction: Interaction, prepared: PreparedPromotion, *, picture: bool = True
) -> discord.Embed:
    user = interaction.user
    avatar_url = user.avatar.url if user.avatar else None
    return ui.post(prepared, promoter=user.display_name, avatar_url=avatar_url, picture=picture)


async def _post_in(
    interaction: Interaction, guild: discord.Guild, prepared: PreparedPromotion, channel_id: int
) -> discord.Message | str:
    """Post in the server's channel for promotions; return why not when that is not possible."""
    channel = guild.get_channel(channel_id)
    if not isinstance(channel, discord.TextChannel):
        return ui.CHANNEL_GONE
    allowed = channel.permissions_for(guild.me)
    missing = rules_ui.missing_permissions(allowed)
    if missing:
        return ui.channel_closed(channel.mention, missing)
    try:
        return await channel.send(
            embed=_embed(interaction, prepared, picture=allowed.attach_files),
            files=track_sound.files(prepared) if allowed.attach_files else [],
            view=ui.votes(prepared.promotion),
        )
    except discord.NotFound:
        return ui.CHANNEL_GONE
    except discord.Forbidden:
        return ui.channel_closed(channel.mention, [])
    except discord.HTTPException as error:
        raise _not_posted(error) from error


async def _post_here(interaction: Interaction, prepared: PreparedPromotion) -> discord.Message:
    """Post where the command is used, as a public follow-up: that works in every place."""
    try:
        # The private answer comes first: the first follow-up would take its place.
        await interaction.edit_original_response(content=ui.POSTING)
        return await interaction.followup.send(
            embed=_embed(interaction, prepared),
            files=track_sound.files(prepared),
            view=ui.votes(prepared.promotion),
            wait=True,
        )
    except discord.HTTPException as error:
        with suppress(discord.HTTPException):
            await interaction.delete_original_response()  # it says that the post is on its way
        raise _not_posted(error) from error


def _not_posted(error: discord.HTTPException) -> UserError:
    log.warning("a promotion could not be posted: %s", error)
    return UserError(ui.NOT_POSTED)
