"""A page a thing: all that is stated of it, each value with its source, gaps as gaps, and all of it text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from graph.build import ensure_built
from graph.store import KnowledgeGraph
from graph.types import EndpointError, Iri
from ui import pages
from ui.browse import Browser
from ui.catalogue import Catalogue
from ui.dossier import Dossier
from ui.facets import Facets, Wanted
from ui.reader import Reader
from ui.shell import POLICY

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ID, M = "https://framegraph.example/id/", "http://museum.example/"
MORE = """
src:gazette { id:claim-gear-slow a fg:Claim ; fg:about id:gear , id:cog ; fg:aspect id:aspect-use ; fg:says "Gear is slow."@en ;
        fg:disputes id:claim-gear-best .
    id:st-gear-cog a rdf:Statement ; rdf:subject id:gear ; rdf:predicate fg:hasCore ; rdf:object id:chime ; fg:holds false .
    id:st-note a rdf:Statement ; rdf:subject id:gear ; rdf:predicate o:maker ; rdf:object id:ada ; fg:note "with <b>help</b>" . }
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    import shutil

    folder = tmp_path_factory.mktemp("toy")
    data = Path(shutil.copytree(FIXTURES / "toy", folder / "data"))
    (file,) = (data / "facts").glob("*.trig")
    file.write_text(file.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    return Reader(KnowledgeGraph.open(ensure_built(data, folder / "cache")))


@pytest.fixture(scope="module")
def museum() -> Reader:
    return Reader(KnowledgeGraph.open(FIXTURES / "museum.ttl"))


@pytest.fixture(scope="module")
def gear(toy: Reader) -> Dossier:
    return toy.read(Iri(ID + "gear"))


@pytest.fixture(scope="module")
def html(gear: Dossier) -> str:
    return pages.thing_page("Clockwork", gear)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.replace("\u2060", "")).split())


# ---------------------------------------------------------------- what stands on it


def test_headline_properties_come_first_in_their_order(gear: Dossier) -> None:
    """Then the others, by name."""
    labels = [row.label for row in gear.rows]
    assert labels[:2] == ["maker", "colour"]
    assert labels[2:] == sorted(labels[2:], key=str.casefold)


def test_every_value_is_cited(gear: Dossier) -> None:
    """Each stated value, feature and saying has a number of the source list, and each source is used."""
    values = [v for row in gear.rows for v in row.values] + [f.stated for g in gear.groups for f in g.features]
    sayings = [s for a in gear.aspects for s in a.sayings]
    pointers = [t for p in gear.pointers for t in p.things]
    besides = [x for v in values for x in (*v.rivals, *v.qualifiers)]
    cited = {c for v in (*values, *sayings, *pointers, *besides) for c in v.cites}
    assert all(v.cites for v in (*values, *sayings, *pointers) if not getattr(v, "denied", False))
    assert cited == set(range(1, len(gear.sources) + 1))


def test_a_mark_leads_to_the_source_that_states_it(gear: Dossier, html: str) -> None:
    """With document, section, publisher, day and link."""
    (maker,) = [row for row in gear.rows if row.label == "maker"]
    (number,) = maker.values[0].cites
    assert gear.sources[number - 1].section == "Parts"
    assert f'href="#src-{number}"' in html
    (item,) = re.findall(rf'<li id="src-{number}".*?</li>', html)
    for part in ("Manual", "Parts", "Clockwork", '<time datetime="2026-11-20">', 'href="https://clockwork.example/manual#parts"'):
        assert part in item


def test_what_other_sources_state_is_shown_beside_it(html: str) -> None:
    """The value that lost stays, as that source's."""
    text = text_of(html)
    assert re.search(r"maker Ada \[\d+\] with &lt;b&gt;help&lt;/b&gt; \[\d+\]", text)
    assert re.search(r"According to The Gazette: Bob \[\d+\]", text)
    assert re.search(r"built in winding \[\d+\].*?According to The Gazette: not available \[\d+\]", text)


def test_a_feature_says_its_level_and_since_when(gear: Dossier) -> None:
    """A qualifier carries its own source."""
    (winding,) = [f for g in gear.groups for f in g.features if f.stated.value.text == "winding"]
    assert (winding.level, winding.rank) == ("built in", 4)
    assert ("since", "1.10") in [(q.label, q.value.text) for q in winding.stated.qualifiers]
    assert all(q.cites for q in winding.stated.qualifiers)


def test_what_is_said_not_to_hold_is_shown_as_no(html: str) -> None:
    """A denied statement is neither hidden nor mistaken for a fact."""
    assert '<span class="denied">no: ' in html


