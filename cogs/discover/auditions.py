"""What happens under a blind audition: one word of its listener, and its name."""

import logging
import re
from typing import Any, Self

import discord

from bot.app import Interaction, answering
from bot.core.catalog import main_page
from bot.core.models import FeedbackSource
from bot.core.ranking import Revealed
from bot.ui import auditions as ui
from bot.ui import picks
from cogs.discover.posting import pick_view

log = logging.getLogger(__name__)


class AuditionButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=ui.BUTTON_TEMPLATE
):
    """👍 or 👎 under an audition; its id names no track."""

    def __init__(self, audition_id: int, verdict: str) -> None:
        super().__init__(discord.ui.Button(custom_id=f"audition:{audition_id}:{verdict}"))
        self._audition_id = audition_id
        self._up = verdict == "up"

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction,
        _item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
    ) -> Self:
        """Read the id again."""
        return cls(int(match["audition"]), match["verdict"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Take the word, and show whose it is."""
        async with answering(interaction):
            await interaction.response.defer()
            message = interaction.message
            if message is None:
                return
            await _judge(interaction, message, self._audition_id, up=self._up)


async def _judge(
    interaction: Interaction, message: discord.Message, audition_id: int, *, up: bool
) -> None:
    async with interaction.client.posting(interaction.channel_id):
        pass  # its message is noted by now
    found = await interaction.client.services.auditions.judge(
        interaction.user.id,
        audition_id,
        up=up,
        source=FeedbackSource.BUTTON,
        message_id=message.id,
    )
    private = message.flags.ephemeral
    listener = None if private or interaction.guild is None else interaction.user.display_name
    embed, view = revealed(found, listener=listener, private=private)
    try:
        await interaction.edit_original_response(embed=embed, view=view)
    except discord.HTTPException as error:
        log.info("the audition in message %s stays as it was: %s", message.id, error)
    await interaction.followup.send(picks.thumbed(found.thumbed), ephemeral=True)


def revealed(
    found: Revealed, *, listener: str | None, private: bool
) -> tuple[discord.Embed, discord.ui.View]:
    """Return what an audition's message becomes when its listener has judged it."""
    track = found.card.track
    url = main_page(track)
    view = pick_view(track.id, found.card.recommendation_id, url, found.thumbed.thumbs)
    return picks.pick(found.card, listener=listener, private=private), view
