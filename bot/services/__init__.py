"""The use cases: the only layer that joins the store and the core."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.audio.pool import Analyzer
from bot.clock import Clock
from bot.exports.reader import ExportReader
from bot.services.accounts import SYNC, Accounts, Linking, SpotifyPlaylists, Vault
from bot.services.catalog import POPULARITY, Analyses, LiveCatalog, PopularityPast
from bot.services.discover import (
    LAPSE,
    Asking,
    Blends,
    Calibrator,
    ExposureWatch,
    Invitations,
    PickMenus,
    Recommender,
    Releases,
    TasteMaps,
    Titles,
)
from bot.services.finding import (
    Collections,
    Covers,
    Enrichment,
    Genres,
    KeptAnswers,
    KnownNames,
    Lookup,
    Outside,
    Resolver,
    Sleep,
    TrackLists,
)
from bot.services.growth import (
    GROW,
    MEET,
    ArtistWishes,
    Favorites,
    Growth,
    GrowthPlan,
    Meetings,
)
from bot.services.lists import CompanionLists, Paths, Playlists
from bot.services.plays import ADMIT, Introducing, Listens, NotMe, Sync
from bot.services.promotion import (
    AI_LIST,
    AiMusic,
    Artists,
    Auditions,
    ListPromotions,
    Moderation,
    Promotions,
    Reports,
    TrackPromotions,
)
from bot.services.record import TAKE_IN, HeadPlans, RecordLog
from bot.services.server import Audience, Digests, Greetings, GuildRules, OwnDigests, Presence
from bot.services.sharing import END_PAGES, END_VISITS, PageContents, SharedPages, Visits
from bot.services.sources import Sources
from bot.services.taste import FeedbackLedger, Muting, Profiles, Stories, Tastes
from bot.services.upkeep import (
    BACKUP,
    END,
    BackupPlan,
    Backups,
    Jobs,
    Memory,
    PersonalExports,
    Privacy,
    Watch,
)
from bot.store import jobs as store_jobs
from bot.store.engine import Database
from bot.store.migrate import OLD_COPIES

BY_NAME_ONLY: Final = Linking(Vault())


@dataclass(frozen=True, slots=True)
class Services:
    """What the cogs may call."""

    accounts: Accounts
    ai_music: AiMusic
    artists: Artists
    asking: Asking
    audience: Audience
    auditions: Auditions
    backups: Backups
    blends: Blends
    catalog: LiveCatalog
    collections: Collections
    companions: CompanionLists
    covers: Covers
    digests: Digests
    favorites: Favorites
    feedback: FeedbackLedger
    genres: Genres
    greetings: Greetings
    growth: Growth | None
    """None: nobody is asked."""
    head_plans: HeadPlans
    invitations: Invitations
    jobs: Jobs
    listens: Listens
    lookup: Lookup
    maps: TasteMaps
    memory: Memory
    menus: PickMenus
    moderation: Moderation
    muting: Muting
    names: KnownNames
    not_me: NotMe
    own_digests: OwnDigests
    page_contents: PageContents
    personal_exports: PersonalExports
    paths: Paths
    playlists: Playlists
    popularity: PopularityPast
    presence: Presence
    privacy: Privacy
    profiles: Profiles
    stories: Stories
    promoted_lists: ListPromotions
    promoted_tracks: TrackPromotions
    promotions: Promotions
    recommender: Recommender
    record: RecordLog
    releases: Releases
    reports: Reports
    rules: GuildRules
    shared_pages: SharedPages
    tastes: Tastes
    visits: Visits
    watch: Watch
    wishes: ArtistWishes


def ask_outside(
    database: Database, sources: Sources, clock: Clock, sleep: Sleep = asyncio.sleep
) -> Outside:
    """Join what asks the music services."""
    return Outside(
        Resolver(database, sources, clock),
        Enrichment(database, sources, KeptAnswers(database, clock), clock, sleep),
        TrackLists(sources),
        sources,
    )


def build_services(
    database: Database,
    clock: Clock,
    outside: Outside | None = None,
    linking: Linking = BY_NAME_ONLY,
    backup_plan: BackupPlan | None = None,
    growth_plan: GrowthPlan | None = None,
    public_url: str | None = None,
    ai_list: Path | None = None,
) -> Services:
    """Join the services over one database.

    Args:
        database: migrated.
        outside: asks the music services; None: only the catalogue answers.
        linking: what the operator set up for linking accounts.
        backup_plan: how to back the database up; None: not at all.
        growth_plan: how far the catalogue grows by itself; None: not at all.
        public_url: where the web reaches the bot, without a slash at the end; None: nowhere.
        ai_list: names artists whose music AI makes; None: there is no such list.
    """
    names = KnownNames(database)
    lookup, genres = Lookup(database, outside, names), Genres(database)
    catalog = LiveCatalog(database)
    tastes = Tastes(database, catalog)
    ledger = FeedbackLedger(database, tastes, clock)
    sources = outside.sources if outside else None
    accounts = Accounts(database, clock, sources, linking)
    spotify = SpotifyPlaylists(accounts, sources.spotify_users if sources else None)
    playlists = Playlists(database, clock, spotify, catalog, tastes)
    promotions = Promotions(database, catalog, ledger, clock)
    analyses = Analyses(database, catalog, Analyzer(), clock)
    collections = Collections(database, clock, outside, accounts)
    audience = Audience(database, catalog, tastes, clock)
    releases = Releases(database, catalog, tastes, clock, sources, accounts)
    exposure, confidence = ExposureWatch(database, clock), Calibrator(database, clock)
    titles = Titles(database)
    recommender = Recommender(database, catalog, tastes, exposure, confidence, titles, clock)
    invitations = Invitations(database, catalog, tastes, clock)
    blends = Blends(
        database, catalog, tastes, invitations, exposure, confidence, recommender.line, clock
    )
    covers = Covers(database, clock, sources)
    digests = Digests(database, catalog, tastes, releases, clock)
    jobs = Jobs(database, clock)
    presence = Presence(database, clock)
    privacy = Privacy(
        database,
        clock,
        accounts,
        [tastes.forget, presence.forget, recommender.forget, blends.forget],
    )
    backups = Backups(database, clock, backup_plan)
    shared_pages = SharedPages(database, clock, public_url)
    artists = Artists(database, catalog, clock)
    visits = Visits(database, catalog, ledger, shared_pages, clock)
    ai_music = AiMusic(database, clock, ai_list)
    record = RecordLog(database, clock)
    popularity = PopularityPast(database, clock)
    listens = Listens(database, catalog, tastes, clock, ExportReader())
    if outside is not None:
        sync = Sync(database, catalog, outside.sources, accounts, listens, clock)
        jobs.handle(SYNC, sync)
        jobs.handle(ADMIT, Introducing(database, outside, listens, clock))
    growth = None
    if outside is not None:
        growth = Growth(database, Meetings(database, outside, clock), catalog, clock, growth_plan)
        jobs.handle(GROW, growth)
    wishes = ArtistWishes(database, lookup, ledger, growth, clock)
    for kind, work in (
        (LAPSE, invitations.lapse),
        (END, privacy.end),
        (store_jobs.FORGET, privacy.forget),
        (BACKUP, backups.make),
        (OLD_COPIES, privacy.remove_old_copies),
        (END_PAGES, shared_pages.lapse),
        (END_VISITS, visits.lapse),
        (AI_LIST, ai_music.look),
        (TAKE_IN, record.take_in),
        (POPULARITY, popularity.look),
        (MEET, wishes.job),
    ):
        jobs.handle(kind, work)
    return Services(
        accounts=accounts,
        ai_music=ai_music,
        artists=artists,
        asking=Asking(database, catalog, lookup, titles, clock),
        audience=audience,
        auditions=Auditions(database, tastes, recommender, clock),
        backups=backups,
        blends=blends,
        catalog=catalog,
        collections=collections,
        companions=CompanionLists(database, catalog, lookup, genres, playlists),
        covers=covers,
        digests=digests,
        favorites=Favorites(wishes, ledger),
        feedback=ledger,
        genres=genres,
        greetings=Greetings(database, clock),
        growth=growth,
        head_plans=HeadPlans(database, record, clock),
        invitations=invitations,
        jobs=jobs,
        listens=listens,
        lookup=lookup,
        maps=TasteMaps(database, catalog, tastes, ledger, recommender, clock),
        memory=Memory(database),
        menus=PickMenus(database, clock),
        moderation=Moderation(database, clock),
        muting=Muting(database, catalog, tastes, clock),
        names=names,
        paths=Paths(database, catalog, tastes, lookup, playlists, clock),
        not_me=NotMe(database, tastes, clock),
        own_digests=OwnDigests(database, recommender, releases, digests, covers, clock),
        page_contents=PageContents(database, catalog, playlists, artists),
        playlists=playlists,
        popularity=popularity,
        presence=presence,
        personal_exports=PersonalExports(database, clock),
        privacy=privacy,
        profiles=Profiles(database, catalog, clock),
        stories=Stories(database, catalog, clock),
        promoted_lists=ListPromotions(database, promotions, lookup, collections, audience, clock),
        promoted_tracks=TrackPromotions(database, catalog, promotions, lookup, analyses, clock),
        promotions=promotions,
        recommender=recommender,
        record=record,
        releases=releases,
        reports=Reports(database, clock),
        rules=GuildRules(database),
        shared_pages=shared_pages,
        tastes=tastes,
        visits=visits,
        watch=Watch(database, clock, backup_plan),
        wishes=wishes,
    )
