"""What every *Share as a page* has in common: it says what will be seen, then makes the page."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from bot.app.answers import Interaction
from bot.core.lists import ToldTrack
from bot.core.sharing import Page, PageFile
from bot.ui import sharing as ui

Content: TypeAlias = tuple[Page, Sequence[PageFile]]


async def begin_page(interaction: Interaction, pressed: ui.Pressed) -> None:
    """Take a press; what follows is seen by whoever pressed alone."""
    if pressed.step == "ask":
        await interaction.response.defer(ephemeral=True, thinking=True)
    else:
        interaction.client.count_press(interaction)
        await interaction.response.defer()


async def share_page(
    interaction: Interaction, pressed: ui.Pressed, content: Callable[[], Awaitable[Content]]
) -> None:
    """Ask whether a page shall be made, or make it, as the pressed button says.

    Args:
        interaction: of somebody who may share this.
        pressed: the button.
        content: makes what is on the page.

    Raises:
        UserError: there are no pages here, or too many of theirs stand.
    """
    pages, user_id = interaction.client.services.shared_pages, interaction.user.id
    ends_at = await pages.offer(user_id)
    if pressed.step == "ask":
        make = replace(pressed, step="make")
        await interaction.followup.send(
            ui.question(pressed, ends_at), view=ui.answer(make), ephemeral=True
        )
        return
    page, files = await content()
    address = await pages.publish(user_id, page, files)
    await interaction.edit_original_response(
        content=ui.made(address.url, address.ends_at), view=None
    )


async def covered(interaction: Interaction, told: Sequence[ToldTrack]) -> list[ToldTrack]:
    """Return tracks with the covers that can be found for those that have none yet."""
    bot = interaction.client
    if not bot.options.covers:
        return list(told)
    found = await bot.services.covers.look_up([one.track.id for one in told if not one.cover])
    return [
        replace(one, cover=found[one.track.id].url) if one.track.id in found else one
        for one in told
    ]
