"""Tastes that are kept: they equal what the ledger gives, and nobody waits for them."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import LinkedService, ListeningBasis
from bot.core.catalog import recording_key, text_key
from bot.core.models import FeedbackSource, Subject, SubjectKind
from bot.core.ranking.discovery import Discovery
from bot.core.ranking.wish import Wish
from bot.core.taste.listening import Recording
from bot.errors import NotFoundError
from bot.services import Services, build_services
from bot.services.accounts import rows
from bot.services.catalog.live import LiveCatalog
from bot.services.taste.feedback import FeedbackLedger
from bot.services.taste.taste import derive, read_grounds
from bot.services.taste.tastes import Tastes
from bot.store import accounts, listeners, listening, recordings, snapshot, tastes
from bot.store.engine import Database
from bot.store.migrate import upgrade
from bot.store.tables import albums, feedback
from bot.store.tables import taste as table
from bot.store.tastes import KeptTaste
from tests.conftest import NOON
from tests.fakes import FakeClock
from tests.stored import StoredTrack, add_tracks, change_track

ANN, BEN, GUILD = 1, 2, 77
TRACKS = 24
SPOTIFY = LinkedService.SPOTIFY


def track(number: int) -> Subject:
    return Subject(SubjectKind.TRACK, number)


async def fill(database: Database) -> None:
    """Store tracks by six artists; the first five are an album."""
    async with database.write() as conn:
        await add_tracks(
            conn,
            [
                StoredTrack(
                    f"Song {n}",
                    f"Artist {n % 6}",
                    {"energy": n / TRACKS, "valence": n * 7 % 10 / 10, "loudness": n - 40.0},
                    popularity=float(n),
                )
                for n in range(1, TRACKS + 1)
            ],
        )
        album = {"artist_id": 1, "title": "Album", "key": text_key("Album")}
        await conn.execute(insert(albums).values(id=1, **album))
        for number in range(1, 6):
            await change_track(conn, number, album_id=1)


@pytest.fixture
async def filled(database: Database) -> Database:
    await fill(database)
    return database


@pytest.fixture
def services(filled: Database) -> Services:
    return build_services(filled, FakeClock(NOON))


@pytest.fixture
def derivations(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, "bot.services.taste.tastes")
    return caplog


def count(derivations: pytest.LogCaptureFixture) -> int:
    return sum(one.message.startswith("a taste is derived") for one in derivations.records)


async def kept_of(database: Database, user_id: int = ANN) -> KeptTaste | None:
    async with database.read() as conn:
        return await tastes.read(conn, user_id)


async def blobs_of(database: Database, user_id: int = ANN) -> tuple[bytes, bytes] | None:
    kept = await kept_of(database, user_id)
    return None if kept is None else (kept.vector, kept.rest)


async def thumb(services: Services, number: int, *, up: bool = True, user: int = ANN) -> None:
    await services.feedback.thumb(
        user, track(number), up=up, source=FeedbackSource.BUTTON, message_id=number
    )


async def discover(services: Services, user: int = ANN) -> list[int]:
    found = await services.recommender.discover(user, Wish(count=3), guild_id=None)
    assert isinstance(found, Discovery)
    await services.recommender.dropped(found.picks)
    return [card.track.id for card in found.picks]


# ----------------------------------------------------------------------------- when it is derived


async def test_an_answer_waits_for_no_derivation_and_what_follows_reads_it(
    services: Services, filled: Database, derivations: pytest.LogCaptureFixture
) -> None:
    await services.feedback.rate(ANN, track(1), 5)
    await thumb(services, 2)
    await services.feedback.undo(ANN)
    assert (count(derivations), await kept_of(filled)) == (0, None)

    await services.tastes.catch_up()
    assert count(derivations) == 1
    await discover(services)
    await services.profiles.of(ANN, ANN)
    await services.recommender.why(ANN, 0, 9)
    await services.privacy.set_profile_public(ANN, True)
    await services.presence.note(GUILD, ANN)
    await services.audience.suits([1, 2, 3], guild_id=GUILD, asker_id=BEN)
    await services.tastes.catch_up()

    assert count(derivations) == 1
    assert await kept_of(filled) is not None


async def test_what_is_asked_at_once_is_derived_then_and_not_again(
    services: Services, derivations: pytest.LogCaptureFixture
) -> None:
    await services.feedback.rate(ANN, track(1), 5)

    await asyncio.gather(discover(services), services.profiles.of(ANN, ANN))
    await services.tastes.catch_up()

    assert count(derivations) == 1


class Late(Tastes):
    """Pauses until it is told to go on, and says when it has caught up."""

    def __init__(self, database: Database, catalog: LiveCatalog) -> None:
        super().__init__(database, catalog, self._until_told)
        self.go, self.done = asyncio.Event(), asyncio.Event()

    async def _until_told(self, _seconds: float) -> None:
        await self.go.wait()

    async def catch_up(self) -> None:
        await super().catch_up()
        self.done.set()


async def test_ten_words_in_a_row_are_derived_once_after_them(
    filled: Database, derivations: pytest.LogCaptureFixture
) -> None:
    late = Late(filled, LiveCatalog(filled))
    ledger = FeedbackLedger(filled, late, FakeClock(NOON))
    async with late.running():
        for number in range(1, 11):
            await ledger.rate(ANN, track(number), 5)
        assert (count(derivations), await kept_of(filled)) == (0, None)
        late.go.set()
        await late.done.wait()

    assert count(derivations) == 1
    assert await kept_of(filled) is not None


async def test_what_waits_when_the_bot_stops_is_derived_when_it_is_needed(
    services: Services, filled: Database, derivations: pytest.LogCaptureFixture
) -> None:
    for number in (1, 2, 3):
        await services.feedback.rate(ANN, track(number), 5)
    await services.tastes.catch_up()
    old = await blobs_of(filled)
    async with services.tastes.running():
        await services.feedback.rate(ANN, track(20), 5)
    restarted = build_services(filled, FakeClock(NOON))
    assert await blobs_of(filled) == old

    picked = await discover(restarted)

    assert 20 not in picked
    assert await blobs_of(filled) != old
    assert count(derivations) == 2
    assert await discover(build_services(filled, FakeClock(NOON))) == picked
    assert count(derivations) == 2


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"code_version": "another"}, id="by other code"),
        pytest.param({"scene_version": "another"}, id="in another scene"),
        pytest.param({"catalog_version": 1}, id="of an older catalogue"),
        pytest.param({"built_version": 1}, id="of a catalogue built otherwise"),
        pytest.param({"feedback_id": 0}, id="at another position"),
        pytest.param({"listening": "9:top"}, id="with other plays"),
        pytest.param({"rest": b"BST1 no taste"}, id="damaged"),
        pytest.param({"vector": b"none"}, id="with another vector"),
    ],
)
async def test_a_taste_that_was_derived_otherwise_is_derived_again(
    services: Services, filled: Database, change: dict[str, object]
) -> None:
    await services.feedback.rate(ANN, track(1), 5)
    await services.tastes.catch_up()
    right = await kept_of(filled)
    async with filled.write() as conn:
        await conn.execute(update(table).values(**change))
    assert await kept_of(filled) != right

    await discover(build_services(filled, FakeClock(NOON)))

    assert await kept_of(filled) == right


async def test_a_taste_in_memory_serves_as_long_as_nothing_is_said(
    services: Services, filled: Database
) -> None:
    await services.feedback.rate(ANN, track(1), 5)
    await services.tastes.catch_up()
    async with filled.read() as conn:
        position = await tastes.position(conn, ANN)
    catalog = await services.catalog.get()
    first = await services.tastes.of(catalog, ANN, position)
    same = await services.tastes.of(catalog, ANN, position)

    await services.feedback.rate(ANN, track(2), 1)
    async with filled.read() as conn:
        position = await tastes.position(conn, ANN)
    later = await services.tastes.of(catalog, ANN, position)

    assert same is first
    assert later is not first
    assert later.entries == 2


async def test_who_is_deleted_is_not_remembered_either(
    services: Services, filled: Database
) -> None:
    await services.feedback.rate(ANN, track(1), 5)
    async with filled.read() as conn:
        position = await tastes.position(conn, ANN)
    catalog = await services.catalog.get()
    await services.tastes.of(catalog, ANN, position)

    await services.privacy.delete(ANN)

    assert (await services.tastes.of(catalog, ANN, position)).is_nothing


async def test_a_taste_that_fails_to_be_derived_stops_no_other(
    services: Services, filled: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await services.feedback.rate(ANN, track(1), 5)
    await services.feedback.rate(BEN, track(1), 5)
    async with filled.write() as conn:
        hers = update(feedback).where(feedback.c.user_id == ANN)
        await conn.execute(hers.values(kind="unheard of"))

    await services.tastes.catch_up()

    assert await kept_of(filled, BEN) is not None
    assert "it is when it is needed" in caplog.text


# ----------------------------------------------------------------------------- whose it is


async def test_nobodys_words_touch_the_taste_of_another(
    services: Services, filled: Database
) -> None:
    for number in (1, 2, 3):
        await services.feedback.rate(ANN, track(number), 5)
        await services.feedback.rate(BEN, track(24 - number), 5)
    await services.tastes.catch_up()
    anns, bens = await kept_of(filled), await kept_of(filled, BEN)
    assert anns is not None
    assert bens is not None
    assert anns.vector != bens.vector

    await thumb(services, 5, user=BEN, up=False)
    await services.feedback.undo(BEN)
    await services.tastes.catch_up()

    assert await kept_of(filled) == anns
    assert await blobs_of(filled, BEN) == (bens.vector, bens.rest)
    await services.privacy.delete(BEN)
    assert await kept_of(filled) == anns
    assert await kept_of(filled, BEN) is None


class HeldBack(Database):
    """Lets its writers in only when it is told to."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url, folder=folder)
        self.waits, self.go = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        self.waits.set()
        await self.go.wait()
        async with super().write() as conn:
            yield conn


