"""What a graph can say, read from the graph itself: classes, properties, levels, labels, observed domains and ranges.

Nothing is declared by hand: a property's subjects, objects and datatypes are those that occur. Annotations of the
engine's vocabulary (statement templates, headline order, words for the ends of an order) are used where a dataset has them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property

from graph.store import KnowledgeGraph
from graph.terms import ALIASES, DCT, FG, LABELS, OWL, RDF, RDFS, SKOS, SOSA, XSDT
from graph.types import XSD, Iri, Literal, Term, is_true

_META = (RDF.type.value.rsplit("#", 1)[0], RDFS.base, OWL.base, SKOS.base, FG.base)
_META_CLASSES = {
    OWL.Class, RDFS.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.FunctionalProperty, OWL.Ontology,
    RDF.Property, RDF.Statement, FG.Level, FG.LevelWord, FG.Aspect, FG.Remark, FG.Claim, FG.Need, FG.Dataset, OWL.NamedIndividual,
    FG.Document, FG.Passage, FG.Rule, FG.Derivation, FG.Run, FG.Setup, SOSA.Observation, SOSA.ObservableProperty, SOSA.Procedure,
}  # fmt: skip
_DATES = {XSD + n for n in ("date", "dateTime", "gYear", "gYearMonth")}
_UNITED = re.compile(r"(.+?)\s*[(\[]([^)\]]+)[)\]]")  # 'height (m)': a name with its unit
_UNIT_TERMS = frozenset("unit units unittext unitcode hasunit uom".split())  # local names by which vocabularies state a unit
_NUMBERS = {XSD + n for n in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger", "positiveInteger", "short")}


@dataclass(frozen=True, slots=True)
class Named:
    """An IRI with the names people use for it."""

    iri: Iri
    label: str
    aliases: tuple[str, ...] = ()
    comment: str = ""
    phrasings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A class that has instances."""

    named: Named
    count: int
    parents: frozenset[Iri] = frozenset()

    @property
    def iri(self) -> Iri:
        return self.named.iri


@dataclass(frozen=True, slots=True)
class PropertyInfo:
    """A property in use. ``subjects`` and ``objects`` are observed classes; ``datatypes`` observed datatype IRIs.

    ``bounds``: properties whose values, versions of something, a value of this one ('>=3.10') allows or rules out.
    """

    named: Named
    count: int = 0
    subjects: frozenset[Iri] = frozenset()
    objects: frozenset[Iri] = frozenset()
    datatypes: frozenset[str] = frozenset()
    statement: str = ""
    headline: int | None = None
    functional: bool = False
    volatile: bool = False
    low: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    unit: str = ""
    bounds: frozenset[Iri] = frozenset()

    @property
    def iri(self) -> Iri:
        return self.named.iri

    @property
    def is_boolean(self) -> bool:
        return self.datatypes == {XSD + "boolean"}

    @property
    def is_date(self) -> bool:
        return bool(self.datatypes & _DATES)

    @property
    def is_number(self) -> bool:
        return bool(self.datatypes & _NUMBERS)

    @property
    def ordered(self) -> bool:
        return self.is_date or self.is_number


@dataclass(frozen=True, slots=True)
class LevelWord:
    """Words that ask for certain levels ("built in": core)."""

    named: Named
    covers: tuple[Iri, ...]
    default: bool


@dataclass(frozen=True)
class Schema:
    """The compiled schema. ``levels``: level property -> rank (0 = absent).

    ``counters``: property -> the one that says how many values of it there are, where the dataset has one (fg:counts).
    """

    classes: dict[Iri, ClassInfo]
    properties: dict[Iri, PropertyInfo]
    levels: dict[Iri, PropertyInfo] = field(default_factory=dict)
    ranks: dict[Iri, int] = field(default_factory=dict)
    level_words: tuple[LevelWord, ...] = ()
    counters: dict[Iri, Iri] = field(default_factory=dict)
    focus: Iri | None = None

    @classmethod
    def read(cls, kg: KnowledgeGraph) -> Schema:
        """Read the schema of an opened graph in a handful of queries."""
        return _Reader(kg).read()

    def is_level(self, iri: Iri) -> bool:
        return iri in self.levels

    def property(self, iri: Iri) -> PropertyInfo:
        return self.properties.get(iri) or self.levels[iri]

    def first_headline(self) -> PropertyInfo | None:
        """The property that is told first of a thing, where a dataset ranks them."""
        ranked = (p for p in self.properties.values() if p.headline is not None)
        return min(ranked, key=lambda p: p.headline or 0, default=None)

    def default_levels(self) -> tuple[Iri, ...]:
        for word in self.level_words:
            if word.default:
                return word.covers
        return tuple(sorted(i for i in self.levels if self.ranks.get(i, 0) > 0))

    def subclasses(self, iri: Iri) -> tuple[Iri, ...]:
        """The class and all below it that have instances."""
        return self._below.get(iri) or (iri,)

    @cached_property
    def _below(self) -> dict[Iri, tuple[Iri, ...]]:
        below: dict[Iri, list[Iri]] = {}
        for c in self.classes.values():
            for parent in c.parents - {c.iri}:
                below.setdefault(parent, []).append(c.iri)
        return {parent: (parent, *sorted(found)) for parent, found in below.items()}


