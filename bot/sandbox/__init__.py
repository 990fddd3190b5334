"""Where strangers' files are opened: a throw-away process that can hardly do anything.

`process.running` starts one and gives what it says; the process itself calls `confine` before it
looks at its file. What a file may cost stands in `Limits`, who may have one opened in `Turns`.
"""

from bot.sandbox.confinement import Barrier, barriers, confine
from bot.sandbox.kernel import hide_memory
from bot.sandbox.process import Contained, Limits, framed, running
from bot.sandbox.turns import Turns

__all__ = [
    "Barrier",
    "Contained",
    "Limits",
    "Turns",
    "barriers",
    "confine",
    "framed",
    "hide_memory",
    "running",
]
