"""The files to take away, as a server gives them: listed, streamed, known by their ETag, packed for who takes gzip."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import VOID
from starlette.applications import Starlette
from starlette.testclient import TestClient

from graph.store import KnowledgeGraph
from ui import downloads, pages
from ui.downloads import Downloads

MUSEUM = Path(__file__).parent.parent / "fixtures" / "museum.ttl"
PLAIN, PACKED = {"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"}


def client_over(kg: KnowledgeGraph) -> TestClient:
    return TestClient(Starlette(routes=Downloads(kg, {"title": "A <museum>"}).routes()), base_url="http://here.example")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Over the museum; the dump is made once, by a process of its own."""
    with pytest.MonkeyPatch.context() as patch, client_over(KnowledgeGraph.open(MUSEUM)) as opened:
        patch.setenv("FRAMEGRAPH_CACHE", str(tmp_path_factory.mktemp("cache")))
        opened.get("/data/void.ttl")
        yield opened


def test_the_page_lists_every_file_with_its_size(client: TestClient) -> None:
    """Each link leads to a file; names of the data are escaped; /data leads to /data/."""
    page = client.get("/data").text
    assert "A &lt;museum&gt;" in page
    for name in ("data.trig.gz", "data.nq.gz", "void.ttl", "dataset.jsonld", "tables/artist.csv"):
        assert f'href="/data/{name}"' in page
        assert client.get(f"/data/{name}").status_code == 200
    assert "void.ttl.gz" not in page
    assert " kB</td>" in page


def test_the_page_describes_the_dataset_to_search_engines(client: TestClient) -> None:
    """What stands in the file stands in the page too, where they look; no text of the data ends the block."""
    page = client.get("/data/").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(block) == client.get("/data/dataset.jsonld").json()
    assert "\\u003c/script>" in pages.data_page("t", "1", [], '{"name": "</script>"}')


def test_who_comes_while_they_are_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, by a page that looks again; the files are written once all the same."""
    monkeypatch.setenv("FRAMEGRAPH_CACHE", str(tmp_path))
    monkeypatch.setattr(downloads, "PATIENCE", 0.0)
    with client_over(KnowledgeGraph.open(MUSEUM)) as client:
        first = client.get("/data/")
        assert (first.status_code, first.headers["refresh"]) == (202, "5")
        assert "being written" in first.text
        assert client.get("/data/void.ttl").status_code == 200
        monkeypatch.setattr(downloads, "PATIENCE", 60.0)
        assert "data.trig.gz" in client.get("/data/").text
    assert len(list(tmp_path.glob("*/dump-*"))) == 1


@pytest.mark.parametrize(("name", "format_"), [("data.trig.gz", "trig"), ("data.nq.gz", "nquads")])
def test_quads_come_as_a_packed_file(client: TestClient, name: str, format_: str) -> None:
    """Not packed a second time for the way, so that what is saved is what was listed."""
    reply = client.get(f"/data/{name}", headers=PACKED)
    assert reply.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in reply.headers
    dataset = Dataset()
    dataset.parse(data=gzip.decompress(reply.content), format=format_)
    assert len(dataset) == 374


def test_the_description_is_turtle_that_leads_to_the_files(client: TestClient) -> None:
    """/.well-known/void redirects to it, and addresses in it are seen from there."""
    reply = client.get("/.well-known/void", follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (302, "/data/void.ttl")
    reply = client.get("/.well-known/void")
    assert reply.headers["content-type"] == "text/turtle; charset=utf-8"
    void = Graph().parse(data=reply.text, publicID=str(reply.url))
    assert set(void.objects(None, VOID.dataDump)) == {URIRef(f"http://here.example/data/data.{e}.gz") for e in ("trig", "nq")}
    assert set(void.objects(None, VOID.sparqlEndpoint)) == {URIRef("http://here.example/sparql")}


def test_the_dataset_of_search_engines_is_json(client: TestClient) -> None:
    """Each file that it lists is there, of the size that it says."""
    reply = client.get("/data/dataset.jsonld")
    assert reply.headers["content-type"] == "application/ld+json"
    for download in json.loads(reply.text)["distribution"]:
        if "contentSize" in download:
            body = client.get(f"/data/{download['contentUrl']}", headers=PLAIN).content
            assert download["contentSize"] == f"{len(body)} B"


def test_a_table_is_csv(client: TestClient) -> None:
    """With its columns, in UTF-8."""
    reply = client.get("/data/tables/artist.csv")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(reply.text))
    assert head[:3] == ["IRI", "label", "movement"]
    assert len(rows) == 8


def test_who_takes_gzip_gets_it(client: TestClient) -> None:
    """The same text, in fewer bytes, with a tag of its own."""
    plain, packed = client.get("/data/void.ttl", headers=PLAIN), client.get("/data/void.ttl", headers=PACKED)
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(("sent", "asked"), [("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")])
def test_what_one_has_is_not_sent_again(client: TestClient, sent: str, asked: str) -> None:
    """By its tag, or by its day."""
    first = client.get("/data/data.nq.gz")
    reply = client.get("/data/data.nq.gz", headers={asked: first.headers[sent]})
    assert (reply.status_code, reply.content) == (304, b"")


def test_a_part_and_the_headers_alone(client: TestClient) -> None:
    """A download that broke off goes on; HEAD has no body."""
    whole = client.get("/data/data.nq.gz", headers=PLAIN).content
    part = client.get("/data/data.nq.gz", headers={**PLAIN, "Range": "bytes=100-"})
    assert (part.status_code, part.content) == (206, whole[100:])
    head = client.head("/data/data.nq.gz", headers=PLAIN)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(whole)))


@pytest.mark.parametrize("name", ["nothing.ttl", "tables", "../store/CURRENT", "%2e%2e/%2e%2e/secret", "tables/..%2f..%2fx"])
def test_what_is_not_there(client: TestClient, name: str) -> None:
    """Nor anything outside the folder."""
    reply = client.get(f"/data/{name}")
    assert reply.status_code == 404


def test_a_graph_elsewhere_is_not_dumped() -> None:
    """Its own server is the place to ask."""
    kg = KnowledgeGraph.open(MUSEUM)
    kg.backend = object()  # type: ignore[assignment]  # anything that is not held here
    with client_over(kg) as client:
        assert client.get("/data/").status_code == 503
        assert "ask there" in client.get("/data/void.ttl").text


def test_a_file_that_changed_is_not_dumped_as_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server answers from what it opened; another graph under its version would be a lie."""
    monkeypatch.setenv("FRAMEGRAPH_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "rose.ttl"
    path.write_text("<http://a.example/rose> a <http://a.example/Plant> .")
    kg = KnowledgeGraph.open(path)
    path.write_text("<http://a.example/oak> a <http://a.example/Plant> .")
    with client_over(kg) as client:
        assert "start the server again" in client.get("/data/void.ttl").text
        assert list((tmp_path / "cache").glob("*/*")) == []
