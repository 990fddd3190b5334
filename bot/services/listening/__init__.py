"""Reads what people play together: tables of lists, playlist slices and dumps of listens."""

from bot.services.listening.files import find_files
from bot.services.listening.gathering import Gathered, Gatherer
from bot.services.listening.reading import read_pieces

__all__ = ["Gathered", "Gatherer", "find_files", "read_pieces"]
