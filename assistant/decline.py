"""What is not known: which words, the nearest thing that is, what the dataset covers, and what to ask instead."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

from assistant.describe import Describer
from assistant.dialogue import State
from assistant.draft import Draft
from assistant.frames import Candidate, RemarkFrame
from assistant.lexicon import Lexicon
from assistant.link import Linker
from assistant.scan import Scan
from assistant.suggest import Suggester
from assistant.types import Answer, Suggestion
from assistant.words import fold, join, stem
from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import DCT, FG, RDF
from graph.types import Iri

BESIDE = 0.3  # score of a remark that is told beside "I don't know"


class Decliner:
    """Declines, asks back, and says what the dataset is, for one opened graph."""

    def __init__(
        self, graph: KnowledgeGraph, schema: Schema, lexicon: Lexicon, linker: Linker, describer: Describer, suggester: Suggester
    ) -> None:
        self.graph, self.schema, self.lexicon, self.linker = graph, schema, lexicon, linker
        self.describer, self.suggester = describer, suggester

    def blocked(self, scan: Scan, state: State) -> tuple[str, tuple[Suggestion, ...]] | None:
        """Reasons to decline before anything is looked up."""
        if scan.cues.future and not self._planned(scan):
            return ("I don't know: the graph states what is and was, with dates; it says nothing of the future.", ())
        strange = len(scan.unexplained(frozenset(range(len(scan.mentions))), frozenset()))
        if _dangling(scan) and state.candidate is None and strange < 2 and not state.asked:
            noun = self.lexicon.label(self.schema.focus) if self.schema.focus else "thing"
            buttons = tuple(Suggestion(q, q) for q in self.about()["examples"][:3])
            return (f"Which {noun} do you mean? Please name the {noun}, since nothing was named before.", buttons)
        return None

    def _planned(self, scan: Scan) -> bool:
        """Whether a date is named that the graph states ahead of its own day, such as an end that was announced."""
        named = {n.iri for _, n in scan.links("property")}
        dates = {p.iri for p in self.schema.properties.values() if p.is_date and (p.iri in named or named & set(p.bounds))}
        own = f"?d a {FG.Dataset.n3} ; {DCT.issued.n3} ?day"
        later = (f"ASK {self.graph.wrap(f'{own} . ?s {p.n3} ?v FILTER(STR(?v) > STR(?day))')}" for p in sorted(dates))
        return any(self.graph.query(q).boolean for q in later)

    def unknown(self, scan: Scan, candidates: list[Candidate], turn: dict[str, Any]) -> Answer:
        """Which words are not known, the nearest known thing, and the nearest statement about what was named."""
        known = frozenset(i for i, m in enumerate(scan.mentions) if m.best.score >= 0.7 and m.best.kind == "entity")
        words = scan.unexplained(known, frozenset())
        if not known and not any(m.best.kind in ("entity", "class", "property", "need") for m in scan.mentions):
            names = _names(scan) or self._unheard(scan)
            unknown = f" Nothing here is called “{_safe_name(names)}”." if names else ""
            return self.plain(scan.text, "abstention", f"I don't know: that is outside my scope.{unknown} {self.offer()}", turn)
        named = f" “{join([_safe(w) for w in words[:4]])}”" if words else " that"
        strange = [w for w in words[:4] if not self.linker.is_common(stem(fold(w)))]
        near = [n for n in dict.fromkeys(self.linker.nearest(w) for w in strange) if n]
        hint = f" The nearest thing that I know is {join(near[:2], 'or')}." if near else ""
        about = join(list(dict.fromkeys(scan.mentions[i].best.label for i in sorted(known)))[:3])
        where = f" about {about}" if about else ""
        buttons = tuple(self.suggester.about([scan.mentions[i].best.iri for i in sorted(known)]))
        said = f"I don't know: the graph has no information on{named}{where}.{hint}"
        return self._beside(scan, candidates, said, turn, buttons) or self.plain(scan.text, "abstention", said, turn, buttons=buttons)

    def _unheard(self, scan: Scan) -> str:
        """The first word that is no English one, with what is joined to it by hyphens or dots."""
        words = re.findall(r"\w[\w.-]*\w", scan.text) if self.linker.vocabulary else []
        return next((w for w in words if any(not self.linker.is_common(stem(fold(part))) for part in re.split(r"[.-]", w) if part)), "")

    def _beside(
        self, scan: Scan, candidates: list[Candidate], said: str, turn: dict[str, Any], buttons: tuple[Suggestion, ...]
    ) -> Answer | None:
        """The declining sentence, and under it the statement about the named thing that comes nearest; None where none does."""
        for c in candidates:
            if isinstance(c.frame, RemarkFrame) and c.features.get("anchored") and c.features["found"] >= BESIDE:
                draft = Draft(self.graph)
                draft.say(said, tone="not-stated")
                draft.say("The nearest that it states:", tone="frame")
                self.describer.tell(draft, self.describer.remarks.remarks[c.frame.hits[0][0]])
                plain = self.plain(scan.text, "abstention", draft.text(), turn, buttons)
                return replace(plain, sentences=tuple(draft.sentences), citations=draft.citations(), queries=draft.queries)
        return None

    def plain(self, question: str, kind: Any, text: str, turn: dict[str, Any], buttons: tuple[Suggestion, ...] = ()) -> Answer:
        if not buttons:
            buttons = tuple(Suggestion(q, q) for q in self.about()["examples"][:4])
        return Answer(
            question=turn.get("question", question),
            kind=kind,
            text=text,
            understood="",
            suggestions=[b.question for b in buttons],
            buttons=buttons,
            abstained=kind == "abstention",
            turn=turn,
        )

    # ------------------------------------------------------------ what the dataset says of itself

    def about(self) -> dict[str, Any]:
        body = f"?d {RDF.type.n3} {FG.Dataset.n3} ; ?p ?o"
        got: dict[Iri, list[str]] = {}
        for row in self.graph.query(f"SELECT ?p ?o {self.graph.wrap(body)} ORDER BY ?p ?o"):
            if isinstance(row["p"], Iri):
                got.setdefault(row["p"], []).append(row["o"].value)

        def first(p: Iri, default: str) -> str:
            return got.get(p, [default])[0]

        focus = self.lexicon.label(self.schema.focus) if self.schema.focus else "thing"
        scope = first(FG.scope, f"{self.graph.name}: {focus}s and what is stated about them.")
        return {
            "title": first(DCT.title, self.graph.name),
            "scope": scope,
            "examples": got.get(FG.exampleQuestion) or self.suggester.examples(),
            "greeting": first(FG.greeting, f"Hello. Ask me about {self.graph.name}."),
            "asof": first(DCT.issued, ""),
            "version": self.graph.version,
        }

    def offer(self) -> str:
        return f"I only answer questions on what this graph covers. {self.about()['scope']}"

    def help(self) -> str:
        kinds = "facts, lists, counts, yes/no questions, definitions, comparisons and recommendations"
        return f"{self.about()['scope']} I answer {kinds}, and each sentence that states a fact names its source."


def _safe(word: str) -> str:
    return "".join(c for c in word if c.isalnum() or c in "-.+")[:40]


def _names(scan: Scan) -> str:
    """The first run of capitalised words after the opening one."""
    found = re.findall(r"(?<=\s)[A-Z][\w'-]*(?:\s+(?:of|the|at|in|on|[A-Z][\w'-]*))*", scan.text)
    return max((f.strip() for f in found if f not in ("I",)), key=len, default="")


def _safe_name(name: str) -> str:
    return " ".join(_safe(w) for w in name.split()[:6])


def _dangling(scan: Scan) -> bool:
    """'this project', 'it' with nothing named and nothing said before."""
    words = [t.norm for t in scan.tokens]
    pronoun = any(a in ("this", "that") and (b in ("one", "thing") or b in scan.wording.own) for a, b in pairwise(words))
    alone = any(w in ("it", "its") for w in words)
    return (pronoun or alone) and not scan.links("entity", "class") and not scan.cues.recommend
