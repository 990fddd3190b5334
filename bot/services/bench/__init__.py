"""Measuring: evaluation on lists, the lab, and lists in batches."""

from bot.services.bench.batch import BatchOptions, BatchReport, recommend
from bot.services.bench.evaluation import DIAL, EvaluationOptions, evaluate
from bot.services.bench.lab import run_groups, run_simulation
