"""The use cases: the only layer that joins the store and the core."""

import asyncio
from dataclasses import dataclass

from bot.clock import Clock
from bot.core.accounts import LinkedAccount
from bot.services.answers import KeptAnswers
from bot.services.calibration import Confidence
from bot.services.catalog import LiveCatalog
from bot.services.enrichment import Enrichment, Sleep
from bot.services.exposure import ExposureWatch
from bot.services.feedback import FeedbackLedger
from bot.services.guild_settings import GuildRules
from bot.services.introducing import Introducing
from bot.services.jobs import Jobs
from bot.services.listens import ADMIT, Listens
from bot.services.lookup import Lookup, Outside
from bot.services.memory import Memory
from bot.services.privacy import Privacy
from bot.services.profile import Profiles
from bot.services.promotions import Promotions
from bot.services.recommender import Recommender
from bot.services.resolving import Resolver
from bot.services.sources import Sources
from bot.services.sync import SYNC, Sync, Tokens
from bot.store.engine import Database


@dataclass(frozen=True, slots=True)
class Services:
    """What the cogs may call."""

    catalog: LiveCatalog
    feedback: FeedbackLedger
    jobs: Jobs
    listens: Listens
    lookup: Lookup
    memory: Memory
    privacy: Privacy
    profiles: Profiles
    promotions: Promotions
    recommender: Recommender
    rules: GuildRules


def ask_outside(
    database: Database, sources: Sources, clock: Clock, sleep: Sleep = asyncio.sleep
) -> Outside:
    """Join what asks the music services."""
    return Outside(
        Resolver(database, sources, clock),
        Enrichment(database, sources, KeptAnswers(database, clock), clock, sleep),
        sources,
    )


class NoTokens:
    """Asks by the name of an account alone: Last.fm and ListenBrainz want no more."""

    async def access_token(self, _account: LinkedAccount) -> None:
        """Return no token."""


def build_services(
    database: Database,
    clock: Clock,
    outside: Outside | None = None,
    tokens: Tokens | None = None,
) -> Services:
    """Join the services over one database.

    Args:
        database: migrated.
        clock: tells the time.
        outside: asks the music services; None: only the catalogue answers.
        tokens: lets us ask in the name of linked accounts; None: they are asked for by name only.
    """
    lookup = Lookup(database, outside)
    catalog = LiveCatalog(database)
    ledger = FeedbackLedger(database, catalog, clock)
    jobs = Jobs(database, clock)
    listens = Listens(database, catalog, jobs, clock)
    if outside is not None:
        sync = Sync(database, catalog, outside.sources, tokens or NoTokens(), listens, clock)
        jobs.handle(SYNC, sync)
        jobs.handle(ADMIT, Introducing(database, catalog, outside, listens, clock))
    return Services(
        catalog=catalog,
        feedback=ledger,
        jobs=jobs,
        listens=listens,
        lookup=lookup,
        memory=Memory(database),
        privacy=Privacy(database, clock),
        profiles=Profiles(database, catalog),
        promotions=Promotions(database, catalog, ledger, clock, lookup),
        recommender=Recommender(
            database, catalog, ExposureWatch(database, clock), Confidence(database, clock), clock
        ),
        rules=GuildRules(database),
    )
