"""`/privacy export` and the way back by `/import`."""

import csv
import io
import json
import zipfile

import pytest
from simcord.actors import MemberActor
from sqlalchemy import insert, select

from bot.core.catalog import Sort
from bot.core.models import Subject, SubjectKind, Track
from bot.services.upkeep.exporting import NOTHING
from bot.store import catalog, cluster_names, feedback, listeners, personal, playlists
from bot.store.tables import (
    auditions,
    digest_members,
    digests,
    linked_accounts,
    moderation_log,
    recommendations,
)
from tests.cogs.conftest import World
from tests.cogs.test_listening import export as spotify_export
from tests.cogs.test_listening import import_file
from tests.exports.samples import zipped


async def said_much(world: World) -> None:
    """Let Ann say, play and make a lot; Ben has a part in none of it."""
    ann = world.ann
    for number in (1, 2, 3):
        await ann.slash(world.channel, "rate track", track=f"track:{number}", score=number + 2)
    await ann.slash(world.channel, "rate track", track="track:4", score=1)
    await ann.slash(world.channel, "undo")
    await ann.slash(world.channel, "privacy profile", visible=True)
    await ann.slash(world.channel, "audition join")
    await ann.slash(world.channel, "digest me", how_often="weekly")
    await ann.slash(world.channel, "discover", count=3)
    bot = world.bot()
    await bot.services.muting.mute(ann.id, Subject(SubjectKind.ARTIST, 9))
    await bot.services.muting.want(ann.id, Sort.LIVE, wanted=False)
    await import_file(world, await spotify_export(world))
    await ann.slash(world.channel, "mute history", account="spotify", to="2019")
    await ann.slash(world.channel, "playlist")
    async with world.database.write() as conn:
        await conn.execute(
            insert(linked_accounts).values(
                user_id=ann.id, service="lastfm", name="ann_fm", basis="top",
                secret=b"very secret", linked_at=world.clock.now(),
            )
        )  # fmt: skip
        await conn.execute(
            insert(moderation_log).values(
                guild_id=world.guild.id, moderator_id=world.ben.id, user_id=ann.id, action="ban",
                subject=f"<@{ann.id}>, reported by <@{world.ben.id}>", note="a note",
                at=world.clock.now(),
            )
        )  # fmt: skip
        await conn.execute(
            insert(digests).values(
                guild_id=world.guild.id, channel_id=1, weekday=0, hour=1, obscurity=1, active=True
            )
        )
        await conn.execute(insert(digest_members).values(guild_id=world.guild.id, user_id=ann.id))


async def exported(world: World, actor: MemberActor) -> bytes:
    result = await actor.slash(world.channel, "privacy export")
    assert result.ephemeral
    assert result.response is not None
    (attachment,) = result.response.attachments
    return await attachment.read()


