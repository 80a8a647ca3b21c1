"""A small OAuth authorization server, and a server of MCP's that wants its tokens: one app for both.

Everything is checked as a real one would: PKCE, redirect addresses, clients, refresh tokens that are good once. The
person in front of the browser says yes unless `consents` is off.
"""

import base64
import hashlib
import itertools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from scripted_mcp import ScriptedMcp
from web_servers import Answer, App, Received, Script, json_answer


class OAuthServer:
    """The app; its counters and switches are the test's."""

    def __init__(self, mcp: App | None = None) -> None:
        self.origin = ""
        """Set once the port is known."""
        self.mcp = mcp or ScriptedMcp()
        self.lifetime: int | None = 3600
        self.consents = True
        self.registers = True
        self.rotates = True
        self.knows_resource = True
        self.scope = ""
        """What the server's challenge asks for."""
        self.methods = ["none", "client_secret_basic", "client_secret_post"]
        self.broken_refresh: Answer | None = None
        self.clients: dict[str, dict[str, Any]] = {}
        self.granted: dict[str, str] = {}
        """Tokens that are good, with their scopes."""
        self.refreshing: dict[str, dict[str, Any]] = {}
        self.token_requests: list[dict[str, str]] = []
        self.authorizations: list[dict[str, str]] = []
        self.refused = 0
        self._codes: dict[str, dict[str, str]] = {}
        self._numbers = itertools.count(1)
        self._login = Script(self._answer)

    def revoke(self) -> None:
        """Let all tokens be good no more; they can be refreshed."""
        self.granted.clear()

    def end(self) -> None:
        """Let nothing be good any more."""
        self.granted.clear()
        self.refreshing.clear()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request: MCP's with a token, everything else as the login server."""
        if scope["type"] == "http" and scope["path"] == "/mcp":
            headers = dict(scope["headers"])
            token = headers.get(b"authorization", b"").decode().removeprefix("Bearer ")
            if self._is_good(token):
                await self.mcp(scope, receive, send)
                return
            self.refused += 1
        elif scope["type"] != "http":
            await self.mcp(scope, receive, send)
            return
        await self._login(scope, receive, send)

    def _is_good(self, token: str) -> bool:
        return token in self.granted and set(self.scope.split()) <= set(self.granted[token].split())

    def _answer(self, request: Received) -> Answer:
        path = urlsplit(request.path).path
        answers: dict[str, Callable[[Received], Answer]] = {
            "/mcp": self._challenge,
            "/.well-known/oauth-protected-resource/mcp": self._resource,
            "/.well-known/oauth-authorization-server": self._metadata,
            "/register": self._register,
            "/authorize": self._authorize,
            "/token": self._token,
        }
        return answers.get(path, lambda request: Answer(404))(request)

    def _challenge(self, request: Received) -> Answer:
        has_token = request.headers.get("authorization", "").removeprefix("Bearer ") in self.granted
        parts = [f'resource_metadata="{self.origin}/.well-known/oauth-protected-resource/mcp"']
        if self.scope:
            parts.append(f'scope="{self.scope}"')
        if has_token:
            parts.insert(0, 'error="insufficient_scope"')
        return Answer(403 if has_token else 401, {"www-authenticate": f"Bearer {', '.join(parts)}"})

    def _resource(self, request: Received) -> Answer:
        if not self.knows_resource:
            return Answer(404)
        return json_answer({"resource": f"{self.origin}/mcp", "authorization_servers": [self.origin]})

    def _metadata(self, request: Received) -> Answer:
        told = {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": self.methods,
            "authorization_response_iss_parameter_supported": True,
        }
        return json_answer({**told, **({"registration_endpoint": f"{self.origin}/register"} if self.registers else {})})

    def _register(self, request: Received) -> Answer:
        if not self.registers:
            return json_answer({"error": "access_denied", "error_description": "ask the administrator"}, 403)
        name = f"client-{next(self._numbers)}"
        self.clients[name] = {**json.loads(request.body), "client_id": name, "token_endpoint_auth_method": "none"}
        return json_answer(self.clients[name], 201)

    def _authorize(self, request: Received) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
        self.authorizations.append(asked)
        client = self.clients.get(asked["client_id"])
        assert client is not None, "an unknown client"
        assert asked["redirect_uri"] in client["redirect_uris"], "a redirect that was not registered"
        assert asked["code_challenge_method"] == "S256"
        back: dict[str, str] = {"state": asked["state"], "iss": self.origin}
        if self.consents:
            code = f"code-{next(self._numbers)}"
            self._codes[code] = asked
            back["code"] = code
        else:
            back |= {"error": "access_denied", "error_description": "the person said no."}
        return Answer(302, {"location": f"{asked['redirect_uri']}?{urlencode(back)}"})

    def _token(self, request: Received) -> Answer:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        form["authorization"] = request.headers.get("authorization", "")
        self.token_requests.append(form)
        if form["grant_type"] == "refresh_token":
            return self._refresh(form)
        asked = self._codes.pop(form["code"], None)
        if asked is None or not self._proves(form, asked) or not self._is_client(form):
            return json_answer({"error": "invalid_grant"}, 400)
        return self._tokens(asked.get("scope", ""), form["client_id"])

    def _refresh(self, form: dict[str, str]) -> Answer:
        if self.broken_refresh is not None:
            return self.broken_refresh
        kept = self.refreshing.get(form["refresh_token"])
        if kept is None or kept["client"] != form["client_id"]:
            return json_answer({"error": "invalid_grant"}, 400)
        if self.rotates:
            del self.refreshing[form["refresh_token"]]
        return self._tokens(kept["scope"], form["client_id"])

    @staticmethod
    def _proves(form: dict[str, str], asked: dict[str, str]) -> bool:
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        is_proof = base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        return is_proof and form["redirect_uri"] == asked["redirect_uri"]

    def _is_client(self, form: dict[str, str]) -> bool:
        client = self.clients[form["client_id"]]
        if "client_secret" not in client:
            return True
        pair = base64.b64encode(f"{form['client_id']}:{client['client_secret']}".encode()).decode()
        return form["authorization"] == f"Basic {pair}" or form.get("client_secret") == client["client_secret"]

    def _tokens(self, scope: str, client: str) -> Answer:
        access, refresh = f"access-{next(self._numbers)}", f"refresh-{next(self._numbers)}"
        self.granted[access] = scope
        told: dict[str, Any] = {"access_token": access, "token_type": "bearer", "scope": scope}
        if self.rotates or not self.refreshing:
            self.refreshing[refresh] = {"client": client, "scope": scope}
            told["refresh_token"] = refresh
        if self.lifetime is not None:
            told["expires_in"] = self.lifetime
        return json_answer(told)


async def browse(address: str) -> str:
    """Open an address as a browser would, redirects and all; return the page."""
    async with httpx2.AsyncClient(follow_redirects=True) as client:
        return (await client.get(address)).text
