"""Values that words hold of, for levels that are written by hand."""

from bot.core.taste import BOUNDS, FeatureLevel, Height, height


def value_at(feature: str, percentile: float) -> float | None:
    """Return a value that fits a percentile: of it a word holds exactly when that is clear."""
    bounds = BOUNDS.get(feature)
    if bounds is None:
        return None
    values = {Height.HIGH: bounds.high + bounds.heard * 4, Height.LOW: bounds.low}
    if bounds.heard > 1000:  # of the mode no difference is heard
        values[Height.HIGH] = bounds.high
    return values.get(height(percentile), (bounds.low + bounds.high) / 2)


def level_at(feature: str, percentile: float) -> FeatureLevel:
    """Return a level with such a value."""
    return FeatureLevel(feature, percentile, value_at(feature, percentile))
