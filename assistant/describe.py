"""What one thing is, and what remarks say: definitions, profiles, remarks found by meaning, disputes between sources."""

from __future__ import annotations

from assistant.compose import Outcome
from assistant.connect import Connections
from assistant.detect import stems_of, tokenize
from assistant.draft import Draft
from assistant.frames import ProfileFrame, RemarkFrame
from assistant.lexicon import Lexicon
from assistant.polarity import denials, polarity
from assistant.remarks import Remark, RemarkIndex
from assistant.say import Speaker, plain
from assistant.types import Tone
from graph.schema import Schema
from graph.terms import DCT, FG, RDFS, SKOS
from graph.types import Fact, Iri, Literal, Term

PROFILE_FACTS = 9
SHARED = 0.34  # share of the question's words that a remark must use to answer it by yes or no
SURE = 0.5  # score of a remark under which it does not answer by yes or no
NEAR_BEST = 0.25  # how far below the best remark one may score that settles a yes/no question instead
TOLD = 3  # remarks in one answer


class Describer:
    """Describes things of one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon, remarks: RemarkIndex, connections: Connections) -> None:
        self.schema, self.lexicon, self.remarks, self.connections = schema, lexicon, remarks, connections
        self.speaker = Speaker(schema, lexicon)
        self._serving: dict[str, frozenset[Iri]] = {}

    def serving(self, draft: Draft, role: Iri) -> frozenset[Iri]:
        """The aspects that a dataset declares to serve a role (define, describe, tell apart, fit)."""
        if role.value not in self._serving:
            rows = draft.kg.query(f"SELECT ?a {draft.kg.wrap(f'?a {FG.serves.n3} {role.n3}')}")
            self._serving[role.value] = frozenset(r["a"] for r in rows if isinstance(r["a"], Iri))
        return self._serving[role.value]

    def values(self, thing: Iri, prop: Iri) -> tuple[Term, ...]:
        """The values of a property of a thing, sorted."""
        return self.connections.values(thing, prop)

    # ------------------------------------------------------------ remarks

    def tell(self, draft: Draft, remark: Remark, lead: str = "") -> None:
        """One remark as sentences: an opinion is told as its publisher's; what disputes it follows."""
        sources = draft.sources([remark.fact])[remark.fact]
        publisher = sources[0].publisher if sources else ""
        tone: Tone = "claimed" if remark.claim else "stated"
        text = plain(remark.says)
        said = f"According to {plain(publisher)}, {_lower(text)}" if remark.claim and publisher else text
        draft.say(lead + said, [remark.fact], tone)
        for other in self._disputing(remark):
            if not any(other.fact in s.facts for s in draft.sentences):
                draft.say(f"This is contested: {_lower(plain(other.says))}", [other.fact], "contested")

    def _disputing(self, remark: Remark) -> list[Remark]:
        return self.remarks.disputing.get(remark.iri, [])[:2]

    def about(self, thing: Iri, aspects: frozenset[Iri]) -> list[Remark]:
        """The remarks about a thing under these aspects: facts before claims, shortest list of subjects first."""
        found = [self.remarks.remarks[i] for i in self.remarks.about.get(thing, ())]
        found = [r for r in found if set(r.aspects) & aspects]
        return sorted(
            found,
            key=lambda r: (
                len(r.about) > 1,
                r.claim,
                bool(self._disputing(r)),
                not self._opens(r, thing),
                len(r.about),
                len(r.aspects),
                r.iri,
            ),
        )

    def _opens(self, remark: Remark, thing: Iri) -> bool:
        """Whether the remark begins by naming the thing ('A microframework is ...')."""
        return self.lexicon.label(thing).lower() in remark.says.lower()[: len(self.lexicon.label(thing)) + 8]

    def remark(self, draft: Draft, frame: RemarkFrame, question: str) -> Outcome:
        """The best remarks; the first decides a yes/no question where it can."""
        out = Outcome("remark")
        told = self._chosen(frame)
        if frame.verdict:
            told = self._statement_first(self._settling_first(frame, told, self.remarks.masked(question, frame.anchors)))
        holds = self._polarity(frame, told, question) if frame.verdict else None
        lead = ""
        if holds is not None:
            out.kind = "yes-no"
            lead = "Yes. " if holds else "No. "
        for i, remark in enumerate(told):
            self.tell(draft, remark, lead if i == 0 else "")
        out.things = list(dict.fromkeys(t for r in told for t in r.about))
        if frame.listing:
            out.kind = "list"
            focus = self.schema.focus
            named = [t for t in out.things if focus is None or self.lexicon.is_a(t, focus)] or out.things
            out.names = [self.lexicon.label(t) for t in named]
        out.rows = [{"about": ", ".join(self.lexicon.label(t) for t in r.about), "says": r.says} for r in told]
        out.sparql = self.remarks_query(draft)
        draft.ask(out.sparql)
        return out

    def _settling_first(self, frame: RemarkFrame, told: list[Remark], question: str) -> list[Remark]:
        """Of the near remarks, the one that was asked just this and answered yes or no comes first, where the best was not."""
        if self.remarks.answer_to(question, told[0]) is not None:
            return told
        near = [self.remarks.remarks[i] for i, score in frame.hits if score >= frame.hits[0][1] - NEAR_BEST]
        asked = [r for r in near if self.remarks.answer_to(question, r) is not None]
        best = max(asked, key=lambda r: (self.remarks.likeness(question, self.remarks.by_iri[r.iri]), r.iri), default=None)
        return told if best is None else [best, *(r for r in told if r is not best)][: max(TOLD, len(frame.anchors))]

    def _polarity(self, frame: RemarkFrame, told: list[Remark], question: str) -> bool | None:
        """Whether what is told answers by yes or no: as it is known to, or as its words say; what it contests is denied."""
        masked, first = self.remarks.masked(question, frame.anchors), told[0]
        contested = len(told) > 1 and told[1].iri in first.disputes
        known = (self.remarks.answer_to(masked, r) for r in told[: 1 + contested])
        settled = next((answer for answer in known if answer is not None), None)
        if settled is not None:
            return settled
        if contested:
            affirmed = self._by_words(frame, told[1], question, contested=False)
            return False if affirmed or (affirmed is None and not denials(question) % 2) else None
        return self._by_words(frame, first, question, bool(self._disputing(first)))

    def _by_words(self, frame: RemarkFrame, remark: Remark, question: str, contested: bool) -> bool | None:
        """What the words of one remark answer, where it speaks of what is asked."""
        if max(score for _, score in frame.hits) < SURE or not self._speaks_of(remark, question, frame.anchors):
            return None
        asked, said = (self.remarks.masked(text, remark.about) for text in (question, remark.says))
        return polarity(asked, said, remark.holds, contested)

    def _statement_first(self, told: list[Remark]) -> list[Remark]:
        """A claim that a statement contests comes after that statement: it is the statement that settles."""
        against = [r for r in self._disputing(told[0]) if not r.claim] if told[0].claim else []
        return [against[0], *(r for r in told if r is not against[0])] if against else told

    def _speaks_of(self, remark: Remark, question: str, anchors: tuple[Iri, ...]) -> bool:
        """Whether a remark uses enough of the question's own words to answer it by yes or no: a near topic alone does not."""
        said = remark.says.lower()
        if not all(a in remark.about or self.lexicon.label(a).lower() in said for a in anchors):
            return False
        names = {s for a in anchors for n in (self.lexicon.label(a), *self.lexicon.aliases.get(a, ())) for s in stems_of(n)}
        asked = {t.stem for t in tokenize(question) if t.norm not in self.lexicon.wording.stop} - names
        used = stems_of(" ".join([remark.says, *remark.keywords]))
        if not asked or len(asked & used) / len(asked) >= SHARED:
            return True
        masked = self.remarks.masked(question, anchors)
        return self.remarks.asks_for(masked, remark) or self.remarks.is_like(masked, remark)

    def remarks_query(self, draft: Draft) -> str:
        """The query whose solutions are the remarks that a draft tells."""
        told = dict.fromkeys(f.subject.n3 for s in draft.sentences for f in s.facts if f.predicate == FG.says)
        body = f"VALUES ?remark {{ {' '.join(told)} }} ?remark {FG.says.n3} ?says"
        return f"SELECT ?remark ?says {draft.kg.wrap(body)}"

    def _chosen(self, frame: RemarkFrame) -> list[Remark]:
        """The best remark and those near it; where several things were asked about, the best of each."""
        ranked = [(self.remarks.remarks[i], score) for i, score in frame.hits]
        top = ranked[0][1]
        if frame.verdict:  # of the near ones, one that answers yes or no comes first, and one that nobody contests
            ranked.sort(key=lambda r: (r[1] < top - 0.12, bool(self._disputing(r[0])), r[0].holds is None, -r[1], r[0].iri))
        chosen = [ranked[0][0]]
        missing = set(frame.anchors) - set(chosen[0].about)
        for remark, score in ranked[1:]:
            new = bool(missing & set(remark.about)) and score >= top - 0.3
            kin = bool(set(remark.aspects) & set(chosen[0].aspects)) and score >= top - 0.16
            if new or ((kin or score >= top - 0.08) and score >= 0.45 and len(chosen) < TOLD):
                chosen.append(remark)
                missing -= set(remark.about)
        return chosen[: max(TOLD, len(frame.anchors))]

    def advise(self, draft: Draft, subject: Iri, strengths: frozenset[Iri]) -> Outcome:
        """Whom a thing suits, what speaks for and against it, and what its headline facts are."""
        out = Outcome("remark", names=[self.lexicon.label(subject)], things=[subject])
        draft.say("It depends on what you build with it.", tone="frame")
        for role in (FG.fit, FG.describe):
            for remark in self.about(subject, self.serving(draft, role))[:2]:
                if not any(remark.fact in s.facts for s in draft.sentences):
                    self.tell(draft, remark)
        for remark in self.about(subject, strengths)[:3]:
            if not any(remark.fact in s.facts for s in draft.sentences):
                self.tell(draft, remark)
        for prop, values in self._headlines(draft, subject):
            info = self.schema.property(prop)
            if info.volatile or info.headline == 1:
                draft.say(self.speaker.statement(subject, prop, values), [Fact(subject, prop, v) for v in values], volatile=info.volatile)
        out.rows = [{"thing": self.lexicon.label(subject), "says": s.text} for s in draft.sentences if s.facts]
        out.sparql = f"SELECT ?remark ?says {draft.kg.wrap(f'?remark {FG.about.n3} {subject.n3} ; {FG.says.n3} ?says')} ORDER BY ?remark"
        draft.ask(out.sparql)
        return out

    def contested(self, draft: Draft, subject: Iri) -> Outcome:
        """Each statement about a thing that another source contests, with what stands against it."""
        out = Outcome("remark", names=[self.lexicon.label(subject)], things=[subject])
        disputed = [r for r in (self.remarks.remarks[i] for i in self.remarks.about.get(subject, ())) if self._disputing(r)]
        for remark in disputed[:4]:
            self.tell(draft, remark)
        if not disputed:
            draft.say(f"The graph states no disagreement between its sources about {self.lexicon.label(subject)}.", tone="not-stated")
            out.abstained = True
            return out
        out.rows = [{"says": r.says, "contested by": "; ".join(o.says for o in self._disputing(r))} for r in disputed]
        out.sparql = self.remarks_query(draft)
        draft.ask(out.sparql)
        return out

    # ------------------------------------------------------------ definitions and profiles

    def profile(self, draft: Draft, frame: ProfileFrame) -> Outcome:
        """A definition where the graph has one; else a short description and the headline facts."""
        out = Outcome("definition" if frame.define else "fact", names=[self.lexicon.label(frame.subject)], things=[frame.subject])
        texts = self._definitions(draft, frame)
        opinions = [r for r in texts[2:] if r.claim][:1] if frame.define else []
        for remark in [*texts[: 2 if frame.define else 1], *opinions]:
            self.tell(draft, remark)
        if not texts:
            self.comment(draft, frame.subject)
        facts = [] if frame.define and draft.sentences else self._headlines(draft, frame.subject)
        for prop, values in facts[:PROFILE_FACTS]:
            info = self.schema.property(prop)
            draft.say(
                self.speaker.statement(frame.subject, prop, values), [Fact(frame.subject, prop, v) for v in values], volatile=info.volatile
            )
        if not facts and not frame.define:
            self._other_remarks(draft, frame.subject)
        out.rows = [{"property": self.lexicon.label(p), "value": self.speaker.terms(v, frame.subject)} for p, v in facts]
        out.sparql = f"SELECT ?property ?value {draft.kg.wrap(f'{frame.subject.n3} ?property ?value')}"
        draft.ask(out.sparql)
        out.empty = out.abstained = not draft.sentences
        return out

    def _definitions(self, draft: Draft, frame: ProfileFrame) -> list[Remark]:
        define, describe = self.serving(draft, FG.define), self.serving(draft, FG.describe)
        order = (define, describe) if frame.define else (describe, define)
        for aspects in order:
            found = self.about(frame.subject, aspects)
            if found:
                return [r for r in found if len(r.about) == len(found[0].about)]
        if frame.define and frame.subject in self.remarks.about:
            return [self.remarks.remarks[i] for i in self.remarks.about[frame.subject]][:2]
        return []

    def comment(self, draft: Draft, subject: Iri) -> None:
        """A description that the dataset itself attaches to the thing."""
        values = " ".join(p.n3 for p in (SKOS.definition, DCT.description, RDFS.comment))
        rows = draft.ask(f"SELECT ?p ?o {draft.kg.wrap(f'VALUES ?p {{ {values} }} {subject.n3} ?p ?o')} ORDER BY ?p ?o").rows
        texts = [(r["p"], r["o"]) for r in rows if isinstance(r["o"], Literal) and r["o"].language[:2] in ("", "en")]
        if texts:
            prop, text = texts[0]
            assert isinstance(prop, Iri)
            said = f"{self.lexicon.label(subject)}: {plain(text.value)}"
            draft.say(said if said.endswith((".", "!", "?")) else said + ".", [Fact(subject, prop, text)])

    def _other_remarks(self, draft: Draft, subject: Iri) -> None:
        for i in self.remarks.about.get(subject, ())[:TOLD]:
            if not any(self.remarks.remarks[i].fact in s.facts for s in draft.sentences):
                self.tell(draft, self.remarks.remarks[i])

    def _headlines(self, draft: Draft, subject: Iri) -> list[tuple[Iri, list[Term]]]:
        """The properties of the thing in headline order; without one, all that it has, by label."""
        rows = draft.ask(f"SELECT ?p ?o {draft.kg.wrap(f'{subject.n3} ?p ?o')} ORDER BY ?p ?o").rows
        found: dict[Iri, list[Term]] = {}
        for row in rows:
            p = row["p"]
            if isinstance(p, Iri) and p in self.schema.properties:
                found.setdefault(p, []).append(row["o"])
        marked = {p for p in found if self.schema.properties[p].headline is not None}
        shown = marked or set(found)
        order = sorted(shown, key=lambda p: (self.schema.properties[p].headline or 0, self.lexicon.label(p)))
        return [(p, found[p]) for p in order]


def _lower(text: str) -> str:
    """Lower the first letter, unless the first word is a name or an abbreviation."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first in _COMMON_OPENINGS else text


_COMMON_OPENINGS = set(
    "A An The This These Those It Its In On For With Without Many Most Some All Each Every When Where If As By One Two".split()
)
