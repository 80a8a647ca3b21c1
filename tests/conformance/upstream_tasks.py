"""The conformance server's tasks: calls that go on as jobs, which the client asks after, answers and cancels.

Extension `io.modelcontextprotocol/tasks` of 2026-07-28. A job belongs to the process, not to a connection, so that any
later request finds it. `tools/call` starts one where the client has declared the extension.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import anyio
import mcp_types as types
from anyio.abc import TaskGroup
from mcp.server import Server
from mcp.shared.exceptions import MCPError
from mcp.shared.inbound import MCP_NAME_HEADER, decode_header_value
from upstream_tools import Context, Result, Toolbox, text

EXTENSION = "io.modelcontextprotocol/tasks"
LIFE_MS = 600_000
POLL_MS = 100

Params = types.CallToolRequestParams


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(slots=True)
class Job:
    """One task."""

    id: str = field(default_factory=lambda: secrets.token_hex(8))
    status: str = "working"
    created: str = field(default_factory=_now)
    updated: str = field(default_factory=_now)
    questions: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    answered: anyio.Event = field(default_factory=anyio.Event)

    def to(self, status: str, **outcome: Any) -> None:
        """Go into another status."""
        self.status, self.updated, self.outcome = status, _now(), outcome

    def described(self) -> dict[str, Any]:
        """The members that every description of a task has."""
        return {
            "taskId": self.id,
            "status": self.status,
            "createdAt": self.created,
            "lastUpdatedAt": self.updated,
            "ttlMs": LIFE_MS,
            "pollIntervalMs": POLL_MS,
        }

    async def ask(self, **questions: Any) -> dict[str, Any]:
        """Wait until the client has answered every question; return the answers."""
        self.questions = questions
        self.to("input_required")
        await self.answered.wait()
        self.to("working")
        return self.answers


Work = Callable[[Job], Awaitable[types.CallToolResult]]


class Jobs:
    """The jobs of a serving process; what `lifespan_context` holds."""

    def __init__(self, group: TaskGroup) -> None:
        self._group = group
        self._jobs: dict[str, Job] = {}

    def start(self, work: Work) -> dict[str, Any]:
        """Start a job; return the result of the call that asked for it."""
        job = Job()
        self._jobs[job.id] = job
        self._group.start_soon(self._run, job, work)
        return {"resultType": "task", **job.described()}

    async def _run(self, job: Job, work: Work) -> None:
        with job.scope:
            try:
                result = await work(job)
                job.to("completed", result=result.model_dump(by_alias=True, mode="json", exclude_none=True))
            except MCPError as fault:
                job.to("failed", error=fault.error.model_dump(exclude_none=True))
        if job.scope.cancelled_caught:
            job.to("cancelled")

    def find(self, job_id: str) -> Job:
        """The job of that id. Raises `MCPError`."""
        if job_id not in self._jobs:
            raise MCPError(types.INVALID_PARAMS, f"Unknown task: {job_id}")
        return self._jobs[job_id]


@asynccontextmanager
async def jobs_while_serving(_: Server[Any]) -> AsyncIterator[Jobs]:
    """Run jobs as long as the server serves."""
    async with anyio.create_task_group() as group:
        yield Jobs(group)
        group.cancel_scope.cancel()


# -- methods -----------------------------------------------------------------------------------------------------------


class TaskParams(types.RequestParams):
    """What every tasks method names."""

    task_id: str


class TaskUpdateParams(TaskParams):
    """What `tasks/update` brings."""

    input_responses: dict[str, Any]


def _declares_tasks(context: Context) -> bool:
    declared = context.session.client_capabilities
    return declared is not None and EXTENSION in (declared.extensions or {})


def _require_tasks(context: Context) -> None:
    if not _declares_tasks(context):
        needed: dict[str, Any] = {"requiredCapabilities": {"extensions": {EXTENSION: {}}}}
        raise MCPError(types.MISSING_REQUIRED_CLIENT_CAPABILITY, "This needs the tasks extension", needed)


def _job(context: Context, params: TaskParams) -> Job:
    """The job that a tasks method is about. Over HTTP its id also stands in a header, and both must agree."""
    _require_tasks(context)
    if context.request is not None:
        named = decode_header_value(context.request.headers.get(MCP_NAME_HEADER))
        if named != params.task_id:
            raise MCPError(types.HEADER_MISMATCH, "Mcp-Name is not the taskId of the body")
    jobs: Jobs = context.lifespan_context
    return jobs.find(params.task_id)


async def _get(context: Context, params: TaskParams) -> dict[str, Any]:
    job = _job(context, params)
    asked = {"inputRequests": job.questions} if job.status == "input_required" else {}
    return {"resultType": "complete", **job.described(), **asked, **job.outcome}


async def _update(context: Context, params: TaskUpdateParams) -> dict[str, Any]:
    job = _job(context, params)
    for question in params.input_responses.keys() & job.questions.keys():
        job.answers[question] = params.input_responses[question]
        del job.questions[question]
    if not job.questions:
        job.answered.set()
    return {"resultType": "complete"}


async def _cancel(context: Context, params: TaskParams) -> dict[str, Any]:
    _job(context, params).scope.cancel()
    return {"resultType": "complete"}


def add_task_methods(server: Server[Any]) -> None:
    """Add the methods, and say so among the capabilities."""
    server.add_request_handler("tasks/get", TaskParams, _get)
    server.add_request_handler("tasks/update", TaskUpdateParams, _update)
    server.add_request_handler("tasks/cancel", TaskParams, _cancel)
    server.extensions[EXTENSION] = {}


# -- tools -------------------------------------------------------------------------------------------------------------


def _form(message: str, field_name: str, kind: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {field_name: {"type": kind}}, "required": [field_name]}
    return {"method": "elicitation/create", "params": {"message": message, "requestedSchema": schema}}


def _strings_or_numbers(**kinds: str) -> Mapping[str, Any]:
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in kinds.items()}}


def add_task_tools(toolbox: Toolbox) -> None:
    """Add the tools whose calls may become tasks."""
    _add_silent_task_tools(toolbox)
    _add_asking_task_tools(toolbox)

    @toolbox.add("greet", "Greets, at once.", _strings_or_numbers(name="string"))
    async def greet(_: Context, params: Params) -> Result:
        return text(f"Hello, {(params.arguments or {}).get('name', 'stranger')}!")


def _add_silent_task_tools(toolbox: Toolbox) -> None:
    @toolbox.add("slow_compute", "Takes its time.", _strings_or_numbers(seconds="number", label="string"))
    async def slow_compute(context: Context, params: Params) -> Result:
        given = params.arguments or {}

        async def work(_: Job) -> types.CallToolResult:
            await anyio.sleep(float(given.get("seconds", 0)))
            return text(f"computed {given.get('label', '')}")

        if _declares_tasks(context):
            started: dict[str, Any] = context.lifespan_context.start(work)
            return started
        return await work(Job())

    async def fail(_: Job) -> types.CallToolResult:
        await anyio.sleep(0.2)
        return text("The job failed", is_error=True)

    async def break_down(_: Job) -> types.CallToolResult:
        raise MCPError(types.INTERNAL_ERROR, "The job broke down")

    _add_job(toolbox, "failing_job", "Fails as a task.", fail)
    _add_job(toolbox, "protocol_error_job", "Breaks down as a task.", break_down)


def _add_asking_task_tools(toolbox: Toolbox) -> None:
    async def confirm(job: Job) -> types.CallToolResult:
        answers = await job.ask(confirmation=_form("Really delete it?", "confirm", "boolean"))
        return text(f"confirmed: {answers['confirmation'].get('content')}")

    async def ask_two(job: Job) -> types.CallToolResult:
        name = _form("What is your name?", "name", "string")
        answers = await job.ask(name=name, confirmation=_form("Sure?", "confirm", "boolean"))
        return text(f"answered: {sorted(answers)}")

    _add_job(toolbox, "confirm_delete", "Asks before it ends.", confirm)
    _add_job(toolbox, "multi_input", "Asks two things at once.", ask_two)

    @toolbox.add("test_tool_with_task", "Asks first, then goes on as a task.")
    async def ask_then_work(context: Context, params: Params) -> Result:
        answer = (params.input_responses or {}).get("user_name")
        if not isinstance(answer, types.ElicitResult):
            form = _form("What is your name?", "name", "string")
            return {"resultType": "input_required", "inputRequests": {"user_name": form}}
        _require_tasks(context)
        name = (answer.content or {}).get("name")

        async def work(_: Job) -> types.CallToolResult:
            return text(f"worked for {name}")

        started: dict[str, Any] = context.lifespan_context.start(work)
        return started


def _add_job(toolbox: Toolbox, name: str, description: str, work: Work) -> None:
    """Add a tool that works as a task only."""

    @toolbox.add(name, description, _strings_or_numbers(filename="string"))
    async def start(context: Context, _: Params) -> Result:
        _require_tasks(context)
        started: dict[str, Any] = context.lifespan_context.start(work)
        return started
