"""Real music, where it is installed."""

from pathlib import Path

import pytest

from bot.audio.decoding import read
from bot.audio.fingerprint import same_recording
from bot.audio.measuring import measure
from tests.audio.openmsx import PIECES, PRESENT, known_tempo, render
from tests.audio.songs import same_tempo


@pytest.mark.skipif(not PRESENT, reason="OpenMSX, its sound font or fluidsynth is not installed")
def test_pieces_have_the_tempo_of_their_notes_and_are_told_apart(tmp_path: Path) -> None:
    found = []
    for name in ("relax_song", "no_work_song_redfarn", "modern_motion"):
        tempo = known_tempo(PIECES / f"{name}.mid")
        render(PIECES / f"{name}.mid", tmp_path / "piece.wav")
        analysis = measure(read(tmp_path / "piece.wav"))
        found.append(analysis.fingerprint)

        assert tempo is not None
        assert same_tempo(analysis.tempo.bpm, tempo, octaves=True)

    assert not same_recording(found[0], found[1])
    assert not same_recording(found[1], found[2])
    assert same_recording(found[2], found[2])
