"""What runs first, as `bside` and as `python -m bot`: light, so that it can speak at once."""

import sys


def main() -> None:
    """Run the command line; the demo, which takes a few seconds to come, says so first."""
    if sys.argv[1:2] == ["demo"] and "--help" not in sys.argv:
        print("Starting the demo: this takes a few seconds …", file=sys.stderr, flush=True)
    from bot.cli import main as run  # noqa: PLC0415  (it imports everything)

    run()


if __name__ == "__main__":
    main()
