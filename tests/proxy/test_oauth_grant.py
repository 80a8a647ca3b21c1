"""What a login left behind, as text for the keyring and as the SDK's client has it."""

import json

import pytest
from mcp.client.auth import OAuthClientProvider
from mcp.shared.auth import OAuthClientMetadata
from pydantic import AnyUrl

from approver.proxy.oauth_grant import Holder, LoginGrant, from_text, prepare, read_back

URL = "https://remote.example/mcp"
FULL = LoginGrant(
    URL,
    tokens={"access_token": "a", "token_type": "Bearer", "refresh_token": "r", "scope": "x", "expires_in": 60},
    expires_at=1000.0,
    client={"client_id": "c", "redirect_uris": ["http://127.0.0.1:1/callback"]},
    is_given=True,
    server={
        "issuer": "https://login.example",
        "authorization_endpoint": "https://login.example/authorize",
        "token_endpoint": "https://login.example/token",
    },
    resource={"resource": URL, "authorization_servers": ["https://login.example"]},
)


def provider_of(grant: LoginGrant) -> tuple[OAuthClientProvider, Holder]:
    holder = Holder(grant)
    ours = OAuthClientMetadata(redirect_uris=[AnyUrl("http://127.0.0.1:1/callback")])
    return OAuthClientProvider(URL, ours, holder), holder


@pytest.mark.parametrize("grant", [LoginGrant(URL), FULL])
def test_what_is_written_is_what_is_read(grant: LoginGrant) -> None:
    assert from_text(grant.to_text(), URL) == grant


def test_a_grant_is_for_its_own_address() -> None:
    assert from_text(FULL.to_text(), URL + "/other") is None


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"url": "x", "of": "somebody else"}'])
def test_what_is_no_grant_is_none(text: str) -> None:
    assert from_text(text, URL) is None


def test_a_grant_can_be_refreshed_with_a_token_for_it_and_a_client() -> None:
    assert FULL.can_be_refreshed
    assert not LoginGrant(URL, tokens=FULL.tokens).can_be_refreshed
    assert not LoginGrant(URL, tokens={"access_token": "a"}, client=FULL.client).can_be_refreshed
    assert LoginGrant(URL).access_token == ""


@pytest.mark.anyio
async def test_the_sdks_client_gets_all_of_it_and_gives_it_back() -> None:
    provider, holder = provider_of(FULL)
    prepare(provider, FULL, is_over=True)
    assert provider.context.auth_server_url == "https://login.example"
    assert provider.context.token_expiry_time == 1.0
    assert await holder.get_tokens() is not None
    assert await holder.get_client_info() is not None
    found = read_back(provider, holder, FULL, now=940.0)
    assert found.expires_at == 1000.0
    assert (found.server, found.resource, found.is_given) == (FULL.server, FULL.resource, True)
    assert json.loads(found.to_text())["tokens"] == FULL.tokens


def test_an_empty_grant_leaves_the_sdks_client_to_find_out() -> None:
    provider, holder = provider_of(LoginGrant(URL))
    prepare(provider, LoginGrant(URL), is_over=False)
    assert provider.context.oauth_metadata is None
    assert read_back(provider, holder, LoginGrant(URL), now=0.0) == LoginGrant(URL)
