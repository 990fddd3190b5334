"""The position in the ledger and the listening: it changes with every change, and with no other."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import LinkedService, ListeningBasis
from bot.core.models import FeedbackKind, FeedbackSource, Subject, SubjectKind
from bot.services.accounts import rows
from bot.store import accounts, feedback, listeners, listening, tastes
from bot.store import recordings as recordings_store
from bot.store.tastes import KeptTaste, Origin, Position
from tests.conftest import NOON
from tests.store.test_listening import history, recorded
from tests.stored import StoredTrack, add_tracks

ANN, BEN = 1, 2
KEPT = KeptTaste(Position(3, "1:top"), Origin(1, 1, "", "a"), b"vector", b"rest")


async def say(conn: AsyncConnection, user_id: int, kind: SubjectKind = SubjectKind.TRACK) -> None:
    await listeners.ensure(conn, user_id, now=NOON)
    await feedback.append(
        conn,
        user_id,
        FeedbackKind.THUMB,
        Subject(kind, 1),
        1,
        source=FeedbackSource.BUTTON,
        now=NOON,
    )


async def test_nobody_stands_at_the_beginning(conn: AsyncConnection) -> None:
    assert await tastes.position(conn, ANN) == Position(0, "")


async def test_words_move_the_one_who_says_them_and_votes_nobody(conn: AsyncConnection) -> None:
    seen = [await tastes.position(conn, ANN)]
    await say(conn, ANN)
    seen.append(await tastes.position(conn, ANN))
    await say(conn, BEN)
    await say(conn, ANN, SubjectKind.PROMOTION)
    assert await tastes.position(conn, ANN) == seen[-1]
    entry = await feedback.last_standing(conn, ANN)
    assert entry is not None
    await feedback.cancel(conn, ANN, entry, source=FeedbackSource.COMMAND, now=NOON)
    seen.append(await tastes.position(conn, ANN))

    assert len(set(seen)) == 3


async def test_every_change_of_the_listening_is_another_position(conn: AsyncConnection) -> None:
    one, two = await recorded(conn, "Words", "Lullaby")
    await listeners.ensure(conn, ANN, now=NOON)
    account = await accounts.add(
        conn,
        ANN,
        LinkedService.SPOTIFY,
        name="a",
        display_name=None,
        secret=None,
        basis=ListeningBasis.TOP,
        now=NOON,
    )
    linked = await listening.history_of(conn, ANN, "linked_spotify", account_id=account.id)
    seen = [await tastes.position(conn, ANN)]

    async def note(*, moved: bool = True) -> None:
        seen.append(await tastes.position(conn, ANN))
        assert (seen[-1] != seen[-2]) is moved

    await listening.add_plays(conn, linked, [one], [10])
    await note()
    await listening.add_plays(conn, linked, [one], [10])
    await note(moved=False)
    await listening.add_to_list(conn, linked, ListeningBasis.SAVED, [one])
    await note()
    await listening.replace_list(conn, linked, ListeningBasis.SAVED, [two, one])
    await note()
    await listening.replace_list(conn, linked, ListeningBasis.SAVED, [two, one])
    await note(moved=False)
    await listening.replace_list(conn, linked, ListeningBasis.SAVED, [two])
    await note()
    await accounts.set_basis(
        conn, account.id, ListeningBasis.SAVED, playlist_id=None, playlist_name=None
    )
    await note()
    await history(conn, "lastfm", BEN)
    await note(moved=False)
    await history(conn, "lastfm")
    await note()
    await rows.remove(conn, account)
    await note()
    assert len(set(seen)) == 8


async def test_a_history_that_takes_the_place_of_another_is_told_from_it(
    conn: AsyncConnection,
) -> None:
    seen = []
    for _ in range(2):
        own = await history(conn, "lastfm")
        (one,) = await recorded(conn, "Words")
        await listening.add_plays(conn, own, [one], [10])
        seen.append(await tastes.position(conn, ANN))
        await listening.remove_of(conn, ANN)

    assert seen[0] != seen[1]


@pytest.mark.parametrize("in_list", [False, True])
async def test_a_recording_that_becomes_known_moves_those_who_play_it(
    conn: AsyncConnection, *, in_list: bool
) -> None:
    words, other = await recorded(conn, "Words", "Other")
    for user_id, recording in ((ANN, words), (BEN, other)):
        own = await history(conn, "lastfm", user_id)
        if in_list:
            await listening.add_to_list(conn, own, ListeningBasis.SAVED, [recording])
        else:
            await listening.add_plays(conn, own, [recording], [10])
    before = [await tastes.position(conn, one) for one in (ANN, BEN)]
    await add_tracks(conn, [StoredTrack("Words", "Low")])

    assert await recordings_store.match_new_tracks(conn) == 1

    after = [await tastes.position(conn, one) for one in (ANN, BEN)]
    assert after[0] != before[0]
    assert after[1] == before[1]


async def test_what_is_kept_takes_the_place_of_the_former_one(conn: AsyncConnection) -> None:
    for user_id in (ANN, BEN):
        await listeners.ensure(conn, user_id, now=NOON)
    later = KeptTaste(Position(4, ""), Origin(2, 1, "s", "b"), b"other", b"")

    await tastes.keep(conn, ANN, KEPT)
    await tastes.keep(conn, BEN, KEPT)
    await tastes.keep(conn, ANN, later)

    assert await tastes.read(conn, ANN) == later
    assert await tastes.read(conn, BEN) == KEPT
    await tastes.drop(conn, BEN)
    assert await tastes.read(conn, BEN) is None
    assert await conn.scalar(text("select count(*) from taste")) == 1
