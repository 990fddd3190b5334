"""The record that nobody can rewrite: taken in, proved, checked, published, its head posted."""

from bot.services.record.checking import Checked, check
from bot.services.record.heads import HEAD, HeadPlans
from bot.services.record.log import TAKE_IN, RecordLog
from bot.services.record.publishing import CLOSED_DAYS, Told, publish, read_published
