"""Reads values out of JSON that strangers wrote."""

from typing import Any


def said(value: Any) -> str | None:
    """Return a text that can be stored and compared; None for anything else and for blank ones."""
    if not isinstance(value, str):
        return None
    if not value.isascii():
        value = value.encode("utf-8", "ignore").decode()  # halves of surrogate pairs
    return value.replace("\0", "").strip() or None  # which PostgreSQL does not take
