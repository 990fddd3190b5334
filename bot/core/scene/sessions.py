"""Listening sessions: what one listener played without a long break."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SESSION_GAP_S: Final = 30 * 60
"""A break of at least this many seconds between the starts of two listens begins a new session."""


def session_numbers(
    listeners: NDArray[np.integer], times_s: NDArray[np.integer], *, gap_s: int = SESSION_GAP_S
) -> NDArray[np.int64]:
    """Return the session of every listen as a number: 0 … count-1, by listener, then by time.

    Args:
        listeners: a number per listener; the listens may come in any order.
        times_s: when each listen began, in seconds from any moment on.
        gap_s: >= 1.
    """
    order = np.lexsort((times_s, listeners))
    who, when = listeners[order], times_s[order]
    begins = np.zeros(len(order), np.bool_)
    begins[1:] = (who[1:] != who[:-1]) | (np.diff(when) >= gap_s)
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(begins)
    return numbers
