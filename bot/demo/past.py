"""What happened in the demo's server before: two artists promoted a track, and some heard it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle

from bot.core.models import FeedbackSource, Subject, SubjectKind
from bot.core.ranking import Discovery, Wish
from bot.demo.listeners import LISTENERS, demo_ratings
from bot.demo.music import FIRST_DEEZER_ID, INVENTED
from bot.services import Services

ARTISTS = ("Kit", "Hana")
CROWD = ("Lou", "Mika", "Noor", "Oda", "Pau", "Ravi")
BEGAN = timedelta(days=16)
"""How long ago the first artist promoted something."""
_RATED = 4
"""So many tracks each of the crowd has rated: enough for a taste, and soon done."""
_HEARD_LATER = 2
"""How many have heard the second artist so far; the next is whoever joins."""
_FIRST_MESSAGE = 1
"""Past auditions are in no channel; no message of Discord has a number this small."""


class TimeMachine(Protocol):
    """Moves the time of the simulated Discord on."""

    def wait(self, time: timedelta) -> None:
        """Let time go by."""
        ...


async def play_past(
    services: Services,
    guild: GuildHandle,
    channel: ChannelHandle,
    artists: Sequence[MemberActor],
    crowd: Sequence[MemberActor],
    time: TimeMachine,
) -> None:
    """Let the artists promote, and the crowd listen; it ends a day ago.

    A demo that goes on where another ended has had its past already.
    """
    first, second = artists
    if (await services.privacy.show(first.id)).promotions:
        return
    catalog = await services.catalog.get()
    for number, member in enumerate(crowd):
        taste = LISTENERS[number % len(LISTENERS)]
        for track_id, score in demo_ratings(catalog, taste)[:_RATED]:
            await services.feedback.rate(member.id, Subject(SubjectKind.TRACK, track_id), score)
        await services.auditions.join(member.id)
    await _promote(first, channel, artist=0, text="Our first single, recorded at night.")
    time.wait(timedelta(days=8))
    for number, member in enumerate(crowd):
        await _hear(services, guild, member, number)
    await _promote(second, channel, artist=1, text="Songs from a cabin without a stove.")
    time.wait(timedelta(days=7))
    for number, member in enumerate(crowd[:_HEARD_LATER]):
        await _hear(services, guild, member, len(crowd) + number)


async def _promote(member: MemberActor, channel: ChannelHandle, *, artist: int, text: str) -> None:
    """Register an invented artist, and promote their first song."""
    before = sum(len(titles) for _, _, titles in INVENTED[:artist])
    link = f"https://www.deezer.com/track/{FIRST_DEEZER_ID + before}"
    await member.slash(channel, "artist claim", name=INVENTED[artist][0])
    await member.slash(channel, "promote track", link=link, text=text)


async def _hear(services: Services, guild: GuildHandle, member: MemberActor, number: int) -> None:
    """Let somebody ask for picks, and judge the blind one among them."""
    found = await services.recommender.discover(member.id, Wish(count=5), guild_id=guild.id)
    if not isinstance(found, Discovery):
        return
    named = [card for card in found.picks if not card.blind]
    await services.recommender.posted(named, _FIRST_MESSAGE + 2 * number)
    for card in found.picks:
        if not card.blind:
            continue
        message_id = _FIRST_MESSAGE + 2 * number + 1
        await services.recommender.posted([card], message_id)
        await services.auditions.judge(
            member.id,
            card.recommendation_id,
            up=number % 3 != 1,
            source=FeedbackSource.BUTTON,
            message_id=message_id,
        )
