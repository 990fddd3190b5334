"""The processes that open files: their limits, their number, and what is told of them."""

import asyncio
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from bot.audio.pool import Analyzer
from bot.errors import UserError
from bot.sandbox import Limits
from tests.audio.files import RATE, file_of, left_in, noise
from tests.audio.songs import STYLES, make_song


@pytest.fixture(scope="module")
def good() -> bytes:
    return file_of(noise(), kind="FLAC")


@pytest.fixture(scope="module")
def heavy() -> bytes:
    """Ninety seconds at 192 kHz: more than a second of work."""
    return file_of(np.tile(noise(), 66), 192_000, subtype="PCM_U8")


async def test_an_analysis_is_of_the_song_in_the_file() -> None:
    song = make_song(STYLES[1], 9, 0, np.random.default_rng(1), seconds=20)
    both = np.stack([song.samples, song.samples], axis=1)

    found = await Analyzer().analyze(file_of(both, kind="MP3"), "song.mp3")

    assert (found.format, found.sample_rate, found.channels) == ("mp3", RATE, 2)
    assert found.duration_s == pytest.approx(20, abs=0.2)
    assert found.tempo.bpm == pytest.approx(song.bpm, rel=0.01)
    assert (found.key.pitch_class, found.key.mode) == (9, 0)
    assert -30 < found.loudness_lufs < 0
    assert len(found.sha256) == 64
    assert found.spectrogram.startswith(b"\x89PNG")
    assert found.fingerprint


async def test_a_path_is_read_where_it_is(tmp_path: Path, good: bytes) -> None:
    (tmp_path / "song.bin").write_bytes(good)

    by_path = await Analyzer().analyze(tmp_path / "song.bin", "song.bin")

    assert by_path == await Analyzer().analyze(good, "x")


@pytest.mark.parametrize("made", [False, True])
async def test_a_path_without_a_file_is_a_sentence(tmp_path: Path, made: bool) -> None:
    if made:
        os.mkfifo(tmp_path / "song.wav")

    with pytest.raises(UserError, match=r"song\.wav cannot be opened"):
        await Analyzer().analyze(tmp_path / "song.wav", str(tmp_path / "song.wav"))


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(Limits(cpu_s=1), id="processor"),
        pytest.param(Limits(wall_s=0.3), id="time"),
        pytest.param(Limits(memory_bytes=200 << 20), id="memory"),
    ],
)
async def test_at_a_limit_the_process_is_ended_and_the_next_file_is_fine(
    limits: Limits, heavy: bytes, good: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    analyzer = Analyzer(limits=limits)

    with pytest.raises(UserError, match="takes too long or too much memory"):
        await analyzer.analyze(heavy, "heavy.wav")

    assert left_in(tmp_path) == []
    if limits.wall_s > 1:
        assert (await analyzer.analyze(good, "good.flac")).format == "flac"


async def test_who_comes_when_all_places_are_taken_is_told_so(good: bytes) -> None:
    analyzer = Analyzer(workers=1, queue=1)

    answers = await asyncio.gather(
        *(analyzer.analyze(good, "x") for _ in range(3)), return_exceptions=True
    )

    refused = [answer for answer in answers if isinstance(answer, UserError)]
    assert [str(one) for one in refused] == [
        "I am listening to several files already. Try again in a minute."
    ]
    assert (await analyzer.analyze(good, "x")).format == "flac"


async def test_whoever_gives_up_leaves_no_process_and_no_place_behind(
    heavy: bytes, good: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    analyzer = Analyzer(workers=1, queue=0)
    task = asyncio.create_task(analyzer.analyze(heavy, "heavy.wav"))
    while not children():  # noqa: ASYNC110  (the kernel tells nobody)
        await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task

    assert not children()
    assert left_in(tmp_path) == []
    assert (await analyzer.analyze(good, "x")).format == "flac"


async def test_the_child_knows_nothing_of_the_bots_environment(
    good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hidden")
    task = asyncio.create_task(Analyzer().analyze(good, "x"))
    environment = b""
    while not task.done() and b"OMP_NUM_THREADS" not in environment:
        await asyncio.sleep(0)
        for pid in children():
            environment = environment_of(pid)
    await task

    assert b"OMP_NUM_THREADS" in environment
    assert b"hidden" not in environment


def environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def children() -> list[int]:
    """Return the processes that open sound files, as far as they have begun to run Python."""
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    commands = {pid: Path(f"/proc/{pid}/cmdline") for pid in map(int, found)}
    return [
        pid for pid, command in commands.items()
        if command.exists() and b"bot.audio.child" in command.read_bytes()
    ]  # fmt: skip
