"""From text or a link to a track, with the music services where needed."""

from bot.services.finding.answers import KeptAnswers
from bot.services.finding.collections import Collection, Collections
from bot.services.finding.covers import Covers
from bot.services.finding.enrichment import Enrichment, EnrichmentReport, Progress, Sleep
from bot.services.finding.genres import Genres
from bot.services.finding.lookup import MAX_TEXT, Lookup, Outside, token
from bot.services.finding.mentions import find_mentions
from bot.services.finding.names import KnownNames
from bot.services.finding.resolving import Resolver
from bot.services.finding.track_lists import TrackLists
