"""Artist names registered in a server, and what a card says about them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.catalog import artist_key, holds_link
from bot.core.promotion.fairness import Reception
from bot.core.taste import FeatureLevel
from bot.errors import UserError

MAX_NAME: Final = 80
MAX_PAGES: Final = 5
"""One row of buttons holds this many."""
MAX_HANDS: Final = 5
MAX_CLAIMS: Final = 10
"""Names that one person may hold in one server."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A name that one person holds, or held, in one server."""

    id: int
    guild_id: int
    name: str
    key: str
    """`identity.artist_key` of the name; each has one holder."""
    user_id: int | None
    """The holder; None: they had their data deleted, but the name is muted or waits."""
    artist_id: int | None
    """The artist of the catalogue that has this name."""
    verified_at: datetime | None
    muted: bool
    created_at: datetime

    @property
    def verified(self) -> bool:
        """Moderators said that the holder is this artist, or acts for them."""
        return self.verified_at is not None


@dataclass(frozen=True, slots=True)
class CatalogArtist:
    """What the catalogue knows of an artist."""

    tracks: int
    fame: float | None
    """Percentile among artists, 0 … 1; None: nothing is known of anybody."""
    counted: bool
    """False when nobody counts the artist, and the fame is a guess."""
    levels: tuple[FeatureLevel, ...]
    """How the measured tracks sound, against the catalogue; empty when none is measured."""
    measured: int


@dataclass(frozen=True, slots=True)
class ArtistCard:
    """Everything that `/artist card` shows."""

    name: str
    claim: Claim | None
    """None: nobody registered this name here."""
    pages: tuple[str, ...]
    known: CatalogArtist | None
    promotions: int
    reception: Reception | None
    """None: so few people heard them that any number would point at somebody."""


def claim_name(name: str) -> str:
    """Return an artist's name as one line.

    Raises:
        UserError: it is empty, longer than `MAX_NAME` characters or holds a link.
    """
    line = " ".join(name.split())
    if not artist_key(line) or not line.isprintable():
        raise UserError("Give the name of the artist as it stands on their releases.")
    if len(line) > MAX_NAME:
        raise UserError(f"Keep the name to {MAX_NAME} characters, please; that was {len(line):,}.")
    if holds_link(line):
        raise UserError("That is a link. Give the artist's name; `page` is the place for links.")
    return line
