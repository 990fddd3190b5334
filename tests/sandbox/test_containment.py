"""What a process that was taken over by a stranger's file can still do: answer, and end."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from bot.errors import UserError
from bot.sandbox import Barrier, Contained, Limits, Turns, barriers, running

CONFINED = "from bot.sandbox import confine; confine(700 << 20, 15)"
LIMITS = Limits()
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="these are barriers of Linux")


def needs(*wanted: Barrier) -> pytest.MarkDecorator:
    """Skip a test where this kernel, or the container around it, lacks a barrier."""
    missing = [one for one in wanted if sys.platform != "linux" or not barriers()[one]]
    return pytest.mark.skipif(bool(missing), reason=f"no {' and '.join(missing)} on this machine")


@asynccontextmanager
async def taken_over(program: str, limits: Limits = LIMITS) -> AsyncIterator[Contained]:
    """Run a program in place of the one that reads a file."""
    with tempfile.TemporaryFile() as file:
        async with running(("-c", dedent(program)), file.fileno(), limits) as child:
            yield child


async def said(program: str, *, most: int = 1 << 16) -> str:
    """Return what such a program says."""
    async with taken_over(program) as child:
        return (await child.answer(most)).decode()


def attempts(setup: str, names: list[str]) -> str:
    """Return a program that says of each deed what hindered it, or "done"."""
    tried = "".join(
        f"try: {DEEDS[name]}\n"
        f"except (OSError, ValueError) as error: found[{name!r}] = type(error).__name__\n"
        f"else: found[{name!r}] = 'done'\n"
        for name in names
    )
    return (
        "import json, os, resource, signal, socket, sys\nfound = {}\n"
        f"{dedent(setup)}\n{tried}os.write(1, json.dumps(found).encode())\n"
    )


async def tried(setup: str, names: list[str]) -> dict[str, str]:
    found: dict[str, str] = json.loads(await said(attempts(setup, names)))
    return found


DEEDS = {
    "read the environment of the bot": "open(f'/proc/{os.getppid()}/environ', 'rb').read()",
    "read the memory of the bot": "open(f'/proc/{os.getppid()}/mem', 'rb')",
    "read a file": f"open({__file__!r})",
    "list a folder": "os.listdir('/')",
    "write a file": f"open({str(Path(__file__).with_suffix('.written'))!r}, 'w')",
    "remove a file": f"os.unlink({str(Path(__file__).with_suffix('.never'))!r})",
    "open a socket": "socket.socket()",
    "open a socket on this machine": "socket.socket(socket.AF_UNIX)",
    "fork": "os.fork() or os._exit(0)",
    "run a program": "os.execv('/bin/true', ['true'])",
    "end the bot": "os.kill(os.getppid(), signal.SIGTERM)",
    "end another of its own": "os.kill(os.getpid(), 0)",
    "look at its limits": "__import__('resource').prlimit(os.getppid(), 7)",
}


HARMLESS = ["read a file", "list a folder", "open a socket", "look at its limits"]


@needs(Barrier.SECCOMP)
async def test_a_confined_process_can_do_nothing_but_answer() -> None:
    assert await tried(CONFINED, list(DEEDS)) == dict.fromkeys(DEEDS, "PermissionError")


async def test_the_same_can_be_done_without_being_confined() -> None:
    assert await tried("", HARMLESS) == dict.fromkeys(HARMLESS, "done")


@needs(Barrier.LANDLOCK)
async def test_landlock_alone_keeps_files_and_other_processes_away() -> None:
    alone = """
        from bot.sandbox import kernel
        kernel.renounce_privileges()
        kernel.drop_capabilities()
        kernel.close_files_and_network()
    """
    names = [
        "read the environment of the bot", "read the memory of the bot", "read a file",
        "list a folder", "write a file",
    ]  # fmt: skip

    assert await tried(alone, names) == dict.fromkeys(names, "PermissionError")


@ON_LINUX
async def test_whoever_is_not_root_cannot_fork_even_without_a_filter() -> None:
    alone = """
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
    """

    assert await tried(alone, ["fork"]) == {"fork": "BlockingIOError"}


@ON_LINUX
def test_a_hidden_process_cannot_be_looked_into() -> None:
    program = dedent("""
        import os, subprocess, sys
        from bot.sandbox import hide_memory, kernel
        look = (
            "import os; from bot.sandbox import kernel\\n"
            "try: kernel.drop_capabilities()\\n"
            "except OSError: pass\\n"
            "try: print(b'hidden' in open(f'/proc/{os.getppid()}/environ', 'rb').read())\\n"
            "except PermissionError: print('no')\\n"
        )
        subprocess.run([sys.executable, "-c", look])
        hide_memory()
        subprocess.run([sys.executable, "-c", look])
    """)

    done = subprocess.run(  # noqa: S603 – a program of ours
        [sys.executable, "-c", program],
        env={**os.environ, "DISCORD_TOKEN": "hidden"},
        check=True, capture_output=True, text=True,
    )  # fmt: skip

    assert done.stdout.split()[-1] == "no"


async def test_what_a_process_started_ends_with_it(tmp_path: Path) -> None:
    answer = await said("""
        import os, time
        grandchild = os.fork()
        if grandchild:
            os.write(1, str(grandchild).encode())
        else:
            time.sleep(600)
    """)

    assert answer.isdecimal()
    assert await gone(int(answer))


async def test_a_process_that_got_away_and_keeps_the_pipe_open_holds_nobody_up() -> None:
    program = """
        import os, time
        if os.fork() == 0:
            os.setsid()
            os.write(1, (1).to_bytes(4, "big") + b"x" + (9).to_bytes(4, "big"))
            os.write(1, str(os.getpid()).rjust(9).encode())
            time.sleep(600)
        time.sleep(0.2)
    """
    async with taken_over(program, Limits(wall_s=600)) as child:
        assert await child.part(10) == b"x"
        answer = (await child.part(10)).decode()
        assert await child.part(10) == b""
    os.kill(int(answer), 9)


async def test_a_part_that_is_too_long_is_not_read() -> None:
    async with taken_over("import os; os.write(1, bytes([255] * 4) + b'x' * 100)") as child:
        assert await child.part(1 << 20) == b""


async def test_an_answer_that_is_too_long_is_none() -> None:
    assert await said("print('x' * 1000)", most=100) == ""


async def test_a_process_that_fails_has_no_answer() -> None:
    assert await said("print('half'); raise SystemExit(3)") == ""


async def test_turns_are_given_in_order_and_who_finds_no_place_is_told_so() -> None:
    turns, order = Turns(1, 1, busy="later"), list[str]()
    first, go_on = asyncio.Event(), asyncio.Event()

    async def take(name: str) -> None:
        async with turns.turn():
            order.append(name)
            first.set()
            await go_on.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(take("ann"))
        await first.wait()
        group.create_task(take("ben"))
        await asyncio.sleep(0)
        with pytest.raises(UserError, match="later"):
            await take("cleo")
        go_on.set()

    await take("cleo")
    assert order == ["ann", "ben", "cleo"]


async def gone(pid: int) -> bool:
    """Wait until a process is no more."""
    while state_of(pid) not in "ZX":  # noqa: ASYNC110  (the kernel tells nobody)
        await asyncio.sleep(0.01)
    return True


def state_of(pid: int) -> str:
    """Return the letter for what a process does; Z: it only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "X"
