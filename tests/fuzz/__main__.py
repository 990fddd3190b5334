"""Break many files and read them: `python -m tests.fuzz [--files 10000] [--seed 1] [--only KIND]`.

Every file that makes its reader raise anything but a sentence is told with its traceback, and kept
in the folder that the last line names.
"""

import argparse
import collections
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.fuzz.mutating import broken
from tests.fuzz.readers import READERS, Reader

_SHARE = {"exports": 0.4, "tables": 0.2, "playlists": 0.2, "seeds": 0.1, "sounds": 0.1}


def tried(name: str, reader: Reader, count: int, seed: int, folder: Path) -> int:
    """Break and read so many files of a kind; return how many ended in a traceback."""
    rng, files = random.Random(f"{name} {seed}"), reader.files()
    came: collections.Counter[str] = collections.Counter()
    start = slowest = time.perf_counter()
    slowest = 0.0
    for number in range(count):
        file = rng.choice(sorted(files))
        path = folder / f"{name}-{number}-{file}"
        path.write_bytes(broken(files[file], rng))
        began = time.perf_counter()
        try:
            reader.read(path)
            came["read"] += 1
        except reader.refuses:
            came["refused"] += 1
        except BaseException:  # panics of native code are no Exception
            if isinstance(sys.exc_info()[1], KeyboardInterrupt):
                raise
            came["TRACEBACK"] += 1
            print(path.name)
            traceback.print_exc()
            continue
        finally:
            slowest = max(slowest, time.perf_counter() - began)
        path.unlink()
    seconds = time.perf_counter() - start
    print(f"{name}: {dict(came)}, slowest {slowest:.2f} s, {seconds:.0f} s in all", flush=True)
    return came["TRACEBACK"]


def main() -> None:
    """Break files of every kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=READERS)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    bad = sum(
        tried(name, reader, int(_SHARE[name] * options.files), options.seed, folder)
        for name, reader in READERS.items()
        if options.only in (None, name)
    )
    print(f"{bad} tracebacks; {folder}")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
