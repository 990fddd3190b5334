"""What keeps the bot going: jobs, the doctor, memory and deletion."""

from bot.services.upkeep.doctor import Finding, State, examine_storage
from bot.services.upkeep.jobs import TAKEN_FOR, Jobs
from bot.services.upkeep.memory import Memory
from bot.services.upkeep.privacy import END, Privacy

__all__ = [
    "END",
    "TAKEN_FOR",
    "Finding",
    "Jobs",
    "Memory",
    "Privacy",
    "State",
    "examine_storage",
]
