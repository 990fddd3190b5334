"""The few calls to the Linux kernel that the standard library has no words for.

Each raises OSError where the kernel, or the container around it, does not have the call.
"""

import ctypes
import os
import struct
import sys
from dataclasses import dataclass
from errno import ENOSYS, EPERM
from typing import Any, Final

_PR_SET_DUMPABLE: Final = 4
_PR_GET_SECCOMP: Final = 21
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2

# The same on every architecture that is younger than 2011, and on x86-64.
_LANDLOCK_CREATE_RULESET: Final = 444
_LANDLOCK_RESTRICT_SELF: Final = 446
_LANDLOCK_VERSION: Final = 1
_LANDLOCK_FILES: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights to files a version of Landlock knows; they are its lowest bits."""
_LANDLOCK_NET: Final = 0b11
"""To bind and to connect TCP sockets, from version 4 on."""
_LANDLOCK_SCOPES: Final = 0b11
"""Abstract sockets of others, and signals to others, from version 6 on."""

_CAPABILITY_VERSION: Final = 0x20080522

_BPF_LOAD: Final = 0x20
_BPF_EQUAL: Final = 0x15
_BPF_AT_LEAST: Final = 0x35
_BPF_RETURN: Final = 0x06
_PLACE_OF_NUMBER: Final = 0
_PLACE_OF_ARCHITECTURE: Final = 4
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | EPERM
_X32: Final = 0x40000000
"""From here on x86-64 has the calls of another convention, under other numbers."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """How one kind of processor numbers what a process may ask of the kernel."""

    audit: int
    """Its number in a seccomp filter."""
    capset: int
    calls: tuple[int, ...]
    """What computing, reading a file that is open, answering and ending take."""


ARCHITECTURES: Final = {
    # read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask
    # rt_sigreturn pread64 readv writev sched_yield mremap madvise getpid exit gettimeofday
    # getrusage sigaltstack gettid futex sched_getaffinity restart_syscall clock_gettime
    # clock_getres exit_group newfstatat getrandom rseq
    "x86_64": Architecture(
        0xC000003E,
        126,
        (0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19, 20, 24, 25, 28, 39, 60, 96, 98, 131,
         186, 202, 204, 219, 228, 229, 231, 262, 318, 334),
    ),
    "aarch64": Architecture(
        0xC00000B7,
        91,
        (63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 67, 65, 66, 124, 216, 233, 172, 93,
         169, 165, 132, 178, 98, 123, 128, 113, 114, 94, 79, 278, 293),
    ),
}  # fmt: skip


def architecture() -> Architecture:
    """Return how this processor numbers the calls."""
    found = ARCHITECTURES.get(os.uname().machine) if sys.platform == "linux" else None
    if found is None or struct.calcsize("P") != 8:
        raise OSError(ENOSYS, os.strerror(ENOSYS))
    return found


def hide_memory() -> None:
    """Make this process one that no other of this user can look into: memory, environment, files.

    It leaves no core dump either. Where the kernel is another one, nothing is done.
    """
    if sys.platform == "linux":
        _control(_PR_SET_DUMPABLE, 0)


def renounce_privileges() -> None:
    """See to it that no program that is started can have more rights than this process."""
    _control(_PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up what root may do beyond others."""
    header = struct.pack("Ii", _CAPABILITY_VERSION, 0)
    _call(architecture().capset, header, bytes(24))


def landlock_version() -> int:
    """Return which Landlock the kernel has, from 1 on."""
    return _call(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)


def close_files_and_network() -> None:
    """Let this process open no file, no TCP port and nothing of other processes any more.

    What is open stays so. It needs `renounce_privileges` before, and binds this thread and what it
    starts.
    """
    version = landlock_version()
    files = (1 << _LANDLOCK_FILES.get(version, 16)) - 1
    parts = [files, *[_LANDLOCK_NET] * (version >= 4), *[_LANDLOCK_SCOPES] * (version >= 6)]
    rules = struct.pack(f"{len(parts)}Q", *parts)
    ruleset = _call(_LANDLOCK_CREATE_RULESET, rules, len(rules), 0)
    try:
        _call(_LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def has_seccomp() -> bool:
    """Tell whether the kernel filters calls, and we know how this processor numbers them."""
    try:
        architecture()
        return _control(_PR_GET_SECCOMP) >= 0
    except OSError:
        return False


def allow_only_computing() -> None:
    """Let the kernel refuse this process everything but computing, reading and answering.

    What is refused fails with EPERM, as if this user might not do it. It needs
    `renounce_privileges` before.
    """
    code = _filter(architecture())
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: how many instructions, and where they are
    program = struct.pack("HP", len(code) // 8, ctypes.addressof(buffer))
    _control(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program)


def _filter(kind: Architecture) -> bytes:
    """Return a program that looks at one call and allows it, or not."""
    allowed = len(kind.calls)
    steps = [
        (_BPF_LOAD, 0, 0, _PLACE_OF_ARCHITECTURE),
        (_BPF_EQUAL, 0, allowed + 2, kind.audit),
        (_BPF_LOAD, 0, 0, _PLACE_OF_NUMBER),
        (_BPF_AT_LEAST, allowed, 0, _X32),
        *((_BPF_EQUAL, allowed - place, 0, call) for place, call in enumerate(kind.calls)),
        (_BPF_RETURN, 0, 0, _REFUSE),
        (_BPF_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _control(what: int, *args: Any) -> int:
    """Call prctl."""
    return _checked(_library().prctl(what, *_passed(args, 4)))


def _call(number: int, *args: Any) -> int:
    return _checked(_library().syscall(ctypes.c_long(number), *_passed(args, 6)))


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def _passed(args: tuple[Any, ...], count: int) -> list[Any]:
    """Return arguments as wide as registers; what is not given is 0."""
    whole = [ctypes.c_long(one) if isinstance(one, int) else one for one in args]
    return [*whole, *[ctypes.c_long(0)] * (count - len(whole))]


def _library() -> ctypes.CDLL:
    if sys.platform != "linux":
        raise OSError(ENOSYS, os.strerror(ENOSYS))
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library
