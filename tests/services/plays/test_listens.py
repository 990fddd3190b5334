"""Exports that are imported: once, twice, cut off; what is heard, and what it does to the taste."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bot.core.accounts import ListeningBasis
from bot.core.models import Subject, SubjectKind, Track
from bot.core.ranking.discovery import Discovery, StartOffer
from bot.core.ranking.wish import Wish
from bot.core.taste.listening import Cut, HistoryReport, Skip
from bot.errors import NotFoundError, UserError
from bot.exports.reader import ExportReader
from bot.services import Services, build_services
from bot.services.plays.listens import ADMIT, Listens
from bot.store import catalog, dialect, jobs, listening
from bot.store.engine import Database
from bot.store.tables import heard, histories, listens, recordings
from tests.exports.samples import EXPORTIFY, array, streamed, zipped
from tests.fakes import FakeClock
from tests.stored import StoredTrack, add_tracks

ANN, BEN = 1, 2


@pytest.fixture
def services(starter: Database) -> Services:
    return build_services(starter, FakeClock())


async def tracks(database: Database, count: int) -> list[Track]:
    async with database.read() as conn:
        return await catalog.tracks_by_ids(conn, list(range(1, count + 1)))


def plays_of(track: Track, *, times: int = 1, day: int = 1) -> list[dict[str, object]]:
    return [
        {
            **streamed(track.title),
            "master_metadata_album_artist_name": track.artist,
            "spotify_track_uri": None,
            "ts": f"2024-05-{day:02d}T{n // 60:02d}:{n % 60:02d}:00Z",
        }
        for n in range(times)
    ]


async def import_bytes(
    services: Services, tmp_path: Path, content: bytes, *, user: int = ANN, name: str = "x.json"
) -> HistoryReport:
    path = tmp_path / "export"
    path.write_bytes(content)

    async def quiet(_rows: int, _share: float) -> None:
        return

    return await services.listens.import_file(user, path, name, quiet)


async def count(database: Database, table: object) -> int:
    async with database.read() as conn:
        return int(await conn.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


async def discover(services: Services, wish: Wish | None = None) -> Discovery | StartOffer:
    return await services.recommender.discover(ANN, wish or Wish(count=5), guild_id=None)


async def test_an_export_is_counted_matched_and_kept(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    (known,) = await tracks(starter, 1)
    rows = [*plays_of(known, times=3), streamed("Unknown"), streamed("Short", ms=5_000)]

    report = await import_bytes(services, tmp_path, array(*rows))

    assert (report.plays, report.new_plays) == (4, 4)
    assert (report.known, report.unknown) == (1, 1)
    assert report.skipped == {Skip.SHORT: 1}
    async with starter.read() as conn:
        assert await listening.plays_of_track(conn, ANN, known.id) == 3


async def test_the_same_export_twice_is_one_and_a_longer_one_adds_what_is_new(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    first = plays_of(*await tracks(starter, 1), times=3)
    await import_bytes(services, tmp_path, array(*first))

    again = await import_bytes(services, tmp_path, array(*first))
    longer = plays_of(*await tracks(starter, 1), times=5)
    more = await import_bytes(services, tmp_path, zipped({"a.json": array(*longer)}))

    assert (again.new_plays, again.is_news) == (0, False)
    assert more.new_plays == 2
    assert await count(starter, listens) == 5


async def test_two_songs_that_began_in_the_same_second_are_two_plays(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    one, two = await tracks(starter, 2)

    report = await import_bytes(services, tmp_path, array(*plays_of(one), *plays_of(two)))

    assert report.new_plays == 2


async def test_a_file_that_is_cut_off_counts_as_far_as_it_goes_and_the_whole_one_completes_it(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    plays = plays_of(*await tracks(starter, 1), times=6)
    first, second = array(*plays[:4]), array(*plays[4:])
    whole = zipped({"1.json": first, "2.json": second})

    cut = zipped({"1.json": first, "2.json": second[:-20]})

    with pytest.raises(UserError, match="damaged"):
        await import_bytes(services, tmp_path, cut)
    kept = await count(starter, listens)
    report = await import_bytes(services, tmp_path, whole)

    assert kept == 4
    assert report.new_plays == 2
    assert await count(starter, listens) == 6


async def limited(
    starter: Database, services: Services, *, most_rows: int = 10_000, most_kept: int = 10_000
) -> Services:
    """Return the services with an import that takes less."""
    reader = ExportReader(most_rows=most_rows)
    listens = Listens(
        starter, services.catalog, services.tastes, FakeClock(), reader, most_kept=most_kept
    )
    return replace(services, listens=listens)


async def test_of_a_file_that_is_too_long_the_beginning_counts_and_that_is_said(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    less = await limited(starter, services, most_rows=3)
    content = zipped({f"{n}.json": array(streamed(f"Song {n}")) for n in range(5)})

    report = await import_bytes(less, tmp_path, content)

    assert (report.new_plays, report.cut) == (3, Cut.ROWS)


async def test_of_one_listener_only_so_much_is_kept_and_that_is_said(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    less = await limited(starter, services, most_kept=2)
    content = zipped({f"{n}.json": array(streamed(f"Song {n}")) for n in range(5)})

    first = await import_bytes(less, tmp_path, content)
    second = await import_bytes(less, tmp_path, content)
    other = await import_bytes(less, tmp_path, content, user=BEN)

    assert (first.new_plays, first.cut) == (2, Cut.KEPT)
    assert (second.plays, second.cut) == (0, Cut.KEPT)
    assert (other.new_plays, other.cut) == (2, Cut.KEPT)


async def test_a_file_of_nothing_that_counts_leaves_nothing_behind(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    report = await import_bytes(services, tmp_path, array(streamed(ms=1), streamed(ms=2)))

    assert (report.plays, report.skipped) == (0, {Skip.SHORT: 2})
    assert (await services.privacy.show(ANN)).total == 0


async def test_what_was_heard_is_not_picked_unless_it_is_wished_for(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    await services.feedback.rate(ANN, Subject(SubjectKind.TRACK, 1), 5)
    before = await discover(services)
    assert isinstance(before, Discovery)
    await services.recommender.dropped(before.picks)
    shown = [card.track for card in before.picks]

    await import_bytes(services, tmp_path, array(*(row for one in shown for row in plays_of(one))))
    after = await discover(services)
    loose = await discover(services, Wish(count=5, heard=True))

    assert isinstance(after, Discovery)
    assert isinstance(loose, Discovery)
    assert not {card.track.id for card in after.picks} & {one.id for one in shown}
    assert {card.track.id for card in loose.picks} & {one.id for one in shown}


async def test_a_newcomer_with_a_history_has_a_taste(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    assert isinstance(await discover(services), StartOffer)
    played = await tracks(starter, 4)

    await import_bytes(
        services, tmp_path, array(*(r for t in played for r in plays_of(t, times=9)))
    )
    found = await discover(services)

    assert isinstance(found, Discovery)
    assert {card.track.id for card in found.picks}.isdisjoint({one.id for one in played})
    near = [card.closest for card in found.picks if card.closest]
    assert near[0].plays == 9
    assert near[0].feedback is None


async def test_a_basis_answers_by_that_part_alone_or_says_what_to_do(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    calm, other = (await tracks(starter, 60))[::40]
    with pytest.raises(NotFoundError, match="/import"):
        await discover(services, Wish(basis=ListeningBasis.RECENT))
    rows = [*plays_of(calm, times=99, day=1), *plays_of(other, times=3, day=2)]
    await import_bytes(services, tmp_path, array(*rows))

    top = await discover(services, Wish(basis=ListeningBasis.TOP))

    assert isinstance(top, Discovery)
    assert {card.explanation.basis for card in top.picks} == {"listening"}
    with pytest.raises(NotFoundError, match="Exportify"):
        await discover(services, Wish(basis=ListeningBasis.SAVED))


async def test_saved_tracks_of_exportify_are_a_basis(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    one = next(one for one in await tracks(starter, 20) if '"' not in one.title + one.artist)
    table = EXPORTIFY + f'spotify:track:x1,"{one.title}",,"{one.artist}",2020\n'

    report = await import_bytes(services, tmp_path, table.encode(), name="Liked_Songs.csv")
    found = await discover(services, Wish(basis=ListeningBasis.SAVED))

    assert (report.listed, report.new_listed, report.plays) == (3, 3, 0)
    assert isinstance(found, Discovery)


async def test_a_recording_is_found_when_the_catalogue_grows(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    await import_bytes(services, tmp_path, array(streamed("Later"), streamed("Live later")))
    async with starter.write() as conn:
        track_id, version_id = await add_tracks(
            conn, [StoredTrack("Later", "Low"), StoredTrack("Live later - Remix", "Low")]
        )

    await services.listens.match()

    async with starter.read() as conn:
        assert await listening.plays_of_track(conn, ANN, track_id) == 1
        assert await listening.plays_of_track(conn, ANN, version_id) == 1


async def test_deleting_everything_leaves_what_others_play_too(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    await import_bytes(services, tmp_path, array(streamed("Both"), streamed("Only Ann")))
    await import_bytes(services, tmp_path, EXPORTIFY.encode(), name="liked.csv")
    await import_bytes(services, tmp_path, array(streamed("Both")), user=BEN)

    shown = await services.privacy.show(ANN)
    await services.privacy.delete(ANN)

    assert (shown.plays, shown.listed) == (2, 2)
    assert (await services.privacy.show(ANN)).total == 0
    async with starter.read() as conn:
        assert list(await conn.scalars(select(recordings.c.title))) == ["Both"]
        assert list(await conn.scalars(select(histories.c.user_id))) == [BEN]
        assert not await dialect.integrity_problems(conn)
    assert await count(starter, heard) == 1


async def test_what_is_deleted_while_an_export_is_read_does_not_come_back(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    path = tmp_path / "export"
    path.write_bytes(zipped({f"{n}.json": array(streamed(f"Song {n}")) for n in range(3)}))

    async def delete(_rows: int, _share: float) -> None:
        await services.privacy.delete(ANN)

    with pytest.raises(NotFoundError, match="Use `/import` to send it again"):
        await services.listens.import_file(ANN, path, "x.zip", delete)

    assert (await services.privacy.show(ANN)).total == 0
    assert await count(starter, recordings) == 0
    async with starter.read() as conn:
        assert await jobs.planned_for(conn, ADMIT, ANN) is None


async def test_a_listener_without_a_history_has_the_taste_of_the_ledger_alone(
    services: Services, starter: Database, tmp_path: Path
) -> None:
    await services.feedback.rate(ANN, Subject(SubjectKind.TRACK, 1), 5)
    async with starter.read() as conn:
        before = await conn.scalar(text("select vector from taste"))

    await import_bytes(
        services, tmp_path, array(*plays_of((await tracks(starter, 3))[2])), user=BEN
    )
    await services.feedback.rate(ANN, Subject(SubjectKind.TRACK, 1), 5)

    async with starter.read() as conn:
        after = await conn.scalar(text("select vector from taste where user_id = 1"))
    assert after == before
