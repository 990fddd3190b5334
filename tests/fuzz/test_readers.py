"""Broken files of every kind: read, or refused with one sentence, and never anything else.

`python -m tests.fuzz` does the same for many more of them.
"""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fuzz.mutating import broken
from tests.fuzz.readers import READERS

EACH = 150


@pytest.mark.parametrize("name", READERS)
def test_a_broken_file_is_read_or_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    rng, reader = random.Random(f"{name} 1"), READERS[name]
    files = reader.files()
    for _ in range(EACH if name != "sounds" else EACH // 5):
        file = rng.choice(sorted(files))
        path = tmp_path / file
        path.write_bytes(broken(files[file], rng))

        with suppress(reader.refuses):
            reader.read(path)


@pytest.mark.parametrize("name", READERS)
def test_the_good_files_are_read(name: str, tmp_path: Path) -> None:
    for file, content in READERS[name].files().items():
        (tmp_path / file).write_bytes(content)
        READERS[name].read(tmp_path / file)


def test_a_parquet_file_that_makes_its_reader_panic_is_refused(tmp_path: Path) -> None:
    """A panic of native code is no Exception, so it would end the bot's command."""
    good, rng = READERS["tables"].files()["table.parquet"], random.Random("panic")
    for _ in range(400):
        path = tmp_path / "table.parquet"
        path.write_bytes(broken(good, rng))
        with suppress(READERS["tables"].refuses):
            READERS["tables"].read(path)
