"""Both clocks of a question in words: wall times go in, a sentence comes out."""

import math

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from approver.approvals.presentation import quoted_if_odd
from approver.model import PendingQuestion

_DAY = 86_400


def clocks_in_words(question: PendingQuestion, now: float) -> str:
    """How long the client waits, and when the question closes."""
    client = quoted_if_odd(question.call.caller.client, 30)
    closes = moment(question.expires, now)
    if question.waiting and question.patience_ends is not None:
        return QCoreApplication.translate(
            "Clocks", "{client} waits {left} more. The question closes at {closes}, unanswered."
        ).format(client=client, left=span(question.patience_ends - now), closes=closes)
    return QCoreApplication.translate(
        "Clocks",
        "{client} has been told that its call is pending; if you allow it, its next identical call runs. "
        "The question closes at {closes}, unanswered.",
    ).format(client=client, closes=closes)


def span(seconds: float) -> str:
    """A time that is left: 3:12, or 1:03:12. It never runs below nothing."""
    whole = max(0, math.ceil(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def moment(at: float, now: float) -> str:
    """A time of day as the person's locale writes it, with the day where it is not today."""
    then = QDateTime.fromSecsSinceEpoch(int(at))
    locale = QLocale()
    time = locale.toString(then.time(), QLocale.FormatType.ShortFormat)
    if then.date() == QDateTime.fromSecsSinceEpoch(int(now)).date():
        return time
    if abs(at - now) < 6 * _DAY:
        return f"{locale.toString(then.date(), 'ddd')} {time}"
    return f"{locale.toString(then.date(), QLocale.FormatType.ShortFormat)} {time}"
