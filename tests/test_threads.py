"""Every process of ours does arithmetic with one thread, whoever starts it."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("entry", ["bot.cli", "bot.audio.child", "bot.exports.child", "bot.app"])
def test_an_entry_point_does_arithmetic_with_one_thread(entry: str) -> None:
    program = (
        f"import {entry}, numpy; from threadpoolctl import threadpool_info;"
        "print(max(pool['num_threads'] for pool in threadpool_info()))"
    )
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}

    done = subprocess.run(  # noqa: S603 – a program of ours
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    )

    assert int(done.stdout) == 1
