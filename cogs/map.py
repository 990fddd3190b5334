"""`/map`: where one's taste stands, and how much each part of it counts."""

import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import (
    BSide,
    Content,
    Interaction,
    begin_page,
    chosen_numbers,
    on,
    reply,
    share_page,
    written,
)
from bot.core.taste import Friend, TasteMap
from bot.errors import UserError
from bot.services.discover import TasteMaps
from bot.services.threads import compute
from bot.ui import map as ui
from bot.ui import replies, shared_pages
from bot.ui.clusters import name_of
from bot.ui.map_words import Named
from bot.ui.page_buttons import MapPage

log = logging.getLogger(__name__)

MOST_FRIENDS = 6
"""So many are named; more would cover the map."""


class Map(commands.Cog):
    """Shows listeners their map, and turns its parts."""

    def __init__(self, maps: TasteMaps) -> None:
        self._maps = maps

    @app_commands.command(name="map")
    @app_commands.checks.cooldown(3, 30)
    async def map(self, interaction: Interaction) -> None:
        """See where your taste lives, and turn parts of it up, down or off."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        shown, file = await self._drawn(interaction)
        await interaction.followup.send(
            embed=ui.show(shown),
            view=_buttons(interaction, shown),
            file=file,
            ephemeral=True,
        )

    @on(ui.ChoosePart)
    async def choose(self, interaction: Interaction, pressed: ui.ChoosePart) -> None:
        """Show what can be done with a part."""
        if not await _is_theirs(interaction, pressed.user_id):
            return
        numbers = chosen_numbers(interaction)
        if len(numbers) != 1:
            raise UserError(replies.NO_LONGER_WORKS)
        await interaction.response.defer()
        shown = await self._maps.of(pressed.user_id)
        if numbers[0] not in [one.track_id for one in shown.clusters]:
            await self._draw_again(interaction, ui.CHANGED)
            return
        await interaction.edit_original_response(
            embed=ui.show(shown), view=_buttons(interaction, shown, chosen=numbers[0])
        )

    @on(ui.TurnPart)
    async def preview(self, interaction: Interaction, pressed: ui.TurnPart) -> None:
        """Say what a turn would change."""
        if not await _is_theirs(interaction, pressed.user_id):
            return
        await interaction.response.defer()
        found = await self._maps.preview(pressed.user_id, pressed.track_id, ui.FACTORS[pressed.way])
        await interaction.edit_original_response(
            embed=ui.question(found.cluster, pressed.way, changed=found.changed, picks=found.picks),
            view=ui.answers(pressed.user_id, pressed.track_id, pressed.way),
        )

    @on(ui.ReallyTurn)
    async def turn(self, interaction: Interaction, pressed: ui.ReallyTurn) -> None:
        """Turn a part, and draw the map anew."""
        if not await _is_theirs(interaction, pressed.user_id):
            return
        await interaction.response.defer()
        await self._maps.turn(pressed.user_id, pressed.track_id, ui.FACTORS[pressed.way])
        await self._draw_again(interaction, ui.turned(pressed.way))

    @on(ui.RenamePart)
    async def rename(self, interaction: Interaction, submitted: ui.RenamePart) -> None:
        """Give a part the name that was typed."""
        if not await _is_theirs(interaction, submitted.user_id):
            return
        name = written(interaction).get(ui.NAME, "")
        await interaction.response.defer()
        await self._maps.rename(submitted.user_id, submitted.track_id, name, name_of)
        await self._draw_again(interaction, ui.renamed(name))

    @on(ui.BackToMap)
    async def back(self, interaction: Interaction, pressed: ui.BackToMap) -> None:
        """Leave everything as it is."""
        if not await _is_theirs(interaction, pressed.user_id):
            return
        await interaction.response.defer()
        shown = await self._maps.of(pressed.user_id)
        await interaction.edit_original_response(
            embed=ui.show(shown), view=_buttons(interaction, shown)
        )

    @on(ui.ShareMap)
    async def share(self, interaction: Interaction, pressed: ui.ShareMap) -> None:
        """Post a picture that shows the parts alone."""
        if not await _is_theirs(interaction, pressed.user_id):
            return
        interaction.client.count_press(interaction)
        await interaction.response.defer()
        shown = await self._maps.of(pressed.user_id)
        if not shown.clusters:
            raise UserError(ui.NOBODY_SHARES)
        listener = interaction.user.display_name
        picture = await compute(ui.picture, shown, listener=listener, shared=True)
        await interaction.followup.send(
            ui.shared_line(listener), file=picture.file(), ephemeral=False
        )

    @on(MapPage)
    async def share_page(self, interaction: Interaction, pressed: MapPage) -> None:
        """Share a map as a page, without a name."""
        if not await _is_theirs(interaction, pressed.user_id):
            return
        await begin_page(interaction, pressed)

        async def content() -> Content:
            shown = await self._maps.of(pressed.user_id)
            if not shown.clusters:
                raise UserError(ui.NOBODY_SHARES)
            picture = await compute(ui.picture, shown, listener="", shared=True)
            return shared_pages.of_map(shown, picture)

        await share_page(interaction, pressed, content)

    async def _draw_again(self, interaction: Interaction, note: str) -> None:
        shown, file = await self._drawn(interaction)
        await interaction.edit_original_response(
            embed=ui.show(shown, note=note),
            view=_buttons(interaction, shown),
            attachments=[file],
        )

    async def _drawn(self, interaction: Interaction) -> tuple[TasteMap, discord.File]:
        guild = interaction.client.get_guild(interaction.guild_id or 0)
        shown = await self._maps.of(interaction.user.id, guild_id=guild.id if guild else None)
        friends = await _named(guild, shown.friends) if guild else []
        picture = await compute(
            ui.picture, shown, listener=interaction.user.display_name, friends=friends
        )
        return shown, picture.file()


async def _named(guild: discord.Guild, friends: tuple[Friend, ...]) -> list[Named]:
    """Return those who are members of a server now, by their names there."""
    named: list[Named] = []
    for friend in friends:
        if len(named) == MOST_FRIENDS:
            break
        try:
            member = await guild.fetch_member(friend.user_id)
        except discord.NotFound:  # they left
            continue
        except discord.HTTPException as error:
            log.warning("the map goes without a friend: %s", error)
            continue
        named.append(Named(member.display_name, friend.place))
    return named


def _buttons(
    interaction: Interaction, shown: TasteMap, *, chosen: int | None = None
) -> discord.ui.View:
    pages = interaction.client.shares_pages
    return ui.buttons(interaction.user.id, shown, pages=pages, chosen=chosen)


async def _is_theirs(interaction: Interaction, user_id: int) -> bool:
    """Return whether somebody pressed a button of their own map; tell others that it is not."""
    if interaction.user.id == user_id:
        return True
    await reply(interaction, ui.NOT_YOURS)
    return False


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Map(bot.services.maps))
