"""Logging, set up once; what looks like a secret never reaches a log."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Literal

LogFormat = Literal["text", "json"]

_SECRETS = re.compile(
    r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # a Discord token
    r"|(?i:(?<=bot )[\w.-]{20,})"
    r"|(?<=[?&]code=)[^\s&]+|(?<=[?&]state=)[^\s&]+"  # of an OAuth answer
    r"|(?i:(?<=token=)[^\s&]+)|(?i:(?<=password=)[^\s&]+)|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)


def redact(text: str) -> str:
    """Return the text with tokens and passwords replaced by `[secret]`."""
    return _SECRETS.sub("[secret]", text)


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str, form: LogFormat) -> None:
    """Send every log line to the standard error stream, one line each."""
    handler = logging.StreamHandler(sys.stderr)
    text = _TextFormatter("{asctime} {levelname:<7} {name}: {message}", style="{")
    handler.setFormatter(_JsonFormatter() if form == "json" else text)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("discord.http").setLevel(
        logging.WARNING
    )  # its debug lines hold request bodies
