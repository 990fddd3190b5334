"""Memory that was needed for a moment goes back to the system."""

import asyncio
import ctypes
import sys


async def give_back() -> None:
    """Give back what is free, where the C library can (glibc).

    It keeps it otherwise: on 264,000 real tracks 330 MB instead of 220.
    """
    if sys.platform == "linux":
        await asyncio.to_thread(_trim)


def _trim() -> None:
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
