"""`bside doctor`: what is wrong, and what to do about it."""

import asyncio
import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, Final

import aiohttp
import discord
import typer
from packaging.requirements import Requirement
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import settings
from bot.app import INTENTS
from bot.cli.wiring import keys_of, public_url_of, redirect_uri_of, vault_of
from bot.clock import SystemClock
from bot.core.ai import BadListError, read_list
from bot.errors import SetupError
from bot.sandbox import barriers
from bot.services.accounts import Vault
from bot.services.upkeep import (
    Finding,
    State,
    configured_channels,
    examine_storage,
    judge_barriers,
)
from bot.ui.settings import missing_permissions

INVITE_PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
)
INVITE_SCOPES: Final = ("bot", "applications.commands")

_ENV_FILE: Final = Path(".env")
_PORTAL: Final = "https://discord.com/developers/applications"
_TOKEN_WAY: Final = f"{_PORTAL} → your application → Bot → Reset Token, put it in .env."
_NEW_TOKEN: Final = f"Make a new one: {_TOKEN_WAY}"
_TOKEN: Final = re.compile(r"([\w-]{18,40})\.[\w-]{5,10}\.[\w-]{25,100}", re.ASCII)
_PRIVILEGED: Final = ("members", "presences", "message_content")
_CLOCK_MAY_DIFFER_S: Final = 20
_SERVERS_ASKED: Final = 50
_SHOWN: Final = 5
_COLORS: Final = {State.FINE: "green", State.LOOK: "yellow", State.BROKEN: "bold red"}


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Discord.")] = False,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for Discord.")] = 10.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
) -> None:
    """Check settings, token, database, catalogue and scene, and say what to do.

    Nothing is changed. The exit code is 1 when something is broken.
    """
    with Console(stderr=True).status("Examining …"):
        findings, application_id = asyncio.run(examine(offline=offline, timeout_s=timeout))
    if as_json:
        print(_json(findings))
    else:
        _print(findings, application_id)
    if any(finding.state is State.BROKEN for finding in findings):
        raise typer.Exit(1)


async def examine(*, offline: bool, timeout_s: float) -> tuple[list[Finding], int | None]:
    """Examine everything; return the findings and the application's id where it is known."""
    try:
        config = settings.load(_ENV_FILE)
    except (SetupError, OSError, UnicodeDecodeError) as error:
        advice = "Correct the file .env; .env.example shows every setting."
        return [Finding(State.BROKEN, "settings", str(error), advice)], None
    where = f"{_ENV_FILE} and the environment" if _ENV_FILE.exists() else "the environment; no .env"
    findings = [Finding(State.FINE, "settings", f"read from {where}"), _intents()]
    findings.append(judge_packages(metadata.requires("bside") or [], metadata.version))
    token = config.discord_token.get_secret_value().strip() if config.discord_token else ""
    form, application_id = check_token(token)
    findings.append(form)
    if offline:
        findings.append(Finding(State.LOOK, "Discord", "not asked (--offline)"))
    elif form.state is not State.BROKEN:
        channels = await configured_channels(config.database_url, folder=config.data_folder)
        findings += await ask_discord(token, timeout_s=timeout_s, channels=channels)
    findings.append(music_services(config))
    keys, vault = secret_keys(config)
    findings += [keys, linking(config), shared_pages(config), ai_artists(config)]
    findings.append(judge_barriers(barriers()))
    findings += await examine_storage(
        config.database_url, vault, folder=config.data_folder, now=SystemClock().now()
    )
    return findings, application_id


