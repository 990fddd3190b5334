"""ListenBrainz: who plays what, how much everybody plays it, what is new; mostly open data."""

from bot.sources.listenbrainz.client import ListenBrainz

__all__ = ["ListenBrainz"]
