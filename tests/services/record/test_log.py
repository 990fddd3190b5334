import asyncio
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from bot.core.record import OPEN, PARTS, PRIVATE, Head, number_of
from bot.errors import RecordError
from bot.services.record import RecordLog, check
from bot.store import record
from bot.store.engine import Database
from bot.store.tables import record_nodes, record_openings
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.services.record.samples import ANN, BEN, fact, forget, seal
from tests.templates import put_database


def log_of(database: Database) -> RecordLog:
    return RecordLog(database, FakeClock())


async def test_what_is_sealed_is_taken_in_in_order_and_can_be_proved(database: Database) -> None:
    log = log_of(database)
    await seal(database, range(3))
    first, at = await log.head()
    await seal(database, range(3, 11))
    second, _ = await log.head()

    proofs = [await log.prove(position) for position in range(11)]
    earlier = await log.prove(1, at=first, shown=[OPEN])

    assert (first.size, second.size, at) == (3, 11, NOON)
    for position, proof in enumerate(proofs):
        proof.check()
        assert proof.head == second
        assert proof.leaf.part(PRIVATE).content()["track"] == position
    earlier.check()
    assert earlier.head == first
    assert [name for name in PARTS if earlier.leaf.part(name).text is not None] == [OPEN]
    (await log.consistency(first)).check()


async def test_a_log_with_nothing_in_it_has_a_head(database: Database) -> None:
    log = log_of(database)
    head, _ = await log.head()

    assert head.size == 0
    assert (await check(database, [head])).head == head
    with pytest.raises(RecordError, match="has 0 leaves"):
        await log.prove(0)


