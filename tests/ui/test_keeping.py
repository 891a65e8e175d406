"""/conversation gives what a permalink holds as a file, and says what is wrong where it cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ui.keeping import Keeper
from ui.permalinks import pack

CODE = pack([("What colour is the rose?", {}), ("Tell me everything", {"0:4": "http://garden.example/red"})], "abc")


@pytest.fixture
def client(assistant: Any) -> TestClient:
    return TestClient(Starlette(routes=Keeper(assistant).routes()))


@pytest.mark.parametrize(
    ("form", "kind", "begins"),
    [
        ("markdown", "text/markdown", "# Garden: a conversation"),
        ("html", "text/html", "<!doctype html>"),
        ("text", "text/plain", "Tell me"),
    ],
)
def test_it_is_given_as_a_file(client: TestClient, form: str, kind: str, begins: str) -> None:
    """In the form asked for, to be saved under a name."""
    given = client.get("/conversation", params={"talk": CODE, "as": form})
    assert given.status_code == 200
    assert given.headers["content-type"] == f"{kind}; charset=utf-8"
    assert given.headers["content-disposition"].startswith('attachment; filename="conversation.')
    assert given.text.startswith(begins)


def test_json_is_the_answer_that_the_link_leads_to(client: TestClient, assistant: Any) -> None:
    """Asked with its choices, after the questions before it."""
    given = client.get("/conversation", params={"talk": CODE, "as": "json"})
    assert json.loads(given.text) == json.loads(json.dumps(assistant.answer("Tell me everything").to_dict()))
    assert [(q, len(h), c) for q, h, c in assistant.asked[:2]] == [
        ("What colour is the rose?", 0, {}),
        ("Tell me everything", 1, {"0:4": "http://garden.example/red"}),
    ]


@pytest.mark.parametrize(
    ("params", "status", "said"),
    [
        ({"talk": CODE, "as": "pdf"}, 400, "none of markdown, html, json, text"),
        ({"talk": "nonsense"}, 400, "damaged"),
        ({}, 400, "damaged"),
        ({"talk": pack([("please fail", {})], "abc")}, 422, "ask about roses"),
    ],
)
def test_what_cannot_be_given_is_said(client: TestClient, params: dict[str, str], status: int, said: str) -> None:
    """In a line, with the status that fits."""
    refused = client.get("/conversation", params=params)
    assert refused.status_code == status
    assert said in refused.text
