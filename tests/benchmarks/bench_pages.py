"""How long a page takes beside a working bot, and what guessing addresses finds.

`uv run --group bench python -m tests.benchmarks.bench_pages [--seconds 20] [--rate 50]
[--guesses 10000]`: on the shipped catalogue, `rate` pages a second are asked for by a process of
its own (in turn a shared list of 30, and picks in a browser) while five wishes a second are
answered as `/discover` asks them. The table says how many bytes a page has, and when its first
byte came. Then so many addresses are guessed, half by visitors who come once each.
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

import argparse
import asyncio
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from bot.clock import SystemClock
from bot.core.models import Subject, SubjectKind
from bot.core.ranking import Discovery, Wish
from bot.core.sharing import Entry, Link, Page, PageKind
from bot.services import Services, build_services
from bot.services.catalog import load_starter
from bot.store import migrate
from bot.store.engine import Database
from bot.web import serving, shared_routes

LISTENERS = 20
WISHES_A_SECOND = 5
LONG = Page(
    PageKind.LIST,
    "Thirty songs for a long evening",
    "Made for somebody who loves quiet folk.",
    entries=tuple(
        Entry(
            f"Song {number} with a title of some length",
            "An Artist Few Know",
            "An Album · 2009",
            "Close to another song you love · calm, acoustic and melancholic",
            f"https://covers.example/{number}.jpg",
            (Link("Bandcamp", "https://bandcamp.example/a"), Link("Deezer", "https://d.example")),
        )
        for number in range(30)
    ),
)


async def prepare(services: Services) -> tuple[str, list[str]]:
    """Return the path of a shared page, and a cookie for each listener's picks."""
    catalog = await services.catalog.get()
    random.seed(1)
    cookies = []
    for user in range(1, LISTENERS + 1):
        for track in random.sample(catalog.track_ids.tolist(), 8):
            await services.feedback.rate(user, Subject(SubjectKind.TRACK, track), 5)
        found = await services.recommender.discover(user, Wish(), guild_id=None)
        assert isinstance(found, Discovery)
        address = await services.visits.invite(user, user, found.picks)
        cookies.append(await services.visits.open(address.url.rpartition("/")[2]))
    page = await services.shared_pages.publish(1, LONG)
    return urlsplit(page.url).path, cookies


async def wish_on(services: Services) -> None:
    """Ask as listeners do, until cancelled."""
    async with asyncio.TaskGroup() as group:
        while True:
            await asyncio.sleep(1 / WISHES_A_SECOND)
            user = random.randint(1, LISTENERS)
            wish = Wish(repeats=True)
            group.create_task(services.recommender.discover(user, wish, guild_id=None))


async def visit(
    home: str, paths: list[str], cookies: list[str], *, rate: int, seconds: int
) -> None:
    """Ask for pages at a steady pace, each visitor once a second at most, and print what came."""
    first: dict[str, list[float]] = {path: [] for path in paths}
    sizes: dict[str, int] = {}
    connector = aiohttp.TCPConnector(limit=0)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session:

        async def ask(number: int) -> None:
            path = paths[number % len(paths)]
            headers = {
                "X-Forwarded-For": f"198.51.100.{number % 250}",
                "Cookie": f"visit={cookies[number % len(cookies)]}",
            }
            begun = time.perf_counter()
            async with session.get(home + path, headers=headers) as response:
                start = await response.content.readany()
                first[path].append(time.perf_counter() - begun)
                assert response.status == 200
                sizes[path] = len(start) + len(await response.read())

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in range(rate * seconds):
                await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
                group.create_task(ask(number))
    for path, found in first.items():
        found.sort()
        half, late = (found[int(share * (len(found) - 1))] * 1000 for share in (0.5, 0.99))
        name = path.split("/")[1]
        print(f"| /{name} | {sizes[path] / 1000:.1f} kB | {half:.0f} ms | {late:.0f} ms |")


async def guess(home: str, count: int) -> None:
    """Ask for invented addresses."""
    found: Counter[int] = Counter()
    async with aiohttp.ClientSession() as session:
        for number in range(count):
            path = ("/p/", "/picks/")[number // 2 % 2] + secrets.token_urlsafe(24)
            once = f"203.0.{number // 250 % 250}.{number % 250}"
            headers = {"X-Forwarded-For": once} if number % 2 else {}
            async with session.get(home + path, headers=headers) as response:
                found[response.status] += 1
    print(f"{count:,} guesses: {dict(found)}")


async def run(args: argparse.Namespace) -> None:
    """Serve, and have another process ask."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bside.db'}"
        async with Database(url) as database:
            await migrate.upgrade(database, now=SystemClock().now())
            await load_starter(database)
            services = build_services(database, SystemClock(), public_url="http://127.0.0.1")
            path, cookies = await prepare(services)
            routes = shared_routes(services, SystemClock())
            async with serving(routes, host="127.0.0.1", port=0) as port:
                home = f"http://127.0.0.1:{port}"
                wishes = asyncio.create_task(wish_on(services))
                own = [sys.executable, "-m", "tests.benchmarks.bench_pages", "--home", home]
                own += [f"--path={path}", f"--cookies={','.join(cookies)}"]
                own += ["--rate", str(args.rate), "--seconds", str(args.seconds)]
                spent = time.process_time()
                child = await asyncio.create_subprocess_exec(*own)
                await child.wait()
                print(f"processor: {(time.process_time() - spent) / args.seconds:.0%} of one core")
                wishes.cancel()
                await guess(home, args.guesses)


def main() -> None:
    """Read the arguments, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--guesses", type=int, default=10_000)
    parser.add_argument("--home", help=argparse.SUPPRESS)
    parser.add_argument("--path", help=argparse.SUPPRESS)
    parser.add_argument("--cookies", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.home is None:
        print(
            "| Page | Size | First byte, half | First byte, 99 % |\n|---|---|---|---|", flush=True
        )
        asyncio.run(run(args))
    else:
        paths, cookies = [args.path, "/picks"], args.cookies.split(",")
        asyncio.run(visit(args.home, paths, cookies, rate=args.rate, seconds=args.seconds))


if __name__ == "__main__":
    main()
