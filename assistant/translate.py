"""A question in another language, put into English words that link: recognised by its function words and its script.

No sentence is translated. What is known is replaced, longest forms first: the words of asking by the tables of
``languages``, the dataset's things by their labels in that language. What is left must be names; else the question is
declined, and the words that were not read are told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from assistant.detect import tokenize
from assistant.languages import CHINESE, GERMAN, HAN, LANGUAGES, RUSSIAN, SPANISH, Language, Said
from assistant.lexicon import Lexicon, key
from assistant.link import Linker
from assistant.types import Answer, Sentence
from assistant.words import AUXILIARIES, LIGHT, NEGATIONS, QUESTION_WORDS, STOP, fold, join, plural

LONGEST = 8  # pieces of a form
FEW = 4  # pieces of a text that one word is enough to recognise
_WEAK = frozenset("of and or with for from in than it my i".split()) | {""}
_LEAD = QUESTION_WORDS | frozenset("does list compare recommend explain tell hello in since under on with is".split())
_SIDE = frozenset({"is", "was", "have", "can", "should"})  # verbs that stand beside another
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_OTHER_CYRILLIC = re.compile(r"[іїєґўјњљђћџ]", re.I)
_HAN = re.compile(f"[{HAN}]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_LATIN = re.compile(r"[a-z\u00c0-\u024f]", re.I)
_ENGLISH = STOP | LIGHT | AUXILIARIES | QUESTION_WORDS | NEGATIONS | frozenset(
    w for lang in LANGUAGES for said, _ in lang.entries[0].values() for w in said.split()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the text: what it says in English ("" for nothing), and what it is."""

    start: int
    end: int
    english: str
    known: bool = True
    verb: bool = False
    label: bool = False

    @property
    def leads(self) -> bool:
        """Whether it opens a question."""
        return not self.verb and not self.label and self.known and self.english.split(" ")[0] in _LEAD and self.english not in _WEAK


@dataclass(frozen=True, slots=True)
class Foreign:
    """A question in another language (None: one that is not read): its English, and the words that could not be read."""

    text: str
    language: Language | None
    english: str = ""
    unread: tuple[str, ...] = ()

    @property
    def declined(self) -> str:
        """The polite refusal, in both languages; "" where the question is read."""
        read = f"I read English, and simple questions in {join([lang.name for lang in LANGUAGES])}; please ask in English."
        if self.language is None:
            return f"I don't know this language. {read}"
        words = f" I could not read {join([f'“{w}”' for w in self.unread[:4]])}." if self.unread else ""
        return f"{self.language.unread}{words} {read}" if self.unread else ""

    def told(self, answer: Answer) -> Answer:
        """An answer to the English question as one to this: opened by a sentence in its language, without spans of another text."""
        if self.language is None:
            return answer
        sentences = (Sentence(self.language.notice, tone="frame"), *answer.sentences) if answer.sentences else ()
        gap = "\n\n" if answer.sentences and answer.sentences[0].block != "prose" else " "
        return replace(
            answer, question=self.text, text=f"{self.language.notice}{gap}{answer.text}", sentences=sentences, pieces=(),
        )  # fmt: skip


