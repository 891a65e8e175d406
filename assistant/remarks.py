"""Remarks by meaning: the second road. What no property covers, found by the words and the sense of the question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from math import log
from pathlib import Path

import numpy as np

from assistant.asked import Asked
from assistant.columns import Columns, Numbers, Rows
from assistant.compiled import NOTHING_KEPT, Compiled
from assistant.detect import stems_of, tokenize
from assistant.encode import Encoder, Vectors, cached, cosines
from assistant.heard import Heard
from assistant.lexicon import Lexicon
from assistant.polarity import turn_alike
from assistant.wording import PLAIN, Wording
from graph.provenance import sayings
from graph.store import KnowledgeGraph
from graph.terms import FG, RDF, SKOS
from graph.types import Fact, Iri, Literal, is_true

ASKS = {FG.question: None, FG.yesTo: True, FG.noTo: False}  # property of a question -> the answer that the remark gives it
# Weights of what speaks for a remark, fitted by `make fit` on our own questions, each asked while it is left out of the
# index; LOW and HIGH are the sums where a remark says nothing of the matter and where it is the very answer.
WEIGHTS = {"statement": 7.3, "question": 2.8, "asked": 4.0, "words": 3.6, "question words": 1.3, "aspect": 3.2, "vote": 2.3}
LOW, HIGH = 4.0, 14.0
BEND = 0.85  # where scores begin to draw near to 1
NEAR = 0.7  # cosine from which on a known question tells more than its remark
SAME_QUESTION = 0.62  # cosine of two wordings of one question
ALIKE = 0.5  # cosine of a question and a remark that speak of the same
FEW = 12  # remarks that are compared with a text as they stand
RECENT = 16  # masked questions whose cosines with all known questions are kept: one ask is looked at under several anchors
COMMON_WORD = 0.3  # weight of a common word that occurs in no remark, against that of an unknown name


@dataclass(frozen=True)
class Remark:
    """One remark or claim: what it is about, under which aspects, and what it says.

    ``holds``: its answer to a yes/no question about its aspect, None where it gives none. ``asks``: questions that it
    answers, our own, each with yes (True), no (False) or neither (None). ``said_by``: (publisher, kind of document).
    """

    iri: Iri
    says: str
    about: tuple[Iri, ...]
    aspects: tuple[Iri, ...] = ()
    holds: bool | None = None
    claim: bool = False
    keywords: tuple[str, ...] = ()
    suits: tuple[Iri, ...] = ()
    unsuited: tuple[Iri, ...] = ()
    disputes: tuple[Iri, ...] = ()
    asks: tuple[tuple[str, bool | None], ...] = ()
    said_by: tuple[tuple[str, str], ...] = ()
    text: Literal = field(default=Literal(""))

    @property
    def fact(self) -> Fact:
        """The statement that carries its words."""
        return Fact(self.iri, FG.says, self.text)


def read(kg: KnowledgeGraph) -> tuple[Remark, ...]:
    """All remarks of a graph, by IRI."""
    told = (FG.about, FG.aspect, FG.says, FG.holds, FG.keyword, FG.suits, FG.unsuited, FG.disputes, RDF.type)
    values = " ".join(p.n3 for p in (*told, *ASKS))
    body = f"?r {FG.says.n3} ?any . VALUES ?p {{ {values} }} ?r ?p ?o"
    raw: dict[Iri, dict[Iri, list]] = {}  # type: ignore[type-arg]  # terms by property
    for row in kg.query(f"SELECT DISTINCT ?r ?p ?o {kg.wrap(body)}"):
        r, p = row["r"], row["p"]
        if isinstance(r, Iri) and isinstance(p, Iri):
            raw.setdefault(r, {}).setdefault(p, []).append(row["o"])
    said = sayings(kg)
    return tuple(replace(_remark(iri, raw[iri]), said_by=said.get(iri, ())) for iri in sorted(raw))


def _remark(iri: Iri, got: dict) -> Remark:  # type: ignore[type-arg]  # terms by property
    text = min(got[FG.says], key=lambda t: (t.language[:2] not in ("", "en"), t))
    holds = got.get(FG.holds, ())

    def iris(p: Iri) -> tuple[Iri, ...]:
        return tuple(sorted(o for o in got.get(p, ()) if isinstance(o, Iri)))

    return Remark(
        iri, text.value, iris(FG.about), iris(FG.aspect), is_true(holds[0]) if holds else None, FG.Claim in got.get(RDF.type, ()),
        tuple(sorted(o.value for o in got.get(FG.keyword, ()))), iris(FG.suits), iris(FG.unsuited), iris(FG.disputes),
        tuple(sorted(((o.value, answer) for p, answer in ASKS.items() for o in got.get(p, ())), key=lambda a: a[0])), text=text,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """What is read out of the words of the remarks, in their order.

    ``stems`` of their words and keywords; ``rarity`` of each stem; which thing each names ``first``; their words and the
    questions that they answer ``masked``; the stems of those questions.
    """

    aspect_words: dict[Iri, frozenset[str]]
    stems: tuple[tuple[str, ...], ...]
    rarity: dict[str, float]
    first: tuple[Iri | None, ...]
    masked: tuple[str, ...]
    asks: tuple[tuple[str, ...], ...]
    asked_stems: tuple[tuple[str, ...], ...]


class RemarkIndex:
    """Search over the remarks: words weighed by rarity, and cosine of sentence vectors."""

    def __init__(
        self,
        remarks: tuple[Remark, ...],
        lexicon: Lexicon,
        encoder: Encoder,
        cache: Path | None,
        common: Callable[[str], bool] = lambda _: False,
        kept: Compiled = NOTHING_KEPT,
    ) -> None:
        self.remarks, self.lexicon, self.encoder = remarks, lexicon, encoder
        self.by_iri = {r.iri: i for i, r in enumerate(remarks)}
        self.about: dict[Iri, list[int]] = {}
        for i, remark in enumerate(remarks):
            for thing in remark.about:
                self.about.setdefault(thing, []).append(i)
        told = kept.value("told", _Told, self._told)
        self._aspect_words, self._stems, self._rarity, self.first = told.aspect_words, told.stems, told.rarity, told.first
        self._masked, self._masked_asks, self._asked_stems = told.masked, told.asks, told.asked_stems
        self._unseen = log(1 + max(1, len(remarks)))
        self._common = common
        self._cache = cache
        self.under = [r.aspects for r in remarks]
        self.heard = lru_cache(maxsize=RECENT)(self._heard)
        self._spoken = lru_cache(maxsize=RECENT)(self._vectors_of)
        self.disputing: dict[Iri, list[Remark]] = {}  # a contested remark -> those that contest it
        for remark in remarks:
            for contested in remark.disputes:
                self.disputing.setdefault(contested, []).append(remark)
        self._vectors: Vectors | None = None
        self._asked: Asked | None = None
        self._phrases: dict[Iri, list[int]] = {}
        self._phrase_vectors: Vectors | None = None

    def _told(self) -> _Told:
        """All that is read out of the words of the remarks."""
        stems = tuple(tuple(sorted(stems_of(" ".join([r.says, *r.keywords])))) for r in self.remarks)
        seen = Counter(w for words in stems for w in words)
        asks = tuple(tuple(self.masked(text, r.about) for text, _ in r.asks) for r in self.remarks)
        return _Told(
            {a: self._words_of_aspect(a) for r in self.remarks for a in r.aspects},
            stems, {w: log(1 + len(self.remarks) / n) for w, n in seen.items()},
            tuple(self._first_named(r) for r in self.remarks),
            tuple(self.mask(r.says, r.about) for r in self.remarks),
            asks, tuple(tuple(sorted(stems_of(" ".join(texts)))) for texts in asks),
        )  # fmt: skip

    def _words_of_aspect(self, aspect: Iri) -> frozenset[str]:
        lex = self.lexicon
        return stems_of(" ".join([lex.label(aspect), *lex.aliases.get(aspect, ())]))

    def asked(self) -> Asked:
        """The questions that remarks are known to answer, as vectors; made on first use."""
        if self._asked is None:
            masked = zip(self.remarks, self._masked_asks, strict=True)
            rows = [(i, text, a) for i, (r, texts) in enumerate(masked) for text, (_, a) in zip(texts, r.asks, strict=True)]
            owners, texts, answers = tuple(zip(*rows, strict=True)) or ((), (), ())
            self._asked = Asked(len(self.remarks), owners, texts, answers, cached(self.encoder, texts, self._cache))
        return self._asked

    def _first_named(self, remark: Remark) -> Iri | None:
        """Which of several things a remark names first: the one it is told of."""
        if len(remark.about) < 2:
            return None
        low = remark.says.lower()
        places = {
            t: min((p for n in (self.lexicon.label(t), *self.lexicon.aliases.get(t, ())) if (p := low.find(n.lower())) >= 0), default=999)
            for t in remark.about
        }
        first = min(places, key=lambda t: (places[t], t))
        return first if places[first] < 999 else None

    def masked(self, question: str, things: Iterable[Iri]) -> str:
        """A question as its vector is made of it: the things named in it are 'it', its end bare."""
        return self.mask(question, things).casefold().rstrip(" ?!.")

    def _heard(self, question: str) -> Heard:
        """How near a masked question comes to all that is known."""
        return Heard(self, self.encoder.encode([question])[0])

    def likeness(self, question: str, remark: int) -> float:
        """The cosine of a masked question and the nearest of those that a remark is known to answer; 0 where it has none."""
        return round(float(self.heard(question).nearest[remark]), 3)

    def answer_to(self, question: str, remark: Remark) -> bool | None:
        """Yes or no where a question is another wording of one that the remark is known to answer so; None else."""
        found = self.asked().answer(self.by_iri[remark.iri], self.heard(question).known, SAME_QUESTION)
        return found[1] if found is not None and turn_alike(question, found[0]) else None

    def mask(self, text: str, things: Iterable[Iri]) -> str:
        """The text with the names of these things replaced by 'it', so that what is said weighs, not whom it is about.

        The words for a concept stay: they are what is said.
        """
        for thing in (t for t in things if not self.lexicon.is_a(t, SKOS.Concept)):
            for name in sorted([self.lexicon.label(thing), *self.lexicon.aliases.get(thing, ())], key=len, reverse=True):
                text = _replace(text, name, "it")
        return text

    def ready(self) -> tuple[Vectors, Vectors]:
        """Vectors of the remarks, shape (remarks, 384), and of the phrasings of aspects; made on first use."""
        if self._vectors is None or self._phrase_vectors is None:
            self._vectors = cached(self.encoder, self._masked, self._cache)
            texts: list[str] = []
            for aspect in sorted(self._aspect_words):
                for phrase in self.lexicon.phrasings.get(aspect, ()):
                    self._phrases.setdefault(aspect, []).append(len(texts))
                    texts.append(phrase)
            self._phrase_vectors = cached(self.encoder, texts, self._cache)
        return self._vectors, self._phrase_vectors

    def search(self, question: str, things: tuple[Iri, ...], stems: dict[str, float], pool: list[int] | None = None,
        aspects: set[Iri] | None = None, verdict: bool = False) -> list[tuple[int, float]]:  # fmt: skip
        """Remarks with their scores (0 to 1), best first.

        ``question`` is masked; ``stems`` are the content words with their weights. ``pool`` limits the remarks; ``aspects`` are
        those that the question names; a ``verdict`` prefers remarks that answer yes or no, and facts to opinions.
        """
        candidates = pool if pool is not None else sorted({i for t in things for i in self.about.get(t, ())})
        if not candidates:
            return []
        rows = np.array(candidates, dtype=np.int64)
        columns = self.columns
        fit = self.features(self.heard(question), rows, self.weighed(stems))
        named = np.where(columns.under(aspects or ())[rows], 0.1, 0.0)
        settled = np.where(columns.holds[rows] & verdict, 0.06, 0.0)
        opinion = np.where(columns.claims[rows], 0.05, 0.0)
        if things:
            opinion += np.where(columns.of_others(things, rows), 0.12, 0.0)  # told of another thing in the first place
        total = (sum(w * fit[k] for k, w in WEIGHTS.items()) - LOW) / (HIGH - LOW) + named + settled - opinion
        scores = np.array([round(score, 4) for score in _bounded(total).tolist()])
        return columns.ordered(rows, scores)

    def weighed(self, stems: dict[str, float]) -> list[tuple[str, float]]:
        """Content words with their weights times their rarity."""
        return [(stem, weight * self._weight(stem)) for stem, weight in stems.items()]

    def features(self, heard: Heard, rows: Rows, weights: list[tuple[str, float]]) -> dict[str, Numbers]:
        """What speaks for each of the remarks at these rows, each of shape (rows,), under the names of WEIGHTS."""
        statement, known = (cosines[rows].astype(np.float64) for cosines in (heard.statements, heard.nearest))
        own, wider = self.columns.coverages(weights)
        return {
            "statement": statement,
            "question": np.maximum(statement, known),
            "asked": np.maximum(0.0, known - NEAR) / (1 - NEAR),
            "words": own[rows],
            "question words": wider[rows],
            "aspect": self.columns.by_aspect(heard.aspects)[rows],
            "vote": self.columns.by_aspect(heard.votes)[rows],
        }

    @cached_property
    def columns(self) -> Columns:
        """What is known of the remarks before a question comes."""
        wider = map(self.known_words, range(len(self.remarks)))
        return Columns(self.remarks, self.first, self._stems, wider, map(self.aspect_words, self.remarks))

    def aspect_words(self, remark: Remark) -> frozenset[str]:
        """The stems of the names of its aspects."""
        return frozenset().union(*(self._aspect_words.get(a, frozenset()) for a in remark.aspects))

    def by_aspect(self, question: Vectors) -> dict[Iri, float]:
        """For each aspect the cosine of its phrasing that comes nearest to a question."""
        table = self.ready()[1]
        if not len(table):
            return {}
        first = [rows[0] for rows in self._phrases.values()]  # those of an aspect stand together
        return dict(zip(self._phrases, np.maximum.reduceat(cosines(table, question), first).tolist(), strict=True))

    def words(self, i: int) -> frozenset[str]:
        """The stems of a remark's words and keywords."""
        return frozenset(self._stems[i])

    def known_words(self, i: int) -> frozenset[str]:
        """The stems of a remark's words and keywords, and of the questions that it is known to answer."""
        return self.words(i).union(self._asked_stems[i])

    def unheard(self, stem: str) -> bool:
        """Whether a word is in no remark and no common English one: a name, most likely, of something else."""
        return stem not in self._rarity and not self._common(stem)

    def _weight(self, stem: str) -> float:
        """How much a word matters: rare ones more; a common English word that no remark uses is mostly wording, a name is not."""
        return self._rarity.get(stem, self._unseen * (COMMON_WORD if self._common(stem) else 1.0))

    def asks_for(self, question: str, remark: Remark) -> bool:
        """Whether a masked question asks for the one aspect that a remark is under: no other aspect's phrasing comes nearer."""
        if len(remark.aspects) != 1 or not len(self.ready()[1]):
            return False
        near = {a: round(cosine, 3) for a, cosine in self.heard(question).aspects.items()}
        return near.get(remark.aspects[0], 0.0) >= max(near.values())

    def is_like(self, question: str, remark: Remark) -> bool:
        """Whether a remark says much the same as a masked question asks, in whatever words."""
        return float(self.heard(question).statements[self.by_iri[remark.iri]]) >= ALIKE

    def nearest(self, text: str, remarks: Sequence[Remark], known: frozenset[Iri] = frozenset()) -> list[Remark]:
        """Remarks by how near what they say comes to a text, names and all; best first.

        The vectors of those under the ``known`` aspects are kept on disk. Of very many others only the nearest few by their
        masked words are compared, so that few are encoded.
        """
        kept = self._spoken(known)
        few = [r for r in remarks if r.iri not in kept]
        if len(few) > FEW:
            masked = self.heard(text).statements
            few = sorted(few, key=lambda r: (-masked[self.by_iri[r.iri]], r.iri))[:FEW]
        vectors = self.encoder.encode([text, *(r.says for r in few)])
        spoken = {**kept, **dict(zip((r.iri for r in few), vectors[1:], strict=True))}
        near = {r.iri: round(float(spoken[r.iri] @ vectors[0]), 3) for r in remarks if r.iri in spoken}
        return sorted((r for r in remarks if r.iri in near), key=lambda r: (-near[r.iri], r.iri))

    def _vectors_of(self, aspects: frozenset[Iri]) -> dict[Iri, Vectors]:
        """The vectors of what the remarks under some aspects say, names and all."""
        under = [r for r in self.remarks if not aspects.isdisjoint(r.aspects)]
        return dict(zip((r.iri for r in under), cached(self.encoder, [r.says for r in under], self._cache), strict=True))

    def nearest_aspect(self, question: str) -> float:
        """The cosine of the phrasing of an aspect that comes nearest to a masked question; 0 where there is none."""
        if not len(self.ready()[1]):
            return 0.0
        return round(max(self.heard(question).aspects.values()), 3)


def content(text: str, skip: Iterable[tuple[int, int]] = (), wording: Wording = PLAIN) -> dict[str, float]:
    """The content words of a text outside the skipped spans: stem -> weight."""
    spans = list(skip)
    found: dict[str, float] = {}
    for token in tokenize(text):
        if token.norm in wording.stop or any(a <= token.start < b for a, b in spans):
            continue
        found[token.stem] = wording.weight(token.norm)
    return found


def _bounded(totals: Numbers) -> Numbers:
    """Scores between 0 and 1, in the same order as the totals: what is near 1 comes ever nearer and never reaches it."""
    return np.where(totals < BEND, np.maximum(0.0, totals), BEND + (1 - BEND) * np.tanh((totals - BEND) / (1 - BEND)))


def _replace(text: str, name: str, by: str) -> str:
    low, target = text.lower(), name.lower()
    out, at = [], 0
    while (i := low.find(target, at)) >= 0:
        end = i + len(target)
        bounded = (i == 0 or not low[i - 1].isalnum()) and (end == len(low) or not low[end].isalnum())
        out.append(text[at:i] + (by if bounded else text[i:end]))
        at = end
    return "".join(out) + text[at:]
