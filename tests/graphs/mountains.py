"""Invented mountain ranges: peaks, routes, huts, climbers and expeditions with their dates and budgets.

Units stand in the labels, as in many spreadsheets: 'height (m)'. Ranges lie in ranges ('part of'), peaks in ranges, ranges in
countries; 'joined by a ridge to' and 'climbing partner of' are mutual but stated once a pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random

from rdflib import XSD, URIRef

from tests.graphs.vocabulary import Vocabulary, Year, money

BASE = "https://example.org/mountains/"

_RANGES = {
    "Great Serac Range": ("Northern Serac", "Southern Serac", "Serac Foothills"),
    "Cindral Range": ("Upper Cindral", "Lower Cindral"),
    "White Teeth": ("Long Tooth Group", "Broken Tooth Group"),
    "Mirror Hills": (),
}
_COUNTRIES = ("Karvia", "Belstan", "Norrland Isles", "Tamar Republic")
_PEAKS = (
    "Aldur", "Brakka", "Cold Horn", "Dragon Horn", "Emberhead", "Falcon Peak", "Grey Widow", "White Widow", "Hollow Crown",
    "Iron Crown", "Jora", "Kestrel Peak", "Lantern Mountain", "Mount Orrin", "Mount Tessel", "Mount Vey", "Needle of Saar",
    "Old Chimney", "Pale Horn",
    "Quiet Mountain", "Raven Peak", "Saddle Mountain", "Tall Sister", "Little Sister", "Umber Peak", "Vulture Peak", "Wolf Tooth",
    "Yellow Tooth", "Zarn", "Anvil", "Black Needle", "Cloud Gate", "Devil's Pulpit", "Eagle Horn", "Frost Giant",
    "Glass Mountain",
    "Hermit Peak", "Ivory Tower", "Jackdaw Peak", "King's Seat", "Lonely Peak", "Moon Ridge", "Night Watch", "Obelisk",
)  # fmt: skip
_GRADES = ("easy", "moderate", "hard", "very hard", "extreme")
_FACES = ("North Ridge", "South Face", "East Couloir", "West Ridge", "Glacier Route")
_CLUBS = (
    "Karvian Alpine Club",
    "Summit Society",
    "Belstan Mountaineers",
    "Ropes and Axes",
    "Cindral Climbing Club",
    "Silent Peaks",
)
_SPONSORS = ("Northlight Gear", "Polar Foods", "Belay Bank", "Crag Magazine", "Aurora Air")
_FIRST = "Ada Bjorn Cleo Dag Erin Finn Gudrun Hana Ivo Jana Kai Lena Milo Nadia Otto Petra Rafe Sana Tor Ulla Vera Wim Yara Zeno"
_LAST = "Almgren Birk Corso Drummond Ekholm Falk Grimaldi Hartmann Isaksen Jurek Kova Lindqvist Marek Nyberg".split()


def build(seed: int) -> Vocabulary:
    """The mountain graph of this seed."""
    v = Vocabulary(BASE, "mtn")
    _declare_land(v)
    _declare_people(v)
    rng = Random(f"mountains {seed}")
    countries = [v.thing("Country", name) for name in _COUNTRIES]
    ranges = _ranges(v, rng, countries)
    clubs = [
        v.thing(
            "Club",
            name,
            foundedIn=Year(rng.randint(1861, 1999)),
            country=rng.choice(countries),
            fee=money(rng.randint(20, 190), 50),
        )
        for name in _CLUBS
    ]
    climbers = _climbers(v, rng, countries, clubs)
    peaks = _peaks(v, rng, ranges, climbers)
    routes = _routes(v, rng, peaks)
    _huts(v, rng, peaks, clubs)
    _expeditions(v, rng, routes, climbers)
    return v


def _declare_land(v: Vocabulary) -> None:
    v.kind("Country", "country")
    v.kind("Range", "mountain range", also=["range"])
    v.kind("Mountain", "mountain", also=["peak", "summit"])
    v.kind("Volcano", "volcano", "A mountain that throws out lava or did so.", below="Mountain")
    v.kind("Route", "route", "A way to the top of a mountain.", also=["way up"])
    v.kind("Hut", "hut", "A house where climbers sleep.", also=["refuge", "shelter"])
    v.link("partOf", "part of", "Range", "Range", "The larger range that a range belongs to.")
    v.link("country", "country", "", "Country", also=["lies in"])
    v.link("inRange", "in range", "Mountain", "Range", "The range that a mountain stands in.", also=["belongs to"])
    v.value("rangeLength", "length (km)", "Range", XSD.decimal)
    v.value("height", "height (m)", "Mountain", XSD.integer, also=["elevation", "altitude"])
    v.value(
        "prominence",
        "prominence (m)",
        "Mountain",
        XSD.integer,
        comment="How far a summit rises above the saddle to a higher one.",
    )
    v.value("firstAscent", "date of first ascent", "Mountain", XSD.date, comment="The day on which someone first stood on top.")
    v.link("firstClimbedBy", "first climbed by", "Mountain", "Climber", also=["conquered by"])
    v.link("ridgeTo", "joined by a ridge to", "Mountain", "Mountain", mutual=True)
    v.value("lastEruption", "year of last eruption", "Volcano", XSD.gYear)
    v.link("leadsTo", "leads to", "Route", "Mountain", "The mountain that a route climbs.")
    v.value("routeLength", "route length (km)", "Route", XSD.decimal, also=["length"])
    v.value("ascent", "ascent (m)", "Route", XSD.integer, "", "How many metres a route climbs.", ["height gain"])
    v.value("hours", "climbing time (h)", "Route", XSD.decimal, also=["time needed"])
    v.value("difficulty", "difficulty", "Route", XSD.string, also=["grade"])
    v.link("onMountain", "on mountain", "Hut", "Mountain", "The mountain on whose slope a hut stands.")
    v.value("hutAltitude", "altitude (m)", "Hut", XSD.integer)
    v.value("sleeps", "sleeping places", "Hut", XSD.integer, also=["beds"])
    v.value("night", "price per night (USD)", "Hut", XSD.decimal, also=["overnight price"])
    v.value("openSince", "open since", "Hut", XSD.gYear)
    v.value("staffed", "staffed", "Hut", XSD.boolean, comment="Whether someone looks after guests.")
    v.link("runBy", "run by", "Hut", "Club")


def _declare_people(v: Vocabulary) -> None:
    v.kind("Climber", "climber", also=["mountaineer", "alpinist"])
    v.kind("Club", "club", also=["association"])
    v.kind("Sponsor", "sponsor")
    v.kind("Expedition", "expedition", "A party that tries a route.")
    v.value("born", "date of birth", "Climber", XSD.date)
    v.value("died", "date of death", "Climber", XSD.date)
    v.link("nationality", "nationality", "Climber", "Country", also=["home country"])
    v.link("memberOf", "member of", "Climber", "Club")
    v.link("taughtBy", "taught by", "Climber", "Climber", also=["teacher"])
    v.link("partner", "climbing partner of", "Climber", "Climber", also=["climbing partner"], mutual=True)
    v.value("foundedIn", "year of foundation", "Club", XSD.gYear)
    v.value("fee", "membership fee (USD)", "Club", XSD.decimal, comment="What a member pays each year.")
    v.link("led", "led by", "Expedition", "Climber", also=["leader"])
    v.link("tookPart", "participant", "Expedition", "Climber", also=["member", "took part"])
    v.link("tried", "tried route", "Expedition", "Route", also=["route"])
    v.link("paidBy", "sponsored by", "Expedition", "Sponsor", also=["sponsor", "paid for by"])
    v.value("startDay", "start date", "Expedition", XSD.date)
    v.value("endDay", "end date", "Expedition", XSD.date)
    v.value("budget", "budget (USD)", "Expedition", XSD.decimal, also=["cost"])
    v.value("load", "load (kg)", "Expedition", XSD.double, comment="The weight of everything that was carried.")
    v.value("succeeded", "reached the summit", "Expedition", XSD.boolean, also=["success"])


def _ranges(v: Vocabulary, rng: Random, countries: list[URIRef]) -> list[URIRef]:
    leaves = []
    for i, (name, parts) in enumerate(_RANGES.items()):
        whole = v.thing("Range", name, country=countries[i], rangeLength=money(rng.randint(300, 900), 50))
        for part in parts:
            size = money(rng.randint(40, 220), rng.randint(1, 99))
            leaves.append(v.thing("Range", part, partOf=whole, country=countries[i], rangeLength=size))
        if not parts:
            leaves.append(whole)
    return leaves


@dataclass(frozen=True, slots=True)
class _Climber:
    """Someone and the days on which they can climb: grown up and alive."""

    iri: URIRef
    first: date
    last: date


def _party(rng: Random, climbers: list[_Climber], day: date, low: int, high: int) -> list[URIRef]:
    """So many of those who can climb on that day, or all of them where they are fewer."""
    size, able = rng.randint(low, high), [c.iri for c in climbers if c.first <= day <= c.last]
    return rng.sample(able, min(size, len(able)))


def _climbers(v: Vocabulary, rng: Random, countries: list[URIRef], clubs: list[URIRef]) -> list[_Climber]:
    names = [f"{first} {last}" for first, last in product(_FIRST.split(), _LAST)]
    made: list[_Climber] = []
    for name in rng.sample(names, 120):
        born = _day(rng, 1890, 1996)
        died = born + timedelta(days=rng.randint(9_000, 31_000))
        elders = [c.iri for c in made if c.first < born]
        climber = v.thing(
            "Climber", name, born=born, died=died if died < date(2019, 1, 1) else None, nationality=rng.choice(countries),
            memberOf=rng.choice(clubs[:-1]) if rng.random() < 0.7 else None,
            taughtBy=rng.choice(elders) if elders and rng.random() < 0.6 else None,
        )  # fmt: skip
        made.append(_Climber(climber, born + timedelta(days=7000), died - timedelta(days=100)))
    pairs = rng.sample(made, 36)
    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
        v.say(one.iri, partner=other.iri)
    return made


def _peaks(v: Vocabulary, rng: Random, ranges: list[URIRef], climbers: list[_Climber]) -> list[URIRef]:
    made = []
    for i, name in enumerate(_PEAKS):
        volcano = i % 6 == 4
        top = rng.randint(1_900, 7_900)
        ascent = _day(rng, 1911, 1999) if rng.random() < 0.8 else None
        party = _party(rng, climbers, ascent, 1, 3) if ascent else []
        made.append(
            v.thing(
                "Volcano" if volcano else "Mountain", name, inRange=rng.choice(ranges), height=top,
                prominence=rng.randint(90, top - 900), firstAscent=ascent, firstClimbedBy=party,
                lastEruption=Year(rng.randint(1650, 2019)) if volcano and rng.random() < 0.8 else None,
            )
        )  # fmt: skip
    pairs = rng.sample(made, 24)
    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
        v.say(one, ridgeTo=other)
    return made


def _routes(v: Vocabulary, rng: Random, peaks: list[URIRef]) -> list[URIRef]:
    made = []
    for peak, name in zip(peaks, _PEAKS, strict=True):
        for face in rng.sample(_FACES, rng.randint(1, 4)):
            length = money(rng.randint(3, 28), rng.randint(0, 9) * 10)
            made.append(
                v.thing(
                    "Route", f"{face} of {name}", leadsTo=peak, routeLength=length, ascent=rng.randint(500, 3400),
                    hours=Decimal(rng.randint(8, 120)) / 2, difficulty=rng.choice(_GRADES),
                )
            )  # fmt: skip
    return made


def _huts(v: Vocabulary, rng: Random, peaks: list[URIRef], clubs: list[URIRef]) -> None:
    for name in ("Lower", "Upper"):
        for peak, label in rng.sample(list(zip(peaks, _PEAKS, strict=True)), 18):
            price = money(rng.randint(9, 95), rng.choice((0, 50))) if rng.random() < 0.8 else None
            top = int(str(v.graph.value(peak, v.space.height)))
            v.thing(
                "Hut", f"{name} {label} Hut", onMountain=peak, hutAltitude=rng.randint(700, min(4100, top - 300)),
                sleeps=rng.randint(4, 120), night=price, openSince=Year(rng.randint(1880, 2021)),
                staffed=rng.random() < 0.5, runBy=rng.choice(clubs) if rng.random() < 0.85 else None,
            )  # fmt: skip


def _expeditions(v: Vocabulary, rng: Random, routes: list[URIRef], climbers: list[_Climber]) -> None:
    sponsors = [v.thing("Sponsor", name) for name in _SPONSORS]
    for number in range(101, 421):
        start = _day(rng, 1994, 2023)
        team = _party(rng, climbers, start, 3, 7)
        v.thing(
            "Expedition", f"Expedition {number}", led=team[0], tookPart=team[1:], tried=rng.choice(routes[:-4]), startDay=start,
            endDay=start + timedelta(days=rng.randint(3, 70)), budget=money(rng.randint(4_000, 260_000), rng.randint(0, 99)),
            load=rng.randint(120, 2400) / 2, succeeded=rng.random() < 0.55 if rng.random() < 0.95 else None,
            paidBy=rng.choice(sponsors[:-1]) if rng.random() < 0.5 else None,
        )  # fmt: skip


def _day(rng: Random, first: int, last: int) -> date:
    """Any day from the first of January of one year to the end of the other."""
    start = date(first, 1, 1)
    return start + timedelta(days=rng.randrange((date(last + 1, 1, 1) - start).days))
