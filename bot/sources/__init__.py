"""The music services: one file for each, and http.py, the only way out to them."""
