import pytest
from sqlalchemy import insert

from bot.core.catalog import text_key
from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.core.taste.profile import Counts, Height, ListenerProfile, height
from bot.errors import NotAllowedError
from bot.services import build_services
from bot.services.catalog.live import LiveCatalog
from bot.services.taste.feedback import FeedbackLedger
from bot.services.taste.profile import Profiles
from bot.services.taste.tastes import Tastes
from bot.store import feedback, listeners
from bot.store.engine import Database
from bot.store.tables import albums, artists
from tests.fakes import FakeClock
from tests.stored import StoredTrack, add_tracks

ANN, BEN, STRANGER = 1, 2, 3
CLOCK = FakeClock()


@pytest.fixture
async def filled(database: Database) -> Database:
    """Ten tracks: the higher the number, the louder and better known; the last is unmeasured."""
    async with database.write() as conn:
        await add_tracks(
            conn,
            [
                StoredTrack(
                    f"Song {number}",
                    f"Artist {number // 2}",
                    {"energy": number / 10, "loudness": number - 20.0, "danceability": 0.5},
                    genres=("noise",) if number > 7 else ("folk",),
                    popularity=None if number == 1 else number * 10.0,
                )
                for number in range(1, 10)
            ]
            + [StoredTrack("Unmeasured", "Artist 9")],
        )
    return database


@pytest.fixture
def catalog(filled: Database) -> LiveCatalog:
    return LiveCatalog(filled)


@pytest.fixture
def ledger(filled: Database, catalog: LiveCatalog) -> FeedbackLedger:
    return FeedbackLedger(filled, Tastes(filled, catalog), CLOCK)


@pytest.fixture
def profiles(filled: Database, catalog: LiveCatalog) -> Profiles:
    return Profiles(filled, catalog, CLOCK)


def track(number: int) -> Subject:
    return Subject(SubjectKind.TRACK, number)


async def test_a_profile_says_what_is_liked_against_the_catalog(
    profiles: Profiles, ledger: FeedbackLedger
) -> None:
    await ledger.rate(ANN, track(8), 5)
    await ledger.rate(ANN, track(9), 4)
    await ledger.rate(ANN, track(1), 1)

    found = await profiles.of(ANN, ANN)

    levels = {level.feature: height(level.percentile) for level in found.levels}
    assert levels == {
        "energy": Height.HIGH,
        "loudness": Height.HIGH,
        "danceability": Height.MIDDLE,
    }
    assert "tempo" in found.unknown
    assert [genre.name for genre in found.genres] == ["noise"]
    assert [artist.name for artist in found.artists] == ["Artist 4"]
    assert found.counts == Counts(ratings=3, tracks=3, average=10 / 3)
    assert found.obscurity.median is not None
    assert found.obscurity.median > 0.8
    assert (found.obscurity.known, found.obscurity.liked) == (2, 2)


async def test_an_artist_and_an_album_are_favorites_by_their_own_names(
    filled: Database, profiles: Profiles, ledger: FeedbackLedger
) -> None:
    async with filled.write() as conn:
        artist = (
            await conn.scalars(
                insert(artists).returning(artists.c.id), [{"name": "Zu", "key": "zu"}]
            )
        ).one()
        album = (
            await conn.scalars(
                insert(albums).returning(albums.c.id),
                [{"artist_id": artist, "title": "Igneo", "key": text_key("Igneo")}],
            )
        ).one()
        await add_tracks(conn, [StoredTrack("Solar Anus", "Zu", {"album_id": album, "energy": 1})])
    await ledger.rate(ANN, Subject(SubjectKind.ALBUM, album), 5)
    await ledger.rate(ANN, Subject(SubjectKind.ARTIST, 1), 5)

    found = await profiles.of(ANN, ANN)

    assert [one.name for one in found.artists] == ["Artist 0", "Zu"]
    assert (found.counts.albums, found.counts.artists) == (1, 1)


