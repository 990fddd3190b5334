"""The look that every embed shares."""

from typing import Final

import discord

ACCENT: Final = discord.Color(0x7C5CFF)
GOOD: Final = discord.Color(0x2FA36B)
PROMOTED: Final = discord.Color(0xE0A030)
QUIET: Final = discord.Color(0x6B7280)

UP: Final = "👍"
DOWN: Final = "👎"
INDEPENDENT: Final = "🌱"
"""Marks what a source says that its artist released."""
