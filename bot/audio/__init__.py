"""What can be heard in a sound file, measured here; for music that no service knows.

`pool.Analyzer` is the way in. Sound files are hostile until shown otherwise, and decoders have had
holes: they are opened in a throw-away process (`child`) within limits, never in the bot's own.
"""
