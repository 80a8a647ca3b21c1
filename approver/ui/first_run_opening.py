"""Opens the window of the first start: by itself where nothing is set up yet, and whenever it is asked for.

It also ends, at the start and every hour, the week in which servers were only watched.
"""

import logging
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from approver.clients.known import Surroundings
from approver.configuration_edits import EditRefused
from approver.desktop.paths import Paths
from approver.first_run.machine import FirstRun
from approver.first_run.trial_call import take_down
from approver.first_run.watching import WatchingUnreadable, end_watching
from approver.secrets import SecretStore
from approver.taking_over import way_of
from approver.ui.first_run_wizard import FirstRunWizard

log = logging.getLogger(__name__)

HOUR_MILLISECONDS = 3_600_000


class FirstRunOpening(QObject):
    """Owns the window while it is there.

    Attributes:
        wizard: The window; None: it is not open.

    Signals: none of its own.
    """

    def __init__(
        self,
        paths: Paths,
        start_seconds: float,
        *,
        store: SecretStore | None = None,
        today: Callable[[], date] = date.today,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.wizard: FirstRunWizard | None = None
        self._paths = paths
        self._start_seconds = start_seconds
        self._store = store or SecretStore()
        self._today = today
        self._hourly = QTimer(self)
        self._hourly.timeout.connect(self.end_watching)
        self._hourly.start(HOUR_MILLISECONDS)
        self.end_watching()
        self._forget_test()

    def begin(self, *, hidden: bool) -> None:
        """Open it if nothing is set up yet and the person is looking."""
        if not hidden and not self._paths.servers.exists():
            self.open()

    def open(self) -> None:
        """Open it, or bring the open one to the front."""
        if self.wizard is None:
            around = Surroundings(Path.home(), environment=dict(os.environ))
            machine = FirstRun(self._paths, around, way_of(os.environ), self._today)
            self.wizard = FirstRunWizard(machine, self._store, self._start_seconds)
            self.wizard.closed.connect(self._gone)
        self.wizard.appear()

    def close(self) -> None:
        """Close it, if it is open."""
        if self.wizard is not None:
            self.wizard.close()

    def end_watching(self) -> None:
        """Put the asking rules in force whose day has come."""
        try:
            for server in end_watching(self._paths, self._today()):
                log.info("the week of watching %s is over: its calls are asked about from now on", server)
        except (WatchingUnreadable, OSError) as fault:
            log.warning("%s", fault)

    def _forget_test(self) -> None:
        """Remove what a test call left that was under way when Approver ended."""
        try:
            take_down(self._paths)
        except (EditRefused, OSError) as fault:
            log.warning("what is left of a test call was not removed: %s", fault)

    def _gone(self) -> None:
        if self.wizard is not None:
            self.wizard.deleteLater()
            self.wizard = None
