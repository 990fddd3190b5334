"""`/discover web:True`: the address of picks that are answered in a browser."""

from bot.app import Interaction
from bot.core.ranking import PickCard
from bot.ui import visits as ui


async def send_address(
    interaction: Interaction, cards: list[PickCard], *notes: str, in_place: bool = False
) -> None:
    """Give the listener alone the address of a page with some picks.

    Picks whose address could not be given do not count as shown.

    Args:
        interaction: was acknowledged.
        cards: in order.
        notes: what stands above the address.
        in_place: put it in the place of the private message that was pressed.
    """
    services, user_id = interaction.client.services, interaction.user.id
    address = await services.visits.invite(user_id, interaction.id, cards)
    content = "\n".join(one for one in (*notes, ui.invitation(len(cards))) if one)
    view, sent = ui.door(address.url), False
    try:
        if in_place:
            await interaction.edit_original_response(
                content=content, embeds=[], attachments=[], view=view
            )
        else:
            await interaction.followup.send(content, view=view, ephemeral=True)
        sent = True
    finally:
        if not sent:
            await services.visits.withdraw(user_id, interaction.id)
