"""The process that opens a stranger's sound file: it walls itself in, measures, answers and ends.

`python -I -m bot.audio.child MEMORY_BYTES CPU_S [excerpt]`; the file is its standard input. It
answers with one line: the analysis (with an excerpt, if asked for), or "refused: " and why.
"""

import sys
from dataclasses import replace

import numpy as np

from bot.audio import tags
from bot.audio.analysis import encode
from bot.audio.decoding import Sound, read
from bot.audio.excerpt import excerpt
from bot.audio.measuring import measure
from bot.audio.refusal import Refusal, RefusedError
from bot.sandbox import confine


def main() -> None:
    """Analyse the file on standard input."""
    rehearse()
    confine(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.buffer.write(_answer(with_excerpt=sys.argv[3:] == ["excerpt"]))


def rehearse() -> None:
    """Do all of it once with a noise of ours: what is imported late is there then."""
    noise = np.random.default_rng(0).standard_normal((66_150, 1), np.float32)
    sound = Sound(noise / np.float32(10), 22_050, "wav", 3.0, None, None)
    measure(sound)
    excerpt(sound)
    tags.rehearse()


def _answer(*, with_excerpt: bool) -> bytes:
    try:
        sound = read(0)
        found = measure(sound)
        return encode(replace(found, excerpt=excerpt(sound)) if with_excerpt else found)
    except RefusedError as error:
        return _refused(error.why)
    except MemoryError:
        return _refused(Refusal.LIMITS)


def _refused(why: str) -> bytes:
    return f"refused: {why}".encode()


if __name__ == "__main__":
    main()
