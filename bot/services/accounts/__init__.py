"""Linked accounts of music services, and what is kept sealed."""

from bot.services.accounts.accounts import Accounts, Linking
from bot.services.accounts.consents import pasted_answer, read_answer
from bot.services.accounts.rotation import Sealed, count_sealed, rotate_seals
from bot.services.accounts.rows import SYNC
from bot.services.accounts.spotify_playlists import SpotifyPlaylists
from bot.services.accounts.vault import Vault, new_key
