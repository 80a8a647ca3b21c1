"""The page for what concerns Approver as a whole: how loudly calls ask, the start, the language, how things stand.

    settings.toml ──load_settings──> the form ──change_settings──> settings.toml ──(the engine watches it)──> in force

The file is the truth: it is read when the page is shown, after each change, and every second while the page is seen.
"""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from approver.configuration_edits import EditRefused
from approver.desktop.autostart import LoginItem
from approver.desktop.paths import Paths
from approver.secrets import SecretStore, StoreState
from approver.settings import Settings
from approver.settings_edits import change_settings, load_settings
from approver.ui.announcements import announce
from approver.ui.attention_form import AttentionForm
from approver.ui.background import Background
from approver.ui.bridge import Bridge
from approver.ui.headings import page_title, part_title
from approver.ui.keyring_words import keyring_in_words
from approver.ui.language_choice import LanguageChoice
from approver.ui.launch_at_login import LaunchAtLogin
from approver.ui.plain_label import PlainLabel
from approver.ui.theme import em
from approver.ui.window_form import WindowForm

LOOK_MILLISECONDS = 1000


class GeneralPage(QWidget):
    """Shows and changes settings; each change takes effect at once.

    Attributes:
        attention: How loudly calls ask for the person.
        login: Whether Approver starts with the session.
        window_form: How the windows behave and look.
        language: The language of the windows.
        note: Why a change was not made, or the file cannot be changed.
        http, keyring: How these two stand, in words.

    Signals:
        changed: A setting was written.
    """

    changed = Signal()

    def __init__(self, bridge: Bridge, paths: Paths, store: SecretStore, item: LoginItem | None = None) -> None:
        super().__init__()
        self._bridge = bridge
        self._paths = paths
        self._store = store
        self._seen: Settings | None = None
        self.attention = AttentionForm()
        self.login = LaunchAtLogin(item)
        self.window_form = WindowForm()
        self.language = LanguageChoice()
        self.note = PlainLabel()
        self._problem = QFrame()
        self.http = PlainLabel()
        self.keyring = PlainLabel(self.tr("Looking…"))
        self._looking = Background(self)
        self._look_timer = QTimer(self)
        self._lay_out()
        self._connect()
        self._show_http()

    # -- the file --------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the file, and show what is new in it."""
        try:
            found = load_settings(self._paths)
        except EditRefused as fault:
            self._seen = None
            self._say(str(fault))
        else:
            if self._seen is None:
                self._say("")
            self._take(found)
        for form in (self.attention, self.window_form, self.language):
            form.setEnabled(self._seen is not None)

    def _take(self, found: Settings) -> None:
        if self._seen is None or self._seen.attention != found.attention:
            self.attention.show_settings(found.attention)
        self.window_form.show_settings(found.window)
        self.language.show_language(found.window.language)
        self._seen = found

    def _change(self, section: str, key: str, value: str | bool) -> None:
        seen = self._seen
        if seen is None:
            return
        try:
            self._seen = change_settings(self._paths, section, {key: value}, seen)
        except (EditRefused, OSError) as fault:
            self._seen = None
            self.refresh()
            self._say(str(fault))
        else:
            self._say("")
            self.changed.emit()

    def _say(self, sentence: str) -> None:
        if sentence and sentence != self.note.text():
            announce(self, sentence)
        self.note.setText(sentence)
        self._problem.setVisible(bool(sentence))

    # -- how things stand ------------------------------------------------------------------------------------------

    def _show_http(self) -> None:
        state = self._bridge.state
        if state.address:
            self.http.setText(state.address)
        elif self._bridge.is_running:
            self.http.setText(
                self.tr("They cannot come in: it is turned off, or its port is taken. See [http] in settings.toml.")
            )
        else:
            self.http.setText(self.tr("Approver is not running."))

    @property
    def is_looking(self) -> bool:
        """Whether it is not known yet how the keyring stands."""
        return self.keyring.text() == self.tr("Looking…")

    def _show_keyring(self, state: StoreState) -> None:
        self.keyring.setText(keyring_in_words(state))

    def showEvent(self, event: QShowEvent) -> None:
        """Look at once, and go on looking while it is seen."""
        super().showEvent(event)
        self.refresh()
        self._show_http()
        self._looking.start(lambda _: self._store.state())
        self._look_timer.start(LOOK_MILLISECONDS)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._look_timer.stop()

    # -- building --------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.attention.changed.connect(lambda key, value: self._change("attention", key, value))
        self.window_form.changed.connect(lambda key, value: self._change("window", key, value))
        self.language.changed.connect(lambda value: self._change("window", "language", value))
        self._looking.done.connect(self._show_keyring)
        self._looking.failed.connect(self.keyring.setText)
        self._look_timer.timeout.connect(self.refresh)
        self._bridge.state_changed.connect(lambda _: self._show_http())
        for signal in (self._bridge.started, self._bridge.stopped):
            signal.connect(self._show_http)

    def _lay_out(self) -> None:
        unit = em(self.font())
        self._problem.setProperty("role", "problem")
        inside = QVBoxLayout(self._problem)
        inside.setContentsMargins(*[round(unit * 0.7)] * 4)
        inside.addWidget(self.note)
        self._problem.hide()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(round(unit * 0.6))
        column.addWidget(self._problem)
        self._add_part(column, self.tr("How loudly a call asks for you"), self.attention)
        self._add_part(column, self.tr("Windows"), self.window_form)
        self._add_part(column, self.tr("Starting"), self.login)
        self._add_part(column, self.tr("Language"), self.language)
        self._add_part(column, self.tr("How things stand"), self._standing())
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[round(unit * 1.2)] * 4)
        layout.setSpacing(round(unit * 0.7))
        layout.addWidget(page_title(self.tr("General")))
        layout.addWidget(scroll)

    def _add_part(self, column: QVBoxLayout, title: str, part: QWidget) -> None:
        column.addWidget(part_title(title))
        column.addWidget(part)
        column.addSpacing(round(em(self.font()) * 1.2))

    def _standing(self) -> QWidget:
        unit = em(self.font())
        part = QWidget()
        grid = QGridLayout(part)  # a form layout gives words that come later too few lines
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(round(unit * 1.2))
        grid.setVerticalSpacing(round(unit * 0.5))
        grid.setColumnStretch(1, 1)
        rows = (
            (self.tr("Clients over HTTP"), self.http),
            (self.tr("Keyring"), self.keyring),
            (self.tr("Size"), PlainLabel(self.tr("As your desktop has it."))),
        )
        for row, (label, value) in enumerate(rows):
            value.setAccessibleName(label)
            name = PlainLabel(label, role="muted", wraps=False)
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
        return part
