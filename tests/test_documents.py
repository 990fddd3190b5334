"""The documents know every command and every setting."""

import re
from pathlib import Path

import discord
from typer.main import get_command

from bot.app import COGS, BSide
from bot.cli import app
from bot.clock import SystemClock
from bot.services import build_services
from bot.settings import Settings
from bot.store.engine import Database

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


async def test_every_slash_command_stands_in_the_readme(database: Database) -> None:
    bot = BSide(build_services(database, SystemClock()))
    for name in COGS:
        await bot.load_extension(name)

    names = [
        command.qualified_name
        for command in bot.tree.walk_commands()
        if not isinstance(command, discord.app_commands.Group)
    ]

    assert len(names) >= 15
    assert [name for name in names if f"/{name}" not in README] == []
    menus = bot.tree.get_commands(type=discord.AppCommandType.message)
    assert [menu.name for menu in menus if menu.name not in README] == []


def test_every_command_of_the_command_line_stands_in_the_readme() -> None:
    missing = []
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", {"": None})
        for sub in below:
            words = f"bside {name} {sub}".strip()
            if words not in README:
                missing.append(words)

    assert missing == []


def test_every_setting_stands_in_the_example_and_the_readme() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = [name.upper() for name in Settings.model_fields]

    assert re.findall(r"^([A-Z_]+)=", example, re.M) == names
    assert [name for name in names if f"`{name}`" not in README] == []


def test_the_example_settings_can_be_used_as_they_are() -> None:
    settings = Settings(_env_file=ROOT / ".env.example")  # type: ignore[call-arg]

    assert settings.discord_token is None
    assert settings == Settings(_env_file=None)  # type: ignore[call-arg]


def test_the_lock_names_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert "--hash=sha256:" in lock
    assert "://" not in lock
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8")
