"""`/server`: the rules of a server and its weekly digest, for those who manage it."""

import logging
from typing import Literal

import discord
from discord import app_commands

from bot.app import BSide, DigestPosts, HeadPosts, Interaction, ManagerGroup, server_of
from bot.core.ai import AiRule
from bot.core.ranking import DEFAULT_OBSCURITY, PROMOTED_EVERY
from bot.core.server import EVENING, FRIDAY, MOST_GUARANTEED, GuildChanges
from bot.errors import UserError
from bot.services.record import HEAD, HeadPlans
from bot.services.server import Digests, GuildRules, Resettable
from bot.ui import digest as digest_ui
from bot.ui import record as record_ui
from bot.ui import settings as ui

log = logging.getLogger(__name__)

_DAYS = [app_commands.Choice(name=name, value=day) for day, name in enumerate(digest_ui.WEEKDAYS)]

Hours = app_commands.Range[int, 0, 720]
Minutes = app_commands.Range[int, 0, 1440]
Share = app_commands.Range[int, PROMOTED_EVERY, 100]
Hearings = app_commands.Range[int, 1, MOST_GUARANTEED]


class Server(ManagerGroup, group_name="server", group_description="The rules of this server"):
    """For those who manage the server."""

    digest = app_commands.Group(name="digest", description="The weekly digest of this server")
    record = app_commands.Group(name="record", description="The record that nobody can rewrite")

    def __init__(
        self, rules: GuildRules, digests: Digests, posts: DigestPosts, heads: HeadPlans
    ) -> None:
        self._heads = heads
        self._rules = rules
        self._digests = digests
        self._posts = posts

    @app_commands.command()
    async def show(self, interaction: Interaction) -> None:
        """See the rules of this server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        rules = await self._rules.get(server_of(interaction))
        await interaction.followup.send(embed=ui.show(rules), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(
        channel="Where promotions appear",
        role="Who may promote",
        user_cooldown_hours="How long a person waits until the next promotion (default 24)",
        artist_cooldown_hours="How long a registered artist waits, whoever promotes (default 24)",
        server_cooldown_minutes="How long everybody waits after a promotion (default 30)",
        one_in="At most one pick in this many is a promoted one (default 5)",
        hearings="How many blind auditions each promotion gets without earning them (default 5)",
        claims_required="Artists must register a name before they promote (default off)",
        verified_only="Only artists whose name you verified may promote (default off)",
    )
    async def promotions(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        role: discord.Role | None = None,
        user_cooldown_hours: Hours | None = None,
        artist_cooldown_hours: Hours | None = None,
        server_cooldown_minutes: Minutes | None = None,
        one_in: Share | None = None,
        hearings: Hearings | None = None,
        claims_required: bool | None = None,
        verified_only: bool | None = None,
    ) -> None:
        """Say where, how often and by whom music may be promoted."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        _check_channel(channel)
        changes = GuildChanges(
            promotion_channel_id=channel.id if channel else None,
            promoter_role_id=role.id if role else None,
            user_cooldown_hours=user_cooldown_hours,
            artist_cooldown_hours=artist_cooldown_hours,
            guild_cooldown_minutes=server_cooldown_minutes,
            promoted_every=one_in,
            guaranteed_hearings=hearings,
            claims_required=claims_required,
            verified_only=verified_only,
        )
        rules = await self._rules.change(server_of(interaction), changes)
        await interaction.followup.send(embed=ui.show(rules, changed=True), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(
        channel="Where new reports are posted, with buttons to decide",
        reports_until_hidden="This many open reports keep a promotion out of the picks (default 3)",
    )
    async def moderation(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        reports_until_hidden: app_commands.Range[int, 1, 100] | None = None,
    ) -> None:
        """Say where reports go and how many hide a promotion."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        _check_channel(channel)
        changes = GuildChanges(
            moderation_channel_id=channel.id if channel else None,
            reports_until_hidden=reports_until_hidden,
        )
        rules = await self._rules.change(server_of(interaction), changes)
        await interaction.followup.send(embed=ui.show(rules, changed=True), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(
        layout="together: one short message for all picks (default); apart: a message for each"
    )
    async def picks(self, interaction: Interaction, layout: Literal["together", "apart"]) -> None:
        """Say whether the picks of an answer share a message."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        changes = GuildChanges(picks_apart=layout == "apart")
        rules = await self._rules.change(server_of(interaction), changes)
        await interaction.followup.send(embed=ui.show(rules, changed=True), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(
        rule="label says who says so (default); leave out: nothing that AI made wholly; allow"
    )
    async def ai(
        self, interaction: Interaction, rule: Literal["allow", "label", "leave out"]
    ) -> None:
        """Say what becomes of music made by AI here."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        rules = await self._rules.change(server_of(interaction), GuildChanges(ai=AiRule(rule)))
        await interaction.followup.send(embed=ui.show(rules, changed=True), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(what="What to set back: the channel to “here”, the role to everybody …")
    @app_commands.choices(
        what=[app_commands.Choice(name=one.value, value=one.value) for one in Resettable]
    )
    async def reset(self, interaction: Interaction, what: str = Resettable.EVERYTHING) -> None:
        """Set rules back to their defaults."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        rules = await self._rules.reset(server_of(interaction), Resettable(what))
        await interaction.followup.send(embed=ui.show(rules, changed=True), ephemeral=True)

    @digest.command(name="on")
    @app_commands.describe(
        channel="Where it is posted",
        day="The day of the week (default Friday)",
        hour="The hour, in UTC (default 17)",
        obscurity="0: fame does not matter; 70: no stars; 100: only artists that few know",
    )
    @app_commands.choices(day=_DAYS)
    async def digest_on(
        self,
        interaction: Interaction,
        channel: discord.TextChannel,
        day: int = FRIDAY,
        hour: app_commands.Range[int, 0, 23] = EVENING,
        obscurity: app_commands.Range[int, 0, 100] = DEFAULT_OBSCURITY,
    ) -> None:
        """Post a digest in a channel every week."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        _check_channel(channel)
        due = await self._digests.switch_on(
            channel.guild.id, channel.id, weekday=day, hour=hour, obscurity=obscurity
        )
        said = digest_ui.switched_on(channel.mention, due)
        await interaction.followup.send(said, ephemeral=True)

    @digest.command(name="off")
    async def digest_off(self, interaction: Interaction) -> None:
        """Stop the weekly digest."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        was_on = await self._digests.switch_off(server_of(interaction))
        said = digest_ui.OFF if was_on else digest_ui.WAS_OFF
        await interaction.followup.send(said, ephemeral=True)

    @digest.command(name="now")
    @app_commands.checks.cooldown(2, 60, key=lambda interaction: interaction.guild_id)
    async def digest_now(self, interaction: Interaction) -> None:
        """Post a digest at once."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        plan = await self._digests.get(server_of(interaction))
        if interaction.guild is None:
            raise UserError(digest_ui.NOT_HERE)
        try:
            message = await self._posts.post(interaction.guild, plan)
        except discord.HTTPException as error:
            log.warning("a digest could not be posted: %s", error)
            raise UserError(digest_ui.NOT_POSTED) from error
        if message is None:
            raise UserError(digest_ui.BUSY)
        await interaction.followup.send(digest_ui.posted(message.jump_url), ephemeral=True)

    @record.command(name="on")
    @app_commands.describe(channel="Where the head of the record is posted")
    async def record_on(self, interaction: Interaction, channel: discord.TextChannel) -> None:
        """Post the head of the record every week, so that it cannot be rewritten unseen."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        _check_channel(channel)
        await self._heads.switch_on(channel.guild.id, channel.id)
        await interaction.followup.send(record_ui.switched_on(channel.mention), ephemeral=True)

    @record.command(name="off")
    async def record_off(self, interaction: Interaction) -> None:
        """Stop posting the head of the record."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        was_on = await self._heads.switch_off(server_of(interaction))
        said = record_ui.OFF if was_on else record_ui.WAS_OFF
        await interaction.followup.send(said, ephemeral=True)

    @record.command(name="show")
    async def record_show(self, interaction: Interaction) -> None:
        """See where the head of the record is posted."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        plan = await self._heads.find(server_of(interaction))
        await interaction.followup.send(record_ui.plan(plan), ephemeral=True)


def _check_channel(channel: discord.TextChannel | None) -> None:
    """Refuse a channel that is closed to the bot.

    Raises:
        UserError: the bot may not post there.
    """
    if channel is None:
        return
    missing = ui.missing_permissions(channel.permissions_for(channel.guild.me))
    if missing:
        raise UserError(ui.channel_refused(channel.mention, missing))


async def setup(bot: BSide) -> None:
    """Add the cog."""
    services, heads = bot.services, bot.services.head_plans
    services.jobs.handle(HEAD, HeadPosts(bot, heads).post_due, of_servers=True)
    digests = services.digests
    await bot.add_cog(Server(services.rules, digests, DigestPosts(bot, digests), heads))
