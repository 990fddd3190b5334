"""Commands that belong to a server, and those for who manages it."""

from discord import app_commands
from discord.ext import commands

from bot.app.answers import Interaction
from bot.ui import settings as ui


def server_of(interaction: Interaction) -> int:
    """Return the id of the server.

    Raises:
        NoPrivateMessage: this is no server.
    """
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id


def manager_of(interaction: Interaction) -> int:
    """Return the id of the server to somebody who manages it.

    Discord was told who may use such a command, but a server can hand it to anybody.

    Raises:
        NoPrivateMessage: this is no server.
        MissingPermissions: they do not manage it.
    """
    guild_id = server_of(interaction)
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(list(ui.MANAGERS_ONLY))
    return guild_id


# Not guild_only(): it leaves the direct messages that the tree allows by default.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class ServerGroup(commands.GroupCog):
    """A group of commands that work in servers only."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:  # type: ignore[override]
        """Let nobody in from elsewhere."""
        return bool(server_of(interaction))


@app_commands.default_permissions(manage_guild=True)
class ManagerGroup(ServerGroup):
    """A group of commands for those who manage a server."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:  # type: ignore[override]
        """Let only them in."""
        return bool(manager_of(interaction))
