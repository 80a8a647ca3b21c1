"""What passes between the windows and whoever shows notifications: frozen values, no Qt, no D-Bus."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a notification. Its key comes back when it is pressed."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Notification:
    """What is to be shown, as plain text: whoever shows it escapes it where markup would be read."""

    summary: str
    body: str
    buttons: tuple[Button, ...] = ()
    open_key: str = ""
    """The key that comes back when the notification itself is clicked."""
    is_urgent: bool = False
    sound: str = ""
    """A sound's name, as freedesktop's sound themes have it; empty: none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The notification that was asked for last is on view."""

    sounded: bool
    """Whether its sound, if it has one, is taken care of."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The person pressed a button, or the notification itself."""

    key: str
    token: str = ""
    """With which a window may come to the front; empty where the desktop gave none."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The notification went away, and not because it was withdrawn."""


@dataclass(frozen=True, slots=True)
class NotShown:
    """It could not be shown; a sentence for the log."""

    sentence: str


Told = Shown | Pressed | Closed | NotShown
Tell = Callable[[Told], None]


class Service(Protocol):
    """Shows one notification at a time; none of it blocks."""

    def show(self, notification: Notification) -> None:
        """Show it, in the place of the one before."""
        ...

    def withdraw(self) -> None:
        """Take it away."""
        ...

    def stop(self) -> None:
        """Take it away, and show no more."""
        ...
