"""Measured figures as plots: what grew as lines, what one test measured of several things as bars, all of it in a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from graph.measurements import Measurements
from graph.store import KnowledgeGraph
from graph.types import Iri, Source
from ui import figures
from ui.figures import Figure, Plot
from ui.labels import Labels

L = "http://lake.example/"
HEAD = """
@prefix : <http://lake.example/> . @prefix fg: <https://framegraph.example/engine#> . @prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix schema: <https://schema.org/> .
:mere skos:prefLabel "Mere" . :tarn skos:prefLabel "Tarn <b>" . :depth a sosa:ObservableProperty ; skos:prefLabel "depth" ; fg:rank 1 .
:visits a sosa:ObservableProperty ; skos:prefLabel "visitors" ; fg:rank 2 . :clear a sosa:ObservableProperty ; skos:prefLabel "clarity" .
:rope a sosa:Procedure ; skos:prefLabel "rope" ; dct:isPartOf :survey . :sonar a sosa:Procedure ; skos:prefLabel "sonar" .
:survey skos:prefLabel "Survey" . :gate a sosa:Procedure ; skos:prefLabel "gate" .
"""


def observed() -> Iterator[str]:
    told = [
        ("mere", "depth", 12.5, "rope", "2020-05-01"), ("tarn", "depth", 30, "rope", "2020-05-01"),
        ("mere", "depth", 13, "sonar", "2024-05-01"), ("tarn", "depth", 11, "sonar", "2024-05-01"),
        ("mere", "clear", 3, "sonar", "2024-05-01"),
        *(("mere", "visits", 1000 * n, "gate", f"202{n}-01-01") for n in range(4)), ("tarn", "visits", 500, "gate", "2023-01-01"),
    ]  # fmt: skip
    for n, (thing, quantity, value, test, day) in enumerate(told):
        yield f""":o{n} a sosa:Observation ; sosa:hasFeatureOfInterest :{thing} ; sosa:observedProperty :{quantity} ; schema:unitText "m" ;
            sosa:hasSimpleResult {value} ; sosa:usedProcedure :{test} ; sosa:resultTime "{day}" . """


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    file = tmp_path_factory.mktemp("lake") / "lake.ttl"
    file.write_text(HEAD + "".join(observed()), encoding="utf-8")
    return KnowledgeGraph.open(file)


def plots(lake: KnowledgeGraph, *things: str) -> tuple[Plot, ...]:
    return figures.read(Measurements(lake), Labels(lake), [Iri(L + t) for t in things])


def test_what_two_things_have_from_one_test_is_set_side_by_side(lake: KnowledgeGraph) -> None:
    """Test by test, in the order of the quantities; what was measured of one alone is not."""
    depth, visits = plots(lake, "mere", "tarn")
    assert (depth.quantity, depth.unit, depth.grown) == ("depth", "m", False)
    assert {how: [(f.thing, f.value) for f in found] for how, found in depth.by(lambda f: f.how).items()} == {
        "Survey, rope": [("Mere", 12.5), ("Tarn <b>", 30)],
        "sonar": [("Mere", 13), ("Tarn <b>", 11)],
    }
    assert (visits.quantity, visits.grown, len(visits.figures)) == ("visitors", True, 5)


def test_of_one_thing_only_what_grew_is_drawn(lake: KnowledgeGraph) -> None:
    """Figures that stand alone are no picture; a thing without any has none."""
    assert [p.quantity for p in plots(lake, "mere")] == ["visitors"]
    assert plots(lake, "tarn") == ()
    assert plots(lake, "nowhere") == ()


def test_a_bar_is_as_long_as_its_figure_within_its_test(lake: KnowledgeGraph) -> None:
    """Two tests have two scales, so that no figure is compared with one of another test."""
    html = figures.html(plots(lake, "mere", "tarn")[:1])
    wide = [float(w) for w in re.findall(r'<rect x="\d+" y="\d+" width="([\d.]+)"', html)]
    most = figures.WIDE - figures.NAMED - figures.FIGURED
    assert wide == pytest.approx([12.5 / 30 * most, most, most, 11 / 13 * most], abs=0.1)


def test_the_table_holds_every_figure_with_its_source(lake: KnowledgeGraph) -> None:
    """In the words of the graph, which stay text; the policy of the pages allows no style."""
    html = figures.html(plots(lake, "mere", "tarn"))
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th><td>(.*?)</td><td>(.*?)</td>", html)
    assert rows[:2] == [("Mere", "12.5", "2020-05-01"), ("Tarn &lt;b&gt;", "30", "2020-05-01")]
    assert len(rows) == 9
    assert html.count('role="img" aria-label=') == 2
    assert "<b>" not in html
    assert "style=" not in html


def test_publishers_take_turns() -> None:
    """What is drawn shows one test of each before a second of any; the table keeps the order."""

    def of(test: str, publisher: str) -> Figure:
        return Figure("Mere", 1, "2020", "", test, Source("p", "A document", publisher))

    html = figures.html([Plot("depth", "m", (of("a1", "A"), of("a2", "A"), of("b1", "B")), False)])
    assert re.findall(r'<text class="head"[^>]*>(\w+), 2020', html) == ["a1", "b1", "a2"]


@pytest.mark.parametrize(("value", "said"), [(12345.0, "12,345"), (1234.5, "1,234"), (0.8753, "0.875"), (3.0, "3"), (0.0, "0")])
def test_figures_are_written_for_people(value: float, said: str) -> None:
    """Thousands apart, three digits of what is small."""
    assert figures.number(value) == said


def test_labels_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    """Nor do they leave the picture, however near the last figures lie."""
    places = figures._apart(dict.fromkeys("abcde", float(figures.HIGH)))
    ordered = sorted(places.values())
    assert all(later - earlier >= 15 for earlier, later in pairwise(ordered))
    assert ordered[-1] <= figures.HIGH
