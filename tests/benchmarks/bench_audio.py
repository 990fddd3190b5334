"""How well and how fast sound files are analysed.

`uv run python -m tests.benchmarks.bench_audio [--songs 192] [--markdown FILE] [MUSIC…]`: songs made
by rule (tempo and key known), the pieces of OpenMSX where they are installed (tempo known), the
tones of EBU Tech 3341, and any music files for the error rates of fingerprints.
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

import argparse
import asyncio
import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from bot.audio.analysis import PERCEIVED, Analysis
from bot.audio.decoding import EXCERPT_S, Sound, read
from bot.audio.fingerprint import SAME, difference
from bot.audio.loudness import integrated_loudness
from bot.audio.measuring import measure
from bot.audio.pool import Analyzer
from tests.audio import openmsx
from tests.audio.files import file_of, tone
from tests.audio.songs import RATE, Song, catalog_of_songs, mirex_score, same_tempo
from tests.benchmarks.bench_loop import watch

Row = tuple[str, str]
MINUTE_AND_A_HALF = 90


def analysis_of(samples: NDArray[np.float32], rate: int = RATE) -> Analysis:
    frames = samples.reshape(len(samples), -1)
    return measure(Sound(frames, rate, "wav", len(samples) / rate, None, None))


def as_mp3(samples: NDArray[np.float32], rate: int = RATE) -> NDArray[np.float32]:
    """Return what is left of a sound at half its level in an MP3."""
    content = file_of(samples * np.float32(0.5), rate, "MP3")
    heard: NDArray[np.float32] = soundfile.read(io.BytesIO(content), dtype="float32")[0]
    return heard


def songs_rows(songs: list[Song]) -> Iterator[Row]:
    found = [analysis_of(song.samples) for song in songs]
    pairs = list(zip(found, songs, strict=True))
    for octaves in (False, True):
        right = [same_tempo(one.tempo.bpm, song.bpm, octaves=octaves) for one, song in pairs]
        yield f"tempo accuracy {1 + octaves}, {len(songs)} songs", f"{np.mean(right):.3f}"
    scores = [
        mirex_score((one.key.pitch_class, one.key.mode), (song.pitch_class, song.mode))
        for one, song in pairs
    ]
    yield "key, exact", f"{np.mean(np.array(scores) == 1):.3f}"
    yield "key, MIREX", f"{np.mean(scores):.3f}"
    surer = np.argsort([-one.key.confidence for one in found])[: len(found) // 2]
    yield "key, exact, of the surer half", f"{np.mean(np.array(scores)[surer] == 1):.3f}"
    same = [
        (
            same_tempo(again.tempo.bpm, one.tempo.bpm, octaves=True),
            (again.key.pitch_class, again.key.mode) == (one.key.pitch_class, one.key.mode),
        )
        for one, song in pairs[::4]
        for again in [analysis_of(as_mp3(song.samples))]
    ]
    yield "tempo, key as they were in an MP3 at −6 dB", "{:.3f}, {:.3f}".format(*np.mean(same, 0))


def openmsx_rows(folder: Path) -> Iterator[Row]:
    right = []
    for piece in openmsx.pieces():
        tempo = openmsx.known_tempo(piece)
        if tempo is not None:
            openmsx.render(piece, folder / "piece.wav")
            found = measure(read(folder / "piece.wav")).tempo.bpm
            right.append([same_tempo(found, tempo, octaves=octaves) for octaves in (False, True)])
    once, octaves = np.mean(right, axis=0)
    yield f"tempo accuracy 1, 2, {len(right)} OpenMSX pieces", f"{once:.3f}, {octaves:.3f}"


def loudness_rows() -> Iterator[Row]:
    cases = ([(-23, 20)], [(-33, 20)], [(-36, 10), (-23, 60), (-36, 10)])
    worst = 0.0
    for parts in cases:
        mono = np.concatenate([tone(seconds, db=db, rate=48_000) for db, seconds in parts])
        found = integrated_loudness(np.stack([mono, mono], axis=1), 48_000)
        worst = max(worst, abs(found - max(db for db, _ in parts)))
    yield "loudness, largest error on EBU 3341 tones", f"{worst:.3f} LU"


def fingerprint_rows(recordings: dict[str, tuple[NDArray[np.float32], int]]) -> Iterator[Row]:
    """Compare every recording with itself as an MP3 that begins later, and with all others."""
    prints, changed = [], []
    for place, (samples, rate) in enumerate(recordings.values()):
        prints.append(analysis_of(samples, rate).fingerprint)
        later = samples[(1 + 7 * place % 8) * rate // 2 :]
        changed.append(analysis_of(as_mp3(later, rate), rate).fingerprint)
    same = np.array([difference(*pair) for pair in zip(prints, changed, strict=True)])
    other = np.array([difference(*pair) for pair in combinations(prints, 2)])
    yield f"fingerprints, missed of {len(same)}", f"{np.mean(same > SAME):.4f}"
    yield "differing bits, same recording, worst", f"{same.max():.3f}"
    yield f"fingerprints, false of {len(other)} pairs", f"{np.mean(other <= SAME):.5f}"
    yield "differing bits, other recordings, nearest", f"{other.min():.3f}"


def peak_memory(content: bytes) -> int:
    """Return the megabytes that the child has needed at most, as the kernel tells itself."""
    told = "import sys; from bot.audio import child; child.main(); "
    told += "sys.stderr.write(open('/proc/self/status').read())"
    command = [sys.executable, "-c", told, str(700 << 20), "60"]
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        ended = subprocess.run(command, stdin=file, capture_output=True, check=True, text=True)
    line = next(line for line in ended.stderr.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def cost_rows(content: bytes) -> Iterator[Row]:
    clock = -time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", "import bot.audio.child"], check=True)
    yield "import of the child", f"{clock + time.perf_counter():.2f} s"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    late: list[float] = []
    runs = 6

    async def run() -> None:
        stop = asyncio.Event()
        watcher = asyncio.create_task(watch(late, stop))
        analyzer = Analyzer()
        for _ in range(runs):
            await analyzer.analyze(content, "song.mp3")
        stop.set()
        await watcher

    asyncio.run(run())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    yield f"processor for {EXCERPT_S} s of MP3, process included", f"{used / runs:.2f} s"
    yield "memory of the child", f"{peak_memory(content)} MB"
    yield "event loop late, 99 %", f"{1000 * np.percentile(late, 99):.1f} ms"


def feeling_rows(found: list[Analysis]) -> Iterator[Row]:
    for name in PERCEIVED:
        values = [getattr(one, name).value for one in found]
        low, middle, high = np.percentile(values, [10, 50, 90])
        ends = np.mean([value in (0, 1) for value in values])
        yield (
            f"{name} 10 %, 50 %, 90 %; at an end",
            f"{low:.2f}, {middle:.2f}, {high:.2f}; {ends:.2f}",
        )


def main(count: int, music: list[Path]) -> str:
    songs = catalog_of_songs()[:: max(1, 192 // count)]
    long = np.tile(songs[0].samples, 4)[: MINUTE_AND_A_HALF * 22_050]
    stereo = np.stack([np.repeat(long, 2)] * 2, axis=1)
    rows = [*songs_rows(songs), *loudness_rows(), *cost_rows(file_of(stereo, 44_100, "MP3"))]
    recordings = {str(place): (song.samples, RATE) for place, song in enumerate(songs[::3])}
    rows += [("songs made by rule:", ""), *fingerprint_rows(recordings)]
    with tempfile.TemporaryDirectory() as name:
        if openmsx.PRESENT:
            rows += openmsx_rows(Path(name))
    if music:
        sounds = {str(file): read(file) for file in music}
        mono = {name: (sound.samples.mean(axis=1), sound.rate) for name, sound in sounds.items()}
        rows += [(f"{len(music)} music files:", ""), *fingerprint_rows(mono)]
        rows += feeling_rows([measure(sound) for sound in sounds.values()])
    lines = [f"| {what} | {value} |" for what, value in rows]
    return "\n".join(["| measured | |", "| - | -: |", *lines, ""])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("music", nargs="*", type=Path)
    parser.add_argument("--songs", type=int, default=192)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    text = main(options.songs, options.music)
    print(text)
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
