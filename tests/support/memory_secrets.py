"""A keyring in memory, in place of the person's."""

from approver.secrets import KeyringState, SecretStore, SecretUnavailable, StoreState


class MemorySecrets(SecretStore):
    """Keeps secrets as long as it lives; can be absent."""

    def __init__(self, **kept: str) -> None:
        self.kept = dict(kept)
        self.fault = ""

    def state(self) -> StoreState:
        if self.fault:
            return StoreState(KeyringState.NOT_AVAILABLE, "", self.fault)
        return StoreState(KeyringState.STORED, "Memory", "Secrets are kept in Memory.")

    def get(self, name: str) -> str:
        self._check()
        if name not in self.kept:
            raise SecretUnavailable(f'There is no secret "{name}" in the keyring.')
        return self.kept[name]

    def put(self, name: str, value: str) -> None:
        self._check()
        self.kept[name] = value

    def remove(self, name: str) -> None:
        self._check()
        if self.kept.pop(name, None) is None:
            raise SecretUnavailable(f'There is no secret "{name}" in the keyring.')

    def names(self) -> tuple[str, ...]:
        self._check()
        return tuple(sorted(self.kept))

    def _check(self) -> None:
        if self.fault:
            raise SecretUnavailable(self.fault)
