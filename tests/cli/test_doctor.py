import asyncio
import json
import socket
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import discord
import numpy as np
import pytest
import typer
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from bot.cli.doctor import check_token, doctor, judge_clock, judge_packages
from bot.core.catalog.identity import recording_key
from bot.core.scene.scene import Scene
from bot.core.server import GuildSettings
from bot.sandbox import Barrier, barriers
from bot.services.catalog.live import LiveCatalog
from bot.services.upkeep.doctor import State, disk_room, judge_barriers
from bot.store import guild_settings, scene_files
from bot.store.columns import song_id
from bot.store.engine import Database
from bot.store.tables import artists, external_ids, popularity, tracks
from tests.cli.conftest import APPLICATION_ID, TOKEN, LoopbackDiscord
from tests.cli.test_secret_keys import NEW as NEW_KEY
from tests.cli.test_secret_keys import OLD as OLD_KEY
from tests.cli.test_secret_keys import keep_secret
from tests.conftest import NOON
from tests.templates import put_database

app = typer.Typer()
app.command()(doctor)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def write_env(home: Path, **values: str) -> None:
    (home / ".env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))


def make_database(home: Path, *, starter: bool = False, popular: bool = True) -> None:
    """Make a database with one measured track, and its snapshot."""
    put_database(home / "bside.db")

    async def make() -> None:
        async with Database(f"sqlite+aiosqlite:///{home / 'bside.db'}") as database:
            async with database.write() as conn:
                await conn.execute(insert(artists).values(id=1, name="Low", key="low"))
                await conn.execute(
                    insert(tracks).values(
                        id=1, title="X", artist_id=1, energy=0.5, recording_key="x", version=1
                    )
                )
                if popular:
                    await conn.execute(
                        insert(popularity).values(track_id=1, source="test", value=5)
                    )
                if starter:
                    await conn.execute(
                        insert(external_ids).values(namespace="starter", value="1", track_id=1)
                    )
            await LiveCatalog(database).get()

    asyncio.run(make())


def test_everything_fine_is_said_with_an_invite_link(home: Path, loopback: LoopbackDiscord) -> None:
    write_env(home, DISCORD_TOKEN=TOKEN)
    make_database(home)

    result = run()

    assert result.exit_code == 0, result.output
    assert "✗" not in result.output
    assert "!" not in result.output or not all(barriers().values())
    assert "accepts the token: B-Side" in result.output
    assert "1 track, all measured, all with popularity" in result.output
    assert "fresh and whole: catalogue" in result.output
    assert "none: music is compared by sound and artist" in result.output
    assert f"client_id={APPLICATION_ID}" in result.output
    assert "scope=bot+applications.commands" in result.output
    assert "permissions=274878024768" in result.output
    assert loopback.asked[0] == "GET /users/@me"


def test_nothing_set_up_says_what_to_do_first(home: Path) -> None:
    result = run("--offline")

    assert result.exit_code == 1
    assert "DISCORD_TOKEN is not set" in result.output
    assert "bside demo" in result.output
    assert "bside.db does not exist yet" in result.output
    assert not (home / "bside.db").exists()


def test_a_setting_that_cannot_be_used_is_named(home: Path) -> None:
    write_env(home, LOG_LEVEL="loudest")

    result = run("--offline")

    assert result.exit_code == 1
    assert "LOG_LEVEL cannot be used" in result.output


def test_an_env_file_in_a_strange_encoding_is_no_crash(home: Path) -> None:
    (home / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\x00")

    result = run("--offline")

    assert result.exit_code == 1
    assert "Correct the file .env" in result.output


@pytest.mark.parametrize(
    ("token", "found"),
    [
        ("", "not set"),
        ("abc", "has 3 characters"),
        (f"Bot {TOKEN}", "the word Bot"),
        ("bm90IGEgbnVtYmVyIQ.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789AB", "not the form"),
        ("0123456789abcdef0123456789abcdef", "has 32 characters"),
        (TOKEN.replace(".", ","), "not the form"),
    ],
)
def test_a_token_of_a_wrong_form_is_told_without_showing_it(token: str, found: str) -> None:
    finding, application_id = check_token(token)

    assert finding.state is State.BROKEN
    assert found in finding.found
    assert application_id is None
    assert not token or token not in finding.found + finding.advice


def test_a_refused_token_is_told(home: Path, loopback: LoopbackDiscord) -> None:
    write_env(home, DISCORD_TOKEN=TOKEN)
    loopback.status = 401

    result = run()

    assert result.exit_code == 1
    assert "refuses the token" in result.output
    assert "Reset Token" in result.output
    assert TOKEN not in result.output


@pytest.mark.parametrize(
    ("status", "patience", "found"), [(500, "0.5", "no good answer"), (403, "60", "(403)")]
)
def test_an_error_of_discord_is_no_crash(
    home: Path, loopback: LoopbackDiscord, status: int, patience: str, found: str
) -> None:
    write_env(home, DISCORD_TOKEN=TOKEN)
    loopback.status = status

    result = run("--timeout", patience)

    assert result.exit_code == 1
    assert found in result.output
    assert "discordstatus.com" in result.output


def test_no_answer_of_discord_is_no_crash(home: Path, loopback: LoopbackDiscord) -> None:
    write_env(home, DISCORD_TOKEN=TOKEN)
    loopback.silent = True

    result = run("--timeout", "0.5")

    assert result.exit_code == 1
    assert "no good answer within 0.5 seconds" in result.output


def test_a_network_that_wants_a_sign_in_is_no_crash(home: Path, loopback: LoopbackDiscord) -> None:
    write_env(home, DISCORD_TOKEN=TOKEN)
    loopback.page = "<html>Welcome to our wireless network</html>"

    result = run()

    assert result.exit_code == 1
    assert "something else answers" in result.output


def test_an_offline_machine_is_no_crash(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{port}")
    write_env(home, DISCORD_TOKEN=TOKEN)

    result = run()

    assert result.exit_code == 1
    assert "could not be reached" in result.output


def test_an_application_that_nobody_can_use_is_told(home: Path, loopback: LoopbackDiscord) -> None:
    write_env(home, DISCORD_TOKEN=TOKEN)
    loopback.application = {
        "bot_require_code_grant": True,
        "interactions_endpoint_url": "https://example.com",
    }

    result = run()

    assert result.exit_code == 1
    assert "Requires OAuth2 Code Grant" in result.output
    assert "Interactions Endpoint URL" in result.output


def test_a_damaged_database_is_told(home: Path) -> None:
    (home / "bside.db").write_bytes(b"this is no database at all" * 100)

    result = run("--offline")

    assert result.exit_code == 1
    assert "damaged or is not a B-Side database" in result.output


def test_an_older_schema_is_told_and_left_alone(home: Path) -> None:
    make_database(home)

    async def age() -> None:
        async with Database("sqlite+aiosqlite:///bside.db") as database, database.write() as conn:
            await conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    asyncio.run(age())
    result = run("--offline")

    assert result.exit_code == 1
    assert "has the schema 0000, this version needs" in result.output
    assert "bside db upgrade" in result.output


@pytest.mark.parametrize("url", ["nonsense", "sqlite:///bside.db", "nosuch+thing:///x"])
def test_an_address_that_is_none_is_told(home: Path, url: str) -> None:
    write_env(home, DATABASE_URL=url)

    result = run("--offline")

    assert result.exit_code == 1
    assert "not the address of a usable database" in result.output


def test_a_folder_that_is_missing_is_told(home: Path) -> None:
    write_env(home, DATABASE_URL="sqlite+aiosqlite:///missing/bside.db")

    result = run("--offline")

    assert result.exit_code == 1
    assert "There is no folder" in result.output


@pytest.mark.parametrize(
    ("free_mb", "size_mb", "state"),
    [
        (50, 0, State.BROKEN),
        (500, 450, State.BROKEN),
        (999, 0, State.LOOK),
        (1500, 400, State.LOOK),
        (2000, 400, State.FINE),
    ],
)
def test_the_disk_must_hold_a_backup_too(free_mb: int, size_mb: int, state: State) -> None:
    assert disk_room(free_mb * 10**6, size_mb * 10**6).state is state


def test_a_machine_that_cannot_contain_files_is_told_what_is_missing() -> None:
    both = judge_barriers({Barrier.LANDLOCK: True, Barrier.SECCOMP: True})
    one = judge_barriers({Barrier.LANDLOCK: False, Barrier.SECCOMP: True})
    none = judge_barriers({Barrier.LANDLOCK: False, Barrier.SECCOMP: False})

    assert (both.state, both.advice) == (State.FINE, "")
    assert (one.state, "behind seccomp" in one.found) == (State.LOOK, True)
    assert "no Landlock:" in one.advice
    assert "limits alone" in none.found
    assert "no Landlock and no seccomp" in none.advice


def test_the_starter_catalogue_alone_is_a_hint(home: Path) -> None:
    make_database(home, starter=True)
    write_env(home, DISCORD_TOKEN=TOKEN)

    result = run("--offline")

    assert result.exit_code == 0
    assert "only the starter catalogue" in result.output


def test_a_catalogue_without_popularity_is_a_hint(home: Path) -> None:
    make_database(home, popular=False)

    assert "none with popularity" in run("--offline").output


def test_a_stale_snapshot_is_a_hint(home: Path) -> None:
    make_database(home)

    async def change() -> None:
        async with Database("sqlite+aiosqlite:///bside.db") as database, database.write() as conn:
            await conn.execute(
                insert(tracks).values(id=2, title="Y", artist_id=1, recording_key="y", version=2)
            )

    asyncio.run(change())

    result = run("--offline")

    assert "of catalogue" in result.output
    assert "50.0 % measured" in result.output


def save_scene(home: Path, *recording_keys: str) -> Path:
    """Keep a scene of these songs beside the database; return its folder."""
    ids = np.array(sorted(map(song_id, recording_keys)), np.int64)
    nothing = np.zeros((0, 2), np.float32)
    once = np.ones(len(ids), np.int32)
    vectors = np.ones((len(ids), 2), np.float32)
    scene = Scene(ids, vectors, nothing, (), nothing, once, once, 3505, 0.1)
    folder = scene_files.scene_folder(home / "bside.db")
    scene_files.save(folder, scene, trained_at=NOON, files=("lists.csv",))
    return folder


def test_a_scene_is_told_with_its_age_and_what_it_covers(home: Path) -> None:
    make_database(home)
    save_scene(home, "x")

    output = run("--offline").output

    assert "✓  scene" in output
    assert "of 2026-11-20, 3,505 lists; all of the catalogue's tracks stand in them" in output


def test_a_scene_of_other_music_is_a_hint(home: Path) -> None:
    make_database(home)
    save_scene(home, recording_key("Another Song", "Can"))

    output = run("--offline").output

    assert "!  scene" in output
    assert "none of the catalogue's tracks stand in them" in output
    assert "It was trained on other music" in output


def test_a_damaged_scene_is_a_hint(home: Path) -> None:
    make_database(home)
    for file in save_scene(home, "x").glob("*.npz"):
        file.write_bytes(b"")

    output = run("--offline").output

    assert "!  scene" in output
    assert "damaged or of another version" in output
    assert "bside scene train" in output


def test_a_pointer_to_a_scene_that_is_garbled_is_a_hint(home: Path) -> None:
    make_database(home)
    (save_scene(home, "x") / "CURRENT").write_text("nonsense")

    assert "!  scene" in run("--offline").output


def test_a_key_that_is_none_is_broken_and_not_shown(home: Path) -> None:
    write_env(home, SECRET_KEYS="not-a-key")  # noqa: S106

    result = run("--offline")

    assert "✗  keys" in result.output
    assert "bside secrets new-key" in result.output
    assert "not-a-key" not in result.output


@pytest.mark.parametrize(
    ("keys", "state", "found"),
    [
        ([], "✗", "1 cannot be opened with any key"),
        ([NEW_KEY], "✗", "1 cannot be opened with any key"),
        ([NEW_KEY, OLD_KEY], "!", "1 under an old key"),
        ([OLD_KEY, NEW_KEY], "✓", "1 kept for linked accounts"),
    ],
    ids=["no key", "another key", "an old key", "the key"],
)
def test_tokens_are_told_by_whether_a_key_opens_them(
    home: Path, keys: list[str], state: str, found: str
) -> None:
    keep_secret(home, OLD_KEY)
    write_env(home, SECRET_KEYS=",".join(keys))

    output = run("--offline").output

    assert f"{state}  tokens" in output
    assert found in output


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://localhost:8888/spotify/callback", "not localhost"),
        ("http://b.example.org/spotify/callback", "SPOTIFY_REDIRECT_URI cannot be used"),
        ("https://", "SPOTIFY_REDIRECT_URI cannot be used"),
        ("http://[", "SPOTIFY_REDIRECT_URI cannot be used"),
    ],
)
def test_an_address_that_spotify_does_not_take_is_broken(
    home: Path, address: str, told: str
) -> None:
    write_env(home, SPOTIFY_REDIRECT_URI=address)

    output = run("--offline").output

    assert "✗  linking" in output
    assert told in output


@pytest.mark.parametrize(
    ("values", "state", "found"),
    [
        ({}, "✓", "ListenBrainz"),
        ({"LASTFM_API_KEY": "k"}, "✓", "Last.fm, ListenBrainz"),
        ({"SPOTIFY_CLIENT_ID": "c"}, "!", "Set SECRET_KEYS"),
        ({"SPOTIFY_CLIENT_ID": "c", "SECRET_KEYS": NEW_KEY}, "✓", "Spotify; listeners come back"),
        (
            {
                "SPOTIFY_CLIENT_ID": "c",
                "SECRET_KEYS": NEW_KEY,
                "SPOTIFY_REDIRECT_URI": "https://b.example.org/spotify/callback",
            },
            "!",
            "Set HTTP_PORT",
        ),
    ],
)
def test_what_can_be_linked_is_told(
    home: Path, values: dict[str, str], state: str, found: str
) -> None:
    write_env(home, **values)

    output = run("--offline").output

    assert f"{state}  linking" in output
    assert found in output


def test_a_script_reads_the_findings_as_json_and_nothing_secret_is_in_it(home: Path) -> None:
    write_env(home, DISCORD_TOKEN="Bot " + TOKEN, SECRET_KEYS="short")  # noqa: S106

    result = run("--offline", "--json")

    found = {one["what"]: one for one in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert found["token"]["state"] == found["keys"]["state"] == "broken"
    assert found["token"]["advice"] == "Remove the word Bot in front of it."
    assert found["intents"] == {
        "state": "fine",
        "what": "intents",
        "found": "none is privileged: nothing to switch on",
        "advice": "",
    }
    assert TOKEN not in result.output


def post_in(guild_id: int, channel_id: int) -> None:
    async def write() -> None:
        async with Database("sqlite+aiosqlite:///bside.db") as database, database.write() as conn:
            rules = GuildSettings(promotion_channel_id=channel_id)
            await guild_settings.put(conn, guild_id, rules)

    asyncio.run(write())


def channel(channel_id: int, *, denied: int) -> dict[str, Any]:
    overwrite = {"id": "70", "type": 0, "allow": "0", "deny": str(denied)}
    return {
        "id": str(channel_id),
        "type": 0,
        "name": f"room-{channel_id}",
        "position": 0,
        "permission_overwrites": [overwrite],
        "nsfw": False,
        "parent_id": None,
    }


def test_where_the_bot_may_not_post_is_named(home: Path, loopback: LoopbackDiscord) -> None:
    write_env(home, DISCORD_TOKEN=TOKEN)
    make_database(home)
    links = discord.Permissions(embed_links=True).value
    loopback.guilds = {"70": [channel(1, denied=0), channel(2, denied=links)]}

    post_in(70, 1)
    fine = run()
    post_in(70, 2)
    closed = run()
    post_in(70, 3)
    gone = run()
    post_in(71, 1)
    left = run()

    assert "may post in all 1" in fine.output
    assert "#room-2 in Music lacks Embed Links" in closed.output
    assert "channel 3 in Music is gone" in gone.output
    assert "not in the server 71 any more" in left.output
    assert {one.exit_code for one in (fine, closed, gone, left)} == {0}


@pytest.mark.parametrize(
    ("ahead_s", "found"),
    [(0, "agrees"), (-19, "agrees"), (75, "75 seconds ahead"), (-3600, "behind")],
)
def test_a_clock_that_is_wrong_is_told(ahead_s: float, found: str) -> None:
    assert found in judge_clock(ahead_s).found


def test_packages_that_this_version_does_not_want_are_named() -> None:
    def installed(name: str) -> str:
        if name == "gone":
            raise PackageNotFoundError(name)
        return "1.9"

    wanted = ["old<3,>=2", "gone", "fine>=1", 'extra>=9; extra == "eval"']

    assert (
        judge_packages(wanted, installed).found == "old is 1.9, needed is <3,>=2; gone is missing"
    )
    assert judge_packages(["fine>=1"], installed).state is State.FINE
