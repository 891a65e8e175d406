"""The official client lists and calls every tool, over streamable HTTP and over stdio, and gets structured, cited results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError, StdioServerParameters
from pydantic import BaseModel

from ui import mcp_tools
from ui.mcp_server import McpDoor

ROOT = Path(__file__).resolve().parents[2]
TOOLS = {
    "ask": mcp_tools.Answered, "recommend": mcp_tools.Recommended, "compare": mcp_tools.Compared, "sparql": mcp_tools.Solved,
    "describe": mcp_tools.Described,
}  # fmt: skip
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("ask", {"question": "What is the height of Blue Kite?"}),
    ("ask", {"question": "and of Desert Letter?", "after": ["What is the height of Blue Kite?"]}),
    ("recommend", {"require": ["oil painting"]}),
    ("compare", {"names": ["Blue Kite", "Desert Letter"]}),
    ("sparql", {"query": "SELECT ?s { ?s a <http://museum.example/Work> }", "limit": 2}),
    ("sparql", {"query": "ASK { <http://museum.example/blue-kite> ?p ?o }"}),
    ("sparql", {"query": "CONSTRUCT WHERE { <http://museum.example/blue-kite> a ?c }"}),
    ("describe", {"name": "Blue Kite"}),
]
MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("ask", {}, "question: Field required"),
    ("ask", {"question": 5}, "question"),
    ("ask", {"question": "x" * 2001}, "2000"),
    ("ask", {"question": "x", "frobnicate": 1}, "frobnicate"),
    ("recommend", {"needs": ["zorblax"]}, "zorblax"),
    ("compare", {"names": ["Blue Kite"]}, "names"),
    ("sparql", {"query": "DROP ALL"}, "only reads"),
    ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, "SERVICE"),
    ("sparql", {"query": "SELECT {"}, "line 1"),
    ("describe", {"name": "zorblax"}, "nothing is called"),
]


async def _talk(client: Client) -> None:
    """Everything that the tests want of one connection."""
    listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert list(listed) == list(TOOLS)
    for tool in listed.values():
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
    for name, arguments in CALLS:
        result = await client.call_tool(name, arguments)  # the client holds what comes against the tool's own schema
        assert not result.is_error, result.content
        TOOLS[name].model_validate(result.structured_content)
    for name, arguments, told in MISTAKES:
        result = await client.call_tool(name, arguments)
        assert result.is_error
        assert told in result.content[0].text  # type: ignore[union-attr]  # mistakes are told as text
        assert "Traceback" not in result.content[0].text  # type: ignore[union-attr]  # the same
    with pytest.raises(MCPError, match="there is no tool 'frobnicate'; known: ask"):
        await client.call_tool("frobnicate", {})


async def _once(server: Any, talk: Callable[[Client], Any], **how: Any) -> Any:
    async with Client(server, **how) as client:
        return await talk(client)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_over_http(served: str, mode: str) -> None:
    """By the present protocol and by the handshake of those before."""
    anyio.run(lambda: _once(f"{served}/mcp", _talk, mode=mode))


def test_the_tools_over_stdio() -> None:
    """``framegraph mcp``, started by the client as assistants do."""
    command = ["-m", "ui.cli", "mcp", "--graph", str(ROOT / "tests" / "fixtures" / "museum.ttl")]
    server = StdioServerParameters(command=sys.executable, args=command, cwd=ROOT, env=dict(os.environ))
    anyio.run(lambda: _once(server, _talk))


async def _results(client: Client) -> dict[str, Any]:
    called = [(name, (await client.call_tool(name, arguments))) for name, arguments in CALLS]
    return {f"{name} {n}": result for n, (name, result) in enumerate(called)}


def test_results_are_data_and_text_with_sources(served: str) -> None:
    """The text ends with its sources; the data name them by number, and every number has its source."""
    results = anyio.run(lambda: _once(f"{served}/mcp", _results))
    data = {name: result.structured_content for name, result in results.items()}
    assert "Sources:" in results["ask 0"].content[0].text
    for name in ("ask 0", "ask 1", "recommend 2", "compare 3", "describe 7"):
        numbers = {source["number"] for source in data[name]["sources"]}
        assert numbers, name
        lines = [line for part in ("facts", "features", "remarks") for line in data[name].get(part, ())]
        assert {n for line in lines for n in line["sources"]} <= numbers
    assert data["ask 0"]["text"] != data["ask 1"]["text"]
    assert not data["ask 1"]["abstained"]
    assert data["sparql 4"]["columns"] == ["s"]
    assert len(data["sparql 4"]["rows"]) == 2
    assert data["sparql 4"]["more"] is True
    assert data["sparql 5"]["boolean"] is True
    assert "museum.example/Work" in data["sparql 6"]["turtle"]
    assert data["describe 7"]["name"] == "Blue Kite"


def test_schemas_are_small_and_described(served: str) -> None:
    """A model reads them all before it asks anything: each argument says what it is, and all tools fit in two thousand words."""

    async def listed(client: Client) -> list[Any]:
        return (await client.list_tools()).tools

    tools = anyio.run(lambda: _once(f"{served}/mcp", listed))
    for tool in tools:
        assert all(p.get("description") for p in tool.input_schema["properties"].values()), tool.name
        assert tool.input_schema["type"] == tool.output_schema["type"] == "object"
    assert len(json.dumps([t.model_dump(exclude_none=True) for t in tools])) < 12_000


def test_every_tool_has_models_for_what_it_takes_and_gives() -> None:
    """Unknown fields are refused on both sides."""
    assert all(issubclass(model, BaseModel) and model.model_config["extra"] == "forbid" for model in TOOLS.values())


def test_a_closed_door_says_so() -> None:
    """It answers only while the app runs."""
    door = McpDoor(None, {})  # type: ignore[arg-type]  # it is never opened
    with pytest.raises(RuntimeError, match="not open"):
        anyio.run(lambda: door({"type": "http"}, None, None))  # type: ignore[arg-type]  # nor asked


def test_the_sdk_is_loaded_when_it_is_asked_for() -> None:
    """The app and the command line start without it."""
    program = "import sys, ui.cli, ui.app, ui.mcp_server, ui.mcp_tools\nprint('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT).stdout == "False\n"
