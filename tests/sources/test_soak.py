import asyncio
import random
from collections import Counter
from datetime import timedelta

from bot.demo.servers.loopback import RateWindow
from bot.demo.servers.reccobeats import ReccoBeatsServer
from bot.demo.servers.songs import Song
from bot.errors import SourceError
from bot.sources.host import Timing
from bot.sources.http import Http, open_session
from bot.sources.reccobeats import PACE, ReccoBeats
from tests.sources import virtual_time
from tests.sources.memory_answers import MemoryAnswers


def spotify_id(number: int) -> str:
    return f"{number:022d}"


def test_a_thousand_tracks_are_learned_from_a_server_that_fails_three_times_in_ten() -> None:
    """Half of them are unknown to it; in the end each is either known or honestly missing."""
    songs = [
        Song(f"Song {n}", "Low", spotify_id=spotify_id(n), features={"tempo": 60 + n / 10})
        for n in range(0, 1000, 2)
    ]

    async def enrich() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, virtual_time.VirtualLoop)
        window = RateWindow(PACE.calls, timedelta(seconds=PACE.seconds), loop.now)
        async with (
            ReccoBeatsServer(songs=songs, window=window, failing_share=0.3) as server,
            open_session("B-Side/test") as session,
        ):
            answers = MemoryAnswers()
            timing = Timing(loop, random.Random(7))  # noqa: S311
            client = ReccoBeats(Http(session, answers=answers, timing=timing), server.base)
            waiting = [
                [spotify_id(n) for n in range(first, first + 10)] for first in range(0, 1000, 10)
            ]

            async def learn(ids: list[str]) -> None:
                while True:
                    try:
                        found = await client.audio_features(ids)
                    except SourceError:
                        await asyncio.sleep(timing.rng.uniform(30, 90))
                    else:
                        expected = {one: 60 + int(one) / 10 for one in ids if int(one) % 2 == 0}
                        assert {one: row.tempo for one, row in found.items()} == expected
                        return

            await asyncio.gather(*(learn(ids) for ids in waiting))

            known = Counter(answer is not None for answer in answers.kept.values())
            assert known == {True: 500, False: 500}
            assert server.limited == 0
            learned = len(server.calls)
            await asyncio.gather(*(client.audio_features(ids) for ids in waiting))
            assert len(server.calls) == learned

    virtual_time.run(enrich())
