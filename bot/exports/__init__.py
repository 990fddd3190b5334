"""What listeners export from music services: plays, and lists of tracks.

`reader.ExportReader` is the way in. Exports are hostile until shown otherwise: they are unpacked
and read in a throw-away process (`child`) within limits, never in the bot's own, and what that says
is checked once more.
"""
