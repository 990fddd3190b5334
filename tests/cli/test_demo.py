import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_demo_says_at_once_that_it_begins() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--no-browser"], cwd=ROOT, stderr=subprocess.PIPE
    ) as demo:
        assert demo.stderr is not None
        first = demo.stderr.readline().decode()
        demo.kill()

    assert first.startswith("Starting the demo")
