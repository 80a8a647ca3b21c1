"""The keyring's keeping of secrets and anchors, with keyrings of the tests' own in its place."""

import logging
import os
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import keyring
import keyring.backend
import keyring.errors
import pytest
from memory_keyring import MemoryKeyring

from approver.secrets import (
    KeyringState,
    LoginStore,
    SecretStore,
    SecretUnavailable,
    StoreState,
    anchor_for,
    expand,
    load_anchor,
    name_mistake,
    places,
    references,
    store_anchor,
    without_references,
)


class Locked(MemoryKeyring):
    """A keyring whose person does not unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("Failed to unlock the collection!")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise ConnectionError


class PlaintextKeyring(MemoryKeyring):
    """A keyring that keeps no secret."""

    priority = 1
    name = "Plain file"


class Nothing(MemoryKeyring):
    """What stands where there is no keyring."""

    priority = 0


class Head(NamedTuple):
    seq: int
    digest: str


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    yield from using(MemoryKeyring())


def using(backend: Any) -> Iterator[Any]:
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def use(request: pytest.FixtureRequest) -> Iterator[Any]:
    yield from using(request.param)


def test_secrets_are_kept_listed_and_forgotten(memory: MemoryKeyring) -> None:
    store = SecretStore()
    assert store.names() == ()
    store.put("b", "two")
    store.put("a", "eins ä")
    store.put("a", "one")
    assert (store.get("a"), store.get("b"), store.names()) == ("one", "two", ("a", "b"))
    store.remove("a")
    assert store.names() == ("b",)
    with pytest.raises(
        SecretUnavailable, match=r'There is no secret "a" in the keyring\. Store it: approver secret set a'
    ):
        store.get("a")
    with pytest.raises(SecretUnavailable, match='There is no secret "a"'):
        store.remove("a")


def test_a_secret_that_something_else_deleted_leaves_the_list_when_it_is_removed(memory: MemoryKeyring) -> None:
    store = SecretStore()
    store.put("a", "one")
    del memory.kept["approver", "a"]
    with pytest.raises(SecretUnavailable):
        store.remove("a")
    assert store.names() == ()


def test_a_secret_that_something_else_kept_can_be_removed(memory: MemoryKeyring) -> None:
    memory.kept["approver", "a"] = "one"
    SecretStore().remove("a")
    assert ("approver", "a") not in memory.kept


@pytest.mark.parametrize("listed", ["nonsense", "5", '["a", 5]'])
def test_a_list_of_names_that_cannot_be_read_is_begun_anew(memory: MemoryKeyring, listed: str) -> None:
    memory.kept["approver names", "names"] = listed
    assert set(SecretStore().names()) <= {"a"}
    SecretStore().put("b", "two")
    assert "b" in SecretStore().names()


@pytest.mark.parametrize(
    ("name", "value"), [("", "x"), ("a{b", "x"), ("a\n", "x"), ("x" * 129, "x"), ("a", ""), ("a", "\0")]
)
def test_impossible_names_and_values_are_refused(memory: MemoryKeyring, name: str, value: str) -> None:
    with pytest.raises(SecretUnavailable, match="was not stored: "):
        SecretStore().put(name, value)
    assert memory.kept == {}


def test_references_are_found_and_filled_in() -> None:
    text = "Bearer ${keyring:a b}, ${keyring:c}$ ${HOME} ${keyring:open"
    assert references(text) == ("a b", "c")
    assert (
        expand(text, {"a b": "1", "c": "${keyring:a b}"}.__getitem__)
        == "Bearer 1, ${keyring:a b}$ ${HOME} ${keyring:open"
    )
    assert name_mistake("a b") is None


def test_a_servers_values_are_filled_in(memory: MemoryKeyring) -> None:
    SecretStore().put("token", "s3cret")
    values = {"AUTH": "Bearer ${keyring:token}", "PLAIN": "x"}
    assert SecretStore().fill("web", values) == {"AUTH": "Bearer s3cret", "PLAIN": "x"}


def test_a_missing_secret_is_told_with_server_variable_and_what_to_do(memory: MemoryKeyring) -> None:
    with pytest.raises(SecretUnavailable) as told:
        SecretStore().fill("web", {"AUTH": "${keyring:token}"})
    assert str(told.value) == (
        'AUTH of the server "web" cannot be filled in: There is no secret "token" in the keyring. Store it: '
        "approver secret set token"
    )


def test_values_without_secrets_need_no_keyring() -> None:
    assert SecretStore().fill("web", {"A": "1"}) == {"A": "1"}


@pytest.mark.parametrize("use", [Locked()], indirect=True)
def test_a_keyring_that_stays_locked_is_told(use: Locked) -> None:
    with pytest.raises(
        SecretUnavailable,
        match=r'The secret "a" could not be read: Failed to unlock the collection!\. Is the keyring unlocked\?',
    ):
        SecretStore().get("a")
    with pytest.raises(SecretUnavailable, match='The secret "a" was not stored: ConnectionError'):
        SecretStore().put("a", "x")
    with pytest.raises(SecretUnavailable, match="names of the secrets"):
        SecretStore().names()


@pytest.mark.parametrize("use", [Nothing(), PlaintextKeyring()], indirect=True)
def test_without_a_keyring_that_keeps_secrets_nothing_is_kept(use: MemoryKeyring, tmp_path: Path) -> None:
    store = SecretStore()
    state = store.state()
    assert (state.state, state.keeper) == (KeyringState.NOT_AVAILABLE, "")
    for attempt in (lambda: store.put("a", "x"), lambda: store.get("a"), store.names, lambda: store.remove("a")):
        with pytest.raises(SecretUnavailable, match=state.explanation.split(",")[0]):
            attempt()
    assert store_anchor(tmp_path / "j.db", 1, "ab") is False
    assert load_anchor(tmp_path / "j.db") is None
    assert use.kept == {}


def test_of_chained_keyrings_the_first_that_keeps_secrets_is_used() -> None:
    chain = MemoryKeyring()
    chain.backends = [PlaintextKeyring(), Nothing(), MemoryKeyring()]  # type: ignore[attr-defined]  # as the library's chainer
    for backend in using(chain):
        SecretStore().put("a", "x")
        assert [("approver", "a") in one.kept for one in backend.backends] == [False, False, True]


def test_an_available_keyring_is_told_by_name(memory: MemoryKeyring) -> None:
    assert SecretStore().state() == StoreState(KeyringState.STORED, "Memory", "Secrets are kept in Memory.")


class ItemNotFoundException(Exception):
    """As the Secret Service's library has it."""


