"""`/help`: what the bot is and what it can do."""

from collections.abc import Iterator
from typing import Any

from discord import AppCommandType, app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, chosen_one, message_of, on
from bot.errors import NotAllowedError, UserError
from bot.ui import help as ui
from bot.ui import replies

_ABOUT = {AppCommandType.message: "message", AppCommandType.user: "person"}

FOR_MANAGERS = {
    *("settings digest on", "settings digest off", "settings digest now"),
    *("settings show", "settings promotions", "settings moderation", "settings picks"),
    "settings reset",
}
"""Commands for managers in a group that members use, too: Discord shows a group to all or none."""


class About(commands.Cog):
    """For everybody who is new here."""

    @app_commands.command(name="help")
    async def show_help(self, interaction: Interaction) -> None:
        """See what I am and what I can do."""
        await self._show(interaction)

    @on(ui.ShowHelp)
    async def pressed(self, interaction: Interaction, _pressed: ui.ShowHelp) -> None:
        """Show it to whoever pressed."""
        await self._show(interaction)

    async def _show(self, interaction: Interaction) -> None:
        lines = list(command_lines(interaction.client.tree))
        under = ui.under(lines, manages=_manages(interaction))
        await interaction.response.send_message(embed=ui.overview(), view=under, ephemeral=True)

    @on(ui.ChooseTopic)
    async def choose(self, interaction: Interaction, _pressed: ui.ChooseTopic) -> None:
        """Show a topic in the place of the one before."""
        try:
            topic = ui.Topic(chosen_one(interaction))
        except ValueError:
            raise UserError(replies.NO_LONGER_WORKS) from None
        if topic is ui.Topic.MANAGERS and not _manages(interaction):
            raise NotAllowedError(ui.NOT_YOURS)
        lines = list(command_lines(interaction.client.tree))
        shown = ui.about(topic, lines)
        under = ui.under(lines, manages=_manages(interaction), shown=topic)
        if message_of(interaction).flags.ephemeral:
            await interaction.response.edit_message(embed=shown, view=under)
        else:
            await interaction.response.send_message(embed=shown, view=under, ephemeral=True)


def _manages(interaction: Interaction) -> bool:
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def command_lines(tree: app_commands.CommandTree[Any]) -> Iterator[ui.CommandLine]:
    """Read every command and menu entry of the tree."""
    for command in tree.walk_commands():
        if isinstance(command, app_commands.Group):
            continue
        root = command.root_parent or command
        yield ui.CommandLine(
            group=root.name if root is not command else None,
            usage=command.qualified_name,
            description=command.description,
            for_managers=command.qualified_name in FOR_MANAGERS
            or bool(root.default_permissions and root.default_permissions.manage_guild),
        )
    for kind in (AppCommandType.message, AppCommandType.user):
        for menu in tree.get_commands(type=kind):
            says = (menu.callback.__doc__ or "").strip().partition("\n")[0]
            yield ui.CommandLine(group=None, usage=menu.name, description=says, menu=_ABOUT[kind])


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(About())