class Translator:
    """Reads questions in other languages over one opened graph."""

    def __init__(self, lexicon: Lexicon, linker: Linker) -> None:
        self.lexicon, self.linker = lexicon, linker

    @cached_property
    def _tables(self) -> dict[str, tuple[dict[tuple[str, ...], Said], ...]]:
        """By language what forms say, the surest first: labels and words as they are written, then their stems."""
        found: dict[str, tuple[dict[tuple[str, ...], Said], ...]] = {}
        for lang in LANGUAGES:
            exact: dict[tuple[str, ...], Said] = {}
            stems: dict[tuple[str, ...], Said] = {}
            for label, english in self.lexicon.foreign.get(lang.code, {}).items():
                for table, form in zip((exact, stems), lang.keys(label), strict=True):
                    table.setdefault(form, (english, False))
            found[lang.code] = (exact, lang.entries[0], stems, lang.entries[1])
        return found

    @cached_property
    def _longest(self) -> dict[str, dict[str, int]]:
        """By language the number of pieces of the longest form that begins with a piece."""
        found: dict[str, dict[str, int]] = {}
        for code, tables in self._tables.items():
            longest = found.setdefault(code, {})
            for form in (f for table in tables for f in table if 0 < len(f) <= LONGEST):
                longest[form[0]] = max(longest.get(form[0], 0), len(form))
        return found

    def read(self, text: str) -> Foreign | None:
        """The question as far as it is read; None for one in English, or in no language that can be told."""
        if not re.search(r"[^\W\d_]", text):
            return None
        language = self.recognise(text)
        if language is None:
            return Foreign(text, None) if _foreign_script(text) else None
        chunks = self.chunks(text, language)
        english = _sentence(chunks, text, language)
        return Foreign(text, language, english, self._unread(chunks, english, text, language))

    def english(self, text: str) -> str:
        """The text, in English where it is read."""
        found = self.read(text)
        return found.english if found and not found.declined else text

    # ------------------------------------------------------------ which language

    def recognise(self, text: str) -> Language | None:
        """The language other than English that a text is in, where its words of asking outnumber the English ones."""
        if _CYRILLIC.search(text):
            options: tuple[Language, ...] = () if _OTHER_CYRILLIC.search(text) else (RUSSIAN,)
        elif _HAN.search(text):
            options = () if _KANA.search(text) else (CHINESE,)
        else:
            options = tuple(lang for lang in LANGUAGES if lang not in (RUSSIAN, CHINESE))
        cut = [(lang, self.chunks(text, lang)) for lang in options]
        scored = [(self._evidence(text, lang, chunks), (-len(chunks), -n), lang) for n, (lang, chunks) in enumerate(cut)]
        (weight, _), _, best = max(scored, key=lambda s: s[:2], default=((0, 0), (0, 0), None))
        return best if weight > 0 else None

    def _evidence(self, text: str, language: Language, chunks: list[Chunk]) -> tuple[int, int]:
        """How far the words of a language outnumber the English ones (0 where they don't), and how many they are."""
        own = strong = 0
        covered: set[int] = set()
        for n, c in enumerate(chunks):
            if not c.known:
                continue
            covered |= {*range(c.start, c.end)}
            words = re.findall(r"[^\W_]+", text[c.start : c.end])
            told = {fold(w) for w in words} - _ENGLISH
            if c.label and told and key(" ".join(words)) not in self.lexicon.by_key:
                own += len(words)
            elif told and told <= language.written and (n == 0 or not c.verb or words[0][:1].islower()):
                own += len(words)
                strong += c.english not in _WEAK or (n == 0 < c.end - 1 and c.english == "and")  # 'and X?'
        script = len(re.findall(f"[{HAN}]+|[\u0400-\u04ff]+", text)) + (language is SPANISH and bool(re.search("[¿¡]", text)))
        own, strong = own + script, strong + script
        tokens = tokenize(text)
        left = sum(t.norm in _ENGLISH and t.start not in covered for t in tokens)
        enough = strong and (own > 1 or len(tokens) <= FEW) and own > left
        return (own - left, own) if enough else (0, 0)

    # ------------------------------------------------------------ into English

    def chunks(self, text: str, language: Language) -> list[Chunk]:
        """The text cut into known forms, the longest first, and single words that are left as they are."""
        pieces, tables, longest = language.pieces(text), self._tables[language.code], self._longest[language.code]
        found: list[Chunk] = []
        at = 0
        while at < len(pieces):
            most = min(max(longest.get(pieces[at][2], 0), longest.get(pieces[at][3], 0)), len(pieces) - at)
            chunk, size = next(
                ((c, n) for n in range(most, 0, -1) if (c := _looked_up(pieces[at : at + n], tables))),
                (Chunk(pieces[at][0], pieces[at][1], text[pieces[at][0] : pieces[at][1]], known=False), 1),
            )
            found.append(chunk)
            at += size
        return found

    def _unread(self, chunks: list[Chunk], english: str, text: str, language: Language) -> tuple[str, ...]:
        """The words that were kept though they are neither names nor English."""
        tokens = tokenize(english)
        linked = [(m.start, m.end) for m in self.linker.mentions(tokens, english) if m.best.score >= 0.9]
        names = {t.norm for t in tokens if any(a <= t.start < b for a, b in linked)}
        found = []
        for c in chunks:
            words = {t.norm for t in tokenize(c.english)}
            if c.known or words <= names or words <= _ENGLISH or c.english[:1].isdigit():
                continue
            own_script = _HAN.search(c.english) or _CYRILLIC.search(c.english)
            if own_script or not (words <= self.linker.vocabulary or _is_name(c, text, language)):
                found.append(c.english)
        return tuple(dict.fromkeys(found))