class SecretStorageException(Exception):
    """As the Secret Service's library has it."""


@pytest.mark.parametrize(
    ("collection", "expected"),
    [
        (True, KeyringState.LOCKED),
        (False, KeyringState.STORED),
        (ItemNotFoundException(), KeyringState.STORED),
        (SecretStorageException(), KeyringState.LOCKED),
        (OSError(), KeyringState.LOCKED),
    ],
)
def test_the_secret_service_is_asked_whether_it_is_locked(
    memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, collection: bool | Exception, expected: KeyringState
) -> None:
    def find(bus: Any, alias: str) -> Any:
        assert alias == "default"
        if isinstance(collection, Exception):
            raise collection
        return types.SimpleNamespace(is_locked=lambda: collection)

    library = types.ModuleType("secretstorage")
    library.__dict__.update(
        dbus_init=lambda: types.SimpleNamespace(close=lambda: None),
        collection=types.SimpleNamespace(get_collection_by_alias=find),
        exceptions=types.SimpleNamespace(
            ItemNotFoundException=ItemNotFoundException, SecretStorageException=SecretStorageException
        ),
    )
    monkeypatch.setitem(sys.modules, "secretstorage", library)
    monkeypatch.setattr(MemoryKeyring, "__module__", "keyring.backends.SecretService")
    assert SecretStore().state().state is expected


def test_each_journal_has_an_anchor_of_its_own(memory: MemoryKeyring, tmp_path: Path) -> None:
    first, second = (anchor_for(tmp_path / name, Head) for name in ("one.db", "two.db"))
    assert first.load() is None
    assert first.store(Head(5, "ab")) is True
    assert second.store(Head(7, "cd")) is True
    assert first.load() == Head(5, "ab")
    assert load_anchor(tmp_path / "two.db") == (7, "cd")


