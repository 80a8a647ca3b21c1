"""Notifications on Linux and its like, through org.freedesktop.Notifications on the session's D-Bus. No Qt.

    show, withdraw ──any thread──> a loop in a thread of its own ──Notify, CloseNotification──> the desktop
    tell <── Shown, Pressed, Closed, NotShown <── ActionInvoked, ActivationToken, NotificationClosed <──┘

There is one notification at a time, replaced in its place. The thread begins with the first one. Wishes that come
faster than the desktop takes them become one: the last. What the desktop cannot do (buttons, markup) is left out.
"""

import asyncio
import contextlib
import html
import logging
import threading
from collections.abc import AsyncIterator
from typing import Any

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    HeaderFields,
    MatchRule,
    Message,
    MessageType,
    message_bus,
    new_method_call,
)
from jeepney.io.asyncio import DBusRouter, Proxy, open_dbus_connection
from jeepney.io.common import RouterClosed

from approver.desktop.notification import Closed, Notification, NotShown, Pressed, Shown, Tell
from approver.resources import resource
from approver.tasks import spawn

log = logging.getLogger(__name__)

NAME = "org.freedesktop.Notifications"
SERVER = DBusAddress("/org/freedesktop/Notifications", bus_name=NAME, interface=NAME)
REPLY_SECONDS = 10.0
"""Asking for a notification may start the program that shows it."""
STOP_SECONDS = 2.0
NORMAL, CRITICAL = 1, 2
SERVER_DECIDES = -1
_ITSELF = "default"
"""The action that a click on the notification, and not on a button, stands for."""
_NO_MARKUP = str.maketrans("<>&", "‹›＆")
"""For desktops that do not say that they read markup: some do all the same (dunst without a setting), others do not."""
_FAULTS = (OSError, EOFError, KeyError, RuntimeError, TimeoutError, ValueError, RouterClosed, DBusErrorResponse)
"""What comes of a bus that is not there, is lost, or answers something else."""