def music_services(config: settings.Settings) -> Finding:
    """Say which keys of music services are set; none is needed."""
    keys = keys_of(config)
    has = {
        "Last.fm": keys.lastfm,
        "Odesli": keys.odesli,
        "Spotify": keys.spotify_id and keys.spotify_secret,
        "a contact": config.contact,
    }
    given = [name for name, value in has.items() if value]
    missing = [name for name, value in has.items() if not value]
    found = f"set: {', '.join(given) or 'nothing'}; not set: {', '.join(missing) or 'nothing'}"
    if bool(keys.spotify_id) != bool(keys.spotify_secret):
        advice = (
            "Set both SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, or neither (the id alone is "
            "enough for `/link spotify`)."
        )
        return Finding(State.LOOK, "music services", found, advice)
    return Finding(State.FINE, "music services", f"{found} (none is needed)")


def secret_keys(config: settings.Settings) -> tuple[Finding, Vault | None]:
    """Look at the keys of linked accounts without showing them; return what they open."""
    try:
        vault = vault_of(config)
    except SetupError as error:
        return Finding(State.BROKEN, "keys", str(error), "Correct SECRET_KEYS in .env."), None
    if vault.has_key:
        return Finding(State.FINE, "keys", "SECRET_KEYS can be used"), vault
    found = "SECRET_KEYS is not set: accounts are linked by name only"
    return Finding(State.FINE, "keys", found), vault


def linking(config: settings.Settings) -> Finding:
    """Say which accounts listeners can link, and how Spotify's come back."""
    try:
        address = redirect_uri_of(config)
    except SetupError as error:
        return Finding(State.BROKEN, "linking", str(error), "Correct it in .env.")
    named = "Last.fm, ListenBrainz" if config.lastfm_api_key else "ListenBrainz"
    if not config.spotify_client_id:
        return Finding(State.FINE, "linking", named)
    found = f"{named}, Spotify; listeners come back to {address}"
    if not config.secret_keys:
        advice = "Set SECRET_KEYS for `/link spotify`: `bside secrets new-key` makes a key."
        return Finding(State.LOOK, "linking", found, advice)
    if address.startswith("https:") and config.http_port is None:
        advice = "Set HTTP_PORT, so that the bot answers there, and nobody has to paste."
        return Finding(State.LOOK, "linking", found, advice)
    return Finding(State.FINE, "linking", found)


def shared_pages(config: settings.Settings) -> Finding:
    """Say whether listeners can share pages, and where the web finds them."""
    try:
        address = public_url_of(config)
    except SetupError as error:
        return Finding(State.BROKEN, "pages", str(error), "Correct HTTP_PUBLIC_URL in .env.")
    if address is None:
        return Finding(State.FINE, "pages", "none to share: HTTP_PUBLIC_URL is not set")
    return Finding(State.FINE, "pages", f"shared pages are at {address}")


def ai_artists(config: settings.Settings) -> Finding:
    """Say whether the list of artists whose music AI makes can be used."""
    if config.ai_artists is None:
        return Finding(State.FINE, "AI artists", "no list: AI_ARTISTS is not set")
    try:
        entries = read_list(config.ai_artists.read_bytes())
    except (OSError, BadListError) as error:
        why = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        advice = "Name a JSON or CSV file as docs/operators.md shows it. The last good one counts."
        return Finding(State.BROKEN, "AI artists", f"{config.ai_artists}: {why}", advice)
    return Finding(State.FINE, "AI artists", f"{len(entries):,} entries in {config.ai_artists}")


def check_token(token: str) -> tuple[Finding, int | None]:
    """Look at a token without showing it to anybody; return the application's id it holds."""
    if not token:
        advice = f"Get one: {_TOKEN_WAY} Without a token you can run `bside demo`."
        return Finding(State.BROKEN, "token", "DISCORD_TOKEN is not set", advice), None
    if token.lower().startswith("bot "):
        advice = "Remove the word Bot in front of it."
        return Finding(State.BROKEN, "token", "begins with the word Bot", advice), None
    match = _TOKEN.fullmatch(token)
    application_id = _application_id(match[1]) if match else None
    if application_id is None:
        found = f"has {len(token)} characters and not the form of a bot token"
        advice = f"A client secret or public key is something else. {_NEW_TOKEN}"
        return Finding(State.BROKEN, "token", found, advice), None
    return Finding(State.FINE, "token", f"has the right form, application {application_id}"), (
        application_id
    )


