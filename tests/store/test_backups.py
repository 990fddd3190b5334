"""Copies that are made by themselves: checked, private, and not too many."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot.errors import DatabaseError
from bot.store import backups, restoring, sqlite_files
from bot.store.backups import Keep
from bot.store.engine import Database
from tests.conftest import NOON

SECOND = timedelta(seconds=1)
MOMENTS = st.lists(
    st.integers(0, 364 * 86_400).map(lambda s: datetime(2026, 1, 1, tzinfo=UTC) + s * SECOND),
    max_size=60,
)


@given(MOMENTS, st.integers(0, 10), st.integers(0, 10))
def test_the_newest_of_each_day_and_week_stay_and_no_more(
    made: list[datetime], days: int, weeks: int
) -> None:
    stays = Keep(days, weeks).chosen(made)

    assert stays <= set(made)
    assert len(stays) <= max(1, days + weeks)
    assert not made or max(made) in stays
    longest = timedelta(days=max(days, 7 * weeks))
    assert all(max(made) - one <= longest for one in stays)
    dates = {one.date() for one in made if max(made) - one <= longest}
    for date in sorted(dates, reverse=True)[:days]:
        assert max(one for one in made if one.date() == date) in stays


def test_a_month_of_daily_copies_leaves_seven_days_and_the_weeks_before() -> None:
    made = [NOON - timedelta(days=back) for back in range(60)]

    stays = sorted(Keep().chosen(made), reverse=True)

    assert stays[:7] == made[:7]
    assert 8 <= len(stays) <= 11
    assert stays[-1] >= NOON - timedelta(days=28)


@pytest.mark.sqlite
async def test_a_copy_is_whole_private_and_can_be_put_back(database: Database) -> None:
    async with database.write() as conn:
        await conn.execute(text("insert into app_state values ('a', 'b')"))

    copy = await backups.make(database, Keep(), now=NOON)

    assert copy is not None
    assert copy.stat().st_mode & 0o077 == 0
    assert copy.parent.stat().st_mode & 0o077 == 0
    assert sqlite_files.examine_file(copy).problems == []
    assert list(backups.copies(database.beside)) == [NOON.replace(microsecond=0)]
    elsewhere = database.beside.with_name("other.db")
    restoring.restore_file(copy, elsewhere, now=NOON)
    with sqlite3.connect(elsewhere) as conn2:
        assert conn2.execute("select value from app_state where name = 'a'").fetchall() == [("b",)]


async def test_what_need_not_stay_is_removed_and_files_of_others_are_not(
    database: Database,
) -> None:
    folder = backups.folder_of(database.beside)
    for back in range(40, 0, -1):
        await backups.make(database, Keep(2, 1), now=NOON - timedelta(days=back))
    for name in ("notes.txt", "20269940-120000.db"):
        (folder / name).write_text("mine")

    await backups.make(database, Keep(2, 1), now=NOON)

    assert len(backups.copies(database.beside)) == 2
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "20269940-120000.db").exists()


@pytest.mark.sqlite
async def test_of_a_damaged_database_no_copy_is_kept_and_the_earlier_ones_stay(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await backups.make(database, Keep(), now=NOON)
    damaged = sqlite_files.Examined(["page 7 is lost"], None)
    monkeypatch.setattr(sqlite_files, "examine_file", lambda _file: damaged)

    with pytest.raises(DatabaseError, match="page 7 is lost"):
        await backups.make(database, Keep(0, 0), now=NOON + timedelta(days=1))

    assert list(backups.copies(database.beside).values()) == [first]


async def test_a_folder_that_cannot_be_written_is_told(database: Database) -> None:
    backups.folder_of(database.beside).write_text("a file is in the way")

    with pytest.raises(DatabaseError, match="cannot be written"):
        await backups.make(database, Keep(), now=NOON)