def test_claims_name_their_publisher_and_disputes_are_shown_both_ways(html: str) -> None:
    """A remark stands in plain words, a claim as that of its source."""
    text = text_of(html)
    assert "Gear keeps the time in railway stations. [" in text
    assert "According to The Gazette: Gear keeps" not in text
    assert re.search(r"Disputed: Claim: According to The Gazette: Gear is slow\.", text)
    assert re.search(r"It disputes: Claim: According to The Gazette: Gear is the best clock", text)
    assert "also about: Cog" in text


def test_what_is_computed_says_so_and_names_its_rule(gear: Dossier, html: str) -> None:
    """The rule, then the passages that it was computed from."""
    (version,) = [row.values[0] for row in gear.rows if row.label == "current version"]
    assert version.computed
    assert gear.sources[version.cites[0] - 1].computed
    assert '<span class="sr">Computed: </span>' in html


def test_gaps_are_shown_as_gaps(toy: Reader) -> None:
    """A thing of the class in focus shows the features and the properties of its class that nothing states of it."""
    cog = pages.thing_page("Clockwork", toy.read(Iri(ID + "cog")))
    assert re.search(r"Not stated: .*winding", text_of(cog))
    spring = toy.read(Iri(ID + "spring"))
    assert not any("winding" in gap.text for g in spring.groups for gap in g.gaps)


def test_a_missing_headline_property_is_not_stated(gear: Dossier) -> None:
    """The row stays, and says so in words."""
    from dataclasses import replace

    html = pages.thing_page("x", replace(gear, rows=(replace(gear.rows[0], values=()),)))
    assert '<dt>maker</dt><dd><span class="tone not-stated">not stated</span></dd>' in html


def test_what_points_here_is_said_in_words(toy: Reader) -> None:
    """By the sentence of the property, or by its name, with links and marks."""
    html = pages.thing_page("x", toy.read(Iri(ID + "spring")))
    assert 'id="pointers"' in html
    assert '<a href="/thing/gear">Gear</a>' in html


# ---------------------------------------------------------------- foreign graphs, hostile names


def test_a_graph_without_our_vocabulary_has_pages(museum: Reader) -> None:
    """Classes, properties and pointers by their labels; the file is the source; what half of a class has is expected of all."""
    d = museum.read(Iri(M + "ada-brandt"))
    html = pages.thing_page("Museum", d)
    assert (d.title, [c.text for c in d.classes], len(d.sources)) == ("Ada Brandt", ["artist"], 1)
    assert {row.label for row in d.rows} == {"year of birth", "nationality", "movement"}
    assert '<a href="/thing/harbour-school">Harbour School</a>' in html
    assert "museum.ttl" in html
    assert "artist: Ada Brandt 3" in text_of(html)
    assert 'id="features"' not in html
    assert 'id="remarks"' not in html


@pytest.mark.parametrize("name", ["museum", "toy"])
def test_every_thing_has_a_sound_page(name: str, request: pytest.FixtureRequest) -> None:
    """No thing of the catalogue fails; no mark leads nowhere; no id stands twice."""
    reader: Reader = request.getfixturevalue(name)
    for thing in reader.catalogue.by_iri.values():
        html = pages.thing_page("x", reader.read(thing.iri))
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert len(reader.catalogue.by_iri) > 4


EVIL = "</script><img src=x onerror=alert(1)>\"'"
HOSTILE = """
@prefix e: <http://evil.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:a a e:Kind ; rdfs:label LABEL ; e:p LABEL , <javascript:alert(1)> , <http://evil.example/x%22onload=1> , [] ; rdfs:comment LABEL .
e:p rdfs:label LABEL . e:Kind rdfs:label LABEL . e:b e:p e:a . <http://other.example/a> a e:Kind .
<http://evil.example/%22%3E?x=1> a e:Kind .
""".replace("LABEL", '"' + EVIL.replace('"', '\\"') + '"')


@pytest.fixture
def hostile(tmp_path: Path) -> Browser:
    (tmp_path / "evil.ttl").write_text(HOSTILE, encoding="utf-8")
    return Browser(KnowledgeGraph.open(tmp_path / "evil.ttl"), {"title": EVIL})


def test_all_data_stays_text(hostile: Browser) -> None:
    """Labels, comments, addresses and what was typed: none of it is markup, and no link runs a script."""
    lists = [hostile.index(), hostile.index(Wanted(EVIL)), hostile.index(Wanted(EVIL, EVIL, (EVIL,)))]
    made = [hostile.page("a")[1], hostile.page("a-2")[1], *lists, hostile.page(EVIL)[1]]
    for html in made:
        assert "<img" not in html
        assert 'href="javascript' not in html
        assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', html))
        assert "{{" not in html


