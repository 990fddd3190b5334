"""Servers, what artists promote in them, and those who moderate."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.store.dialect import BigKey, UtcDateTime
from bot.store.tables.metadata import metadata

greetings = Table(
    "greetings",
    metadata,
    Column("guild_id", BigKey, primary_key=True, autoincrement=False, comment="a Discord server"),
    Column("greeted_at", UtcDateTime, nullable=False),
)

guild_settings = Table(
    "guild_settings",
    metadata,
    Column("guild_id", BigKey, primary_key=True, autoincrement=False),
    Column("promotion_channel_id", BigKey, comment="NULL: where the command is used"),
    Column("promoter_role_id", BigKey, comment="NULL: everybody may promote"),
    Column("artist_cooldown_hours", Integer, nullable=False),
    Column("guild_cooldown_minutes", Integer, nullable=False),
    Column("user_cooldown_hours", Integer, nullable=False, server_default="24"),
    Column(
        "promoted_every", Integer, nullable=False, server_default="5", comment="one pick in so many"
    ),
    Column("moderation_channel_id", BigKey, comment="NULL: reports wait in the queue"),
    Column("reports_until_hidden", Integer, nullable=False, server_default="3"),
    Column("claims_required", Boolean, nullable=False, server_default=false()),
    Column("verified_only", Boolean, nullable=False, server_default=false()),
    Column("guaranteed_hearings", Integer, nullable=False, server_default="5"),
    Column("picks_apart", Boolean, nullable=False, server_default=false()),
    Column("ai", String(10), nullable=False, server_default="label", comment="core.ai.AiRule"),
)

promotions = Table(
    "promotions",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("user_id", ForeignKey("users.id"), index=True, comment="NULL: deleted, but reported"),
    Column("guild_id", BigKey, comment="NULL: promoted in a direct message"),
    Column("message_id", BigKey, comment="NULL until it is posted"),
    Column("url", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("kind", String(10), nullable=False, server_default="playlist", comment="track, album"),
    Column("channel_id", BigKey, comment="where the message is; NULL in old rows"),
    Column("claim_id", ForeignKey("artist_claims.id"), index=True),
    Column("removed_at", UtcDateTime, comment="NULL: it stands"),
    Column("title", Text, comment="of the track or list; NULL: nobody says"),
    Column(
        "poster_mark", String(64), comment="store.tombstones: whom a ban means, without user_id"
    ),
    Column("ai", String(10), comment="core.ai.AiShare as declared; NULL: nothing is declared"),
    Index("ix_promotions_guild_id_created_at", "guild_id", "created_at"),
    sqlite_autoincrement=True,
)

promotion_tracks = Table(
    "promotion_tracks",
    metadata,
    Column("promotion_id", ForeignKey("promotions.id", ondelete="CASCADE"), primary_key=True),
    Column("track_id", ForeignKey("tracks.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

promotion_audio = Table(
    "promotion_audio",
    metadata,
    Column("promotion_id", ForeignKey("promotions.id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", String(64), nullable=False, comment="of the file, hexadecimal"),
    Column("fingerprint", LargeBinary, nullable=False, comment="of the sound"),
)

artist_claims = Table(
    "artist_claims",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("guild_id", BigKey, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, comment="core.identity.artist_key(name)"),
    Column("user_id", ForeignKey("users.id"), index=True, comment="the holder; NULL: nobody"),
    Column("artist_id", ForeignKey("artists.id", ondelete="SET NULL"), index=True),
    Column("verified_by", BigKey, comment="NULL also when that moderator is forgotten"),
    Column("verified_at", UtcDateTime, comment="NULL: not verified"),
    Column("muted", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("guild_id", "key"),
    sqlite_autoincrement=True,
)

artist_pages = Table(
    "artist_pages",
    metadata,
    Column("claim_id", ForeignKey("artist_claims.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, primary_key=True),
    sqlite_with_rowid=False,
)

claim_hands = Table(
    "claim_hands",
    metadata,
    Column("claim_id", ForeignKey("artist_claims.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("accepted_at", UtcDateTime, nullable=False, comment="votes count until then"),
    sqlite_with_rowid=False,
)

reports = Table(
    "reports",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("promotion_id", ForeignKey("promotions.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", ForeignKey("users.id"), index=True, comment="NULL: forgotten"),
    Column("reason", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False, comment="open, kept or removed"),
    Column("decided_by", BigKey),
    Column("decided_at", UtcDateTime),
    Column("reporter_mark", String(64), comment="store.tombstones: who reported it, forgotten"),
    UniqueConstraint("promotion_id", "user_id"),
    Index("ix_reports_state_promotion_id", "state", "promotion_id"),
)

moderation_log = Table(
    "moderation_log",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("guild_id", BigKey, nullable=False),
    Column("moderator_id", BigKey, index=True, comment="NULL: forgotten"),
    Column("user_id", BigKey, index=True, comment="whom it was about; NULL: nobody, forgotten"),
    Column("action", String(20), nullable=False),
    Column("subject", Text, nullable=False, comment="what it was about, in words"),
    Column("note", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_moderation_log_guild_id_id", "guild_id", "id"),
)

bans = Table(
    "bans",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("guild_id", BigKey, nullable=False),
    Column("user_id", BigKey, index=True, comment="a person, or"),
    Column("key", Text, comment="core.identity.artist_key of a name"),
    Column("name", Text, comment="as it was written"),
    Column("until", UtcDateTime, comment="NULL: for ever"),
    Column("mark", String(64), comment="store.tombstones: a person who deleted their data"),
    CheckConstraint(
        "CASE WHEN user_id IS NULL THEN 0 ELSE 1 END + CASE WHEN key IS NULL THEN 0 ELSE 1 END "
        "+ CASE WHEN mark IS NULL THEN 0 ELSE 1 END = 1",
        name="bans_a_person_or_a_name",
    ),
    UniqueConstraint("guild_id", "user_id"),
    UniqueConstraint("guild_id", "key"),
    Index("uq_bans_guild_id_mark", "guild_id", "mark", unique=True),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("mark", String(64), primary_key=True, comment="a keyed hash of what binds, and where"),
    Column("guild_id", BigKey, nullable=False, comment="0: outside of servers"),
    Column("at", UtcDateTime, nullable=False, comment="when it began"),
    Column("until", UtcDateTime, nullable=False, index=True),
    Column("fingerprint", LargeBinary, comment="of a sound"),
    Index("ix_tombstones_guild_id_at", "guild_id", "at"),
    sqlite_with_rowid=False,
)

blocked_terms = Table(
    "blocked_terms",
    metadata,
    Column("guild_id", BigKey, primary_key=True, autoincrement=False),
    Column("kind", String(10), primary_key=True, comment="word, domain or name"),
    Column("value", Text, primary_key=True, comment="folded"),
    sqlite_with_rowid=False,
)

audition_listeners = Table(
    "audition_listeners",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("joined_at", UtcDateTime, nullable=False),
)

auditions = Table(
    "auditions",
    metadata,
    Column(
        "recommendation_id",
        ForeignKey("recommendations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="which track was shown to whom, when, where and why",
    ),
    Column("user_id", ForeignKey("users.id"), nullable=False, comment="the listener"),
    Column(
        "promotion_id",
        ForeignKey("promotions.id", ondelete="SET NULL"),
        comment="NULL: its artist had their data deleted",
    ),
    Column("guild_id", BigKey, nullable=False, comment="where the hearing counts"),
    Column("expected", Float, nullable=False, comment="the predicted probability of a like"),
    Column(
        "feedback_id",
        ForeignKey("feedback.id"),
        index=True,
        comment="the thumb given blind, which counts while it stands; NULL: not yet",
    ),
    UniqueConstraint("promotion_id", "user_id"),
    Index("ix_auditions_user_id_guild_id", "user_id", "guild_id"),
    Index("ix_auditions_guild_id", "guild_id"),
)

audition_results = Table(
    "audition_results",
    metadata,
    Column("promotion_id", ForeignKey("promotions.id", ondelete="CASCADE"), primary_key=True),
    Column("totals", Text, nullable=False, comment="as they were told, as JSON"),
)

promotion_excerpts = Table(
    "promotion_excerpts",
    metadata,
    Column("promotion_id", ForeignKey("promotions.id", ondelete="CASCADE"), primary_key=True),
    Column("audio", LargeBinary, nullable=False, comment="Ogg, 30 seconds at most, without tags"),
)
