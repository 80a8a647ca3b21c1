"""The registry of the person who is logged in, on Windows. It cannot be imported elsewhere."""

import sys
from contextlib import suppress
from typing import Any

if sys.platform != "win32":
    raise ImportError("there is no registry on this system")

import winreg


class CurrentUser:
    """The values below HKEY_CURRENT_USER."""

    def get(self, key: str, name: str) -> Any:
        """A value; None where there is none."""
        with suppress(FileNotFoundError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
            return winreg.QueryValueEx(opened, name)[0]
        return None

    def put(self, key: str, name: str, text: str) -> None:
        """Set a text."""
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
            winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, text)

    def remove(self, key: str, name: str) -> None:
        """Remove a value, if it is there."""
        with (
            suppress(FileNotFoundError),
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened,
        ):
            winreg.DeleteValue(opened, name)