def sheet(content: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = []
        for one in archive.namelist():
            if one.startswith(f"{name}-0"):
                rows += list(csv.DictReader(io.StringIO(archive.read(one).decode())))
        return rows


@pytest.mark.both
async def test_an_export_holds_what_privacy_show_counts_and_nothing_of_others(world: World) -> None:
    await said_much(world)
    await world.ben.slash(world.channel, "rate track", track="track:1", score=1)

    content = await exported(world, world.ann)

    counts = await world.bot().services.privacy.show(world.ann.id)
    for one in personal.SHEETS:
        if one.counted_as is not None:
            assert len(sheet(content, one.name)) == getattr(counts, one.counted_as), one.name
    assert min(counts.plays, counts.feedback, counts.recommendations, counts.digests) > 0
    assert counts.own_digests == 1
    assert len({row["playlist"] for row in sheet(content, "playlists")}) == counts.playlists
    assert len(sheet(content, "accounts")) == len(counts.accounts) == 1
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = b"\n".join(archive.read(name) for name in archive.namelist()).decode()
        manifest = json.loads(archive.read("b-side.json"))
    assert str(world.ben.id) not in everything
    assert "very secret" not in everything
    assert "dmVyeSBzZWNyZXQ" not in everything
    assert manifest["user_id"] == str(world.ann.id)


@pytest.mark.both
async def test_an_import_of_an_export_brings_all_back_and_a_second_one_doubles_nothing(
    world: World,
) -> None:
    await said_much(world)
    async with world.database.read() as conn:
        before = await feedback.counting(conn, world.ann.id)
        lists = await playlists.titles_of(conn, world.ann.id)
    plays = (await world.bot().services.privacy.show(world.ann.id)).plays
    content = await exported(world, world.ann)
    await world.bot().services.privacy.delete(world.ann.id)
    await world.restart()

    first = await import_file(world, content, "b-side.zip")
    once = await world.bot().services.privacy.show(world.ann.id)
    second = await import_file(world, content, "b-side.zip")
    twice = await world.bot().services.privacy.show(world.ann.id)

    assert "Imported" in first
    assert "Nothing new" in second
    assert (once.plays, once.hears_auditions, once.profile_public) == (plays, True, True)
    assert once.own_digests == 0, "nobody is written to who did not ask for it here"
    assert (once.feedback, once.plays, once.playlists) == (
        twice.feedback, twice.plays, twice.playlists,
    )  # fmt: skip
    async with world.database.read() as conn:
        after = await feedback.counting(conn, world.ann.id)
        assert await playlists.titles_of(conn, world.ann.id) == lists
    shape = [(one.kind, one.subject, one.value, int(one.created_at.timestamp())) for one in before]
    assert shape == [
        (one.kind, one.subject, one.value, int(one.created_at.timestamp())) for one in after
    ]


async def test_an_import_changes_nothing_that_was_said_since(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    content = await exported(world, world.ann)
    await world.ann.slash(world.channel, "rate track", track="track:1", score=2)
    await world.ann.slash(world.channel, "privacy profile", visible=True)

    told = await import_file(world, content, "b-side.zip")

    assert "all of it was here already" in told
    async with world.database.read() as conn:
        subject = Subject(SubjectKind.TRACK, 1)
        entry = await feedback.counting_about(conn, world.ann.id, subject)
        assert entry is not None
        assert entry.value == 2
        assert await listeners.profile_is_public(conn, world.ann.id)


async def test_somebody_elses_export_is_refused_in_a_sentence(world: World) -> None:
    await world.ben.slash(world.channel, "rate track", track="track:1", score=5)
    content = await exported(world, world.ben)

    told = await import_file(world, content, "b-side.zip")

    assert "This export is somebody else's, so I read nothing of it" in told
    async with world.database.read() as conn:
        assert not await listeners.is_known(conn, world.ann.id)


def own_zip(world: World, *, version: object = 1, **files: bytes) -> bytes:
    manifest = {
        "format": "b-side",
        "version": version,
        "user_id": str(world.ann.id),
        "settings": {"profile_public": False, "listens_on": None, "hears_auditions": False},
    }
    named = {name.replace("_", "-") + ".csv": content for name, content in files.items()}
    return zipped({"b-side.json": json.dumps(manifest).encode(), **named})


SAID = b"kind,subject,title,artist,spotify,isrc,mbid,value,created_at,counts\n"


async def test_a_bad_export_is_one_sentence(world: World) -> None:
    at = b"2026-01-01T00:00:00+00:00,1\n"
    rows = SAID + b"rating,track,Nobody,Knows,,,,5," + at + b"rating,track,A,B,,,,99," + at
    damaged = own_zip(world, said_001=SAID)
    bomb = own_zip(world, said_001=SAID + b"0" * (200 << 20))

    newer = await import_file(world, own_zip(world, version=2), "b-side.zip")
    unknown = await import_file(world, own_zip(world, said_001=rows), "b-side.zip")
    cut = await import_file(world, damaged[: len(damaged) // 2], "b-side.zip")
    huge = await import_file(world, bomb, "b-side.zip")
    strange = await import_file(world, zipped({"b-side.json": b"[1]"}), "b-side.zip")

    assert "Another version of me made this export" in newer
    assert "Not in my catalogue: 1 entry." in unknown
    assert "not readable: 1" in unknown
    assert "cut off or damaged" in cut
    assert "unpacks to far more" in huge or "cut off or damaged" in huge
    assert "cut off or damaged" in strange


async def test_nothing_kept_is_a_sentence_and_too_many_exports_are_refused(world: World) -> None:
    found = [await world.ben.slash(world.channel, "privacy export") for _ in range(3)]

    assert found[0].response is not None
    assert NOTHING in found[0].response.content
    assert found[2].response is not None
    assert "That was quick!" in found[2].response.content


async def test_a_large_export_comes_in_parts_that_are_imported_one_by_one(world: World) -> None:
    await said_much(world)
    exports = world.bot().services.personal_exports
    before = await world.bot().services.privacy.show(world.ann.id)

    async with exports.of(world.ann.id, limit=70_000) as paths:
        sizes = [path.stat().st_size for path in paths]
        parts = [path.read_bytes() for path in paths]

    assert len(parts) > 1
    assert max(sizes) <= 70_000
    assert not any(path.exists() for path in paths)
    await world.bot().services.privacy.delete(world.ann.id)
    for part in reversed(parts):
        await import_file(world, part, "b-side.zip")
    after = await world.bot().services.privacy.show(world.ann.id)
    assert (after.plays, after.playlists) == (before.plays, before.playlists)


PARTS = b"name,title,artist,spotify,isrc,mbid\n"


async def test_names_on_a_map_come_back_and_those_given_since_stay(world: World) -> None:
    one, two, _ = await first_tracks(world)
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    async with world.database.write() as conn:
        await cluster_names.put(conn, world.ann.id, one.id, "porch", instead=())
        await cluster_names.put(conn, world.ann.id, two.id, "attic", instead=())
    content = await exported(world, world.ann)
    async with world.database.write() as conn:
        await cluster_names.put(conn, world.ann.id, one.id, "", instead=())
        await cluster_names.put(conn, world.ann.id, two.id, "cellar", instead=())

    told = await import_file(world, content, "b-side.zip")

    assert "2 names on your map" in told
    async with world.database.read() as conn:
        assert await cluster_names.of_user(conn, world.ann.id) == {1: "porch", 2: "cellar"}


async def test_what_can_be_no_name_on_a_map_is_left_out_and_told(world: World) -> None:
    one, two, three = await first_tracks(world)
    rows = [
        ["\u200b", one.title, one.artist, "", "", ""],
        ["x" * 41, two.title, two.artist, "", "", ""],
        ["mine", three.title, three.artist, "", "", ""],
        ["mine", "Nobody Xq", "Nothing Zq", "", "", ""],
    ]
    line = io.StringIO()
    csv.writer(line).writerows(rows)

    told = await import_file(
        world, own_zip(world, parts_001=PARTS + line.getvalue().encode()), "b-side.zip"
    )

    assert "not readable: 2" in told
    async with world.database.read() as conn:
        assert await cluster_names.of_user(conn, world.ann.id) == {3: "mine"}


async def test_what_waits_to_be_heard_blind_has_no_name_in_an_export(world: World) -> None:
    await world.ann.slash(world.channel, "rate track", track="track:1", score=5)
    await world.ann.slash(world.channel, "discover", count=1)
    async with world.database.write() as conn:
        number = await conn.scalar(select(recommendations.c.id))
        await conn.execute(
            insert(auditions).values(
                recommendation_id=number, user_id=world.ann.id, guild_id=1, expected=0.5
            )
        )

    content = await exported(world, world.ann)

    (pick,) = sheet(content, "picks")
    assert (pick["title"], pick["artist"], pick["explanation"]) == ("", "", "")
    assert pick["shown_at"]


AT = "2026-01-01T00:00:00+00:00"


def said_row(kind: str, subject: str, title: str, artist: str, value: float, at: str = AT) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow([kind, subject, title, artist, "", "", "", value, at, 1])
    return line.getvalue().encode()


async def first_tracks(world: World) -> list[Track]:
    async with world.database.read() as conn:
        return await catalog.tracks_by_ids(conn, [1, 2, 3])


async def test_what_nobody_can_say_here_is_left_out_and_told(world: World) -> None:
    track, other, good = await first_tracks(world)
    names = (track.title, track.artist)
    rows = [
        said_row("mute", "album", *names, 0),
        said_row("rating", "cluster", *names, 5),
        said_row("turn", "track", *names, 2),
        said_row("seed", "track", *names, 1),
        said_row("thumb", "artist", track.artist, "", -1),
        said_row("rating", "nothing", *names, 5),
        said_row("rating", "track", other.title, other.artist, 5, "2100-01-01T00:00:00+00:00"),
        b"rating,track\n",
        said_row("rating", "track", f"{good.title}\0 ", good.artist, 4),
    ]

    told = await import_file(world, own_zip(world, said_001=SAID + b"".join(rows)), "b-side.zip")

    assert "not readable: 8" in told
    assert "counts for your taste" in told
    assert "played" not in told
    async with world.database.read() as conn:
        (entry,) = await feedback.counting(conn, world.ann.id)
    assert (entry.subject, entry.value) == (Subject(SubjectKind.TRACK, good.id), 4)


async def test_a_bad_row_of_plays_or_of_a_playlist_spoils_no_other(world: World) -> None:
    track, *_ = await first_tracks(world)
    heard = io.StringIO()
    plays = csv.writer(heard)
    plays.writerow(["history", "title", "artist", "namespace", "known_as", "played_at_s"])
    for at in (10**30, -5, 1_700_000_000):
        plays.writerow(["spotify", track.title, track.artist, "", "", at])
    made = io.StringIO()
    lists = csv.writer(made)
    lists.writerow(
        ["playlist", "name", "description", "public", "created_at", "title", "artist", "spotify",
         "isrc", "mbid", "own"]
    )  # fmt: skip
    for number, name in ((1, ""), (10**30, "Huge"), (2, "Good")):
        lists.writerow([number, name, "", 0, AT, track.title, track.artist, "", "", "", 0])
    content = own_zip(
        world, plays_001=heard.getvalue().encode(), playlists_001=made.getvalue().encode()
    )

    told = await import_file(world, content, "b-side.zip")

    assert "not readable: 4" in told
    kept = await world.bot().services.privacy.show(world.ann.id)
    assert (kept.plays, kept.playlists) == (1, 1)


async def test_two_exports_in_one_zip_are_both_read(world: World) -> None:
    one, other, *_ = await first_tracks(world)
    manifest = zipfile.ZipFile(io.BytesIO(own_zip(world))).read("b-side.json")
    files = {
        f"{folder}/{name}": content
        for folder, track in (("2025", one), ("2026", other))
        for name, content in (
            ("b-side.json", manifest),
            ("said-001.csv", SAID + said_row("rating", "track", track.title, track.artist, 5)),
        )
    }

    await import_file(world, zipped(files), "both.zip")

    async with world.database.read() as conn:
        found = {entry.subject.id for entry in await feedback.counting(conn, world.ann.id)}
    assert found == {one.id, other.id}


async def test_of_two_exports_in_one_zip_none_may_be_somebody_elses(world: World) -> None:
    await world.ben.slash(world.channel, "rate track", track="track:1", score=5)
    files = {"ann.zip": own_zip(world), "ben.zip": await exported(world, world.ben)}

    told = await import_file(world, zipped(files), "both.zip")

    assert "This export is somebody else's" in told
    async with world.database.read() as conn:
        assert await feedback.counting(conn, world.ann.id) == []


async def test_artists_that_were_chosen_at_the_start_are_so_again(world: World) -> None:
    await world.bot().services.feedback.choose_artists(world.ann.id, [1])
    content = await exported(world, world.ann)
    await world.bot().services.privacy.delete(world.ann.id)

    await import_file(world, content, "b-side.zip")
    result = await world.ann.slash(world.channel, "start")

    assert result.response is not None
    assert "noted" in (result.response.embeds[0].description or "")
