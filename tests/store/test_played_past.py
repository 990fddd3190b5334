from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.taste import Period
from bot.store import listening
from bot.store.played_past import (
    PlayedArtist,
    PlayedTrack,
    artists_played,
    first_play,
    plays_by_month,
    seconds_of,
    tracks_by_month,
    tracks_played,
)
from tests.store.test_listening import ANN, BEN, history, recorded
from tests.stored import StoredTrack, add_tracks

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def at(day: date, hour: int = 0) -> int:
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp())


async def test_plays_of_a_period_are_told_by_artist_with_the_first_of_all(
    conn: AsyncConnection,
) -> None:
    (track_id,) = await add_tracks(conn, [StoredTrack("Words", "LOW")])
    known, unknown = await recorded(conn, "Words", "Unheard", tracks=[track_id])
    own = await history(conn, "spotify")
    await listening.add_plays(conn, own, [known, known, unknown], [at(MAY), at(JUNE), at(JUNE, 1)])
    june = Period(JUNE, JULY)

    assert await artists_played(conn, ANN, june) == [
        PlayedArtist("LOW", 1, at(MAY)),
        PlayedArtist("Low", 1, at(JUNE, 1)),
    ]
    assert await tracks_played(conn, ANN, june, limit=5) == [
        PlayedTrack("Unheard", "Low", None, 1, at(JUNE, 1)),
        PlayedTrack("Words", "LOW", track_id, 1, at(MAY)),
    ]
    assert await artists_played(conn, ANN, Period(None, MAY)) == []
    assert await artists_played(conn, BEN, june) == []


async def test_the_same_play_in_two_histories_is_one(conn: AsyncConnection) -> None:
    (track_id,) = await add_tracks(conn, [StoredTrack("Words", "Low")])
    (words,) = await recorded(conn, "Words", tracks=[track_id])
    for kind, times in (("spotify", [at(MAY), at(JUNE)]), ("linked_spotify", [at(JUNE)])):
        await listening.add_plays(conn, await history(conn, kind), [words] * len(times), times)
    everything = Period(None, JULY)

    (artist,) = await artists_played(conn, ANN, everything)
    months = await tracks_by_month(conn, ANN, [MAY, JUNE, JULY])

    assert artist.plays == 2
    assert [one.plays.tolist() for one in months] == [[1], [1]]
    assert await plays_by_month(conn, ANN, [MAY, JUNE, JULY]) == [1, 1]


async def test_a_month_begins_with_its_first_second(conn: AsyncConnection) -> None:
    (track_id,) = await add_tracks(conn, [StoredTrack("Words", "Low")])
    (words,) = await recorded(conn, "Words", tracks=[track_id])
    own = await history(conn, "spotify")
    times = [seconds_of(MAY) - 1, seconds_of(JUNE) - 1, seconds_of(JUNE), seconds_of(JULY)]
    await listening.add_plays(conn, own, [words] * 4, times)

    assert await plays_by_month(conn, ANN, [MAY, JUNE, JULY]) == [1, 1]
    assert await first_play(conn, ANN) == times[0]


async def test_nobody_played_nothing(conn: AsyncConnection) -> None:
    assert await first_play(conn, ANN) is None
    assert await tracks_by_month(conn, ANN, []) == []
    assert await plays_by_month(conn, ANN, []) == []
    assert [len(one.track_ids) for one in await tracks_by_month(conn, ANN, [MAY, JUNE])] == [0]
