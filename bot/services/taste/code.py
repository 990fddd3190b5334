"""Which code derives tastes: what other code has derived is derived again."""

import platform
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Final

import numpy as np

_PACKAGES: Final = ("bot.core.catalog", "bot.core.scene", "bot.core.taste", "bot.services.taste")


@cache
def code_version() -> str:
    """Return what changes with any line that a taste may depend on, with numpy, or the machine.

    Read from the code itself, so that nobody can forget to raise a number.
    """
    found = blake2b(f"{np.__version__} {platform.machine()}".encode(), digest_size=8)
    for package in _PACKAGES:
        for file in sorted(files(package).iterdir(), key=lambda one: one.name):
            if file.name.endswith(".py"):
                found.update(file.read_bytes())
    return found.hexdigest()
