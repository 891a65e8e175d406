"""The statements behind an answer are drawn from left to right, and are text for those who do not see."""

from __future__ import annotations

import itertools
import re
from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from graph.types import Fact, Iri, Literal
from ui.labels import Names
from ui.picture import MOST, Drawing, layered, picture, placed

SVG = "{http://www.w3.org/2000/svg}"


def fact(s: str, p: str, o: str) -> Fact:
    return Fact(Iri(f"http://e/{s}"), Iri(f"http://e/{p}"), Iri(f"http://e/{o}"))


def test_a_statement_is_two_boxes_and_words_between(samples: Any) -> None:
    """Things are boxes that can be reached and pressed, named by what they do; properties and values cannot be pressed."""
    svg = ElementTree.fromstring(picture([samples.colour, samples.height], samples.names, 3))
    nodes = [g for g in svg.iter(f"{SVG}g") if "data-node" in g.attrib]
    assert [n.get("data-node") for n in nodes] == ["http://garden.example/rose", "http://garden.example/red"]
    assert [n.get("aria-label") for n in nodes] == ["Ask about Rose", "Ask about red"]
    assert all(n.get("tabindex") == "0" and n.get("role") == "button" for n in nodes)
    text = " ".join("".join(t.itertext()) for t in svg.iter(f"{SVG}text"))
    assert "colour" in text
    assert "stemheight" in text.replace(" ", "")
    assert "120" in text


def test_the_picture_is_named_and_told_in_words(samples: Any) -> None:
    """An image with a title and a description that holds every statement; ids carry the turn's number."""
    svg = ElementTree.fromstring(picture([samples.colour, samples.says], samples.names, 3))
    (image,) = [g for g in svg.iter(f"{SVG}g") if g.get("role") == "img"]
    assert image.get("aria-labelledby") == "pic-3-title"
    assert image.findtext(f"{SVG}title") == "2 statements behind the answer"
    assert image.findtext(f"{SVG}desc") == "Rose colour red. About Rose says Roses like clay.."
    assert not [g for g in image.iter(f"{SVG}g") if "tabindex" in g.attrib]


def test_what_has_no_name_of_its_own_is_not_asked_about(samples: Any) -> None:
    """A remark is drawn by what it is about, and pressing it would ask nothing sensible."""
    svg = picture([samples.says], samples.names)
    assert "About Rose" in svg
    assert "data-node" not in svg


def test_arrows_lead_to_the_right() -> None:
    """A chain is as many layers as it has links, and its boxes stand in their order."""
    drawing = Drawing()
    for f in (fact("a", "p", "b"), fact("b", "q", "c")):
        drawing.add(f, Names())
    layers = layered(drawing)
    assert [len(layer) for layer in layers] == [1, 1, 1, 1, 1]
    places = placed(layers, drawing)
    assert all(places[start][0] < places[end][0] for start, end in drawing.arrows)


def test_a_circle_is_drawn_too() -> None:
    """Statements that lead back to where they began do not go on for ever."""
    svg = picture([fact("a", "p", "b"), fact("b", "p", "a"), fact("a", "p", "a")], Names())
    assert svg.count('class="edge"') == 5  # a to p, p to b and to a; b to p, p to a


def test_many_statements_are_counted_and_the_first_are_drawn() -> None:
    """A picture stays legible; what is not drawn is said."""
    svg = picture([fact("a", "p", f"b{n}") for n in range(MOST + 5)], Names())
    assert svg.count("<rect") == MOST + 1
    assert "And 5 more." in svg
    assert f"{MOST + 5} statements" in svg


def test_nothing_is_drawn_for_nothing() -> None:
    """No statement, no picture; a repeated one is drawn once."""
    assert picture([], Names()) == ""
    assert picture([fact("a", "p", "b")] * 3, Names()).count("<rect") == 2


@given(st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)] * 3), min_size=1, max_size=6))
def test_any_text_gives_well_formed_svg_without_overlap(triples: list[tuple[str, str, str]]) -> None:
    """Labels of strangers stay text, and boxes of a column do not cover one another."""
    known = {f"http://e/{s}": s for s, _, _ in triples}
    facts = [Fact(Iri(f"http://e/{s}"), Iri(f"http://e/{p}"), Literal(o)) for s, p, o in triples]
    svg = ElementTree.fromstring(picture(facts, Names(known)))
    assert not [e for e in svg.iter() if e.tag not in {SVG + t for t in ("svg", "g", "title", "desc", "path", "rect", "text", "tspan")}]
    boxes = sorted((int(r.attrib["x"]), int(r.attrib["y"]), int(r.attrib["height"])) for r in svg.iter(f"{SVG}rect"))
    for (x1, y1, h1), (x2, y2, _) in itertools.pairwise(boxes):
        assert x1 != x2 or y1 + h1 < y2


def test_colours_come_from_the_page_and_stand_alone_too(samples: Any) -> None:
    """Each colour is a variable of the page with a fallback for a file of its own."""
    svg = picture([samples.colour], samples.names)
    assert re.findall(r"(?:fill|stroke):([^;\"]+)", svg)
    assert all(c.startswith("var(--pic-") and "," in c for c in re.findall(r"(?:fill|stroke):([^;\"]+)", svg))


def test_an_arrow_carries_the_sources_that_state_it(samples: Any) -> None:
    """Two statements that share a subject and a property share the first arrow, and their sources with it."""
    green = fact("rose", "colour", "green")
    red = fact("rose", "colour", "red")
    svg = ElementTree.fromstring(picture([red, green], samples.names, 1, {red: [2], green: [1, 3]}))
    assert [p.get("data-cites") for p in svg.iter(f"{SVG}path")] == ["1 2 3", "2", "1 3"]
    assert 'data-cites=""' in picture([red], samples.names)
