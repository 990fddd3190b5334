"""`/moderate`: reports, names, bans, blocked terms and the log, for those who manage the server."""

import discord
from discord import app_commands

from bot.app import (
    BSide,
    Interaction,
    ManagerGroup,
    manager_of,
    message_of,
    on,
    replace_promotion,
    server_of,
)
from bot.core.promotion import (
    MAX_NAME,
    MAX_REASON,
    MAX_TERM,
    Action,
    Ban,
    BlockKind,
    Decision,
)
from bot.services import Services
from bot.ui import moderation as ui
from bot.ui import promotions as promotions_ui
from bot.ui.picks import name_choices
from cogs.ai import send_appeals

Name = app_commands.Range[str, 1, MAX_NAME]
Term = app_commands.Range[str, 1, MAX_TERM]


class Moderate(
    ManagerGroup, group_name="moderate", group_description="Promotions and artists here"
):
    """For those who manage the server."""

    claim = app_commands.Group(name="claim", description="The names that artists registered here")
    block = app_commands.Group(name="block", description="What may not appear in promotions")

    def __init__(self, services: Services) -> None:
        self._promotions = services.promotions
        self._reports = services.reports
        self._moderation = services.moderation

    @app_commands.command()
    async def queue(self, interaction: Interaction) -> None:
        """See reported promotions and appeals against labels, and decide about them."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found, total = await self._reports.queue(server_of(interaction))
        if not found:
            if not await send_appeals(interaction):
                await interaction.followup.send(ui.NO_REPORTS, ephemeral=True)
            return
        await interaction.followup.send(ui.waiting(len(found), total), ephemeral=True)
        for one in found:
            view = ui.decisions(one.promotion.id)
            await interaction.followup.send(embed=ui.reported(one), view=view, ephemeral=True)
        await send_appeals(interaction)

    @on(ui.Decide)
    async def decide(self, interaction: Interaction, pressed: ui.Decide) -> None:
        """Decide, take the promotion's message down, and show it in the place of the report."""
        guild_id = manager_of(interaction)
        await interaction.response.defer()
        linked = ui.linked_message(message_of(interaction))
        await self._promotions.check_message(pressed.promotion_id, linked)
        done = await self._reports.decide(
            interaction.user.id,
            guild_id=guild_id,
            promotion_id=pressed.promotion_id,
            decision=pressed.decision,
        )
        stands = False
        if done.decision is not Decision.KEEP:
            stands = not await replace_promotion(
                interaction.client, done.promotion, promotions_ui.removed()
            )
        embed = ui.decided(done, interaction.user.mention, message_stands=stands)
        await interaction.edit_original_response(embed=embed, view=None)

    @app_commands.command()
    async def rings(self, interaction: Interaction) -> None:
        """See promotions with 👍 from accounts that like hardly any other artist."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._reports.rings(server_of(interaction))
        await interaction.followup.send(embed=ui.rings(found), ephemeral=True)

    @app_commands.command()
    async def log(self, interaction: Interaction) -> None:
        """Read what moderators decided."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        page = await self._moderation.log(server_of(interaction), 0)
        await interaction.followup.send(embed=ui.log(page), view=ui.log_pages(page), ephemeral=True)

    @on(ui.TurnLog)
    async def turn_log(self, interaction: Interaction, pressed: ui.TurnLog) -> None:
        """Show another page of the log."""
        guild_id = manager_of(interaction)
        await interaction.response.defer()
        page = await self._moderation.log(guild_id, pressed.page)
        await interaction.edit_original_response(embed=ui.log(page), view=ui.log_pages(page))

    @app_commands.command()
    @app_commands.describe(
        user="Who may not promote any more",
        artist="Or a name that nobody may use",
        days="For how many days (default: for ever)",
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
        """Ban a person, or a name, from promoting in this server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        ban = await self._moderation.ban(
            interaction.user.id,
            guild_id=server_of(interaction),
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
            interaction.user.id, guild_id=server_of(interaction), user_id=user_id, name=artist
        )
        await interaction.followup.send(ui.unbanned(Ban(user_id, artist, None)), ephemeral=True)

    @app_commands.command()
    async def bans(self, interaction: Interaction) -> None:
        """See who may not promote here."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._moderation.bans(server_of(interaction))
        await interaction.followup.send(embed=ui.ban_list(found), ephemeral=True)

    @claim.command(name="list")
    async def list_claims(self, interaction: Interaction) -> None:
        """See which names are registered here, and by whom."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        held = await self._moderation.claims(server_of(interaction))
        await interaction.followup.send(embed=ui.claim_list(held), ephemeral=True)

    @claim.command()
    @app_commands.describe(name="The registered name", verified="False: take it back")
    async def verify(self, interaction: Interaction, name: Name, verified: bool = True) -> None:
        """Confirm that whoever registered a name is that artist."""
        await self._change(interaction, name, Action.VERIFIED if verified else Action.UNVERIFIED)

    @claim.command()
    @app_commands.describe(name="The registered name")
    async def mute(self, interaction: Interaction, name: Name) -> None:
        """Stop a name from promoting, and keep its promotions out of the picks."""
        await self._change(interaction, name, Action.MUTED)

    @claim.command()
    @app_commands.describe(name="The registered name")
    async def unmute(self, interaction: Interaction, name: Name) -> None:
        """Let a name promote again."""
        await self._change(interaction, name, Action.UNMUTED)

    @claim.command()
    @app_commands.describe(name="The registered name")
    async def remove(self, interaction: Interaction, name: Name) -> None:
        """Take a name away from whoever registered it."""
        await self._change(interaction, name, Action.CLAIM_REMOVED)

    async def _change(self, interaction: Interaction, name: str, action: Action) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        claim = await self._moderation.change_claim(
            interaction.user.id, guild_id=server_of(interaction), name=name, action=action
        )
        await interaction.followup.send(ui.claim_changed(claim.name, action), ephemeral=True)

    @block.command(name="add")
    @app_commands.describe(kind="What it is", value="The word, the domain or the artist's name")
    async def block_term(self, interaction: Interaction, kind: BlockKind, value: Term) -> None:
        """Block a word, a domain or an artist's name in promotions."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        term = await self._moderation.block(
            interaction.user.id, guild_id=server_of(interaction), kind=kind, value=value
        )
        await interaction.followup.send(ui.block_changed(term, blocked=True), ephemeral=True)

    @block.command(name="remove")
    @app_commands.describe(kind="What it is", value="The word, the domain or the artist's name")
    async def allow_term(self, interaction: Interaction, kind: BlockKind, value: Term) -> None:
        """Allow a blocked word, domain or name again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        term = await self._moderation.unblock(
            interaction.user.id, guild_id=server_of(interaction), kind=kind, value=value
        )
        await interaction.followup.send(ui.block_changed(term, blocked=False), ephemeral=True)

    @block.command(name="show")
    async def show_blocked(self, interaction: Interaction) -> None:
        """See what is blocked in promotions here."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        terms = await self._moderation.blocked(server_of(interaction))
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
        held = await self._moderation.claims(server_of(interaction))
        return name_choices([one.claim.name for one in held], current)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Moderate(bot.services))
