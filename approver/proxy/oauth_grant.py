"""What a login at a server left behind: tokens, the client that was registered, and where to refresh.

Kept as one JSON text in the keyring, and nowhere else. It belongs to one address: a server whose address was edited
gets none of it. This module also puts it into the SDK's OAuth client and takes it out again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp.client.auth import OAuthClientProvider
    from mcp.shared.auth import OAuthClientInformationFull, OAuthToken

_KEPT_OF_METADATA = {
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "registration_endpoint",
    "token_endpoint_auth_methods_supported",
}


@dataclass(frozen=True, slots=True)
class LoginGrant:
    """One login. The members are what the SDK's models say of themselves in JSON."""

    url: str
    tokens: dict[str, Any] | None = None
    expires_at: float | None = None
    """Wall time; None where the server does not say."""
    client: dict[str, Any] | None = None
    is_given: bool = False
    """Whether the person named the client, instead of our having registered it."""
    server: dict[str, Any] | None = None
    """The authorization server's metadata, as far as refreshing needs it."""
    resource: dict[str, Any] | None = None
    """The metadata of the protected resource: what tokens are asked for."""

    @property
    def access_token(self) -> str:
        """What goes into the header; empty where there is none."""
        return str((self.tokens or {}).get("access_token", ""))

    @property
    def can_be_refreshed(self) -> bool:
        """Whether there is something to refresh with."""
        return bool((self.tokens or {}).get("refresh_token")) and self.client is not None

    def to_text(self) -> str:
        """Write it for the keyring."""
        members = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({name: value for name, value in members.items() if value}, separators=(",", ":"))


def from_text(text: str, url: str) -> LoginGrant | None:
    """Read what the keyring kept; None where it is for another address, or none of ours."""
    try:
        members = json.loads(text)
        grant = LoginGrant(**members)
    except (ValueError, TypeError):
        return None
    return grant if grant.url == url else None


class Holder:
    """What the SDK's client reads from and writes to while it works; its `TokenStorage`."""

    def __init__(self, grant: LoginGrant) -> None:
        from mcp.shared.auth import OAuthClientInformationFull, OAuthToken

        self.tokens = OAuthToken.model_validate(grant.tokens) if grant.tokens else None
        self.client = OAuthClientInformationFull.model_validate(grant.client) if grant.client else None

    async def get_tokens(self) -> OAuthToken | None:
        """Return the tokens."""
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        """Take new tokens."""
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        """Return the registered client."""
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        """Take a newly registered client."""
        self.client = client_info


def prepare(provider: OAuthClientProvider, grant: LoginGrant, *, is_over: bool) -> None:
    """Give the SDK's client what it does not read from its storage: where to refresh, and that it is time to."""
    from mcp.shared.auth import OAuthMetadata, ProtectedResourceMetadata

    context = provider.context
    if grant.server:
        context.oauth_metadata = OAuthMetadata.model_validate(grant.server)
    if grant.resource:
        context.protected_resource_metadata = ProtectedResourceMetadata.model_validate(grant.resource)
        context.auth_server_url = str(context.protected_resource_metadata.authorization_servers[0])
    context.token_expiry_time = 1.0 if is_over else None


def read_back(provider: OAuthClientProvider, holder: Holder, grant: LoginGrant, now: float) -> LoginGrant:
    """What the SDK's client has come to."""
    context, tokens = provider.context, holder.tokens
    server, resource = context.oauth_metadata, context.protected_resource_metadata
    lasts = tokens.expires_in if tokens is not None else None
    return replace(
        grant,
        tokens=None if tokens is None else tokens.model_dump(mode="json", exclude_none=True),
        expires_at=None if lasts is None else now + lasts,
        client=None if holder.client is None else holder.client.model_dump(mode="json", exclude_none=True),
        server=None if server is None else server.model_dump(mode="json", exclude_none=True, include=_KEPT_OF_METADATA),
        resource=None
        if resource is None
        else resource.model_dump(mode="json", exclude_none=True, include={"resource", "authorization_servers"}),
    )
