"""ListenBrainz: who plays what, how much everything is played, and what is new; mostly open data.

With the token of a user it also finds recordings by name and plays radio.
"""

from bot.sources.listenbrainz.client import ListenBrainz

__all__ = ["ListenBrainz"]
