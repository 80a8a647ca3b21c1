"""Somebody who shows notifications, and only remembers them; a test says what becomes of them."""

from approver.desktop.notification import Notification, Shown, Tell


class FakeService:
    """`shown` holds every notification in order, None where it was taken away."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.shown: list[Notification | None] = []
        self.stopped = False
        self.sounds = True

    def show(self, notification: Notification) -> None:
        self.shown.append(notification)
        self.tell(Shown(sounded=self.sounds and bool(notification.sound)))

    def withdraw(self) -> None:
        self.shown.append(None)

    def stop(self) -> None:
        self.stopped = True

    @property
    def summaries(self) -> list[str | None]:
        return [one.summary if one is not None else None for one in self.shown]
