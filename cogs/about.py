"""`/help`: what the bot is and what it can do."""

from collections.abc import Iterator
from typing import Any

from discord import AppCommandType, app_commands
from discord.ext import commands

from bot.app import BSide, Interaction
from bot.ui import help as ui


class About(commands.Cog):
    """For everybody who is new here."""

    @app_commands.command(name="help")
    async def show_help(self, interaction: Interaction) -> None:
        """See what I am and what I can do."""
        await interaction.response.send_message(
            embed=ui.overview(command_lines(interaction.client.tree)), ephemeral=True
        )


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
            for_managers=bool(root.default_permissions and root.default_permissions.manage_guild),
        )
    for kind in (AppCommandType.message, AppCommandType.user):
        for menu in tree.get_commands(type=kind):
            says = (menu.callback.__doc__ or "").strip().partition("\n")[0]
            yield ui.CommandLine(group=None, usage=menu.name, description=says, menu=True)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(About())
