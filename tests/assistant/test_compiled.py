"""What is compiled once: read back as it was, belonging to one content of one graph, and made anew where it cannot be read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.compiled import KEPT, NOTHING_KEPT, Compiled
from assistant.lexicon import Lexicon
from assistant.needs import Needs
from assistant.remarks import Remark, read
from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.schema import Schema
from graph.types import Blank, Iri, Literal, Term

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
LAMP, WICK = Iri("http://x/lamp"), Iri("http://x/wick")


@dataclass(frozen=True, slots=True)
class Part:
    """A record with a field of each sort."""

    iri: Iri
    names: tuple[str, ...] = ()
    weight: float | None = None
    holds: bool | None = None
    said: Literal = field(default=Literal("", language="en"))
    pair: tuple[str, int] = ("", 0)
    beside: frozenset[Iri] = frozenset()
    value: Term = LAMP
    look: Callable[[str], str] = str.upper


FIVE = Literal("5", "http://x/int")
FULL = Part(LAMP, ("lamp", "Lampe \ud800 ☼"), 0.1 + 0.2, False, FIVE, ("a", 3), frozenset({LAMP, WICK}), Literal("w"))


def refused() -> object:
    raise AssertionError("compiled anew though it is kept")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Part, FULL),
        (Part, Part(WICK)),
        (dict[Iri, tuple[Part, ...]], {WICK: (FULL,), LAMP: ()}),
        (dict[tuple[str, ...], list[float]], {("b", "a"): [1.5], (): []}),
        (tuple[str, ...], ()),
        (tuple[Iri | None, ...], (None, LAMP)),
    ],
)
def test_a_value_is_read_as_it_was_made(kind: object, value: object, tmp_path: Path) -> None:
    """Of the same types, dictionaries in their order, figures to the last digit; functions are left to their default."""
    kept = Compiled(tmp_path / "c")
    assert kept.value("x", kind, lambda: value) == value
    again = kept.value("x", kind, refused)
    assert again == value
    assert type(again) is type(value)
    if isinstance(value, dict):
        assert list(again) == list(value)  # type: ignore[call-overload]  # it is a dictionary, too


def test_equal_iris_are_one_object(tmp_path: Path) -> None:
    """Thousands of them are the same few."""
    kept = Compiled(tmp_path / "c")
    kept.value("x", tuple[Iri, ...], lambda: (Iri("http://x/a"), Iri("http://x/a")))
    one, two = kept.value("x", tuple[Iri, ...], lambda: ())
    assert one is two


@pytest.mark.parametrize("body", [b"", b"[", b"{}", b"[[1, 2]]", b"\xff", b'[["http://x/lamp"]]', b"null"])
def test_a_broken_file_is_made_anew(body: bytes, tmp_path: Path) -> None:
    """Whatever stands there."""
    kept = Compiled(tmp_path / "c")
    kept.value("x", tuple[Part, ...], lambda: (FULL,))
    (file,) = (tmp_path / "c").iterdir()
    file.write_bytes(body)
    assert kept.value("x", tuple[Part, ...], lambda: (FULL,)) == (FULL,)
    assert kept.value("x", tuple[Part, ...], lambda: ()) == (FULL,)


def test_what_cannot_be_kept_is_compiled_each_time(tmp_path: Path) -> None:
    """A blank node among IRIs has another name in the next process."""
    kept = Compiled(tmp_path / "c")
    odd = (Blank("b1"),)
    assert kept.value("x", tuple[Iri, ...], lambda: odd) == odd
    assert kept.value("x", tuple[Iri, ...], lambda: (LAMP,)) == (LAMP,)


def test_a_place_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    """The value is there all the same."""
    (tmp_path / "file").write_text("in the way")
    assert Compiled(tmp_path / "file" / "c").value("x", tuple[str, ...], lambda: ("a",)) == ("a",)
    assert NOTHING_KEPT.value("x", tuple[str, ...], lambda: ("b",)) == ("b",)


def test_old_folders_go(tmp_path: Path) -> None:
    """So many stay as are kept, and the newest is among them."""
    for n in range(KEPT + 3):
        Compiled(tmp_path / f"compiled-{n}").value("x", tuple[str, ...], lambda: ("a",))
    left = {p.name for p in tmp_path.iterdir()}
    assert len(left) == KEPT
    assert f"compiled-{KEPT + 2}" in left


def test_a_folder_belongs_to_one_content_of_one_graph(tmp_path: Path) -> None:
    """Another content, another place (relative IRIs), other facts: another folder. An endpoint has none."""
    first, second = (Path(shutil.copy(FIXTURES / "museum.ttl", tmp_path / name)) for name in ("a.ttl", "b.ttl"))

    def folder(kg: KnowledgeGraph) -> Path | None:
        return Compiled.of(kg, tmp_path).folder

    kg = KnowledgeGraph.open(first)
    found = {folder(kg), folder(KnowledgeGraph.open(second)), folder(KnowledgeGraph.open(first, facts_graph="union"))}
    first.write_text(first.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert len({*found, folder(KnowledgeGraph.open(first))}) == 4
    assert None not in found
    assert folder(kg) == folder(kg)
    remote = KnowledgeGraph(None, "default", name="http://127.0.0.1:1/sparql", version="x")  # type: ignore[arg-type]  # never asked
    assert folder(remote) is None
    assert Compiled.of(kg, None).folder is None


def test_schema_names_needs_and_remarks_are_read_as_they_were_compiled(toy_data: Path, tmp_path: Path) -> None:
    """All that the engine compiles from a graph can be kept, field by field."""
    kg = KnowledgeGraph.open(ensure_built(toy_data, tmp_path / "cache"))
    kept = Compiled.of(kg, tmp_path)
    schema = Schema.read(kg)
    lexicon = replace(Lexicon.compile(kg, schema), look_up=str)  # functions are never equal
    values = ((Schema, schema), (Lexicon, lexicon), (tuple[Remark, ...], read(kg)), (Needs, Needs.read(kg)))
    for n, (kind, value) in enumerate(values):
        kept.value(str(n), kind, lambda v=value: v)  # type: ignore[misc]  # of each its own type
        again = kept.value(str(n), kind, refused)
        assert (replace(again, look_up=str) if isinstance(again, Lexicon) else again) == value


def test_an_assistant_that_reads_what_was_compiled_answers_the_same(museum: Assistant, tmp_path: Path) -> None:
    """Byte for byte; and it reads: a changed label in what is kept is told."""
    place = FIXTURES / "museum.ttl"
    questions = ("Who painted The Harbour at Dusk?", "Which works are etchings?", "How many works are in the East Wing?")
    first, second = (Assistant(KnowledgeGraph.open(place), museum.encoder, tmp_path) for _ in range(2))
    for question in questions:
        assert first.answer(question).to_dict() == second.answer(question).to_dict() == museum.answer(question).to_dict()
    (file,) = tmp_path.glob("compiled-*/lexicon.json")
    file.write_text(json.dumps(json.loads(file.read_text()), ensure_ascii=True).replace("Ada Brandt", "Ida Brandt"))
    assert Assistant(KnowledgeGraph.open(place), museum.encoder, tmp_path).answer(questions[0]).names == ["Ida Brandt"]
