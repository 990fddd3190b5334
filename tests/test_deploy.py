"""What is handed to those who run the bot names what there is."""

import json
import re
from pathlib import Path

from bot import meters

DEPLOY = Path(__file__).parents[1] / "deploy"
NAME = re.compile(r"\b(?:bside|process)_[a-z_]+")


def known() -> set[str]:
    """Return every name that Prometheus may find, also before anything was counted."""
    names = set()
    for family in meters.REGISTRY.collect():
        for ending in ("", "_total", "_count", "_sum", "_bucket"):
            names.add(family.name + ending)
    return names


def test_the_dashboard_and_the_alerts_ask_for_what_is_measured() -> None:
    dashboard = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    alerts = re.findall(r"expr: (.+)", (DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))

    asked = set(NAME.findall("\n".join([*queries, *alerts])))

    assert len(asked) > 10
    assert asked <= known()


def test_each_alert_says_what_to_do() -> None:
    text = (DEPLOY / "alerts.yaml").read_text(encoding="utf-8")

    assert text.count("- alert:") == text.count("summary:") == text.count("description:")
