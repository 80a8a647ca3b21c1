"""The person's keyring: secrets that servers need, logins, and the anchor that shows a shortened journal.

`${keyring:NAME}` in a server's environment or headers is filled from here at its launch. Every call may block, and may
have the system ask the person to unlock the keyring: run it in a thread. The library itself is imported at first use,
since that takes a while. Where there is no keyring nothing is stored: there is no fallback to plain text, and what
happened is said. Who has none can say so: `${env:NAME}` and `${file:PATH}` are filled in as well, a file only if nobody
else may read it.
"""

import enum
import json
import logging
import os
import re
import stat
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

log = logging.getLogger(__name__)

_SERVICE = "approver"
_NAMES_SERVICE = "approver names"
_NAMES_ENTRY = "names"
"""A keyring cannot list what it holds, so the names stand in an entry of their own."""
_ANCHOR_SERVICE = "approver journal"
_LOGIN_SERVICE = "approver logins"
_REFERENCE = re.compile(r"\$\{keyring:([^{}]*)\}")
_ANY_REFERENCE = re.compile(r"\$\{(keyring|env|file):([^{}]*)\}")
_LARGEST_FILE = 64 * 1024
_LONGEST_NAME = 128

NO_KEYRING = (
    "There is no keyring on this machine or in this session. Start one, such as GNOME Keyring or KWallet, or keep the "
    "value in an environment variable (${env:NAME}) or in a file that only you can read (${file:/path/to/it})."
)

Head = TypeVar("Head")


class SecretUnavailable(Exception):
    """A secret cannot be had or kept; the message says which, why, and what to do."""


class KeyringState(enum.Enum):
    """Whether secrets can be kept."""

    STORED = "stored"
    LOCKED = "locked"
    NOT_AVAILABLE = "not available"


@dataclass(frozen=True, slots=True)
class StoreState:
    """The keyring, as people are told of it."""

    state: KeyringState
    keeper: str
    """What keeps the secrets, such as `Secret Service`; empty where nothing does."""
    explanation: str
    """One sentence."""


def references(text: str) -> tuple[str, ...]:
    """Name the secrets that a value refers to."""
    return tuple(_REFERENCE.findall(text))


def places(text: str) -> tuple[tuple[str, str], ...]:
    """Name everything that a value refers to: `keyring`, `env` or `file`, and the name or the path there."""
    return tuple(_ANY_REFERENCE.findall(text))


def without_references(text: str) -> str:
    """The rest of a value."""
    return _ANY_REFERENCE.sub("", text)


def expand(text: str, lookup: Callable[[str], str]) -> str:
    """Put secrets in the place of references, once: what comes in is not looked through again.

    `${keyring:NAME}` is what `lookup` says, whose exceptions pass through; `${env:NAME}` a variable that Approver was
    started with; `${file:PATH}` a file's content. Raises `SecretUnavailable`.
    """
    found = {"keyring": lookup, "env": from_environment, "file": from_file}
    return _ANY_REFERENCE.sub(lambda reference: found[reference[1]](reference[2]), text)


def from_environment(name: str) -> str:
    """Return a variable that Approver was started with. Raises `SecretUnavailable`."""
    value = os.environ.get(name, "")
    if not value:
        raise SecretUnavailable(f"The environment variable {name} is not set where Approver was started.")
    return value


def from_file(name: str) -> str:
    """Return a file's content, without the line's end. Raises `SecretUnavailable`, also where others may read it."""
    path = Path(name).expanduser()
    if not path.is_absolute():
        raise SecretUnavailable(f"The file {name} must be named by its whole path, from / or ~ on.")
    try:
        # not to wait for a writer, where somebody put a pipe there
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise SecretUnavailable(f"{path} is no file that could hold a secret.")
            if about.st_mode & 0o077 and sys.platform != "win32":
                raise SecretUnavailable(f"Others may read {path}, so it is not used. Mend it with: chmod 600")
            data = file.read(_LARGEST_FILE + 1)
        value = data.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except OSError as fault:
        raise SecretUnavailable(f"The file {path} cannot be read: {fault.strerror}.") from fault
    except UnicodeDecodeError as fault:
        raise SecretUnavailable(f"The file {path} does not hold text in UTF-8.") from fault
    if not value or "\0" in value or len(data) > _LARGEST_FILE:
        raise SecretUnavailable(f"The file {path} is empty, too large, or holds a character 0.")
    return value


