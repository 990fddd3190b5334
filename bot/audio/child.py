"""The process that opens a stranger's sound file: it limits itself, measures, answers and ends.

`python -I -m bot.audio.child MEMORY_BYTES CPU_S [excerpt]`; the file is its standard input. It
answers with one line: the analysis (with an excerpt, if asked for), or "refused: " and why.
"""

import os
import resource
import sys
from dataclasses import replace
from typing import Final

from bot.audio.analysis import encode
from bot.audio.decoding import read
from bot.audio.excerpt import excerpt
from bot.audio.measuring import measure
from bot.audio.refusal import Refusal, RefusedError

_FILE_BYTES: Final = 8 << 20
_OPEN_FILES: Final = 64
_NICE: Final = 5
"""The bot's own processes come first."""


def limit(memory_bytes: int, cpu_s: int) -> None:
    """Give up everything that reading a sound file does not need; this cannot be undone."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Analyse the file on standard input."""
    os.nice(_NICE)
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.buffer.write(_answer(with_excerpt=sys.argv[3:] == ["excerpt"]))


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
