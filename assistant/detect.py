"""From text to tokens, asks and cues: what is asked, the situation it is asked in, and courtesy."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.types import Token
from assistant.words import AUXILIARIES, QUESTION_WORDS, fold, hasty, stem, unhurried

MAX_CHARS = 2000  # of a question; the rest is not read
_WORD = re.compile(
    r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)+|\d+(?![a-z0-9])|[a-z0-9\u00c0-\u024f]+(?:['’](?:s|t|re|ve|ll|d|m)\b)?|[^\W_]", re.I
)
_CONTRACTED = re.compile(r"^(.*?)(n['’]t|['’](?:s|re|ve|ll|d|m))$")
_SENTENCE = re.compile(r"[^.?!;\n。？！]*(?:\.(?=\w)[^.?!;\n。？！]*)*[.?!;\n。？！]*")
_ASKING = re.compile(
    r"^(tell|show|list|give|name|compare|explain|describe|define|recommend|suggest|count|find|help|advise|choose|pick)\b", re.I
)
_SECOND = re.compile(
    r",?\s+and\s+(?=((since|under|in|for|by|with|on|at|from|until|to)\s+(what|which|whom|when)|how|what|who|why|which|where|does|is|can)\b"
    r"(\s+\S+){2,})", re.I
)  # fmt: skip
_BESIDE = re.compile(  # 'and how much is it?' asks for the number behind what was asked
    r"^(by )?(how (much|many|old|tall|high|long|far|big|fast|large)|when|what)"
    r"( (is|was|are|were|does|do|did) (it|that|they|there|he|she|this)( have| cost)?)?\W*$", re.I
)  # fmt: skip
_COURTESY = re.compile(
    r"^(?:(?:hi|hello|hey|dear all|"
    r"good (?:morning|evening|afternoon)|please|thanks|thank you|ok|okay|so|and|but|well|also|now|"
    r"sorry|quick question|just wondering|i(?:'m| am) wondering|i was wondering|i wonder|do you know|does anyone know|anyone know|"
    r"(?:can|could|would) (?:you|anyone|someone|anybody)(?: please)? (?:tell me|explain|say|help me|show me|list|give me)|"
    r"i(?:'d| would) like to know|i want to know|tell me|please tell me|let me know|kindly)\b[,:!.]*\s*)+", re.I
)  # fmt: skip


def tokenize(text: str) -> tuple[Token, ...]:
    """Words with their spans. Contractions split ('doesn't' -> does, not), haste is written out; a possessive 's is dropped."""
    tokens: list[Token] = []
    for match in _WORD.finditer(text[:MAX_CHARS]):
        start, raw = match.start(), match.group()
        if meant := hasty(raw):
            tokens += [_token(start, match.end(), word) for word in meant.split()]
            continue
        contracted = _CONTRACTED.match(raw)
        if contracted and contracted.group(1):
            head, tail = contracted.groups()
            end = start + len(head)
            if tail.lower().startswith("n"):
                head = {"ca": "can", "wo": "will", "sha": "shall"}.get(head.lower(), head)
            tokens.append(_token(start, end, head))
            if tail.lower().startswith("n"):
                tokens.append(_token(end, match.end(), "not"))
            continue
        tokens.append(_token(start, match.end(), raw))
    return tuple(_negated(tokens))


def _token(start: int, end: int, raw: str) -> Token:
    norm = fold(raw)
    norm = norm.replace(",", "") if norm[:1].isdigit() else norm  # '35,000' is a number
    return Token(start, end, norm, stem(norm))


def _negated(tokens: list[Token]) -> list[Token]:
    """'dont', 'doesnt', 'isnt' as people type them: read as their two words."""
    out: list[Token] = []
    for token in tokens:
        bare = token.norm[:-2]
        if token.norm.endswith("nt") and (bare in AUXILIARIES or bare == "ca"):
            middle = token.end - 2
            out.append(_token(token.start, middle, "can" if bare == "ca" else bare))
            out.append(Token(middle, token.end, "not", "not"))
        else:
            out.append(token)
    return out


@dataclass(frozen=True, slots=True)
class Ask:
    """A stretch of the text: its span, and whether it asks (else it is situation)."""

    start: int
    end: int
    asks: bool


def split(text: str) -> tuple[Ask, ...]:
    """The sentences of a text, each asking or telling. Where none asks, the last one is taken to."""
    spans = [(m.start(), m.end()) for m in _SENTENCE.finditer(text[:MAX_CHARS]) if m.group().strip(" .?!;\n\t")]
    spans = [(_saluted(text, a, b), _without_audience(text, a, b)) for s in spans for a, b in _divided(text, *s)]
    asks = _leaning(text, _confirmed(text, [Ask(a, b, _is_asking(text[a:b])) for a, b in spans]))
    if asks and not any(a.asks for a in asks):
        last = max(i for i in range(len(asks)) if i == 0 or not _CLOSING.match(text[asks[i].start : asks[i].end].strip()))
        asks[last] = Ask(asks[last].start, asks[last].end, True)
    return tuple(asks)


_CLOSING = re.compile(
    r"(yours (faithfully|sincerely|truly)|(kind |best |warm )?regards|cheers|(many )?thanks?( you)?|thx|ty|greetings|sincerely)\b.{0,40}$",
    re.I,
)
_CONFIRM = re.compile(r"^\W*(is (that|this|it) )?(correct|right|true|so|really|is (that|this|it) (so|true|right|correct))\W*$", re.I)

_MEANT = re.compile(
    r"^\W*(so |and |but )?(the )?(meaning|definition|what (is|s|does|do) (it|that|this|they|these)( mean| stand for)?|explain)\W*$", re.I
)


_BARE = re.compile(
    r"^\W*(but |and |so )*(how( so| then| exactly)?|with what|by what|"
    r"any (idea|hint|clue|pointer|package|plug-?in|extension|librar|tool)\w*|"
    r"(what|who|which|when|where) (is|was|were|are) (it|that|they|those|he|she)( then| again| called| named)?|is (it|that|this) possible|"
    r"which( one| package| library| extension| plug-?in)?)\W*$", re.I
)  # fmt: skip


def _confirmed(text: str, asks: list[Ask]) -> list[Ask]:
    """A bare word that asks takes the telling sentence before it along.

    'X is Y. Correct?' asks whether X is Y, 'I keep reading X. Meaning?' what X is, 'I need X in Y. How?' how X is had in Y.
    """
    out: list[Ask] = []
    for ask in asks:
        said = text[ask.start : ask.end]
        told = bool(out) and not out[-1].asks
        if out and ask.asks and (_CONFIRM.match(said) or (told and (_MEANT.match(said) or _BARE.match(said)))):
            out[-1] = Ask(out[-1].start, ask.end, True)
        else:
            out.append(ask)
    return out


_LEANS = re.compile(
    r"^\W*(so )?(who|which|what)\b[^,]*\b(all (two|three|four|of (these|those|them))|both( of (these|those|them))?)\W*$", re.I
)
_TAKE = re.compile(r"^\W*(take|consider|look at|think of)\b", re.I)


def _leaning(text: str, asks: list[Ask]) -> list[Ask]:
    """'I want X, Y and Z. Who has all three?' and 'Take the Xs. How many of them ...' ask with what was said before."""
    found: list[Ask] = []
    for ask in asks:
        before = found[-1] if found else None
        said = text[ask.start : ask.end]
        taken = before and _TAKE.match(text[before.start : before.end]) and re.search(r"\b(them|these|those)\b", said)
        if before is not None and not before.asks and ask.asks and (_LEANS.match(said.strip()) or taken):
            found[-1] = Ask(before.start, ask.end, True)
        else:
            found.append(ask)
    return found


_SALUTE = re.compile(
    r"\W*(dear (sir or madam|sirs?|madam|all|team|colleagues|friends|(mr|mrs|ms|dr)\.? \w+)[,!.]\s*)?"
    r"((i|we) (should|would) be (most |very |so |really )?(grateful|thankful|obliged|glad|happy) "
    r"(if|when) you (could|would|can)( kindly| please)?\s+)?", re.I
)  # fmt: skip


def _saluted(text: str, a: int, b: int) -> int:
    """Where an ask begins behind 'Dear Sir or Madam, I should be most grateful if you could'."""
    found = _SALUTE.match(text, a, b)
    return found.end() if found and found.group().strip() and found.end() < b else a


_AUDIENCE = re.compile(
    r",?\s+(to|for) (a|an|my|the|some|total|complete|absolute|somebody|someone|anybody|anyone|non)\b[-\w\s']{0,24}?"
    r"(beginners?|newbies?|newcomers?|novices?|laym[ae]n|laypersons?|amateurs?|child|children|kids?|manager|boss|mother|mum|mom|grandm\w+|"
    r"new to it|knows nothing|without a clue|programmers?|five[- ]year[- ]old)\W*$", re.I)  # fmt: skip
_TEACH = re.compile(r"^\W*(please |can you |could you |would you )*(explain|define|describe|what('s| is| are| does| do))\b", re.I)


def _without_audience(text: str, a: int, b: int) -> int:
    """Where an explanation's ask ends: for whom it is wanted changes nothing of what it is."""
    found = _AUDIENCE.search(text, a, b) if _TEACH.match(text[a:b]) and not _CUES["recommend"].search(text[a:b]) else None
    return found.start() if found else b


def _divided(text: str, a: int, b: int) -> list[tuple[int, int]]:
    """'What is X, and how do I Y?' asks twice."""
    cut = _SECOND.search(text, a, b)
    if cut is None or _BESIDE.match(text[cut.end() : b].strip()) or not _is_asking(text[a : cut.start()].strip()):
        return [(a, b)]
    return [(a, cut.start()), (cut.end(), b)]


def _is_asking(sentence: str) -> bool:
    stripped = unhurried(sentence.strip())
    if "?" in stripped[-3:] or "？" in stripped[-3:]:
        return True
    if _ASKING.match(stripped):
        return True
    core = without_courtesy(stripped)
    first = fold(core).split(" ", 1)[0].strip(",:'") if core else ""
    return first in QUESTION_WORDS or first in AUXILIARIES or bool(_ASKING.match(core)) or first == "should"


def without_courtesy(text: str) -> str:
    """The text without leading courtesy ('Hi, could you tell me ...')."""
    return _COURTESY.sub("", text.strip(), count=1) or text.strip()


# 'X in Y, supported?', 'X needed?': yes/no questions without a verb in front
_TAILS = frozenset(
    "supported possible needed required there ok okay allowed available included correct right true needed enough built".split()
)


@dataclass(frozen=True, slots=True)
class Cues:
    """What the function words of an ask say about the shape of its answer."""

    yes_no: bool = False
    count: bool = False
    listing: bool = False
    compare: bool = False
    difference: bool = False
    define: bool = False
    why: bool = False
    how: bool = False
    when: bool = False
    who: bool = False
    where: bool = False
    recommend: bool = False
    profile: bool = False
    future: bool = False
    either: bool = False
    said_by: bool = False
    judge: bool = False
    contested: bool = False
    replace: bool = False
    exists: bool = False
    every: bool = False


_CUES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.I)
    for name, pattern in {
        "count": r"\bhow many\b|\bnumber of\b|^count\b|\bcount of\b",
        "listing": (
            r"^(which|list|show|name|give|find|any|all|everything|anything|those|whichever)\b|\bwhich\b|\bwhat (are|other|else)\b|"
            r"\bexamples? of\b|\bother than\b|\bwhat is both\b|"
            r"\boptions\b|\b(list|name|show|give me) (them|those|all)\b"
        ),
        "compare": (
            r"\bvs\.?\b|\bversus\b|\bcompar(e|es|ed|ing|ison)\b|\bor\b.*\bbetter\b|\bbetter\b.*\b(or|than|between)\b|"
            r"\binstead of\b|\brather than\b|\bwhy\b.*\bover\b|\bside by side\b|\b(up|fare\w*|pit\w*|hold\w*) against\b"
        ),
        "difference": (
            r"\bother way (a)?round\b|\bvice versa\b|\bdiffer(s|ence|ences|ent|ently)?\b|\bdistinguish|\bdistinction\b|"
            r"\btells?\b.*\b(apart|from)\b|\bsets?\b.*\bapart\b"
        ),
        "define": (
            r"^(what (is|are|s|does|do)\b|define\b|explain\b|meaning of\b|definition of\b|whats\b)|\bmeans?\b|\bmeaning\b|"
            r"\bmeant by\b|\bin (plain|simple|easy|one|a few) (english|words|terms|sentence)\b|\bstand for\b|"
            r"\bexplanation\b|\bexplain(ed)?\b|\bnutshell\b|\bunderstood by\b|\bimagine\b|\bin one (line|sentence|word)\b|\bwhat exactly\b|"
            r"^(a |give me a |the )?(short |brief |one-line )*(description|summary) of\b|,? what (is|are) (that|it|they|those)\b|"
            r"\bshort (intro|description)|\bsum up\b|\bcharacteri[sz]es?\b"
        ),
        "why": r"\bwhy\b|\bhow come\b|\breasons?\b|\bbenefits?\b|\badvantages?\b|\bwhat for\b",
        "how": r"\bhow\b(?! (many|old|much|come)\b)",
        "when": r"\bwhen\b|\b(what|which) (year|date|version|release|day|month)\b|\bhow old\b|\bsince\b",
        "who": r"\bwho(m|se)?\b|\bby whom\b",
        "where": r"\bwhere\b",
        "recommend": (
            r"\brecommend|\bsuggest|\bshould (i|we|one)\b|\bbest\b|\bbetter\b"
            r"|\bwhich .*\b(to|would|should|must) .*\b(choose|pick|use|learn|go with|start with)\b"
            r"|\bany (ideas?|suggestions?|advice|tips?)\b(?! (from|by)\b)|\balternatives?\b|\blooking for\b|\b(needs?|wants?) (a|an|some)\b"
            r"|\b(i|we)('d|’d| would) (like|love|prefer) (a|an|some)\b"
            r"(?! ([\w-]+ )?(list|overview|table|summary|explanation|comparison|description))"
            r"|\bwe need\b|\b(i|we) should\b|\bideal\b|\bsuitable\b|\bsensible\b|\badvice\b(?! (from|by)\b)|\bworth\b|\bgood choice\b"
            r"|\bwhat would you\b|\bwould you (take|use|choose|pick)\b"
            r"|\bmigrate\b|\bswitch\b|\bmove (from|to)\b|\b(what|which) .*\bgood for\b"
        ),
        "profile": r"^(tell me (more )?about|describe|what do you know about|introduce|overview of|profile of|about)\b",
        "future": (
            r"\bin (20[3-9]\d|2027|2028|2029)\b|\bnext year\b|\bin the future\b|^when will\b|\bwill .*\b(ever|soon|next)\b|"
            r"\b(planned|scheduled|slated)\b(?! (tasks?|jobs?|runs?|work))|"
            r"\b(roadmap|due out|forthcoming)\b|\bpredict|^when\b.*\bgoing to\b|\btomorrow\b"
        ),
        "either": r"\bor\b",
        "contested": r"\b(disputed?|contested|controversial|controvers\w+|disagree\w*|contradict\w*|debated)\b",
        "judge": (
            r"\b(any good|is (it|this|that|\w+) good|still (a )?good|good (idea|choice|option)|worth|should (i|we|one) (use|"
            r"learn|choose|pick|avoid|trust)|reliable|recommended|decent|make sense|good enough)\b"
        ),
        "replace": (
            r"\b(alternatives?|replace(ment)?|instead|current(ly)?|we use|we are using|using now|migrat\w*|switch\w*|"
            r"move (from|away|to)|leave|moving|lighter)\b"
        ),
        "exists": r"^(is|are|was|were) there\b|^(do|does|did|has|have|can|could|is|are) any\b|\bis there (a|an|any)\b"
        r"|^(can|could|may|might) (a|an|any|some) ([\w-]+ ){1,3}be\b",
        "every": r"^(do|does|did|are|is|have|has|can|could|must)\s+(all|every|each)\b",
        "said_by": r"\baccording to\b|\bwho says\b",
    }.items()
}  # fmt: skip


