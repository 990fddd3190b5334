"""`/settings`: what somebody wants to be shown, wherever they ask."""

from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, on, reply
from bot.services.taste import Muting
from bot.ui import wishes


class Settings(commands.GroupCog, group_name="settings", group_description="What you are shown"):
    """What everybody sets for themselves."""

    def __init__(self, muting: Muting) -> None:
        self._muting = muting

    @app_commands.command()
    async def me(self, interaction: Interaction) -> None:
        """Say what you never want to be shown: live, instrumental, explicit, by AI."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        standing = await self._muting.standing(interaction.user.id)
        await interaction.followup.send(
            embed=wishes.card(standing),
            view=wishes.under_card(interaction.user.id, standing),
            ephemeral=True,
        )

    @on(wishes.Toggle)
    async def toggle(self, interaction: Interaction, pressed: wishes.Toggle) -> None:
        """Turn one of the wishes of whoever's card it is."""
        if interaction.user.id != pressed.user_id:
            await reply(interaction, wishes.NOT_YOUR_CARD)
            return
        await interaction.response.defer()
        await self._muting.want(pressed.user_id, pressed.what, wanted=pressed.wanted)
        standing = await self._muting.standing(pressed.user_id)
        await interaction.edit_original_response(
            embed=wishes.card(standing), view=wishes.under_card(pressed.user_id, standing)
        )


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Settings(bot.services.muting))
