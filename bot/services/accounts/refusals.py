"""The sentences for what cannot be linked, each with who can change that."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.core.accounts import SERVICE_NAMES, LinkedService, name_in
from bot.errors import (
    AccessError,
    BadAnswerError,
    ConsentEndedError,
    NotFoundError,
    QuestionRefusedError,
    UserError,
)
from bot.services.accounts.vault import Vault

log = logging.getLogger(__name__)


@contextmanager
def mended(service: LinkedService, instead: str | None = None) -> Iterator[None]:
    """Turn what is for the operator, or the listener, to mend into a sentence that is shown.

    Args:
        instead: the sentence for "it does not let us in", where its own does not fit.
    """
    try:
        yield
    except ConsentEndedError:
        raise
    except AccessError as error:
        log.warning("a music service does not let us in: %s", error)
        raise UserError(instead or str(error)) from error
    except (BadAnswerError, QuestionRefusedError) as error:
        log.warning("a music service failed: %s", error)
        raise UserError(
            f"{SERVICE_NAMES[service]} gave me an answer that I cannot use; whoever runs this bot "
            "finds it in the log. Nothing was changed."
        ) from error


def named(text: str) -> str:
    """Return the user name that was typed; raise `UserError` when it cannot be a user name."""
    name = name_in(text)
    if name is None:
        raise UserError("Give the user name as it stands on your page there, or a link to it.")
    return name


def need_key(vault: Vault, what: str) -> None:
    """Make sure that something can be kept encrypted.

    Raises:
        UserError: the operator has set no key.
    """
    if not vault.has_key:
        raise UserError(
            f"{what} can only be kept encrypted, and whoever runs this bot has set no key for it "
            "(SECRET_KEYS). You can still link accounts that need only a name."
        )


def nothing_asked() -> UserError:
    """Return the error for a bot that is cut off from the music services."""
    return UserError("This bot asks no music services, so no account can be linked here.")


def no_user(service: LinkedService, name: str) -> NotFoundError:
    """Return the error for a name that nobody has."""
    return NotFoundError(
        f"{SERVICE_NAMES[service]} has no user called “{name}”. Check how it is written on your "
        "page there."
    )


def not_linked(service: LinkedService) -> NotFoundError:
    """Return the error for a listener who has no account of a service."""
    return NotFoundError(
        f"You have linked no account of {SERVICE_NAMES[service]}. `/link {service}` links one."
    )
