"""Logging, set up once; what looks like a secret never reaches a log."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, Literal

LogFormat = Literal["text", "json"]

_OWN: Final = ("bot", "cogs", "migrations")
"""Our own loggers; what others write holds what people said and who they are."""
_NAMED: Final = (
    r"[\w-]*(?:token|secret|secret[_-]keys?|password|passwd|api[_-]?key|code[_-]verifier"
    r"|authorization)"
)
"""Names whose values are secret, whatever stands before them."""
_SHORT: Final = "key|code|state|sk|auth"
"""Names whose values are secret where they are written `name=value` or as a field of JSON."""
_VALUE: Final = r"[^\s\"'&,;}\])]+"
_SECRETS: Final = re.compile(
    r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # a Discord token
    r"|\bgAAAA[\w=-]{40,}|(?<![\w-])[\w-]{43}=(?![\w=])"  # what SECRET_KEYS encrypts, and a key
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?i:(?P<scheme>\b(?:bot|token)\s+)[\w.~+/=-]{16,})"
    r"|(?i:(?P<other>\b(?:bearer|basic)\s+)[\w.~+/=-]{6,})"
    r"|(?i:(?P<list>\bsecret_keys=)[^\s\"']+)"
    rf"|(?i:(?P<field>[\"'](?:{_NAMED}|{_SHORT})\\?[\"']\s*[:=]\s*)(?P<quote>\\?[\"']).*?(?P=quote))"
    rf"|(?i:(?P<named>(?<![\w-])(?:{_NAMED})\s*[:=]\s*)(?:(?:bearer|basic|token|bot)\s+)?{_VALUE})"
    rf"|(?i:(?P<short>(?<![\w-])(?:{_SHORT})=){_VALUE})"
)


def redact(text: str) -> str:
    """Return the text with tokens, keys and passwords replaced by `[secret]`."""
    return _SECRETS.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    before = ("scheme", "other", "list", "field", "named", "short")
    return next((found[name] for name in before if found[name]), "") + "[secret]"


request: Final[ContextVar[str]] = ContextVar("request", default="")
"""Stands in every line that is written for one command, button or form; its user may be told it."""


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line, about = redact(super().format(record)), request.get()
        first, end, rest = line.partition("\n")
        return f"{first} [{about}]{end}{rest}" if about else line


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if request.get():
            line["request"] = request.get()
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _told_shortly(record: logging.LogRecord) -> bool:
    """Turn discord.py's traceback of a lost connection into a line: it connects again by itself."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None and str(record.msg).startswith("Attempting a reconnect"):
        why = f"{error}" or type(error).__name__
        record.msg = f"{record.getMessage()}: {why}"
        record.args, record.exc_info = None, None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def set_up(level: str, form: LogFormat, *, also: Iterable[str] = ()) -> None:
    """Send every log line to the standard error stream, one line each.

    Args:
        level: from which level on the bot's own lines are written; others write warnings only.
        form: how a line looks.
        also: other loggers, by name, that write from this level on, too.
    """
    handler = logging.StreamHandler(sys.stderr)
    text = _TextFormatter("{asctime} {levelname:<7} {name}: {message}", style="{")
    handler.setFormatter(_JsonFormatter() if form == "json" else text)
    least = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=max(least, logging.WARNING), handlers=[handler], force=True)
    for name in (*_OWN, *also):
        logging.getLogger(name).setLevel(least)
    for name in ("discord.client", "discord.shard"):
        logging.getLogger(name).addFilter(_told_shortly)
    if "discord.http" not in also:  # its debug lines hold what people wrote
        logging.getLogger("discord.http").setLevel(logging.WARNING)