def test_two_things_of_one_name_have_two_addresses(hostile: Browser) -> None:
    """The first by IRI keeps the bare name; every address leads back to its own thing."""
    catalogue = hostile.catalogue()
    assert catalogue.by_slug["a"].iri == Iri("http://evil.example/a")
    assert catalogue.by_slug["a-2"].iri == Iri("http://other.example/a")
    assert len(catalogue.by_slug) == len(catalogue.by_iri)


# ---------------------------------------------------------------- the index


def test_the_index_counts_by_class_with_the_focus_first(toy: Reader) -> None:
    """Nothing that describes the graph itself is listed."""
    shelves = [(s.title, len(s.things)) for s in toy.catalogue.shelves]
    assert shelves[0] == ("machine", 2)
    assert not {"class", "aspect", "remark", "claim"} & {title for title, _ in shelves}
    html = pages.things_page("Clockwork", Facets(toy.kg, toy.schema, toy.catalogue).narrow(Wanted()), Wanted())
    assert '<h2>machine</h2> <span class="count">2</span>' in html
    assert '<a href="/thing/gear">Gear</a>' in html


def test_the_form_finds_without_a_script(museum: Reader) -> None:
    """All words, whatever their case; nothing is an answer too."""
    found = museum.catalogue.matching("BRANDT ada")
    assert [t.label for s in found.shelves for t in s.things] == ["Ada Brandt"]
    browser = Browser(museum.kg, {"title": "x"})
    assert "1 thing for “ada b”" in text_of(browser.index(Wanted("ada b")))
    assert "0 things for “zzz”" in text_of(browser.index(Wanted("zzz")))
    assert "Nothing is left" in browser.index(Wanted("zzz"))


def test_a_wrong_name_is_answered_with_near_ones(museum: Reader) -> None:
    """By address or label; nothing near is said too."""
    assert museum.catalogue.nearest("ada-brant")[0].slug == "ada-brandt"
    assert museum.catalogue.nearest("\u4e00\u4e8c\u4e09") == []
    assert "Nothing here has a name like it" in pages.missing_page("x", "zzz", [])


def test_a_graph_that_is_too_large_is_cut_and_says_so(museum: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left out in silence."""
    monkeypatch.setattr("ui.catalogue.MOST", 5)
    cut = Catalogue.read(museum.kg, museum.schema, museum.labels)
    assert cut.cut
    for catalogue in (cut, museum.catalogue):
        html = pages.things_page("x", Facets(museum.kg, museum.schema, catalogue).narrow(Wanted()), Wanted())
        assert ("more things than are listed" in html) == catalogue.cut


# ---------------------------------------------------------------- the routes


@pytest.fixture(scope="module")
def client(museum: Reader) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=Browser(museum.kg, {"title": "Museum"}).routes())) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status"), [("/things", 200), ("/things?q=ada", 200), ("/thing/ada-brandt", 200), ("/thing/ada%2Fb", 404)]
)
def test_each_route_answers_with_its_policy(client: TestClient, path: str, status: int) -> None:
    """A page, with scripts and styles from files alone."""
    reply = client.get(path)
    assert reply.status_code == status
    assert reply.headers["content-security-policy"] == POLICY
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|<style", reply.text)


def test_a_missing_page_names_its_neighbours(client: TestClient) -> None:
    """With links to them."""
    reply = client.get("/thing/ada-brant")
    assert reply.status_code == 404
    assert '<a href="/thing/ada-brandt">Ada Brandt</a>' in reply.text


def test_an_iri_leads_to_its_page(client: TestClient) -> None:
    """Or to the page that says there is none."""
    reply = client.get("/thing", params={"iri": M + "ada-brandt"}, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, "/thing/ada-brandt")
    assert client.get("/thing", params={"iri": "no <iri>"}).status_code == 404


def test_a_graph_that_fails_is_told_in_words(museum: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endpoint that is gone makes no trace of an error."""
    browser = Browser(museum.kg, {"title": "Museum"})

    def fail(*_: Any) -> Any:
        raise EndpointError("http://127.0.0.1:1 <gone>")

    monkeypatch.setattr(browser, "catalogue", fail)
    made: list[Any] = []

    async def ask(read: Callable[..., Any]) -> None:
        made.append(await read(lambda: browser.index("")))

    anyio.run(ask, browser._read)
    assert made[0].status_code == 502
    assert b"&lt;gone&gt;" in made[0].body
