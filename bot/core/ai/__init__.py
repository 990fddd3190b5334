"""How much of some music was made by AI: as its artist declares, or a list of the operator says.

Nothing is guessed. No detector is right often enough: whom it accuses wrongly loses listeners and
cannot prove the opposite.
"""

from bot.core.ai.labels import (
    MOST_APPEAL,
    AiLabel,
    AiRule,
    AiShare,
    AiSource,
    Appeal,
    AppealSubject,
    Verdict,
    declared,
    strongest,
)
from bot.core.ai.lists import BadListError, ListedArtist, read_list
