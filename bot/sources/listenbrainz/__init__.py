"""ListenBrainz: who plays what, how much everybody plays it, what is new; mostly open data."""

from bot.sources.listenbrainz.client import ListenBrainz
from bot.sources.listenbrainz.labs import Labs

__all__ = ["Labs", "ListenBrainz"]
