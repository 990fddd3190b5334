"""Keeps what must not be readable in the database: encrypted, under keys that can be changed."""

from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import SealedError, SetupError

_KEY_LENGTH: Final = 44


class Vault:
    """Encrypts under the first key and decrypts under each (Fernet: AES-128-CBC with HMAC-SHA256).

    It never shows a key, in no text and no error.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """Take the keys, the newest first; without any there is nothing that can be kept secret.

        Raises:
            SetupError: one of them is no key.
        """
        boxes = [_box(key, place) for place, key in enumerate(keys, 1)]
        self._newest = boxes[0] if boxes else None
        self._all = MultiFernet(boxes) if boxes else None

    @property
    def has_key(self) -> bool:
        """Whether anything can be encrypted."""
        return self._newest is not None

    def seal(self, text: str) -> bytes:
        """Return a text encrypted under the newest key; raise `SetupError` when there is no key."""
        if self._newest is None:
            raise SetupError("SECRET_KEYS is not set. Make a key with: bside secrets new-key")
        return self._newest.encrypt(text.encode())

    def open(self, secret: bytes) -> str:
        """Return the text of a secret; raise `SealedError` when no key here opens it."""
        try:
            if self._all is not None:
                return self._all.decrypt(secret).decode()
        except InvalidToken:
            pass
        raise SealedError(
            "A secret in the database was encrypted under a key that SECRET_KEYS no longer names. "
            "Put that key back, behind the others."
        )

    def is_newest(self, secret: bytes) -> bool:
        """Return whether a secret is encrypted under the newest key."""
        try:
            return self._newest is not None and bool(self._newest.decrypt(secret))
        except InvalidToken:
            return False


def new_key() -> str:
    """Return a new key, made by chance."""
    return Fernet.generate_key().decode()


def _box(key: str, place: int) -> Fernet:
    try:
        if len(key) == _KEY_LENGTH:  # of two that are joined by nothing only the first would count
            return Fernet(key)
    except ValueError:
        pass  # its text could hold the key
    raise SetupError(
        f"SECRET_KEYS cannot be used: key {place} is not a key. Make one with: bside secrets "
        "new-key"
    )
