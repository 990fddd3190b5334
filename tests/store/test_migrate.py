from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from bot.core.models import Subject, SubjectKind
from bot.core.promotion.promotion import PromotionKind
from bot.core.server.digest import Digest
from bot.core.server.rules import GuildSettings
from bot.errors import DatabaseError
from bot.store import (
    digests,
    feedback,
    guild_settings,
    jobs,
    listening,
    migrate,
    picks,
    promotions,
    restoring,
    state,
    tastes,
)
from bot.store.engine import Database
from bot.store.tastes import Position
from tests.conftest import NOON


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def table_names(database: Database) -> set[str]:
    async with database.read() as conn:
        names = await conn.run_sync(lambda c: inspect(c).get_table_names())
    return {name for name in names if name != "sqlite_sequence"}


def test_the_migrations_have_one_head() -> None:
    assert len(ScriptDirectory.from_config(migrate.alembic_config()).get_heads()) == 1


def test_a_migration_imports_nothing_of_the_bot() -> None:
    for script in ScriptDirectory.from_config(migrate.alembic_config()).walk_revisions():
        assert "bot." not in Path(script.path).read_text(encoding="utf-8")


async def test_the_migrations_make_just_the_schema_of_the_tables(database: Database) -> None:
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.check(migrate.alembic_config(c)))


async def test_the_migrations_can_be_taken_back_and_done_again(database: Database) -> None:
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.downgrade(migrate.alembic_config(c), "base"))
    assert await table_names(database) == {"alembic_version"}

    async with database.write() as conn:
        await conn.run_sync(lambda c: command.upgrade(migrate.alembic_config(c), "head"))
    assert {"feedback", "search_tracks"} <= await table_names(database)


async def test_an_empty_database_is_migrated_without_a_backup(tmp_path: Path) -> None:
    async with Database(url(tmp_path / "new.db")) as database:
        assert await migrate.upgrade(database, now=NOON) is None
        assert await migrate.current_revision(database) == migrate.head_revision()

    assert [file.name for file in tmp_path.iterdir()] == ["new.db"]  # noqa: ASYNC240


async def test_an_older_database_is_copied_before_it_is_migrated(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.write() as conn:
        await conn.execute(text("insert into app_state values ('a', 'b')"))
    current = migrate.head_revision()
    monkeypatch.setattr(migrate, "head_revision", lambda: "a newer one")

    copy = await migrate.upgrade(database, now=NOON)

    assert copy == database.named(f"before-{current}-20261120-120000")
    assert copy in list(tmp_path.iterdir())  # noqa: ASYNC240


async def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    async with database.write() as conn:
        await conn.execute(text("update alembic_version set version_num = '9999'"))

    with pytest.raises(DatabaseError, match="newer B-Side"):
        await migrate.upgrade(database, now=NOON)


async def test_a_backup_holds_what_the_database_held(database: Database, tmp_path: Path) -> None:
    async with database.write() as conn:
        await conn.execute(text("insert into app_state values ('a', 'b')"))

    copy = await migrate.backup(database, now=NOON)

    assert copy == database.named("backup-20261120-120000")
    assert copy.stat().st_mode & 0o077 == 0
    async with database.write() as conn:
        await conn.execute(text("update app_state set value = 'c'"))
    await database.engine.dispose()
    former = await restoring.restore(copy, database, now=NOON)
    assert former == database.named("former-20261120-120000")
    async with database.read() as conn:
        assert await state.get(conn, "a") == "b"
    with pytest.raises(DatabaseError, match="exists already"):
        await migrate.backup(database, copy, now=NOON)


async def test_promotions_and_pauses_of_before_outlive_the_claims(database: Database) -> None:
    scripts = ScriptDirectory.from_config(migrate.alembic_config()).walk_revisions()
    (before,) = (one.down_revision for one in scripts if "claims_and_moderation" in one.path)
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.downgrade(migrate.alembic_config(c), str(before)))
        for statement in (
            "insert into users values (1, '2026-01-01', false)",
            "insert into artists (id, name, key) values (1, 'Low', 'low')",
            "insert into tracks (id, title, artist_id, recording_key, version) "
            "values (1, 'A', 1, 'a', 1)",
            "insert into promotions (id, user_id, url, text, created_at) "
            "values (1, 1, 'https://low.bandcamp.com', 'hi', '2026-01-01')",
            "insert into promotion_tracks values (1, 1)",
            "insert into guild_settings (guild_id, artist_cooldown_hours, guild_cooldown_minutes) "
            "values (7, 5, 6)",
        ):
            await conn.execute(text(statement))

    async with database.write() as conn:
        await conn.run_sync(lambda c: command.upgrade(migrate.alembic_config(c), "head"))

    async with database.read() as conn:
        assert await promotions.track_ids(conn, 1) == [1]
        kept = await promotions.by_id(conn, 1)
        rules = await guild_settings.get(conn, 7)
    assert kept is not None
    assert (kept.kind, kept.claim_id, kept.removed_at) == (PromotionKind.PLAYLIST, None, None)
    assert rules == GuildSettings(
        artist_cooldown_hours=5, guild_cooldown_minutes=6, user_cooldown_hours=5
    )


