"""`/promote`: artists show their music to the people of a server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, TypeAlias

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.app import BSide, Interaction, completion
from bot.core.ai import AiShare
from bot.core.promotion import MAX_NAME, MAX_TEXT, MAX_TITLE, MAX_TRACKLIST, PromotionKind
from bot.errors import UserError
from bot.services.promotion import Asker, ListPromotions, TrackPromotions, Upload, Wishes
from bot.ui import promotions as ui
from cogs.promote.buttons import PromotionButtons
from cogs.promote.posting import own_guild, publish

Words: TypeAlias = app_commands.Range[str, 1, MAX_TEXT]
Name: TypeAlias = app_commands.Range[str, 1, MAX_NAME]
Title: TypeAlias = app_commands.Range[str, 1, MAX_TITLE]
Tracklist: TypeAlias = app_commands.Range[str, 0, MAX_TRACKLIST]

_TEXT: Final = "What to say about it: one line, no links"
_PATIENCE_S: Final = 60.0
"""Other files wait while one is fetched."""
_TRIES: Final = (5, 60.0)
"""So many times in so many seconds one person may have a track looked up or listened to."""
_AI: Final = "How much of it AI made; partly: a voice, an instrument or the words"
_SHARES = [
    app_commands.Choice(name=name, value=one.value)
    for name, one in (("no", AiShare.NONE), ("partly", AiShare.PARTLY), ("wholly", AiShare.WHOLLY))
]
_AS: Final = "Under which of your registered artist names"


class Promote(
    commands.GroupCog, group_name="promote", group_description="Show your music to this community"
):
    """For artists."""

    def __init__(self, lists: ListPromotions, tracks: TrackPromotions) -> None:
        self._lists = lists
        self._tracks = tracks

    @app_commands.command()
    @app_commands.describe(
        text=_TEXT,
        link="The link to your track, on any known music service",
        file="Your track as a sound file: I listen to it, measure it and throw it away",
        title="Its title, if the tags of the file do not say it",
        name=_AS,
        consent="True: its name and what I measured join my catalogue, so that it can be picked",
        keep="True: keep half a minute of its sound, for blind auditions",
        ai=_AI,
    )
    @app_commands.choices(ai=_SHARES)
    @app_commands.rename(name="as")
    @app_commands.autocomplete(name=completion.own_artists)
    @app_commands.checks.cooldown(*_TRIES)
    async def track(
        self,
        interaction: Interaction,
        text: Words,
        link: str | None = None,
        file: discord.Attachment | None = None,
        title: Title | None = None,
        name: Name | None = None,
        consent: bool = False,
        keep: bool = False,
        ai: str | None = None,
    ) -> None:
        """Show a track of yours to the people here: by its link, or as a sound file."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        asker = _asker(interaction, name, ai)
        if file is not None:
            wishes = Wishes(title, link, consent, keep, interaction.user.display_name)
            async with _listening(interaction):
                ready = await self._tracks.by_file(asker, _upload(file), wishes, text=text)
        elif link is not None:
            ready = await self._tracks.by_link(asker, url=link, text=text)
        else:
            raise UserError(ui.NO_TRACK)
        await publish(interaction, ready.prepared, joining=ready.joining)

    @app_commands.command()
    @app_commands.describe(
        url="The link to your album, on any known music service", text=_TEXT, name=_AS, ai=_AI
    )
    @app_commands.choices(ai=_SHARES)
    @app_commands.rename(name="as")
    @app_commands.autocomplete(name=completion.own_artists)
    async def album(
        self,
        interaction: Interaction,
        url: str,
        text: Words,
        name: Name | None = None,
        ai: str | None = None,
    ) -> None:
        """Show an album of yours to the people here."""
        asker = _asker(interaction, name, ai)
        await self._list(interaction, asker, PromotionKind.ALBUM, url, text)

    @app_commands.command()
    @app_commands.describe(
        url="The link to your playlist, on any known music service",
        text=_TEXT,
        tracks="Some of its tracks: links or “artist – title”, separated by ;",
        name=_AS,
        ai=_AI,
    )
    @app_commands.choices(ai=_SHARES)
    @app_commands.rename(name="as")
    @app_commands.autocomplete(name=completion.own_artists)
    async def playlist(
        self,
        interaction: Interaction,
        url: str,
        text: Words,
        tracks: Tracklist = "",
        name: Name | None = None,
        ai: str | None = None,
    ) -> None:
        """Show a playlist of yours to the people here."""
        asker = _asker(interaction, name, ai)
        await self._list(interaction, asker, PromotionKind.PLAYLIST, url, text, tracks)

    async def _list(
        self,
        interaction: Interaction,
        asker: Asker,
        kind: PromotionKind,
        url: str,
        text: str,
        tracks: str = "",
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        prepared = await self._lists.prepare(asker, kind, url=url, text=text, tracks=tracks)
        await publish(interaction, prepared)


def _asker(interaction: Interaction, name: str | None, ai: str | None) -> Asker:
    guild = own_guild(interaction)
    roles = interaction.user.roles if isinstance(interaction.user, discord.Member) else []
    return Asker(
        interaction.user.id,
        guild_id=guild.id if guild else None,
        role_ids=[role.id for role in roles],
        name=name,
        ai=None if ai is None else AiShare(ai),
    )


@asynccontextmanager
async def _listening(interaction: Interaction) -> AsyncIterator[None]:
    """Say that a file is being listened to; where that fails, what is said of it stands alone."""
    await interaction.edit_original_response(content=ui.LISTENING)
    try:
        yield
    except BaseException:
        with suppress(discord.HTTPException):
            await interaction.delete_original_response()
        raise


def _upload(file: discord.Attachment) -> Upload:
    async def fetch() -> bytes:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await file.read()
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
            raise UserError(ui.NOT_FETCHED) from error

    return Upload(file.filename, file.size, fetch)


async def setup(bot: BSide) -> None:
    """Add the cogs."""
    services = bot.services
    await bot.add_cog(Promote(services.promoted_lists, services.promoted_tracks))
    await bot.add_cog(PromotionButtons(services))