class _Reader:
    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg = kg
        self.texts: dict[Iri, dict[Iri, list[Term]]] = defaultdict(lambda: defaultdict(list))

    def read(self) -> Schema:
        class_counts = self._counts("?s a ?x")
        property_counts = self._counts("?s ?x ?o")
        self._annotations()
        parents = self._parents()
        class_counts = self._with_kinds(class_counts, parents)
        levels = {i for i, t in self.texts.items() if FG.Level in t[RDF.type]}
        classes = {i: ClassInfo(self.named(i), n, parents.get(i, frozenset())) for i, n in class_counts.items() if i not in _META_CLASSES}
        domain = {i for i in property_counts if i in levels or not i.value.startswith(_META)}
        domain -= {*LABELS, *ALIASES, *self._text_only(domain)}
        subjects, objects, datatypes = self._observed()
        for classes_seen in (*subjects.values(), *objects.values()):  # what a kind of thing has, things of the wider class have
            classes_seen |= {up for c in classes_seen for up in parents.get(c, ()) if up in class_counts and up != SKOS.Concept}
        infos = {
            i: self._property(i, property_counts[i], subjects[i] - _META_CLASSES, objects[i] - _META_CLASSES, datatypes[i])
            for i in sorted(domain)
            if subjects[i] - _META_CLASSES or not subjects[i]
        }
        focus = next((o for t in self.texts.values() for o in t[FG.focusClass] if isinstance(o, Iri)), None)
        return Schema(
            classes=dict(sorted(classes.items())),
            properties={i: p for i, p in infos.items() if i not in levels},
            levels={i: self._property(i, property_counts.get(i, 0), subjects[i], objects[i], frozenset()) for i in sorted(levels)},
            ranks={i: int(str(self.texts[i][FG.rank][0])) for i in levels if self.texts[i][FG.rank]},
            level_words=self._level_words(),
            counters={o: i for i, t in sorted(self.texts.items()) if i in infos for o in t[FG.counts] if isinstance(o, Iri)},
            focus=focus or self._central(classes, infos),
        )

    def _counts(self, pattern: str) -> dict[Iri, int]:
        rows = self.kg.query(f"SELECT ?x (COUNT(*) AS ?n) {self.kg.wrap(pattern)} GROUP BY ?x")
        return {r["x"]: int(r["n"].value) for r in rows if isinstance(r.get("x"), Iri)}

    def _annotations(self) -> None:
        """All texts and engine annotations of classes, properties and levels (subjects typed by a meta class or used as such)."""
        types = " ".join(t.n3 for t in sorted(_META_CLASSES - {FG.Remark, FG.Claim, RDF.Statement}))
        typed = f"?s a ?t . VALUES ?t {{ {types} }} ?s ?p ?o"
        used = "{ SELECT DISTINCT ?s { { ?x a ?s } UNION { ?x ?s ?y } } } ?s ?p ?o"
        for body in (typed, used):
            for row in self.kg.query(f"SELECT DISTINCT ?s ?p ?o {self.kg.wrap(body)}"):
                s, p, o = row["s"], row["p"], row["o"]
                if isinstance(s, Iri) and isinstance(p, Iri) and o not in self.texts[s][p]:
                    self.texts[s][p].append(o)

    def _parents(self) -> dict[Iri, frozenset[Iri]]:
        direct = {i: {o for o in t[RDFS.subClassOf] if isinstance(o, Iri)} for i, t in self.texts.items()}
        result: dict[Iri, frozenset[Iri]] = {}
        for start in direct:
            seen: set[Iri] = set()
            queue = [start]
            while queue:
                for up in direct.get(queue.pop(), ()):
                    if up not in seen:
                        seen.add(up)
                        queue.append(up)
            result[start] = frozenset(seen)
        return result

    def _with_kinds(self, counts: dict[Iri, int], parents: dict[Iri, frozenset[Iri]]) -> dict[Iri, int]:
        """Classes that have things only through the classes below them count those."""
        found = dict(counts)
        for low, n in counts.items():
            for up in parents.get(low, ()):
                if up not in counts and any(self.texts[up][p] for p in LABELS):
                    found[up] = found.get(up, 0) + n
        return found

    def _text_only(self, domain: set[Iri]) -> set[Iri]:
        """Description-like properties: they are shown, not asked by value."""
        return {i for i in domain if i in (DCT.description, RDFS.comment, SKOS.definition)}

    def _observed(self) -> tuple[defaultdict[Iri, set[Iri]], defaultdict[Iri, set[Iri]], defaultdict[Iri, frozenset[str]]]:
        subjects: defaultdict[Iri, set[Iri]] = defaultdict(set)
        objects: defaultdict[Iri, set[Iri]] = defaultdict(set)
        datatypes: defaultdict[Iri, frozenset[str]] = defaultdict(frozenset)
        for row in self.kg.query(f"SELECT DISTINCT ?p ?c {self.kg.wrap('?s ?p ?o . ?s a ?c')}"):
            subjects[row["p"]].add(row["c"])
        for row in self.kg.query(f"SELECT DISTINCT ?p ?c {self.kg.wrap('?s ?p ?o . ?o a ?c')}"):
            objects[row["p"]].add(row["c"])
        for row in self.kg.query(f"SELECT DISTINCT ?p (DATATYPE(?o) AS ?d) {self.kg.wrap('?s ?p ?o FILTER(isLiteral(?o))')}"):
            if "d" in row:
                datatypes[row["p"]] |= {row["d"].value}
        return subjects, objects, datatypes

    def _strings(self, iri: Iri, *properties: Iri) -> tuple[str, ...]:
        found = [o for p in properties for o in self.texts[iri][p] if isinstance(o, Literal) and o.language[:2] in ("", "en")]
        return tuple(dict.fromkeys(o.value for o in sorted(found)))

    def named(self, iri: Iri) -> Named:
        labels = [s for p in LABELS for s in self._strings(iri, p)]
        label = labels[0] if labels else words_of(iri)
        aliases = tuple(dict.fromkeys([*labels[1:], *self._strings(iri, *ALIASES)]))
        comment = next(iter(self._strings(iri, RDFS.comment, SKOS.definition, DCT.description)), "")
        return Named(iri, label, tuple(a for a in aliases if a != label), comment, self._strings(iri, FG.phrasing))

    def _property(self, iri: Iri, count: int, subjects: set[Iri], objects: set[Iri], datatypes: frozenset[str]) -> PropertyInfo:
        texts = self.texts[iri]
        headline = next((int(str(o)) for o in texts[FG.headline]), None)
        if XSDT.boolean in texts[RDFS.range]:
            datatypes = frozenset({XSD + "boolean"})  # also where a store keeps truth values as numbers
        named, unit = self.named(iri), self._unit(iri)
        united = _UNITED.fullmatch(named.label) if datatypes & _NUMBERS else None
        if united:
            named, unit = replace(named, label=united[1], aliases=(*named.aliases, named.label)), unit or united[2]
        return PropertyInfo(
            named=named,
            count=count,
            subjects=frozenset(subjects),
            objects=frozenset(objects),
            datatypes=datatypes,
            statement=next(iter(self._strings(iri, FG.statement)), ""),
            headline=headline,
            functional=any(is_true(o) for o in texts[FG.functional]) or OWL.FunctionalProperty in texts[RDF.type],
            volatile=any(is_true(o) for o in texts[FG.volatile]),
            low=self._strings(iri, FG.lowWord),
            high=self._strings(iri, FG.highWord),
            unit=unit,
            bounds=frozenset(o for o in texts[FG.bounds] if isinstance(o, Iri)),
        )

    def _unit(self, iri: Iri) -> str:
        """The unit that a vocabulary states of a property, as text or by the name of a unit's IRI; '' where none does."""
        for p, values in sorted(self.texts[iri].items()):
            if words_of(p).replace(" ", "") in _UNIT_TERMS and values:
                first = min(values, key=str)
                return first.value.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
        return ""

    def _level_words(self) -> tuple[LevelWord, ...]:
        found = []
        for iri, texts in sorted(self.texts.items()):
            if FG.LevelWord in texts[RDF.type]:
                covers = tuple(sorted(o for o in texts[FG.covers] if isinstance(o, Iri)))
                found.append(LevelWord(self.named(iri), covers, any(is_true(o) for o in texts[FG.default])))
        return tuple(found)

    def _central(self, classes: dict[Iri, ClassInfo], properties: dict[Iri, PropertyInfo]) -> Iri | None:
        """Without a declared focus: the class with the most properties, then the most instances."""
        used = {c: sum(c in p.subjects for p in properties.values()) for c in classes}
        return max(sorted(classes), key=lambda c: (used[c], classes[c].count), default=None)


def words_of(iri: Iri) -> str:
    """The words of an IRI's local name: 'madeIn' -> 'made in', 'flask_login' -> 'flask login'."""
    local = iri.value.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
    spaced = "".join(f" {c}" if c.isupper() and i and not local[i - 1].isupper() else c for i, c in enumerate(local))
    return " ".join(spaced.replace("_", " ").replace("-", " ").split()).lower() if not spaced.isupper() else spaced
