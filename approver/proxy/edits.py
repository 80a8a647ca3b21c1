"""Calls whose arguments a person edited before they approved them: what is judged, sent and written down of them. Pure.

The call that the client made keeps its name, its digest and all that stands beside the arguments; only they are others.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from approver.differences import changed_paths, pointer, same
from approver.masking import mask_arguments
from approver.model import Answer, Call, Edit
from approver.proxy import jsonrpc
from approver.proxy.rulings import Forward
from approver.shortening import shorten

LONGEST_ARGUMENTS = 128 * 1024
"""Bytes of JSON text that are kept whole in the log."""
MOST_CHANGES = 1000
"""Paths that are kept in the log; whoever changes more finds both versions there."""


class EditRefused(Exception):
    """The edited call may not or cannot be sent, and the question stays open. The message is a sentence."""


def edit_of(call: Call, answer: Answer) -> Edit:
    """What the answer puts in place of the call's arguments, in a copy that nobody else holds.

    Raises:
        EditRefused: it is nothing that JSON can carry to the server exactly, or the answer is to stand for later calls.
    """
    if answer.wish is not None:
        raise EditRefused("An edited call cannot be allowed for later as well: later calls would come unedited.")
    message = {"params": {"arguments": answer.arguments}}
    try:
        copy = jsonrpc.parse(jsonrpc.encode(message))["params"]["arguments"]
    except jsonrpc.WireFault as fault:
        raise EditRefused(f"The edited call cannot be sent. {fault.message}") from None
    if not isinstance(copy, dict) or not same(copy, answer.arguments):
        raise EditRefused("The edited call cannot be sent: its arguments hold something that JSON has no words for.")
    digest = jsonrpc.digest([call.caller.server, call.tool, copy, call.extra])
    return Edit(copy, digest, answer.by)


def made(call: Call, edit: Edit | None) -> Call:
    """The call as it is made."""
    return call if edit is None else replace(call, arguments=edit.arguments, digest=edit.digest)


def message_to_send(message: dict[str, Any], ruling: Forward) -> dict[str, Any]:
    """The client's message as the server gets it; where nothing was edited the very same."""
    if ruling.edit is None:
        return message
    return {**message, "params": {**message["params"], "arguments": ruling.edit.arguments}}


def recorded(arguments: Mapping[str, Any]) -> Any:
    """Arguments as they are kept: masked; very long ones in part, beside the digest of the whole."""
    # megabytes would hold up everybody else
    whole = shorten(arguments) if len(jsonrpc.encode(arguments)) > LONGEST_ARGUMENTS else arguments
    return mask_arguments(whole)


def described(call: Call, edit: Edit | None, detail: str = "") -> str:
    """A row's detail, and in it what was sent in place of what was asked, and who changed it."""
    if edit is None:
        return detail
    paths = changed_paths(call.arguments, edit.arguments)
    told = {
        "arguments": recorded(edit.arguments),
        "digest": edit.digest,
        "by": edit.by,
        "changed": [pointer(path) for path in paths[:MOST_CHANGES]],
    }
    return jsonrpc.encode({"edited": told, **(json.loads(detail) if detail else {})}).decode()
