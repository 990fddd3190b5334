"""Checks whether a database file can be opened, before opening it."""

import glob
import os
from pathlib import Path
from typing import Final

STAMP: Final = "%Y%m%d-%H%M%S"
"""How a moment stands in the name of a copy."""


def file_problem(file: Path, setting: str) -> str | None:
    """Return why this file cannot hold a database, and what to do; None when it can.

    Args:
        file: it need not exist yet.
        setting: which names it.
    """
    folder = file.absolute().parent
    if not folder.is_dir():
        return f"There is no folder {folder}. Create it, or change {setting}."
    if file.is_dir():
        return f"{file} is a folder. Set {setting} to a file in it."
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"The folder {folder} cannot be written. Let this user write there."
    if file.exists() and not os.access(file, os.R_OK | os.W_OK):
        return f"The file {file} cannot be read and written. Let this user do that."
    return None


def keep_private(file: Path) -> None:
    """Let only this user read a database, its log and its copies, made under whatever umask."""
    for one in file.parent.glob(f"{glob.escape(file.name)}*"):
        if one.is_file() and one.stat().st_uid == os.getuid():
            one.chmod(one.stat().st_mode & 0o700)
