import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.catalog import app
from bot.errors import ImportFileError, OperatorError
from tests.benchmarks import open_dumps
from tests.services.catalog.importing import samples


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'b.db'}")
    monkeypatch.setenv("COLUMNS", "120")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_an_import_reports_what_became_of_the_rows_and_stats_count_them(tmp_path: Path) -> None:
    table = samples.write(tmp_path, "songs.csv", samples.TIDY)

    report = run("import", str(table), "--rejects", str(tmp_path / "rejects.csv"))
    stats = run("stats")

    assert "TidyTuesday spotify_songs" in report
    assert "no title and no artist" in report
    assert (tmp_path / "rejects.csv").read_text().count("\n") == 2
    assert "popularity from spotify" in stats
    assert "2019" in stats


def test_stats_say_how_many_artists_are_counted_and_by_whom(tmp_path: Path) -> None:
    rows = "A,Ann,50\nB,Ann,\nC,Ben,\nD,Cleo,0\n"
    run("import", str(samples.write(tmp_path, "x.csv", f"title,artist,popularity\n{rows}")))

    lines = [line.strip("│ ") for line in run("stats").splitlines()]
    facts = {
        line.split("│")[0].strip(): line.split("│")[1].strip() for line in lines if "│" in line
    }

    assert facts["artists whom somebody counts"] == "2 (66.7%)"
    assert facts["by spotify (tables you imported)"] == "2"
    assert facts["in lists of the scene"] == facts["in lists alone"] == "0"
    assert facts["artists nobody counts: their fame is a guess"] == "1"


def test_stats_count_who_is_independent_on_a_label_and_unknown(tmp_path: Path) -> None:
    rows = "A,Ann,Self-released\nB,Ben,label\nC,Cleo,\nD,Dan,Sub Pop\n"
    table = samples.write(tmp_path, "x.csv", f"title,artist,who\n{rows}")
    run("import", str(table), "--map", "who=released_by")

    lines = [line.strip("│ ") for line in run("stats").splitlines()]
    facts = {
        line.split("│")[0].strip(): line.split("│")[1].strip() for line in lines if "│" in line
    }

    assert facts["tracks by independent artists"] == "1"
    assert facts["tracks on a label"] == "1"
    assert facts["tracks of which nobody says who released them"] == "2"
    assert facts["who released it, from import"] == "2"


def test_several_files_go_one_after_the_other_each_with_its_own_rejects(tmp_path: Path) -> None:
    paths = [
        str(samples.write(tmp_path, name, samples.ALL[name])) for name in ("tidy.csv", "data.csv")
    ]

    run("import", *paths, "--rejects", str(tmp_path / "r.csv"))

    assert (tmp_path / "r.csv").exists()
    assert (tmp_path / "r-2.csv").exists()


def test_a_map_reads_any_table(tmp_path: Path) -> None:
    table = samples.write(tmp_path, "x.csv", "song,singer\nA,B\n")

    assert "new tracks" in run(
        "import", str(table), "--map", "song=title", "--map", "singer=artist"
    )


def test_a_table_without_a_usable_row_is_an_error(tmp_path: Path) -> None:
    table = samples.write(tmp_path, "x.csv", "title,artist\n,\n,B\n")

    with pytest.raises(OperatorError, match="no row could be used"):
        CliRunner().invoke(app, ["import", str(table)], catch_exceptions=False)


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(ImportFileError, match="does not exist"):
        CliRunner().invoke(app, ["import", "none.csv"], catch_exceptions=False)


def test_rejects_never_overwrite_what_is_read_or_the_database(tmp_path: Path) -> None:
    table = samples.write(tmp_path, "x.csv", "title,artist\nA,B\n")
    run("import", str(table))

    for target in ("x.csv", "b.db", "."):
        with pytest.raises(
            OperatorError, match=r"one of the files to read|is the database|is a folder"
        ):
            CliRunner().invoke(
                app, ["import", str(table), "--rejects", target], catch_exceptions=False
            )

    assert table.read_text() == "title,artist\nA,B\n"
    assert "tracks" in run("stats")


def test_one_bad_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    bad = samples.write(tmp_path, "bad.csv", "x,y\n1,2\n")
    good = samples.write(tmp_path, "good.csv", "title,artist\nA,B\n")

    with pytest.raises(ImportFileError, match=r"bad\.csv is not a track table"):
        CliRunner().invoke(app, ["import", str(bad), str(good)], catch_exceptions=False)

    assert "│ tracks" in run("stats")
    assert "1 │" in run("stats")


