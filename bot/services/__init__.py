"""The use cases: the only layer that joins the store and the core."""

import asyncio
from dataclasses import dataclass

from bot.clock import Clock
from bot.services.answers import KeptAnswers
from bot.services.artists import Artists
from bot.services.calibration import Confidence
from bot.services.catalog import LiveCatalog
from bot.services.enrichment import Enrichment, Sleep
from bot.services.exposure import ExposureWatch
from bot.services.feedback import FeedbackLedger
from bot.services.guild_settings import GuildRules
from bot.services.lookup import Lookup, Outside
from bot.services.memory import Memory
from bot.services.moderation import Moderation
from bot.services.privacy import Privacy
from bot.services.profile import Profiles
from bot.services.promotions import Promotions
from bot.services.recommender import Recommender
from bot.services.reports import Reports
from bot.services.resolving import Resolver
from bot.services.sources import Sources
from bot.store.engine import Database


@dataclass(frozen=True, slots=True)
class Services:
    """What the cogs may call."""

    artists: Artists
    catalog: LiveCatalog
    feedback: FeedbackLedger
    lookup: Lookup
    memory: Memory
    moderation: Moderation
    privacy: Privacy
    profiles: Profiles
    promotions: Promotions
    recommender: Recommender
    reports: Reports
    rules: GuildRules


def ask_outside(
    database: Database, sources: Sources, clock: Clock, sleep: Sleep = asyncio.sleep
) -> Outside:
    """Join what asks the music services."""
    return Outside(
        Resolver(database, sources, clock),
        Enrichment(database, sources, KeptAnswers(database, clock), clock, sleep),
    )


def build_services(database: Database, clock: Clock, outside: Outside | None = None) -> Services:
    """Join the services over one database.

    Args:
        database: migrated.
        clock: tells the time.
        outside: asks the music services; None: only the catalogue answers.
    """
    lookup = Lookup(database, outside)
    catalog = LiveCatalog(database)
    ledger = FeedbackLedger(database, catalog, clock)
    return Services(
        artists=Artists(database, catalog, clock),
        catalog=catalog,
        feedback=ledger,
        lookup=lookup,
        memory=Memory(database),
        moderation=Moderation(database, clock),
        privacy=Privacy(database, clock),
        profiles=Profiles(database, catalog),
        promotions=Promotions(database, catalog, ledger, clock, lookup),
        recommender=Recommender(
            database, catalog, ExposureWatch(database, clock), Confidence(database, clock), clock
        ),
        reports=Reports(database, clock),
        rules=GuildRules(database),
    )
