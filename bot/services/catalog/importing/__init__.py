"""Reads the track tables that people have into the catalogue.

A file goes through four steps: `tables` opens it, `records` cuts it into rows, `cleaning` turns
the text into known and unknown values, `merging` finds out which rows are the same recording.
`importer` joins them with the database, one transaction per file.
"""

from bot.services.catalog.importing.importer import CatalogImporter
from bot.services.catalog.importing.report import ImportReport, Reject

__all__ = ["CatalogImporter", "ImportReport", "Reject"]
