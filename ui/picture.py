"""The statements behind an answer as a picture: inline SVG, layered from left to right, subject -> property -> object.

Colours come from CSS variables with fallbacks, so that the same picture stands in a light page, a dark page or a file.
The picture is also text: a title, a description with every statement in words, and a name for each node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from textwrap import wrap

import networkx as nx

from graph.types import Fact, Iri, Term
from ui.labels import Names

MOST = 24  # statements that are drawn; more are counted
# Pixels: a line of text, space in and between boxes; the width of a thing and of the words between two things. Three
# columns fill a panel of 420.
LINE, PAD, GAP_X, GAP_Y = 16, 8, 16, 10
WIDE, NARROW = 140, 92
LINES = 4  # of a box
LETTER = 7.4  # pixels that a letter takes, on average
SWEEPS = 4  # passes that sort each layer by its neighbours


@dataclass(frozen=True, slots=True)
class Box:
    """A node to draw: a thing (``iri`` or literal) or a property between things."""

    key: str
    text: str
    between: bool
    iri: str = ""

    @property
    def width(self) -> int:
        return NARROW if self.between else WIDE

    @property
    def lines(self) -> list[str]:
        letters = int((self.width - (0 if self.between else 2 * PAD)) / LETTER)
        found = wrap(self.text, letters, break_long_words=True) or [""]
        return found if len(found) <= LINES else [*found[: LINES - 1], found[LINES - 1][: letters - 1] + "…"]

    @property
    def height(self) -> int:
        return len(self.lines) * LINE + 2 * PAD


@dataclass
class Drawing:
    """Boxes in layers, and the arrows between them."""

    boxes: dict[str, Box] = field(default_factory=dict)
    arrows: dict[tuple[str, str], set[int]] = field(default_factory=dict)  # with the numbers of the sources that state it

    def add(self, fact: Fact, names: Names, cites: Iterable[int] = ()) -> None:
        subject, between, object_ = names.fact(fact)
        start, end = _key(fact.subject), _key(fact.object)
        middle = f"{start}\n{fact.predicate.value}"
        self.boxes.setdefault(start, Box(start, subject, False, _iri(fact.subject, names)))
        self.boxes.setdefault(middle, Box(middle, between, True))
        self.boxes.setdefault(end, Box(end, object_, False, _iri(fact.object, names)))
        for arrow in ((start, middle), (middle, end)):
            self.arrows.setdefault(arrow, set()).update(cites)


def _key(term: Term) -> str:
    return f"{type(term).__name__} {term.value}"


def _iri(term: Term, names: Names) -> str:
    """The IRI of what can be asked about: a thing with a label of its own."""
    return term.value if isinstance(term, Iri) and term.value in names.known else ""


def picture(facts: Iterable[Fact], names: Names, number: int = 1, cites: Mapping[Fact, Sequence[int]] | None = None) -> str:
    """The SVG of these facts, '' for none. ``number`` keeps the ids of several pictures on a page apart.

    ``cites``: the numbers of the sources that state a fact; its arrows carry them in ``data-cites``.
    """
    wanted = list(dict.fromkeys(facts))
    if not wanted:
        return ""
    drawing = Drawing()
    for fact in wanted[:MOST]:
        drawing.add(fact, names, (cites or {}).get(fact, ()))
    layers = layered(drawing)
    places = placed(layers, drawing)
    return _svg(drawing, places, wanted, names, number)


def layered(drawing: Drawing) -> list[list[str]]:
    """The boxes in layers: each arrow leads to a later layer, save those that close a circle."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(drawing.boxes)
    for arrow in drawing.arrows:
        graph.add_edge(*arrow)
        if not nx.is_directed_acyclic_graph(graph):
            graph.remove_edge(*arrow)
    depth: dict[str, int] = {}
    for key in nx.lexicographical_topological_sort(graph):
        depth[key] = max((depth[p] + 1 for p in graph.predecessors(key)), default=0)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for key in drawing.boxes:  # the order of the facts, which is the order of the answer
        layers[depth[key]].append(key)
    return _sorted_by_neighbours(layers, graph)


