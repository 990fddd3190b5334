"""Writes lists of tracks down, in the forms that players, sheets and people read."""

from bot.services.lists.exporting.writer import write_playlist

__all__ = ["write_playlist"]
