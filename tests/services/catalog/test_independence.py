"""Who released a track: what services say comes in, is kept by source, and goes again."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.core.catalog import Independence
from bot.core.models import ExternalId, ReleasedBy
from bot.services.catalog import CatalogImporter, LiveCatalog, admit
from bot.sources.values import SourceTrack
from bot.store import catalog_sources, track_labels
from bot.store.engine import Database
from tests.services.catalog.importing import samples

TODAY = date(2026, 11, 30)
OWN = ReleasedBy("musicbrainz", independent=True)
SUB_POP = ReleasedBy("musicbrainz", independent=False, label="Sub Pop")
UPLOADED = ReleasedBy("audius", independent=True)
ON_DISCOGS = ReleasedBy("discogs", independent=False)


def song(title: str, told: ReleasedBy | None, *ids: tuple[str, str]) -> SourceTrack:
    named = tuple(ExternalId(*one) for one in ids)
    return SourceTrack(title, "Ann", named, released_by=told)


async def take_in(database: Database, *songs: SourceTrack) -> list[int]:
    async with database.write() as conn:
        return await admit(conn, songs, on=TODAY)


async def told(database: Database, track_id: int) -> tuple[ReleasedBy, ...]:
    async with database.read() as conn:
        return await track_labels.of_track(conn, track_id)


async def state(live: LiveCatalog, track_id: int) -> Independence:
    catalog = await live.get()
    row = catalog.row_of(track_id)
    assert row is not None
    return Independence(int(catalog.independence[row]))


@pytest.mark.both
async def test_what_is_told_is_in_the_catalog_after_the_next_start_too(database: Database) -> None:
    songs = [song("Own", OWN), song("Signed", SUB_POP), song("Unknown", None)]
    ids = await take_in(database, *songs)
    expected = [Independence.INDEPENDENT, Independence.ON_LABEL, Independence.UNKNOWN]

    built = await LiveCatalog(database).get()
    mapped = await LiveCatalog(database).get()

    assert built.track_ids.tolist() == ids
    assert built.independence.tolist() == mapped.independence.tolist() == expected
    assert isinstance(mapped.independence.base, np.memmap)
    assert mapped.independence.dtype == np.uint8
    assert [await told(database, one) for one in ids] == [(OWN,), (SUB_POP,), ()]


@pytest.mark.both
async def test_a_running_catalog_learns_of_a_label_and_then_keeps_it(database: Database) -> None:
    live = LiveCatalog(database)
    (track_id, _) = await take_in(database, song("Song", OWN), song("Other", None))
    assert await state(live, track_id) is Independence.INDEPENDENT

    await take_in(database, song("Song", ON_DISCOGS))
    assert await state(live, track_id) is Independence.ON_LABEL
    await take_in(database, song("Song", SUB_POP))
    version = (await live.get()).version
    await take_in(database, song("Song", OWN))
    await take_in(database, song("Song", SUB_POP))

    assert await told(database, track_id) == (ON_DISCOGS, SUB_POP)
    assert await state(live, track_id) is Independence.ON_LABEL
    assert (await live.get()).version == version


async def test_of_two_that_are_one_track_the_label_counts(database: Database) -> None:
    first, second = await take_in(database, song("Song", OWN), song("Song", SUB_POP))

    assert first == second
    assert await told(database, first) == (SUB_POP,)


async def test_an_upload_says_nothing_of_a_song_that_others_named_before(
    database: Database,
) -> None:
    upload = ("audius_id", "D7KyD")
    (known,) = await take_in(database, song("Creep", None, ("deezer", "7")))

    assert await take_in(database, song("Creep", UPLOADED, upload)) == [known]

    assert await told(database, known) == ()


async def test_an_upload_that_brought_a_track_here_says_who_released_it(
    database: Database,
) -> None:
    upload = ("audius_id", "D7KyD")
    (new,) = await take_in(database, song("Own", UPLOADED, upload))
    (before,) = await take_in(database, song("Earlier", None, ("audius_id", "x")))

    await take_in(database, song("Earlier", UPLOADED, ("audius_id", "x")))

    assert await told(database, new) == (UPLOADED,)
    assert await told(database, before) == (UPLOADED,)


async def test_what_a_source_told_is_counted_and_can_be_forgotten(database: Database) -> None:
    live = LiveCatalog(database)
    (track_id,) = await take_in(database, song("Song", OWN))
    await take_in(database, song("Song", ON_DISCOGS))
    assert await state(live, track_id) is Independence.ON_LABEL
    async with database.read() as conn:
        counts = {one.name: one.labels for one in await catalog_sources.sources(conn)}
    assert counts == {"musicbrainz": 1, "discogs": 1}

    async with database.write() as conn:
        done = await catalog_sources.forget(conn, "discogs")

    assert (done.labels, done.is_something) == (1, True)
    assert await told(database, track_id) == (OWN,)
    assert await state(live, track_id) is Independence.INDEPENDENT


async def test_the_free_music_archive_tells_only_who_says_to_have_no_label(
    database: Database, tmp_path: Path
) -> None:
    rows = "1,A,Ann,5,Self-Released\n2,B,Ben,5,Kranky\n3,C,Cleo,5,\n"
    header = "track_id,track title,artist name,track listens,artist associated_labels\n"
    table = samples.write(tmp_path, "tracks.csv", header.replace(" ", "_") + rows)

    await CatalogImporter(database).import_file(table)

    fma = ReleasedBy("fma", independent=True)
    assert [await told(database, one) for one in (1, 2, 3)] == [(fma,), (), ()]
