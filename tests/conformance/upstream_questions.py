"""The conformance server's tools that ask the client: over the session, or by an `input_required` result.

A handshake session carries a request to the client while the call runs. In 2026-07-28 the call ends with what the
server wants to know, and the client calls again with the answers and the state it was given.
"""

import json
from collections.abc import Mapping
from typing import Any

import mcp_types as types
from mcp.shared.message import ServerMessageMetadata
from upstream_tools import Context, Result, Toolbox, text

Params = types.CallToolRequestParams


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _strings(*names: str) -> dict[str, Any]:
    return _object(**{name: {"type": "string"} for name in names})


def _form(message: str, schema: dict[str, Any]) -> types.ElicitRequest:
    return types.ElicitRequest(params=types.ElicitRequestFormParams(message=message, requested_schema=schema))


def _sampling(prompt: str, tokens: int = 100) -> types.CreateMessageRequest:
    message = types.SamplingMessage(role="user", content=types.TextContent(type="text", text=prompt))
    return types.CreateMessageRequest(params=types.CreateMessageRequestParams(messages=[message], max_tokens=tokens))


DEFAULTS_FORM = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "User name", "default": "John Doe"},
        "age": {"type": "integer", "description": "User age", "default": 30},
        "score": {"type": "number", "description": "User score", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "description": "Verification status", "default": True},
    },
    "required": [],
}
_TITLED = [{"const": "value1", "title": "First"}, {"const": "value2", "title": "Second"}]
_UNTITLED = ["option1", "option2", "option3"]
ENUMS_FORM = _object(
    untitledSingle={"type": "string", "enum": _UNTITLED},
    titledSingle={"type": "string", "oneOf": _TITLED},
    legacyEnum={"type": "string", "enum": ["opt1", "opt2"], "enumNames": ["Option One", "Option Two"]},
    untitledMulti={"type": "array", "items": {"type": "string", "enum": _UNTITLED}},
    titledMulti={"type": "array", "items": {"anyOf": _TITLED}},
)


def add_asking_tools(toolbox: Toolbox) -> None:
    """Add every tool that asks."""
    _add_session_tools(toolbox)
    _add_one_question_tools(toolbox)
    _add_state_tools(toolbox)
    _add_many_question_tools(toolbox)


# -- over the session --------------------------------------------------------------------------------------------------


async def _elicit(context: Context, request: types.ElicitRequest) -> types.ElicitResult:
    within = ServerMessageMetadata(related_request_id=context.request_id)
    return await context.session.send_request(request, types.ElicitResult, metadata=within)


def _add_session_tools(toolbox: Toolbox) -> None:
    @toolbox.add("test_sampling", "Asks the client's model.", _strings("prompt"))
    async def sample(context: Context, params: Params) -> Result:
        request = _sampling((params.arguments or {}).get("prompt", ""))
        within = ServerMessageMetadata(related_request_id=context.request_id)
        result = await context.session.send_request(request, types.CreateMessageResult, metadata=within)
        said = result.content.text if isinstance(result.content, types.TextContent) else result.content.type
        return text(f"LLM response: {said}")

    @toolbox.add("test_elicitation", "Asks the person at the client.", _strings("message"))
    async def elicit(context: Context, params: Params) -> Result:
        message = (params.arguments or {}).get("message", "")
        answer = await _elicit(context, _form(message, _strings("username", "email")))
        return text(f"User response: action={answer.action}, content={json.dumps(answer.content)}")

    for name, schema in (
        ("test_elicitation_sep1034_defaults", DEFAULTS_FORM),
        ("test_elicitation_sep1330_enums", ENUMS_FORM),
    ):

        async def fill_in(context: Context, _: Params, schema: dict[str, Any] = schema) -> Result:
            answer = await _elicit(context, _form("Please fill this in", schema))
            return text(f"Elicitation completed: action={answer.action}, content={json.dumps(answer.content)}")

        toolbox.add(name, "Asks the person for a form.")(fill_in)


# -- by an input_required result ---------------------------------------------------------------------------------------


