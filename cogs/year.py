"""`/year` and `/timeline`: a listener's story in pictures, for them alone until they share one."""

import asyncio
from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Content, Interaction, begin_page, on, share_page
from bot.core.taste import Span, Story
from bot.errors import UserError
from bot.services.taste import Profiles, Stories
from bot.ui import shared_pages
from bot.ui import stories as ui
from bot.ui.pictures.picture import Picture

_Span = Literal["week", "month", "half-year", "year", "all"]


class Year(commands.Cog):
    """Tells listeners what they loved, met and how it changed."""

    def __init__(self, stories: Stories, profiles: Profiles) -> None:
        self._stories = stories
        self._profiles = profiles

    @app_commands.command()
    @app_commands.describe(
        period="How far back, up to today; a year if you leave it out",
        year="A calendar year instead: 2026",
    )
    @app_commands.checks.cooldown(3, 30)
    async def year(
        self, interaction: Interaction, period: _Span = "year", year: int | None = None
    ) -> None:
        """See your year, or any time, as a story of six pictures."""
        days = self._stories.days(Span(period), year)
        await interaction.response.defer(ephemeral=True, thinking=True)
        user = interaction.user
        story = await self._stories.of(user.id, days)
        if story.profile.is_empty:
            raise UserError(ui.NOTHING_YET)
        page = ui.STORY[0]
        picture = await _drawn(interaction, page, story)
        await interaction.followup.send(
            embed=ui.story_words(page, days),
            file=picture.file(),
            view=ui.story_buttons(
                user.id, page, days, picture, pages=interaction.client.shares_pages
            ),
            ephemeral=True,
        )

    @app_commands.command()
    @app_commands.describe(
        period="How far back, up to today; as far as 24 months if you leave it out"
    )
    @app_commands.checks.cooldown(3, 30)
    async def timeline(self, interaction: Interaction, period: _Span = "all") -> None:
        """See how your taste changed, month by month."""
        days = self._stories.days(Span(period))
        await interaction.response.defer(ephemeral=True, thinking=True)
        story = await self._stories.of(interaction.user.id, days)
        if story.profile.is_empty:
            raise UserError(ui.NOTHING_YET)
        picture = await _drawn(interaction, "timeline", story)
        await interaction.followup.send(
            file=picture.file(),
            view=ui.share_button(
                interaction.user.id,
                "timeline",
                days,
                picture,
                pages=interaction.client.shares_pages,
            ),
            ephemeral=True,
        )

    @on(ui.Turn)
    async def turn(self, interaction: Interaction, turn: ui.Turn) -> None:
        """Turn to another page of the story."""
        if interaction.user.id != turn.user_id:
            raise UserError(ui.NOT_YOURS)
        await interaction.response.defer()
        story = await self._stories.of(turn.user_id, turn.period)
        if story.profile.is_empty:
            raise UserError(ui.NOTHING_YET)
        picture = await _drawn(interaction, turn.page, story)
        await interaction.edit_original_response(
            embed=ui.story_words(turn.page, turn.period),
            attachments=[picture.file()],
            view=ui.story_buttons(
                turn.user_id,
                turn.page,
                turn.period,
                picture,
                pages=interaction.client.shares_pages,
            ),
        )

    @on(ui.Share)
    async def share(self, interaction: Interaction, share: ui.Share) -> None:
        """Post a picture for everybody, drawn anew."""
        if interaction.user.id != share.user_id:
            raise UserError(ui.NOT_YOURS)
        interaction.client.count_press(interaction)
        await interaction.response.defer(thinking=True)
        story = await self._told(share)
        if story.profile.is_empty:
            raise UserError(ui.NOTHING_YET)
        picture = await _drawn(interaction, share.page, story)
        await interaction.followup.send(
            ui.shared(interaction.user.display_name), file=picture.file()
        )

    @on(ui.WebPage)
    async def share_page(self, interaction: Interaction, pressed: ui.WebPage) -> None:
        """Share the whole story, or a picture that stands alone, as a page without a name."""
        if interaction.user.id != pressed.user_id:
            raise UserError(ui.NOT_YOURS)
        await begin_page(interaction, pressed)

        async def content() -> Content:
            story = await self._told(pressed)
            if story.profile.is_empty:
                raise UserError(ui.NOTHING_YET)
            shown = ui.STORY if pressed.page in ui.STORY else (pressed.page,)
            drawn = [
                (page, await asyncio.to_thread(ui.draw, page, story, name="")) for page in shown
            ]
            telling = [one for one in drawn if one[1].tells]
            if not telling:
                raise UserError(ui.NOTHING_YET)
            return shared_pages.of_story(pressed.period, telling)

        await share_page(interaction, pressed, content)

    async def _told(self, share: ui.Share | ui.WebPage) -> Story:
        if share.page != "profile":
            return await self._stories.of(share.user_id, share.period)
        profile = await self._profiles.of(share.user_id, share.user_id, share.period)
        return Story(share.period, profile)


async def _drawn(interaction: Interaction, page: ui.Shown, story: Story) -> Picture:
    return await asyncio.to_thread(ui.draw, page, story, name=interaction.user.display_name)


async def setup(bot: BSide) -> None:
    """Add the cog."""
    services = bot.services
    await bot.add_cog(Year(services.stories, services.profiles))
