"""A seeded graph of any size, of a domain of its own: rivers, bridges and villages with lengths, dates and links.

    python -m tests.benchmarks.large FOLDER 100000        # FOLDER/rivers-100000.ttl

Its names are made of syllables and hardly share words, as those of real gazetteers; the same seed gives the same bytes.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from random import Random

SEED = 11
_HEADS = "Bar Cal Den Elm Far Gar Hol Ister Kel Lor Mar Nor Ost Pel Quen Ros Sal Tor Ulver Val Wes Yar Zel Bran Thorn".split()
_MIDDLES = "a en ing el or und ar is eth al om ev".split()
_TAILS = "ford by ton wick mere dale combe stead holm worth thwaite beck ley mouth gate".split()
_KINDS = (("River", "river"), ("Bridge", "bridge"), ("Village", "village"))
_SCHEMA = """@prefix x: <https://example.org/rivers/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
x:River a owl:Class ; rdfs:label "river" . x:Bridge a owl:Class ; rdfs:label "bridge" . x:Village a owl:Class ; rdfs:label "village" .
x:length a owl:DatatypeProperty ; rdfs:label "length (km)" . x:built a owl:DatatypeProperty ; rdfs:label "date built" .
x:crosses a owl:ObjectProperty ; rdfs:label "crosses" . x:standsOn a owl:ObjectProperty ; rdfs:label "stands on" .
x:inhabitants a owl:DatatypeProperty ; rdfs:label "number of inhabitants" .
"""


def names(count: int, rng: Random) -> list[str]:
    """So many different names of one or two words."""
    single = ["".join(parts) for parts in product(_HEADS, _MIDDLES, _TAILS)]
    rng.shuffle(single)
    made = single[: count // 4]
    taken = set(made)
    while len(made) < count:
        name = f"{rng.choice(_HEADS)}{rng.choice(_MIDDLES)}{rng.choice(_MIDDLES)}{rng.choice(_TAILS)} {rng.choice(single)}"
        if name not in taken:
            taken.add(name)
            made.append(name)
    return made


def turtle(things: int, seed: int = SEED) -> str:
    """The graph as Turtle: a third each of rivers, bridges that cross them, villages that stand on them."""
    rng = Random(seed)
    called = names(things, rng)
    rivers = range(0, things, 3)
    lines = [_SCHEMA]
    for n, name in enumerate(called):
        cls, _ = _KINDS[n % 3]
        river = rng.choice(rivers)
        if cls == "River":
            told = f"x:length {rng.randint(3, 900)}"
        elif cls == "Bridge":
            told = f'x:crosses x:t{river} ; x:built "{rng.randint(1200, 2020)}-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}"^^xsd:date'
        else:
            told = f"x:standsOn x:t{river} ; x:inhabitants {rng.randint(20, 9000)}"
        lines.append(f'x:t{n} a x:{cls} ; rdfs:label "{name}" ; {told} .')
    return "\n".join(lines) + "\n"


def write(folder: Path, things: int, seed: int = SEED) -> Path:
    """Write the graph into a folder, which is made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"rivers-{things}.ttl"
    path.write_text(turtle(things, seed), encoding="utf-8")
    return path


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2])))
