"""What a thing lacks and who supplies it: packages that point at both the thing and the feature."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.draft import Draft
from assistant.lexicon import Lexicon
from graph.schema import Schema
from graph.types import Fact, Iri

MOST = 6


@dataclass
class Supply:
    """Packages with the facts that tie them to a thing and a feature."""

    things: list[Iri] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.things)


class Gaps:
    """Finds suppliers in one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon) -> None:
        self.schema, self.lexicon = schema, lexicon

    def suppliers(self, draft: Draft, thing: Iri, feature: Iri, most: int = MOST) -> Supply:
        """At most ``most`` packages that extend the thing and add the feature, by IRI; empty where none is stated."""
        levels = ", ".join(i.n3 for i in sorted(self.schema.levels))
        apart = f"FILTER(?q NOT IN ({levels}))" if levels else ""
        body = f"?e ?p {thing.n3} . ?e ?q {feature.n3} . FILTER(?p != ?q) {apart} FILTER(isIRI(?e))"
        found = Supply()
        for row in draft.ask(f"SELECT DISTINCT ?e ?p ?q {draft.kg.wrap(body)} ORDER BY ?e LIMIT 20"):
            e, p, q = row["e"], row["p"], row["q"]
            known = isinstance(e, Iri) and isinstance(p, Iri) and isinstance(q, Iri)
            if known and p in self.schema.properties and q in self.schema.properties and e not in found.things and len(found.things) < most:
                found.things.append(e)
                found.facts += [Fact(e, p, thing), Fact(e, q, feature)]
        return found