def _application_id(part: str) -> int | None:
    """Read the id that the first part of a token holds."""
    try:
        text = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return int(text) if text.isdigit() and len(text) <= 20 else None


def _intents() -> Finding:
    """Look at what the bot asks of the gateway."""
    privileged = [name for name in _PRIVILEGED if getattr(INTENTS, name)]
    if privileged:
        found = f"needs {', '.join(privileged)}"
        advice = f"Switch them on: {_PORTAL} → your application → Bot → Privileged Gateway Intents."
        return Finding(State.LOOK, "intents", found, advice)
    return Finding(State.FINE, "intents", "none is privileged: nothing to switch on")


async def ask_discord(
    token: str, *, timeout_s: float, channels: Sequence[tuple[int, int]] = ()
) -> list[Finding]:
    """Log in as the bot would, without connecting, and look at the application.

    Args:
        timeout_s: so long is waited for Discord, and as long again for what it says of channels.
        channels: the server and the id of each channel that something is to be posted in.
    """
    told = _Clock()
    try:
        intents = discord.Intents(guilds=True)
        async with discord.Client(intents=intents, http_trace=told.trace) as client:
            async with asyncio.timeout(timeout_s):
                await client.login(token)
                findings = _application(await client.application_info())
            findings.append(judge_clock(told.ahead_s))
            return findings + await _posting(client, channels, timeout_s=timeout_s)
    except discord.LoginFailure:
        return [Finding(State.BROKEN, "Discord", "refuses the token", _NEW_TOKEN)]
    except TimeoutError:
        found = f"gave no good answer within {timeout_s:g} seconds"
    except discord.HTTPException as error:
        found = f"answers with an error of its own ({error.status})"
    except (aiohttp.ClientError, OSError):
        found = "could not be reached"
    except (KeyError, TypeError, ValueError):  # a page to sign in to a network, a proxy
        found = "cannot be understood: something else answers in its place"
    advice = (
        "Check this machine's network and https://discordstatus.com; --offline leaves this out."
    )
    return [Finding(State.BROKEN, "Discord", found, advice)]


class _Clock:
    """Notes how far this machine is ahead of Discord, by the date of its answers."""

    def __init__(self) -> None:
        self.ahead_s = 0.0
        self.trace = aiohttp.TraceConfig()
        self.trace.on_request_end.append(self._note)

    async def _note(self, _session: object, _context: object, end: Any) -> None:
        try:
            there = parsedate_to_datetime(end.response.headers.get("Date", ""))
        except ValueError:
            return
        self.ahead_s = (SystemClock().now() - there).total_seconds()


def judge_clock(ahead_s: float) -> Finding:
    """Judge by how many seconds this machine is ahead of Discord."""
    if abs(ahead_s) <= _CLOCK_MAY_DIFFER_S:
        return Finding(State.FINE, "clock", "agrees with Discord's")
    found = f"{abs(ahead_s):,.0f} seconds {'ahead of' if ahead_s > 0 else 'behind'} Discord's"
    advice = (
        "Let the system set its clock: `timedatectl set-ntp true`, or ask who runs the machine."
    )
    return Finding(State.LOOK, "clock", found, advice)


async def _posting(
    client: discord.Client, channels: Sequence[tuple[int, int]], *, timeout_s: float
) -> list[Finding]:
    """Look whether the bot may post where it is to post."""
    if not channels or client.user is None:
        return []
    servers, troubles = sorted({guild for guild, _ in channels}), []
    asked = servers[:_SERVERS_ASKED]
    try:
        async with asyncio.timeout(timeout_s):
            for guild_id in asked:
                wanted = [channel for guild, channel in channels if guild == guild_id]
                troubles += await _troubles_in(client, guild_id, wanted)
    except TimeoutError:
        return [Finding(State.LOOK, "channels", "not all were asked for in time", "")]
    if not troubles:
        found = f"may post in all {sum(guild in asked for guild, _ in channels):,}"
        if len(asked) < len(servers):
            found += f" of the first {len(asked):,} of {len(servers):,} servers"
        return [Finding(State.FINE, "channels", found)]
    advice = "Give the bot these permissions in the channel, or choose another one with `/server`."
    return [Finding(State.LOOK, "channels", "; ".join(troubles[:_SHOWN]), advice)]


