"""How the keyring stands, as windows tell it: the same words as elsewhere, where windows speak English."""

import pytest

from approver.secrets import NO_KEYRING, KeyringState, StoreState
from approver.ui.keyring_words import keyring_in_words


@pytest.mark.parametrize(
    "state",
    [
        StoreState(KeyringState.STORED, "Secret Service", "Secrets are kept in Secret Service."),
        StoreState(KeyringState.LOCKED, "KWallet", "KWallet is locked; its system asks you when it is needed."),
        StoreState(KeyringState.NOT_AVAILABLE, "", NO_KEYRING),
        StoreState(KeyringState.NOT_AVAILABLE, "", "Another reason."),
    ],
)
def test_windows_say_what_commands_say(state: StoreState) -> None:
    assert keyring_in_words(state) == state.explanation
