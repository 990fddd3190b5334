"""What is counted and measured while the bot runs, in the form of Prometheus.

There are no ids and no names in it: nothing of it tells who did what. Names follow
https://prometheus.io/docs/practices/naming/.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

ANSWERS: Final = Counter(
    "bside_answers",
    "Commands, buttons and forms by what became of them: answered, refused (with a sentence that "
    "says why) or failed.",
    ["what", "result"],
    registry=REGISTRY,
)
ANSWER_SECONDS: Final = Histogram(
    "bside_answer_seconds",
    "From the arrival of a command, a press or a form to the end of what it does.",
    ["what"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
ARITHMETIC_SECONDS: Final = Histogram(
    "bside_arithmetic_seconds",
    "What heavy arithmetic takes, such as a ranking.",
    buckets=_SECONDS,
    registry=REGISTRY,
)
DATABASE_WAIT_SECONDS: Final = Histogram(
    "bside_database_wait_seconds",
    "How long a transaction that writes waits for others.",
    buckets=_SECONDS,
    registry=REGISTRY,
)
LOOP_LAG_SECONDS: Final = Histogram(
    "bside_event_loop_lag_seconds",
    "How much later than asked for the event loop goes on.",
    buckets=(0.001, 0.005, *_SECONDS[1:]),
    registry=REGISTRY,
)
REQUESTS: Final = Counter(
    "bside_service_requests",
    "Requests to music services by what came of them: ok, refused (4xx) or failed (5xx, or no "
    "answer).",
    ["service", "result"],
    registry=REGISTRY,
)
CONNECTED: Final = Gauge(
    "bside_discord_connected", "1 while Discord is connected and ready.", registry=REGISTRY
)
HEARTBEAT_SECONDS: Final = Gauge(
    "bside_discord_heartbeat_seconds",
    "What Discord takes to answer a heartbeat.",
    registry=REGISTRY,
)
SERVERS: Final = Gauge("bside_servers", "Servers that the bot is in.", registry=REGISTRY)
WAITING: Final = Gauge(
    "bside_wishes_waiting", "Wishes that wait for their turn.", registry=REGISTRY
)
JOBS_LATE: Final = Gauge(
    "bside_jobs_late", "Jobs that are due for five minutes or more.", registry=REGISTRY
)
TRACKS: Final = Gauge("bside_catalogue_tracks", "Tracks of the catalogue.", registry=REGISTRY)
BACKUP_AGE_SECONDS: Final = Gauge(
    "bside_backup_age_seconds",
    "How old the newest backup is; NaN: there is none.",
    registry=REGISTRY,
)


@contextmanager
def timed(histogram: Histogram) -> Iterator[None]:
    """Observe how long something takes, also when it fails."""
    start = time.perf_counter()
    try:
        yield
    finally:
        histogram.observe(time.perf_counter() - start)


async def watch_loop(every_s: float = 1.0) -> None:
    """Measure for ever how late the event loop is."""
    loop = asyncio.get_running_loop()
    while True:
        wanted = loop.time() + every_s
        await asyncio.sleep(every_s)
        LOOP_LAG_SECONDS.observe(max(0.0, loop.time() - wanted))


def written() -> bytes:
    """Return everything in Prometheus' text format."""
    return generate_latest(REGISTRY)
