"""What a notification says of the calls that wait: questions go in, a `Notification` comes out. Pure, no Qt.

One call is named in full, with its arguments as far as there is room; several become one notification that counts them.
What strangers wrote is made visible and stands behind a bar, values that look secret are masked, and there is never a
way to allow: «Review» leads to the window, «Deny» refuses the one call that the text has named.
"""

from collections.abc import Sequence

from approver.approvals.outline import BAR, compact, visible
from approver.approvals.presentation import Translate, present, quoted_if_odd, short_name
from approver.desktop.notification import Button, Notification
from approver.masking import mask_arguments
from approver.model import PendingQuestion

MOST_ARGUMENTS = 3
LONGEST_VALUE = 80
MOST_CALLS = 3
ATTENTION_SOUND = "dialog-warning"
REVIEW, DENY = "review:", "deny:"
"""How keys begin. A call's id follows: it is unique in the journal, so that a late press hits no other call."""


def notification_of(questions: Sequence[PendingQuestion], translate: Translate, *, loud: bool = False) -> Notification:
    """Describe the questions, oldest first; there is at least one. `loud` is for those that may be heard."""
    first = questions[0]
    review = Button(REVIEW + first.call.id, translate("Notification", "Review"))
    if len(questions) == 1:
        summary = translate("Notification", "A call is waiting for you")
        body = _body_of_one(first, translate)
        deny = Button(DENY + first.call.id, translate("Notification", "Deny"))
        buttons = (review, deny) if _is_named_in_full(first) else (review,)
    else:
        summary = translate("Notification", "{count} calls are waiting for you").format(count=len(questions))
        body = _body_of_several(questions, translate)
        buttons = (review,)
    return Notification(summary, body, buttons, review.key, is_urgent=loud, sound=ATTENTION_SOUND if loud else "")


def _body_of_one(question: PendingQuestion, translate: Translate) -> str:
    lines = [present(question, translate=translate).sentence]
    masked = mask_arguments(question.call.arguments)
    lines += [
        f"{BAR} {_short(f'{visible(str(key))}: {compact(masked[key])}')}" for key in list(masked)[:MOST_ARGUMENTS]
    ]
    if (more := len(masked) - MOST_ARGUMENTS) > 0:
        lines.append(translate("Notification", "and {count} more, to be seen with Review").format(count=f"{more:,}"))
    return "\n".join(lines)


def _body_of_several(questions: Sequence[PendingQuestion], translate: Translate) -> str:
    template = translate("Notification", "{client}: {tool} on {server}")
    lines = [
        template.format(
            client=quoted_if_odd(question.call.caller.client or translate("Notification", "A client without a name")),
            tool=quoted_if_odd(question.call.tool),
            server=quoted_if_odd(question.call.caller.server),
        )
        for question in questions[:MOST_CALLS]
    ]
    if (more := len(questions) - MOST_CALLS) > 0:
        lines.append(translate("Notification", "and {count} more").format(count=more))
    return "\n".join(lines)


def _is_named_in_full(question: PendingQuestion) -> bool:
    """Whether client, tool and server stand in the text uncut."""
    caller = question.call.caller
    return all(short_name(name) == visible(name) for name in (caller.client, question.call.tool, caller.server))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
