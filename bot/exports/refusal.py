"""Why an export is not read, or not to its end, and the sentence that says it."""

from enum import StrEnum
from typing import Final

from bot.errors import UserError


class Refusal(StrEnum):
    """What is wrong with an export."""

    EMPTY = "empty"
    DAMAGED = "damaged"
    NOT_AN_EXPORT = "not an export"
    PACKED = "packed"
    FILES = "files"
    UNPACKED = "unpacked"
    ENCODING = "encoding"
    ROWS = "rows"
    """It goes on after `MOST_ROWS`; what was read counts."""
    VERSION = "version"
    """An export of this bot, of a version that is not known here."""
    OTHERS = "others"
    """An export of this bot, of somebody else."""
    LIMITS = "limits"
    """It takes too much time or memory; what was read counts."""


MOST_ROWS: Final = 1_000_000
"""Of one file, with those that do not count: thirty years of a hundred plays a day."""

_SENTENCES: Final = {
    Refusal.EMPTY: ("This file is empty. Download or export it again, and send it as you get it."),
    Refusal.DAMAGED: (
        "The file is cut off or damaged. Export or download it again; what I could read of it "
        "counts, and importing it once more doubles nothing."
    ),
    Refusal.NOT_AN_EXPORT: (
        "I do not know this file{looks}. I read what Spotify (account data or extended streaming "
        "history), Apple Music, YouTube Music, Deezer, ListenBrainz, Last.fm, Maloja, Koito and "
        "Pano Scrobbler export, `.scrobbler.log`, lists of Exportify, TuneMyMusic, Soundiiz and "
        "Shazam, and what `/privacy export` gives. Send one as you downloaded it."
    ),
    Refusal.PACKED: (
        "I cannot unpack this file: it is locked with a password or packed in a rare way. Unpack "
        "it, and send the files in it."
    ),
    Refusal.FILES: "That zip holds thousands of files: send only those of the export.",
    Refusal.UNPACKED: (
        "This file unpacks to far more than an export holds, so I stopped reading it. Send the "
        "files in it in smaller parts."
    ),
    Refusal.ENCODING: (
        "This file is not saved as UTF-8. Save it so (in a spreadsheet: “CSV UTF-8”), and send it "
        "again."
    ),
    Refusal.VERSION: (
        "Another version of me made this export, and I cannot read it. Ask whoever runs me to "
        "update me, and send it again."
    ),
    Refusal.OTHERS: (
        "This export is somebody else's, so I read nothing of it: what others rated and played is "
        "not yours. Send what `/privacy export` gave you."
    ),
    Refusal.ROWS: f"I read no more than the first {MOST_ROWS:,} rows of a file.",
    Refusal.LIMITS: (
        "Reading this file takes more time or memory than I give to one. Unpack it, and send the "
        "files in it one by one."
    ),
}


class RefusedError(UserError):
    """An export is not read, or not to its end."""

    def __init__(self, why: Refusal, looks: str = "") -> None:
        """Say why.

        Args:
            why: what is wrong.
            looks: what a file that is no export looks like, as it may be shown.
        """
        shown = f": it looks like {looks}" if looks else ""
        super().__init__(_SENTENCES[why].replace("{looks}", shown))
        self.why = why
        self.looks = looks
