"""Notifications over D-Bus: the right types, what the desktop can do, and who presses what."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from eventually import eventually
from private_bus import NotificationDesk, private_bus

from approver.desktop.notification import Button, Closed, Notification, NotShown, Pressed, Shown, Told
from approver.desktop.notification_bus import NotificationBus

pytestmark = pytest.mark.desktop  # it needs dbus-daemon; the bus is a private one all the same
ONE = Notification(
    "A call is waiting", "a <b> & c\nd", (Button("review:1", "Review"), Button("deny:1", "Deny")), "review:1"
)
OTHER = Notification("2 calls are waiting", "…", (Button("review:1", "Review"),), "review:1", True, "dialog-warning")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with private_bus() as address:
        yield address


@contextmanager
def at_a_desk(address: str, *capabilities: str) -> Iterator[tuple[NotificationBus, NotificationDesk, list[Told]]]:
    """Somebody to speak to, somebody who shows notifications, and what is heard of them."""
    heard: list[Told] = []
    desk = NotificationDesk(address, capabilities) if capabilities else NotificationDesk(address)
    bus = NotificationBus(heard.append, address)
    try:
        yield bus, desk, heard
    finally:
        bus.stop()
        desk.leave()


def until(holds: Callable[[], object]) -> None:
    eventually(holds, "it comes about")


def test_the_types_are_those_of_the_specification(address: str) -> None:
    with at_a_desk(address) as (bus, desk, heard):
        bus.show(ONE)
        name, replaces, icon, summary, body, actions, hints, lifetime = desk.until_shown(1)
        assert desk.signatures == ["susssasa{sv}i"]
        assert (name, replaces, summary, lifetime) == ("Approver", 0, "A call is waiting", -1)
        assert icon.startswith("file:///") and icon.endswith("approver.svg")
        assert body == "a &lt;b&gt; &amp; c\nd"
        assert actions == ["default", "", "review:1", "Review", "deny:1", "Deny"]
        assert hints == {"urgency": ("y", 1), "desktop-entry": ("s", "approver")}
        until(lambda: heard == [Shown(sounded=False)])


def test_what_is_urgent_has_its_sound_and_takes_the_others_place(address: str) -> None:
    with at_a_desk(address) as (bus, desk, heard):
        bus.show(ONE)
        desk.until_shown(1)
        until(lambda: heard)
        bus.show(OTHER)
        arguments = desk.until_shown(2)
        assert arguments[1] == desk.last_id == 1
        assert arguments[6]["urgency"] == ("y", 2)
        assert arguments[6]["sound-name"] == ("s", "dialog-warning")
        until(lambda: heard == [Shown(False), Shown(sounded=True)])
        assert desk.asked == 1
        bus.withdraw()
        until(lambda: desk.closed == [1])


def test_what_the_desktop_cannot_do_is_left_out(address: str) -> None:
    with at_a_desk(address, "body") as (bus, desk, heard):
        bus.show(OTHER)
        arguments = desk.until_shown(1)
        assert arguments[5] == []
        until(lambda: heard == [Shown(sounded=False)])
        bus.show(ONE)
        assert desk.until_shown(2)[4] == "a ‹b› ＆ c\nd", "whether or not it reads markup, it finds none"
    with at_a_desk(address, "persistence") as (bus, desk, heard):
        bus.show(ONE)
        assert desk.until_shown(1)[3:5] == ("A call is waiting: a ‹b› ＆ c d", "")


def test_a_press_comes_back_with_its_key_and_the_token_for_the_window(address: str) -> None:
    with at_a_desk(address) as (bus, desk, heard):
        bus.show(ONE)
        until(lambda: heard)
        desk.press("review:1", token="token-7")
        desk.press("deny:1")
        desk.press("default")
        until(lambda: heard[1:] == [Pressed("review:1", "token-7"), Pressed("deny:1"), Pressed("review:1")])


def test_nobody_else_s_signals_count(address: str) -> None:
    with at_a_desk(address) as (bus, desk, heard):
        bus.show(ONE)
        until(lambda: heard)
        desk.press("deny:1", number=desk.last_id + 1)
        stranger = NotificationDesk(address)  # its name is taken, so it only waits for it
        stranger.press("deny:1", number=desk.last_id)
        desk.press("review:1")
        until(lambda: heard[1:])
        assert heard[1:] == [Pressed("review:1")]
        stranger.leave()


def test_a_notification_that_was_wiped_away_is_followed_by_a_new_one(address: str) -> None:
    with at_a_desk(address) as (bus, desk, heard):
        bus.show(ONE)
        until(lambda: heard)
        desk.dismiss()
        until(lambda: heard[1:] == [Closed()])
        bus.show(OTHER)
        assert desk.until_shown(2)[1] == 0


def test_another_desktop_program_is_asked_anew_what_it_can_do(address: str) -> None:
    with at_a_desk(address) as (bus, desk, heard):
        bus.show(ONE)
        until(lambda: heard)
        desk.leave()
        until(lambda: heard[1:] == [Closed()])
        other = NotificationDesk(address, ("body",))
        bus.show(ONE)
        arguments = other.until_shown(1)
        assert (arguments[1], arguments[5]) == (0, [])
        until(lambda: len(heard) == 3)
        bus.stop()
        until(lambda: other.closed == [1])
        other.leave()


@pytest.mark.parametrize("bus_address", ["unix:path=/nowhere/at/all", "nonsense"])
def test_without_a_bus_it_says_so_each_time(bus_address: str) -> None:
    heard: list[Told] = []
    bus = NotificationBus(heard.append, bus_address)
    for count in (1, 2):
        bus.show(ONE)
        until(lambda count=count: len(heard) == count)
        assert isinstance(heard[-1], NotShown)
        assert heard[-1].sentence.startswith("Notifications cannot be shown: ")
    bus.stop()


def test_a_bus_without_anybody_who_shows_notifications_is_said_to_be_one() -> None:
    heard: list[Told] = []
    with private_bus() as address:
        bus = NotificationBus(heard.append, address)
        bus.show(ONE)
        until(lambda: heard)
        assert isinstance(heard[0], NotShown)
        bus.withdraw()
        bus.stop()


def test_a_bus_that_ends_takes_the_notification_along() -> None:
    heard: list[Told] = []
    with private_bus() as address:
        desk = NotificationDesk(address)
        bus = NotificationBus(heard.append, address)
        bus.show(ONE)
        until(lambda: heard)
    bus.show(OTHER)
    until(lambda: isinstance(heard[-1], NotShown))
    bus.stop()
    desk.leave()


def test_one_that_has_ended_says_so(address: str) -> None:
    with at_a_desk(address) as (bus, desk, heard):
        bus.show(ONE)
        until(lambda: heard)
        bus.stop()
        bus.withdraw()
        bus.show(ONE)
        assert isinstance(heard[-1], NotShown)
        assert len(desk.shown) == 1


def test_one_that_never_showed_anything_ends_at_once() -> None:
    bus = NotificationBus(lambda told: None, "nonsense")
    bus.withdraw()
    bus.stop()
    bus.stop()