def name_mistake(name: str) -> str | None:
    """Say why a secret cannot have this name; None: it can."""
    if not name or len(name) > _LONGEST_NAME:
        return f"a secret's name has 1 to {_LONGEST_NAME} characters"
    if any(character in "{}" or not character.isprintable() for character in name):
        return "a secret's name holds neither braces nor characters that cannot be seen"
    return None


class SecretStore:
    """The secrets in the person's keyring."""

    def state(self) -> StoreState:
        """Tell whether secrets can be kept, without asking the person for anything."""
        keyring = _keyring()
        if isinstance(keyring, str):
            return StoreState(KeyringState.NOT_AVAILABLE, "", keyring)
        keeper = str(keyring.name)
        if _is_locked(keyring):
            return StoreState(
                KeyringState.LOCKED, keeper, f"{keeper} is locked; its system asks you when it is needed."
            )
        return StoreState(KeyringState.STORED, keeper, f"Secrets are kept in {keeper}.")

    def get(self, name: str) -> str:
        """Return a secret. Raises `SecretUnavailable`."""
        keyring = _sound_keyring()
        with _ours(f'The secret "{name}" could not be read'):
            value = keyring.get_password(_SERVICE, name)
        if value is None:
            raise SecretUnavailable(f'There is no secret "{name}" in the keyring. Store it: approver secret set {name}')
        return str(value)

    def put(self, name: str, value: str) -> None:
        """Keep a secret. Raises `SecretUnavailable`."""
        if mistake := name_mistake(name):
            raise SecretUnavailable(f"The secret was not stored: {mistake}.")
        if not value or "\0" in value:
            raise SecretUnavailable(f'The secret "{name}" was not stored: it is empty, or holds a character 0.')
        keyring = _sound_keyring()
        with _ours(f'The secret "{name}" was not stored'):
            keyring.set_password(_SERVICE, name, value)
            self._write_names(keyring, {*self._read_names(keyring), name})

    def remove(self, name: str) -> None:
        """Forget a secret. Raises `SecretUnavailable`, also where there is none."""
        keyring = _sound_keyring()
        with _ours(f'The secret "{name}" was not removed'):
            known = self._read_names(keyring)
            is_there = keyring.get_password(_SERVICE, name) is not None
            if is_there:
                keyring.delete_password(_SERVICE, name)
            if name in known:
                self._write_names(keyring, known - {name})
        if not is_there:
            raise SecretUnavailable(f'There is no secret "{name}" in the keyring.')

    def names(self) -> tuple[str, ...]:
        """List the secrets that were kept. Raises `SecretUnavailable`."""
        keyring = _sound_keyring()
        with _ours("The names of the secrets could not be read"):
            return tuple(sorted(self._read_names(keyring)))

    def fill(self, server: str, values: Mapping[str, str]) -> dict[str, str]:
        """Fill in a server's variables or headers. Raises `SecretUnavailable`, naming server and variable."""
        filled = {}
        for variable, text in values.items():
            try:
                filled[variable] = expand(text, self.get)
            except SecretUnavailable as fault:
                raise SecretUnavailable(f'{variable} of the server "{server}" cannot be filled in: {fault}') from fault
        return filled

    @staticmethod
    def _read_names(keyring: Any) -> set[str]:
        text = keyring.get_password(_NAMES_SERVICE, _NAMES_ENTRY)
        try:
            names = json.loads(text or "[]")
        except ValueError:
            return set()
        return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()

    @staticmethod
    def _write_names(keyring: Any, names: set[str]) -> None:
        keyring.set_password(_NAMES_SERVICE, _NAMES_ENTRY, json.dumps(sorted(names)))


class LoginStore:
    """The person's logins at servers: one text a server, apart from the secrets that people name themselves."""

    def get(self, server: str) -> str | None:
        """Return what was kept; None where nothing was. Raises `SecretUnavailable`."""
        keyring = _sound_keyring()
        with _ours(f'The login at "{server}" could not be read'):
            text = keyring.get_password(_LOGIN_SERVICE, server)
        return None if text is None else str(text)

    def put(self, server: str, text: str) -> None:
        """Keep a login, in place of the one before. Raises `SecretUnavailable`."""
        keyring = _sound_keyring()
        with _ours(f'The login at "{server}" was not stored'):
            keyring.set_password(_LOGIN_SERVICE, server, text)

    def remove(self, server: str) -> bool:
        """Forget a login; whether there was one. Raises `SecretUnavailable`."""
        keyring = _sound_keyring()
        with _ours(f'The login at "{server}" was not removed'):
            is_there = keyring.get_password(_LOGIN_SERVICE, server) is not None
            if is_there:
                keyring.delete_password(_LOGIN_SERVICE, server)
        return is_there