@pytest.mark.sqlite
async def test_plays_of_before_outlive_the_whole_tastes_and_old_vectors_do_not(
    database: Database,
) -> None:
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.downgrade(migrate.alembic_config(c), "0013"))
        for statement in (
            "insert into users values (1, '2026-01-01', false)",
            "insert into taste values (1, x'00', 7, 1)",
            "insert into histories (id, user_id, kind) values (5, 1, 'lastfm')",
            "insert into recordings (id, key, song_id, title, artist) values (2, 'a', 3, 'A', 'B')",
            "insert into heard values (5, 2, 1, 10)",
            "insert into listens values (5, 2, 10)",
        ):
            await conn.execute(text(statement))

    async with database.write() as conn:
        await conn.run_sync(lambda c: command.upgrade(migrate.alembic_config(c), "head"))

    async with database.read() as conn:
        assert await tastes.read(conn, 1) is None
        assert await tastes.position(conn, 1) == Position(0, "0:")
        assert await listening.last_times(conn, 5, limit=9) == [10]


async def test_posts_of_before_show_one_pick_and_of_several_the_first_stays(
    database: Database,
) -> None:
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.downgrade(migrate.alembic_config(c), "0015"))
        await conn.execute(text("insert into posts values (5, 'track', 9, 7)"))
        await conn.run_sync(lambda c: command.upgrade(migrate.alembic_config(c), "head"))
        assert await picks.subjects_of(conn, 5) == (Subject(SubjectKind.TRACK, 9),)
        several = [Subject(SubjectKind.TRACK, number) for number in (3, 2, 1)]
        await picks.note_post(conn, 6, *several)
        assert await picks.subjects_of(conn, 6) == tuple(several)
        await conn.run_sync(lambda c: command.downgrade(migrate.alembic_config(c), "0015"))
        kept = (await conn.execute(text("select * from posts order by message_id"))).all()
        await conn.run_sync(lambda c: command.upgrade(migrate.alembic_config(c), "head"))

    assert [tuple(row) for row in kept] == [(5, "track", 9, 7), (6, "track", 3, None)]


@pytest.mark.sqlite
async def test_no_id_of_a_database_in_use_is_given_away_again(database: Database) -> None:
    post = (
        "insert into promotions (user_id, url, text, created_at) "
        "values (1, 'https://low.bandcamp.com', 'hi', '2026-01-01')"
    )
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.downgrade(migrate.alembic_config(c), "0014"))
        await conn.execute(text("insert into users values (1, '2026-01-01', false)"))
        await conn.execute(text(post))
        await conn.execute(text("delete from promotions"))
        await conn.run_sync(lambda c: command.upgrade(migrate.alembic_config(c), "head"))
        first = (await conn.execute(text(f"{post} returning id"))).scalar_one()
        await conn.execute(text("delete from promotions"))
        second = (await conn.execute(text(f"{post} returning id"))).scalar_one()

    assert (first, second) == (1_000_001, 1_000_002)


@pytest.mark.both
async def test_what_is_wrong_with_a_digest_names_the_command_of_now(database: Database) -> None:
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.downgrade(migrate.alembic_config(c), "0023"))
        await digests.put(conn, Digest(1, 2, 4, 17, 60, problem="Use `/digest on` again; so."))
        await conn.run_sync(lambda c: command.upgrade(migrate.alembic_config(c), "head"))

    async with database.read() as conn:
        kept = await digests.get(conn, 1)
    assert kept is not None
    assert kept.problem == "Use `/server digest on` again; so."