class NotificationBus:
    """Shows one notification at a time, and tells what becomes of it; `tell` is called in the thread."""

    def __init__(self, tell: Tell, bus: str = "SESSION") -> None:
        self._tell = tell
        self._bus = bus
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run_thread, name="notifications", daemon=True)
        self._wake = asyncio.Event()
        self._is_ending = False
        self._wanted: Notification | None = None
        self._shown: Notification | None = None
        self._id = 0
        """What the desktop calls the one on view; 0: there is none."""
        self._sender = ""
        """Who shows it, by the bus's own name: nobody else is believed."""
        self._token = ""
        self._capabilities: frozenset[str] | None = None

    def show(self, notification: Notification) -> None:
        """Show it, in the place of the one before."""
        if self._thread.ident is None:
            self._thread.start()
        elif not self._thread.is_alive():
            self._tell(NotShown("Notifications cannot be shown any more: what spoke to the desktop has ended."))
            return
        self._loop.call_soon_threadsafe(self._want, notification)

    def withdraw(self) -> None:
        """Take it away."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._want, None)

    def stop(self) -> None:
        """Take it away, and show no more."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end)
            self._thread.join(STOP_SECONDS)
        elif self._thread.ident is None and not self._loop.is_closed():
            self._loop.close()

    # -- in the thread ---------------------------------------------------------------------------------------------

    def _want(self, wanted: Notification | None) -> None:
        self._wanted = wanted
        self._wake.set()

    def _end(self) -> None:
        self._is_ending = True
        self._want(None)

    def _run_thread(self) -> None:
        try:
            self._loop.run_until_complete(self._run())
        except Exception as fault:  # the thread's top: whoever waits for a notification has to hear that none comes
            log.exception("notifications ended")
            self._tell(NotShown(str(fault) or type(fault).__name__))
        finally:
            self._loop.close()

    async def _run(self) -> None:
        while not self._is_ending:
            await self._wake.wait()
            if self._wanted is None:
                self._wake.clear()
                continue
            try:
                await self._converse()
            except _FAULTS as fault:
                self._wake.clear()
                self._forget()
                self._tell(NotShown(f"Notifications cannot be shown: {str(fault) or type(fault).__name__}."))

    async def _converse(self) -> None:
        """Speak to the desktop for as long as the connection holds."""
        async with asyncio.timeout(REPLY_SECONDS) as limit, _connected(self._bus) as router:
            signals: asyncio.Queue[Message] = asyncio.Queue()
            with router.filter(MatchRule(type="signal"), queue=signals):
                await self._subscribe(router)
                limit.reschedule(None)
                hearing = spawn(self._hear(signals), name="hear of notifications")
                try:
                    while not (self._is_ending and self._wanted is None and self._shown is None):
                        await self._wake.wait()
                        self._wake.clear()
                        async with asyncio.timeout(REPLY_SECONDS):
                            await self._carry_out(router)
                finally:
                    hearing.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await hearing

    async def _subscribe(self, router: DBusRouter) -> None:
        bus = Proxy(message_bus, router)
        await bus.AddMatch(MatchRule(type="signal", sender=NAME, interface=NAME, path=SERVER.object_path))
        owner = MatchRule(type="signal", sender=message_bus.bus_name, member="NameOwnerChanged")
        owner.add_arg_condition(0, NAME)
        await bus.AddMatch(owner)

    async def _carry_out(self, router: DBusRouter) -> None:
        wanted = self._wanted
        if wanted is self._shown:
            return
        if wanted is None:
            number, self._id, self._shown = self._id, 0, None
            if number:
                with contextlib.suppress(DBusErrorResponse):  # some desktops complain of one that is gone already
                    await _call(router, "CloseNotification", "u", (number,))
            return
        if self._capabilities is None:
            self._capabilities = frozenset((await _call(router, "GetCapabilities")).body[0])
        able = self._capabilities
        reply = await _call(router, "Notify", "susssasa{sv}i", _notify_arguments(wanted, able, self._id))
        self._id, self._sender, self._shown = reply.body[0], _sender(reply), wanted
        self._token = ""
        self._tell(Shown(sounded=bool(wanted.sound) and "sound" in able))

    async def _hear(self, signals: "asyncio.Queue[Message]") -> None:
        while True:
            message = await signals.get()
            member, body = message.header.fields.get(HeaderFields.member), message.body
            if member == "NameOwnerChanged" and _sender(message) == message_bus.bus_name and body[0] == NAME:
                self._owner_changed()
            elif self._id and _sender(message) == self._sender and body and body[0] == self._id:
                self._heard(member, body)

    def _heard(self, member: str | None, body: tuple[Any, ...]) -> None:
        if member == "ActivationToken":
            self._token = body[1]
        elif member == "ActionInvoked":
            token, self._token = self._token, ""
            key = self._shown.open_key if self._shown is not None and body[1] == _ITSELF else body[1]
            self._tell(Pressed(key, token))
        elif member == "NotificationClosed":
            self._gone()

    def _owner_changed(self) -> None:
        """Another program shows notifications now, or none: what the last one showed is gone."""
        self._capabilities = None
        if self._id:
            self._gone()

    def _gone(self) -> None:
        was_last = self._wanted is self._shown
        self._id, self._shown = 0, None
        if was_last:
            self._wanted = None
            self._tell(Closed())

    def _forget(self) -> None:
        self._wanted = self._shown = self._capabilities = None
        self._id = 0


@contextlib.asynccontextmanager
async def _connected(bus: str) -> AsyncIterator[DBusRouter]:
    """Jeepney's own `open_dbus_router` leaves the connection open where the bus has gone."""
    connection = await open_dbus_connection(bus)
    try:
        async with DBusRouter(connection) as router:
            yield router
    finally:
        with contextlib.suppress(OSError):
            await connection.close()


async def _call(router: DBusRouter, member: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Message:
    reply = await router.send_and_get_reply(new_method_call(SERVER, member, signature, body))
    if reply.header.message_type is MessageType.error:
        raise DBusErrorResponse(reply)
    return reply


def _sender(message: Message) -> str:
    return str(message.header.fields.get(HeaderFields.sender, ""))


def _notify_arguments(wanted: Notification, able: frozenset[str], replaces: int) -> tuple[Any, ...]:
    hints: dict[str, tuple[str, Any]] = {
        "urgency": ("y", CRITICAL if wanted.is_urgent else NORMAL),
        "desktop-entry": ("s", "approver"),
    }
    if wanted.sound:
        hints["sound-name"] = ("s", wanted.sound)
    actions: list[str] = []
    if "actions" in able:
        actions = [_ITSELF, "", *(word for button in wanted.buttons for word in (button.key, button.label))]
    if "body" in able:
        summary = wanted.summary
        body = html.escape(wanted.body, quote=False) if "body-markup" in able else wanted.body.translate(_NO_MARKUP)
    else:
        summary, body = f"{wanted.summary}: {wanted.body}".replace("\n", " ").translate(_NO_MARKUP), ""
    icon = resource("icons/approver.svg").as_uri()
    return "Approver", replaces, icon, summary, body, actions, hints, SERVER_DECIDES
