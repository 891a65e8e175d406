"""An ask with everything found in it: tokens, mentions, operators, cues, and which words carry weight."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from assistant.detect import Cues, cues, is_title_case, tokenize
from assistant.link import Linker
from assistant.operators import Op, scan
from assistant.types import Link, LinkKind, Mention, Token
from assistant.wording import PLAIN, Wording
from graph.types import Iri


@dataclass(frozen=True)
class Scan:
    """One ask, scanned. Offsets are those of the whole question.

    ``glued`` pairs a class noun with the name that it stands behind ('X framework'): explained with it, asked for by none.
    """

    question: str
    start: int
    end: int
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    ops: tuple[Op, ...]
    cues: Cues
    context: tuple[Iri, ...] = ()
    glued: tuple[tuple[int, int], ...] = ()
    wording: Wording = PLAIN

    @property
    def text(self) -> str:
        return self.question[self.start : self.end].strip()

    def links(self, *kinds: LinkKind) -> list[tuple[int, Link]]:
        """(mention index, link) of these kinds, in the order of the text."""
        return [(i, n) for i, m in enumerate(self.mentions) for n in m.links if n.kind in kinds]

    def inside(self, i: int) -> frozenset[int]:
        """The token indexes of a mention; none for one that is not of this ask."""
        return self._inside[i] if 0 <= i < len(self.mentions) else frozenset()

    @cached_property
    def _inside(self) -> tuple[frozenset[int], ...]:
        return tuple(frozenset(t for t, k in enumerate(self.tokens) if m.start <= k.start < m.end) for m in self.mentions)

    def first_token(self, i: int) -> int:
        return min(self.inside(i), default=0)

    def weight(self, t: int) -> float:
        """How much it matters that a token is explained."""
        return self._weights[t]

    @cached_property
    def _weights(self) -> tuple[float, ...]:
        return tuple(map(self._weighed, range(len(self.tokens))))

    def _weighed(self, t: int) -> float:
        token, stop, light = self.tokens[t], self.wording.stop, self.wording.light
        if not _latin(token.norm):
            return 0.0  # words of a script that is not read say nothing either way
        if any(m.start <= token.start < m.end and m.best.score >= 0.7 for m in self.mentions):
            soft = all(m.best.kind in ("aspect", "level") for m in self.mentions if m.start <= token.start < m.end)
            return 0.0 if soft and token.norm in stop else 0.5 if token.norm in light or token.norm in stop else 1.0
        if token.norm in stop:
            return 0.0
        if len(token.norm) == 4 and token.norm.isdigit():
            return 0.3  # 'in 2026' as people date their questions
        return self.wording.weight(token.norm)

    def coverage(self, mentions: frozenset[int], tokens: frozenset[int]) -> float:
        """The share of the ask's weight that these mentions and tokens explain (1.0 where nothing carries weight)."""
        explained = self._explained(mentions, tokens)
        total = sum(self.weight(t) for t in range(len(self.tokens)))
        return sum(self.weight(t) for t in explained) / total if total else 1.0

    def _explained(self, mentions: frozenset[int], tokens: frozenset[int]) -> set[int]:
        with_glued = {*mentions, *(j for i, j in self.glued if i in mentions)}
        return set(tokens).union(*(self.inside(i) for i in with_glued))

    def is_named(self, token: Token) -> bool:
        """Whether a word is written as a name, in a capital, that nothing in the graph bears."""
        linked = any(m.start <= token.start < m.end for m in self.mentions)
        written = self.question[token.start : token.end]
        titled = is_title_case(self.question, self.tokens[1:], self.wording.stop)
        return not linked and written.istitle() and token is not self.tokens[0] and not titled

    def unexplained(self, mentions: frozenset[int], tokens: frozenset[int]) -> tuple[str, ...]:
        """The words of full weight that are left over."""
        explained = self._explained(mentions, tokens)
        left = [t for t in range(len(self.tokens)) if t not in explained and self.weight(t) >= 1.0]
        return tuple(self.question[self.tokens[t].start : self.tokens[t].end] for t in left)


def scan_ask(
    question: str, start: int, end: int, linker: Linker, choices: dict[tuple[int, int], Link], context: tuple[Iri, ...] = ()
) -> Scan:
    """Scan the ask at question[start:end]; ``choices`` settle what the mention at a span is."""
    tokens = tuple(Token(t.start + start, t.end + start, t.norm, t.stem) for t in tokenize(question[start:end]))
    mentions = _chosen(linker.mentions(tokens, question), choices, start, end)
    covered = {t for t, token in enumerate(tokens) for m in mentions if m.start <= token.start < m.end}
    ops = tuple(op for op in scan(tokens) if op.kind == "compare" or not covered & set(range(op.first, op.last)))
    return Scan(question, start, end, tokens, mentions, ops, cues(question[start:end]), context, wording=linker.wording)


def _latin(word: str) -> bool:
    return all(ord(c) < 0x250 for c in word)


def _chosen(mentions: tuple[Mention, ...], choices: dict[tuple[int, int], Link], start: int, end: int) -> tuple[Mention, ...]:
    here = {span: link for span, link in choices.items() if start <= span[0] and span[1] <= end}
    kept = [m for m in mentions if not any(m.start < b and a < m.end for a, b in here)]
    kept += [Mention(a, b, (link,)) for (a, b), link in here.items()]
    return tuple(sorted(kept, key=lambda m: m.start))