class KeyringAnchor(Generic[Head]):
    """The newest head of one journal, kept where whoever can write the journal's file may not be able to write."""

    def __init__(self, journal: Path, make: Callable[[int, str], Head]) -> None:
        self._journal = journal
        self._make = make

    def load(self) -> Head | None:
        """Return the head that was stored last; None where there is none, or no keyring."""
        found = load_anchor(self._journal)
        return self._make(*found) if found is not None else None

    def store(self, head: Any) -> bool:
        """Keep a head, anything with `seq` and `digest`; False where there is no keyring."""
        return store_anchor(self._journal, head.seq, head.digest)


def anchor_for(journal: Path, make: Callable[[int, str], Head]) -> KeyringAnchor[Head]:
    """Return the anchor of the journal at a path; `make` builds a head of a number and a digest."""
    return KeyringAnchor(journal, make)


def load_anchor(journal: Path) -> tuple[int, str] | None:
    """Return number and digest of the head that was stored last. Never raises."""
    try:
        keyring = _sound_keyring()
        with _ours("The journal's anchor could not be read"):
            text = keyring.get_password(_ANCHOR_SERVICE, str(journal.absolute()))
        if text is None:
            return None
        stored = json.loads(text)
        return int(stored["seq"]), str(stored["digest"])
    except SecretUnavailable as fault:
        log.debug("%s", fault)
    except (ValueError, TypeError, KeyError):
        log.warning("the journal's anchor in the keyring is unreadable and counts as absent")
    return None


def store_anchor(journal: Path, seq: int, digest: str) -> bool:
    """Keep number and digest of the journal's head; False where that cannot be done. Never raises."""
    try:
        keyring = _sound_keyring()
        with _ours("The journal's anchor was not stored"):
            text = json.dumps({"seq": seq, "digest": digest})
            keyring.set_password(_ANCHOR_SERVICE, str(journal.absolute()), text)
    except SecretUnavailable as fault:
        log.debug("%s", fault)  # the journal's keeper says it, once
        return False
    return True


# -- the library ---------------------------------------------------------------------------------------------------

_choosing = threading.Lock()
"""The library loads its backends at first use, which two threads must not do at once."""


def _sound_keyring() -> Any:
    keyring = _keyring()
    if isinstance(keyring, str):
        raise SecretUnavailable(keyring)
    return keyring


def _keyring() -> Any:
    """Choose the keyring; a sentence where there is none that keeps secrets secret."""
    with _choosing:
        import keyring

        chosen = keyring.get_keyring()
    chained = getattr(chosen, "backends", None)
    candidates = list(chained) if chained is not None else [chosen]
    sound = [candidate for candidate in candidates if candidate.priority > 0]
    secret = [candidate for candidate in sound if not _is_plain(candidate)]
    if secret:
        return secret[0]
    if sound:
        return f"The only keyring here, {sound[0].name}, keeps secrets in files. Approver does not use it."
    return NO_KEYRING


def _is_plain(keyring: Any) -> bool:
    """Whether a backend keeps secrets in files of its own: in plain text, or asking on a terminal that nobody sees."""
    kind = type(keyring)
    return kind.__module__.startswith(("keyrings.alt", "keyrings.cryptfile")) or "plaintext" in kind.__name__.lower()


def _is_locked(keyring: Any) -> bool:
    """Whether the Secret Service's default collection is locked. Others do not tell without asking the person."""
    if type(keyring).__module__ != "keyring.backends.SecretService":
        return False
    from contextlib import closing

    import secretstorage

    try:
        with closing(secretstorage.dbus_init()) as bus:
            return bool(secretstorage.collection.get_collection_by_alias(bus, "default").is_locked())
    except secretstorage.exceptions.ItemNotFoundException:
        return False  # made when first needed
    except (secretstorage.exceptions.SecretStorageException, OSError):
        return True


@contextmanager
def _ours(what: str) -> Iterator[None]:
    """Turn a backend's errors into ours."""
    try:
        yield
    except Exception as fault:  # each backend raises whatever its system does
        reason = str(fault).strip().rstrip(".") or type(fault).__name__
        raise SecretUnavailable(f"{what}: {reason}. Is the keyring unlocked?") from fault
