from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import ListeningBasis
from bot.core.catalog.identity import recording_key
from bot.core.models import ExternalId
from bot.core.taste.away import Away
from bot.core.taste.listening import Recording
from bot.store import listeners, listening, not_me
from bot.store import recordings as recordings_store
from bot.store.tables import heard, recordings
from tests.conftest import NOON
from tests.stored import StoredTrack, add_tracks

ANN, BEN = 1, 2


async def recorded(conn: AsyncConnection, *titles: str, tracks: Sequence[int] = ()) -> list[int]:
    """Keep recordings by Low; the first of them are these tracks."""
    new = {recording_key(title, "Low"): Recording(title, "Low") for title in titles}
    await recordings_store.add_recordings(conn, new, dict(zip(new, tracks, strict=False)))
    ids = await recordings_store.recording_ids(conn, list(new))
    return [ids[key] for key in new]


async def history(conn: AsyncConnection, kind: str, user_id: int = ANN) -> int:
    await listeners.ensure(conn, user_id, now=NOON)
    return await listening.history_of(conn, user_id, kind)


async def test_plays_are_counted_over_histories_as_the_most_of_any(conn: AsyncConnection) -> None:
    (track_id,) = await add_tracks(conn, [StoredTrack("Words", "Low")])
    (words,) = await recorded(conn, "Words", tracks=[track_id])
    export, account = await history(conn, "spotify"), await history(conn, "linked_spotify")
    await listening.add_plays(conn, export, [words] * 3, [10, 20, 30])
    await listening.add_plays(conn, account, [words] * 2, [31, 41])

    found = await listening.played(conn, [export, account])

    assert (found.track_ids.tolist(), found.plays.tolist()) == ([track_id], [3])
    assert found.last_s.tolist() == [41]
    assert await listening.plays_of_track(conn, ANN, track_id) == 3
    assert await listening.count_plays(conn, ANN) == 5


async def test_a_play_that_is_kept_stays_one(conn: AsyncConnection) -> None:
    one, two = await recorded(conn, "Words", "Lullaby")
    own = await history(conn, "lastfm")

    new = [
        await listening.add_plays(conn, own, [one, one, two], [10, 10, 10]),
        await listening.add_plays(conn, own, [one, two], [10, 11]),
        await listening.add_plays(conn, own, [], []),
    ]

    assert new == [2, 1, 0]
    assert await listening.last_times(conn, own, limit=9) == [11, 10, 10]


async def test_recent_plays_are_counted_back_from_the_newest(conn: AsyncConnection) -> None:
    tracks = await add_tracks(conn, [StoredTrack("Words", "Low"), StoredTrack("Lullaby", "Low")])
    one, two = await recorded(conn, "Words", "Lullaby", tracks=tracks)
    own = await history(conn, "lastfm")
    await listening.add_plays(conn, own, [one, one, two], [100, 900, 1000])

    within = await listening.played_lately(conn, own, seconds=150, limit=9)
    last = await listening.played_lately(conn, own, seconds=10_000, limit=1)

    assert dict(zip(within.track_ids, within.plays, strict=True)) == dict.fromkeys(tracks, 1)
    assert last.track_ids.tolist() == [tracks[1]]


async def test_a_list_is_replaced_as_it_is_now(conn: AsyncConnection) -> None:
    tracks = await add_tracks(conn, [StoredTrack(t, "Low") for t in ("A", "B", "C")])
    ids = await recorded(conn, "A", "B", "C", tracks=tracks)
    own = await history(conn, "linked_spotify")
    await listening.replace_list(conn, own, ListeningBasis.TOP, ids)
    await listening.replace_list(conn, own, ListeningBasis.TOP, ids[1:])
    await listening.add_to_list(conn, own, ListeningBasis.SAVED, ids[:1])

    top = await listening.in_lists(conn, [own], ListeningBasis.TOP)
    everything = await listening.in_lists(conn, [own])

    assert top.track_ids.tolist() == tracks[1:]
    assert top.plays[0] > top.plays[1]
    assert everything.track_ids.tolist() == tracks


async def test_new_tracks_are_matched_by_id_then_name_then_song(conn: AsyncConnection) -> None:
    elsewhere = Recording("Other name", "Low", ExternalId("spotify", "abc"))
    key = recording_key("Other name", "Low")
    await recordings_store.add_recordings(conn, {key: elsewhere}, {})
    await recorded(conn, "Words", "Lullaby - Live")
    tracks = await add_tracks(
        conn,
        [
            StoredTrack("Its name here", "Low", spotify="abc"),
            StoredTrack("Words - Remix", "Low"),
            StoredTrack("Words", "Low"),
            StoredTrack("Lullaby", "Low"),
        ],
    )

    found = [
        await recordings_store.match_new_tracks(conn),
        await recordings_store.match_new_tracks(conn),
    ]

    assert found == [3, 0]
    query = select(recordings.c.title, recordings.c.track_id)
    assert dict([tuple(row) for row in await conn.execute(query)]) == {
        "Other name": tracks[0],
        "Words": tracks[2],
        "Lullaby - Live": tracks[3],
    }


async def test_what_is_played_most_and_was_not_asked_for_comes_first(
    conn: AsyncConnection,
) -> None:
    one, two, three, four = await recorded(conn, "Once", "Twice", "Asked", "Asked and listed")
    own = await history(conn, "lastfm")
    await listening.add_plays(conn, own, [one, two, two, three], [1, 1, 2, 3])
    await listening.add_to_list(conn, own, ListeningBasis.SAVED, [four])
    await recordings_store.set_asked(conn, [three, four], now=NOON)

    found = await recordings_store.unmatched(conn, ANN, limit=9)

    assert [row.recording.title for row in found] == ["Twice", "Once"]
    assert await recordings_store.unmatched(conn, BEN, limit=9) == []
    assert await recordings_store.count_asked(conn, ANN) == 2


async def test_what_is_kept_of_each_recording_is_what_the_plays_that_count_give(
    conn: AsyncConnection,
) -> None:
    one, two = await recorded(conn, "Words", "Lullaby")
    export, account = await history(conn, "spotify"), await history(conn, "linked_lastfm")
    for own in (export, account):
        await listening.add_plays(conn, own, [one, one, two, two], [10, 20, 20, 30])
    spans = [Away("spotify", 0, 15), Away(None, 30, None), Away("deezer")]
    for away in spans:
        await not_me.add(conn, ANN, away, now=NOON)
        await listening.recount(conn, ANN, away)

    await listening.add_plays(conn, export, [one, two], [5, 25])

    query = select(heard.c.history_id, heard.c.recording_id, heard.c.plays, heard.c.last_played_at)
    found = {tuple(row) for row in await conn.execute(query)}
    assert found == {
        (export, one, 1, 20),
        (export, two, 2, 25),
        (account, one, 2, 20),
        (account, two, 1, 20),
    }
    assert await listening.count_plays(conn, ANN) == 10
