"""Measures what can be heard in a sound file, for music that no service knows.

`pool.Analyzer` is the way in. Any sound file may be hostile, and decoders have had security holes.
Files are opened in a throw-away process (`child`) within limits, never in the bot's own.
"""
