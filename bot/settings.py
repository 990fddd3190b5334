"""Every setting that comes from outside, in one frozen class."""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SetupError


class Settings(BaseSettings):
    """Read from the environment, then from the file `.env`; the names are not case-sensitive."""

    model_config = SettingsConfigDict(
        env_file=".env", frozen=True, extra="ignore", env_ignore_empty=True
    )

    discord_token: SecretStr | None = Field(None, description="The bot's token from Discord.")
    database_url: str = Field(
        "sqlite+aiosqlite:///bside.db",
        description="Where everything is kept; one SQLite file by default.",
    )
    data_folder: Path = Field(
        Path(),
        description="Where the snapshot, the scene and backups of a PostgreSQL database lie.",
    )
    backup_every: int = Field(
        24, ge=0, le=24 * 31, description="Hours from one backup to the next; 0: none."
    )
    backup_keep: str = Field(
        "7d 4w",
        pattern=r"^ *\d{1,3}d +\d{1,3}w *$",
        description="Which backups stay: the newest of each of so many days and weeks.",
    )
    tell_owner: bool = Field(
        True, description="Tell the application's owner, at most once a day, what needs them."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is logged."
    )
    log_also: str = Field(
        "", description="Loggers of other libraries that write as much, by name, with commas."
    )
    log_format: Literal["text", "json"] = Field("text", description="`json` for log collectors.")
    covers: bool = Field(
        True, description="Ask the music services for the covers of what is shown."
    )
    seed_reactions: bool = Field(
        False,
        description="Put 👍 and 👎 under every pick as reactions too (two requests more a pick).",
    )
    grow: bool = Field(
        True, description="Get to know artists around what listeners love, a little every day."
    )
    grow_a_day: int = Field(
        3000, ge=1, le=100_000, description="Tracks that the catalogue grows by in a day at most."
    )
    grow_to: int = Field(300_000, ge=0, description="Tracks at which it grows no more by itself.")
    ai_artists: Path | None = Field(
        None, description="A list (JSON or CSV) of artists whose music AI makes."
    )
    lastfm_api_key: SecretStr | None = Field(
        None, description="Last.fm: listeners and tags of tracks."
    )
    listenbrainz_token: SecretStr | None = Field(
        None, description="ListenBrainz: how many people play a recording."
    )
    odesli_api_key: SecretStr | None = Field(
        None, description="Odesli: more than ten links a minute."
    )
    spotify_client_id: str | None = Field(None, description="Spotify: the id of your app.")
    spotify_client_secret: SecretStr | None = Field(None, description="Spotify: its secret.")
    spotify_redirect_uri: str = Field(
        "http://127.0.0.1:8888/spotify/callback",
        description="Where Spotify sends listeners who link their account.",
    )
    secret_keys: SecretStr | None = Field(
        None, description="Encrypt the tokens of linked accounts; the first is the newest."
    )
    http_host: str = Field(
        "127.0.0.1",
        validation_alias=AliasChoices("http_host", "callback_host"),
        description="Where the bot's pages are served: how it is, and Spotify's way back.",
    )
    http_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("http_port", "callback_port"),
        description="Their port; without one there are none.",
    )
    http_public_url: str | None = Field(
        None,
        description="Where the web reaches these pages; with it, listeners can share some.",
    )
    contact: str | None = Field(
        None, description="An address that the music services can write to."
    )


def load(env_file: Path = Path(".env")) -> Settings:
    """Read the settings.

    Raises:
        SetupError: a setting has a value that cannot be used; the text names it.
    """
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "a setting"
        raise SetupError(f"{name} cannot be used: {first['msg']}. See .env.example.") from error
