"""One's own catalogue as a table, without what may not be passed on."""

from bot.services.catalog.exporting.exporter import CatalogExporter, Exported, ending_of