async def test_what_was_taken_back_leaves_the_profile(
    profiles: Profiles, ledger: FeedbackLedger
) -> None:
    await ledger.rate(ANN, track(8), 5)
    await ledger.undo(ANN)

    assert await profiles.of(ANN, ANN) == ListenerProfile()


async def test_a_promotion_is_no_taste(filled: Database, profiles: Profiles) -> None:
    async with filled.write() as conn:
        await listeners.ensure(conn, ANN, now=CLOCK.now())
        await feedback.append(
            conn,
            ANN,
            FeedbackKind.THUMB,
            Subject(SubjectKind.PROMOTION, 1),
            1,
            source=FeedbackSource.BUTTON,
            now=CLOCK.now(),
        )

    assert not (await profiles.of(ANN, ANN)).counts.total


async def test_only_an_unmeasured_track_liked_has_no_levels_but_counts(
    profiles: Profiles, ledger: FeedbackLedger
) -> None:
    await ledger.rate(ANN, track(10), 5)

    found = await profiles.of(ANN, ANN)

    assert found.levels == ()
    assert found.counts.ratings == 1
    assert (found.obscurity.median, found.obscurity.liked) == (None, 1)


async def test_a_rated_track_that_left_the_catalog_does_not_break_the_profile(
    filled: Database, profiles: Profiles
) -> None:
    async with filled.write() as conn:
        await listeners.ensure(conn, ANN, now=CLOCK.now())
        for kind in (SubjectKind.TRACK, SubjectKind.ALBUM, SubjectKind.ARTIST, SubjectKind.GENRE):
            await feedback.append(
                conn,
                ANN,
                FeedbackKind.RATING,
                Subject(kind, 999),
                5,
                source=FeedbackSource.COMMAND,
                now=CLOCK.now(),
            )

    found = await profiles.of(ANN, ANN)

    assert found.counts.ratings == 4
    assert found.levels == ()
    assert found.artists == ()


async def test_an_empty_catalog_has_profiles_too(database: Database) -> None:
    async with database.write() as conn:
        await listeners.ensure(conn, ANN, now=CLOCK.now())
        await feedback.append(
            conn,
            ANN,
            FeedbackKind.RATING,
            track(1),
            5,
            source=FeedbackSource.COMMAND,
            now=CLOCK.now(),
        )

    found = await build_services(database, CLOCK).profiles.of(ANN, ANN)

    assert found.counts.ratings == 1
    assert found.levels == ()


async def test_a_hidden_profile_and_an_unknown_person_get_the_same_sentence(
    profiles: Profiles, ledger: FeedbackLedger
) -> None:
    await ledger.rate(BEN, track(8), 5)

    with pytest.raises(NotAllowedError, match="`/privacy profile`") as hidden:
        await profiles.of(ANN, BEN)
    with pytest.raises(NotAllowedError) as unknown:
        await profiles.of(ANN, STRANGER)

    assert str(hidden.value) == str(unknown.value)


async def test_an_open_profile_is_for_everybody_until_it_is_closed(
    filled: Database, profiles: Profiles, ledger: FeedbackLedger
) -> None:
    privacy = build_services(filled, CLOCK).privacy
    await ledger.rate(BEN, track(8), 5)
    await privacy.set_profile_public(BEN, True)

    assert await profiles.is_public(BEN)
    found = await profiles.of(ANN, BEN)

    assert found.public
    assert found == await profiles.of(BEN, BEN)
    await privacy.set_profile_public(BEN, False)
    with pytest.raises(NotAllowedError):
        await profiles.of(ANN, BEN)


async def test_an_open_profile_with_nothing_in_it_is_no_error(
    filled: Database, profiles: Profiles
) -> None:
    await build_services(filled, CLOCK).privacy.set_profile_public(BEN, True)

    assert await profiles.of(ANN, BEN) == ListenerProfile(public=True)
