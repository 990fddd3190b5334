"""A decoded excerpt turned into an analysis: every spectrum is computed once."""

import numpy as np
import soxr

from bot.audio.analysis import Analysis
from bot.audio.decoding import Sound
from bot.audio.descriptors import bandwidth, describe
from bot.audio.fingerprint import fingerprint
from bot.audio.loudness import integrated_loudness
from bot.audio.perception import estimates
from bot.audio.refusal import SILENCE_LUFS, Refusal, RefusedError
from bot.audio.spectra import RATE, magnitudes, mel_weights
from bot.audio.spectrogram import picture
from bot.audio.tempo import find_tempo
from bot.audio.tonality import find_key


def measure(sound: Sound, *, sha256: str = "") -> Analysis:
    """Return what can be heard in an excerpt.

    Raises:
        RefusedError: it is silent.
    """
    loudness = integrated_loudness(sound.samples, sound.rate)
    if loudness < SILENCE_LUFS:
        raise RefusedError(Refusal.SILENT)
    channels = sound.samples.shape[1]
    mono = sound.samples @ np.full(channels, 1 / channels, np.float32)
    highest = bandwidth(mono, sound.rate)
    signal = soxr.resample(mono, sound.rate, RATE)
    spectrum = magnitudes(signal)
    mel = spectrum**2 @ mel_weights().T
    return Analysis(
        sha256=sha256,
        format=sound.format,
        duration_s=sound.duration_s,
        sample_rate=sound.rate,
        channels=channels,
        tempo=find_tempo(mel),
        key=find_key(signal),
        loudness_lufs=loudness,
        bandwidth_hz=highest,
        **estimates(describe(signal, spectrum, mel), highest),
        fingerprint=fingerprint(spectrum),
        spectrogram=picture(mel),
        title=sound.title,
        artist=sound.artist,
        excerpt=None,
    )
