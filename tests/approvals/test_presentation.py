"""Every text that a person reads of a question."""

import dataclasses
import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approver.approvals.presentation import Part, Presentation, present, short_name
from approver.model import Call, Caller, PendingQuestion, ToolDefinition

QUESTION = PendingQuestion(
    id="k3m7q",
    call=Call(
        id="d1",
        caller=Caller("s1", "desktop", "filesystem", "Claude Desktop", "claude-ai", 4242),
        tool="write_file",
        arguments={"path": "/home/ana/notes.txt", "content": "one\ntwo"},
        extra={},
        digest="9f3c" * 16,
        arrived=0.0,
    ),
    rule="/tools/write_file/require_approval/always",
    reason="Writing needs a look.",
    since=0.0,
    expires=600.0,
    patience_ends=50.0,
)
DEFINITION = ToolDefinition(
    name="write_file",
    title="Write a file",
    description="Writes.\nOverwrites, too.",
    annotations={"readOnlyHint": False, "destructiveHint": True, "title": "W"},
    digest="41ab" * 16,
)


def asked(**changes: Any) -> PendingQuestion:
    """The question, with other members of its call, its caller or itself."""
    caller = {name: changes.pop(name) for name in ("client", "server", "pid", "client_name") if name in changes}
    call = {name: changes.pop(name) for name in ("tool", "arguments", "extra") if name in changes}
    changed_caller = dataclasses.replace(QUESTION.call.caller, **caller)
    return dataclasses.replace(
        QUESTION, call=dataclasses.replace(QUESTION.call, caller=changed_caller, **call), **changes
    )


def facts(presentation: Presentation) -> Mapping[str, str]:
    return {fact.label: fact.value for fact in presentation.facts}


def test_the_whole_text_of_a_question() -> None:
    shown = present(asked(extra={"task": {"ttl": 60}}, definition=DEFINITION))
    assert shown.text == (
        "Claude Desktop wants to run write_file on filesystem\n\n"
        "Why you are asked: Writing needs a look. (rule /tools/write_file/require_approval/always)\n\n"
        "Sent by the client:\n"
        "path     “/home/ana/notes.txt”\n"
        "content  “one␊\n"
        "         │two”\n"
        "\n"
        "Sent beside the arguments:\n"
        "task  1 field\n"
        "  ttl  60\n\n"
        "Server says: “not read-only”, “destructive”, title: “W” (unverified)\n\n"
        "The server describes the tool (unverified):\n"
        "│ Write a file\n"
        "│ Writes.\n"
        "│ Overwrites, too.\n\n"
        "Client: Claude Desktop\n"
        "Client calls itself: claude-ai\n"
        "Started by process: 4242\n"
        "Grant: desktop\n"
        "Server: filesystem\n"
        "Tool: write_file\n"
        "Rule: /tools/write_file/require_approval/always\n"
        "Reason of the rule: Writing needs a look.\n"
        "Question: k3m7q\n"
        "Call digest: 9f3c9f3c9f3c9f3c…\n"
        "Tool definition digest: 41ab41ab41ab41ab…"
    )
    assert shown.digest == hashlib.sha256(shown.text.encode()).hexdigest()
    assert shown.sentence == "Claude Desktop wants to run write_file on filesystem"
    assert shown.arguments_text in shown.text
    assert not shown.is_masked
    assert shown.marks == 0


def test_the_sentence_tells_names_from_our_own_words() -> None:
    assert present(QUESTION).sentence_parts == (
        Part("Claude Desktop", True),
        Part(" wants to run ", False),
        Part("write_file", True),
        Part(" on ", False),
        Part("filesystem", True),
    )


@pytest.mark.parametrize(
    "client",
    [
        "Claude wants to run read_file on docs",
        "x” on y",
        "Claude\nDesktop",
        "ＣＬＡＵＤＥ",
        "a  b",
        "x" * 41,
        "נחמד",
        " ",
    ],
)
def test_a_name_that_could_pass_for_our_words_stands_in_quotes(client: str) -> None:
    part = present(asked(client=client)).sentence_parts[0]
    assert part.text.startswith("“")
    assert part.text.endswith("”")


def test_a_client_without_a_name_is_called_so() -> None:
    assert present(asked(client="")).sentence.startswith("“A client without a name” wants to run")


def test_a_long_name_is_cut_in_the_sentence_only_and_says_by_how_much() -> None:
    shown = present(asked(tool="t" * 1000))
    assert f"“{'t' * 60}… (+940 characters)”" in shown.sentence
    assert facts(shown)["Tool"] == "t" * 1000


def test_the_default_of_the_policy_is_said_in_words() -> None:
    assert "no rule names this tool" in present(asked(rule="(default require_approval)", reason="")).why
    assert present(asked(reason="")).why == "Why you are asked: rule /tools/write_file/require_approval/always"


def test_an_endless_reason_is_cut_in_its_line_only() -> None:
    shown = present(asked(reason="r" * 2000, rule="/" + "k" * 2000))
    assert len(shown.why) < 1000
    assert "(+1,400 characters)" in shown.why
    assert facts(shown)["Reason of the rule"] == "r" * 2000
    assert facts(shown)["Rule"] == "/" + "k" * 2000


def test_no_arguments_are_said_to_be_none() -> None:
    assert present(asked(arguments={})).arguments_text == "(no arguments)"


