"""How a draft of rules stands, in words: a `Draft` goes in, and what is in force is always said."""

from PySide6.QtCore import QCoreApplication

from approver.ui.clock_words import moment
from approver.ui.rules_draft import Draft


def state_in_words(draft: Draft, now: float) -> str:
    """What became of the text, and which rules are in force."""
    if not draft.is_changed:
        return in_force_in_words(draft, now, stays=False)
    in_force = in_force_in_words(draft, now, stays=True)
    count = len(draft.problems)
    if count == 0:
        said = QCoreApplication.translate("Rules", "Not applied yet. {in_force}")
    elif count == 1:
        said = QCoreApplication.translate("Rules", "1 mistake. {in_force}")
    else:
        said = QCoreApplication.translate("Rules", "{count} mistakes. {in_force}")
    return said.format(count=count, in_force=in_force)


def in_force_in_words(draft: Draft, now: float, *, stays: bool) -> str:
    """Which rules judge calls; `stays` where the text says something else."""
    if draft.seen is None:
        return QCoreApplication.translate("Rules", "There are no rules yet, so every call is denied.")
    if not draft.is_seen_valid:
        return QCoreApplication.translate(
            "Rules", "The file does not load: the rules before it stay in force, or every call is denied."
        )
    if stays:
        said = QCoreApplication.translate("Rules", "The rules saved at {time} stay in force.")
    else:
        said = QCoreApplication.translate("Rules", "The rules saved at {time} are in force.")
    return said.format(time=moment(draft.saved_at, now))
