"""Candidates that tell remarks: what is said about the things named, who supplies a feature, what is disputed."""

from __future__ import annotations

import re

from assistant.frames import Candidate, ContestedFrame, RemarkFrame
from assistant.grammar import Grammar
from assistant.rank import is_bare_yes_no
from assistant.remarks import Remark, RemarkIndex
from assistant.scan import Scan
from assistant.semantic import PropertySense
from assistant.types import Link
from assistant.voices import Voice, Voices
from assistant.words import join, stem
from graph.terms import SKOS
from graph.types import Iri

SUPPLY = 0.8  # score of telling who supplies a feature that is asked for
OF_ALL = 0.3  # score from which a remark on all that is named is taken before those on one of them
HITS = 8  # remarks kept of a search
NEAR_TOP = 0.2  # how far below the best a remark may score and still be told of another thing that was named
_WITH_WHAT = re.compile(
    r"^what (can|could|do|should|would|must) (i|we|you|one)\b|\b(with|by|through|via) what\b|"
    r"\b(through|with|by|in) which (package|plug-?in|extension|library|add-?on)\b|"
    r"\b(which|what) (package|plug-?in|extension|library|add-?on)s? (do|can|could|should|would|must) (i|we|you|one)\b|"
    r"\bany (package|plug-?in|extension|library|add-?on)\b", re.I
)  # fmt: skip
_CONTESTED = frozenset({"disput", "contest", "controversi", "disagre", "contradict", "wrong", "debat"})


