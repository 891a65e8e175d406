"""Properties by the sense of a whole ask: 'who painted it' is near the property whose comment says who painted."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.connect import Connections
from assistant.detect import stems_of
from assistant.encode import Foreseeing, Vectors, cached, cosines
from assistant.lexicon import Lexicon
from assistant.remarks import RemarkIndex
from assistant.scan import Scan
from graph.schema import PropertyInfo, Schema
from graph.terms import SKOS
from graph.types import Iri

NEAR = 0.42  # cosine under which a phrasing says nothing
KEEP = 3
SAID = 0.01  # what a word of a property's own name adds, be it one that says little ('current')


class PropertySense:
    """Phrasings of properties as vectors; where a dataset has none, they are made of its labels and comments."""

    def __init__(
        self, schema: Schema, lexicon: Lexicon, connections: Connections, remarks: RemarkIndex, encoder: Foreseeing, cache: Path | None
    ) -> None:
        self.schema, self.lexicon, self.connections, self.remarks = schema, lexicon, connections, remarks
        self.encoder, self._cache = encoder, cache
        self._first: dict[Iri, int] = {}  # property -> the row of the first of its phrasings, which stand together
        self._vectors: Vectors | None = None
        self.words = lru_cache(maxsize=None)(self._words)

    def _texts(self, info: PropertyInfo) -> list[str]:
        named = info.named
        if named.phrasings:
            return [*named.phrasings, f"what is its {named.label}"]
        texts = [f"what is its {named.label}", named.comment]
        if info.is_date:
            texts.append(f"when was it: {named.label}")
        return [t for t in texts if t]

    def _ensure(self) -> Vectors:
        if self._vectors is None:
            texts: list[str] = []
            for info in self.schema.properties.values():
                self._first[info.iri] = len(texts)
                texts += self._texts(info)
            self._vectors = cached(self.encoder, texts, self._cache)
        return self._vectors

    def _words(self, prop: Iri) -> frozenset[str]:
        """The stems by which a property is asked for: of its phrasings, its names and its comment."""
        info = self.schema.properties[prop]
        return stems_of(" ".join([*self._texts(info), info.named.label, *info.named.aliases, info.named.comment]))

    def _label_words(self, prop: Iri) -> frozenset[str]:
        return stems_of(self.lexicon.label(prop))

    def masked(self, scan: Scan, things: tuple[Iri, ...]) -> str:
        """The ask with the linked things replaced by 'it'."""
        text, out, at = scan.question, [], scan.start
        for mention in scan.mentions:
            meant = [n.iri for n in mention.links if n.iri in things]
            if meant and not all(self.lexicon.is_a(t, SKOS.Concept) for t in meant):
                out.append(text[at : mention.start] + "it")
                at = mention.end
        return " ".join(("".join(out) + text[at : scan.end]).split()).rstrip(" ?!.").casefold()

    def nearest(self, scan: Scan, things: tuple[Iri, ...], keep: int = KEEP) -> list[tuple[Iri, float]]:
        """Properties that the first thing has, by how near a phrasing comes to the masked ask."""
        vectors = self._ensure()
        if not len(vectors):
            return []
        asked = self.encoder.encode([self.masked(scan, things)])[0]
        highest = np.maximum.reduceat(cosines(vectors, asked), list(self._first.values())).tolist()
        best = {owner: max(0.0, round(cosine, 3)) for owner, cosine in zip(self._first, highest, strict=True)}
        if scan.cues.when:
            best |= {iri: min(1.0, best[iri] + 0.12) for iri, info in self.schema.properties.items() if info.is_date}
        said = {t.stem for t in scan.tokens if len(t.norm) > 3}
        best = {i: round(s + SAID * len(said & self._label_words(i)), 3) for i, s in best.items()}
        elsewhere = self.remarks.nearest_aspect(self.masked(scan, things))
        if best and elsewhere > max(best.values()):  # the words ask for what no property covers
            best = {i: round(s * 0.75, 3) for i, s in best.items()}
        ranked = sorted(((i, s) for i, s in best.items() if s >= NEAR), key=lambda b: (-b[1], b[0]))
        return [(i, s) for i, s in ranked if self.connections.holds(things[0], i)][:keep]
