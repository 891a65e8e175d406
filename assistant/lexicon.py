"""Every name in the graph, compiled once: labels, aliases and short values, by their stems and by their squashed spelling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from assistant.detect import tokenize
from assistant.surfaces import surfaces
from assistant.types import Link, LinkKind
from assistant.wording import PLAIN, Wording
from graph.schema import Named, Schema
from graph.store import KnowledgeGraph
from graph.terms import ALIASES, DOAP, FG, LABELS, OWL, RDF, RDFS, SKOS, SOSA
from graph.types import XSD_STRING, Iri, Literal

MAX_WORDS = 7
_SCORES = {SKOS.altLabel: 0.97, SKOS.hiddenLabel: 0.93}
_SKIP_CLASSES = {
    OWL.Class, RDFS.Class, OWL.ObjectProperty, OWL.DatatypeProperty, FG.Level, FG.LevelWord, FG.Dataset, RDF.Property,
    OWL.Ontology, OWL.AnnotationProperty, FG.Document, FG.Passage, FG.Rule, DOAP.Version, SOSA.ObservableProperty, SOSA.Procedure,
}  # fmt: skip


def key(text: str) -> tuple[str, ...]:
    """The stems of a surface form."""
    return tuple(t.stem for t in tokenize(text))


def squash(text: str) -> str:
    """The letters and digits of a surface form, folded, without gaps."""
    return "".join(t.norm for t in tokenize(text))


@dataclass(frozen=True)
class Lexicon:
    """Surface forms -> links.

    ``classes_of``: entity -> its classes; ``labels``: any IRI -> its label; ``by_word``: a stem -> entities whose
    longer names hold it; ``by_squash``: letters and digits of a surface without gaps, for split spellings and typos;
    ``wording``: which words say nothing or little; ``foreign``: by language, a name in it -> the English name.
    """

    by_key: dict[tuple[str, ...], tuple[Link, ...]]
    by_squash: dict[str, tuple[Link, ...]]
    by_word: dict[str, tuple[Link, ...]]
    labels: dict[Iri, str]
    aliases: dict[Iri, tuple[str, ...]]
    classes_of: dict[Iri, frozenset[Iri]]
    phrasings: dict[Iri, tuple[str, ...]]
    kinds: dict[Iri, LinkKind] = field(default_factory=dict)
    wording: Wording = PLAIN
    foreign: dict[str, dict[str, str]] = field(default_factory=dict)
    look_up: Callable[[Iri], str | None] = lambda _: None

    @classmethod
    def compile(cls, kg: KnowledgeGraph, schema: Schema) -> Lexicon:
        return _Compiler(kg, schema).compile().over(kg)

    def over(self, kg: KnowledgeGraph) -> Lexicon:
        """The same names, those that are not compiled looked up in this graph."""

        def look_up(iri: Iri) -> str | None:
            rows = kg.query(f"SELECT ?l {kg.wrap(f'{iri.n3} {SKOS.prefLabel.n3} ?l')}").rows
            return min((r["l"].value for r in rows), default=None)

        return replace(self, look_up=lru_cache(maxsize=10_000)(look_up))

    def label(self, iri: Iri) -> str:
        return self.labels.get(iri) or iri.value.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1].replace("-", " ")

    def named(self, iri: Iri) -> str | None:
        """The label of a thing, looked up where it is not compiled (releases are many and only told); None where it has none."""
        return self.labels.get(iri) or self.look_up(iri)

    def is_a(self, iri: Iri, *classes: Iri) -> bool:
        return bool(self.classes_of.get(iri, frozenset()) & set(classes))

    def kind(self, thing: Iri, schema: Schema) -> Iri | None:
        """The class within which a thing is compared: the dataset's focus, else the smallest of its own."""
        if schema.focus is not None and self.is_a(thing, *schema.subclasses(schema.focus)):
            return schema.focus
        own = self.classes_of.get(thing, frozenset()) & set(schema.classes)
        return min(sorted(own), key=lambda c: (c == FG.Remark, schema.classes[c].count), default=None)


