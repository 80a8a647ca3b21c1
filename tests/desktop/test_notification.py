"""Notifications as values."""

import dataclasses

import pytest
from fake_service import FakeService

from approver.desktop.notification import Button, Notification, Service, Shown


def test_a_notification_is_quiet_and_does_nothing_unless_it_says_so() -> None:
    plain = Notification("Summary", "Body")
    assert (plain.buttons, plain.open_key, plain.is_urgent, plain.sound) == ((), "", False, "")
    assert plain == Notification("Summary", "Body")
    assert plain != Notification("Summary", "Body", (Button("k", "Label"),))


def test_what_was_handed_over_cannot_change_any_more() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Notification("Summary", "Body").body = "Other"  # type: ignore[misc]  # that is the point


def test_a_service_tells_what_became_of_it() -> None:
    heard: list[object] = []
    service: Service = FakeService(heard.append)
    service.show(Notification("Summary", "Body", sound="bell"))
    assert heard == [Shown(sounded=True)]