async def test_copies_from_before_a_migration_go_after_thirty_days_and_no_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "head_revision", lambda: "a newer one")
    copy = await migrate.upgrade(database, now=NOON)
    own = await migrate.backup(database, now=NOON)
    assert copy is not None

    early = migrate.remove_old_copies(database, now=NOON + timedelta(days=29))
    there = copy.exists()
    late = migrate.remove_old_copies(database, now=NOON + timedelta(days=30))

    assert (early, there) == (NOON + timedelta(days=30), True)
    assert (late, copy.exists(), own.exists()) == (None, False, True)
    async with database.read() as conn:
        planned = await jobs.planned_for(conn, migrate.OLD_COPIES, 0)
    assert planned == NOON + timedelta(days=30)


async def test_a_mute_that_a_later_rating_ended_stays_ended(database: Database) -> None:
    said = "insert into feedback (user_id, kind, subject, subject_id, value, source, created_at"
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.downgrade(migrate.alembic_config(c), "0023"))
        for statement in (
            "insert into users (id, created_at, profile_public) values (1, '2026-01-01', false)",
            f"{said}) values (1, 'mute', 'artist', 7, 0, 'button', '2026-01-01')",
            f"{said}) values (1, 'rating', 'artist', 7, 4, 'command', '2026-02-01')",
            f"{said}) values (1, 'rating', 'artist', 8, 4, 'command', '2026-02-01')",
            f"{said}) values (1, 'mute', 'artist', 8, 0, 'button', '2026-03-01')",
            f"{said}) values (1, 'mute', 'artist', 9, 0, 'button', '2026-03-01')",
            f"{said}) values (1, 'rating', 'artist', 9, 1, 'command', '2026-04-01')",
            f"{said}, cancels) values (1, 'cancel', 'artist', 9, null, 'command', '2026-04-02', 6)",
        ):
            await conn.execute(text(statement))

    async with database.write() as conn:
        await conn.run_sync(lambda c: command.upgrade(migrate.alembic_config(c), "head"))

    async with database.read() as conn:
        assert [one.subject.id for one in await feedback.mutes(conn, 1)] == [8, 9]
        assert [one.subject.id for one in await feedback.counting(conn, 1)] == [7, 8]


async def test_what_only_this_version_mutes_or_leaves_out_goes_when_it_is_taken_back(
    database: Database,
) -> None:
    said = "insert into feedback (id, user_id, kind, subject, subject_id, value, source, created_at"
    async with database.write() as conn:
        for statement in (
            "insert into users (id, created_at, profile_public) values (1, '2026-01-01', false)",
            f"{said}) values (1, 1, 'mute', 'artist', 7, 0, 'button', '2026-01-01')",
            f"{said}) values (2, 1, 'mute', 'artist', 8, 30, 'button', '2026-01-01')",
            f"{said}) values (3, 1, 'mute', 'sort', 1, 0, 'button', '2026-01-01')",
            f"{said}, cancels) values (4, 1, 'cancel', 'sort', 1, null, 'button', '2026-01-02', 3)",
            "insert into histories (id, user_id, kind) values (1, 1, 'spotify')",
            "insert into recordings (id, key, song_id, title, artist) "
            "values (1, 'a', 1, 'A', 'Low')",
            "insert into heard values (1, 1, 0, 0)",
            "insert into listens values (1, 1, 10), (1, 1, 20)",
            "insert into not_me (user_id, service, made_at) values (1, 'spotify', '2026-01-01')",
        ):
            await conn.execute(text(statement))
        await conn.run_sync(lambda c: command.downgrade(migrate.alembic_config(c), "0023"))

    async with database.read() as conn:
        ids = (await conn.execute(text("select id from feedback order by id"))).all()
        plays = (await conn.execute(text("select plays, last_played_at from heard"))).all()
    assert [tuple(row) for row in ids] == [(1,)]
    assert [tuple(row) for row in plays] == [(2, 20)]
    async with database.write() as conn:
        await conn.run_sync(lambda c: command.upgrade(migrate.alembic_config(c), "head"))
