"""Opens what the commands need, from the settings, and joins the services."""

import random
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy.exc import ArgumentError, InvalidRequestError

from bot import settings
from bot.clock import Clock, SystemClock
from bot.errors import DatabaseError, SetupError
from bot.services.accounts import Linking, Vault
from bot.services.finding import KeptAnswers
from bot.services.growth import GrowthPlan
from bot.services.sources import Keys, Sources, build_sources
from bot.services.upkeep import BackupPlan
from bot.sources.host import Timing
from bot.sources.http import Http, open_session
from bot.store import dialect, restoring
from bot.store.backups import Keep
from bot.store.engine import Database
from bot.store.files import file_problem, keep_private

_URL: Final = re.compile(r"[!-~]+")


def connect(url: str) -> Database:
    """Return the database at an address, which is opened when it is used.

    Raises:
        SetupError: the address is none.
        DatabaseError: no database can live there.
    """
    try:
        database = Database(url, folder=settings.load().data_folder)
    except ModuleNotFoundError as error:
        raise SetupError(dialect.NO_DRIVER) from error
    except (ArgumentError, InvalidRequestError) as error:
        raise SetupError(
            f"DATABASE_URL is not the address of a usable database. {dialect.ADDRESS_WAY}"
        ) from error
    setting = "DATA_FOLDER" if database.file is None else "DATABASE_URL"
    problem = file_problem(database.beside, setting)
    if problem is not None:
        raise DatabaseError(problem)
    return database


@asynccontextmanager
async def open_database(
    url: str | None = None, *, must_exist: bool = False
) -> AsyncIterator[Database]:
    """Open the database of the settings (or of `url`), brought to the newest schema.

    Args:
        url: another address than that of the settings.
        must_exist: do not make a database that is not there yet.

    Raises:
        SetupError: a setting cannot be used.
        DatabaseError: the database cannot be opened or is of a newer version.
    """
    async with connect(url or settings.load().database_url) as database:
        if must_exist:
            existing_file(database)
        async with restoring.upgraded(database, now=SystemClock().now()):
            if database.file is not None:
                keep_private(database.file)
            yield database


@asynccontextmanager
async def open_sources(
    config: settings.Settings, database: Database, clock: Clock, *, share: float = 1
) -> AsyncIterator[Sources]:
    """Open the way out to the music services; what they answer is kept in the database.

    Args:
        share: which part of what they allow is ours; other processes have the rest.
    """
    contact = config.contact or "a self-hosted Discord bot"
    async with open_session(f"B-Side/{metadata.version('bside')} ({contact})") as session:
        timing = Timing(clock, random.Random(), share=share)  # noqa: S311  (it spreads retries)
        http = Http(session, answers=KeptAnswers(database, clock), timing=timing)
        yield build_sources(http, keys_of(config))


def keys_of(config: settings.Settings) -> Keys:
    """Return the keys of the music services, as far as they are set."""
    return Keys(
        lastfm=_plain(config.lastfm_api_key),
        listenbrainz=_plain(config.listenbrainz_token),
        odesli=_plain(config.odesli_api_key),
        spotify_id=config.spotify_client_id,
        spotify_secret=_plain(config.spotify_client_secret),
    )


def backup_plan_of(config: settings.Settings) -> BackupPlan | None:
    """Return how the operator wants the database to be backed up; None: not at all."""
    days, weeks = (int(part.strip("dw")) for part in config.backup_keep.split())
    every = timedelta(hours=config.backup_every)
    return BackupPlan(every, Keep(days, weeks)) if every else None


def growth_plan_of(config: settings.Settings) -> GrowthPlan | None:
    """Return how far the catalogue may grow by itself; None: not at all."""
    return GrowthPlan(config.grow_a_day, config.grow_to) if config.grow else None


def linking_of(config: settings.Settings) -> Linking:
    """Return what is set up for linking accounts.

    Raises:
        SetupError: a setting cannot be used.
    """
    return Linking(
        vault_of(config),
        redirect_uri_of(config),
        is_served=bool(config.http_port and config.spotify_client_id),
    )


def vault_of(config: settings.Settings) -> Vault:
    """Return what encrypts the tokens of linked accounts.

    Raises:
        SetupError: SECRET_KEYS holds something that is no key.
    """
    keys = (_plain(config.secret_keys) or "").split(",")
    return Vault([key.strip() for key in keys if key.strip()])


def redirect_uri_of(config: settings.Settings) -> str:
    """Return where Spotify sends listeners back to.

    Raises:
        SetupError: Spotify takes no such address.
    """
    try:
        parts = urlsplit(config.spotify_redirect_uri)
        at_home = parts.hostname in ("127.0.0.1", "::1") and parts.port is not None
    except ValueError:
        at_home, parts = False, urlsplit("")
    if (at_home and parts.scheme == "http") or (parts.scheme == "https" and parts.hostname):
        return config.spotify_redirect_uri
    raise SetupError(
        "SPOTIFY_REDIRECT_URI cannot be used: Spotify takes https://your.host/spotify/callback or "
        "http://127.0.0.1:8888/spotify/callback, and not localhost."
    )


def public_url_of(config: settings.Settings) -> str | None:
    """Return where the web reaches the bot's pages, without a slash at the end; None: nowhere.

    Raises:
        SetupError: it is no such address, or nothing is served.
    """
    if not config.http_public_url:
        return None
    if config.http_port is None:
        raise SetupError("HTTP_PUBLIC_URL needs HTTP_PORT: the port where the pages are served.")
    try:
        parts = urlsplit(config.http_public_url)
        at_home = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
        usable = bool(parts.hostname) and (at_home or parts.scheme == "https")
        extra = parts.query or parts.fragment or parts.username is not None
    except ValueError:
        usable, extra = False, ""
    if not usable or extra or not _URL.fullmatch(config.http_public_url):
        raise SetupError(
            "HTTP_PUBLIC_URL cannot be used: write where the web reaches the bot, like "
            "https://your.host or https://your.host/bside (http:// only for this machine)."
        )
    return config.http_public_url.rstrip("/")


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value().strip() or None if secret else None


def existing_file(database: Database) -> Path | None:
    """Return the file of a database that lives in one, without making it.

    Raises:
        DatabaseError: there is none yet.
    """
    if database.file is not None and not database.file.exists():
        raise DatabaseError(
            f"There is no database at {database.file} yet: `bside db upgrade` makes it, and so do "
            "`bside catalog import` and `bside run`."
        )
    return database.file


def check_output(out: Path, *, inputs: Iterable[Path], database: Database) -> None:
    """Make sure that writing a file destroys nothing.

    Raises:
        SetupError: the file is a folder, one of the inputs, or belongs to the database.
    """
    if out.is_dir() or not out.name:
        raise SetupError(f"{out} is a folder: name a file in it.")
    if not out.absolute().parent.is_dir():
        raise SetupError(f"There is no folder {out.absolute().parent}: create it first.")
    if out.resolve() in {path.resolve() for path in inputs}:
        raise SetupError(f"{out} is one of the files to read: write to another file.")
    if database.file is not None:
        own = database.file.resolve()
        if out.resolve() in {
            own,
            own.with_name(f"{own.name}-wal"),
            own.with_name(f"{own.name}-shm"),
        }:
            raise SetupError(f"{out} is the database: write to another file.")


def write_whole(file: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all.

    Raises:
        SetupError: it cannot be written.
    """
    part = file.with_name(f".{file.name}.{uuid4().hex[:8]}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        raise SetupError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
