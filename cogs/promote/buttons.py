"""The buttons under a promotion: votes, and reports."""

import logging
import re
from typing import Self

import discord

from bot.app import BSide, Interaction, answering
from bot.core.promotion import MAX_REASON, ReportTaken
from bot.ui import moderation as moderation_ui
from bot.ui import promotions as ui

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
