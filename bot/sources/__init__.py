"""The music services: one file or folder for each.

All but spotipy's requests go through http.py.
"""