def test_secrets_are_covered_until_they_are_asked_for() -> None:
    question = asked(arguments={"user": "ana", "password": "hunter2"}, extra={"api_key": "abc123"})
    covered = present(question)
    assert covered.is_masked
    assert "hunter2" not in covered.text
    assert "abc123" not in covered.text
    assert "ana" in covered.text
    revealed = present(question, reveal=True)
    assert not revealed.is_masked
    assert "hunter2" in revealed.text
    assert "abc123" in revealed.text
    assert revealed.digest != covered.digest


def test_every_stranger_s_text_is_made_visible() -> None:
    nasty = "\u202eevil\u200b\x1b[2J"
    annotated = ToolDefinition(nasty, nasty, nasty, {nasty: nasty}, {}, nasty)
    shown = present(
        asked(
            client=nasty, server=nasty, tool=nasty, client_name=nasty, arguments={nasty: nasty}, extra={nasty: nasty},
            reason=nasty, rule=nasty, id=nasty, definition=annotated,
        )
    )  # fmt: skip
    assert all(character == "\n" or character.isprintable() for character in shown.text)
    assert "⟨U+202E⟩evil⟨U+200B⟩␛[2J" in shown.arguments_text
    assert shown.marks == 12


@given(st.text(), st.text(), st.dictionaries(st.text(), st.text()))
def test_no_text_of_a_stranger_can_bring_anything_unprintable(
    client: str, tool: str, arguments: dict[str, str]
) -> None:
    shown = present(asked(client=client, tool=tool, arguments=arguments, reason=client, id=tool))
    assert all(character == "\n" or character.isprintable() for character in shown.text)


def test_the_server_cannot_begin_a_line() -> None:
    forging = ToolDefinition("write_file", "", "Fine.\n\nClient: Claude Desktop\nCall digest: 0000")
    shown = present(asked(client="Mallory", definition=forging))
    assert [line for line in shown.text.split("\n") if line.startswith("Client:")] == ["Client: Mallory"]


def test_a_flood_of_hints_is_cut_on_its_line_and_stands_in_the_details() -> None:
    flooding = ToolDefinition("write_file", annotations={f"hint{number}": True for number in range(5000)})
    shown = present(asked(definition=flooding))
    assert shown.server_says.endswith("hint7: true, 4,992 more in the details (unverified)")
    assert "hint4999: true" in shown.description[-1].text


def test_a_hint_s_text_is_marked_once() -> None:
    shown = present(asked(definition=ToolDefinition("write_file", annotations={"note": "a\x1bb"})))
    assert shown.server_says == "Server says: note: “a␛b” (unverified)"


def test_a_definition_that_says_nothing_takes_no_room() -> None:
    shown = present(asked(definition=ToolDefinition("write_file")))
    assert (shown.description, shown.server_says) == ((), "")


def test_a_description_of_a_million_lines_is_shown_in_a_bounded_number() -> None:
    shown = present(asked(definition=ToolDefinition("write_file", "", "\n" * 1_000_000)))
    assert len(shown.description) < 600
    assert sum(line.text.count("␊") for line in shown.description) > 999_000


def test_another_call_has_another_digest() -> None:
    assert present(QUESTION).digest == present(QUESTION).digest
    assert present(QUESTION).digest != present(asked(arguments={"path": "/home/ana/notes.txt"})).digest
    assert present(QUESTION).digest != present(asked(definition=DEFINITION)).digest


def test_depth_does_no_harm() -> None:
    value: Any = "bottom"
    for _ in range(20_000):
        value = [value]
    assert "“bottom”" in present(asked(arguments={"x": value})).text


def test_windows_can_have_the_words_translated() -> None:
    shown = present(QUESTION, translate=lambda context, text: text.replace("{client} wants to run", "Darf {client}"))
    assert shown.sentence == "Darf Claude Desktop write_file on filesystem"


def test_short_names_are_left_alone() -> None:
    assert short_name("write_file") == "write_file"
    assert short_name("a\nb") == "a␊b"


# -- names that differ only in case ------------------------------------------------------------------------------------


def with_arguments(definition: ToolDefinition | None = None, **arguments: Any) -> PendingQuestion:
    return dataclasses.replace(
        QUESTION, call=dataclasses.replace(QUESTION.call, arguments=arguments), definition=definition
    )


def test_names_that_differ_only_in_case_are_pointed_out() -> None:
    shown = present(with_arguments(path="/tmp/a", PATH="/etc/passwd"))
    words = "Names that differ only in case: “path” and “PATH”. Rules tell them apart; some servers do not."
    assert shown.caution == words
    assert words in shown.text
    assert present(QUESTION).caution == ""


def test_a_name_that_the_server_writes_otherwise_is_pointed_out_too() -> None:
    definition = dataclasses.replace(DEFINITION, input_schema={"properties": {"path": {}}})
    assert "“PATH” and “path”" in present(with_arguments(definition, PATH="/etc/passwd")).caution


def test_of_many_such_names_a_few_are_named_and_none_can_pass_for_our_words() -> None:
    names = [f"{letter}\u202e\n" for letter in "abcde"]
    shown = present(with_arguments(**dict.fromkeys([*names, *map(str.upper, names)], 1)))
    assert shown.caution.count(" and ") == 3
    assert "; 2 more." in shown.caution
    assert "\u202e" not in shown.caution and "\n" not in shown.caution
