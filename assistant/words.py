"""What the engine knows of English: function words, question words, operators, dimensions. Nothing of any domain."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_STEMMER = snowballstemmer.stemmer("english")
_SPELLING = (("licenc", "licens"), ("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("ise", "ize"), ("colour", "color"),
             ("behaviour", "behavior"), ("favour", "favor"), ("catalogue", "catalog"), ("centre", "center"))  # fmt: skip
_SHORT_ISE = re.compile(r"^(rise|wise|exercise|promise|otherwise|raise|precise|noise|advise|revise|surprise|enterprise|likewise|expertise)")

STOP = frozenset(
    """
    nutshell intro sum line characterises characterizes pls a an the this that these those it its they them their there here
    he she his her we us our you your i my me is are was were be been being am do does did done doing has have had having can
    could will would shall should may might must of in on at by for to from with within into onto about as than then so such
    under over through during via per against around across too very just also only even still yet and or but nor not no if
    whether while because when where who whom whose which what why how any some all each every both either neither one ones
    thing things something anything please tell show list give name find get got let say know want like look see ask make made
    use used using good well much many more most less least few lot lots kind sort type way ways really actually currently now
    today ever s t ll ve re d m don doesn isn aren im ive id hello hi hey thanks thank ok okay explain describe mean means
    meaning definition define between up out versus vs example examples there's exist exists existing available possible able
    called anyone someone everybody people guys you're question s'il regarding concerning terms term case work works working
    come comes coming go goes going take takes main basically simply quick quickly right however though although since
    collection knowledge graph dataset plain english everything everyone number meant together along alongside stand stands
    exactly words sentence short explanation newcomer newcomers somebody else already again qualify qualifies match matches
    sorted ordered ascending descending alphabetically among amongst cover covers covered itself themselves off myself yourself world sorts
    classes true behind beside next put gets getting apart round versa description
    summary overview brief briefly
    """.split()
)
# Words that carry little on their own: not counted in full as unexplained.
LIGHT = frozenset(
    """
    support supports supported feature features option options provide provides offer offers include includes included run
    runs running handle handles allow allows write written start started create created creating default main different
    several various new old better best worth compare compared comparison difference differences choose choosing pick
    recommend recommended talk talks speak speaks bring brings protect protects deal deals lets enable enables connect
    connects deliver delivers carry carries known works own recommendation should need needs needed generate generates
    generated automatic automatically core produce produces advantage disadvantage pros cons popular currently small simple
    """.split()
)

# how function words are typed in haste, and what they stand for
HASTE = {
    "r": "are", "u": "you", "ur": "your", "wich": "which", "whch": "which", "whcih": "which", "wihch": "which", "waht": "what",
    "wat": "what", "wot": "what", "whta": "what", "teh": "the", "hte": "the", "hwo": "how", "gimme": "give me", "lemme": "let me",
    "wanna": "want to", "gonna": "going to", "gotta": "have to", "thx": "thanks", "plz": "please", "pls": "please",
    "ppl": "people", "cuz": "because", "bc": "because", "coz": "because", "aint": "is not", "ain't": "is not", "dunno": "do not know",
    "lib": "library", "libs": "libraries", "exts": "extensions", "whos": "who is", "whats": "what is", "hows": "how is",
    "wheres": "where is",
}  # fmt: skip

NEGATIONS = frozenset(
    "not no cannot without except excluding never lack lacks lacking neither nor non minus excludes avoid avoiding".split()
)
REFUSALS = frozenset("refuse refuses refused hate hates dislike dislikes ban bans banned forbid forbids".split())  # 'I refuse to run X'
AUXILIARIES = frozenset("is are was were do does did has have had can could will would must may might isn't doesn't don't aren't".split())
QUESTION_WORDS = frozenset("what which who whom whose when where why how".split())
PRONOUNS = frozenset("it its they them their this that these those he she his her one ones".split())
ORDINALS = tuple("first second third fourth fifth sixth seventh eighth ninth tenth".split())
COUNT_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}

MONTHS = {
    m: n for n, m in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}  # fmt: skip

# dimension nouns: an adjective -> (words of the properties it may order, high end first)
DIMENSIONS: dict[str, tuple[tuple[str, ...], bool]] = {
    "oldest": (("born", "birth", "founded", "created", "built", "first", "released", "year", "date", "made"), False),
    "eldest": (("born", "birth", "founded", "created", "first", "released", "year", "date"), False),
    "senior": (("born", "birth", "founded", "created", "first", "released", "year", "date"), False),
    "earliest": (("date", "year", "start", "released", "made", "created"), False),
    "first": (("date", "year", "start", "released", "made", "created"), False),
    "newest": (("date", "year", "released", "made", "created", "built", "founded"), True),
    "latest": (("date", "year", "released", "made", "start"), True),
    "youngest": (("born", "birth", "year", "founded", "released", "date"), True),
    "tallest": (("height",), True), "highest": (("height", "price", "value", "score", "rate"), True),
    "shortest": (("height", "length", "duration"), False), "longest": (("length", "duration", "distance"), True),
    "largest": (("size", "area", "population", "capacity", "height", "seats"), True),
    "biggest": (("size", "area", "population", "capacity", "height", "seats"), True),
    "smallest": (("size", "area", "population", "capacity", "height", "seats"), False),
    "heaviest": (("weight", "mass"), True), "lightest": (("weight", "mass"), False),
    "cheapest": (("price", "cost", "value", "fee"), False),
    "priciest": (("price", "cost", "value", "fee"), True), "dearest": (("price", "cost", "value"), True),
    "fastest": (("speed", "velocity"), True), "slowest": (("speed", "velocity"), False),
    "deepest": (("depth",), True), "widest": (("width",), True),
    "greatest": (("number", "size", "population", "area"), True), "lowest": (("height", "elevation", "price", "value", "rate"), False),
    "farthest": (("distance", "length"), True), "furthest": (("distance", "length"), True),
    "strictest": (("requirement", "required", "minimum"), True),
    "nearest": (("distance",), False), "busiest": (("passengers", "visitors", "traffic"), True),
}  # fmt: skip
COMPARATIVES = {
    "older": "oldest", "earlier": "earliest", "newer": "newest", "later": "latest", "younger": "youngest", "taller": "tallest",
    "higher": "highest", "shorter": "shortest", "longer": "longest", "larger": "largest", "bigger": "biggest",
    "smaller": "smallest", "heavier": "heaviest", "lighter": "lightest", "cheaper": "cheapest", "faster": "fastest",
    "slower": "slowest", "deeper": "deepest", "wider": "widest", "dearer": "dearest", "greater": "greatest", "lower": "lowest",
    "farther": "farthest", "stricter": "strictest", "further": "furthest",
}  # fmt: skip
# what a verb asks for: words of the properties that measure it
MEASURES: dict[str, tuple[str, ...]] = {
    "cost": ("cost", "price", "fee"), "pay": ("price", "fee", "salary", "fare"), "earn": ("salary", "pay", "wage", "income"),
    "spend": ("cost", "budget", "spending"), "spent": ("cost", "budget", "spending"), "weigh": ("weight", "mass"),
    "born": ("birth", "born"), "died": ("death", "died"), "last": ("duration",), "founded": ("foundation", "founding"),
    "built": ("construction", "built"), "bought": ("purchase",), "started": ("start",), "ended": ("end",),
}  # fmt: skip
BASE_FORMS = {
    "led": "lead", "kept": "keep", "taught": "teach", "built": "build", "written": "write", "made": "make", "held": "hold",
    "sold": "sell", "bought": "buy", "won": "win", "drawn": "draw", "sung": "sing", "driven": "drive", "given": "give",
}  # fmt: skip
MOST = {"expensive": ("price", "cost", "value"), "valuable": ("value", "price", "worth"), "recent": ("date", "year", "released", "made")}


_VALUED = re.compile(
    r"(\band|,) (by )?(how (many|much|old|tall|high|long|far|big|fast)|when|what is|at what|in (which|what) year|(its|their) )\b", re.I)


def valued(text: str) -> bool:
    """Whether the number behind an order is asked for beside the thing: 'which X is the largest, and how large is it'."""
    return _VALUED.search(text) is not None


_IS = re.compile(r"\b(what|who|where|when|how|that|it|there)['’]s\b", re.I)
_HASTE = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(HASTE, key=len, reverse=True)))})\b", re.I)


def hasty(word: str) -> str:
    """What a word typed in haste stands for, '' for any other; a capital alone is a name: R is a language."""
    return "" if len(word) == 1 and word.isupper() else HASTE.get(fold(word), "")


def unhurried(text: str) -> str:
    """The text with function words that were typed in haste written out: 'wich libs r there' -> 'which libraries are there'."""
    return _HASTE.sub(lambda m: hasty(m.group()) or m.group(), _IS.sub(r"\1 is", text))


def fold(text: str) -> str:
    """Casefolded, compatibility-normalised, accents removed."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()  # a compatible form may be a capital again


def american(word: str) -> str:
    """A folded word in American spelling."""
    if not _SHORT_ISE.match(word):
        for british, spelt in _SPELLING:
            word = word.replace(british, spelt)
    return word


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Snowball's English stem of a folded word, British and American spelling made one."""
    word = american(word)
    return word if any(c.isdigit() for c in word) else str(_STEMMER.stemWord(word))


def join(parts: list[str], word: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


_IRREGULAR = {"person": "people", "status": "statuses", "child": "children", "man": "men", "woman": "women"}


def plural(noun: str) -> str:
    """The plural of an English noun phrase: its last word's."""
    head, _, last = noun.rpartition(" ")
    lead = f"{head} " if head else ""
    if last.lower() in _IRREGULAR:
        return lead + _IRREGULAR[last.lower()]
    if re.search(r"[^aeiou]y$", last):
        return lead + last[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)$", last):
        return lead + last + "es"
    return lead + last + "s"


_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


def number(n: int) -> str:
    """A small count in words, others in figures."""
    return _NUMBERS[n] if 0 <= n < len(_NUMBERS) else f"{n:,}"


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
