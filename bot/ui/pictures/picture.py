"""A picture as it is sent. Without matplotlib, so that a cog may know it."""

import struct
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import discord

from bot.ui import text

ALT_LIMIT: Final = 1024


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture."""

    png: bytes
    filename: str
    alt: str
    """What it shows, in words."""
    tells: bool = True
    """False: there was nothing to draw, and it only says so."""

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in pixels, which stand first in a PNG."""
        width, height = struct.unpack_from(">II", self.png, 16)
        return width, height

    def file(self) -> discord.File:
        """Return it as a file that is sent beside an embed or stands in a gallery.

        Inside an embed, Discord would show no alt text.
        """
        alt = text.cut(self.alt, ALT_LIMIT)
        return discord.File(BytesIO(self.png), filename=self.filename, description=alt)
