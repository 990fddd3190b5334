"""What keeps the bot going: jobs, the doctor, memory and deletion."""

from bot.services.upkeep.backups import BACKUP, BackupPlan, Backups
from bot.services.upkeep.doctor import (
    Finding,
    State,
    configured_channels,
    examine_storage,
    judge_barriers,
)
from bot.services.upkeep.exporting import PersonalExports
from bot.services.upkeep.jobs import TAKEN_FOR, Jobs
from bot.services.upkeep.memory import Memory
from bot.services.upkeep.privacy import END, Privacy
from bot.services.upkeep.watch import WATCH, Watch
