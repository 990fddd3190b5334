"""`/moderate`: reports, names, bans, blocked terms and the log, for those who manage the server."""

import logging
import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, answering
from bot.core.promotion import (
    MAX_NAME,
    MAX_REASON,
    MAX_TERM,
    Action,
    Ban,
    BlockKind,
    Decision,
    Promotion,
)
from bot.services import Services
from bot.ui import moderation as ui
from bot.ui import promotions as promotions_ui
from bot.ui import settings as rules_ui
from bot.ui.picks import name_choices

log = logging.getLogger(__name__)

Name = app_commands.Range[str, 1, MAX_NAME]
Term = app_commands.Range[str, 1, MAX_TERM]


def _require_manager(interaction: Interaction) -> int:
    """Return the server; ask again for what Discord was told, as anybody can be handed a command.

    Raises:
        NoPrivateMessage: this is no server.
        MissingPermissions: they do not manage it.
    """
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(list(rules_ui.MANAGERS_ONLY))
    return interaction.guild_id


class DecisionButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=ui.DECISION_TEMPLATE
):
    """Decides about a reported promotion; all it needs to know is in its custom id."""

    def __init__(self, promotion_id: int, decision: Decision) -> None:
        custom_id = f"moderate:{promotion_id}:{decision}"
        super().__init__(discord.ui.Button(custom_id=custom_id))
        self._promotion_id = promotion_id
        self._decision = decision

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(int(match["promotion"]), Decision(match["decision"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Decide, take the promotion's message down, and show it in the place of the report."""
        async with answering(interaction):
            guild_id = _require_manager(interaction)
            await interaction.response.defer()
            done = await interaction.client.services.reports.decide(
                interaction.user.id,
                guild_id=guild_id,
                promotion_id=self._promotion_id,
                decision=self._decision,
            )
            stands = False
            if done.decision is not Decision.KEEP:
                stands = not await _take_down(interaction.client, done.promotion)
            embed = ui.decided(done, interaction.user.mention, message_stands=stands)
            await interaction.edit_original_response(embed=embed, view=None)


async def _take_down(bot: BSide, promotion: Promotion) -> bool:
    """Put a notice in the place of a promotion; return whether that was possible."""
    if promotion.channel_id is None or promotion.message_id is None:
        return False
    channel = bot.get_partial_messageable(promotion.channel_id, guild_id=promotion.guild_id)
    try:
        message = channel.get_partial_message(promotion.message_id)
        await message.edit(embed=promotions_ui.removed(), view=None, attachments=[])
    except (discord.Forbidden, discord.NotFound) as error:
        log.info("the message of promotion %s stays as it was: %s", promotion.id, error)
        return False
    return True


class LogButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=ui.LOG_TEMPLATE
):
    """Turns to another page of the moderation log."""

    def __init__(self, page: int, label: str) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=f"modlog:{page}:{label}"))
        self._page = page

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Self:
        """Read the button back from its custom id."""
        return cls(int(match["page"]), match["label"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the page."""
        async with answering(interaction):
            guild_id = _require_manager(interaction)
            await interaction.response.defer()
            page = await interaction.client.services.moderation.log(guild_id, self._page)
            await interaction.edit_original_response(embed=ui.log(page), view=ui.log_pages(page))


# Not guild_only(): it leaves the direct messages that the tree allows by default.
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class Moderate(
    commands.GroupCog, group_name="moderate", group_description="Promotions and artists here"
):
    """For those who manage the server."""

    claim = app_commands.Group(name="claim", description="The names that artists registered here")
    block = app_commands.Group(name="block", description="What may not appear in promotions")

    def __init__(self, bot: BSide, services: Services) -> None:
        self._bot = bot
        self._reports = services.reports
        self._moderation = services.moderation

    async def cog_load(self) -> None:
        """Make the buttons under old reports work."""
        self._bot.add_dynamic_items(DecisionButton, LogButton)

    async def cog_unload(self) -> None:
        """Take that away again."""
        self._bot.remove_dynamic_items(DecisionButton, LogButton)

    async def interaction_check(self, interaction: Interaction, /) -> bool:  # type: ignore[override]
        """Let only those in who manage the server."""
        return bool(_require_manager(interaction))

    @app_commands.command()
    async def queue(self, interaction: Interaction) -> None:
        """See reported promotions, and decide about them."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found, total = await self._reports.queue(interaction.guild_id or 0)
        if not found:
            await interaction.followup.send(ui.NO_REPORTS, ephemeral=True)
            return
        await interaction.followup.send(ui.waiting(len(found), total), ephemeral=True)
        for one in found:
            view = ui.decisions(one.promotion.id)
            await interaction.followup.send(embed=ui.reported(one), view=view, ephemeral=True)

    @app_commands.command()
    async def rings(self, interaction: Interaction) -> None:
        """See promotions whose 👍 come from accounts that like hardly anybody else."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._reports.rings(interaction.guild_id or 0)
        await interaction.followup.send(embed=ui.rings(found), ephemeral=True)

    @app_commands.command()
    async def log(self, interaction: Interaction) -> None:
        """Read what moderators decided."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        page = await self._moderation.log(interaction.guild_id or 0, 0)
        await interaction.followup.send(embed=ui.log(page), view=ui.log_pages(page), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(
        user="Who may not promote any more",
        artist="Or a name that nobody may use",
        days="For how long; for ever, if you leave it out",
        reason="Why, for the log",
    )
    async def ban(
        self,
        interaction: Interaction,
        user: discord.User | None = None,
        artist: Name | None = None,
        days: app_commands.Range[int, 1, 3650] | None = None,
        reason: app_commands.Range[str, 0, MAX_REASON] = "",
    ) -> None:
        """Keep somebody, or a name, from promoting in this server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        ban = await self._moderation.ban(
            interaction.user.id,
            guild_id=interaction.guild_id or 0,
            user_id=user.id if user else None,
            name=artist,
            days=days,
            why=reason,
        )
        await interaction.followup.send(ui.banned(ban), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(user="Who may promote again", artist="Or the name")
    async def unban(
        self,
        interaction: Interaction,
        user: discord.User | None = None,
        artist: Name | None = None,
    ) -> None:
        """Let somebody, or a name, promote again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        user_id = user.id if user else None
        await self._moderation.unban(
            interaction.user.id, guild_id=interaction.guild_id or 0, user_id=user_id, name=artist
        )
        await interaction.followup.send(ui.unbanned(Ban(user_id, artist, None)), ephemeral=True)

    @app_commands.command()
    async def bans(self, interaction: Interaction) -> None:
        """See who may not promote here."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._moderation.bans(interaction.guild_id or 0)
        await interaction.followup.send(embed=ui.ban_list(found), ephemeral=True)

    @claim.command(name="list")
    async def list_claims(self, interaction: Interaction) -> None:
        """See which names are registered here, and by whom."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        held = await self._moderation.claims(interaction.guild_id or 0)
        await interaction.followup.send(embed=ui.claim_list(held), ephemeral=True)

    @claim.command()
    @app_commands.describe(name="The registered name", verified="False takes it back")
    async def verify(self, interaction: Interaction, name: Name, verified: bool = True) -> None:
        """Say that who registered a name is that artist."""
        await self._change(interaction, name, Action.VERIFIED if verified else Action.UNVERIFIED)

    @claim.command()
    @app_commands.describe(name="The registered name")
    async def mute(self, interaction: Interaction, name: Name) -> None:
        """Keep a name from promoting, and what it promoted from the picks."""
        await self._change(interaction, name, Action.MUTED)

    @claim.command()
    @app_commands.describe(name="The registered name")
    async def unmute(self, interaction: Interaction, name: Name) -> None:
        """Let a name promote again."""
        await self._change(interaction, name, Action.UNMUTED)

    @claim.command()
    @app_commands.describe(name="The registered name")
    async def remove(self, interaction: Interaction, name: Name) -> None:
        """Take a name from who registered it."""
        await self._change(interaction, name, Action.CLAIM_REMOVED)

    async def _change(self, interaction: Interaction, name: str, action: Action) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        claim = await self._moderation.change_claim(
            interaction.user.id, guild_id=interaction.guild_id or 0, name=name, action=action
        )
        await interaction.followup.send(ui.claim_changed(claim.name, action), ephemeral=True)

    @block.command(name="add")
    @app_commands.describe(kind="What it is", value="The word, the domain or the artist's name")
    async def block_term(self, interaction: Interaction, kind: BlockKind, value: Term) -> None:
        """Block a word, a domain or an artist's name in promotions."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        term = await self._moderation.block(
            interaction.user.id, guild_id=interaction.guild_id or 0, kind=kind, value=value
        )
        await interaction.followup.send(ui.block_changed(term, blocked=True), ephemeral=True)

    @block.command(name="remove")
    @app_commands.describe(kind="What it is", value="The word, the domain or the artist's name")
    async def allow_term(self, interaction: Interaction, kind: BlockKind, value: Term) -> None:
        """Allow a blocked word, domain or name again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        term = await self._moderation.unblock(
            interaction.user.id, guild_id=interaction.guild_id or 0, kind=kind, value=value
        )
        await interaction.followup.send(ui.block_changed(term, blocked=False), ephemeral=True)

    @block.command(name="show")
    async def show_blocked(self, interaction: Interaction) -> None:
        """See what is blocked in promotions here."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        terms = await self._moderation.blocked(interaction.guild_id or 0)
        await interaction.followup.send(embed=ui.block_list(terms), ephemeral=True)

    @verify.autocomplete("name")
    @mute.autocomplete("name")
    @unmute.autocomplete("name")
    @remove.autocomplete("name")
    async def suggest_claim(
        self, interaction: Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest the names that are registered here, to those who manage the server."""
        if not interaction.permissions.manage_guild:
            return []
        held = await self._moderation.claims(interaction.guild_id or 0)
        return name_choices([one.claim.name for one in held], current)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Moderate(bot, bot.services))
