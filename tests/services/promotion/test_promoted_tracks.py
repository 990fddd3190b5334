"""Uploads without the surface: what is asked of whom, in which order, and what is left."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.core.promotion.moderation import Action
from bot.errors import NotAllowedError, TooSoonError, UserError
from bot.services import Services, build_services
from bot.services.promotion.permission import Asker
from bot.services.promotion.promoted_tracks import PreparedTrack, Upload, Wishes
from bot.store import promotions
from bot.store.engine import Database
from bot.store.tables import promotion_audio, tracks
from bot.store.tables import promotions as promotion_rows
from tests.audio.files import file_of, noise
from tests.fakes import FakeClock

ANN, BEN, HERE = 1, 2, 100
CONTENT, OTHER = file_of(noise()), file_of(noise(seed=2))


class Fetched:
    """A file elsewhere that counts how often it is fetched."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.times = 0

    async def __call__(self) -> bytes:
        self.times += 1
        return self.content


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def services(database: Database, clock: FakeClock) -> Services:
    """The bot with an empty catalogue."""
    return build_services(database, clock)


async def upload(
    services: Services,
    fetch: Fetched | None = None,
    *,
    by: int = ANN,
    size: int = 1000,
    link: str | None = None,
    joins: bool = False,
) -> PreparedTrack:
    file = Upload("song.wav", size, fetch or Fetched(CONTENT))
    wishes = Wishes("Rain", link, joins=joins, promoter="ann")
    return await services.promoted_tracks.by_file(Asker(by, HERE), file, wishes, text="hi")


async def count(database: Database, table: object) -> int:
    async with database.read() as conn:
        return int(await conn.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


async def test_in_an_empty_catalogue_a_track_is_measured_and_near_to_nothing(
    services: Services,
) -> None:
    ready = await upload(services, joins=True)

    heard = ready.prepared.heard
    assert heard is not None
    assert (heard.levels, heard.near) == ((), ())
    assert heard.features.loudness is not None
    await services.promotions.posted(ready.prepared.promotion, 5, channel_id=6, heard=ready.joining)
    assert len(await services.catalog.get()) == 1


async def test_nothing_joins_the_catalogue_before_it_is_posted(
    services: Services, database: Database
) -> None:
    ready = await upload(services, joins=True)
    assert await count(database, tracks) == 0

    await services.promotions.abandon(ready.prepared.promotion)

    assert await count(database, promotion_rows) == await count(database, promotion_audio) == 0
    again = await upload(services, joins=True)
    assert again.prepared.promotion.title == "ann – Rain"


async def test_of_two_uploads_at_once_by_one_person_one_is_kept(
    services: Services, database: Database
) -> None:
    done = await asyncio.gather(
        upload(services), upload(services, Fetched(OTHER)), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in done) == ["PreparedTrack", "TooSoonError"]
    assert await count(database, promotion_rows) == 1


async def test_a_file_is_not_fetched_for_whom_nothing_is_promoted(
    services: Services, clock: FakeClock
) -> None:
    fetch = Fetched(CONTENT)
    claim = await services.artists.claim(ANN, guild_id=HERE, name="Low")
    await services.moderation.change_claim(9, guild_id=HERE, name=claim.name, action=Action.MUTED)
    with pytest.raises(NotAllowedError, match="muted"):
        await upload(services, fetch)
    await services.moderation.change_claim(9, guild_id=HERE, name=claim.name, action=Action.UNMUTED)

    with pytest.raises(UserError, match="larger than 25 MB"):
        await upload(services, fetch, size=26_000_000)
    ready = await upload(services)
    await services.promotions.posted(ready.prepared.promotion, 5, channel_id=6)
    clock.move(hours=1)
    with pytest.raises(TooSoonError):
        await upload(services, fetch)

    assert fetch.times == 0


async def test_a_file_may_have_a_link_which_comes_again_after_30_days_only(
    services: Services, clock: FakeClock
) -> None:
    link = "https://low.bandcamp.com/track/rain"
    ready = await upload(services, link=link)
    await services.promotions.posted(ready.prepared.promotion, 5, channel_id=6)
    clock.move(days=2)

    assert ready.prepared.promotion.url == link
    with pytest.raises(TooSoonError, match="This link was promoted"):
        await upload(services, Fetched(OTHER), by=BEN, link=link)
    await upload(services, Fetched(OTHER), by=BEN)


async def test_a_name_that_moderators_banned_comes_in_by_no_tag(services: Services) -> None:
    await services.moderation.ban(9, guild_id=HERE, name="ann")

    with pytest.raises(NotAllowedError, match="This name is banned"):
        await upload(services)


async def test_the_promotions_of_an_upload_that_joined_are_those_of_its_track(
    services: Services, database: Database
) -> None:
    ready = await upload(services, joins=True)
    await services.promotions.posted(ready.prepared.promotion, 5, channel_id=6, heard=ready.joining)

    async with database.read() as conn:
        (track_id,) = await promotions.track_ids(conn, ready.prepared.promotion.id)
    catalog = await services.catalog.get()
    assert catalog.row_of(track_id) is not None