_TELLING = re.compile(
    r"^(give|show|find|write)( me| us)?( a| an| the| some)?( [a-z-]+){0,2} "
    r"(description|definition|explanation|summary|overview|intro\w*) (of|to)\b", re.I
)  # fmt: skip
_WAY = re.compile(r"\b(recommended|best|right|proper|usual|preferred|canonical|official) (ways?|approach|method|practices?)\b", re.I)


def cues(ask: str) -> Cues:
    """The cues of one ask, read from its words."""
    core = " ".join(without_courtesy(unhurried(ask)).split()).rstrip("?!. ？！。")
    found = {name: bool(pattern.search(core)) for name, pattern in _CUES.items()}
    if re.match(r"^\W*(tell me (more )?about|what about)\b", ask.strip(), re.I):
        found["profile"] = found["profile"] or ("about" in ask.lower()[:18] and "tell" in ask.lower()[:6])
    if _WAY.search(core):  # 'the recommended way to do it' is how it is done
        found["recommend"], found["how"] = False, True
    if _TELLING.match(core):
        found["listing"], found["define"] = False, True
    words = [t.norm for t in tokenize(core)]
    first = words[0] if words else ""
    found["judge"] = found["judge"] and (not set(words[:1]) & {"which", "who", "what"} or (words[0] == "who" and words[-1] == "for"))
    found["yes_no"] = first in AUXILIARIES or (
        len(words) > 2 and not set(words) & QUESTION_WORDS and "?" in ask and bool(set(words[:4]) & AUXILIARIES)
    )
    if not found["yes_no"] and not set(words) & QUESTION_WORDS and len(words) > 2:
        tail = re.split(r",\s*", core)[-1].split()
        found["yes_no"] = ("?" in ask and bool(set(words[-3:]) & _TAILS)) or (0 < len(tail) < len(words) and fold(tail[0]) in AUXILIARIES)
    if {"yes", "no"} <= set(words[-4:]) and "or" in words:
        found["yes_no"], found["either"] = True, False
    if first in ("will", "would") and found["future"]:
        found["yes_no"] = True
    return Cues(**found)


def is_title_case(text: str, tokens: Sequence[Token], stop: Collection[str]) -> bool:
    """Whether more than two thirds of the words that say something begin with a capital: 'How To Do It In Title Case'."""
    said = [text[t.start] for t in tokens if t.norm not in stop]
    return sum(c.isupper() for c in said) > 2 * len(said) / 3


@lru_cache(maxsize=4096)
def stems_of(text: str) -> frozenset[str]:
    return frozenset(t.stem for t in tokenize(text))
