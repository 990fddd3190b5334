"""The documents know every command and every setting, and their links lead somewhere."""

import re
from pathlib import Path
from typing import cast

import discord
import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command

from bot.app import COGS, BSide
from bot.cli import app
from bot.clock import SystemClock
from bot.services import build_services
from bot.settings import Settings
from bot.store.engine import Database

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *DOCS,
    ROOT / "bot" / "starter" / "README.md",
]
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
MANUAL = "\n".join(TEXTS[page] for page in (ROOT / "README.md", *DOCS))
"""What a user reads: the README and the pages it leads to."""
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)


def named(words: str) -> bool:
    """Return whether the manual has the words in code, and not as a part of longer ones."""
    return re.search(rf"`[^`\n]*(?<![\w/-]){re.escape(words)}(?![\w-])[^`\n]*`", MANUAL) is not None


def links_of(page: Path) -> list[str]:
    """Return the addresses that a page links or shows, outside of its blocks of code."""
    return LINK.findall(FENCE.sub("", TEXTS[page]))


def anchors_of(text: str) -> set[str]:
    """Return what a link to a heading may name, made as GitHub makes it."""
    anchors: list[str] = []
    for heading in re.findall(r"^#{1,6} +(.+?) *$", FENCE.sub("", text), re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        anchors.append(anchor)
    return {
        f"{anchor}-{before}" if (before := anchors[:place].count(anchor)) else anchor
        for place, anchor in enumerate(anchors)
    }


async def test_every_slash_command_stands_in_the_manual(database: Database) -> None:
    bot = BSide(build_services(database, SystemClock()))
    for name in COGS:
        await bot.load_extension(name)

    names = [
        command.qualified_name
        for command in bot.tree.walk_commands()
        if not isinstance(command, discord.app_commands.Group)
    ]

    assert len(names) >= 15
    assert [name for name in names if not named(f"/{name}")] == []
    menus = [
        *bot.tree.get_commands(type=discord.AppCommandType.message),
        *bot.tree.get_commands(type=discord.AppCommandType.user),
    ]
    assert [menu.name for menu in menus if menu.name not in MANUAL] == []


def test_every_command_of_the_command_line_stands_in_the_manual() -> None:
    missing = []
    group = cast(TyperGroup, get_command(app))
    context = typer.Context(group)
    names = group.list_commands(context)
    assert "run" in names
    for name in names:
        below = getattr(group.get_command(context, name), "commands", {"": None})
        for sub in below:
            words = f"bside {name} {sub}".strip()
            if not named(words):
                missing.append(words)

    assert missing == []


def test_every_setting_stands_in_the_example_and_the_manual() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = [name.upper() for name in Settings.model_fields]

    assert re.findall(r"^([A-Z_]+)=", example, re.M) == names
    assert [name for name in names if f"`{name}`" not in MANUAL] == []


def test_the_example_settings_can_be_used_as_they_are() -> None:
    settings = Settings(_env_file=ROOT / ".env.example")  # type: ignore[call-arg]

    assert settings.discord_token is None
    assert settings == Settings(_env_file=None)  # type: ignore[call-arg]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    broken = []
    for link in links_of(page):
        if re.match(r"https?://", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        inside = target.is_relative_to(ROOT) and target.exists()
        if not inside or (anchor and anchor not in anchors_of(target.read_text(encoding="utf-8"))):
            broken.append(link)

    assert broken == []


def test_links_to_headings_are_made_as_github_makes_them() -> None:
    text = "# Who's there?\n## `/discover`: a *promise*\n## One\n## One\n```sh\n# no heading\n```\n"

    assert anchors_of(text) == {"whos-there", "discover-a-promise", "one", "one-1"}


def test_the_readme_leads_to_every_page() -> None:
    linked = {link.partition("#")[0] for link in links_of(ROOT / "README.md")}

    assert [page.name for page in DOCS if f"docs/{page.name}" not in linked] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_every_page_begins_with_what_it_is_for(page: Path) -> None:
    title, blank, first, *_ = TEXTS[page].splitlines()

    assert title.startswith("# ")
    assert not blank
    assert first.startswith("This page is for ")


def test_every_picture_is_shown_somewhere() -> None:
    shown = {
        (page.parent / link).resolve()
        for page in PAGES
        for link in links_of(page)
        if link.endswith(".png")
    }

    assert sorted((ROOT / "docs").glob("*.png")) == sorted(shown)


def test_the_readme_is_short_and_begins_with_the_two_commands() -> None:
    readme = TEXTS[ROOT / "README.md"]

    assert len(readme.splitlines()) <= 100
    assert re.findall(r"^uv run .+$", readme, re.M) == ["uv run bside demo", "uv run pytest"]


def test_the_lock_names_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert "--hash=sha256:" in lock
    assert "://" not in lock
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8")
