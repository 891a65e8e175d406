"""A dump: every file reads back, counts what queries count, and comes out byte for byte the same."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, VOID

from graph import dump as files
from graph.build import assemble, write
from graph.dump import dump
from graph.store import KnowledgeGraph
from graph.types import GraphError

FIXTURES = Path(__file__).parent.parent / "fixtures"
HEAD = """@prefix d: <http://wood.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix dct: <http://purl.org/dc/terms/> .
"""


@pytest.fixture(params=["toy", "museum", "wood"])
def kg(request: pytest.FixtureRequest, tmp_path: Path) -> KnowledgeGraph:
    """Data with passages and a graph of facts; a file with one graph; a file with named graphs, blank nodes and links."""
    if request.param == "toy":
        write(assemble(FIXTURES / "toy"), tmp_path / "store")
        return KnowledgeGraph.open(tmp_path / "store")
    if request.param == "museum":
        return KnowledgeGraph.open(FIXTURES / "museum.ttl")
    path = tmp_path / "wood.trig"
    path.write_text(HEAD + """
        d:set a void:Dataset ; dct:title "Wood"@en ; dct:description "Trees."@en ; dct:license <https://licence.example/> .
        d:north { d:oak a d:Tree ; rdfs:label "Oak" ; d:leaf [ d:shape "lobed" ] ; owl:sameAs <http://other.example/oak> }
        d:south { d:oak a d:Tree ; d:leaf [ d:shape "lobed" ] . d:elm a d:Tree ; d:note "a | b, \\"c\\"" }
    """)  # fmt: skip
    return KnowledgeGraph.open(path)


def count(kg: KnowledgeGraph, pattern: str, what: str = "*") -> int:
    return int(kg.query(f"SELECT (COUNT({what}) AS ?n) {kg.wrap(pattern)}").rows[0]["n"].value)


def test_quads_read_back(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """rdflib finds as many quads in TriG and in N-Quads as the store holds."""
    dump(kg, tmp_path / "out")
    held = len(list(kg.backend.quads()))
    for name, format_ in ((files.TRIG, "trig"), (files.NQUADS, "nquads")):
        dataset = Dataset()
        dataset.parse(data=gzip.decompress((tmp_path / "out" / f"{name}.gz").read_bytes()), format=format_)
        assert len(set(dataset.quads())) == held


def test_the_same_graph_gives_the_same_bytes(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """All files, compressed ones too; of a file opened anew as well."""
    written = dump(kg, tmp_path / "one")
    again = KnowledgeGraph.open(kg.place)
    assert dump(again, tmp_path / "two") == written
    for name in written:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_void_counts_what_queries_count(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Triples, entities, classes and properties, of the facts and of their parts."""
    dump(kg, tmp_path / "out", endpoint="https://door.example/sparql")
    void = Graph().parse(tmp_path / "out" / files.VOID)
    (whole,) = [s for s in void.subjects(RDF.type, VOID.Dataset) if (s, VOID.dataDump, None) in void]
    facts = next(iter(s for s in void.objects(whole, VOID.subset) if (s, VOID.classPartition, None) in void), whole)
    distinct = "{ SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    assert void.value(facts, VOID.triples) == Literal(count(kg, distinct))
    assert void.value(facts, VOID.properties) == Literal(count(kg, "?s ?p ?o", "DISTINCT ?p"))
    assert void.value(facts, VOID.classes) == Literal(count(kg, "?s a ?c", "DISTINCT ?c"))
    assert void.value(facts, VOID.entities) == Literal(count(kg, "?s ?p ?o FILTER(isIRI(?s))", "DISTINCT ?s"))
    assert void.value(facts, VOID.distinctObjects) == Literal(count(kg, "?s ?p ?o", "DISTINCT ?o"))
    parts = list(void.objects(facts, VOID.classPartition))
    assert parts
    for part in parts:
        assert void.value(part, VOID.entities) == Literal(count(kg, f"?s a {void.value(part, VOID['class']).n3()}", "DISTINCT ?s"))
    for part in void.objects(facts, VOID.propertyPartition):
        used = void.value(part, VOID.property).n3()
        assert void.value(part, VOID.triples) == Literal(count(kg, f"{{ SELECT DISTINCT ?s ?o {{ ?s {used} ?o }} }}"))
    assert void.value(whole, VOID.sparqlEndpoint) == URIRef("https://door.example/sparql")


def test_void_says_where_and_what(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Dumps beside the description, vocabularies, examples that the graph knows."""
    dump(kg, tmp_path / "out")
    void = Graph().parse(data=(tmp_path / "out" / files.VOID).read_text(), publicID="http://here.example/data/void.ttl")
    whole = next(iter(void.subjects(VOID.dataDump, None)))
    assert {str(o) for o in void.objects(whole, VOID.dataDump)} == {f"http://here.example/data/{n}.gz" for n in (files.TRIG, files.NQUADS)}
    assert URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#") in set(void.objects(whole, VOID.vocabulary))
    examples = list(void.objects(whole, VOID.exampleResource))
    assert examples
    assert all(count(kg, f"{e.n3()} ?p ?o") for e in examples)
    assert (whole, VOID.sparqlEndpoint, None) not in void
    assert void.value(predicate=RDF.type, object=VOID.DatasetDescription) == URIRef("http://here.example/data/void.ttl")


def test_links_into_other_datasets_are_counted(tmp_path: Path) -> None:
    """By property and by the place where they lead."""
    path = tmp_path / "wood.ttl"
    linked = "d:oak a d:Tree ; owl:sameAs <http://other.example/oak> , d:quercus . d:elm owl:sameAs <http://other.example/elm> ."
    path.write_text(HEAD + linked)
    dump(KnowledgeGraph.open(path), tmp_path / "out")
    void = Graph().parse(tmp_path / "out" / files.VOID)
    (links,) = void.subjects(RDF.type, VOID.Linkset)
    assert void.value(links, VOID.triples) == Literal(2)
    assert str(void.value(void.value(links, VOID.objectsTarget), VOID.uriSpace)) == "http://other.example/"


def test_what_a_dataset_says_of_itself_is_told(tmp_path: Path) -> None:
    """Title, description, licence and makers; the day of the newest reading."""
    path = tmp_path / "wood.ttl"
    path.write_text(HEAD + 'd:set a void:Dataset ; dct:title "Wood"@en ; dct:description "Trees."@en ; dct:publisher "The ranger" ; '
                    'dct:license <https://licence.example/> ; dct:modified "2026-02-03" .')  # fmt: skip
    dump(KnowledgeGraph.open(path), tmp_path / "out", licence="Take it.\n")
    told = json.loads((tmp_path / "out" / files.DATASET).read_text())
    assert told["@context"] == "https://schema.org/"
    assert (told["@type"], told["@id"], told["name"], told["description"]) == ("Dataset", "http://wood.example/set", "Wood", "Trees.")
    assert (told["license"], told["creator"]["name"], told["dateModified"]) == ("https://licence.example/", "The ranger", "2026-02-03")
    void = Graph().parse(tmp_path / "out" / files.VOID)
    assert void.value(URIRef("http://wood.example/set"), DCTERMS.license) == URIRef("https://licence.example/")
    assert (tmp_path / "out" / files.LICENCE).read_text() == "Take it.\n"


def test_downloads_are_listed_with_their_sizes(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Each file that was written before the list, with its kind; uncompressed where that is wanted."""
    written = dump(kg, tmp_path / "out", compressed=False)
    told = json.loads((tmp_path / "out" / files.DATASET).read_text())
    listed = {d["contentUrl"]: d for d in told["distribution"]}
    assert set(listed) == set(written) - {files.DATASET}
    assert all(listed[n]["contentSize"] == f"{(tmp_path / 'out' / n).stat().st_size} B" for n in listed)
    assert listed[files.TRIG]["encodingFormat"] == "application/trig"


def test_every_table_reads_with_the_csv_module(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """A header of different names, rows of its length, and as many as the class has things."""
    written = dump(kg, tmp_path / "out")
    names = [n for n in written if n.startswith(files.TABLES)]
    assert names
    for name in names:
        with (tmp_path / "out" / name).open(newline="", encoding="utf-8") as file:
            head, *rows = csv.reader(file)
        assert head[:2] == ["IRI", "label"]
        assert len(set(head)) == len(head)
        assert rows
        assert {len(row) for row in rows} == {len(head)}
        assert len({row[0] for row in rows}) == len(rows)


def test_a_dump_replaces_an_older_one(tmp_path: Path) -> None:
    """File by file, and nothing unfinished stays."""
    kg = KnowledgeGraph.open(FIXTURES / "museum.ttl")
    written = dump(kg, tmp_path)
    dump(kg, tmp_path)
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == set(written)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The folder, and what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(GraphError, match=r"file.*cannot be written.*give a folder"):
        dump(KnowledgeGraph.open(FIXTURES / "museum.ttl"), tmp_path / "file")
