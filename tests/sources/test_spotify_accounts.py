from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from yarl import URL

from bot.demo.outside import UNPACED
from bot.demo.servers.loopback import cut, says
from bot.demo.servers.spotify import SpotifyAccountsServer, SpotifyUser
from bot.errors import AccessError, BadAnswerError, ConsentEndedError, SourceUnavailableError
from bot.sources.http import Http
from bot.sources.spotify import SpotifyAccounts, challenge_of
from bot.sources.spotify.accounts import parse_grant
from bot.store.engine import Database
from bot.store.tables import answers
from tests.conftest import NOON

HOME = "http://127.0.0.1:8080/callback"
VERIFIER = "v" * 43
ANN = SpotifyUser("ann")


@pytest.fixture
async def server() -> AsyncIterator[SpotifyAccountsServer]:
    async with SpotifyAccountsServer(client_secret="hush") as server:  # noqa: S106
        server.codes["code"] = (ANN, challenge_of(VERIFIER), HOME)
        yield server


@pytest.fixture
def accounts(http: Http, server: SpotifyAccountsServer) -> SpotifyAccounts:
    return SpotifyAccounts(http, "app", None, server.base, UNPACED)


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


async def test_the_page_to_agree_on_holds_what_is_asked_for_and_no_secret(http: Http) -> None:
    accounts = SpotifyAccounts(http, "app", "hush")

    url = URL(
        accounts.authorize_url(
            redirect_uri=HOME, state="s/1", challenge="c", scopes={"user-top-read", "a"}
        )
    )

    assert str(url.with_query(None)) == "https://accounts.spotify.com/authorize"
    assert dict(url.query) == {
        "client_id": "app",
        "response_type": "code",
        "redirect_uri": HOME,
        "state": "s/1",
        "scope": "a user-top-read",
        "code_challenge_method": "S256",
        "code_challenge": "c",
    }


async def test_a_code_is_exchanged_once(
    accounts: SpotifyAccounts, server: SpotifyAccountsServer
) -> None:
    grant = await accounts.exchange("code", redirect_uri=HOME, verifier=VERIFIER)

    assert server.api.tokens[grant.access_token] is ANN
    assert grant.expires_at == NOON + timedelta(hours=1)
    assert grant.scopes == {"user-top-read", "user-library-read"}
    assert "access1" not in repr(grant)
    assert "refresh1" not in repr(grant)
    with pytest.raises(ConsentEndedError, match="Link the account again"):
        await accounts.exchange("code", redirect_uri=HOME, verifier=VERIFIER)


@pytest.mark.parametrize(
    ("verifier", "redirect_uri"), [("w" * 43, HOME), (VERIFIER, "http://127.0.0.1:1/")]
)
async def test_a_code_is_of_no_use_to_others(
    accounts: SpotifyAccounts, verifier: str, redirect_uri: str
) -> None:
    with pytest.raises(ConsentEndedError):
        await accounts.exchange("code", redirect_uri=redirect_uri, verifier=verifier)


async def test_a_refresh_brings_new_tokens_until_the_consent_ends(
    accounts: SpotifyAccounts, server: SpotifyAccountsServer
) -> None:
    first = await accounts.exchange("code", redirect_uri=HOME, verifier=VERIFIER)
    second = await accounts.refresh(first.refresh_token or "")
    assert second.access_token != first.access_token

    server.refresh_tokens.clear()
    with pytest.raises(ConsentEndedError):
        await accounts.refresh(second.refresh_token or "")


async def test_an_outage_does_not_end_a_consent_and_a_refresh_is_not_repeated(
    accounts: SpotifyAccounts, server: SpotifyAccountsServer
) -> None:
    server.refresh_tokens["r"] = ANN
    server.misbehave(cut)

    with pytest.raises(SourceUnavailableError):
        await accounts.refresh("r")

    assert len(server.calls) == 1
    assert (await accounts.refresh("r")).refresh_token == "refresh1"  # noqa: S105


async def test_the_app_has_a_token_of_its_own_with_the_right_secret(
    http: Http, accounts: SpotifyAccounts, server: SpotifyAccountsServer
) -> None:
    own = SpotifyAccounts(http, "app", "hush", server.base, UNPACED)
    wrong = SpotifyAccounts(http, "app", "guess", server.base, UNPACED)

    grant = await own.app_grant()

    assert grant.refresh_token is None
    assert grant.access_token in server.api.tokens
    with pytest.raises(AccessError):
        await wrong.app_grant()


async def test_tokens_are_kept_nowhere(
    accounts: SpotifyAccounts, server: SpotifyAccountsServer, database: Database
) -> None:
    await accounts.exchange("code", redirect_uri=HOME, verifier=VERIFIER)

    assert server.calls[0].query == {}
    async with database.read() as conn:
        assert await conn.scalar(select(func.count()).select_from(answers)) == 0


async def test_an_answer_without_a_token_is_none(
    accounts: SpotifyAccounts, server: SpotifyAccountsServer
) -> None:
    server.misbehave(says({"access_token": None, "expires_in": 3600}))

    with pytest.raises(BadAnswerError):
        await accounts.refresh("r")
    with pytest.raises(BadAnswerError):
        parse_grant({"access_token": "a", "expires_in": "soon"}, lasts_from=NOON)
