"""Hands a token of the desktop to Qt, with which a window may come to the front: a text goes in.

A launch and a click on a notification carry one. Only Wayland needs it.
"""

import os

_WHERE_QT_LOOKS = "XDG_ACTIVATION_TOKEN"


def use_activation(token: str) -> None:
    """Have the next window that asks to be in front use this token; nothing that cannot be one is taken."""
    if token and token.isascii() and token.isprintable():
        os.environ[_WHERE_QT_LOOKS] = token
