"""What each mention of an ask may say as a condition on the things asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from assistant.frames import Constraint
from assistant.grammar import that
from assistant.ordering import OrderBuilder
from assistant.phrase import ENDS, form
from assistant.scan import Scan
from assistant.types import Link, Mention, Node, OneOf, Var
from assistant.words import COUNT_WORDS, fold
from graph.schema import PropertyInfo
from graph.types import Iri

MAX_PRODUCT = 24  # combinations of links and paths tried for one target


class ConditionBuilder(OrderBuilder):
    """Builds conditions for one opened graph."""

    def choices(self, scan: Scan, target: int, cls: Iri | None, node: Node, subject: int = -1, skip: frozenset[int] = frozenset(),
        ranges: bool = True) -> Iterator[tuple[Constraint, ...]]:  # fmt: skip
        """Each way to read the other mentions (but those to ``skip``) as conditions, most likely first."""
        levels = self.grammar.levels(scan)
        peers = {i for i, _ in self.grammar.peers(scan)} if target == -2 else set()
        hints = frozenset(n.iri for i, n in scan.links("property") if i != target)
        same = self._same(scan, node, cls)
        alike = same.mentions if same else frozenset()
        limits = [c for op in scan.ops if op.kind == "compare" and ranges for c in self._range(scan, op, cls, node)[:1]]
        bounded = frozenset().union(*(c.mentions for c in limits if any(isinstance(p, OneOf) for p in c.parts)))
        options: list[list[Constraint | None]] = []
        for i, mention in enumerate(scan.mentions):
            if i in (target, subject) or i in peers or i in skip or self._ruled_out(scan, i, cls) or self.grammar.compared(scan, i):
                continue
            if (subject, i) in scan.glued or (i in {j for _, j in scan.glued} and not any(n.kind == "property" for n in mention.links)):
                continue
            if i in alike or i in bounded:
                continue
            found = self._conditions(scan, i, mention, cls, node, levels, hints)
            if found:
                options.append([*found[:3]])
        limits += [same] if same else []
        for combo in islice(product(*options), MAX_PRODUCT):
            chosen = self._unhinted([c for c in combo if c is not None])
            told = frozenset().union(*(c.tokens for c in chosen))
            yield (*chosen, *(c for c in limits if not (c.tokens and c.tokens <= told)))

    def _same(self, scan: Scan, node: Node, cls: Iri | None) -> Constraint | None:
        """'the same P as X'."""
        words = [t.norm for t in scan.tokens]
        at = self._alike(words)
        if at is None or not isinstance(node, Var):
            return None
        known = [(i, n) for i, n in scan.links("property") if n.iri in self.schema.properties]
        beside: frozenset[int] = frozenset()
        near = at + 2 if words[at] in ("same", "share", "shares") else len(words)
        props = [(i, n) for i, n in known if at < scan.first_token(i) <= near]
        things = [(i, n) for i, n in scan.links("entity") if scan.first_token(i) > at and n.score > 0.7 and (not props or i != props[0][0])]
        if not props and things and words[at + 1 : at + 2] in (["year"], ["date"], ["day"]):
            dates = [self.schema.properties[n.iri] for _, n in known if self.schema.properties[n.iri].is_date]
            dates += sorted((p for p in self.schema.properties.values() if p.is_date and p.headline), key=lambda p: p.headline or 0)
            held = [p for p in dates if self.connections.holds(things[0][1].iri, p.iri)]
            props = [(-1, Link(p.iri, p.named.label, "property", 1.0)) for p in held[:1]]
        if not props and things:
            nouns = {n.iri: i for i, n in scan.links("class") if at < scan.first_token(i) <= at + 2}
            props = [(i, n) for i, n in known if set(nouns) & self.schema.properties[n.iri].objects][:1]
            beside = frozenset(nouns.values())
        own = {*self.schema.subclasses(cls)} if cls is not None else set()
        if not props or not things or (own and not own & self.schema.properties[props[0][1].iri].subjects):
            return None
        (i, prop), (j, thing) = props[0], things[0]
        tokens = frozenset({at, at + 1}) | self.grammar.spoken(scan, [prop.iri])
        tokens |= frozenset(t for t, w in enumerate(words) if w in ("also", "else", "released", "share", "shares"))
        return self.constrain.same(node, prop, thing, frozenset({i, j} - {-1}) | beside, tokens)

    def _alike(self, words: list[str]) -> int | None:
        """Where an ask speaks of what two things share: 'the same P as X', 'whose P also made X', 'what else has the P of X'."""
        if "same" in words and "as" in words[words.index("same") :]:
            return words.index("same")
        if words[:1] == ["whose"] and "also" in words:
            return 0
        verbs = [t for t, w in enumerate(words) if w in ("share", "shares") and words[t + 1 : t + 2] != ["of"]]
        shared = next((t for t in verbs if "with" in words[t + 1 :]), None)
        if shared is not None:  # 'share their P with X'
            return shared
        return words.index("else") if "else" in words else None

    def _unhinted(self, combo: list[Constraint]) -> list[Constraint]:
        """A mention that names the property of another condition is no condition of its own; what is said twice is said once."""
        told: dict[object, Constraint] = {}
        for n, c in enumerate(combo):
            ident: object = (c.wanted.iri, c.negated, c.levels) if c.wanted and c.levels else n
            known = told.get(ident)
            told[ident] = replace(c, mentions=c.mentions | known.mentions) if known else c
        combo = [*told.values()]
        return [c for c in combo if not any(c is not other and c.mentions < other.mentions for other in combo)]

    def _conditions(
        self, scan: Scan, i: int, mention: Mention, cls: Iri | None, node: Node, levels: tuple[int, Link] | None, hints: frozenset[Iri]
    ) -> list[Constraint]:
        negated = self.grammar.negated(scan, i) or self.grammar.excluded(scan, i)
        levels = self.grammar.level_of(scan, i) if levels else None
        found: list[Constraint] = []
        counted = self._counted(scan, i, mention, cls, node)
        if counted:
            return counted
        repeated = any(n.kind == "class" and n.iri in (cls, self.schema.focus) for n in mention.links)
        for link in mention.links[:5]:
            if repeated and link.kind == "entity":
                continue  # 'framework' as a concept is not a condition on frameworks
            loss = (1.0 - link.score) * 0.3
            if link.kind == "entity":
                if self.constrain.is_feature(link.iri) and self._by_level(cls, link.iri):
                    covers = self.grammar.covers(levels[1]) if levels else None
                    made = self.constrain.feature(node, link, i, covers, negated)
                    found.append(
                        replace(made, mentions=made.mentions | self._level(scan, levels), cost=made.cost + loss)
                    )
                    continue
                ahead = self._ahead(scan, i)
                made_all = self.constrain.thing(node, cls, link, i, hints, negated, ahead)
                made_all = made_all or self._through(scan, i, link, cls, hints, negated)
                if cls is not None and cls == self.schema.focus and self.grammar.is_a(link.iri, cls):  # framework to framework, unsaid how
                    made_all = [
                        replace(c, cost=c.cost + (0.0 if c.property in hints or self._other_role(link, c, cls) else 0.2)) for c in made_all
                    ]
                made_all = [replace(c, cost=c.cost + self.against(scan, i, c)) for c in made_all]
                made_all = self._twice(scan, i, link, cls, node, negated) or made_all
                used = self._hinting(scan, i, made_all)
                found += [replace(c, cost=c.cost + loss, mentions=c.mentions.union(*(used.get(p, ()) for p in _path(c)))) for c in made_all]
            elif link.kind == "value":
                found.append(replace(self.constrain.value(node, link, i, negated), cost=0.02 + loss))
            elif link.kind == "class" and cls is not None and link.iri != cls:
                made_all = self.constrain.other_class(node, cls, link, i, negated)
                found += [*(self._ranged(scan, i, link, made_all) if not negated else ()), *made_all]
            elif link.kind == "property":
                found += [replace(c, cost=c.cost + loss) for c in self._stated(scan, i, link, cls, node, negated)]
        return sorted(found, key=lambda c: c.cost)

    def _ranged(self, scan: Scan, i: int, link: Link, made: list[Constraint]) -> list[Constraint]:
        """'with a release in March 2025': a range that stands behind the noun of another class speaks of its things."""
        after = max(scan.inside(i), default=-9) + 1
        op = next((o for o in scan.ops if o.kind == "compare" and o.value and after <= o.first <= after + 2), None)
        found = self._range(scan, op, link.iri, Var(f"c{i}"))[:1] if op else []
        return [
            replace(c, parts=(*c.parts, *r.parts), english=f"{c.english} {r.english}", tokens=r.tokens, mentions=c.mentions | r.mentions,
                    cost=c.cost - 0.06)
            for c in made for r in found
        ]  # fmt: skip

    def _ahead(self, scan: Scan, i: int) -> frozenset[Iri]:
        """The properties that are named before a mention, with no 'and', 'or', 'but' or comma between."""
        first = scan.first_token(i)
        found = set()
        for j, n in scan.links("property"):
            after = max(scan.inside(j), default=-1) + 1
            joined = any(o.kind in ("and", "or", "but") and after <= o.first < first for o in scan.ops)
            if after <= first and not joined and "," not in scan.question[scan.mentions[j].end : scan.mentions[i].start]:
                found.add(n.iri)
        return frozenset(found)

    def _twice(self, scan: Scan, i: int, link: Link, cls: Iri | None, node: Node, negated: bool) -> list[Constraint]:
        """'built on something that is built on X': a property that is named twice leads two steps to the thing."""
        named: dict[Iri, list[int]] = {}
        for j, n in scan.links("property"):
            if scan.first_token(j) < scan.first_token(i) and j not in named.setdefault(n.iri, []):
                named[n.iri].append(j)
        for prop, at in named.items():
            info = self.schema.properties.get(prop)
            between = {scan.tokens[t].norm for t in range(scan.first_token(at[0]), scan.first_token(at[-1]))}
            fits = info is not None and info.subjects & info.objects and (cls is None or cls in info.subjects)
            if len(at) > 1 and fits and between & _SOMETHING:
                return [replace(self.constrain.twice(node, prop, link, i, negated), mentions=frozenset({i, *at}))]
        return []

    def _stated(self, scan: Scan, i: int, link: Link, cls: Iri | None, node: Node, negated: bool) -> list[Constraint]:
        """'electrified', 'not staffed'; 'with no manager', 'never prescribed': a property that is true, or that has no value."""
        info = self.schema.properties.get(link.iri)
        if info is None or cls is None:
            return []
        own = {*self.schema.subclasses(cls)}
        if info.is_boolean:
            turned = negated is not self._undone(scan, i, info)
            return [self.constrain.truth(node, info, i, turned)] if info.subjects & own else []
        inverse = not info.subjects & own
        if not negated or (inverse and not info.objects & own):
            return []
        made = self.constrain.has(node, info, i, True, inverse, scan.mentions[i].text(scan.question))
        other = info.subjects if inverse else info.objects
        nouns = {j for j, n in scan.links("class") if j > i and n.iri in other and n.iri not in own}
        return [replace(made, mentions=made.mentions | nouns)]

    def _undone(self, scan: Scan, i: int, info: PropertyInfo) -> bool:
        """'unstaffed', 'out of order': the name of what is true or false says here that it is false."""
        names = {fold(n) for n in (info.named.label, *info.named.aliases)}
        text, first = fold(scan.mentions[i].text(scan.question)), scan.first_token(i)
        ahead = [t.norm for t in scan.tokens[max(0, first - 2) : first]]
        return ahead == ["out", "of"] or (text.startswith("un") and text[2:] in names)

    def against(self, scan: Scan, i: int, c: Constraint) -> float:
        """What it costs to read a participle against its direction: 'inspired X' and 'X is inspired by' are not 'inspired by X'."""
        if self._acting(scan, i) and c.property in self.schema.properties and len(c.via) < 2:
            said = self.schema.properties[c.property].statement.split()
            acts = said[:1] == ["{s}"] and said[1:2] not in (["is"], ["was"], ["has"], ["can"], ["The"])
            return 0.12 if acts and not c.inverse else 0.0
        for j, link in scan.links("property"):
            info = self.schema.properties.get(link.iri)
            if link.iri == c.property and j != i and info is not None and form(info.named.label) == "participle":
                behind = scan.first_token(i) > scan.first_token(j)
                last = scan.mentions[j].text(scan.question).lower().split()[-1]
                return 0.1 if c.inverse != ((last in ENDS) != behind) else 0.0
        return 0.0

    def _acting(self, scan: Scan, i: int) -> bool:
        """'which Ys does X use?': whether it is the thing named that does something."""
        first, after = scan.first_token(i), max(scan.inside(i), default=-1) + 1
        ahead = scan.tokens[first - 1].norm if first else ""
        opens = bool(scan.tokens) and scan.tokens[0].norm in ("which", "what", "how")
        return opens and ahead in ("do", "does", "did") and after < len(scan.tokens)

    def _ruled_out(self, scan: Scan, i: int, cls: Iri | None) -> bool:
        """Whether a mention is a thing of the target's own class that is excluded."""
        return self.grammar.excluded(scan, i) and any(
            n.kind == "level" or (n.kind == "entity" and (cls is None or self.grammar.is_a(n.iri, cls))) for n in scan.mentions[i].links[:2]
        )

    def _level(self, scan: Scan, levels: tuple[int, Link] | None) -> frozenset[int]:
        """The level words that say the same as the one that is taken."""
        return frozenset(k for k, n in scan.links("level") if n.iri == levels[1].iri) if levels else frozenset()

    def _by_level(self, cls: Iri | None, feature: Iri) -> bool:
        """Whether the things of a class have features at levels; others point to what they add by a property."""
        if cls is None or cls == self.schema.focus:
            return True
        plain = any(len(p) == 1 and p[0].property in self.schema.properties for p in self.connections.to(cls, feature))
        return self.grammar.takes_levels(cls) and not plain

    def _counted(self, scan: Scan, i: int, mention: Mention, cls: Iri | None, node: Node) -> list[Constraint]:
        """'zero dependencies', 'without any', 'floor 5': a number straight before or behind the name of a property that counts."""
        before = scan.first_token(i) - 1
        before -= before > 0 and scan.tokens[before].norm == "any" and scan.tokens[before - 1].norm == "without"
        word = scan.tokens[before].norm if before >= 0 else ""
        value = "0" if word in ("zero", "no", "without") else str(COUNT_WORDS.get(word, word))
        if not value.isdigit():
            before, value = self._behind(scan, i)
        if not value.isdigit() or any(o.kind in ("compare", "order") and o.first <= before < o.last for o in scan.ops):
            return []
        numeric = [n for n in mention.links if n.kind == "property" and self._counts(n.iri, cls)]
        if word in ("no", "without") and numeric and not self.connections.has_zero(numeric[0].iri):
            return []  # where nothing is nought, 'no price' is a price that is not stated
        made = [self.constrain.compare(node, n.iri, "=", value, frozenset({before}), before) for n in numeric[:1]]
        return [replace(c, mentions=frozenset({i})) for c in made]

    def _behind(self, scan: Scan, i: int) -> tuple[int, str]:
        """'floor 5', 'a gauge of 1524 mm': the number straight behind a name."""
        at = max(scan.inside(i), default=-2) + 1
        at += at < len(scan.tokens) and scan.tokens[at].norm in ("of", "is", "number")
        return (at, scan.tokens[at].norm) if 0 < at < len(scan.tokens) else (-1, "")

    def _counts(self, prop: Iri, cls: Iri | None) -> bool:
        info = self.schema.properties.get(prop)
        return info is not None and info.is_number and (cls is None or cls in info.subjects)

    def _other_role(self, link: Link, c: Constraint, cls: Iri) -> bool:
        """Whether the property takes the thing as something else than one of the target's own kind."""
        other = self.lexicon.classes_of.get(link.iri, frozenset()) - {*self.schema.subclasses(cls)}
        return bool(
            not c.inverse and c.property and c.property in self.schema.properties and self.schema.properties[c.property].objects & other
        )

    def _through(self, scan: Scan, i: int, link: Link, cls: Iri | None, hints: frozenset[Iri], negated: bool) -> list[Constraint]:
        """'artists with works in the hall': a thing that is out of the target's reach belongs to the class named before it."""
        for j, other in reversed(scan.links("class")):
            if j < i and other.iri != cls:
                made = self.constrain.thing(Var(f"c{j}"), other.iri, link, i, hints, negated)
                if made:
                    label = self.lexicon.label(other.iri)
                    return [replace(c, english=f"where the {label} is one {that(c.english)}", cost=c.cost + 0.02) for c in made]
        return []

    def _hinting(self, scan: Scan, i: int, made: list[Constraint]) -> dict[Iri, frozenset[int]]:
        """Property mentions that a path's property explains ('licensed' in 'licensed under MIT')."""
        named: dict[Iri, set[int]] = {}
        for j, link in scan.links("property"):
            if j != i:
                named.setdefault(link.iri, set()).add(j)
        return {p: frozenset(named[p]) for c in made for p in _path(c) if p in named}


_SOMETHING = frozenset("something thing things one ones itself themselves another other others what that which".split())


def _path(c: Constraint) -> tuple[Iri, ...]:
    return c.via or ((c.property,) if c.property else ())
