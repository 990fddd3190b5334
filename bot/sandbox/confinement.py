"""What a process takes from itself before it looks at a stranger's file; there is no way back."""

import os
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from bot.sandbox import kernel

_OPEN_FILES: Final = 64
_NICE: Final = 5
"""The bot goes first."""


class Barrier(StrEnum):
    """What stands between a confined process and everything else."""

    PRIVILEGES = "no new privileges"
    CAPABILITIES = "no capabilities"
    LANDLOCK = "Landlock"
    SECCOMP = "seccomp"


_RAISED_BY: Final[dict[Barrier, Callable[[], None]]] = {
    Barrier.PRIVILEGES: kernel.renounce_privileges,
    Barrier.CAPABILITIES: kernel.drop_capabilities,
    Barrier.LANDLOCK: kernel.close_files_and_network,
    Barrier.SECCOMP: kernel.allow_only_computing,
}
"""In this order: each needs those before it, and the last leaves no call to raise another."""


def confine(memory_bytes: int, cpu_s: int) -> list[Barrier]:
    """Limit this process, and wall it in as far as the kernel can; return what it could.

    Afterwards it reads what is open, computes, writes to what is open, and ends. It cannot import
    either: whatever it will need must have been imported. Call it with one thread running.

    Args:
        memory_bytes: of address space, libraries included.
        cpu_s: of processor time since it was started.
    """
    import resource  # noqa: PLC0415  (the bot also runs where there is none)

    os.nice(_NICE)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    raised = []
    for barrier, raise_it in _RAISED_BY.items():
        try:
            raise_it()
        except OSError:  # this kernel, or the container around it, has none
            continue
        raised.append(barrier)
    return raised


def barriers() -> dict[Barrier, bool]:
    """Tell which barriers this machine can raise around what opens strangers' files."""
    try:
        has_landlock = kernel.landlock_version() > 0
    except OSError:
        has_landlock = False
    return {Barrier.LANDLOCK: has_landlock, Barrier.SECCOMP: kernel.has_seccomp()}
