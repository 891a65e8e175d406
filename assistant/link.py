"""Mentions of an ask: the longest names first, then split spellings and typos; what is left stays unlinked (NIL)."""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path

from assistant.detect import is_title_case
from assistant.encode import EncoderError, model_folder
from assistant.lexicon import MAX_WORDS, Lexicon, key
from assistant.spelling import Spellings
from assistant.types import Link, Mention, Token
from assistant.words import AUXILIARIES, american, fold, stem
from graph.terms import FG, SKOS
from graph.types import Iri

COMMON = 20_000  # words ranked below this in the encoder's vocabulary are common English, not typos
ALIKE = 66  # of 100: how alike a known name must be to be told as the nearest
RECENT = 1024  # misspelt words whose nearest names are remembered
Span = tuple[int, int, tuple[Link, ...]]  # first token, token after the last, what they name
_KIND_ORDER = {"entity": 0, "class": 1, "property": 2, "level": 3, "need": 4, "aspect": 5, "value": 6}


class Linker:
    """Finds mentions. ``nearest`` names the known thing closest in spelling to an unknown word."""

    def __init__(self, lexicon: Lexicon, central: tuple[Iri, ...] = ()) -> None:
        """``central`` are the classes of the things that the dataset is about, where it says so."""
        self.lexicon, self.wording, self.central = lexicon, lexicon.wording, central
        named = ("entity", "class", "property")
        self._spellings = Spellings(s for s, links in lexicon.by_squash.items() if len(s) >= 4 and any(n.kind in named for n in links))
        self._misspelt = lru_cache(maxsize=RECENT)(self._spellings.near)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Common English words: the head of the encoder's own word list, which is ordered by frequency."""
        try:
            lines = (Path(model_folder()) / "vocab.txt").read_text(encoding="utf-8").splitlines()
        except (EncoderError, OSError):
            return frozenset()
        return frozenset(w for w in lines[:COMMON] if w.isalpha() and len(w) > 2)

    @cached_property
    def _common_stems(self) -> frozenset[str]:
        return frozenset(stem(w) for w in self.vocabulary)

    def is_common(self, word_stem: str) -> bool:
        """Whether a stem is that of a common English word."""
        return word_stem in self._common_stems

    def mentions(self, tokens: tuple[Token, ...], text: str = "") -> tuple[Mention, ...]:
        """Non-overlapping mentions in the order of the text; longer names win."""
        exact = self._exact(tokens)
        bare = [s for s in exact if not any(o[0] <= s[0] and s[1] < o[1] for o in exact)]  # in no longer name
        cut = {t for s in bare if self._cut_off(tokens, s, text) or self._longer_name(tokens, s, bare, text) for t in range(s[0], s[1] + 1)}
        spans = [s for s in exact if not self._two_names(tokens, s, text) and s[1] - 1 not in cut and not _runs_into(s, exact)]
        spans.sort(key=lambda s: (-(s[1] - s[0]), s[0]))
        taken = [False] * len(tokens)
        found: list[Mention] = []
        for first, last, links in spans:
            if not any(taken[first:last]):
                taken[first:last] = [True] * (last - first)
                found.append(self._mention(tokens, first, last, links))
        for i, token in enumerate(tokens):
            if not taken[i] and i not in cut and self._may_be_name(token):
                links = self._partial(token, text) or self._typo(token)
                if links:
                    taken[i] = True
                    found.append(self._mention(tokens, i, i + 1, links))
        for i in range(len(tokens) - 1):
            if not taken[i] and not taken[i + 1] and self._may_be_name(tokens[i]) and tokens[i + 1].norm in self.wording.stop:
                links = tuple(n for n in self._typo(tokens[i], tokens[i + 1].norm) if n.kind == "property")
                if links:
                    taken[i : i + 2] = [True, True]
                    found.append(self._mention(tokens, i, i + 2, links))
        return tuple(sorted(found, key=lambda m: m.start))

    def _mention(self, tokens: tuple[Token, ...], first: int, last: int, links: tuple[Link, ...]) -> Mention:
        ordered = sorted(links, key=lambda n: (-round(n.score, 2), _KIND_ORDER[n.kind], n.iri))
        return Mention(tokens[first].start, tokens[last - 1].end, tuple(ordered))

    def _exact(self, tokens: tuple[Token, ...]) -> list[Span]:
        spans = []
        for first in range(len(tokens)):
            for last in range(first + 1, min(first + MAX_WORDS, len(tokens)) + 1):
                window = tokens[first:last]
                links = self._lookup(window)
                if links:
                    spans.append((first, last, links))
        return spans

    def _cut_off(self, tokens: tuple[Token, ...], span: Span, text: str) -> bool:
        """'foo-zorblax' names an unknown thing, not Foo; 'foo-based' and 'foo-like' speak of Foo."""
        last = span[1]
        if last >= len(tokens) or text[tokens[last - 1].end : tokens[last].start] != "-" or not self.vocabulary:
            return False
        word = tokens[last]
        return not (word.norm.isdigit() or word.norm in self.lexicon.wording.stop or self.is_common(word.stem) or self._lookup((word,)))

    def _longer_name(self, tokens: tuple[Token, ...], span: Span, others: list[Span], text: str) -> bool:
        """'Foo Word' in capitals, where only Foo is known, names something else; not so what the dataset is about, which has parts."""
        last = span[1]
        if not self.central or last >= len(tokens) or text[tokens[last - 1].end : tokens[last].start] != " ":
            return False
        if any(n.kind != "entity" or self.lexicon.is_a(n.iri, *self.central) for n in span[2]) or any(o[0] <= last < o[1] for o in others):
            return False
        first, word = text[tokens[span[0]].start : tokens[span[0]].end], text[tokens[last].start : tokens[last].end]
        stop = self.wording.stop
        titled = is_title_case(text, tokens, stop) and sum(t.norm not in stop for t in tokens) > 3  # a bare name is no title
        return first[:1].isupper() and word.istitle() and not titled and tokens[last].norm not in stop

    def _two_names(self, tokens: tuple[Token, ...], span: Span, text: str) -> bool:
        """'Foo session' in words is Foo and its session, not the package Foo-Session, unless written with its hyphen."""
        first, last, links = span
        if last - first < 2 or not text or {"-", "_"} & set(text[tokens[first].start : tokens[last - 1].end]):
            return False
        written = text[tokens[first].start : tokens[last - 1].end]
        stems = tuple(t.stem for t in tokens[first:last])
        hyphened = all({"-", "_"} & set(n.label) and n.kind == "entity" and key(n.label) == stems for n in links)
        noun = any(n.kind == "class" for n in self._lookup(tokens[last - 1 : last]))  # 'Foo extensions' are not the package Foo Extensions
        noun = noun and all(n.kind == "entity" and n.label.split()[-1][:1].isupper() for n in links)
        return (
            (hyphened or noun)
            and written[-1:].islower()
            and not any(w[:1].isupper() for w in written.split()[1:])
            and any(n.kind == "entity" for n in self._lookup(tokens[first : first + 1]))
        )

    def _lookup(self, window: tuple[Token, ...]) -> tuple[Link, ...]:
        if all(t.norm in self.wording.stop or t.norm in AUXILIARIES for t in window) and len(window) == 1:
            own = self.lexicon.by_key.get((window[0].stem,), ())
            return tuple(n for n in own if n.kind == "class" and n.score == 1.0)  # a dataset may class its things by a common word
        links = self.lexicon.by_key.get(tuple(t.stem for t in window), ())
        if len(window) == 1 and window[0].norm.endswith("ly"):  # 'automatically' is not Automat: an adverb names no thing
            links = tuple(n for n in links if n.kind != "entity" or any(s.endswith("ly") for s in self._surfaces(n)))
        if window[-1].norm.endswith(("able", "ability")):  # 'maintainable' is not 'maintained'
            links = tuple(n for n in links if any(s.endswith(("able", "ability")) for s in self._surfaces(n)))
        if window[-1].norm.endswith(("ed", "ing")):  # 'released' is no release: a verb names no class
            links = tuple(n for n in links if n.kind != "class" or n.label.lower().endswith(("ed", "ing")))
            written = " ".join(t.norm for t in window)
            literal = tuple(n for n in links if n.kind == "property" and written in self._surfaces(n))
            links = tuple(n for n in links if n.kind != "property" or not literal or n in literal)
        if links:
            return self._as_written(links, " ".join(t.norm for t in window)) if len(window) == 1 else links
        squashed = "".join(t.norm for t in window)
        if len(squashed) < 4 or (len(window) > 1 and any(t.norm in self.wording.stop for t in window)):
            return ()
        near = self.lexicon.by_squash.get(squashed, ())
        return tuple(Link(n.iri, n.label, n.kind, n.score * 0.98, "spelling", n.value) for n in near)

    def _as_written(self, links: tuple[Link, ...], word: str) -> tuple[Link, ...]:
        """The links without things that share no more than a stem with the word, where it names something else, or they have proper names.

        'authors' are no authorization, and 'retries' not the package retrying; 'caches' are caching, which is no proper name.
        """
        word = american(word)
        written = {n for n in links if any(word in (s, f"{s}s", f"{s}es") for s in map(american, self._surfaces(n)))}
        return tuple(n for n in links if n.kind != "entity" or n in written or not (written or self._is_proper(n)))

    def _is_proper(self, link: Link) -> bool:
        """Whether a thing has a name of one small word, as packages have, and is no notion."""
        return link.label.isalpha() and link.label.islower() and not self.lexicon.is_a(link.iri, SKOS.Concept, FG.Feature)

    def _surfaces(self, link: Link) -> set[str]:
        return {fold(s) for s in (link.label, *self.lexicon.aliases.get(link.iri, ()))}

    def _may_be_name(self, token: Token) -> bool:
        return len(token.norm) >= 4 and token.norm not in self.wording.stop | self.wording.light and not token.norm.isdigit()

    def _partial(self, token: Token, text: str) -> tuple[Link, ...]:
        capital = token.start > 0 and text[token.start : token.start + 1].isupper()
        if token.norm in self.vocabulary and not capital:  # a common word is a name only where it is written as one
            return ()
        return self.lexicon.by_word.get(token.stem, ())

    def _typo(self, token: Token, ending: str = "") -> tuple[Link, ...]:
        """Names that a misspelt word, with the small word behind it, comes near to ('bulit on')."""
        if token.norm in self.vocabulary or not token.norm.isalpha():
            return ()
        word = token.norm + ending
        allowed = 1 if len(word) < 8 else 2
        matches = self._misspelt(word, allowed)
        if word.endswith("s") and len(word) > 4:  # a name in the plural
            matches = [*matches, *self._misspelt(word[:-1], allowed)]
        best = min((d for _, d in matches), default=None)
        found = [n for s, d in matches if d == best and s[:1] == word[:1] for n in self.lexicon.by_squash[s]]
        score = 0.85 if best == 1 else 0.75
        return tuple(Link(n.iri, n.label, n.kind, score * n.score, "typo", n.value) for n in found)

    def nearest(self, word: str) -> str | None:
        """The label of the entity whose name is nearest in spelling, or None where nothing is near."""
        folded = "".join(c for c in fold(word) if c.isalnum())
        match = self._spellings.nearest(folded, ALIKE)
        if match is None:
            return None
        links = [n for n in self.lexicon.by_squash[match] if n.kind == "entity"]
        return links[0].label if links else None


def _runs_into(span: Span, others: list[Span]) -> bool:
    """'runs on Foo' before 'Foo 3.9': the last word of a property's name begins the longer name of a thing."""
    if any(n.kind not in ("property", "aspect") for n in span[2]):
        return False
    return any(span[0] < o[0] < span[1] < o[1] and any(n.kind == "entity" and n.score > 0.9 for n in o[2]) for o in others)
