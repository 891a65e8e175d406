"""Candidates for facts: a property of a thing, named by a word or by the sense of the whole ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.frames import Candidate, FactFrame
from assistant.grammar import Builder, Grammar, var_name
from assistant.phrase import ENDS, asked
from assistant.scan import Scan
from assistant.semantic import PropertySense
from assistant.types import Edge, Link, Node, OneOf, Part, QueryGraph, Var
from assistant.words import QUESTION_WORDS, join
from graph.schema import PropertyInfo
from graph.types import Iri

NEAR_ENOUGH = 0.72  # likeness of sense from which words that no wording of a property uses do not matter
MOST = 8  # things that are looked at
STRANGE = 0.1  # what each of them takes from it else
AGAINST = 0.35  # cost of reading a property the other way round than its words lead
NAMED = 3  # for how many of them the name of another thing counts


class FactBuilder(Builder):
    """Builds fact candidates for one opened graph."""

    def __init__(self, grammar: Grammar, sense: PropertySense) -> None:
        super().__init__(grammar)
        self.sense = sense

    def facts(self, scan: Scan) -> Iterator[Candidate]:
        """property of thing: named by a word, or by the sense of the whole ask."""
        anchors = self._anchors(scan)
        nouns = self._by_range(scan)
        named = [*scan.links("property"), *nouns]
        for i, anchor in anchors[:MOST]:
            mine = [(j, p) for j, p in named if j != i]
            for j, p in mine:
                yield from self._fact(scan, ((i, anchor),), ((j, p),), 0.0, nouns)
            together = [(j, p) for j, p in mine if self._could_be_asked(anchor.iri, p.iri)]
            firsts = {j: (j, p) for j, p in reversed(together)}
            if len(firsts) > 1 and self._conjoined(scan, sorted(firsts)):
                yield from self._fact(scan, ((i, anchor),), tuple(firsts[j] for j in sorted(firsts)), -0.02, nouns)
            for prop, score in self.sense.nearest(scan, (anchor.iri,)):
                link = Link(prop, self.lexicon.label(prop), "property", self._doubted(scan, i, prop, score), "meaning")
                yield from self._fact(scan, ((i, anchor),), ((-1, link),), 0.0)
        yield from self._who_and_when(scan, anchors)
        peers = self.grammar.peers(scan)
        if len(peers) > 1:
            for j, p in named:
                if j not in {i for i, _ in peers}:
                    yield from self._fact(scan, tuple(peers), ((j, p),), 0.027 if p.how == "range" else 0.0, nouns)
            several = {j: (j, p) for j, p in reversed(named) if self._could_be_asked(peers[0][1].iri, p.iri) and j not in dict(peers)}
            if len(several) > 1:
                yield from self._fact(scan, tuple(peers), tuple(several[j] for j in sorted(several)), -0.02, nouns)

    def questions(self, scan: Scan) -> list[str]:
        """The masked questions by which ``facts`` looks for properties."""
        return [self.sense.masked(scan, (anchor.iri,)) for _, anchor in self._anchors(scan)[:MOST]]

    def _anchors(self, scan: Scan) -> list[tuple[int, Link]]:
        behind = {j for _, j in scan.glued}
        return [(i, a) for i, a in scan.links("entity") if i not in behind]

    def _doubted(self, scan: Scan, anchor: int, prop: Iri, score: float) -> float:
        """A likeness of sense, less for each word of weight that no wording of the property uses, unless it is near enough."""
        if score >= NEAR_ENOUGH:
            return score
        known = self.sense.words(prop)
        asked = [(t, k) for t, k in enumerate(scan.tokens) if t not in scan.inside(anchor) and not k.norm.endswith("ly")]
        strange = [t for t, k in asked if scan.weight(t) >= 1.0 and k.stem not in known]
        named = set().union(*(scan.inside(i) for i, n in scan.links("entity") if n.score >= 0.95))
        return round(score * max(0.0, 1 - STRANGE * sum(NAMED if t in named else 1 for t in strange)), 3)

    def _could_be_asked(self, thing: Iri, prop: Iri) -> bool:
        info = self.schema.properties.get(prop)
        return info is not None and (self.connections.holds(thing, prop) or self._may_have(thing, info, False))

    def _conjoined(self, scan: Scan, mentions: list[int]) -> bool:
        """Whether an 'and' or a comma stands between the mentions, so that each is asked for."""
        first, last = scan.mentions[mentions[0]], scan.mentions[mentions[-1]]
        between = scan.question[first.end : last.start]
        joined = any(scan.tokens[o.first].start in range(first.end, last.start) for o in scan.ops if o.kind == "and")
        return joined or bool(set(between) & set(",+&"))

    def _by_range(self, scan: Scan) -> list[tuple[int, Link]]:
        """A class noun asks for the property whose values are of that class ('which category is X': category)."""
        found = []
        for i, link in scan.links("class"):
            for info in self.schema.properties.values():
                if (
                    link.iri != self.schema.focus
                    and link.iri in info.objects
                    and not any(n.iri == info.iri for n in scan.mentions[i].links)
                    and info.headline is not None
                ):
                    found.append((i, Link(info.iri, info.named.label, "property", link.score * 0.97, "range")))
        return found

    def _who_and_when(self, scan: Scan, anchors: list[tuple[int, Link]]) -> Iterator[Candidate]:
        """'who made it and when?': the nearest property of persons or things, and the nearest date."""
        if not (
            (scan.cues.when and (scan.cues.who or scan.cues.where) and any(o.kind == "and" for o in scan.ops))
            or (scan.cues.when and scan.cues.who)
        ):
            return
        for i, anchor in anchors[:3]:
            near = self.sense.nearest(scan, (anchor.iri,), 8)
            dates = [(p, s) for p, s in near if self.schema.properties[p].is_date]
            others = [(p, s) for p, s in near if not self.schema.properties[p].is_date]
            named = [(n.iri, n.score) for j, n in scan.links("property") if j != i and self.connections.holds(anchor.iri, n.iri)]
            others = [n for n in named if not self.schema.properties[n[0]].is_date] or others
            if dates and others:
                pair = tuple((-1, Link(p, self.lexicon.label(p), "property", max(s, 0.6), "meaning")) for p, s in (others[0], dates[0]))
                for made in self._fact(scan, ((i, anchor),), pair, -0.08):
                    yield replace(made, mentions=made.mentions | {j for j, n in scan.links("property") if n.iri == others[0][0]})

    def _fact(
        self, scan: Scan, anchors: tuple[tuple[int, Link], ...], props: tuple[tuple[int, Link], ...], cost: float,
        nouns: Sequence[tuple[int, Link]] = (),
    ) -> Iterator[Candidate]:  # fmt: skip
        """The readings either way; ``nouns`` are class nouns that ask for a property, explained where a word of the ask names it too."""
        for inverse in (False, True):
            infos = [self.schema.properties.get(p.iri) for _, p in props]
            if any(info is None for info in infos) or (inverse and len(props) > 1):
                continue
            fits = all(self._may_have(a.iri, info, inverse) for _, a in anchors for info in infos if info)
            known = any(self.connections.holds(a.iri, p.iri, inverse) for _, a in anchors for _, p in props)
            meant = any(j < 0 for j, _ in props)
            if not (known or (fits and not inverse and not meant)):
                continue
            frame = FactFrame(tuple(a.iri for _, a in anchors), tuple(p.iri for _, p in props), inverse)
            used = frozenset(i for i, _ in (*anchors, *props) if i >= 0)
            used |= {j for j, n in nouns if any(n.iri == p.iri for i, p in props if i >= 0)}  # 'which L is X built on'
            sense = min((p.score for j, p in props if j < 0), default=1.0)
            again = {j for j, n in scan.links("property") if any(n.iri == p.iri for _, p in props)}
            doubt = AGAINST if self._against(scan, anchors, props, inverse) else 0.0
            doubt += 0.25 if len(anchors) == 1 and len(again) > len(props) and meant is False else 0.0  # 'P of what is P of X'
            iris = [p.iri for _, p in props]
            tokens = self.sense_tokens(scan, sense if meant else 0.0, frozenset(iris)) | self.grammar.spoken(scan, iris)
            yield Candidate(
                "fact", frame, self.english(frame), self.graph(frame), used, tokens,
                tuple((i, n) for i, n in (*anchors, *props) if i >= 0),
                doubt + cost + (0.0 if known else 0.12) + (0.03 if inverse else 0.0),
                features={"sense": sense, "number": float(all(i.is_number for i in infos if i))},
            )  # fmt: skip

    def _against(self, scan: Scan, anchors: tuple[tuple[int, Link], ...], props: tuple[tuple[int, Link], ...], inverse: bool) -> bool:
        """'which Ls rely on X' is no 'what X relies on': whether a property's words with their preposition lead the other way."""
        i, prop = anchors[0][0], props[0][1]
        if len(anchors) > 1 or len(props) > 1 or i < 0 or not scan.tokens or scan.tokens[0].norm not in QUESTION_WORDS:
            return False
        for j in {j for j, n in scan.links("property") if n.iri == prop.iri and j != i}:
            last = max(scan.inside(j), default=-1)
            if last >= 0 and scan.tokens[last].norm in ENDS - {"of"}:
                behind = scan.first_token(i) == last + 1
                return behind if not inverse else not behind and last == len(scan.tokens) - 1
        return False

    def _may_have(self, thing: Iri, info: PropertyInfo, inverse: bool) -> bool:
        classes = info.objects if inverse else info.subjects
        return bool(self.lexicon.classes_of.get(thing, frozenset()) & classes)

    def sense_tokens(self, scan: Scan, sense: float, asked: frozenset[Iri] = frozenset()) -> frozenset[int]:
        """Words explained by the sense of the whole ask: all but names where the sense is near, none where it is far.

        The name of a property is explained by no other that is ``asked``.
        """
        if sense < 0.5:
            return frozenset()
        names = [i for i, m in enumerate(scan.mentions) if m.best.kind in ("entity", "class", "value")]
        if asked:
            names += [i for i, m in enumerate(scan.mentions) if self._other_name(scan, i, asked)]
        taken = set().union(*(scan.inside(i) for i in names)) if names else set()
        rest = [t for t in range(len(scan.tokens)) if t not in taken]
        return frozenset(rest)

    def _other_name(self, scan: Scan, i: int, asked: frozenset[Iri]) -> bool:
        """Whether a mention names another property, in words of more than one."""
        m = scan.mentions[i]
        named = m.best.kind == "property" and m.best.score > 0.9 and len(scan.inside(i)) > 1
        return named and not any(n.iri in asked for n in m.links)

    def english(self, frame: FactFrame) -> str:
        """'the licence of X and Y'."""
        props = join([self.lexicon.label(p) for p in frame.properties])
        things = join([self.lexicon.label(a) for a in frame.anchors])
        if len(frame.properties) == 1:
            return asked(self.schema.property(frame.properties[0]), things, len(frame.anchors) > 1, frame.inverse)
        return f"the {props} of {things}"

    def graph(self, frame: FactFrame) -> QueryGraph:
        """The values of each property of each anchor."""
        names = [Var(var_name(self.lexicon.label(p), n)) for n, p in enumerate(frame.properties)]
        start: Node = frame.anchors[0] if len(frame.anchors) == 1 else Var("thing")
        parts: list[Part] = [] if len(frame.anchors) == 1 else [OneOf(Var("thing"), frame.anchors)]
        for name, prop in zip(names, frame.properties, strict=True):
            parts.append(Edge(name, (prop,), start) if frame.inverse else Edge(start, (prop,), name))
        columns = (*(() if len(frame.anchors) == 1 else (Var("thing"),)), *names)
        return QueryGraph(names[0], tuple(parts), columns)
