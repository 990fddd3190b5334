"""How a track sounds, as the fields and the picture of a post."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import discord

from bot.core.models import Track
from bot.core.promotion import PreparedPromotion, SoundLevel, TrackSound
from bot.ui import features, listen, text

PICTURE: Final = "spectrogram.png"
_LEVELS: Final = "Higher than this share of my catalogue"
_KEYS: Final = ("C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
_SHOWN: Final = (
    "energy", "danceability", "acousticness", "instrumentalness", "valence", "speechiness",
)  # fmt: skip
_SURE: Final = ((0.8, "sure"), (0.55, "fairly sure"), (0.3, "unsure"))
_GUESS: Final = "a guess"
_FIELD: Final = 1024


def add_fields(embed: discord.Embed, sound: TrackSound) -> None:
    """Add what is known of the sound of a track: how fast, in which key, how loud, how it feels."""
    found = sound.features
    if found.tempo is not None:
        embed.add_field(name="Tempo", value=_tempo(sound))
    if found.key is not None and found.mode is not None:
        key = f"**{_KEYS[found.key]} {'major' if found.mode else 'minor'}**"
        embed.add_field(name="Key", value=_surely(key, sound.key_trust))
    if found.loudness is not None:
        unit = "LUFS" if sound.measured_here else "dB"
        loudness = f"{found.loudness:.1f}".replace("-", "−")
        embed.add_field(name="Loudness", value=f"**{loudness} {unit}**")
    by_name = {one.feature: one for one in sound.levels}
    lines = [_level(by_name[name]) for name in _SHOWN if name in by_name]
    if lines:
        embed.add_field(name=_LEVELS, value="\n".join(lines), inline=False)
    if sound.near:
        embed.add_field(name="Sounds close to", value=_all_near(sound.near), inline=False)
    if sound.measured_here:
        embed.set_image(url=f"attachment://{PICTURE}")


def files(prepared: PreparedPromotion) -> list[discord.File]:
    """Return the picture of an analysed track; a new file each time, for it is sent only once."""
    sound = prepared.heard
    if sound is None or sound.spectrogram is None:
        return []
    return [discord.File(BytesIO(sound.spectrogram), PICTURE, description=_alt(prepared, sound))]


def source(sound: TrackSound) -> str:
    """Say where the numbers come from."""
    if sound.measured_here:
        return "I listened to the file: these are my own measurements, with how sure I am"
    return "what music services say about its sound"


def _tempo(sound: TrackSound) -> str:
    line = f"**{sound.features.tempo:.0f} BPM**"
    if sound.other_tempo:
        line += f", or {sound.other_tempo:.0f}"
    return _surely(line, sound.tempo_trust)


def _level(level: SoundLevel) -> str:
    share = round(100 * level.percentile)
    name = features.NAMES[level.feature]
    line = f"`{text.bar(level.percentile, 8)}` {text.capital(name)} {share} %"
    return line if level.trust is None else f"{line} · *{_sureness(level.trust)}*"


def _all_near(tracks: Sequence[Track]) -> str:
    """Return a line for each track, as many as fit into a field."""
    lines = [_near(one) for one in tracks]
    while len("\n".join(lines)) > _FIELD:
        lines.pop()
    return "\n".join(lines)


def _near(track: Track) -> str:
    name, artist = text.plain(track.title, 60), text.plain(track.artist, 40)
    return f"[{name}]({listen.anywhere(track)}) by {artist}"


def _surely(line: str, trust: float | None) -> str:
    return line if trust is None else f"{line}\n*{_sureness(trust)}*"


def _sureness(trust: float) -> str:
    return next((word for least, word in _SURE if trust >= least), _GUESS)


def _alt(prepared: PreparedPromotion, sound: TrackSound) -> str:
    """Return what somebody who does not see the picture needs to know of it."""
    words = features.clear_words_of(sound.levels)
    how = f" It sounds {text.listing(words)}." if words else ""
    title = text.label(prepared.promotion.title or "the track", 200)
    return f"Mel spectrogram of {title}: time goes right, pitch goes up, brighter is louder.{how}"