async def test_what_is_not_committed_is_in_no_log(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as conn:
            await record.add(conn, [fact(1)], now=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    head, _ = await log_of(database).head()
    assert head.size == 0


async def test_several_who_write_and_take_in_at_once_leave_no_gap(
    address: str, tmp_path: Path
) -> None:
    async def write(database: Database, start: int) -> None:
        log = log_of(database)
        for number in range(start, start + 20):
            await seal(database, [number])
            if number % 3 == 0:
                await log.catch_up()

    async with (
        Database(address, folder=tmp_path) as one,
        Database(address, folder=tmp_path) as two,
        Database(address, folder=tmp_path) as three,
    ):
        await asyncio.gather(write(one, 0), write(two, 100), write(three, 200))
        head, _ = await log_of(one).head()
        async with one.read() as conn:
            places = list(await conn.scalars(select(record_openings.c.position)))

        assert sorted(places) == list(range(60))
        assert (await check(two)).head == head


async def test_who_is_forgotten_leaves_hashes_and_nothing_that_opens_them(
    database: Database,
) -> None:
    log = log_of(database)
    await seal(database, range(4))
    await seal(database, range(4, 6), BEN)
    before, _ = await log.head()
    await seal(database, [6])  # waits yet

    await forget(database, ANN)

    after, _ = await log.head()
    assert after == before
    checked = await check(database, [before])
    assert (checked.head, checked.opened) == (before, 2)
    (await log.prove(5)).check()
    with pytest.raises(RecordError, match="Leaf 0 is forgotten"):
        await log.prove(0)


async def test_a_decision_is_forgotten_with_whom_it_was_about(database: Database) -> None:
    async with database.write() as conn:
        one = record.Fact("moderation", ANN, {}, about_id=BEN)
        await record.add(conn, [one], now=NOON)
    await log_of(database).catch_up()

    await forget(database, BEN)

    assert (await check(database)).opened == 0


steps = st.lists(
    st.one_of(
        st.tuples(st.just("seal"), st.integers(1, 5), st.integers(1, 4)),
        st.tuples(st.just("forget"), st.integers(1, 5), st.just(0)),
        st.tuples(st.just("take in"), st.just(0), st.just(0)),
    ),
    max_size=25,
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("record")
    put_database(folder / "empty.db")
    return folder


@pytest.mark.sqlite
@settings(max_examples=25)
@given(steps)
def test_after_any_sequence_of_facts_and_deletions_the_log_verifies(
    empty: Path, taken: list[tuple[str, int, int]]
) -> None:
    shutil.copy(empty / "empty.db", empty / "tried.db")

    async def go() -> None:
        number, heads, known = 0, list[Head](), dict[int, int]()
        async with Database(f"sqlite+aiosqlite:///{empty / 'tried.db'}") as database:
            log = log_of(database)
            for what, user_id, count in taken:
                if what == "seal":
                    await seal(database, range(number, number + count), user_id)
                    known[user_id] = known.get(user_id, 0) + count
                    number += count
                elif what == "forget":
                    await forget(database, user_id)
                    known.pop(user_id, None)
                else:
                    heads.append((await log.head())[0])
            last, _ = await log.head()
            checked = await check(database, heads)
            assert checked.head == last
            assert checked.opened == sum(known.values())
            for head in heads:
                (await log.consistency(head)).check()

    asyncio.run(go())
    for ending in ("", "-wal", "-shm"):
        (empty / f"tried.db{ending}").unlink(missing_ok=True)


async def turn_a_bit(database: Database, number: int) -> None:
    async with database.write() as conn:
        own = record_nodes.c.number == number
        value = await conn.scalar(select(record_nodes.c.hash).where(own))
        assert value is not None
        changed = bytes([value[0] ^ 1]) + value[1:]
        await conn.execute(update(record_nodes).where(own).values(hash=changed))


@pytest.mark.parametrize("position", [0, 3, 8])
async def test_a_bit_turned_in_the_hash_of_a_leaf_is_told_with_its_place(
    database: Database, position: int
) -> None:
    await seal(database, range(9))
    await log_of(database).catch_up()

    await turn_a_bit(database, number_of(0, position))

    with pytest.raises(RecordError, match=f"Leaf {position}, a pick, was changed after"):
        await check(database)


async def test_a_bit_turned_above_the_leaves_is_told_with_what_it_stands_over(
    database: Database,
) -> None:
    await seal(database, range(9))
    await log_of(database).catch_up()

    await turn_a_bit(database, number_of(2, 1))

    with pytest.raises(RecordError, match="The hash over leaves 4 to 7 does not follow"):
        await check(database)


async def test_a_bit_turned_in_a_forgotten_leaf_is_found_by_what_stands_over_it(
    database: Database,
) -> None:
    await seal(database, range(9))
    await log_of(database).catch_up()
    await forget(database, ANN)

    await turn_a_bit(database, number_of(0, 5))

    with pytest.raises(RecordError, match="The hash over leaves 4 to 5 does not follow"):
        await check(database)


@pytest.mark.parametrize("column", ["private", "open", "promotion"])
async def test_a_text_changed_after_it_was_sealed_is_told_with_its_place(
    database: Database, column: str
) -> None:
    await seal(database, range(9))
    await log_of(database).catch_up()
    async with database.write() as conn:
        own = record_openings.c.position == 6
        text = await conn.scalar(select(record_openings.c[column]).where(own))
        values = {column: f"{text} "}
        await conn.execute(update(record_openings).where(own).values(values))

    with pytest.raises(RecordError, match="Leaf 6, a pick, was changed after it was sealed"):
        await check(database)


async def test_a_log_that_was_rewritten_as_a_whole_is_found_by_an_earlier_head(
    database: Database,
) -> None:
    log = log_of(database)
    await seal(database, range(5))
    head, _ = await log.head()
    async with database.write() as conn:
        await conn.execute(record_nodes.delete())
        await conn.execute(record_openings.delete())
    await seal(database, range(9))
    await log.catch_up()

    assert (await check(database)).head.size == 9
    with pytest.raises(RecordError, match="does not begin with"):
        await check(database, [head])
    with pytest.raises(RecordError, match="it was rewritten"):
        await log.consistency(head)
    with pytest.raises(RecordError, match="never had the head"):
        await log.prove(1, at=head)
    with pytest.raises(RecordError, match="leaves were removed"):
        await log.consistency(Head(99, head.root))


async def test_leaves_cut_off_at_the_end_are_found(database: Database) -> None:
    log = log_of(database)
    await seal(database, range(8))
    await log.catch_up()
    async with database.write() as conn:
        last = select(func.max(record_nodes.c.number)).scalar_subquery()
        await conn.execute(record_nodes.delete().where(record_nodes.c.number == last))

    with pytest.raises(RecordError, match="leaves were removed"):
        await check(database)
