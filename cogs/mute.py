"""`/mute`: what a listener does not want to be shown, and what they did not play themselves."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, chosen_one, completion, on, reply
from bot.core.catalog import Chosen, read_text
from bot.core.models import FeedbackSource, Subject, SubjectKind
from bot.core.taste import FOR_EVER, MONTH, SERVICES
from bot.errors import UserError
from bot.services import Services
from bot.ui import away, mute_list, replies
from bot.ui import mutes as ui
from bot.ui.stored import read_number
from bot.ui.which import which

_SPANS = [
    app_commands.Choice(name="30 days", value=MONTH),
    app_commands.Choice(name="ever", value=FOR_EVER),
]
_SERVICES = [app_commands.Choice(name=name, value=code) for code, name in SERVICES.items()]


class Mute(
    commands.GroupCog, group_name="mute", group_description="What you do not want to be shown"
):
    """Everybody's own: nobody else learns of it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._muting = services.muting

    @app_commands.command()
    @app_commands.describe(artist="The name of an artist", span="30 days, or ever (the default)")
    @app_commands.rename(span="for")
    @app_commands.choices(span=_SPANS)
    @app_commands.autocomplete(artist=completion.artists)
    async def artist(self, interaction: Interaction, artist: str, span: int = FOR_EVER) -> None:
        """Be shown nothing by an artist; your taste stays as it is."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await self._services.lookup.meant(read_text(artist), (SubjectKind.ARTIST,))
        if isinstance(found, tuple):
            menu = which(found, ui.MuteChosen(interaction.user.id, span), "Choose whom to mute")
            await interaction.followup.send(ui.WHICH, view=menu, ephemeral=True)
            return
        said, view = await self._mute(interaction, found.subject, span)
        await interaction.followup.send(said, view=view, ephemeral=True)

    async def _mute(
        self, interaction: Interaction, subject: Subject, days: int
    ) -> tuple[str, discord.ui.View]:
        user_id = interaction.user.id
        done = await self._muting.mute(user_id, subject, days, source=FeedbackSource.COMMAND)
        return ui.muted(done), ui.under_muted(user_id, done.mute.hit)

    @on(ui.MuteChosen)
    async def mute_chosen(self, interaction: Interaction, pressed: ui.MuteChosen) -> None:
        """Mute who was chosen, or nobody."""
        if pressed.user_id != interaction.user.id:
            await reply(interaction, mute_list.NOT_YOURS)
            return
        asked = read_text(chosen_one(interaction))
        await interaction.response.defer()
        if not isinstance(asked, Chosen) or asked.subject.kind is not SubjectKind.ARTIST:
            await interaction.edit_original_response(content=ui.NOBODY_MUTED, view=None)
            return
        said, view = await self._mute(interaction, asked.subject, pressed.days)
        await interaction.edit_original_response(content=said, view=view)

    @app_commands.command()
    @app_commands.describe(
        first="The first day, a month or a year: 2026-07-03, July 2026, 2026",
        last="The last day, month or year; without it: all of `from`, or from then on",
        account="Only what this service told; leave it out for everything",
    )
    @app_commands.rename(first="from", last="to")
    @app_commands.choices(account=_SERVICES)
    @app_commands.checks.cooldown(5, 60)
    async def history(
        self,
        interaction: Interaction,
        first: app_commands.Range[str, 0, 40] = "",
        last: app_commands.Range[str, 0, 40] = "",
        account: str | None = None,
    ) -> None:
        """Leave out what somebody else played: it counts for nothing, and nothing is deleted."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        done = await self._services.not_me.leave_out(
            interaction.user.id, first=first, last=last, service=account
        )
        await interaction.followup.send(
            away.left_away(done), view=away.under_away(interaction.user.id, done), ephemeral=True
        )

    @app_commands.command()
    async def show(self, interaction: Interaction) -> None:
        """See what you muted and left out, and take it back."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        embed, view = await self._list(interaction.user.id, 0)
        await interaction.followup.send(embed=embed, view=view, ephemeral=True)

    async def _list(self, user_id: int, page: int) -> tuple[discord.Embed, discord.ui.View]:
        muted, left = await self._muting.of(user_id), await self._services.not_me.of(user_id)
        standing = await self._muting.standing(user_id)
        embed = mute_list.show(muted, left, standing, page)
        return embed, mute_list.under_show(user_id, muted, left, page)

    @on(mute_list.TurnMutes)
    async def turn(self, interaction: Interaction, pressed: mute_list.TurnMutes) -> None:
        """Show another page to whose list it is."""
        if pressed.user_id != interaction.user.id:
            await reply(interaction, mute_list.NOT_YOURS)
            return
        await interaction.response.defer()
        embed, view = await self._list(pressed.user_id, pressed.page)
        await interaction.edit_original_response(embed=embed, view=view)

    @on(mute_list.TakeBack)
    async def take_back(self, interaction: Interaction, pressed: mute_list.TakeBack) -> None:
        """Take back what was chosen, and show what is left."""
        if pressed.user_id != interaction.user.id:
            await reply(interaction, mute_list.NOT_YOURS)
            return
        kind, _, number = chosen_one(interaction).partition(":")
        await interaction.response.defer()
        said = await self._taken_back(pressed.user_id, kind, number)
        embed, view = await self._list(pressed.user_id, pressed.page)
        await interaction.edit_original_response(content=said, embed=embed, view=view)

    async def _taken_back(self, user_id: int, kind: str, number: str) -> str:
        try:
            found = read_number(number)
            subject = None if kind == "away" else Subject(SubjectKind(kind), found)
        except ValueError:
            raise UserError(replies.NO_LONGER_WORKS) from None
        if subject is None:
            return away.counts_again(await self._services.not_me.take_back(user_id, found))
        return ui.lifted(await self._muting.lift(user_id, subject))

    @on(ui.ShowAgain)
    async def show_again(self, interaction: Interaction, pressed: ui.ShowAgain) -> None:
        """Take a mute back, in the place of what confirmed it."""
        if pressed.user_id != interaction.user.id:
            await reply(interaction, mute_list.NOT_YOURS)
            return
        await interaction.response.defer()
        subject = Subject(SubjectKind(pressed.kind), pressed.subject_id)
        hit = await self._muting.lift(pressed.user_id, subject)
        await interaction.edit_original_response(content=ui.lifted(hit), view=None)

    @on(away.CountAgain)
    async def count_again(self, interaction: Interaction, pressed: away.CountAgain) -> None:
        """Let plays count again, in the place of what confirmed that they do not."""
        if pressed.user_id != interaction.user.id:
            await reply(interaction, mute_list.NOT_YOURS)
            return
        await interaction.response.defer()
        done = await self._services.not_me.take_back(pressed.user_id, pressed.number)
        await interaction.edit_original_response(content=away.counts_again(done), view=None)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    await bot.add_cog(Mute(bot.services))
