import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.core.ranking.obscurity import DeepCuts
from bot.errors import SeedsError, SetupError
from bot.services.bench.batch import HEADER, BatchOptions, recommend
from bot.services.catalog.live import LiveCatalog
from bot.services.catalog.seed_tracks import resolve
from bot.services.catalog.seeds import Seed
from bot.store.engine import Database
from bot.store.tables import external_ids, popularity
from tests.stored import StoredTrack, add_tracks


def by_name(title: str, artist: str, name: str = "1") -> Seed:
    return Seed(name, None, artist, title)


def by_id(track_id: str, name: str = "1") -> Seed:
    return Seed(name, track_id, None, None)


@pytest.fixture
async def filled(database: Database) -> Database:
    tracks = [
        StoredTrack(
            f"Song {number}",
            f"Artist {number // 2}",
            {"energy": number / 20, "tempo": 100 + number},
            popularity=number * 5,
            spotify=f"id{number}",
        )
        for number in range(20)
    ]
    async with database.write() as conn:
        await add_tracks(conn, [*tracks, StoredTrack("Song 0 - Live", "Artist 0", {"energy": 0.0})])
    return database


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def test_every_list_gets_its_tracks_best_first(filled: Database, tmp_path: Path) -> None:
    out = tmp_path / "recs.csv"
    seeds = [by_id("id1", "low"), by_name("song 2", "ARTIST 1", "low"), by_id("id18", "high")]

    report = await recommend(filled, LiveCatalog(filled), seeds, out, BatchOptions(top=4))

    rows = lines(out)
    assert tuple(rows[0]) == HEADER
    assert [(row["list"], row["rank"]) for row in rows] == [
        (name, str(rank)) for name in ("low", "high") for rank in range(1, 5)
    ]
    assert (report.lists, report.seeds, report.rows) == (2, 3, 8)
    assert not {"id1", "id2"} & {row["track_id"] for row in rows if row["list"] == "low"}
    assert next(row for row in rows if row["list"] == "high")["artist"] == "Artist 9"
    scores = [float(row["score"]) for row in rows[:4]]
    assert scores == sorted(scores, reverse=True)


async def test_a_row_holds_the_spotify_id_the_names_and_the_raw_popularity(
    filled: Database, tmp_path: Path
) -> None:
    async with filled.write() as conn:
        await conn.execute(insert(external_ids).values(namespace="isrc", value="A1", track_id=20))
        await conn.execute(insert(popularity).values(track_id=20, source="zzz", value=7))
    out = tmp_path / "recs.csv"

    await recommend(
        filled, LiveCatalog(filled), [by_id("id18")], out, BatchOptions(top=1, new_artists=False)
    )

    (row,) = lines(out)
    assert (row["track_id"], row["artist"], row["title"]) == ("id19", "Artist 9", "Song 19")
    assert row["popularity"] == "95"


async def test_versions_of_a_seed_are_never_recommended(filled: Database, tmp_path: Path) -> None:
    out = tmp_path / "recs.csv"

    await recommend(filled, LiveCatalog(filled), [by_id("id0")], out, BatchOptions(top=100))

    titles = [row["title"] for row in lines(out)]
    assert len(titles) == 19
    assert not [title for title in titles if title.startswith("Song 0")]


async def test_new_artists_leaves_out_those_of_the_list(filled: Database, tmp_path: Path) -> None:
    out = tmp_path / "recs.csv"
    options = BatchOptions(top=100, new_artists=True)

    await recommend(filled, LiveCatalog(filled), [by_id("id6")], out, options)

    assert "Artist 3" not in {row["artist"] for row in lines(out)}


async def test_an_artist_has_as_many_tracks_as_allowed(filled: Database, tmp_path: Path) -> None:
    counts = []
    for most in (None, 1):
        out = tmp_path / f"{most}.csv"
        options = BatchOptions(top=100, per_artist=most)
        await recommend(filled, LiveCatalog(filled), [by_id("id6")], out, options)
        counts.append(Counter(row["artist"] for row in lines(out)))

    assert max(counts[0].values()) == 2
    assert max(counts[1].values()) == 1
    assert counts[0].keys() == counts[1].keys()


