"""Reads what listeners export from music services: plays, and lists of tracks."""

from bot.services.plays.history.reading import Piece, read_export

__all__ = ["Piece", "read_export"]
