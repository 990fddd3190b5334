"""What artists show: names, rules, blind auditions and their results."""

from bot.core.promotion.auditions import (
    GUARANTEED,
    PENDING_FOR,
    Standing,
    Status,
    quota_left,
    threshold,
    turns,
)
from bot.core.promotion.claims import (
    MAX_CLAIMS,
    MAX_HANDS,
    MAX_NAME,
    MAX_PAGES,
    ArtistCard,
    CatalogArtist,
    Claim,
    claim_name,
)
from bot.core.promotion.fairness import FEWEST_LISTENERS, Reception, Vote, reception, vote_weight
from bot.core.promotion.moderation import (
    MAX_REASON,
    MAX_TERM,
    Action,
    Ban,
    BlockedTerm,
    BlockKind,
    Decided,
    Decision,
    HeldClaim,
    LogEntry,
    LogPage,
    Reported,
    ReportState,
    ReportTaken,
    blocked_by,
    blocked_term,
    report_reason,
)
from bot.core.promotion.promotion import (
    MAX_TEXT,
    MAX_TITLE,
    MAX_TRACKLIST,
    MOST_PROMOTED,
    SAME_URL_AGAIN_AFTER,
    Listing,
    PreparedPromotion,
    Promotion,
    PromotionAudio,
    PromotionKind,
    in_words,
    promotion_text,
    read_tracklist,
    same_audio,
    time_left,
    track_title,
)
from bot.core.promotion.suiting import (
    Fit,
    PlaylistSound,
    Suitability,
    list_standout,
    sound_of,
    suitability,
)
from bot.core.promotion.track_sound import SoundLevel, TrackSound, levels_of_sound, sounds_close
from bot.core.promotion.verdicts import Miss, PromotionResult, Totals, Verdict, published, totals
