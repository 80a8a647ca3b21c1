"""A D-Bus of a test's own, and on it somebody who shows notifications: remembers them, and presses what a test says."""

import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from eventually import eventually
from jeepney import DBusAddress, HeaderFields, Message, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

NAME = "org.freedesktop.Notifications"
EMITTER = DBusAddress("/org/freedesktop/Notifications", interface=NAME)
RULES = """<busconfig><type>session</type><listen>unix:tmpdir={folder}</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""
"""No folders with services: nobody is started who shows notifications on the person's screen."""
ALL = ("actions", "body", "body-markup", "sound")


@contextmanager
def private_bus() -> Iterator[str]:
    """The address of a session bus, for the time of the block."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "bus.conf"
        rules.write_text(RULES.format(folder=folder), encoding="utf-8")
        command = ["dbus-daemon", f"--config-file={rules}", "--nofork", "--nopidfile", "--print-address=1"]
        daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()
            daemon.wait(10)
            daemon.stdout.close()


class NotificationDesk:
    """Answers as a desktop's notification server does. `shown` are the arguments of each `Notify`, in order."""

    def __init__(self, address: str, capabilities: tuple[str, ...] = ALL) -> None:
        self.capabilities = capabilities
        self.shown: list[tuple[Any, ...]] = []
        self.signatures: list[str] = []
        self.closed: list[int] = []
        self.asked = 0
        self._last_id = 0
        self._connection: DBusConnection = open_dbus_connection(address)
        Proxy(message_bus, self._connection).RequestName(NAME)
        self._thread = threading.Thread(target=self._serve, name="notification desk", daemon=True)
        self._thread.start()

    def until_shown(self, count: int) -> tuple[Any, ...]:
        """Wait for this many `Notify`; return the newest one's arguments."""
        eventually(lambda: len(self.shown) >= count, f"{count} notifications are shown")
        return self.shown[-1]

    @property
    def last_id(self) -> int:
        """What the newest notification is called."""
        return self._last_id

    def press(self, key: str, token: str = "", number: int | None = None) -> None:
        """Press a button of the newest notification, or of the one with this number."""
        number = self._last_id if number is None else number
        if token:
            self._emit("ActivationToken", "us", (number, token))
        self._emit("ActionInvoked", "us", (number, key))

    def dismiss(self) -> None:
        """Wipe the newest notification away."""
        self._emit("NotificationClosed", "uu", (self._last_id, 2))

    def leave(self) -> None:
        """Go from the bus, as a program that ends does."""
        with suppress(OSError):  # the bus may have gone before
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._connection.close()

    def _emit(self, member: str, signature: str, body: tuple[Any, ...]) -> None:
        self._connection.send(new_signal(EMITTER, member, signature, body))

    def _serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except (OSError, EOFError):  # it left, or the bus did
                return
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, message: Message) -> None:
        member = message.header.fields[HeaderFields.member]
        if member == "GetCapabilities":
            self.asked += 1
            self._connection.send(new_method_return(message, "as", (list(self.capabilities),)))
        elif member == "Notify":
            self._last_id = message.body[1] or self._last_id + 1
            self._connection.send(new_method_return(message, "u", (self._last_id,)))
            self.signatures.append(message.header.fields[HeaderFields.signature])
            self.shown.append(message.body)
        elif member == "CloseNotification":
            self._connection.send(new_method_return(message))
            self.closed.append(message.body[0])
            self._emit("NotificationClosed", "uu", (message.body[0], 3))