def test_columns_that_were_not_used_are_named(tmp_path: Path) -> None:
    table = samples.write(tmp_path, "x.csv", "track_id,title,artist,bpm_guess\n7,A,B,120\n")

    report = run("import", str(table))

    assert "columns not used" in report
    assert "bpm_guess" in report


def test_stats_make_no_database(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="There is no database"):
        CliRunner().invoke(app, ["stats"], catch_exceptions=False)

    assert not (tmp_path / "b.db").exists()


def test_a_homepage_that_is_no_web_address_is_unknown(tmp_path: Path) -> None:
    rows = "A,B,javascript:x\nC,D,https://x.org\n"
    table = samples.write(tmp_path, "x.csv", f"title,artist,homepage\n{rows}")

    run("import", str(table))

    with closing(sqlite3.connect(tmp_path / "b.db")) as database:
        found = database.execute("select title, homepage from tracks order by title").fetchall()
    assert found == [("A", None), ("C", "https://x.org")]


def test_stats_name_the_listens_of_the_starter_catalogue(
    shipped_folder: Path, tmp_path: Path
) -> None:
    shutil.copyfile(shipped_folder / "bside.db", tmp_path / "b.db")

    facts = run("stats")

    assert "popularity from fma (Free Music Archive listens)" in facts
    assert "by fma (Free Music Archive listens)" in facts
    assert "Removed the popularity of 1,107 tracks" in run("forget", "FMA", "--yes")


def test_what_a_source_said_is_forgotten_after_asking(tmp_path: Path) -> None:
    rows = "A,Ann,50,2026-01-02,0.5\nB,Ben,40,2026-03-04,0.6\n"
    header = "title,artist,popularity,observed_on,energy"
    run("import", str(samples.write(tmp_path, "x.csv", f"{header}\n{rows}")))
    assert "2 (2026-01-02 – 2026-03-04)" in run("stats")
    assert "sound from spotify" in run("stats")

    kept = CliRunner().invoke(app, ["forget", "spotify"], input="n\n")
    assert "Nothing was changed" in kept.output
    assert "popularity from spotify" in run("stats")

    assert "Removed the popularity of 2 tracks" in run("forget", "spotify", "--yes")
    assert "spotify" not in run("stats")
    with pytest.raises(OperatorError, match="has said nothing"):
        run("forget", "spotify")


def test_an_export_is_told_with_what_it_left_out_and_is_read_again(tmp_path: Path) -> None:
    rows = "A,Ann,50,0.5\nB,Ben,,0.6\n"
    table = samples.write(tmp_path, "x.csv", f"title,artist,popularity,energy\n{rows}")
    run("import", str(table))

    told = run("export", "open.csv")
    own = run("export", "own.parquet", "--own-use")
    again = run("import", "own.parquet")

    assert "left out: sound by spotify (tables of unknown license" in told
    assert "2 values" in told
    assert "--own-use" in told
    assert "0.5" not in (tmp_path / "open.csv").read_text()
    assert "keep it to yourself" in own
    assert "left out" not in own
    assert "export of B-Side" in again
    assert "columns not used" not in again


def test_an_export_overwrites_no_database_and_says_how_files_may_end(tmp_path: Path) -> None:
    run("import", str(samples.write(tmp_path, "x.csv", "title,artist\nA,B\n")))
    (tmp_path / "link.csv").symlink_to(tmp_path / "b.db")

    for name, sentence in (
        ("b.db", "end its name in"), ("link.csv", "is the database"), ("no/x.csv", "no folder"),
    ):  # fmt: skip
        with pytest.raises(OperatorError, match=sentence):
            CliRunner().invoke(app, ["export", name], catch_exceptions=False)

    assert "│ tracks" in run("stats")


def test_open_data_says_what_was_made_and_learned(tmp_path: Path) -> None:
    open_dumps.write(tmp_path / "dumps", open_dumps.Size(3000, 1500, 300))

    said = run("open-data", str(tmp_path / "dumps"), "--scene")

    assert "records of Discogs" in said
    assert "left out of Discogs: without genres" in said
    assert "kept, with genres" in said
    assert "listens of dumps" in said
    assert "learned from, the listeners in turn" in said
    assert "tracks of the catalogue in them" in said
    assert not list(tmp_path.glob("*open-data*"))


def test_stats_show_names_with_brackets_as_they_stand(tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    table.write_text(
        "title,artist,artist_credit,energy,feature_source,feature_origins\nWords,Low,,0.5,[/b],\n"
    )
    run("import", str(table))

    assert "sound from [/b]" in run("stats")