@pytest.mark.parametrize("comes_back", [False, True])
async def test_a_taste_does_not_come_back_that_was_deleted_while_it_was_derived(
    services: Services, filled: Database, address: str, tmp_path: Path, *, comes_back: bool
) -> None:
    await services.feedback.rate(ANN, track(1), 5)
    catalog = await services.catalog.get()
    async with HeldBack(address, folder=tmp_path) as held:
        late = asyncio.create_task(Tastes(held, services.catalog).of(catalog, ANN))
        await held.waits.wait()
        await services.privacy.delete(ANN)
        if comes_back:
            await services.feedback.rate(ANN, track(9), 1)
        held.go.set()
        await late

    assert await kept_of(filled) is None
    shown = await services.privacy.show(ANN)
    assert (shown.feedback, shown.taste) == (int(comes_back), 0)


async def test_a_taste_is_not_kept_when_more_was_said_meanwhile(
    services: Services, filled: Database, address: str, tmp_path: Path
) -> None:
    await services.feedback.rate(ANN, track(1), 5)
    catalog = await services.catalog.get()
    async with HeldBack(address, folder=tmp_path) as held:
        late = asyncio.create_task(Tastes(held, services.catalog).of(catalog, ANN))
        await held.waits.wait()
        await services.feedback.rate(ANN, track(2), 1)
        await services.tastes.catch_up()
        newest = await kept_of(filled)
        held.go.set()
        await late

    assert newest is not None
    assert await kept_of(filled) == newest


