"""Every exception of the bot, as one tree.

BSideError
├── UserError           somebody asked for something that cannot be done; the text is shown to them
│   ├── NotFoundError       no such track, album, artist, message …
│   ├── NotAllowedError     they may not do this
│   └── TooSoonError        a cooldown is still running, or too many are asking
└── OperatorError       the person at the command line must change something; shown there
    ├── ImportFileError     a catalogue file cannot be read at all
    ├── SeedsError          lists of tracks cannot be read, or the answer not be written
    ├── DatabaseError       the database is locked, full, damaged or of another version
    ├── RecordError         a log, a head or a proof is damaged, or does not hold
    ├── SealedError         a secret was encrypted under a key that is no longer given
    └── SetupError          the settings, token or machine are not ready

The text of each is a clear sentence that says what to do.
"""

from datetime import datetime


class BSideError(Exception):
    """Root of the tree."""


class UserError(BSideError):
    """The text is shown to the user as it stands."""


class NotFoundError(UserError):
    """What was named does not exist here."""


class NotAllowedError(UserError):
    """The user may not do this."""


class TooSoonError(UserError):
    """A cooldown is still running, or too many are asking."""


class OperatorError(BSideError):
    """The text is shown at the command line as it stands."""


class ImportFileError(OperatorError):
    """A catalogue file cannot be read at all; nothing of it was stored."""


class SeedsError(OperatorError):
    """Lists of tracks (seeds, playlists, listens) cannot be read, or the answer not be written."""


class DatabaseError(OperatorError):
    """The database is locked, full, damaged or of another version."""


class RecordError(OperatorError):
    """A log, a head or a proof is damaged, or does not hold."""


class SealedError(OperatorError):
    """A secret was encrypted under a key that is no longer given."""


class SetupError(OperatorError):
    """The settings, the token or the machine are not ready."""


class SourceError(BSideError):
    """A music service did not give an answer, which says nothing about what was asked."""


class SourceUnavailableError(SourceError):
    """The service is down, too slow or too busy; the same question may work later."""

    def __init__(self, text: str, until: datetime | None = None) -> None:
        super().__init__(text)
        self.until = until
        """When the service said, or we decided, to ask it again; None: soon."""


class BadAnswerError(SourceError):
    """What came back is not of the form it should have."""


class QuestionRefusedError(SourceError):
    """The service does not take this question."""


class AccessError(SourceError):
    """The key, token or right that the service asks for is missing or no longer valid."""


class TokenExpiredError(AccessError):
    """A token is too old or was revoked; a fresh one may be asked for."""


class ConsentEndedError(AccessError):
    """A listener's link to the service has ended for good; it must be made anew."""