class _Compiler:
    def __init__(self, kg: KnowledgeGraph, schema: Schema) -> None:
        self.kg, self.schema, self.wording = kg, schema, Wording.read(kg, schema)
        self.surfaces: dict[tuple[str, ...], dict[tuple[Iri, LinkKind, Literal | None], Link]] = defaultdict(dict)
        self.squashed: dict[str, dict[tuple[Iri, LinkKind, Literal | None], Link]] = defaultdict(dict)
        self.words: dict[str, dict[Iri, Link]] = defaultdict(dict)
        self.labels: dict[Iri, str] = {}
        self.aliases: dict[Iri, list[str]] = defaultdict(list)
        self.phrasings: dict[Iri, tuple[str, ...]] = {}
        self.kinds: dict[Iri, LinkKind] = {}

    def compile(self) -> Lexicon:
        classes_of = self._classes_of()
        for info in self.schema.classes.values():
            self._named(info.named, "class")
        for prop in self.schema.properties.values():
            self._named(prop.named, "property")
            for said, score in surfaces(prop, self.wording).items():
                self._add(said, Link(prop.iri, prop.named.label, "property", score, "part of the name"))
        for level in self.schema.levels.values():
            self._named(level.named, "level")
        for word in self.schema.level_words:
            if not word.default:
                self._named(word.named, "level")
        self._entities(classes_of)
        self._values()
        return Lexicon(
            by_key={k: _ordered(v) for k, v in self.surfaces.items()},
            by_squash={k: _ordered(v) for k, v in self.squashed.items()},
            by_word={w: tuple(sorted(v.values(), key=lambda n: n.iri)) for w, v in self.words.items() if len(v) <= 4},
            labels=self.labels,
            aliases={i: tuple(a) for i, a in self.aliases.items()},
            classes_of=classes_of,
            phrasings=self.phrasings,
            kinds=self.kinds,
            wording=self.wording,
            foreign=self._foreign(),
        )

    def _classes_of(self) -> dict[Iri, frozenset[Iri]]:
        found: dict[Iri, set[Iri]] = defaultdict(set)
        for row in self.kg.query(f"SELECT ?s ?c {self.kg.wrap(f'?s a ?c FILTER(?c != {DOAP.Version.n3})')}"):
            s, c = row["s"], row["c"]
            if isinstance(s, Iri) and isinstance(c, Iri):
                found[s].add(c)
                info = self.schema.classes.get(c)
                found[s] |= info.parents if info else set()
        return {s: frozenset(c) for s, c in found.items()}

    def _named(self, named: Named, kind: LinkKind) -> None:
        self.labels[named.iri] = named.label
        self.phrasings[named.iri] = named.phrasings
        self.kinds[named.iri] = kind
        self._add(named.label, Link(named.iri, named.label, kind, 1.0))
        for alias in named.aliases:
            self.aliases[named.iri].append(alias)
            self._add(alias, Link(named.iri, named.label, kind, 0.97, "alias"))

    def _add(self, surface: str, link: Link) -> None:
        stems = key(surface)
        if not stems or len(stems) > MAX_WORDS:
            return
        ident = (link.iri, link.kind, link.value)
        for table, k in ((self.surfaces, stems), (self.squashed, squash(surface))):
            kept = table[k].get(ident)  # type: ignore[index]  # both tables are keyed by their own k
            if kept is None or kept.score < link.score:
                table[k][ident] = link  # type: ignore[index]

    def _entities(self, classes_of: dict[Iri, frozenset[Iri]]) -> None:
        values = " ".join(p.n3 for p in (*LABELS, *ALIASES, FG.phrasing))
        not_told = f"FILTER NOT EXISTS {{ ?x a {DOAP.Version.n3} }}"
        rows = self.kg.query(f"SELECT ?x ?p ?l {self.kg.wrap(f'VALUES ?p {{ {values} }} ?x ?p ?l {not_told}')}")
        texts: dict[Iri, dict[Iri, list[Literal]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            x, p, label = row["x"], row["p"], row["l"]
            if isinstance(x, Iri) and isinstance(p, Iri) and isinstance(label, Literal) and label.language[:2] in ("", "en"):
                texts[x][p].append(label)
        known = {*self.schema.classes, *self.schema.properties, *self.schema.levels}
        for x in sorted(texts):
            classes = classes_of.get(x, frozenset())
            if x not in known and not classes & _SKIP_CLASSES:
                self._entity(x, texts[x], classes)
            elif any(texts[x].get(p) for p in LABELS):  # named where it is told, though no question means it
                self.labels.setdefault(x, next(n.value for p in LABELS for n in sorted(texts[x].get(p, ()))))

    def _entity(self, x: Iri, texts: dict[Iri, list[Literal]], classes: frozenset[Iri]) -> None:
        kind: LinkKind = "aspect" if FG.Aspect in classes else "need" if FG.Need in classes else "entity"
        names = [n for p in LABELS for n in sorted(texts.get(p, ()))]
        if not names:
            return
        label = names[0].value
        self.labels[x], self.kinds[x] = label, kind
        self.phrasings[x] = tuple(n.value for n in sorted(texts.get(FG.phrasing, ())))
        for name in dict.fromkeys(n.value for n in names):
            self._add(name, Link(x, label, kind, 1.0))
            self._partial(name, Link(x, label, kind, 0.75, "part of the name"))
        for p, score in _SCORES.items():
            for alias in texts.get(p, ()):
                self.aliases[x].append(alias.value)
                self._add(alias.value, Link(x, label, kind, score, "alias"))

    def _partial(self, name: str, link: Link) -> None:
        tokens = tokenize(name)
        if link.kind == "entity" and len(tokens) > 1:
            for token in tokens:
                if token.norm not in self.wording.stop and len(token.norm) > 2:
                    self.words[token.stem][link.iri] = link

    def _foreign(self) -> dict[str, dict[str, str]]:
        """Names in other languages of what has an English name; of things that share one, the class or property comes first."""
        values = " ".join(p.n3 for p in (*LABELS, *ALIASES))
        found: dict[str, dict[str, str]] = defaultdict(dict)
        named: list[tuple[bool, Iri, Literal]] = []
        foreign = 'FILTER(LANG(?l) != "" && !LANGMATCHES(LANG(?l), "en"))'
        for row in self.kg.query(f"SELECT ?x ?l {self.kg.wrap(f'VALUES ?p {{ {values} }} ?x ?p ?l {foreign}')}"):
            x, label = row["x"], row["l"]
            if isinstance(x, Iri) and isinstance(label, Literal) and x in self.labels and label.language[:2] != "en":
                named.append((self.kinds.get(x) == "entity", x, label))
        for _, x, label in sorted(named):
            found[label.language[:2]].setdefault(label.value, self.labels[x])
        return dict(found)

    def _values(self) -> None:
        """Short string values ('oil on canvas') of properties that hold few of them are names as well."""
        for prop in self.schema.properties.values():
            if not prop.datatypes & {XSD_STRING, "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"}:
                continue
            rows = self.kg.query(f"SELECT DISTINCT ?o {self.kg.wrap(f'?s {prop.iri.n3} ?o')} LIMIT 2000").rows
            values = [r["o"] for r in rows if isinstance(r["o"], Literal)]
            for value in values:
                if len(value.value) <= 40 and any(c.isalpha() for c in value.value):
                    self._add(value.value, Link(prop.iri, value.value, "value", 0.9, "value", value))


def _ordered(links: dict[tuple[Iri, LinkKind, Literal | None], Link]) -> tuple[Link, ...]:
    return tuple(sorted(links.values(), key=lambda n: (-n.score, n.iri, n.kind)))
