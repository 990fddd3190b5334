"""The use cases: the only layer that joins the store and the core."""

import asyncio
from dataclasses import dataclass

from bot.clock import Clock
from bot.services.answers import KeptAnswers
from bot.services.audience import Audience
from bot.services.calibration import Confidence
from bot.services.catalog import LiveCatalog
from bot.services.collections import Collections
from bot.services.companions import CompanionLists
from bot.services.enrichment import Enrichment, Sleep
from bot.services.exposure import ExposureWatch
from bot.services.feedback import FeedbackLedger
from bot.services.guild_settings import GuildRules
from bot.services.jobs import Jobs
from bot.services.lookup import Lookup, Outside
from bot.services.memory import Memory
from bot.services.playlists import Playlists, PlaylistSaver
from bot.services.presence import Presence
from bot.services.privacy import Privacy
from bot.services.profile import Profiles
from bot.services.promotions import Promotions
from bot.services.recommender import Recommender
from bot.services.resolving import Resolver
from bot.services.sources import Sources
from bot.services.track_lists import TrackLists
from bot.store.engine import Database


@dataclass(frozen=True, slots=True)
class Services:
    """What the cogs may call."""

    audience: Audience
    catalog: LiveCatalog
    companions: CompanionLists
    collections: Collections
    feedback: FeedbackLedger
    jobs: Jobs
    lookup: Lookup
    memory: Memory
    playlists: Playlists
    presence: Presence
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
        TrackLists(sources),
        sources.short_links,
    )


def build_services(
    database: Database,
    clock: Clock,
    outside: Outside | None = None,
    saver: PlaylistSaver | None = None,
) -> Services:
    """Join the services over one database.

    Args:
        database: migrated.
        clock: tells the time.
        outside: asks the music services; None: only the catalogue answers.
        saver: saves playlists in linked accounts; None: nobody has linked one.
    """
    lookup = Lookup(database, outside)
    catalog = LiveCatalog(database)
    ledger = FeedbackLedger(database, catalog, clock)
    playlists = Playlists(database, clock, saver)
    return Services(
        audience=Audience(database, catalog, clock),
        catalog=catalog,
        companions=CompanionLists(database, catalog, lookup, playlists),
        collections=Collections(database, clock, outside),
        feedback=ledger,
        jobs=Jobs(database, clock),
        lookup=lookup,
        memory=Memory(database),
        playlists=playlists,
        presence=Presence(database, clock),
        privacy=Privacy(database, clock),
        profiles=Profiles(database, catalog),
        promotions=Promotions(database, catalog, ledger, clock, lookup),
        recommender=Recommender(
            database, catalog, ExposureWatch(database, clock), Confidence(database, clock), clock
        ),
        rules=GuildRules(database),
    )