async def test_deep_cuts_come_as_asked(filled: Database, tmp_path: Path) -> None:
    """Artist 9 is famous for song 19; of song 21 nobody has heard."""
    async with filled.write() as conn:
        await add_tracks(conn, [StoredTrack("Song 21", "Artist 9", {"energy": 0.5}, popularity=1)])
    out = tmp_path / "recs.csv"

    async def titles(cuts: DeepCuts | None, top: int) -> list[str]:
        options = BatchOptions(top=top, obscurity=70, deep_cuts=cuts)
        await recommend(filled, LiveCatalog(filled), [by_id("id10")], out, options)
        return [row["title"] for row in lines(out)]

    assert await titles(DeepCuts.ONLY, 5) == ["Song 21"]
    also, no = await titles(DeepCuts.ALSO, 100), await titles(DeepCuts.NO, 100)
    assert also.index("Song 21") < no.index("Song 21")
    assert await titles(None, 100) == no


async def test_obscurity_moves_lists_to_the_lesser_known(filled: Database, tmp_path: Path) -> None:
    highest = []
    for obscurity in (0, 80):
        out = tmp_path / f"{obscurity}.csv"
        options = BatchOptions(top=4, obscurity=obscurity)
        await recommend(filled, LiveCatalog(filled), [by_id("id10")], out, options)
        highest.append(max(float(row["popularity"] or 0) for row in lines(out)))

    assert highest[1] < highest[0]


async def test_unknown_seeds_are_counted_and_their_lists_stay_empty(
    filled: Database, tmp_path: Path
) -> None:
    seeds = [by_id("nope", "a"), by_id("id3", "a"), by_name("None", "Nobody", "b")]

    report = await recommend(
        filled, LiveCatalog(filled), seeds, tmp_path / "recs.csv", BatchOptions(top=2)
    )

    assert report.unknown == (seeds[0], seeds[2])
    assert report.unanswered == ("b",)
    assert report.rows == 2


async def test_a_seed_is_found_by_id_then_recording_then_song(filled: Database) -> None:
    catalog = await LiveCatalog(filled).get()
    seeds = [
        by_id("id5"),
        Seed("1", "unknown", "Artist 3", "Song 7"),
        by_id("https://open.spotify.com/track/id5?si=1"),
        by_name("Song 0 (Live)", "artist 0"),
        by_name("Song 4 - Acoustic", "Artist 2"),
        by_name("Song 4", "Artist 9"),
    ]

    rows = await resolve(filled, catalog, seeds)

    assert rows[0] == 5
    assert rows[1] == 7
    assert rows[3] == 20
    assert rows[4] == 4
    assert rows[5] is None


async def test_a_link_of_a_service_is_read_as_its_id(filled: Database) -> None:
    async with filled.write() as conn:
        name = {"namespace": "spotify", "value": "6f807x0ima9a1j3VPbc7VN", "track_id": 3}
        await conn.execute(insert(external_ids).values(name))
    catalog = await LiveCatalog(filled).get()
    links = [
        "https://open.spotify.com/track/6f807x0ima9a1j3VPbc7VN?si=x",
        "spotify:track:6f807x0ima9a1j3VPbc7VN",
    ]

    assert await resolve(filled, catalog, [by_id(link) for link in links]) == [2, 2]


async def test_progress_is_told_list_by_list(filled: Database, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    await recommend(
        filled,
        LiveCatalog(filled),
        [by_id("id1", "a"), by_id("id2", "b")],
        tmp_path / "recs.csv",
        BatchOptions(top=1),
        progress=lambda done, lists: told.append((done, lists)),
    )

    assert told == [(1, 2), (2, 2)]


async def test_an_empty_catalog_is_a_sentence(database: Database, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="bside catalog import"):
        await recommend(
            database, LiveCatalog(database), [by_id("x")], tmp_path / "recs.csv", BatchOptions()
        )


async def test_a_failure_leaves_the_former_answer_and_nothing_else(
    filled: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / "recs.csv"
    out.write_text("former")

    def fail(done: int, lists: int) -> None:
        raise RuntimeError(f"stopped at {done} of {lists}")

    with pytest.raises(RuntimeError, match="1 of 1"):
        await recommend(
            filled, LiveCatalog(filled), [by_id("id1")], out, BatchOptions(), progress=fail
        )
    assert [path.name for path in folder.iterdir()] == ["recs.csv"]
    assert out.read_text() == "former"

    with pytest.raises(SeedsError, match="cannot be written"):
        await recommend(filled, LiveCatalog(filled), [by_id("id1")], folder, BatchOptions())
