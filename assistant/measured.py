"""Candidates for measurements: how fast, how many stars, which is faster, which has the most, and whether the figures agree.

What is measured, by which words it is asked for, and which of its ends an adjective means, is read from the graph's own
observations (``graph.measurements``): a dataset without any gets no candidate here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import islice

from assistant.frames import Candidate, MeasureFrame
from assistant.grammar import Builder, Grammar, combined, said_of
from assistant.lists import TARGET, ListBuilder
from assistant.quantities import NAMED, Found, Quantities, is_graded, singular, spelled
from assistant.scan import Scan
from assistant.types import Compare, Edge, IsA, Kind, Link, OneOf, Order, Part, QueryGraph, Var
from assistant.words import COUNT_WORDS, MONTHS, join, plural
from graph.terms import FG, SKOS, SOSA
from graph.types import Iri, Literal

DOUBT = 0.2  # cost of a reading against which the words speak
ALL = 999  # as a limit: as many as there are
TOP = 3  # how many are told of an end, where no number is asked for
_HIGH = frozenset("most highest largest biggest greatest best top maximum".split())
_LOW = frozenset("least lowest fewest smallest worst minimum".split())
_MORE = frozenset("more higher greater larger better".split())
_LESS = frozenset("fewer less lower smaller".split())
_WON = frozenset("won win wins winner winners leads lead leader tops top ahead first best".split())
_MAYBE = frozenset("can could may might".split())
_SAYING = frozenset(
    """than vs versus against compare compared compares comparing comparison beat beats beaten per each does do did serve serves served
    handle handles handled manage manages managed reach reaches reached achieve achieves achieved answer answers answered process processed
    processes really actually according agree agrees disagree contradict contradicts contradictory conflict whether other another
    grow grew grown growth develop developed since over time going test tests round how much often many about
    measure measures measured measurement measurements show all surveys figure figures number numbers result results score
    scores value values""".split()
)
_AGREE = re.compile(r"\b(dis)?agree\w*|\bcontradict\w*|\bconflict\w*|\bconsistent\w*|\bcontested\b|\bdisputed?\b", re.I)
_GREW = re.compile(r"\b(grow\w*|grew|rise|rose|risen|fall|fell|fallen|declin\w+|trend\w*|evolv\w+|over (time|the years)|chang\w+)\b", re.I)
_NO_DATE = re.compile(
    r"\b(last|this|past|previous) (day|week|month|quarter|year)\b|\byesterday\b|\btoday\b|\bright now\b"
    r"|\b(a|per|each|every) (day|week|year)\b", re.I,
)
_NEEDED = re.compile(r"\b(i|we)\b.{0,12}\b(need|want|looking|build\w*|like|choose|pick)\b|\bneeded\b", re.I)
_COMPARED = re.compile(r"\b(vs\.?|versus|against|than|or|compar\w+|between|beat\w*)\b", re.I)


class MeasureBuilder(Builder):
    """Builds candidates for one opened graph."""

    def __init__(self, grammar: Grammar, listing: ListBuilder) -> None:
        super().__init__(grammar)
        self.listing = listing
        self.measurements = listing.connections.measurements
        self.names = Quantities(self.measurements)

    @cached_property
    def _classes(self) -> frozenset[Iri]:
        """The classes of what was measured."""
        return frozenset().union(*(self.lexicon.classes_of.get(t, frozenset()) for t in self.measurements.by_thing)) - {SKOS.Concept}

    # ------------------------------------------------------------ candidates

    def measured(self, scan: Scan) -> Iterator[Candidate]:
        """The reading of an ask for figures, where it is one."""
        if scan.cues.why or not self.measurements.quantities:
            return
        found = self.names.read(scan)
        if not found.tokens and not self.names.benchmarks(scan):
            return  # nothing of it is spoken of: no figure need be read
        things = self._things(scan, found)
        without = tuple(b for b in self.names.benchmarks(scan) if b not in self.measurements.benchmarks)
        end, ended, most = self._end(scan, found)
        where = bool(found.benchmarks or without)
        said = self.names.said(scan)
        asked = bool(found.quantities) or (where and bool(things or ended or said)) or bool(things and said)
        if not asked or (scan.cues.recommend and not (where or end is not None)):
            return
        given, numbers = self._given(scan, found)
        bound, bounded = self._bound(scan, given)
        when, dated, undated = self._when(scan, bounded | numbers)
        asks = "first" if most and scan.cues.yes_no and len(things) == 1 else self._asks(scan, found, things, given)
        tests = self._tests(scan, found)
        quantities = tuple(dict.fromkeys(found.quantities)) or self._usual(tests, bool(things))
        frame = MeasureFrame(
            tuple(n.iri for _, n in things), quantities, tests, given, when, end, asks, self._limit(scan), without=without, undated=undated
        )
        frame = self._trimmed(frame, scan)
        frame = replace(frame, bound=bound, limit=ALL if bound or (end is None and not things) else frame.limit)
        own = {w for q in frame.quantities for w in spelled(self.measurements.quantities[q].label)}
        told = {t for t, k in enumerate(scan.tokens) if k.norm in _SAYING or singular(k.norm) in own}
        whole = {t for i in range(len(scan.mentions)) if scan.inside(i) & found.tokens for t in scan.inside(i)}
        tokens = frozenset(found.tokens | whole | numbers | dated | ended | told | bounded)
        if things:
            nouns = frozenset(i for i, n in scan.links("class") if n.iri in self._classes)  # 'the fastest framework' of which one is asked
            yield self._candidate(scan, frame, things, tokens, nouns, self._doubt(scan, found, frame))
        elif (most or where or bound) and not self._of_others(scan):
            yield from self._ranking(scan, frame, tokens)

    def _things(self, scan: Scan, found: Found) -> list[tuple[int, Link]]:
        """The named things that were measured, or are of a kind that was."""
        named: dict[Iri, tuple[int, Link]] = {}
        behind = {j for _, j in scan.glued}
        for i, link in scan.links("entity"):
            measured = link.iri in self.measurements.by_thing or self.lexicon.classes_of.get(link.iri, frozenset()) & self._classes
            if measured and link.score >= 0.7 and i not in behind and not scan.inside(i) & found.tokens:
                named.setdefault(link.iri, (i, link))
        firsts: dict[int, tuple[int, Link]] = {}
        for i, link in named.values():  # of a mention with several links the best; beside a name nothing that is a name only by likeness
            if link.score > NAMED or len(named) == 1:
                firsts.setdefault(i, (i, link))
        return [firsts[i] for i in sorted(firsts)]

    def _end(self, scan: Scan, found: Found) -> tuple[bool | None, set[int], bool]:
        """Which end, or which of two, is asked for: by an adjective, or by 'most', 'fewer' beside a quantity; whether the very end."""
        for word, high, _ in found.adjectives:
            if is_graded(word):
                return high, set(), word.endswith("est") or word.split()[0] in ("most", "least")
        words = [k.norm for k in scan.tokens]
        for t, word in enumerate(words):
            for own, high in ((_HIGH | _MORE, True), (_LOW | _LESS, False)):
                if word in own and (found.quantities or found.benchmarks):
                    return high, {t}, word in _HIGH | _LOW
        at = {t for t, word in enumerate(words) if word in _WON}
        return (True, at, True) if at else (None, set(), False)

    def _given(self, scan: Scan, found: Found) -> tuple[tuple[tuple[Iri, str], ...], set[int]]:
        """'512 connections', 'a concurrency of 64': circumstances with their numbers."""
        given, tokens = [], set()
        for iri, first, last in found.circumstances:
            near = [n for n in (first - 1, last, last + 1) if 0 <= n < len(scan.tokens) and scan.tokens[n].norm.isdigit()]
            if near:
                given.append((iri, scan.tokens[near[0]].norm))
                tokens.add(near[0])
        return tuple(given), tokens

    def _when(self, scan: Scan, taken: set[int]) -> tuple[str, set[int], str]:
        """('2024-06', its tokens, words for a time that has no date); numbers that are ``taken`` are no years."""
        words = [k.norm for k in scan.tokens]
        for t, word in enumerate(words):
            if re.fullmatch(r"(19|20)\d\d", word) and t not in taken and not any(t in scan.inside(i) for i, _ in scan.links("entity")):
                month = MONTHS.get(words[t - 1]) if t else None
                return (f"{word}-{month:02d}", {t - 1, t}, "") if month else (word, {t}, "")
        vague = _NO_DATE.search(scan.text)
        return "", set(), vague[0] if vague else ""

    def _asks(self, scan: Scan, found: Found, things: list[tuple[int, Link]], given: tuple[tuple[Iri, str], ...]) -> str:
        if _AGREE.search(scan.text):
            return "agree"
        if _GREW.search(scan.text):
            return "grew"
        plain = [iri for iri, _, _ in found.circumstances if iri not in dict(given)]
        if plain and not found.adjectives and not scan.cues.yes_no and not self._counted(scan):
            return plain[0].value
        return "yes-no" if scan.cues.yes_no and not scan.cues.either and len(things) == 2 and _COMPARED.search(scan.text) else ""

    def _counted(self, scan: Scan) -> bool:
        return scan.cues.count

    def _tests(self, scan: Scan, found: Found) -> tuple[Iri, ...]:
        """The tests named, of the benchmarks named; all tests of these where none is. 'JSON' alone names no test."""
        known = self.measurements.tests
        own = [t for t in known if known[t].part_of in found.benchmarks]
        said = bool(found.benchmarks) or any(k.stem == "test" for k in scan.tokens)
        named = [t for t in dict.fromkeys(found.tests) if said and (not found.benchmarks or t in own)]
        return tuple(named or own)

    def _usual(self, tests: tuple[Iri, ...], every: bool) -> tuple[Iri, ...]:
        """What is meant where no quantity is named: all that tests measure of a thing, else what is meant most."""
        here = {m.quantity for m in self.measurements.all if not tests or m.test in tests}
        found = tuple(q for q in self.measurements.quantities if q in here)
        return found if tests and every else found[:1]

    def _trimmed(self, frame: MeasureFrame, scan: Scan) -> MeasureFrame:
        """Of a quantity that is named and one that an adjective may mean, the one that is named."""
        by_name = tuple(q for q in frame.quantities if self.names.is_named(scan, q))
        return replace(frame, quantities=by_name or frame.quantities)

    def _bound(self, scan: Scan, circumstances: tuple[tuple[Iri, str], ...]) -> tuple[tuple[str, float] | None, set[int]]:
        """'more than 10000 stars': a bound on the figures, where its number is no circumstance."""
        given = {v for _, v in circumstances}
        for op in scan.ops:
            number = op.value.replace(".", "", 1).isdigit() and op.value not in given
            if op.kind == "compare" and op.sign in ("<", "<=", ">", ">=") and number:
                return (op.sign, float(op.value)), {*range(op.first, op.last)}
        return None, set()

    def _limit(self, scan: Scan) -> int:
        """'the five fastest', 'top 3'; 1 where no number is asked for."""
        for op in scan.ops:
            if op.kind == "order" and op.limit and op.limit < 100:
                return op.limit
        words = [k.norm for k in scan.tokens]
        numbers = [COUNT_WORDS.get(w) or (int(w) if w.isdigit() and len(w) < 3 else 0) for w in words]
        near = [n for t, n in enumerate(numbers) if n and set(words[max(0, t - 2) : t]) & {"the", "name", "list", "top", "which", "show"}]
        return near[0] if near else 1

    def _of_others(self, scan: Scan) -> bool:
        """Whether things of a kind are asked for of which none was measured."""
        focus = self.schema.focus
        named = {n.iri for _, n in scan.links("class")} - {focus}
        return bool(named) and not named & self._classes

    def _doubt(self, scan: Scan, found: Found, frame: MeasureFrame) -> float:
        """What speaks against figures: 'is X still fast?' asks for a judgement, 'faster' of one thing for a reason, 'can' for what may be.
        """
        words = [k.norm for k in scan.tokens]
        graded = any(is_graded(w) for w, _, _ in found.adjectives)
        if words[:1] and words[0] in _MAYBE and found.adjectives and not scan.cues.either:
            return DOUBT
        if words[:1] and words[0] in ("which", "who") and len(frame.subjects) == 1 and not frame.tests:
            return DOUBT  # things are asked for, not a figure of one
        if len(frame.subjects) == 1 and found.adjectives and not frame.tests:
            if frame.asks == "first":
                return 0.0
            return DOUBT if graded or "still" in words else 0.06 if scan.cues.yes_no or not scan.cues.how else 0.0
        return 0.0 if frame.subjects or frame.descending is not None else 0.05

    def _ranking(self, scan: Scan, frame: MeasureFrame, tokens: frozenset[int]) -> Iterator[Candidate]:
        """'which X has the most stars': the things of a class at one end, and the conditions that they must meet."""
        focus = self.schema.focus
        classes = [(i, n) for i, n in scan.links("class") if n.iri in self._classes or n.iri == focus]
        at, cls = (classes[0][0], classes[0][1].iri) if classes else (-1, focus)
        taken = frozenset(i for i in range(len(scan.mentions)) if scan.inside(i) & tokens or self.names.names_benchmark(scan, i))
        end = frame.descending if frame.descending is not None else True
        for chosen in islice(self.listing.choices(scan, at, cls, TARGET, skip=taken, ranges=False), 1):
            made = replace(frame, cls=cls, descending=end, constraints=chosen)
            cost = sum(c.cost for c in chosen) + (DOUBT if _NEEDED.search(scan.text) else 0.0)  # a need asks for a choice
            yield self._candidate(scan, made, classes[:1], tokens, taken, cost)

    def _candidate(
        self, scan: Scan, frame: MeasureFrame, links: list[tuple[int, Link]], tokens: frozenset[int], taken: frozenset[int], cost: float
    ) -> Candidate:
        named = frozenset(i for i in range(len(scan.mentions)) if self.names.names_benchmark(scan, i))
        mentions = taken | named | {i for i, _ in links}
        mentions = mentions.union(*(c.mentions for c in frame.constraints))
        tokens = tokens.union(*(c.tokens for c in frame.constraints))
        one: Kind = "fact" if len(frame.subjects) < 2 else "comparison"
        kind: Kind = "list" if not frame.subjects else "yes-no" if frame.asks == "yes-no" else one
        english = self.english(frame, said_of(scan, frame.constraints) if frame.constraints else "")
        return Candidate(kind, frame, english, self.graph(frame, scan), mentions, tokens, tuple(links), cost - 0.03)

    def english(self, frame: MeasureFrame, said: str = "") -> str:
        """'the requests per second of X and Y in HttpArena'."""
        m = self.measurements
        what = join([m.quantities[q].label for q in frame.quantities])
        parts = list(dict.fromkeys(m.tests[t].part_of for t in frame.tests))
        where = f" in {join([m.benchmarks[p].label for p in parts if p in m.benchmarks])}" if parts else ""
        where += "".join(f", {m.circumstances[p].label} {v}" for p, v in frame.given) + (f", {frame.when}" if frame.when else "")
        if frame.subjects:
            return f"the {what} of {join([self.lexicon.label(s) for s in frame.subjects])}{where}"
        noun = plural(self.lexicon.label(frame.cls)) if frame.cls else "things"
        return f"the {noun} {said + ' ' if said else ''}with {frame.bound[0]} {frame.bound[1]:g} {what}{where}" if frame.bound else (
            f"the {noun} {said + ' ' if said else ''}with the {'highest' if frame.descending else 'lowest'} {what}{where}"
        )

    # ------------------------------------------------------------ the query

    def graph(self, frame: MeasureFrame, scan: Scan | None = None) -> QueryGraph:
        """The figures with their things, tests and dates."""
        m, value, run, quantity = Var("measurement"), Var("figure"), Var("run"), Var("quantity")
        parts: list[Part] = [IsA(m, (SOSA.Observation,)), Edge(m, (SOSA.hasFeatureOfInterest,), TARGET)]
        if frame.subjects:
            parts.append(OneOf(TARGET, frame.subjects))
        elif scan is not None:
            parts += [IsA(TARGET, self.schema.subclasses(frame.cls))] if frame.cls else []
            parts += combined(scan, frame.constraints)
        columns = [TARGET, value]
        if len(frame.quantities) == 1:
            parts.append(Edge(m, (SOSA.observedProperty,), frame.quantities[0]))
        else:
            parts += [OneOf(quantity, frame.quantities), Edge(m, (SOSA.observedProperty,), quantity)]
            columns.insert(1, quantity)
        parts.append(Edge(m, (SOSA.hasSimpleResult,), value))
        on_run = (SOSA.usedProcedure, SOSA.resultTime, *(p for p, _ in frame.given))
        held = {p: self._holder(p, m, run) for p in on_run}
        if run in held.values():
            parts.append(Edge(m, (FG.run,), run))
        for p, name in ((SOSA.usedProcedure, Var("test")), (SOSA.resultTime, Var("date"))):
            holder = held[p]
            if holder is not None:
                parts.append(Edge(holder, (p,), name))
                columns.append(name)
        parts += [OneOf(Var("test"), frame.tests)] if frame.tests and held[SOSA.usedProcedure] else []
        for p, text in frame.given:
            parts += [Edge(held[p] or m, (p,), Var("given")), Compare(Var("given"), "=", Literal(text, _INTEGER))]
        descending = frame.descending if frame.descending is not None else True
        return QueryGraph(TARGET, tuple(parts), tuple(columns), order=Order(value, descending))

    def _holder(self, prop: Iri, m: Var, run: Var) -> Var | None:
        """Who states a property: the run, the measurement itself, or nobody."""
        if prop in self._shared:
            return run
        return m if any(f.predicate == prop for x in self.measurements.all[:1] for f in x.facts) else None

    @cached_property
    def _shared(self) -> frozenset[Iri]:
        """The properties that runs state for their measurements."""
        return frozenset(f.predicate for m in self.measurements.all for f in m.facts if m.run is not None and f.subject == m.run)


_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
