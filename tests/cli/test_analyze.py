"""`bside analyze`, on files in a folder."""

import asyncio
import csv
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.core.catalog import read_text
from bot.core.models import SubjectKind
from bot.errors import OperatorError, SetupError
from bot.services.finding.lookup import Lookup
from bot.store.engine import Database
from tests.audio.files import file_of, noise


@pytest.fixture
def music(home: Path) -> Path:
    """Two good files, one broken one, and one that is no sound."""
    folder = home / "music"
    (folder / "album").mkdir(parents=True)
    (folder / "album" / "01 Low - Shed.wav").write_bytes(file_of(noise(seed=1)))
    (folder / "album" / "Can – Vitamin C.flac").write_bytes(file_of(noise(seed=2), kind="FLAC"))
    (folder / "album" / "Can - Broken.mp3").write_bytes(b"ID3\x04" + bytes(300))
    (folder / "cover.png").write_bytes(b"\x89PNG")
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["analyze", *map(str, arguments)], catch_exceptions=False)


def lines(result: Result) -> str:
    """What was printed, with single spaces, however wide the columns are."""
    return " ".join(result.output.split())


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as content:
        return list(csv.DictReader(content))


def test_a_folder_becomes_a_table_that_the_catalogue_imports(music: Path, home: Path) -> None:
    result = run(music, "--out", home / "features.csv")

    rows = table(home / "features.csv")
    assert [(row["artist"], row["title"]) for row in rows] == [
        ("Low", "Shed"),
        ("Can", "Vitamin C"),
    ]
    assert all(float(row["loudness"]) < 0 for row in rows)
    assert "Can - Broken.mp3 cannot be read" in result.output or "of a kind" in result.output
    assert "files that could not be measured │ 1" in lines(result)
    imported = CliRunner().invoke(app, ["catalog", "import", str(home / "features.csv")])
    assert "bside analyze" in imported.output
    assert asyncio.run(known("Low – Shed")) == "Shed"
    assert not list(home.glob(".*.part"))


def test_a_second_run_measures_only_what_is_new_or_changed(music: Path, home: Path) -> None:
    out = home / "features.csv"
    run(music, "--out", out)
    before = table(out)
    (music / "album" / "01 Low - Shed.wav").write_bytes(file_of(noise(seed=3)))
    shutil.copy(music / "album" / "Can – Vitamin C.flac", music / "Can - Halleluhwah.flac")

    result = run(music, "--out", out)

    assert "files measured before │ 1" in lines(result)
    assert "files measured │ 2" in lines(result)
    after = {row["title"]: row for row in table(out)}
    assert after.keys() == {"Shed", "Vitamin C", "Halleluhwah"}
    assert after["Shed"]["sha256"] != before[0]["sha256"]


def test_import_takes_the_tracks_into_the_catalogue_once(music: Path) -> None:
    first = run(music, "--import")
    again = run(music, "--import")

    assert "tracks added to the catalogue │ 2" in lines(first)
    assert "files measured before │ 2" in lines(again)
    assert asyncio.run(known("Can – Vitamin C")) == "Vitamin C"


def test_control_c_keeps_what_was_measured(music: Path, home: Path) -> None:
    (music / "later").mkdir()
    for number in range(60):
        copy = music / "later" / f"Low - Song {number:02}.wav"
        shutil.copy(music / "album" / "01 Low - Shed.wav", copy)
    command = [
        sys.executable,
        "-m",
        "bot",
        "analyze",
        str(music),
        "--out",
        "f.csv",
        "--workers",
        "1",
    ]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, env=environment) as process:  # noqa: S603
        assert process.stdout is not None
        process.stdout.readline()  # of the broken file: the one before it is done
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=600)

    assert process.returncode == 130
    assert b"Stopped; what was measured is kept." in output
    assert 0 < len(table(home / "f.csv")) < 62


@pytest.mark.usefixtures("home")
def test_what_cannot_work_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "precious.csv").write_text("title,artist\nShed,Low\n")
    (tmp_path / "noise.wav").write_bytes(file_of(noise()))
    for arguments, error, sentence in (
        (["noise.wav"], SetupError, "--out FILE.csv, --import, or both"),
        (["nowhere", "--import"], OperatorError, "no file or folder nowhere"),
        (["empty", "--import"], OperatorError, "There is no sound file in empty"),
        (["noise.wav", "--out", "precious.csv"], SetupError, "was not written by `bside analyze`"),
        (["noise.wav", "--out", "noise.wav"], SetupError, "is one of the files to read"),
        (["noise.wav", "--out", "x.csv"], OperatorError, "None of the files could be measured"),
    ):
        with pytest.raises(error, match=sentence):
            run(*arguments)

    assert (tmp_path / "precious.csv").read_text() == "title,artist\nShed,Low\n"


async def known(text: str) -> str:
    """Return the title that the database of this folder finds for a text."""
    async with Database("sqlite+aiosqlite:///bside.db") as database:
        hit = await Lookup(database).resolve(read_text(text), [SubjectKind.TRACK])
        return hit.title
