"""Real music of known tempo: the MIDI pieces of OpenMSX, played where they are installed.

`apt-get install openttd-openmsx timgm6mb-soundfont fluidsynth`.
"""

import shutil
import struct
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Final

PIECES: Final = Path("/usr/share/games/openttd/baseset/openmsx")
SOUNDFONT: Final = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
PRESENT: Final = PIECES.is_dir() and SOUNDFONT.exists() and shutil.which("fluidsynth") is not None


def pieces() -> list[Path]:
    return sorted(PIECES.glob("*.mid"))


def render(piece: Path, wav: Path) -> None:
    command = ["fluidsynth", "-ni", "-q", "-g", "0.6", "-r", "44100", "-F"]
    command += [str(wav), str(SOUNDFONT), str(piece)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603


def known_tempo(piece: Path) -> float | None:
    """Return the tempo that a MIDI file keeps for 90 % of its time; None when it has none such."""
    content = piece.read_bytes()
    division = struct.unpack(">H", content[12:14])[0]
    changes: list[tuple[int, int]] = []
    end, place = 0, 14
    while place < len(content):
        length = struct.unpack(">I", content[place + 4 : place + 8])[0]
        track_end, found = _tempo_changes(content[place + 8 : place + 8 + length])
        changes += found
        end = max(end, track_end)
        place += 8 + length
    changes = sorted([(0, 500_000), *changes], key=lambda change: change[0])
    spans: dict[int, float] = {}
    for (start, beat), (stop, _) in pairwise([*changes, (end, 0)]):
        spans[beat] = spans.get(beat, 0) + (stop - start) / division * beat / 1e6
    beat, seconds = max(spans.items(), key=lambda span: span[1])
    return 60e6 / beat if seconds >= 0.9 * sum(spans.values()) else None


def _tempo_changes(track: bytes) -> tuple[int, list[tuple[int, int]]]:
    """Return when a track ends and its (tick, microseconds per beat)."""
    place, now, status, found = 0, 0, 0, []

    def number() -> int:
        nonlocal place
        value = 0
        while True:
            byte = track[place]
            place += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    while place < len(track):
        now += number()
        if track[place] >= 0x80:
            status = track[place]
            place += 1
        if status in (0xF0, 0xF7):
            place += number()
        elif status == 0xFF:
            kind, length = track[place], 0
            place += 1
            length = number()
            if kind == 0x51:
                found.append((now, int.from_bytes(track[place : place + 3])))
            place += length
        else:
            place += 1 if status >> 4 in (0xC, 0xD) else 2
    return now, found
