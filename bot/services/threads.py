"""Heavy arithmetic leaves the event loop by one small pool of threads.

Few threads, because each of them competes with the event loop for the interpreter: what cannot be
computed at once waits here, and everything else goes on.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

_WORKERS: Final = 2
_POOL: Final = ThreadPoolExecutor(_WORKERS, thread_name_prefix="arithmetic")

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


async def compute(
    function: Callable[_Arguments, _Result],
    *args: _Arguments.args,
    **kwargs: _Arguments.kwargs,
) -> _Result:
    """Return what a function that only computes returns (or raises), computed in the pool."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_POOL, lambda: function(*args, **kwargs))
