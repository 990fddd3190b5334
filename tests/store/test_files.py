from pathlib import Path

from bot.store.files import file_problem, keep_private


def test_file_problem_has_nothing_against_a_new_or_an_old_file(tmp_path: Path) -> None:
    file = tmp_path / "bside.db"
    assert file_problem(file, "DATABASE_URL") is None

    file.touch()

    assert file_problem(file, "DATABASE_URL") is None


def test_file_problem_names_a_missing_folder(tmp_path: Path) -> None:
    assert "There is no folder" in (
        file_problem(tmp_path / "missing" / "bside.db", "DATABASE_URL") or ""
    )


def test_file_problem_names_a_folder_in_its_place(tmp_path: Path) -> None:
    assert "is a folder" in (file_problem(tmp_path, "DATABASE_URL") or "")


def test_a_database_and_its_copies_are_for_one_user_only(tmp_path: Path) -> None:
    names = ("bside.db", "bside.db-wal", "bside.db.backup-20261120-120000")
    for name in (*names, "other.db"):
        (tmp_path / name).touch(mode=0o644)
        (tmp_path / name).chmod(0o644)

    keep_private(tmp_path / "bside.db")

    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == dict.fromkeys(names, 0o600) | {"other.db": 0o644}
