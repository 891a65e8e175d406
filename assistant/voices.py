"""Who is meant to say it: 'according to X', 'in X's view', 'the X documentation'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.detect import tokenize
from assistant.lexicon import Lexicon, key
from assistant.remarks import Remark
from assistant.scan import Scan
from graph.types import Iri

OFFICIAL = frozenset({"OfficialDocumentation", "Repository", "Specification", "PackageMetadata"})
_DOCUMENTS = re.compile(r"\b(docs?|documentation|manual|readme|official (site|page|guide)|own (words|view|account))\b", re.I)
_ACCORDING = re.compile(r"\b(according to|says?|said|claims?|as per|states?|documented|in the (eyes|view|opinion) of)\b", re.I)


@dataclass(frozen=True, slots=True)
class Voice:
    """Whose words are asked for: a publisher, or the official documentation; ``tokens`` are the words that say so."""

    publisher: str
    tokens: frozenset[int]

    def said(self, remark: Remark) -> bool:
        """Whether a remark is in this voice."""
        return any(who == self.publisher if self.publisher else kind in OFFICIAL for who, kind in remark.said_by)

    @property
    def english(self) -> str:
        return f"according to {self.publisher}" if self.publisher else "according to its documentation"


class Voices:
    """The publishers of one opened graph."""

    def __init__(self, remarks: tuple[Remark, ...], lexicon: Lexicon) -> None:
        names = {who for r in remarks for who, _ in r.said_by}
        known = {key(who.removeprefix("the ")): who for who in sorted(names, reverse=True)}
        self._known = {k: who for k, who in known.items() if len(k) > 1 or not {*k} & lexicon.wording.stop}
        self._taken = {k for k in self._known if any(n.kind in ("entity", "class") for n in lexicon.by_key.get(k, ()))}

    def asked(self, scan: Scan, things: tuple[Iri, ...]) -> Voice | None:
        """The voice that an ask names. A name that is also a thing's counts only behind 'according to'."""
        stems = tuple(t.stem for t in scan.tokens)
        norms = tuple(t.norm for t in scan.tokens)
        according = _ACCORDING.search(scan.text)
        for size in range(6, 0, -1):
            for at in range(len(stems) - size + 1):
                found = self._known.get(stems[at : at + size])
                if found and size == 1 and tokenize(found)[-1].norm != norms[at]:
                    continue  # another word of the same stem is no name
                if found and (stems[at : at + size] not in self._taken or (according and not things)):
                    return Voice(found, frozenset(range(at, at + size)))
        if things and according and _DOCUMENTS.search(scan.text):
            words = frozenset(t for t, k in enumerate(scan.tokens) if _DOCUMENTS.fullmatch(k.norm) or k.norm in ("according", "official"))
            return Voice("", words)
        return None
