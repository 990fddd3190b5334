import pytest
from yarl import URL

from bot.errors import SourceUnavailableError
from bot.sources.host import PassingError
from bot.sources.http import Http, PublicResolver, origin


async def test_names_of_private_addresses_lead_nowhere() -> None:
    resolver = PublicResolver()

    with pytest.raises(OSError, match="localhost has no public address"):
        await resolver.resolve("localhost", 80)

    await resolver.close()


async def test_a_session_does_not_go_where_a_name_leads_to_a_private_address(http: Http) -> None:
    with pytest.raises(PassingError) as caught:
        await http.send("Local", "GET", URL("http://localhost:1/"))

    assert isinstance(caught.value.error, SourceUnavailableError)
    assert "no public address" in repr(caught.value.__cause__)


@pytest.mark.parametrize(
    "other",
    ["http://a.example/", "https://b.example/", "https://a.example:444/", "https://a.example.b/"],
)
def test_an_origin_is_scheme_host_and_port(other: str) -> None:
    assert origin(URL("https://a.example/x?y")) == origin(URL("https://A.example:443/"))
    assert origin(URL("https://a.example/")) != origin(URL(other))
