"""Heavy arithmetic leaves the event loop by a thread of its own.

One, because each of them competes with the event loop for the interpreter: under load two lists one
after the other are both there sooner than two at once. What cannot be computed at once waits here,
and everything else goes on.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from bot import meters

_POOL: Final = ThreadPoolExecutor(1, thread_name_prefix="arithmetic")

sys.setswitchinterval(0.0005)  # s; the event loop waits no longer for a thread that computes

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


async def compute(
    function: Callable[_Arguments, _Result],
    *args: _Arguments.args,
    **kwargs: _Arguments.kwargs,
) -> _Result:
    """Return what a function that only computes returns (or raises), computed in the pool."""

    def measured() -> _Result:
        with meters.timed(meters.ARITHMETIC_SECONDS):
            return function(*args, **kwargs)

    return await asyncio.get_running_loop().run_in_executor(_POOL, measured)
