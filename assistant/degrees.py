"""What counts by degrees: who says that a thing suits, and of a number more, less or earlier than the others have."""

from __future__ import annotations

from statistics import median

from assistant.criteria import EXPLICIT, OPINION, PREFERRED, Criterion, Score
from assistant.describe import Describer
from assistant.frames import RecommendFrame
from assistant.needs import Needs
from assistant.remarks import Remark
from assistant.respects import Respects
from graph.types import Fact, Iri

OWN_WORD = frozenset({"OfficialDocumentation", "Repository", "PackageMetadata"})  # kinds of document in which a project speaks for itself


class Degrees:
    """Credits things of one opened graph with what they have more or less of."""

    def __init__(self, describer: Describer, needs: Needs, respects: Respects) -> None:
        self.describer, self.needs, self.respects = describer, needs, respects

    def said_to_suit(self, frame: RecommendFrame, found: dict[Iri, Score]) -> float:
        """Claims that a thing suits an asked kind of project: each need weighs once, whoever says so. Returns the weight added."""
        remarks = self.describer.remarks.remarks
        added = 0.0
        for need in frame.needs:
            claims = [r for r in remarks if need in r.suits]
            added += OPINION if claims else 0.0
            for claim in claims:
                for thing in claim.about:
                    if thing in found:
                        self._say_for(found[thing], need, claim)
        return added

    def _say_for(self, score: Score, need: Iri, claim: Remark) -> None:
        """A claim of fit: another's word counts in full, what a project says for itself a tenth."""
        own = bool(claim.said_by) and all(kind in OWN_WORD for _, kind in claim.said_by)
        value = 0.1 if own else 1.0
        if value > score.gains().get(need, 0.0):
            score.met = [m for m in score.met if m[0].target != need]
            score.met.append((Criterion(need, OPINION), value, claim.fact))

    def ordered(self, frame: RecommendFrame, found: dict[Iri, Score]) -> float:
        """Less or more of an ordered property, each once. Returns the weight added.

        What is wanted for this choice is worth the share of the others that have no less of it (or no more). What every choice wants
        low (an early first release) is scaled between the ends and worth 1 from the middle on: past that, more tells little.
        """
        asked = [(p, True, EXPLICIT, False) for p in (frame.low,) if p] + [(p, False, EXPLICIT, False) for p in (frame.high,) if p]
        for need in (*frame.needs, *self.needs.usual):
            usual = need in self.needs.usual
            weight = (PREFERRED if usual else EXPLICIT) * self.needs.weight.get(need, 1.0)
            asked += [(p, True, weight, usual) for p in self.needs.low.get(need, ())]
        added = 0.0
        for prop in dict.fromkeys(p for p, _, _, _ in asked):
            _, low, weight, usual = max((a for a in asked if a[0] == prop), key=lambda a: a[2])
            values = {x: v for x in sorted(found) for v in self.describer.values(x, prop)[:1]}
            sizes = {x: float(v.value) for x, v in values.items() if v.value.replace(".", "", 1).isdigit()}
            if not sizes and usual:
                continue
            for x, share in (_to_the_middle(sizes) if usual else _outdone(sizes, low)).items():
                if share > 0 or not usual:
                    found[x].met.append((Criterion(prop, weight), share, Fact(x, prop, values[x])))
            added += weight
        return added + self._counted(frame, found)

    def _counted(self, frame: RecommendFrame, found: dict[Iri, Score]) -> float:
        """Figures that are the same whatever is done with a thing (its stars), where one is to be good in that respect."""
        added = 0.0
        for quantity in self.counted(frame):
            figures = {x: m for x, m in self.respects.latest(quantity).items() if x in found}
            sizes = {x: m.value for x, m in figures.items()}
            if not sizes:
                continue  # none of these was counted anywhere
            for x, share in _outdone(sizes, not self.respects.wants_more(quantity)).items():
                if share > 0:
                    found[x].met.append((Criterion(quantity, EXPLICIT), share, figures[x].facts[0]))
            added += EXPLICIT
        return added

    def counted(self, frame: RecommendFrame) -> tuple[Iri, ...]:
        """The quantities that count because it is asked for a thing that is good in their respect."""
        found = (self.respects.census(r) for r in frame.judged)
        return tuple(dict.fromkeys(q for q in found if q is not None))


def _to_the_middle(sizes: dict[Iri, float]) -> dict[Iri, float]:
    """1 for what is at most in the middle, then less down to 0 for the largest."""
    middle, worst = median(sizes.values()), max(sizes.values())
    return {x: min(1.0, (worst - size) / ((worst - middle) or 1.0)) for x, size in sizes.items()}


def _outdone(sizes: dict[Iri, float], low: bool) -> dict[Iri, float]:
    """The share of the others that do no better: 1 for the smallest (largest, where more is wanted)."""
    rest = max(len(sizes) - 1, 1)
    better = {x: sum(s < size if low else s > size for s in sizes.values()) for x, size in sizes.items()}
    return {x: round(1 - n / rest, 4) for x, n in better.items()}