class Recall:
    """Finds remarks for the asks of one opened graph."""

    def __init__(self, grammar: Grammar, remarks: RemarkIndex, sense: PropertySense) -> None:
        self.grammar, self.remarks, self.sense = grammar, remarks, sense
        self.schema, self.lexicon = grammar.schema, grammar.lexicon
        self.voices = Voices(remarks.remarks, grammar.lexicon)

    def candidates(self, scan: Scan) -> list[Candidate]:
        """Remarks about the things named; about anything where a list is asked for and no thing is named."""
        return [c for chosen in self._chosen(scan) for c in self.about(scan, chosen)]

    def questions(self, scan: Scan) -> list[str]:
        """The masked questions by which ``candidates`` looks for remarks."""
        return [self.sense.masked(scan, tuple(n.iri for _, n in chosen)) for chosen in self._chosen(scan)]

    def _chosen(self, scan: Scan) -> list[tuple[tuple[int, Link], ...]]:
        """The things that remarks are looked for about: all that are named, and each; none where any will do."""
        things: list[tuple[int, Link]] = []
        behind = {j for _, j in scan.glued}
        for i, link in scan.links("entity", "class"):
            if i not in behind and link.iri in self.remarks.about and link.score >= 0.7 and i not in {j for j, _ in things}:
                things.append((i, link))
        chosen = self._anchor_sets(things)
        central = any(self.grammar.central(n.iri) for _, n in things)
        weighty = any(scan.weight(t) >= 1.0 for t in range(len(scan.tokens)) if not any(t in scan.inside(i) for i, _ in things))
        if (not things or (scan.cues.listing and not central)) and weighty:
            chosen.append(())
        return chosen

    def contested(self, scan: Scan) -> list[Candidate]:
        """'what is disputed about X?'"""
        if not scan.cues.contested:
            return []
        things = [(i, n) for i, n in scan.links("entity") if n.iri in self.remarks.about and n.score >= 0.7]
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.stem in _CONTESTED)
        said = "what is disputed about"
        return [Candidate("remark", ContestedFrame(n.iri), f"{said} {n.label}", None, frozenset({i}), tokens) for i, n in things[:2]]

    def _anchor_sets(self, things: list[tuple[int, Link]]) -> list[tuple[tuple[int, Link], ...]]:
        singles = [(t,) for t in things[:4]]
        return [*([tuple(things[:4])] if len(things) > 1 else []), *singles]

    def about(self, scan: Scan, anchors: tuple[tuple[int, Link], ...]) -> list[Candidate]:
        used = frozenset(i for i, _ in anchors if i >= 0)
        things = tuple(n.iri for _, n in anchors)
        inside = set().union(*(scan.inside(i) for i in used)) if used else set()
        voice = self.voices.asked(scan, things)
        inside |= voice.tokens if voice else frozenset()
        wording = self.lexicon.wording
        content = [t for k, t in enumerate(scan.tokens) if t.norm not in wording.stop and k not in inside]
        stems = {t.stem: wording.weight(t.norm) for t in content}
        aspects = {n.iri for _, n in scan.links("aspect")}
        if not stems and not aspects and not (scan.cues.why or scan.cues.how or voice):
            return []
        if len(things) > 1 and stems and max(stems.values()) < 1.0:
            return []  # 'does X work with Y': without the names nothing is left to be alike
        pool = self._pool(things) if things else self._general_pool(scan, voice)
        question = self.sense.masked(scan, things)
        verdict = scan.cues.yes_no or is_bare_yes_no(scan)
        hits = self.remarks.search(question, things, stems, pool, aspects, verdict)
        hits = [h for h in hits if voice is None or voice.said(self.remarks.remarks[h[0]])]
        hits = self._of_all(hits, things)[:HITS]
        if not hits:
            return []
        top = self.remarks.remarks[hits[0][0]]
        beside = scan.cues.compare or scan.cues.difference or scan.cues.either  # one remark must then be about all
        near = {t for i, score in hits if score >= hits[0][1] - (0 if beside else NEAR_TOP) for t in self.remarks.remarks[i].about}
        part = len([t for t in things if t in near]) / len(things) if things else 1.0
        supply = self._supply(scan, anchors)
        frame = RemarkFrame(tuple(hits), things, verdict, not things and scan.cues.listing, supply[1] if supply else None)
        about = join([self.lexicon.label(t) for t in things]) or "any of them"
        said = f"what is said of {about} about: {self._topic(top)}"
        said += f", {voice.english}" if voice else ""
        dated = float(any(ch.isdigit() for ch in top.says))
        features = {"found": hits[0][1], "anchored": 1.0 if things else 0.0, "dated": dated, "voice": float(voice is not None)}
        features["alike"] = self.remarks.likeness(question, hits[0][0])
        if not self._compares(scan, hits[0][0]) or self._passes_over(scan, things, hits[0][0]):
            features["apart"] = 1.0
        heard = self.remarks.known_words(hits[0][0])
        if not things and any(self.remarks.unheard(t.stem) or (scan.is_named(t) and t.stem not in heard) for t in content):
            features["strange"] = 1.0
        if voice is not None and not stems:  # 'what does X say about Y?' is answered by whatever it says
            features["found"] = max(features["found"], SUPPLY)
        cost = 0.0 if len(things) < 2 else 0.25 * (1 - part)
        if supply is not None:
            used |= supply[0]
            features["found"] = max(features["found"], SUPPLY)
            features["supply"] = float(_WITH_WHAT.search(scan.text) is not None)
        return [Candidate("remark", frame, said, None, used, frozenset(), anchors, cost, features=features)]

    def _of_all(self, hits: list[tuple[int, float]], things: tuple[Iri, ...]) -> list[tuple[int, float]]:
        """Where remarks on things of different kinds fit, they are what is asked; of peers one is spoken of at a time."""
        apart = len({self.lexicon.kind(t, self.schema) for t in things}) == len(things) > 1
        of_all = [h for h in hits if set(things) <= set(self.remarks.remarks[h[0]].about)] if apart else []
        return of_all if of_all and of_all[0][1] >= OF_ALL else hits

    def _compares(self, scan: Scan, remark: int) -> bool:
        """'is X faster than Y?': whether a remark, or a question that it answers, speaks of what is compared; true of any other ask."""
        op = next((o for o in scan.ops if o.kind == "compare" and not o.value and o.adjective), None)
        if not scan.cues.yes_no or op is None:
            return True
        asked = scan.tokens[op.first + 1].norm if op.adjective == "most" else op.adjective  # 'more complex than'
        known = self.remarks.known_words(remark)
        return bool({stem(asked), stem(asked.removesuffix("er"))} & known)

    def _passes_over(self, scan: Scan, things: tuple[Iri, ...], remark: int) -> bool:
        """'does X work with Y?', 'why did Y take X?': whether a remark on X neither is about Y nor names it."""
        cues = scan.cues
        if not (cues.yes_no or cues.when or (cues.why and not cues.compare)) or not things:
            return False
        said, about = self.remarks.remarks[remark].says.lower(), self.remarks.remarks[remark].about
        known = self.remarks.known_words(remark)
        others = [(i, n) for i, n in scan.links("entity") if n.score >= 0.95 and n.iri not in about]
        others = [(i, n) for i, n in others if scan.mentions[i].best.iri == n.iri and not self.lexicon.is_a(n.iri, SKOS.Concept)]
        return any(
            not any(name.lower() in said for name in (n.label, *self.lexicon.aliases.get(n.iri, ())))
            and not {scan.tokens[t].stem for t in scan.inside(i)} & known
            for i, n in others if not self.grammar.constrain.is_feature(n.iri)
        )  # fmt: skip

    def supplied(self, scan: Scan) -> bool:
        """'with what do I get X in Y?': whether it is asked who supplies a feature of the one thing that is named."""
        named = {n.iri: (i, n) for i, n in scan.links("entity") if n.score >= 0.7 and self.grammar.central(n.iri)}
        return bool(_WITH_WHAT.search(scan.text)) and len(named) == 1 and self._supply(scan, tuple(named.values())) is not None

    def _supply(self, scan: Scan, anchors: tuple[tuple[int, Link], ...]) -> tuple[frozenset[int], tuple[Iri, Iri]] | None:
        """'how do I get X in Y': the feature's mention, and the two; None for any other ask."""
        asked = scan.cues.how or (scan.cues.listing and not scan.cues.yes_no) or _WITH_WHAT.search(scan.text)
        if len(anchors) != 1 or not asked or scan.cues.when or not self.grammar.central(anchors[0][1].iri):
            return None
        features = [(i, n.iri) for i, n in scan.links("entity") if self.grammar.constrain.is_feature(n.iri) and n.score > 0.7]
        known = [(i, f) for i, f in features if any(len(p) == 1 for p in self.grammar.connections.between(anchors[0][1].iri, f))]
        if len({f for _, f in known}) != 1:
            return None
        return frozenset({known[0][0]}), (anchors[0][1].iri, known[0][1])

    def _topic(self, remark: Remark) -> str:
        return join([self.lexicon.label(a) for a in remark.aspects]) or "what it does"

    def _pool(self, things: tuple[Iri, ...]) -> list[int] | None:
        """The remarks about these things; None for all of them.

        Beside a thing of the kind that the graph is about, what is said of a value alone, such as another thing's use of it,
        is not said of the thing.
        """
        central = [t for t in things if self.grammar.central(t)]
        if not central or len(central) == len(things):
            return None
        return sorted({i for t in central for i in self.remarks.about.get(t, ())})

    def _general_pool(self, scan: Scan, voice: Voice | None) -> list[int]:
        """All remarks where a list is asked for; else those about nothing in particular are not to be guessed."""
        return list(range(len(self.remarks.remarks))) if scan.cues.listing or scan.mentions or voice else []
