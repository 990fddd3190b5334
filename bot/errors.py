"""Every exception of the bot, as one tree.

BSideError
├── UserError           somebody asked for something that cannot be done; the text is shown to them
│   ├── NotFoundError       no such track, album, artist, message …
│   ├── NotAllowedError     they may not do this
│   └── TooSoonError        a cooldown is still running
└── OperatorError       the person at the command line must change something; shown there
    ├── ImportFileError     a catalogue file cannot be read at all
    ├── SeedsError          the seeds of a batch cannot be read, or its answer not be written
    ├── DatabaseError       the database is locked, full, damaged or of another version
    └── SetupError          the settings, token or machine are not ready

The text of each is a clear sentence that says what to do.
"""


class BSideError(Exception):
    """Root of the tree."""


class UserError(BSideError):
    """The text is shown to the user as it stands."""


class NotFoundError(UserError):
    """What was named does not exist here."""


class NotAllowedError(UserError):
    """The user may not do this."""


class TooSoonError(UserError):
    """A cooldown is still running."""


class OperatorError(BSideError):
    """The text is shown at the command line as it stands."""


class ImportFileError(OperatorError):
    """A catalogue file cannot be read at all; nothing of it was stored."""


class SeedsError(OperatorError):
    """The seeds of a batch cannot be read, or its answer cannot be written."""


class DatabaseError(OperatorError):
    """The database is locked, full, damaged or of another version."""


class SetupError(OperatorError):
    """The settings, the token or the machine are not ready."""
