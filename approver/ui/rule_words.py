"""Rules and limits as sentences: an `Entry` of a policy goes in, one line comes out that a person can check.

The words of conditions are those of the verdicts; values stand as JSON, so that text and number look different.
"""

from typing import Any

from PySide6.QtCore import QCoreApplication

from approver.policy import wording
from approver.policy.rule_edits import Entry
from approver.visible import make_visible


def in_words(entry: Entry) -> str:
    """The whole rule or limit."""
    value = entry.value
    if entry.section == "limits":
        return make_visible(_limit(value))
    said = _start(entry.section, bool(value["conditions"])).format(conditions=_all_of(value["conditions"]))
    message = value.get("on_deny") or value.get("reason")
    if message:
        said = QCoreApplication.translate("RuleWords", "{rule} — “{message}”").format(rule=said, message=message)
    return make_visible(said)


def operator_words(op: str) -> str:
    """What a condition's operator says."""
    words = {
        "eq": QCoreApplication.translate("RuleWords", "is"),
        "neq": QCoreApplication.translate("RuleWords", "is not"),
        "lt": QCoreApplication.translate("RuleWords", "is less than"),
        "lte": QCoreApplication.translate("RuleWords", "is at most"),
        "gt": QCoreApplication.translate("RuleWords", "is more than"),
        "gte": QCoreApplication.translate("RuleWords", "is at least"),
        "in": QCoreApplication.translate("RuleWords", "is one of"),
        "not_in": QCoreApplication.translate("RuleWords", "is none of"),
        "exists": QCoreApplication.translate("RuleWords", "is given"),
        "regex": QCoreApplication.translate("RuleWords", "matches"),
        "contains": QCoreApplication.translate("RuleWords", "contains"),
    }
    return words[op]


def section_words(section: str) -> str:
    """What becomes of a call by a rule, to be followed by conditions."""
    words = {
        "deny_if": QCoreApplication.translate("RuleWords", "Deny when"),
        "require": QCoreApplication.translate("RuleWords", "Deny unless"),
        "require_approval": QCoreApplication.translate("RuleWords", "Ask when"),
    }
    return words[section]


def window_words(window: str) -> str:
    """A limit's window of time."""
    words = {
        "minute": QCoreApplication.translate("RuleWords", "minute"),
        "hour": QCoreApplication.translate("RuleWords", "hour"),
        "day": QCoreApplication.translate("RuleWords", "day"),
    }
    return words[window]


def _start(section: str, has_conditions: bool) -> str:
    if has_conditions:
        return section_words(section) + " {conditions}"
    words = {
        "deny_if": QCoreApplication.translate("RuleWords", "Always deny"),
        "require": QCoreApplication.translate("RuleWords", "Needs nothing"),
        "require_approval": QCoreApplication.translate("RuleWords", "Always ask"),
    }
    return words[section]


def _all_of(conditions: list[dict[str, Any]]) -> str:
    return QCoreApplication.translate("RuleWords", " and ").join(map(_condition, conditions))


def _condition(condition: dict[str, Any]) -> str:
    name = condition["path"].removeprefix("args.")
    if condition["op"] == "exists":
        if condition["value"]:
            return QCoreApplication.translate("RuleWords", "{name} is given").format(name=name)
        return QCoreApplication.translate("RuleWords", "{name} is not given").format(name=name)
    return f"{name} {operator_words(condition['op'])} {wording.quote(condition['value'])}"


def _limit(limit: dict[str, Any]) -> str:
    source = limit.get("increment_from", "")
    if source:
        said = QCoreApplication.translate("RuleWords", "At most {max} of {name} per {window}")
    elif limit.get("increment", 1) != 1:
        said = QCoreApplication.translate("RuleWords", "At most {max} per {window}, each call counts {increment}")
    else:
        said = QCoreApplication.translate("RuleWords", "At most {max} calls per {window}")
    said = said.format(
        max=limit["max"],
        name=source.removeprefix("args."),
        window=window_words(limit["window"]),
        increment=limit.get("increment"),
    )
    if limit["scope"] == "server":
        said = QCoreApplication.translate("RuleWords", "{limit}, of all clients together").format(limit=said)
    return QCoreApplication.translate("RuleWords", "{limit} (counter {counter})").format(
        limit=said, counter=limit["counter"]
    )
