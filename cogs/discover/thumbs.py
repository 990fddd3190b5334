"""Thumbs given as reactions under posts, and the counts that posts show."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from weakref import WeakValueDictionary

import discord
from discord.ext import commands

from bot.app import BSide, Interaction
from bot.core.models import Counted, Feedback, FeedbackSource, SubjectKind, Thumbed
from bot.ui import pick_buttons, promotions, theme

log = logging.getLogger(__name__)

_TONES: Final = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_REMEMBERED: Final = 1000
"""Removals of which nothing had arrived that they remove."""

_Key: TypeAlias = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _Thumb:
    """What a reaction says."""

    up: bool
    source: FeedbackSource


class Thumbs(commands.Cog):
    """Counts reactions, and shows what counts."""

    def __init__(self, bot: BSide) -> None:
        self._bot = bot
        self._services = bot.services
        self._turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()
        self._early: OrderedDict[_Key, bool] = OrderedDict()

    @commands.Cog.listener()
    async def on_thumbs_changed(self, interaction: Interaction, entry: Feedback) -> None:
        """Show the new count under a post, if it is in this channel."""
        message_id, channel_id = entry.message_id, interaction.channel_id
        if message_id is not None and channel_id is not None:
            self._show_counts(channel_id, interaction.guild_id, message_id)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Count a thumb under one of our posts."""
        await self._reaction(payload, added=True)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Take a thumb back."""
        await self._reaction(payload, added=False)

    async def _reaction(self, payload: discord.RawReactionActionEvent, *, added: bool) -> None:
        by_bot = payload.member is not None and payload.member.bot
        own = self._bot.user is not None and payload.user_id == self._bot.user.id
        thumb = _thumb(payload.emoji)
        if thumb is None or by_bot or own:
            return
        await self._bot.shown_in(payload.channel_id, payload.message_id)
        # What one person does under one message is counted in the order in which it arrives.
        turn = self._turns.setdefault((payload.user_id, payload.message_id), asyncio.Lock())
        async with turn:
            await (self._added(payload, thumb) if added else self._removed(payload, thumb))

    async def _added(self, payload: discord.RawReactionActionEvent, thumb: _Thumb) -> None:
        if self._early.pop(_key(payload), False) and not await self._stands(payload):
            return
        heard = await self._services.auditions.react(
            payload.user_id, payload.message_id, up=thumb.up, source=thumb.source
        )
        if heard is not None:
            return  # its message stays as it is: others read along
        done = await self._services.feedback.react(
            payload.user_id, payload.message_id, up=thumb.up, source=thumb.source
        )
        self._show(payload, done)

    async def _removed(self, payload: discord.RawReactionActionEvent, thumb: _Thumb) -> None:
        feedback = self._services.feedback
        done = await feedback.unreact(
            payload.user_id, payload.message_id, up=thumb.up, source=thumb.source
        )
        if not done and await feedback.shown_in(payload.message_id):
            self._early[_key(payload)] = True
            if len(self._early) > _REMEMBERED:
                self._early.popitem(last=False)
        self._show(payload, done)

    async def _stands(self, payload: discord.RawReactionActionEvent) -> bool:
        """Ask Discord whether a reaction is there that arrived after a removal without its add."""
        channel = self._bot.get_partial_messageable(payload.channel_id, guild_id=payload.guild_id)
        before = discord.Object(payload.user_id - 1)
        try:
            message = await channel.get_partial_message(payload.message_id).fetch()
            for reaction in message.reactions:
                if str(reaction.emoji) == str(payload.emoji):
                    return payload.user_id in [
                        user.id async for user in reaction.users(limit=1, after=before)
                    ]
        except discord.HTTPException as error:
            log.info("a reaction that comes after its removal is left out: %s", error)
        return False

    def _show(self, payload: discord.RawReactionActionEvent, done: Sequence[Thumbed]) -> None:
        if not all(one.half for one in done):
            self._show_counts(payload.channel_id, payload.guild_id, payload.message_id)

    def _show_counts(self, channel_id: int, guild_id: int | None, message_id: int) -> None:
        channel = self._bot.get_partial_messageable(channel_id, guild_id=guild_id)
        message = channel.get_partial_message(message_id)

        async def write() -> None:
            counted = await self._services.feedback.counted(message_id)
            if not counted:  # a blind audition in public tells nothing, whatever is said to it
                return
            below: list[discord.ui.Item[Any]] = []
            if guild_id is None:  # somebody's digest, perhaps: its last button stays
                below = pick_buttons.below(await message.fetch(), len(counted))
            await message.edit(view=await self._buttons(counted, below))

        self._bot.labels.follow(message_id, write)

    async def _buttons(
        self, counted: Sequence[Counted], below: Sequence[discord.ui.Item[Any]]
    ) -> discord.ui.View:
        """Return the buttons of a post with the counts of now."""
        first = counted[0]
        if first.subject.kind is SubjectKind.PROMOTION:
            promotion = await self._services.promotions.get(first.subject.id)
            return promotions.votes(promotion, first.thumbs)
        return pick_buttons.under_picks(counted, below=below)


def _thumb(emoji: discord.PartialEmoji) -> _Thumb | None:
    """Return what an emoji says; None for all but thumbs. Skin tones say the same."""
    name = emoji.name or ""
    up = {theme.UP: True, theme.DOWN: False}.get(name[:1] if emoji.is_unicode_emoji() else "")
    if up is None:
        return None
    return _Thumb(up, FeedbackSource.of_skin_tone(_TONES.find(name[1:2] or " ") + 1))


def _key(payload: discord.RawReactionActionEvent) -> _Key:
    return payload.user_id, payload.message_id, payload.emoji.name
