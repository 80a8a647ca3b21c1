"""A value that stands in servers.json in plain text goes into the keyring, and a reference takes its place.

The value is in the keyring, and was read back, before the file is written: whatever fails, it is in one of the two.
Everything here may block: run it in a thread.
"""

from dataclasses import replace

from approver.configuration_edits import EditRefused, edit_server, read_servers
from approver.desktop.paths import Paths
from approver.model import HttpServer
from approver.secrets import SecretStore, SecretUnavailable, name_mistake, places
from approver.servers import Server

_SCHEMES = ("Bearer ", "Basic ", "token ")
"""What stands before the secret in a header; it stays in the file, where people can see what is sent."""


def move_to_keyring(paths: Paths, server_name: str, variable: str, store: SecretStore) -> str:
    """Move one value of a server's environment or headers; return the secret's name.

    Raises:
        EditRefused: the server or the variable is not there, or the file does not load.
        SecretUnavailable: the keyring does not take it.
    """
    server = read_servers(paths).get(server_name)
    value = None if server is None else values_of(server).get(variable)
    if server is None or value is None:
        raise EditRefused(f'The server "{server_name}" has no {variable} any more.')
    if places(value):
        raise EditRefused(f'{variable} of the server "{server_name}" says already where it is kept.')
    scheme = next((one for one in _SCHEMES if value.lower().startswith(one.lower())), "")
    secret = value[len(scheme) :]
    name = _free_name(store, variable, server_name, secret)
    store.put(name, secret)
    if store.get(name) != secret:
        raise SecretUnavailable(f'The keyring gives back another value for "{name}", so servers.json stays as it is.')
    edit_server(paths, with_values(server, {variable: f"{value[: len(scheme)]}${{keyring:{name}}}"}))
    return name


def values_of(server: Server) -> dict[str, str]:
    """What may refer to the keyring: the environment, or the headers."""
    return dict(server.headers if isinstance(server, HttpServer) else server.env)


def with_values(server: Server, values: dict[str, str]) -> Server:
    """The server with some values replaced; the others and their order stay."""
    all_values = {**values_of(server), **values}
    if isinstance(server, HttpServer):
        return replace(server, headers=all_values)
    return replace(server, env=all_values)


def _free_name(store: SecretStore, variable: str, server: str, value: str) -> str:
    """The variable's own name; where the keyring has another value under it, one with the server's."""
    taken = store.names()
    for name in (variable, f"{server}-{variable}", *(f"{server}-{variable}-{number}" for number in range(2, 100))):
        if name_mistake(name) is None and (name not in taken or store.get(name) == value):
            return name
    raise SecretUnavailable(f"No name is free in the keyring for {variable}.")
