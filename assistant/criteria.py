"""What a choice is weighed by: criteria with their weights, the score of a thing, and the smallest change that flips the order."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.types import Fact, Iri

EXPLICIT, PREFERRED, OPINION, KNOWN = 2.0, 1.0, 1.0, 1.0  # weight of what the question itself names, of what a kind of project prefers
CLOSE = 0.05  # a change of one weight by this share that flips the choice makes it a close call


@dataclass(frozen=True, slots=True)
class Criterion:
    """A feature or value that is wanted, or ``denied``: its weight, and whether a thing without it is out.

    ``stands_for``: values that count as the target (licences of a class). ``need``: the kind of project that asks for it.
    """

    target: Iri
    weight: float
    required: bool = False
    levels: tuple[Iri, ...] = ()
    denied: bool = False
    stands_for: tuple[Iri, ...] = ()
    need: Iri | None = None


@dataclass
class Score:
    """A thing with what each criterion contributed: ``total`` is the sum of weight times value of ``met`` over ``out_of``."""

    thing: Iri
    total: float = 0.0
    met: list[tuple[Criterion, float, Fact]] = field(default_factory=list)
    missing: list[Criterion] = field(default_factory=list)
    out_of: float = 1.0

    def gains(self) -> dict[Iri, float]:
        """target -> value, before the weight."""
        return {c.target: v for c, v, _ in self.met}


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of one weight that puts another thing first: ``share`` of the weight, -1 where it is dropped."""

    criterion: Criterion
    share: float
    thing: Iri

    @property
    def close(self) -> bool:
        return abs(self.share) <= CLOSE
