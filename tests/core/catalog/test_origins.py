"""What may be passed on, by who said it."""

import pytest

from bot.core.catalog import is_open, terms_of
from bot.sources.audius import Audius
from bot.sources.deezer import Deezer
from bot.sources.itunes import ITunes
from bot.sources.lastfm import LastFm
from bot.sources.listenbrainz.client import ListenBrainz
from bot.sources.reccobeats import ReccoBeats


@pytest.mark.parametrize(
    "service", [one.name for one in (Audius, Deezer, ITunes, LastFm, ReccoBeats)]
)
def test_what_a_service_answers_may_not_be_passed_on(service: str) -> None:
    assert not is_open(service)
    assert not is_open(service, "tempo")
    assert "terms of the service" in terms_of(service)


def test_a_table_of_unknown_license_and_a_source_nobody_knows_are_not_open() -> None:
    assert not is_open("spotify")
    assert not is_open("a new service")
    assert "nobody can tell" in terms_of("a new service")


def test_open_data_may_be_passed_on_as_far_as_its_source_can_have_said_it() -> None:
    assert is_open(ListenBrainz.name)
    assert is_open("acousticbrainz", "tempo")
    assert not is_open("acousticbrainz", "energy")  # it has none: another table filled it in
    assert is_open("echonest", "energy")
    assert not is_open("echonest", "key")
