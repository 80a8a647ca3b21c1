"""How the keyring stands, in the language of the windows: its state goes in, a sentence comes out."""

from PySide6.QtCore import QCoreApplication

from approver.secrets import NO_KEYRING, KeyringState, StoreState
from approver.visible import make_visible


def keyring_in_words(state: StoreState) -> str:
    """One sentence. What keeps a keyring from being used, other than that there is none, is told as it came."""
    if state.state is KeyringState.STORED:
        words = QCoreApplication.translate("Keyring", "Secrets are kept in {keeper}.")
    elif state.state is KeyringState.LOCKED:
        words = QCoreApplication.translate("Keyring", "{keeper} is locked; its system asks you when it is needed.")
    elif state.explanation == NO_KEYRING:
        return QCoreApplication.translate(
            "Keyring",
            "There is no keyring on this machine or in this session. Start one, such as GNOME Keyring or KWallet, or "
            "keep the value in an environment variable (${env:NAME}) or in a file that only you can read "
            "(${file:/path/to/it}).",
        )
    else:
        return make_visible(state.explanation)
    return words.format(keeper=make_visible(state.keeper))