def _sorted_by_neighbours(layers: list[list[str]], graph: nx.DiGraph[str]) -> list[list[str]]:
    """Each layer in the order of the mean place of its neighbours in the layers before (Sugiyama's barycentres)."""
    for _ in range(SWEEPS):
        place = {key: i / max(len(layer) - 1, 1) for layer in layers for i, key in enumerate(layer)}
        for layer in layers[1:]:
            means = {key: _mean([place[p] for p in graph.predecessors(key)], place[key]) for key in layer}
            layer.sort(key=lambda key: means[key])
    return layers


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def placed(layers: list[list[str]], drawing: Drawing) -> dict[str, tuple[int, int]]:
    """The left upper corner of each box: a layer is a column; from the last column to the first, each box stands beside
    the middle of what it leads to, or below the box before it where that place is taken."""
    middles: dict[str, float] = {}
    tops: dict[str, int] = {}
    for layer in reversed(layers):
        beside = {key: [middles[end] for start, end in drawing.arrows if start == key and end in middles] for key in layer}
        free = 0
        for key in layer:
            height = drawing.boxes[key].height
            tops[key] = max(free, int(_mean(beside[key], 0) - height / 2))
            middles[key] = tops[key] + height / 2
            free = tops[key] + height + GAP_Y
    places, x = {}, 0
    for layer in layers:
        places.update({key: (x, tops[key]) for key in layer})
        x += max(drawing.boxes[key].width for key in layer) + GAP_X
    return places


# ---------------------------------------------------------------- SVG


def _svg(drawing: Drawing, places: dict[str, tuple[int, int]], facts: list[Fact], names: Names, number: int) -> str:
    width = max(x + drawing.boxes[k].width for k, (x, _) in places.items()) + 4
    height = max(y + drawing.boxes[k].height for k, (_, y) in places.items()) + 4
    said = [" ".join(names.fact(f)) for f in facts[:MOST]]
    more = f" And {len(facts) - MOST} more." if len(facts) > MOST else ""
    title = f"{len(facts)} statement{'s' if len(facts) != 1 else ''} behind the answer"
    arrows = "".join(_arrow(drawing, places, start, end) for start, end in drawing.arrows)
    boxes = [(_box(drawing.boxes[key], x, y), bool(drawing.boxes[key].iri)) for key, (x, y) in places.items()]
    # what is an image may hold nothing to press, so the boxes that can be pressed stand beside the rest, not in it
    still, live = ("".join(svg for svg, pressed in boxes if pressed is wanted) for wanted in (False, True))
    return (
        f'<svg class="evidence" width="{width}" height="{height}" viewBox="-2 -2 {width} {height}" xmlns="http://www.w3.org/2000/svg">'
        f'<g role="img" aria-labelledby="pic-{number}-title" aria-describedby="pic-{number}-desc">'
        f'<title id="pic-{number}-title">{escape(title)}</title><desc id="pic-{number}-desc">{escape(". ".join(said))}.{more}</desc>'
        f"{arrows}{still}</g>{live}</svg>"
    )


def _arrow(drawing: Drawing, places: dict[str, tuple[int, int]], start: str, end: str) -> str:
    (x1, y1), (x2, y2) = places[start], places[end]
    y1, y2 = y1 + drawing.boxes[start].height // 2, y2 + drawing.boxes[end].height // 2
    if x2 > x1:
        x1 += drawing.boxes[start].width
        bend = (x2 - x1) // 2
    else:  # back to an earlier layer: round from the left
        bend = -GAP_X
    path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - abs(bend)} {y2} {x2} {y2}"
    head = "" if drawing.boxes[end].between else f"M{x2 - 6} {y2 - 4}L{x2} {y2}L{x2 - 6} {y2 + 4}"
    cites = " ".join(map(str, sorted(drawing.arrows[(start, end)])))
    return (
        f'<path class="edge" data-cites="{cites}" d="{path}{head}" fill="none" style="stroke:var(--pic-line,#8a949c)" stroke-width="1.4"/>'
    )


def _box(box: Box, x: int, y: int) -> str:
    """A thing as a rounded box that can be reached and chosen; a property as words between."""
    first = y + PAD + LINE - 4
    # a space between the lines, so that they are told as the words of the name
    spans = " ".join(f'<tspan x="{x + box.width // 2}" y="{first + i * LINE}">{escape(line)}</tspan>' for i, line in enumerate(box.lines))
    ink = "--pic-property,#4a5560" if box.between else "--pic-ink,#1d2329"
    style = "font-style:italic;" if box.between else ""
    text = f'<text text-anchor="middle" font-size="13" style="{style}fill:var({ink})">{spans}</text>'
    if box.between:
        return f'<g class="property"><title>{escape(box.text)}</title>{text}</g>'
    label = escape(box.text)
    pressed = f' data-node="{escape(box.iri)}" data-label="{label}" tabindex="0" role="button" aria-label="Ask about {label}"'
    fill = "--pic-thing,#e6f0ef" if box.iri else "--pic-value,#f4f1ea"
    rect = (
        f'<rect x="{x}" y="{y}" width="{box.width}" height="{box.height}" rx="{9 if box.iri else 3}" '
        f'style="fill:var({fill});stroke:var(--pic-line,#8a949c)"/>'
    )
    return f'<g class="node"{pressed if box.iri else ""}><title>{label}</title>{rect}{text}</g>'
