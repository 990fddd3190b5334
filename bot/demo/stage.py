"""The real bot in a simulated Discord, shown in a browser."""

import asyncio
import random
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord
import simcord
from simcord.preview import Preview

from bot.app import BSide, Options
from bot.clock import SystemClock
from bot.core.models import Subject, SubjectKind
from bot.demo.histories import open_accounts
from bot.demo.listeners import LISTENERS, NEWCOMER, DemoListener, demo_ratings
from bot.demo.music import FIRST_DEEZER_ID, invented_songs
from bot.demo.outside import World, open_outside
from bot.demo.past import ARTISTS, BEGAN, CROWD, play_past
from bot.services import Services, build_services
from bot.services.accounts import Linking, Vault
from bot.services.growth import GrowthPlan
from bot.sources.host import Timing
from bot.sources.http import Http
from bot.sources.pictures import Pictures
from bot.store.engine import Database

PATIENCE_S = 60.0
"""How long the simulated Discord waits for an answer: more than a slow machine needs."""

_KEY = urlsafe_b64encode(b"the demo keeps no secrets at all").decode()

_WELCOME = """\
**Welcome to the B-Side demo.** This is the real bot in a simulated Discord; nothing leaves your \
machine, but covers are fetched where they are.
Choose who you are at the top: {people}; Nova is new and has rated nothing.
Then type `/discover` below, press 👍 or 👎, ask Why, and look at `/profile`; `/help` has the rest.

The music services are simulated, too. Ada has a Last.fm account (`/link lastfm ada`), Bo one at \
ListenBrainz (`/link listenbrainz bo`), Cleo at Spotify (`/link spotify`); Nova has an export for \
`/import` (the terminal says where). The services know songs that were invented for this demo: try \
`/releases`, or `/similar https://www.deezer.com/track/{invented}`.

Kit and Hana make music, and have promoted a track each; see them with `/artist card`, and what \
came of it with `/audition results`. To hear the next one blind: `/audition join`, then \
`/discover count:5`. To promote one yourself: `/promote track` with the piece of music that the \
terminal names; `/artist playlist` sets it among others.\
"""


class StageClock:
    """Tells the time of the simulated Discord, so that "5 minutes ago" is right there."""

    def __init__(self) -> None:
        self._env: simcord.Env | None = None
        self._real = SystemClock()
        self._behind = timedelta(0)

    def now(self) -> datetime:
        """Return the simulated time, aware, in UTC."""
        return self._real.now() if self._env is None else self._env.now()

    def follow(self, env: simcord.Env, *, behind: timedelta) -> None:
        """Take the time from this Discord from now on, and set its clock into the past."""
        self._env = env
        self._behind = behind
        self.catch_up()

    def wait(self, time: timedelta) -> None:
        """Let time go by."""
        self._behind -= time
        self.catch_up()

    def catch_up(self) -> None:
        """Move the simulated clock, which stands still by itself, to the real time."""
        if self._env is not None:
            behind = (self._real.now() - self._behind - self._env.now()).total_seconds()
            self._env.backend.advance_clock(max(0.0, behind))

    def arrive(self) -> None:
        """Bring the simulated clock to the present."""
        self.wait(self._behind)

    async def run(self) -> None:
        """Keep the simulated clock going; cooldowns would never end without."""
        while True:
            await asyncio.sleep(1)
            self.catch_up()


