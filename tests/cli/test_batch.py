import asyncio
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.batch import recommend
from bot.errors import SeedsError, SetupError
from bot.store.engine import Database
from tests.stored import StoredTrack, add_tracks
from tests.templates import put_database

app = typer.Typer()
app.command()(recommend)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def fill(file: str) -> None:
    put_database(Path(file))
    tracks = [
        StoredTrack(
            f"Song {n}", f"Artist {n}", {"energy": n / 9, "tempo": 90 + n}, spotify=f"id{n}"
        )
        for n in range(9)
    ]

    async def go() -> None:
        async with (
            Database(f"sqlite+aiosqlite:///{file}") as database,
            database.write() as conn,
        ):
            await add_tracks(conn, tracks)

    asyncio.run(go())


def test_recommend_writes_the_file_and_names_unknown_seeds(home: Path) -> None:
    fill("bside.db")
    (home / "seeds.csv").write_text("list,track_id\na,id1\na,nobody\nb,nothing\n")

    result = run("seeds.csv", "--out", "recs.csv", "--top", "3")

    assert result.exit_code == 0
    assert "does not hold 2 of 3 seeds: nobody; nothing" in result.output
    assert "1 of 2 lists have no known seed" in result.output
    assert "3 recommendations for 1 list: recs.csv" in result.output
    assert len((home / "recs.csv").read_text().splitlines()) == 4


def test_artists_can_be_capped_and_deep_cuts_asked_for(home: Path) -> None:
    fill("bside.db")
    (home / "seeds.csv").write_text("track_id\nid1\n")

    capped = run("seeds.csv", "--out", "recs.csv", "--per-artist", "1", "--deep-cuts", "also")
    only = run("seeds.csv", "--out", "cuts.csv", "--deep-cuts", "only")
    wrong = run("seeds.csv", "--out", "x.csv", "--deep-cuts", "some")

    assert "8 recommendations for 1 list: recs.csv" in capped.output
    assert "0 recommendations for 1 list: cuts.csv" in only.output  # nobody counts these artists
    assert wrong.exit_code != 0
    assert not (home / "x.csv").exists()


def test_many_unknown_seeds_are_not_all_named(home: Path) -> None:
    fill("bside.db")
    names = "".join(f"nobody{n}\n" for n in range(20))
    (home / "seeds.csv").write_text(f"track_id\nid1\n{names}")

    result = run("seeds.csv", "--out", "recs.csv")

    assert "nobody4; and 15 more" in result.output
    assert "nobody5" not in result.output


def test_another_database_can_be_named(home: Path) -> None:
    fill("other.db")
    (home / "seeds.csv").write_text("artist,title\nArtist 1,Song 1\n")

    result = run("seeds.csv", "--out", "recs.csv", "--catalog", "other.db")

    assert result.exit_code == 0
    assert not (home / "bside.db").exists()


def test_seeds_that_are_not_there_leave_no_database_behind(home: Path) -> None:
    run("none.csv", "--out", "recs.csv")

    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (("none.csv", "--out", "recs.csv"), SeedsError, "There is no file none.csv"),
        (("seeds.csv", "--out", "nowhere/recs.csv"), SetupError, "There is no folder"),
        (
            ("seeds.csv", "--out", "recs.csv", "--catalog", "none.db"),
            SetupError,
            "There is no database none.db",
        ),
        (("seeds.csv", "--out", "recs.csv"), SetupError, "The catalogue is empty"),
        (("seeds.csv", "--out", "seeds.csv"), SetupError, "is one of the files to read"),
        (("seeds.csv", "--out", "bside.db"), SetupError, "is the database"),
        (("seeds.csv", "--out", "."), SetupError, "is a folder"),
    ],
    ids=[
        "no seeds",
        "no folder",
        "no database",
        "an empty catalogue",
        "the seeds themselves",
        "the database",
        "a folder",
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    home: Path, arguments: tuple[str, ...], error: type[Exception], sentence: str
) -> None:
    (home / "seeds.csv").write_text("track_id\nid1\n")

    result = run(*arguments)

    assert isinstance(result.exception, error)
    assert sentence in str(result.exception)
    assert not (home / "recs.csv").exists()
    assert (home / "seeds.csv").read_text() == "track_id\nid1\n"
