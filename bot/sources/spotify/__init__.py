"""Spotify: a user's own library and plays, and playlists to write to.

It gives no audio features, no popularity and no recommendations; its answers are not kept.
"""

from bot.sources.spotify.accounts import SpotifyAccounts, challenge_of
from bot.sources.spotify.client import Spotify

__all__ = ["Spotify", "SpotifyAccounts", "challenge_of"]
