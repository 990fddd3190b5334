"""The music services: one file or folder for each.

All but spotipy's requests go through http.py. A function `kept_*` or `parse_*` raises
`BadAnswerError` when it is given an answer of another form than the one it reads.
"""