def _asks(state: str | None = None, **requests: types.InputRequest) -> types.InputRequiredResult:
    return types.InputRequiredResult(input_requests=requests, request_state=state)


def _filled_in(params: Params, question: str, field: str) -> Any:
    """What the client's answer to a form holds in a field; None where there is no such answer."""
    answer = (params.input_responses or {}).get(question)
    return (answer.content or {}).get(field) if isinstance(answer, types.ElicitResult) else None


def _add_one_question_tools(toolbox: Toolbox) -> None:
    for name in ("test_input_required_result_elicitation", "test_streaming_elicitation"):

        @toolbox.add(name, "Asks for a name and greets.")
        async def greet(_: Context, params: Params) -> Result:
            name = _filled_in(params, "user_name", "name")
            if name is None:
                return _asks(user_name=_form("What is your name?", _strings("name")))
            return text(f"Hello, {name}!")

    @toolbox.add("test_input_required_result_sampling", "Asks the model for a capital.")
    async def capital(_: Context, params: Params) -> Result:
        answer = (params.input_responses or {}).get("capital_question")
        if not isinstance(answer, types.CreateMessageResult):
            return _asks(capital_question=_sampling("What is the capital of France?"))
        return text(f"Model said: {answer.content.text if answer.content.type == 'text' else '?'}")

    @toolbox.add("test_input_required_result_list_roots", "Asks for the roots.")
    async def roots(_: Context, params: Params) -> Result:
        answer = (params.input_responses or {}).get("client_roots")
        if not isinstance(answer, types.ListRootsResult):
            return _asks(client_roots=types.ListRootsRequest())
        return text("Roots: " + ", ".join(str(root.uri) for root in answer.roots))


def _add_state_tools(toolbox: Toolbox) -> None:
    confirm = _form("Please confirm", _object(ok={"type": "boolean"}))

    # That a tampered state is refused is the SDK's RequestStateBoundary; a handler sees only states that it sealed.
    for name in ("test_input_required_result_request_state", "test_input_required_result_tampered_state"):

        @toolbox.add(name, "Gives the client a state to carry.")
        async def carry_state(_: Context, params: Params, mine: str = name) -> Result:
            if params.request_state != mine or not params.input_responses:
                return _asks(mine, confirm=confirm)
            return text("state-ok")

    @toolbox.add("test_input_required_result_multi_round", "Asks twice.")
    async def two_rounds(_: Context, params: Params) -> Result:
        state = json.loads(params.request_state or "{}")
        name, color = _filled_in(params, "step1", "name"), _filled_in(params, "step2", "color")
        if state.get("round") == 2 and color is not None:
            return text(f"{state['name']} likes {color}.")
        if state.get("round") == 1 and name is not None:
            question = _form("Step 2: What is your favorite color?", _strings("color"))
            return _asks(json.dumps({"round": 2, "name": name}), step2=question)
        return _asks(json.dumps({"round": 1}), step1=_form("Step 1: What is your name?", _strings("name")))


def _add_many_question_tools(toolbox: Toolbox) -> None:
    @toolbox.add("test_input_required_result_multiple_inputs", "Asks person, model and client at once.")
    async def ask_all(_: Context, params: Params) -> Result:
        questions: dict[str, types.InputRequest] = {
            "user_name": _form("What is your name?", _strings("name")),
            "greeting": _sampling("Generate a greeting", 50),
            "client_roots": types.ListRootsRequest(),
        }
        if params.input_responses and questions.keys() <= params.input_responses.keys():
            return text("All inputs received.")
        return _asks("asked all", **questions)

    @toolbox.add("test_input_required_result_capabilities", "Asks only what the client can answer.")
    async def ask_the_able(context: Context, _: Params) -> Result:
        able = context.session.client_capabilities or types.ClientCapabilities()
        questions: dict[str, types.InputRequest] = {}
        if able.sampling is not None:
            questions["sample"] = _sampling("Say hello", 50)
        if able.elicitation is not None:
            questions["ask"] = _form("What is your name?", _strings("name"))
        return _asks("asked the able", **questions)
