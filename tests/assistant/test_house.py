"""The house rules that a machine can check: no domain in code, small files and functions, one way of imports, narrow excepts."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import Assistant
from graph.schema import Schema

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("graph", "assistant", "ui")
MODULES = sorted(p for name in PACKAGES for p in (ROOT / name).rglob("*.py"))
# what the product itself is built with may be named
BUILT_WITH = {"gradio", "starlette", "fastapi", "pydantic", "pytest", "typer", "click", "httpx", "uvicorn"}
# names that are ordinary English words of code and prose first
ORDINARY = {"panel", "responder", "reflex", "behave", "arcade", "locust", "mercury", "invoke"}
HEAVY = {"torch", "sentence_transformers", "gradio", "pyshacl", "transformers", "onnxruntime"}
MAY_IMPORT = {"graph": {"graph"}, "assistant": {"graph", "assistant"}, "ui": {"graph", "assistant", "ui"}}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(module) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def imported(nodes: list[ast.stmt]) -> set[str]:
    """Top-level packages that these statements import."""
    found = {a.name.split(".")[0] for n in nodes if isinstance(n, ast.Import) for a in n.names}
    return found | {n.module.split(".")[0] for n in nodes if isinstance(n, ast.ImportFrom) and n.module and not n.level}


def without_docstrings(path: Path) -> str:
    """A module's text with its docstrings blanked: examples for readers may speak of the shipped data."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node) is not None:
            text = node.body[0]
            lines[text.lineno - 1 : text.end_lineno] = [""] * ((text.end_lineno or text.lineno) - text.lineno + 1)
    return "\n".join(lines)


def names_of_the_domain(me: Assistant) -> set[str]:
    """Labels and aliases of the things that the shipped graph is about, as single words of five letters or more."""
    focus = Schema.read(me.graph).focus
    assert focus is not None
    query = f"SELECT DISTINCT ?n {{ ?x a {focus.n3} . {{ ?x skos:prefLabel ?n }} UNION {{ ?x skos:altLabel ?n }} }}"
    labels = {row["n"].value.casefold() for row in me.graph.query(query)}
    return {n for n in labels if re.fullmatch(r"\w{5,}", n)} - BUILT_WITH - ORDINARY


def test_there_is_something_to_check() -> None:
    """The walk finds the packages."""
    assert {relative(p).split("/")[0].split("\\")[0] for p in MODULES} == set(PACKAGES)


def test_no_module_names_a_thing_of_the_domain(me: Assistant) -> None:
    """Code, comments and strings of the three packages hold no label of the graph's things: the domain lives in data/."""
    names = names_of_the_domain(me)
    assert len(names) >= 8
    pattern = re.compile(rf"(?<![A-Za-z])({'|'.join(sorted(map(re.escape, names)))})(?![A-Za-z])", re.IGNORECASE)
    found = [f"{relative(p)}: {m.group()}" for p in MODULES for m in pattern.finditer(without_docstrings(p))]
    assert found == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_short(path: Path) -> None:
    """One noun a file: at most 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_functions_are_short(path: Path) -> None:
    """No function is longer than 50 lines."""
    assert [f"{f.name}: {length(f)} lines" for f in functions(tree(path)) if length(f) > 50] == []


def test_most_functions_can_be_read_at_a_glance() -> None:
    """The median function has at most ten lines."""
    assert statistics.median(length(f) for p in MODULES for f in functions(tree(p))) <= 10


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_excepts_are_narrow(path: Path) -> None:
    """No handler catches everything."""
    handlers = [n for n in ast.walk(tree(path)) if isinstance(n, ast.ExceptHandler)]
    broad = {"Exception", "BaseException"}
    assert [h.lineno for h in handlers if h.type is None or {n.id for n in ast.walk(h.type) if isinstance(n, ast.Name)} & broad] == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_run_one_way(path: Path) -> None:
    """ui -> assistant -> graph, never back."""
    package = path.relative_to(ROOT).parts[0]
    statements = [n for n in ast.walk(tree(path)) if isinstance(n, ast.stmt)]
    assert imported(statements) & set(PACKAGES) <= MAY_IMPORT[package]


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_only_the_store_imports_the_engine_of_quads(path: Path) -> None:
    """pyoxigraph is known to one module."""
    statements = [n for n in ast.walk(tree(path)) if isinstance(n, ast.stmt)]
    assert "pyoxigraph" not in imported(statements) or relative(path).replace("\\", "/") == "graph/store.py"


def at_import(path: Path) -> list[ast.stmt]:
    """The statements that run when a module is imported."""
    body = tree(path).body
    return [*body, *(s for n in body if isinstance(n, ast.Try) for s in n.body)]


def modules_named(nodes: list[ast.stmt]) -> set[str]:
    """Full names of the modules of ours that these statements import."""
    plain = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
    named = [n for n in nodes if isinstance(n, ast.ImportFrom) and n.module]
    return plain | {str(n.module) for n in named} | {f"{n.module}.{a.name}" for n in named for a in n.names}


def test_heavy_imports_are_lazy() -> None:
    """A module that imports torch, gradio and the like is itself imported only inside functions."""
    heavy = {relative(p).removesuffix(".py").replace("/", ".") for p in MODULES if imported(at_import(p)) & HEAVY}
    assert heavy <= {"ui.window"}
    assert [relative(p) for p in MODULES if modules_named(at_import(p)) & heavy] == []


def test_importing_the_packages_is_light() -> None:
    """Importing the packages and the command line loads none of the heavy packages."""
    program = "import sys, graph, assistant, ui.cli\nprint(*sorted(set(sys.argv[1:]) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program, *sorted(HEAVY)], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_public_things_are_documented(path: Path) -> None:
    """Every module, and every public class of it, has a docstring."""
    module = tree(path)
    classes = [n for n in module.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")]
    assert ast.get_docstring(module)
    assert [c.name for c in classes if not ast.get_docstring(c)] == []


def test_no_text_names_a_place_of_one_machine() -> None:
    """No shipped text holds a path of the machine it was written on."""
    places = re.compile(r"(?<![\w.])/(?:wo" r"rk|ro" r"ot|ho" r"me)/\w")
    texts = [p for folder in (*PACKAGES, "data", "tests", "docs") for p in (ROOT / folder).rglob("*")]
    endings = {".py", ".md", ".ttl", ".trig", ".json", ".jsonl", ".toml", ".csv", ".css", ".js"}
    texts = [p for p in [*texts, *ROOT.glob("*")] if p.suffix in endings]
    assert [relative(p) for p in texts if p.is_file() and places.search(p.read_text(encoding="utf-8"))] == []