async def test_what_says_nothing_is_not_kept(services: Services, filled: Database) -> None:
    await services.feedback.rate(ANN, track(1), 5)
    await services.tastes.catch_up()
    assert await kept_of(filled) is not None

    await services.feedback.undo(ANN)
    await services.tastes.catch_up()

    assert await kept_of(filled) is None


# ----------------------------------------------------------------------------- any story


@dataclass
class Story:
    """What happens to a listener, step by step."""

    database: Database
    services: Services
    added: int = 0

    async def rate(self, number: int) -> None:
        kinds = (SubjectKind.TRACK, SubjectKind.ALBUM, SubjectKind.ARTIST)
        subject = Subject(kinds[number % 7 % 3], 1 if number % 7 % 3 == 1 else 1 + number % 6)
        await self.services.feedback.rate(ANN, subject, 1 + number % 5)

    async def thumb(self, number: int) -> None:
        await thumb(self.services, 1 + number % TRACKS, up=number % 3 > 0)

    async def undo(self, _number: int) -> None:
        try:
            await self.services.feedback.undo(ANN)
        except NotFoundError:
            return

    async def plays(self, number: int) -> None:
        titles = [f"Song {1 + number % TRACKS}", "Later 0", "Later 1"]
        artist = f"Artist {(1 + number % TRACKS) % 6}"
        async with self.database.write() as conn:
            own = await self._history(conn, "lastfm")
            ids = await self._recordings(conn, titles, artist)
            times = [1000 * number + place for place in range(len(ids))]
            await listening.add_plays(conn, own, ids, times)
        self.services.listens.follow(ANN)

    async def saves(self, number: int) -> None:
        async with self.database.write() as conn:
            account = await rows.find(conn, ANN, SPOTIFY)
            if account is None:
                await listeners.ensure(conn, ANN, now=NOON)
                account = await accounts.add(
                    conn,
                    ANN,
                    SPOTIFY,
                    name="a",
                    display_name=None,
                    secret=None,
                    basis=ListeningBasis.SAVED,
                    now=NOON,
                )
            own = await listening.history_of(conn, ANN, "linked_spotify", account_id=account.id)
            ids = await self._recordings(conn, [f"Song {1 + number % 4}"], "Artist 1")
            await listening.replace_list(conn, own, ListeningBasis.SAVED, ids)

    async def basis(self, number: int) -> None:
        async with self.database.write() as conn:
            account = await rows.find(conn, ANN, SPOTIFY)
            if account is not None:
                chosen = (ListeningBasis.TOP, ListeningBasis.SAVED, ListeningBasis.RECENT)
                await accounts.set_basis(
                    conn, account.id, chosen[number % 3], playlist_id=None, playlist_name=None
                )

    async def unlink(self, _number: int) -> None:
        async with self.database.write() as conn:
            account = await rows.find(conn, ANN, SPOTIFY)
            if account is not None:
                await rows.remove(conn, account)

    async def enrich(self, number: int) -> None:
        async with self.database.write() as conn:
            await change_track(conn, 1 + number % TRACKS, energy=number % 10 / 10)

    async def grow(self, number: int) -> None:
        async with self.database.write() as conn:
            name, self.added = f"Later {self.added % 2}", self.added + 1
            energy = {"energy": number % 10 / 10}
            artist = f"Artist {(1 + number % TRACKS) % 6}"
            await add_tracks(conn, [StoredTrack(name, artist, energy)])

    async def match(self, _number: int) -> None:
        await self.services.listens.match()

    async def catch_up(self, _number: int) -> None:
        await self.services.tastes.catch_up()

    async def restart(self, number: int) -> None:
        if number % 2:
            folder = snapshot.snapshot_folder(self.database.beside)
            shutil.rmtree(folder, ignore_errors=True)
        self.services = build_services(self.database, FakeClock(NOON))

    async def look(self, _number: int) -> None:
        """Compare what is kept with what is derived from nothing but the ledger."""
        catalog = await self.services.catalog.get()
        await self.services.tastes.of(catalog, ANN)
        async with self.database.read() as conn:
            grounds = await read_grounds(conn, ANN)
        derived = derive(catalog, grounds)
        wanted = None if derived.is_nothing else derived.to_blobs()
        assert await blobs_of(self.database) == wanted

    async def _history(self, conn: AsyncConnection, kind: str) -> int:
        await listeners.ensure(conn, ANN, now=NOON)
        return await listening.history_of(conn, ANN, kind)

    async def _recordings(self, conn: AsyncConnection, titles: list[str], artist: str) -> list[int]:
        keyed = {recording_key(one, artist): Recording(one, artist) for one in titles}
        known = {
            key: int(one.title.split()[1])
            for key, one in keyed.items()
            if one.title.startswith("Song")
        }
        await recordings.add_recordings(conn, keyed, known)
        return list((await recordings.recording_ids(conn, list(keyed))).values())


