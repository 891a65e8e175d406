"""Names with a number: 'Foo 4.2' is a line of Foo's versions, and Foo itself where what is asked is not said of the line."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.connect import Connections
from assistant.frames import Candidate, FactFrame, ListFrame, RemarkFrame, VerdictFrame
from assistant.lexicon import Lexicon
from assistant.rank import in_terms
from assistant.scan import Scan
from assistant.types import Link
from graph.types import Iri

WIDER = 0.1  # how much better an ask must read of Foo than of the 'Foo 4.2' that it names
Span = tuple[int, int]


@dataclass(frozen=True)
class Numbered:
    """The mentions of an ask that name a thing by a shorter name and a number.

    ``wholes``: by span, what the shorter name means; ``lines``: what is named -> what the shorter name means;
    ``beside``: whether a thing of the kind of those wholes is named as well, so that the wholes are what compares.
    """

    wholes: dict[Span, Link]
    lines: dict[Iri, Iri]
    mentions: frozenset[int]
    beside: bool

    @classmethod
    def read(cls, scan: Scan, lexicon: Lexicon) -> Numbered:
        """Those of a scanned ask; none where no name with a number begins with another name."""
        wholes: dict[Span, Link] = {}
        lines: dict[Iri, Iri] = {}
        mentions: set[int] = set()
        for i, m in enumerate(scan.mentions):
            stems = [scan.tokens[t].stem for t in sorted(scan.inside(i))]
            at = next((t for t, s in enumerate(stems) if s.removeprefix("v")[:1].isdigit()), 0)
            links = [n for n in lexicon.by_key.get(tuple(stems[:at]), ()) if n.kind == "entity"]
            if at and links and m.best.kind == "entity" and m.best.iri != links[0].iri:
                wholes[m.start, m.end], lines[m.best.iri] = links[0], links[0].iri
                mentions.add(i)
        kinds = {k for w in lines.values() for k in lexicon.classes_of.get(w, frozenset())}
        others = [n.iri for i, n in scan.links("entity") if i not in mentions]
        beside = any(kinds & lexicon.classes_of.get(other, frozenset()) for other in others)
        return cls(wholes, lines, frozenset(mentions), beside)

    def speaking(self, candidates: list[Candidate], connections: Connections) -> list[Candidate]:
        """The candidates that speak of the lines, best first, and not of what the wholes say in their place."""
        return [c for c in candidates if self._speaks(c) and not self._roundabout(c, connections)]

    def settled(self, candidates: list[Candidate]) -> bool:
        """Whether one of them is put in the graph's own terms."""
        return any(in_terms(c) for c in candidates)

    def _speaks(self, c: Candidate) -> bool:
        if isinstance(c.frame, RemarkFrame):
            return bool({*c.frame.anchors} & {*self.lines})
        if isinstance(c.frame, FactFrame):
            return bool({*c.frame.anchors} & {*self.lines})
        if isinstance(c.frame, VerdictFrame):
            return c.frame.subject in self.lines or bool(self.mentions & c.mentions)
        return bool(self.mentions & c.mentions)

    def _roundabout(self, c: Candidate, connections: Connections) -> bool:
        """'the things of which it is a line': the line is only a condition that its whole meets."""
        frame = c.frame
        conditions = frame.constraints if isinstance(frame, (ListFrame, VerdictFrame)) else ()
        subject = frame.subject if isinstance(frame, VerdictFrame) else None
        named = [(k, line) for k in conditions for line in (subject, k.wanted.iri if k.wanted else None) if line in self.lines]
        return any(
            line in connections.values(self.lines[line], p)
            for k, line in named if line is not None
            for p in (*k.via, *((k.property,) if k.property else ()))
        )  # fmt: skip
