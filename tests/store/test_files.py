from pathlib import Path

from bot.store.files import file_problem


def test_file_problem_has_nothing_against_a_new_or_an_old_file(tmp_path: Path) -> None:
    file = tmp_path / "bside.db"
    assert file_problem(file) is None

    file.touch()

    assert file_problem(file) is None


def test_file_problem_names_a_missing_folder(tmp_path: Path) -> None:
    assert "There is no folder" in (file_problem(tmp_path / "missing" / "bside.db") or "")


def test_file_problem_names_a_folder_in_its_place(tmp_path: Path) -> None:
    assert "is a folder" in (file_problem(tmp_path) or "")
