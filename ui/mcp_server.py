"""MCP: the tools behind the official SDK's server, over stdio and over streamable HTTP. The SDK is imported when it is asked for."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import anyio
from anyio import Event, Lock, create_task_group, to_thread
from anyio.abc import TaskGroup
from pydantic import BaseModel, ValidationError
from starlette.types import Receive, Scope, Send

from assistant.types import AssistantError
from graph.types import GraphError
from ui.desk import DeskError
from ui.mcp_tools import Tool, Tools

if TYPE_CHECKING:
    from mcp.server import Server
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.types import CallToolResult

MISTAKES = (AssistantError, GraphError, DeskError)


def server_over(tools: Tools, about: dict[str, Any]) -> Server[Any]:
    """The SDK's server with our tools."""
    from mcp import MCPError, types
    from mcp.server import Server

    logging.getLogger("mcp").setLevel(logging.WARNING)  # below that it logs what was asked
    known = {tool.name: tool for tool in tools.all()}

    async def list_tools(ctx: object, params: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_listed(tool) for tool in known.values()])

    async def call_tool(ctx: object, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in known:
            raise MCPError(types.INVALID_PARAMS, f"there is no tool {params.name[:80]!r}; known: {', '.join(known)}")
        return await _called(known[params.name], params.arguments or {})

    return Server(
        "framegraph",
        title=str(about["title"]),
        version=version("framegraph"),
        instructions=f"{about['scope']} Every statement names its sources; cite them. Start with 'ask'.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _listed(tool: Tool) -> Any:
    from mcp import types

    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.purpose,
        input_schema=_schema(tool.takes),
        output_schema=_schema(tool.gives),
        annotations=types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False),
    )


async def _called(tool: Tool, arguments: dict[str, Any]) -> CallToolResult:
    """A mistake of the caller is a result that says so, for a model reads results and corrects itself."""
    from mcp import types

    try:
        text, result = await tool.call(tool.takes.model_validate(arguments))
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in error.errors(include_url=False)[:5])
        return types.CallToolResult(content=[types.TextContent(type="text", text=told)], is_error=True)
    except MISTAKES as error:
        return types.CallToolResult(content=[types.TextContent(type="text", text=str(error))], is_error=True)
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], structured_content=result.model_dump())


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON schema without the titles that pydantic derives from names."""
    schema: dict[str, Any] = model.model_json_schema()
    for part in _parts(schema):
        if isinstance(part.get("title"), str):
            del part["title"]
    return schema


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and those within it; the names of properties are no schemas."""
    yield schema
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            for part in value.values():
                yield from _parts(part)
        elif isinstance(value, dict):
            yield from _parts(value)
        elif isinstance(value, list):
            for part in value:
                if isinstance(part, dict):
                    yield from _parts(part)


def serve_stdio(tools: Tools, about: dict[str, Any]) -> None:
    """Serve one client on standard input and output until it hangs up. Whatever else is printed goes to standard error."""

    async def run() -> None:
        from mcp.server.stdio import stdio_server

        server = server_over(tools, about)
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(run)


class McpDoor:
    """The ASGI app at /mcp. Each request stands alone (no sessions), so that any copy of this server may answer it."""

    def __init__(self, tools: Tools, about: dict[str, Any]) -> None:
        self._tools, self._about = tools, about
        self._manager: StreamableHTTPSessionManager | None = None
        self._group: TaskGroup | None = None
        self._starting: Lock | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """While this is entered, requests are answered; the SDK is loaded by the first."""
        async with create_task_group() as group:
            self._group, self._starting = group, Lock()
            try:
                yield
            finally:
                group.cancel_scope.cancel()
                self._group = self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        manager = await self._ready()
        await manager.handle_request(scope, receive, send)

    async def _ready(self) -> StreamableHTTPSessionManager:
        if self._group is None or self._starting is None:
            raise RuntimeError("the door is not open; enter McpDoor.open() first")
        async with self._starting:
            if self._manager is None:
                manager = await to_thread.run_sync(self._made)
                await self._group.start(_kept_running, manager)
                self._manager = manager
        return self._manager

    def _made(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        # Host and Origin are checked for the whole app (ui.middleware)
        return StreamableHTTPSessionManager(server_over(self._tools, self._about), json_response=True, stateless=True)


async def _kept_running(manager: StreamableHTTPSessionManager, *, task_status: anyio.abc.TaskStatus[None]) -> None:
    async with manager.run():
        task_status.started()
        await Event().wait()  # until the app ends and cancels this