async def _troubles_in(
    client: discord.Client, guild_id: int, channel_ids: Sequence[int]
) -> list[str]:
    """Return what is wrong with channels of a server, each in a few words."""
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        me = await guild.fetch_member(client.user.id if client.user else 0)
        there = {channel.id: channel for channel in await guild.fetch_channels()}
    except (discord.Forbidden, discord.NotFound):
        return [f"the bot is not in the server {guild_id} any more"]
    troubles = []
    for channel_id in channel_ids:
        channel = there.get(channel_id)
        if channel is None:
            troubles.append(f"channel {channel_id} in {guild.name} is gone")
        elif missing := missing_permissions(channel.permissions_for(me)):
            troubles.append(f"#{channel.name} in {guild.name} lacks {', '.join(missing)}")
    return troubles


def judge_packages(wanted: Sequence[str], installed: Callable[[str], str]) -> Finding:
    """Judge whether what is installed is what this version needs.

    Args:
        wanted: as `importlib.metadata.requires` gives it.
        installed: the version of a package; raises PackageNotFoundError.
    """
    wrong = []
    for one in map(Requirement, wanted):
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        try:
            version = installed(one.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{one.name} is missing")
            continue
        if not one.specifier.contains(version, prereleases=True):
            wrong.append(f"{one.name} is {version}, needed is {one.specifier}")
    if wrong:
        advice = (
            "Install what this version needs: `uv sync`, or `pip install -r requirements.lock`."
        )
        return Finding(State.LOOK, "packages", "; ".join(wrong[:_SHOWN]), advice)
    return Finding(State.FINE, "packages", "as this version needs them")


def _application(application: discord.AppInfo) -> list[Finding]:
    findings = [Finding(State.FINE, "Discord", f"accepts the token: {application.name}")]
    if application.bot_require_code_grant:
        advice = f"Switch it off: {_PORTAL} → your application → Bot → Requires OAuth2 Code Grant."
        findings.append(
            Finding(State.BROKEN, "invite", "needs a code grant, so nobody can invite it", advice)
        )
    if application.interactions_endpoint_url:
        advice = f"Empty it: {_PORTAL} → your application → Interactions Endpoint URL."
        findings.append(
            Finding(State.BROKEN, "interactions", "go to a web address, not to the bot", advice)
        )
    return findings


def _json(findings: list[Finding]) -> str:
    """Return the findings as a list of objects, in order."""
    names = {State.FINE: "fine", State.LOOK: "look", State.BROKEN: "broken"}
    told = [
        {"state": names[one.state], "what": one.what, "found": one.found, "advice": one.advice}
        for one in findings
    ]
    return json.dumps(told, ensure_ascii=False, indent=2)


def _print(findings: list[Finding], application_id: int | None) -> None:
    console = Console()
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for finding in findings:
        color = _COLORS[finding.state]
        advice = f"\n[dim]→ {escape(finding.advice)}[/]" if finding.advice else ""
        table.add_row(
            f"[{color}]{finding.state}[/]", finding.what, f"{escape(finding.found)}{advice}"
        )
    console.print(table)
    if application_id is not None:
        link = discord.utils.oauth_url(
            application_id, permissions=INVITE_PERMISSIONS, scopes=INVITE_SCOPES
        )
        console.print(
            f"\nInvite the bot to a server (you need Manage Server there):\n{link}", soft_wrap=True
        )
