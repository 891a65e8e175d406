"""Another thing in the place of the one asked about: 'what about X?', 'no, I meant Y', 'the same for X and Y'."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import State, swap
from assistant.edits import Edit
from assistant.frames import Candidate, CommonFrame, CompareFrame, FactFrame, ListFrame, RemarkFrame, VerdictFrame
from assistant.grammar import that
from assistant.lists import TARGET
from assistant.rank import ranked
from assistant.recall import Recall
from assistant.revise import SURE, Reviser
from assistant.scan import Scan
from assistant.types import Link, Or, QueryGraph
from assistant.words import join
from graph.terms import SKOS
from graph.types import Iri

MOST = 5  # things that stand beside each other


class Exchanger:
    """Exchanges things in readings over one opened graph."""

    def __init__(self, revise: Reviser, recall: Recall) -> None:
        self.revise, self.recall, self.parser = revise, recall, revise.parser
        self.lexicon = revise.lexicon

    def relinked(self, scan: Scan, state: State) -> Candidate | None:
        """'no, I meant the company': a name of the last question, taken as what else it may be."""
        kinds = {n.iri for _, n in scan.links("class")}
        before = state.scan
        for i, m in enumerate(before.mentions if before else ()):
            rest = [n for n in m.links if n.kind == "entity" and n.iri != m.best.iri]
            other = [n for n in rest if self.lexicon.classes_of.get(n.iri, frozenset()) & kinds]
            if other and before is not None:
                meant = replace(m, links=(replace(other[0], score=1.0),))
                asked = replace(before, mentions=(*before.mentions[:i], meant, *before.mentions[i + 1 :]))
                found = ranked([*self.parser.candidates(asked), *self.recall.candidates(asked)], asked)
                made = [replace(c, fit=SURE, scan=asked, edit=f"with {other[0].label} for what it may mean") for c in found[:1]]
                return made[0] if made else None
        return None

    def swapped_in(self, edit: Edit, scan: Scan, state: State, previous: Candidate) -> Candidate | None:
        """'what about X?': X in the place of the thing of its kind that was asked about."""
        links = [n for i in edit.new for n in scan.mentions[i].links if n.kind == "entity"]
        if len(edit.new) > 1:
            return self._several(edit, scan, previous)
        gone = {n.iri for i in edit.old for n in scan.mentions[i].links}
        for link in links:
            old = self._replaced(link, gone, state, previous)
            if old is not None:
                return self._swapped(edit, link, old, scan, state, previous)
        return self._other_value(edit, scan, previous) or self.one_of_them(links, scan, previous)

    def _replaced(self, link: Link, gone: set[Iri], state: State, previous: Candidate) -> Iri | None:
        """The thing of the last question in whose place another comes: the one named, else the likest in kind."""
        olds = list(dict.fromkeys((*state.asked, *_things(previous), *(n.iri for _, n in previous.links if n.kind == "entity"))))
        kinds = self.lexicon.classes_of.get(link.iri, frozenset()) - {SKOS.Concept}
        alike = [o for o in olds if o != link.iri and self.lexicon.classes_of.get(o, frozenset()) & kinds]
        return next(iter([*(o for o in olds if o in gone), *alike]), None)

    def _swapped(self, edit: Edit, link: Link, old: Iri, scan: Scan, state: State, previous: Candidate) -> Candidate | None:
        frame = previous.frame
        was = self.lexicon.label(old)
        if isinstance(frame, CompareFrame) and not edit.old and not edit.surely_instead and len(frame.subjects) < MOST:
            return self._beside(previous, frame, (link,))
        if isinstance(frame, CompareFrame) and not edit.old:
            old, was = frame.subjects[-1], self.lexicon.label(frame.subjects[-1])
        done = f"with {link.label} in the place of {was}"
        asked = _anchored(state.scan, old, link) if state.scan else None
        if isinstance(frame, RemarkFrame):
            found = ranked(self.recall.candidates(asked), asked)[:1] if asked else []
            return next((replace(c, fit=0.9, scan=asked, edit=done) for c in found), None)
        made: Candidate = swap(previous, old, link.iri, was, link.label)
        i = next(i for i in edit.new)
        return replace(made, mentions=frozenset({i}), links=((i, link),), fit=0.97, edit=done, scan=asked)

    def _beside(self, previous: Candidate, frame: CompareFrame, links: tuple[Link, ...]) -> Candidate:
        subjects = tuple(dict.fromkeys((*frame.subjects, *(n.iri for n in links))))[:MOST]
        names = join([self.lexicon.label(s) for s in subjects])
        done = f"with {join([n.label for n in links])} beside them"
        return replace(previous, frame=replace(frame, subjects=subjects), english=f"how {names} differ", fit=0.97, links=(), edit=done)

    def _several(self, edit: Edit, scan: Scan, previous: Candidate) -> Candidate | None:
        """'and for X and Y?'"""
        frame = previous.frame
        links = tuple(scan.mentions[i].best for i in edit.new)
        if isinstance(frame, CompareFrame):
            return self._beside(previous, frame, links)
        if isinstance(frame, FactFrame):
            facts = self.parser.facts
            made = replace(frame, anchors=tuple(n.iri for n in links))
            said = f"with {join([n.label for n in links])} in the place of {join([self.lexicon.label(a) for a in frame.anchors])}"
            return replace(
                previous, frame=made, graph=facts.graph(made), english=facts.english(made), fit=SURE, edit=said,
                links=tuple((i, scan.mentions[i].best) for i in edit.new),
            )  # fmt: skip
        if isinstance(frame, CommonFrame) and frame.lacks is None:
            shared = replace(frame, subjects=tuple(n.iri for n in links))
            return replace(previous, frame=shared, english=f"what {join([n.label for n in links])} have in common", fit=SURE)
        return None

    def one_of_them(self, links: list[Link], scan: Scan, previous: Candidate) -> Candidate | None:
        """'and X?', 'is X one of them?' after a list of which X might be one: whether it is."""
        cls = self.revise.class_of(previous)
        frame = previous.frame
        for i, link in scan.links("entity"):
            if link in links and isinstance(frame, ListFrame) and frame.constraints and cls and self.parser.grammar.is_a(link.iri, cls):
                asked = tuple(swap(c, TARGET, link.iri) for c in frame.constraints)
                parts = tuple(p for c in asked for p in c.parts)
                graph = QueryGraph(TARGET, (Or(tuple(c.parts for c in asked)),) if frame.any_of else parts, ask=True)
                said = f"whether {link.label} is among those {frame.said or join([that(c.english) for c in asked])}"
                verdict = VerdictFrame(link.iri, asked, frame.any_of)
                return Candidate(
                    "yes-no", verdict, said, graph, frozenset({i}), links=((i, link),), fit=SURE, edit=f"of {link.label} alone",
                )  # fmt: skip
        return None

    def _other_value(self, edit: Edit, scan: Scan, previous: Candidate) -> Candidate | None:
        """'and on paper?': another value of the property of a condition."""
        frame = previous.frame
        if not isinstance(frame, ListFrame):
            return None
        for i in edit.new:
            for n in [n for n in scan.mentions[i].links if n.kind == "value"]:
                old = next((c for c in frame.constraints if c.property == n.iri), None)
                if old is not None:
                    return self.revise.instead(previous, old, self.parser.constrain.value(TARGET, n, i, old.negated), "in the place of")
        return None


def _things(c: Candidate) -> tuple[Iri, ...]:
    """The things that a reading names, in its conditions and as what it is about."""
    frame = c.frame
    named: list[Iri] = [k.wanted.iri for k in getattr(frame, "constraints", ()) if k.wanted and k.wanted.kind == "entity"]
    named += [v for v in (getattr(frame, "subject", None), getattr(frame, "feature", None)) if v is not None]
    return (*named, *getattr(frame, "subjects", ()), *getattr(frame, "anchors", ()))


def _anchored(scan: Scan, old: Iri, link: Link) -> Scan:
    """The ask before, with another thing where one was named."""
    return replace(scan, mentions=tuple(replace(m, links=(link,)) if m.best.iri == old else m for m in scan.mentions))