def test_an_anchor_that_cannot_be_read_counts_as_absent(
    memory: MemoryKeyring, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for text in ("nonsense", "5", '{"seq": "x", "digest": ""}'):
            memory.kept["approver journal", str(tmp_path / "j.db")] = text
            assert load_anchor(tmp_path / "j.db") is None
    assert caplog.text.count("unreadable") == 3


@pytest.mark.parametrize("use", [Locked()], indirect=True)
def test_an_anchor_behind_a_lock_stops_nothing(use: Locked, tmp_path: Path) -> None:
    assert load_anchor(tmp_path / "j.db") is None
    assert store_anchor(tmp_path / "j.db", 1, "ab") is False


def test_the_library_is_imported_at_first_use_only() -> None:
    script = "import sys, approver.secrets; print('keyring' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout == "False\n"


REAL = """
import secretstorage
from pathlib import Path
from approver.secrets import SecretStore, load_anchor, store_anchor
store = SecretStore()
others = store.names()  # other tests of this desktop may have left some
store.put("token", "s3cret ä")
names = [name for name in store.names() if name not in others]
print(store.state().state.value, store.get("token") == "s3cret ä", names)
print(store_anchor(Path("/j.db"), 5, "ab"), load_anchor(Path("/j.db")))
store.remove("token")
secretstorage.get_default_collection(secretstorage.dbus_init()).lock()
print(store.state().state.value)
"""


@pytest.mark.desktop
def test_the_real_secret_service_keeps_secrets_and_tells_when_it_is_locked() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
    done = subprocess.run(
        [sys.executable, "-c", REAL], capture_output=True, text=True, check=True, timeout=60, env=environment
    )
    assert done.stdout == "stored True ['token']\nTrue (5, 'ab')\nlocked\n"


# -- logins --------------------------------------------------------------------------------------------------------


def test_a_login_is_kept_apart_from_the_secrets(memory: MemoryKeyring) -> None:
    store = LoginStore()
    assert store.get("remote") is None
    store.put("remote", "tokens")
    assert store.get("remote") == "tokens"
    assert SecretStore().names() == ()
    assert store.remove("remote")
    assert not store.remove("remote")
    assert store.get("remote") is None


@pytest.mark.parametrize("use", [Nothing()], indirect=True)
def test_a_login_that_cannot_be_kept_is_told(use: Nothing) -> None:
    for act in (lambda: LoginStore().get("x"), lambda: LoginStore().put("x", "y"), lambda: LoginStore().remove("x")):
        with pytest.raises(SecretUnavailable, match="There is no keyring"):
            act()


# -- where there is no keyring -----------------------------------------------------------------------------------------


def no_keyring(name: str) -> str:
    raise SecretUnavailable(f"no {name}")


def test_a_variable_and_a_file_are_filled_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from the file ${env:APPROVER_TEST_KEY}\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("APPROVER_TEST_KEY", "from outside")
    text = f"a ${{env:APPROVER_TEST_KEY}} b ${{file:{file}}} c ${{other:x}}"
    assert expand(text, no_keyring) == "a from outside b from the file ${env:APPROVER_TEST_KEY} c ${other:x}"
    assert places(text) == (("env", "APPROVER_TEST_KEY"), ("file", str(file)))
    assert references(text) == ()
    assert without_references("a ${keyring:x}b") == "a b"
    assert SecretStore().fill("web", {"KEY": f"${{file:{file}}}"})["KEY"].startswith("from the file")


def test_a_variable_that_is_not_set_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APPROVER_TEST_KEY", raising=False)
    with pytest.raises(SecretUnavailable, match="APPROVER_TEST_KEY is not set where Approver was started"):
        expand("${env:APPROVER_TEST_KEY}", no_keyring)


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (b"x", 0o640, "Others may read .*chmod 600"),
        (b"", 0o600, "empty"),
        (b"a\0b", 0o600, "character 0"),
        (b"x" * 65537, 0o600, "too large"),
        (b"\xff", 0o600, "not hold text in UTF-8"),
    ],
)
def test_a_file_that_is_not_fit_for_a_secret_is_not_used(tmp_path: Path, content: bytes, mode: int, words: str) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    file.chmod(mode)
    with pytest.raises(SecretUnavailable, match=words):
        expand(f"${{file:{file}}}", no_keyring)


def test_only_files_are_read_and_by_their_whole_path(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name, words in (
        ("key", "by its whole path"),
        (str(tmp_path), "is no file|cannot be read"),
        (str(tmp_path / "pipe"), "is no file"),
        (str(tmp_path / "gone"), "cannot be read: No such file"),
    ):
        with pytest.raises(SecretUnavailable, match=words):
            expand(f"${{file:{name}}}", no_keyring)
