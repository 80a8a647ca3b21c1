"""What the conformance server offers besides tools: resources, prompts, completion, log levels, subscriptions."""

import json
import re
from collections.abc import Mapping
from typing import Any

import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from upstream_tools import PIXEL_PNG

Context = ServerRequestContext[Any]

RESOURCE_NOT_FOUND = -32002
"""What the revisions before 2026-07-28 say of a resource that is not there."""

_TEMPLATE = "test://template/{id}/data"
_OF_TEMPLATE = re.compile(r"test://template/([^/]+)/data")
_RESOURCES = [
    types.Resource(uri="test://static-text", name="static-text", mime_type="text/plain", description="A text."),
    types.Resource(uri="test://static-binary", name="static-binary", mime_type="image/png", description="A picture."),
    types.Resource(uri="test://watched-resource", name="watched", mime_type="text/plain", description="May change."),
]
_ARGUMENTS = {
    "test_simple_prompt": [],
    "test_prompt_with_arguments": ["arg1", "arg2"],
    "test_prompt_with_embedded_resource": ["resourceUri"],
    "test_prompt_with_image": [],
    "test_input_required_result_prompt": [],
}
_CONTEXT_FORM = {"type": "object", "properties": {"context": {"type": "string"}}, "required": ["context"]}


async def _list_resources(_: Context, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
    return types.ListResourcesResult(resources=_RESOURCES)


async def _list_templates(_: Context, __: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
    template = types.ResourceTemplate(
        uri_template=_TEMPLATE, name="template", mime_type="application/json", description="One for every id."
    )
    return types.ListResourceTemplatesResult(resource_templates=[template])


async def _read_resource(context: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
    uri = params.uri
    if uri == "test://static-binary":
        picture = types.BlobResourceContents(uri=uri, mime_type="image/png", blob=PIXEL_PNG)
        return types.ReadResourceResult(contents=[picture])
    words = {
        "test://static-text": "This is the content of the static text resource.",
        "test://watched-resource": "Watched resource content",
    }.get(uri)
    mime_type = "text/plain"
    if found := _OF_TEMPLATE.fullmatch(uri):
        mime_type = "application/json"
        data = f"Data for ID: {found[1]}"
        words = json.dumps({"id": found[1], "templateTest": True, "data": data})
    if words is None:
        is_modern = context.protocol_version in MODERN_PROTOCOL_VERSIONS
        code = types.INVALID_PARAMS if is_modern else RESOURCE_NOT_FOUND
        raise MCPError(code, "Resource not found", {"uri": uri})
    return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri, mime_type=mime_type, text=words)])


async def _list_prompts(_: Context, __: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
    prompts = [
        types.Prompt(
            name=name,
            description=f"{name}.",
            arguments=[types.PromptArgument(name=argument, required=True) for argument in arguments],
        )
        for name, arguments in _ARGUMENTS.items()
    ]
    return types.ListPromptsResult(prompts=prompts)


def _says(*contents: types.ContentBlock) -> types.GetPromptResult:
    return types.GetPromptResult(messages=[types.PromptMessage(role="user", content=content) for content in contents])


def _words(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)


async def _get_prompt(
    _: Context, params: types.GetPromptRequestParams
) -> types.GetPromptResult | types.InputRequiredResult:
    given = params.arguments or {}
    if missing := [name for name in _ARGUMENTS.get(params.name, ["a known name"]) if name not in given]:
        raise MCPError(types.INVALID_PARAMS, f"The prompt {params.name} wants {' and '.join(missing)}")
    if params.name == "test_prompt_with_arguments":
        return _says(_words(f"Prompt with arguments: arg1='{given['arg1']}', arg2='{given['arg2']}'"))
    if params.name == "test_prompt_with_embedded_resource":
        resource = types.TextResourceContents(
            uri=given["resourceUri"], mime_type="text/plain", text="Embedded resource content for testing."
        )
        embedded = types.EmbeddedResource(type="resource", resource=resource)
        return _says(embedded, _words("Please process the embedded resource above."))
    if params.name == "test_prompt_with_image":
        image = types.ImageContent(type="image", data=PIXEL_PNG, mime_type="image/png")
        return _says(image, _words("Please analyze the image above."))
    if params.name == "test_input_required_result_prompt":
        return _prompt_after_asking(params.input_responses or {})
    return _says(_words("This is a simple prompt for testing."))


def _prompt_after_asking(responses: Mapping[str, Any]) -> types.GetPromptResult | types.InputRequiredResult:
    answer = responses.get("user_context")
    if isinstance(answer, types.ElicitResult) and answer.content:
        return _says(_words(f"Use the following context: {answer.content.get('context')}"))
    form = types.ElicitRequestFormParams(message="What context should the prompt use?", requested_schema=_CONTEXT_FORM)
    return types.InputRequiredResult(input_requests={"user_context": types.ElicitRequest(params=form)})


async def _complete(_: Context, params: types.CompleteRequestParams) -> types.CompleteResult:
    known = ["paris", "park", "party", "testValue1"]
    values = [value for value in known if value.startswith(params.argument.value)]
    return types.CompleteResult(completion=types.Completion(values=values, total=len(values), has_more=False))


async def _set_level(_: Context, __: types.SetLevelRequestParams) -> types.EmptyResult:
    return types.EmptyResult()


OFFERS: Mapping[str, Any] = {
    "on_list_resources": _list_resources,
    "on_list_resource_templates": _list_templates,
    "on_read_resource": _read_resource,
    "on_list_prompts": _list_prompts,
    "on_get_prompt": _get_prompt,
    "on_completion": _complete,
    "on_set_logging_level": _set_level,
}
"""The handlers, by the names under which a low-level server takes them."""


def add_subscription_methods(server: Server[Any]) -> None:
    """Add the older revisions' subscriptions to one resource; a read tells of no change, so nothing is kept."""

    async def accept(
        _: Context, __: types.SubscribeRequestParams | types.UnsubscribeRequestParams
    ) -> types.EmptyResult:
        return types.EmptyResult()

    server.add_request_handler("resources/subscribe", types.SubscribeRequestParams, accept)
    server.add_request_handler("resources/unsubscribe", types.UnsubscribeRequestParams, accept)
