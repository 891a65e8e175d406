"""What a choice is asked to meet, as chips; and what the asker settles of it, put into the reading.

A choice given to ``answer`` is a span with the IRI of what it means there, or the IRI of something that a choice can be asked to
meet with how it counts: 'required', 'preferred' or 'no' (it does not count). Settled are recommendations, moves and, once
something is to be met, comparisons; a question that asks for none of them is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from assistant.frames import Candidate, CompareFrame, Constraint, Frame, MoveFrame, RecommendFrame
from assistant.link import Linker
from assistant.project import FIT, Projects
from assistant.scan import Scan
from assistant.types import Link, Mention, Piece, Wanted
from assistant.words import join
from graph.terms import FG
from graph.types import Iri

REQUIRED, PREFERRED, NO = STANDINGS = ("required", "preferred", "no")
CHOICE = "choice"  # how a link was found that the asker chose
SAYS_ITSELF = ("entity", "need", "value")  # kinds of link that need no word beside their label
OTHERS = 4  # other meanings that are offered for a piece
_SPAN = re.compile(r"\d+:\d+")

Asked = tuple[Scan, list[Candidate]]


def standings(choices: Mapping[str, str]) -> dict[Iri, str]:
    """The choices that say how something counts; those that settle a span are left out."""
    return {Iri(key): how for key, how in choices.items() if not _SPAN.fullmatch(key)}


class Settler:
    """Reads and edits what choices of one opened graph are asked to meet."""

    def __init__(self, projects: Projects, linker: Linker) -> None:
        self.projects, self.linker = projects, linker
        self.needs, self.lexicon = projects.weigher.needs, projects.lexicon

    # ------------------------------------------------------------ as chips

    def pieces(self, scan: Scan, candidate: Candidate) -> tuple[Piece, ...]:
        """The linked pieces of the question, and those that were settled, each with what else it may mean."""
        links = {i: n for i, n in candidate.links if 0 <= i < len(scan.mentions) and n.iri in {x.iri for x in scan.mentions[i].links}}
        links |= {i: m.best for i, m in enumerate(scan.mentions) if m.best.how == CHOICE}
        made = []
        for i, link in sorted(links.items()):
            mention = scan.mentions[i]
            if mention.start < mention.end:
                others = {n.iri.value: _named(n) for n in self._other(scan, mention) if _tells_apart(n, link)}
                text, span = mention.text(scan.question), f"{mention.start}:{mention.end}"
                made.append(Piece(span, text, link.iri.value, link.label, tuple(others.items())[:OTHERS], link.how == CHOICE))
        return tuple(made)

    def _other(self, scan: Scan, mention: Mention) -> list[Link]:
        """What was linked there before any choice, then names that hold the word."""
        tokens = tuple(t for t in scan.tokens if mention.start <= t.start < mention.end)
        linked = mention.links
        if mention.best.how == CHOICE:
            linked = tuple(n for m in self.linker.mentions(tokens, scan.question) for n in m.links)
        return [*linked, *(self.lexicon.by_word.get(tokens[0].stem, ()) if len(tokens) == 1 else ())]

    def read(self, frame: Frame, choices: Mapping[str, str]) -> tuple[Wanted, ...]:
        """What a choice or a move is asked to meet: what the question says, what its kinds of project bring, what was settled away."""
        if isinstance(frame, MoveFrame):
            found = [self._stated(c, "wanted") for c in frame.wanted if c.wanted]
        elif isinstance(frame, RecommendFrame):
            found = [*self._said(frame), *self._brought(frame)]
        else:
            return ()
        settled = standings(choices)
        found += [self._chip(i, "project" if i in self._projects else self._kind(i), NO) for i, how in settled.items() if how == NO]
        first: dict[str, Wanted] = {}
        for w in found:
            first.setdefault(w.iri, replace(w, settled=Iri(w.iri) in settled))
        return tuple(first.values())

    def chooses(self, frame: Frame) -> bool:
        """Whether something can be asked of a reading: it advises, or compares things of the kind that is advised on."""
        if isinstance(frame, CompareFrame):
            focus = self.projects.schema.focus
            classes = self.projects.schema.subclasses(focus) if focus else ()
            return len(frame.subjects) > 1 and all(self.lexicon.is_a(s, *classes) for s in frame.subjects)
        return isinstance(frame, (RecommendFrame, MoveFrame))

    def known(self) -> tuple[Wanted, ...]:
        """What can be asked of a choice: kinds of project, features, and values that limit a choice, each kind by name."""
        features = [i for i in self.lexicon.labels if self.lexicon.is_a(i, FG.Feature)]
        values = self.projects.limiting()
        named = (("project", self._projects), ("feature", features), ("value", values))
        return tuple(w for kind, iris in named for w in sorted((self._chip(i, kind, "") for i in iris), key=_by_name))

    def _said(self, frame: RecommendFrame) -> list[Wanted]:
        low = [(p, "less") for p in (frame.low,) if p] + [(p, "more") for p in (frame.high,) if p]
        return [
            *(self._chip(n, "project", REQUIRED) for n in frame.needs),
            *(self._chip(k, "kind", REQUIRED) for k in (*frame.among, *([frame.noun] if frame.noun else []))),
            *(self._stated(c, REQUIRED) for c in frame.required if c.wanted),
            *(self._stated(c, PREFERRED) for c in frame.preferred if c.wanted),
            *(replace(self._chip(p, "order", PREFERRED), label=f"{way} {self.lexicon.label(p)}") for p, way in low),
            *(self._chip(k, "known", PREFERRED) for k in frame.known),
            *(self._chip(e, "excluded", "out") for e in frame.excluded if e != frame.current),
        ]

    def _brought(self, frame: RecommendFrame) -> list[Wanted]:
        """What the kinds of project ask for, and what every choice asks for; where things are offered, nothing of it is a limit."""
        if not self._said(frame):
            return []
        needed = REQUIRED if not frame.options else PREFERRED
        needs = (*frame.needs, *self.needs.usual)
        pairs = [(n, t, needed) for n in needs for t in self.needs.required.get(n, ())]
        pairs += [(n, t, PREFERRED) for n in needs for t in self.needs.preferred.get(n, ())]
        return [
            replace(self._chip(t, self._kind(t), how), brought_by=self.lexicon.label(n))
            for n, t, how in pairs if t not in frame.waived
        ]  # fmt: skip

    def _stated(self, condition: Constraint, standing: str) -> Wanted:
        assert condition.wanted is not None
        return self._chip(condition.wanted.iri, self._kind(condition.wanted.iri), "out" if condition.negated else standing)

    def _chip(self, iri: Iri, kind: str, standing: str) -> Wanted:
        return Wanted(iri.value, self.lexicon.label(iri), kind, standing)

    def _kind(self, iri: Iri) -> str:
        return "feature" if self.lexicon.is_a(iri, FG.Feature) else "value"

    @cached_property
    def _projects(self) -> frozenset[Iri]:
        return frozenset({*self.needs.required, *self.needs.preferred, *self.needs.why} - {*self.needs.usual})

    # ------------------------------------------------------------ as settled

    def settle(self, asks: Sequence[Asked], choices: Mapping[str, str]) -> list[Asked]:
        """Each ask with its first reading that makes a choice as the asker settled it; others stay as they are."""
        wishes = standings(choices)
        return [(scan, self._settled(found, wishes)) for scan, found in asks] if wishes else list(asks)

    def _settled(self, candidates: list[Candidate], wishes: dict[Iri, str]) -> list[Candidate]:
        wants = any(how != NO for how in wishes.values())
        for c in candidates:
            frame = c.frame
            if isinstance(frame, CompareFrame) and wants and self.chooses(frame):
                frame = RecommendFrame(options=frame.subjects)
            if isinstance(frame, (RecommendFrame, MoveFrame)):
                for iri, how in wishes.items():
                    frame = self._moved(frame, iri, how) if isinstance(frame, MoveFrame) else self._weighed(frame, iri, how)
                english = f"{self.projects.english(frame)}; you set: {self._told(wishes)}"
                return [replace(c, kind="recommendation", frame=frame, english=english, fit=FIT)]
        return candidates

    def _weighed(self, frame: RecommendFrame, iri: Iri, how: str) -> RecommendFrame:
        """The frame without the thing, wherever it stood, then with it as it is to count."""
        old = next((c for c in (*frame.required, *frame.preferred) if c.wanted and c.wanted.iri == iri and not c.negated), None)
        frame = replace(
            frame, needs=_without(frame.needs, iri), required=_dropped(frame.required, iri), preferred=_dropped(frame.preferred, iri),
            among=_without(frame.among, iri), known=_without(frame.known, iri), excluded=_without(frame.excluded, iri),
            noun=frame.noun if frame.noun != iri else None,
            low=frame.low if frame.low != iri else None, high=frame.high if frame.high != iri else None,
            waived=(*_without(frame.waived, iri), iri),
        )  # fmt: skip
        if how == NO:
            return frame
        if iri in self._projects:
            return replace(frame, needs=(*frame.needs, iri))
        made = old or self._condition(iri)
        if how == REQUIRED:
            return replace(frame, required=(*frame.required, made))
        return replace(frame, preferred=(*frame.preferred, made))

    def _moved(self, frame: MoveFrame, iri: Iri, how: str) -> MoveFrame:
        """A move knows no kinds of project: one that is added stands for what it requires, else for what it prefers."""
        meant = (self.needs.required.get(iri) or self.needs.preferred.get(iri, ())) if iri in self._projects else (iri,)
        wanted = frame.wanted
        for target in meant:
            wanted = _dropped(wanted, target)
        added = tuple(self._condition(t) for t in meant) if how != NO else ()
        return replace(frame, wanted=(*wanted, *added))

    def _condition(self, iri: Iri) -> Constraint:
        label = self.lexicon.label(iri)
        return Constraint((), label, wanted=Link(iri, label, self.lexicon.kinds.get(iri, "entity"), 1.0, CHOICE))

    def _told(self, wishes: dict[Iri, str]) -> str:
        counts = {i: "does not count" if how == NO else "counts" if i in self._projects else how for i, how in wishes.items()}
        return join([f"{self.lexicon.label(i)} {how}" for i, how in counts.items()])


def _named(link: Link) -> str:
    return link.label if link.kind in SAYS_ITSELF else f"{link.label} ({link.kind})"


def _tells_apart(other: Link, link: Link) -> bool:
    """Whether a reader can tell two meanings apart: a class and a property of one name look the same."""
    return other.iri != link.iri and (other.kind in SAYS_ITSELF or other.label.casefold() != link.label.casefold())


def _without(things: tuple[Iri, ...], iri: Iri) -> tuple[Iri, ...]:
    return tuple(t for t in things if t != iri)


def _dropped(conditions: Iterable[Constraint], iri: Iri) -> tuple[Constraint, ...]:
    return tuple(c for c in conditions if not c.wanted or c.wanted.iri != iri)


def _by_name(wanted: Wanted) -> str:
    return wanted.label.casefold()
