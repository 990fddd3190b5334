"""How often the database is asked for one answer: what is asked for often must be asked once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from bot.core.promotion import PromotionKind
from bot.core.ranking import Wish
from bot.store import promotions
from bot.store.engine import Database
from tests.cogs.conftest import World
from tests.cogs.test_discover import posts, rate_some

MOST = 9
_NO_QUESTIONS = ("BEGIN", "PRAGMA", "COMMIT")


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """Give the statements that are executed meanwhile."""
    found: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(_NO_QUESTIONS) and "advisory" not in statement:
            found.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.both
async def test_a_discover_takes_few_statements(world: World) -> None:
    await rate_some(world, world.ann)
    await world.ann.slash(world.channel, "discover", count=1)  # taste and exposure are known now

    with counting(world.database) as statements:
        await world.ann.slash(world.channel, "discover", count=3)

    assert len(posts(world)) == 2
    assert len(statements) <= MOST, "\n".join(" ".join(one.split())[:70] for one in statements)


@pytest.mark.both
async def test_a_discover_takes_few_statements_where_others_promote(world: World) -> None:
    await rate_some(world, world.ann)
    await rate_some(world, world.ben)
    async with world.database.write() as conn:
        one = await promotions.add(
            conn,
            world.ben.id,
            guild_id=world.guild.id,
            url="https://low.bandcamp.com",
            text="x",
            track_ids=[40],
            kind=PromotionKind.TRACK,
            now=world.clock.now(),
        )
        await promotions.set_posted(conn, one.id, 900, channel_id=world.channel.id)
    await world.ann.slash(world.channel, "discover", count=1)

    with counting(world.database) as statements:
        await world.ann.slash(world.channel, "discover", count=3)

    assert len(statements) <= MOST, "\n".join(" ".join(one.split())[:70] for one in statements)


async def test_more_picks_are_chosen_with_as_many_statements(world: World) -> None:
    await rate_some(world, world.ann)
    recommender, ann = world.bot().services.recommender, world.ann.id
    await world.ann.slash(world.channel, "discover", count=1)
    counts = []

    for count in (1, 5):
        with counting(world.database) as statements:
            wish = Wish(count=count)
            await recommender.discover(ann, wish, guild_id=world.guild.id)
        counts.append(len(statements))

    assert counts[0] == counts[1]
