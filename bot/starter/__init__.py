"""The starter catalogue: 321 freely licensed tracks, to try the bot with nothing else."""

from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("starter.csv")