def _looked_up(pieces: list[tuple[int, int, str, str]], tables: tuple[dict[tuple[str, ...], Said], ...]) -> Chunk | None:
    """The chunk of a form that a table knows; tables at even places are of labels, the first two are of written words."""
    forms = [tuple(p[2] for p in pieces)] * 2 + [tuple(p[3] for p in pieces)] * 2
    for n, (table, form) in enumerate(zip(tables, forms, strict=True)):
        if form in table:
            said, verb = table[form]
            return Chunk(pieces[0][0], pieces[-1][1], said, verb=verb, label=n % 2 == 0)
    return None


def _is_name(chunk: Chunk, text: str, language: Language) -> bool:
    """Whether an unknown word is written as a name: in Latin letters between others, or with a capital inside a sentence."""
    if language in (RUSSIAN, CHINESE):
        return True
    inside = bool(re.search(r"[\w,]\W*$", text[: chunk.start]))
    written = chunk.english
    return written[1:] != written[1:].lower() or (language is not GERMAN and inside and written[:1].isupper())


def _foreign_script(text: str) -> bool:
    """Whether most letters are of a script that is not read at all."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and sum(not _LATIN.match(c) for c in letters) * 2 > len(letters)


def _sentence(chunks: list[Chunk], text: str, language: Language) -> str:
    """The English of the chunks in an order in which English asks."""
    chunks = [c for c in chunks if c.english]
    lead = next((c for c in chunks if c.leads), None)
    asks = bool(re.search(r"[?？]\s*$", text))
    verbs = [c for c in chunks if c.verb]
    if verbs and ((lead is None and asks) or (lead and lead.english == "does")):
        chunks = _yes_no([c for c in chunks if c is not lead], verbs[0])
    elif lead:
        rest = [c for c in chunks if c is not lead]
        chunks = [lead, *rest] if language is CHINESE or lead.english == "does" else chunks
        main = next((c for c in verbs if c.english not in _SIDE), None)
        if main and lead.english.startswith("on "):
            chunks = _stranded(lead, main, rest)
        elif main and lead.english in ("who", "when", "in which year"):
            chunks = _of_old(lead, main, [c for c in rest if c is not main and not (c.verb and c.english in _SIDE)])
        chunks = _with_article(chunks, lead)
    return _joined(chunks, text) + ("?" if asks else "")


def _of_old(lead: Chunk, main: Chunk, rest: list[Chunk]) -> list[Chunk]:
    """'who created X', 'when was X released'."""
    return [lead, main, *rest] if lead.english == "who" else [lead, Chunk(lead.end, lead.end, "was"), *rest, main]


def _stranded(lead: Chunk, main: Chunk, rest: list[Chunk]) -> list[Chunk]:
    """'on which machine is X built': 'which machine is X built on'."""
    at = rest.index(main)
    behind = [c for c in rest[at + 1 :] if c.english not in _SIDE]
    before = [c for c in rest[:at] if c.english not in _SIDE]
    opening = replace(lead, english=lead.english.removeprefix("on "))
    subject = behind or before[-1:]
    return [opening, *(before if behind else before[:-1]), Chunk(lead.end, lead.end, "is"), *subject, main]


def _with_article(chunks: list[Chunk], lead: Chunk) -> list[Chunk]:
    """'what is the licence of X', but 'what is X'; 'how many machines'."""
    at = chunks.index(lead) + 1 if lead in chunks else len(chunks)
    if at < len(chunks) and lead.english == "how many" and chunks[at].label:
        return [*chunks[:at], replace(chunks[at], english=plural(chunks[at].english)), *chunks[at + 1 :]]
    if lead.english == "what is" and at + 1 < len(chunks) and chunks[at].known:
        return [*chunks[:at], Chunk(lead.end, lead.end, "the"), *chunks[at:]]
    return chunks


def _yes_no(chunks: list[Chunk], verb: Chunk) -> list[Chunk]:
    """'is X Y', 'does X have Y', 'can X do Y'."""
    rest = [c for c in chunks if c is not verb]
    if verb.english in ("is", "was", "can", "should"):
        return [verb, *rest]
    at = chunks.index(verb) or 1  # a verb in front stands behind the first name in English
    return [Chunk(0, 0, "does"), *rest[:at], verb, *rest[at:]]


def _joined(chunks: list[Chunk], text: str) -> str:
    """Chunks in one line; the marks between two that stood side by side are kept."""
    out = "".join(c.english for c in chunks[:1])
    for a, b in pairwise(chunks):
        between = text[a.end : b.start] if a.end <= b.start <= a.end + FEW else ""
        hyphen = between.strip() in ("-", "/") and not a.known and not b.known
        out += (between if hyphen else "".join(ch for ch in between if ch in ",;") + " ") + b.english
    return out