STEPS = (
    *("rate", "thumb", "undo", "plays", "saves", "basis", "unlink"),
    *("enrich", "grow", "match", "catch_up", "restart"),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a few tracks, to be copied."""
    folder = tmp_path_factory.mktemp("tastes")

    async def make() -> None:
        async with Database(f"sqlite+aiosqlite:///{folder / 'bside.db'}") as database:
            await upgrade(database, now=NOON)
            await fill(database)
            await LiveCatalog(database).get()

    asyncio.run(make())
    return folder


@settings(max_examples=20, deadline=None)
@example([("rate", 1), ("plays", 1), ("grow", 1), ("match", 1), ("plays", 1)])
@example([("saves", 1), ("saves", 2), ("basis", 1), ("unlink", 1), ("saves", 1), ("saves", 3)])
@example([("thumb", 1), ("enrich", 9), ("grow", 3), ("restart", 1), ("enrich", 2), ("restart", 3)])
@example([("rate", 1), ("rate", 2), ("undo", 1), ("undo", 3), ("undo", 5)])
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 50)), min_size=4, max_size=14))
def test_what_is_kept_is_what_the_ledger_gives_after_any_story(
    template: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("story")
    shutil.copytree(template, folder, dirs_exist_ok=True)

    async def live() -> None:
        async with Database(f"sqlite+aiosqlite:///{folder / 'bside.db'}") as database:
            story = Story(database, build_services(database, FakeClock(NOON)))
            for name, number in steps:
                await getattr(story, name)(number)
                if number % 4:
                    await story.look(number)
            await story.look(0)

    asyncio.run(live())


async def test_undo_brings_the_former_bytes_back(services: Services, filled: Database) -> None:
    for number in (1, 2, 3):
        await services.feedback.rate(ANN, track(number), 5)
    await services.tastes.catch_up()
    before = await blobs_of(filled)
    await services.feedback.rate(ANN, track(2), 1)
    await services.tastes.catch_up()
    assert await blobs_of(filled) != before

    await services.feedback.undo(ANN)
    await services.tastes.catch_up()

    assert await blobs_of(filled) == before