class _ShownCovers:
    """The covers that the bot has fetched, for a page that fetches nothing itself."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._fetched: dict[str, tuple[str, bytes]] = {}

    def open(self, http: Http) -> Pictures:
        """Return what fetches covers."""
        return _Fetching(http, self._base, self._fetched)

    def show_in(self, preview: Preview) -> None:
        """Have the page show what is fetched, from now on, too."""
        # It takes pictures at its start only; the bot finds them later.
        preview._explicit_assets = self._fetched  # noqa: SLF001


class _Fetching(Pictures):
    def __init__(self, http: Http, base: str | None, fetched: dict[str, tuple[str, bytes]]) -> None:
        super().__init__(http, base)
        self._fetched = fetched

    async def fetch(self, url: str) -> bytes | None:
        content = await super().fetch(url)
        if content is not None:
            kind = "png" if content.startswith(b"\x89PNG") else "jpg"
            self._fetched[url] = (f"cover.{kind}", content)
        return content


@dataclass(frozen=True, slots=True)
class Stage:
    """A running demo."""

    env: simcord.Env
    preview: Preview
    world: World
    """The music services, which live here too."""
    export: bytes
    """What a newcomer may import."""
    services: Services
    clock: StageClock

    @property
    def url(self) -> str:
        """The address to open in a browser; whoever has it may use the demo."""
        return self.preview.url


@asynccontextmanager
async def open_stage(
    database: Database,
    *,
    port: int | None = None,
    tell: Callable[[str], None] = lambda what: None,
    covers_at: str | None = None,
    public_url: str | None = None,
) -> AsyncIterator[Stage]:
    """Start the bot on a migrated database with a filled catalogue, and serve the page.

    The listeners rate their tracks when they have not done so in this database before.

    Args:
        tell: is called with what begins now, a few words.
        covers_at: a server that is asked for covers in place of those that have them.
        public_url: where pages to share are served; None: nowhere.
    """
    tell("Starting the bot and the music services")
    covers = _ShownCovers(covers_at)
    clock = StageClock()
    timing = Timing(clock, random.Random(1))  # noqa: S311  (it spreads retries)
    songs = invented_songs(clock.now().date())
    async with open_outside(database, timing, songs, with_keys=True, pictures=covers.open) as world:
        linking = Linking(Vault([_KEY]))
        services = build_services(
            database,
            clock,
            world.outside,
            linking,
            growth_plan=GrowthPlan(),
            public_url=public_url,
        )
        await services.record.begin()
        await services.catalog.start()
        catalog = await services.catalog.get()
        export = await open_accounts(world, database, catalog, clock.now())
        async with (
            _discord(services, clock, port, tell, covers) as (env, preview),
            services.jobs.running(),
            services.tastes.running(),
        ):
            yield Stage(env, preview, world, export, services, clock)


@asynccontextmanager
async def _discord(
    services: Services,
    clock: StageClock,
    port: int | None,
    tell: Callable[[str], None],
    covers: "_ShownCovers",
) -> AsyncIterator[tuple[simcord.Env, Preview]]:
    """Start the simulated Discord with the bot in it."""
    bot = BSide(services, Options())
    env = simcord.Env(bot, check_errors=False, settle_timeout=PATIENCE_S)
    # Ids are counted from the clock: made before it is set, those of the people are the same every
    # time; made after, those of messages never come twice.
    names = (*(listener.name for listener in LISTENERS), NEWCOMER, *ARTISTS, *CROWD)
    users = {name: env.create_user(name.lower(), global_name=name) for name in names}
    clock.follow(env, behind=BEGAN)
    await services.memory.put("commands", "none: this Discord is new")
    await env.start()
    ticking = asyncio.create_task(clock.run())
    try:
        if bot.user is not None:
            await bot.user.edit(username="B-Side")
        guild = env.create_guild("B-Side demo", owner=users[LISTENERS[0].name])
        channel = guild.create_text_channel("under-the-radar")
        nicks = {listener.name: listener.nick for listener in LISTENERS}
        members = {
            name: guild.add_member(user, nick=nicks.get(name)) for name, user in users.items()
        }
        tell("Artists promote, and listeners rate what they love")
        artists, crowd = ([members[name] for name in names] for names in (ARTISTS, CROWD))
        await play_past(services, guild, channel, artists, crowd, clock)
        clock.arrive()
        for listener in LISTENERS:
            await _rate(bot, users[listener.name].id, listener)
        await _greet(bot, channel.id)
        viewers = [member for name, member in members.items() if name not in CROWD]
        async with env.preview(channel, viewers=viewers, layout="channel", port=port) as preview:
            covers.show_in(preview)
            yield env, preview
    finally:
        ticking.cancel()
        await env.shutdown()


async def _rate(bot: BSide, user_id: int, listener: DemoListener) -> None:
    services = bot.services
    if (await services.feedback.history(user_id, 0)).total:
        return
    catalog = await services.catalog.get()
    for track_id, score in demo_ratings(catalog, listener):
        await services.feedback.rate(user_id, Subject(SubjectKind.TRACK, track_id), score)


async def _greet(bot: BSide, channel_id: int) -> None:
    channel = bot.get_channel(channel_id)
    if isinstance(channel, discord.TextChannel):
        people = ", ".join(f"{one.name} likes {one.taste}" for one in LISTENERS)
        await channel.send(_WELCOME.format(people=people, invented=FIRST_DEEZER_ID))
