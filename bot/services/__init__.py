"""The use cases: the only layer that joins the store and the core."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.services.calibration import Confidence
from bot.services.catalog import LiveCatalog
from bot.services.exposure import ExposureWatch
from bot.services.feedback import FeedbackLedger
from bot.services.guild_settings import GuildRules
from bot.services.lookup import Lookup
from bot.services.memory import Memory
from bot.services.privacy import Privacy
from bot.services.profile import Profiles
from bot.services.promotions import Promotions
from bot.services.recommender import Recommender
from bot.store.engine import Database


@dataclass(frozen=True, slots=True)
class Services:
    """What the cogs may call."""

    catalog: LiveCatalog
    feedback: FeedbackLedger
    lookup: Lookup
    memory: Memory
    privacy: Privacy
    profiles: Profiles
    promotions: Promotions
    recommender: Recommender
    rules: GuildRules


def build_services(database: Database, clock: Clock) -> Services:
    """Join the services over one database."""
    catalog = LiveCatalog(database)
    ledger = FeedbackLedger(database, catalog, clock)
    return Services(
        catalog=catalog,
        feedback=ledger,
        lookup=Lookup(database),
        memory=Memory(database),
        privacy=Privacy(database, clock),
        profiles=Profiles(database, catalog),
        promotions=Promotions(database, catalog, ledger, clock),
        recommender=Recommender(
            database, catalog, ExposureWatch(database, clock), Confidence(database, clock), clock
        ),
        rules=GuildRules(database),
    )
