"""What is deleted is gone from the disk, while the bot runs."""

from pathlib import Path

from sqlalchemy import text

from bot.store.engine import Database
from tests.cogs.conftest import World
from tests.cogs.test_artist import PAGE, another, artist, posts, promote
from tests.cogs.test_departures import forget
from tests.cogs.test_discover import rate_some

WORDS = ("Zwischenraumgesang", "Quarzlampenlied", "Vexierbandname")


def traces(database: Database, user_id: int) -> dict[str, int]:
    """Count what is left of somebody in the files of the database: their id, and their words."""
    assert database.file is not None
    found = {}
    for ending in ("", "-wal", "-shm"):
        file = Path(f"{database.file}{ending}")
        content = file.read_bytes() if file.exists() else b""
        needles = (user_id.to_bytes(8, "big"), str(user_id).encode(), *(w.encode() for w in WORDS))
        lowered = content.lower()
        found[ending] = sum(
            content.count(needle) + (needle.isalpha() and lowered.count(needle.lower()))
            for needle in needles
        )
    return found


async def leave_traces(world: World) -> None:
    """Let Ann use all that keeps something of her, beside somebody else who stays."""
    await artist(world, world.ann, "claim", name=WORDS[2], page=PAGE)
    await rate_some(world, world.ann, count=40)
    await rate_some(world, world.ben, count=40)
    await world.ann.slash(world.channel, "discover", count=5)
    await world.ben.slash(world.channel, "discover", count=5)
    await world.ann.slash(world.channel, "playlist")
    await world.ann.slash(world.channel, "audition join")
    await promote(world, world.ann, text=f"{WORDS[0]} {WORDS[1]}")
    for post in posts(world.channel)[-3:]:
        await world.ann.react(post, "👍")
        await world.ben.react(post, "👍")
    await another(world).slash(world.channel, "privacy profile", visible=True)


async def test_after_a_deletion_no_byte_of_the_person_is_left_in_the_files(world: World) -> None:
    await leave_traces(world)
    before = traces(world.database, world.ann.id)

    await forget(world, world.ann)
    await world.bot().services.jobs.run_due()

    assert before[""] + before["-wal"] > 100
    assert traces(world.database, world.ann.id) == {"": 0, "-wal": 0, "-shm": 0}
    assert traces(world.database, world.ben.id)[""] > 50


async def test_the_log_is_emptied_later_when_somebody_reads_during_the_deletion(
    world: World,
) -> None:
    await leave_traces(world)
    async with world.database.read() as conn:
        await conn.execute(text("select count(*) from feedback"))
        await forget(world, world.ann)
        assert traces(world.database, world.ann.id)["-wal"] > 0
        await world.bot().services.jobs.run_due()

    world.clock.move(minutes=2)
    await world.bot().services.jobs.run_due()

    assert traces(world.database, world.ann.id) == {"": 0, "-wal": 0, "-shm": 0}
