"""`approver server login` and `logout`: a person's login at a remote server, through the browser.

The running app does it, since it needs the tokens; without one this command does, and leaves them in the keyring.
"""

import argparse
import asyncio
import getpass
import os
import sys
import threading
import webbrowser
from collections.abc import Mapping
from typing import Any

from approver.cli.remote import NotRunning, ask
from approver.cli.saying import DONE, NO, complain, say, say_json
from approver.clock import SystemClock
from approver.configuration_edits import EditRefused, read_servers
from approver.desktop.paths import Paths
from approver.model import HttpServer
from approver.secrets import SecretStore, SecretUnavailable

_BEGIN_SECONDS = 90.0
_CONSENT_SECONDS = 660.0


def add_client_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what a login takes besides the server's name."""
    parser.add_argument("--client-id", metavar="ID", help="a client that was registered at the login server by hand")
    parser.add_argument(
        "--client-secret", action="store_true", help="read its secret from a prompt, or from what is piped in"
    )
    parser.add_argument("--port", type=int, help="of the redirect address that it was registered with (default: 33418)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address to open")


def log_in(paths: Paths, arguments: argparse.Namespace) -> int:
    """Log in at a server."""
    server = _remote(paths, arguments.name)
    client = {"client_id": arguments.client_id, "client_secret": _secret(arguments), "port": arguments.port}
    wish = {"server": server.name, **{name: value for name, value in client.items() if value}}
    try:
        begun = ask("login", wish, paths=paths, within=_BEGIN_SECONDS)
    except NotRunning:
        return _tell(arguments, server, asyncio.run(_log_in_alone(server, wish, arguments)))
    if not begun.get("ok"):
        return _tell(arguments, server, begun)
    _send_to_browser(begun["address"], arguments)
    return _tell(arguments, server, ask("login_wait", wish, paths=paths, within=_CONSENT_SECONDS))


def log_out(paths: Paths, arguments: argparse.Namespace) -> int:
    """Forget the login at a server."""
    server = _remote(paths, arguments.name)
    answer = _log_out(paths, server)
    if answer.get("ok"):
        was = "Logged out at" if answer.get("was_logged_in") else "There was no login at"
        answer["message"] = f'{was} "{server.name}".'
    return _tell(arguments, server, answer)


def forget_login(paths: Paths, name: str) -> None:
    """Forget the login at a server that is being removed, if it has one."""
    server = read_servers(paths).get(name)
    if isinstance(server, HttpServer):
        try:
            _log_out(paths, server)
        except SecretUnavailable:
            return  # without a keyring there is none


def _log_out(paths: Paths, server: HttpServer) -> dict[str, Any]:
    try:
        return ask("logout", {"server": server.name}, paths=paths, within=_BEGIN_SECONDS)
    except NotRunning:
        from approver.logins import Logins

        forgetting = Logins(SecretStore(), SystemClock()).forget(server)
        return {"ok": True, "was_logged_in": asyncio.run(forgetting)}


def _remote(paths: Paths, name: str) -> HttpServer:
    servers = read_servers(paths)
    server = servers.get(name)
    if server is None:
        raise EditRefused(f'There is no server "{name}" (there are: {", ".join(sorted(servers)) or "none yet"}).')
    if not isinstance(server, HttpServer):
        raise EditRefused(f'"{name}" is started here: there is nothing to log in at.')
    return server


def _secret(arguments: argparse.Namespace) -> str:
    if not arguments.client_secret:
        return ""
    if not arguments.client_id:
        raise EditRefused("--client-secret goes with --client-id.")
    secret = getpass.getpass("Secret of the client: ") if sys.stdin.isatty() else sys.stdin.read()
    return secret.strip()


async def _log_in_alone(server: HttpServer, wish: Mapping[str, Any], arguments: argparse.Namespace) -> dict[str, Any]:
    """Log in without a running app; the keyring has to keep what comes of it."""
    from approver.logins import PREFERRED_PORT, LoginFailed, Logins, OwnClient

    logins = Logins(SecretStore(), SystemClock())
    own = None
    if "client_id" in wish:
        own = OwnClient(wish["client_id"], wish.get("client_secret", ""), wish.get("port", PREFERRED_PORT))
    try:
        _send_to_browser(await logins.begin(server, own), arguments)
        message = await logins.finish(server)
    except LoginFailed as fault:
        return {"ok": False, "error": f'Not logged in at "{server.name}": {fault}.'}
    kept = logins.of(server).keeping is None
    return {"ok": True, "message": message} if kept else {"ok": False, "error": _not_kept(logins, server)}


def _not_kept(logins: Any, server: HttpServer) -> str:
    return f"{logins.of(server).keeping} To log in all the same, for as long as Approver runs: start it first."


def _send_to_browser(address: str, arguments: argparse.Namespace) -> None:
    """Open the person's browser, where there is one; print the address in any case."""
    show = complain if arguments.json else say
    show(f"Log in with your browser: {address}")
    has_screen = sys.platform in ("win32", "darwin") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
    if has_screen and not arguments.no_browser:
        # some browsers only return when they are closed, and here somebody has to be there when they come back
        threading.Thread(target=webbrowser.open, args=(address,), name="browser", daemon=True).start()


def _tell(arguments: argparse.Namespace, server: HttpServer, answer: Mapping[str, Any]) -> int:
    message = str(answer.get("message") or answer.get("error") or "")
    if arguments.json:
        say_json({"server": server.name, "ok": bool(answer.get("ok")), "message": message})
    elif answer.get("ok"):
        say(message)
    else:
        complain(message)
    return DONE if answer.get("ok") else NO
