"""A railway of three invented countries: stations, lines, trains and single journeys with their distance and time.

Units stand beside the property (schema:unitText). 'located in' runs from station to town to region to country; 'twinned with'
is mutual but stated once a pair; no inverse is stated.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from rdflib import XSD, Namespace, URIRef

from tests.graphs.vocabulary import Vocabulary, Year, money

BASE = "https://example.org/railway/"
SCHEMA = Namespace("https://schema.org/")

_COUNTRIES = {
    "Velmark": ("North Velmark", "Lake Velmark", "Velmark Coast"),
    "Torrania": ("Upper Torrania", "Torran Valley", "Salt Plain"),
    "Ostria": ("East Ostria", "Ostrian Hills", "Amber Coast"),
}
_TOWNS = (
    "Ashford Bram Calder Dunmere Elsing Farrow Garsdale Holt Inver Jarrow Kelby Larne Marlow Norwick Oxley Penrow Quarley "
    "Redmere Selby Tarn Ulver Vane Wexham Yarm Zeal Alder Birk Corran Denholm Eskdale Fenwick Glaston Harrow Ilkeston Jedburn "
    "Kirkby"
).split()
_SUFFIXES = ("Central", "Harbour", "North", "Market", "Castle")
_OPERATORS = (
    ("Harbour Rail", 1921), ("Northern Star", 1996), ("Lakeland Express", 1954), ("Torran Railways", 1888),
    ("Amber Trains", 2009), ("Green Valley Rail", 2018),
)  # fmt: skip
_LINES = (
    "Harbour Line", "Lake Line", "Northern Main Line", "Amber Line", "Valley Line", "Castle Line", "Salt Line", "Market Line",
    "Coast Line", "Hill Line", "Border Line", "Orchard Line", "Old Forest Line", "Eastern Main Line",
)  # fmt: skip
_MAKERS = ("Brandt Works", "Corvin Motive", "Hallen & Sons", "Stella Rolling Stock")
_BIRDS = (
    "Heron Kestrel Swallow Lapwing Curlew Osprey Plover Falcon Wagtail Bittern Dunlin Merlin Petrel Sandpiper Goldfinch Crane"
).split()
_COLOURS = ("Silver", "Blue", "Red")
_FIRST = "Anna Boris Clara David Edith Felix Greta Hugo Irene Jonas Karin Leo Mira Nils Olga Paul Rosa Sven Tilda Viktor".split()
_LAST = "Adler Bergman Costa Dahl Engel Frost Gruber Holm Ivers Jensen Keller Lind Moser Novak Olsen Petersen".split()


def build(seed: int) -> Vocabulary:
    """The railway graph of this seed."""
    v = Vocabulary(BASE, "rail", unit=SCHEMA.unitText)
    v.graph.bind("schema", SCHEMA)
    _declare_places(v)
    _declare_traffic(v)
    rng = Random(f"railway {seed}")
    towns = _places(v, rng)
    stations = _stations(v, rng, towns)
    operators = _operators(v, rng, towns)
    lines = _lines(v, rng, stations, operators)
    trains = _trains(v, rng, towns, operators)
    _journeys(v, rng, lines, trains)
    return v


def _declare_places(v: Vocabulary) -> None:
    v.kind("Country", "country")
    v.kind("Region", "region", "A part of a country.", also=["province"])
    v.kind("Town", "town", also=["city"])
    v.kind("Station", "station", "A place where trains stop for passengers.", also=["railway station", "stop"])
    v.kind("Terminus", "terminus", "A station at which lines end.", below="Station", also=["terminal station"])
    v.kind("Manager", "station manager", "A person who runs stations.")
    v.link("locatedIn", "located in", "", "", "The place that a place lies in.", also=["lies in"])
    v.link("twinnedWith", "twinned with", "Town", "Town", "Two towns that keep a friendship.", ["twin town"], mutual=True)
    v.value("population", "population", "", XSD.integer, "inhabitants", also=["number of inhabitants"])
    v.value("area", "area", "", XSD.decimal, "km²")
    v.value("platforms", "number of platforms", "Station", XSD.integer, also=["platforms"])
    v.value("openedOn", "opening date", "Station", XSD.date, comment="The day on which the first train stopped there.")
    v.value("elevation", "elevation", "Station", XSD.integer, "m", "Height above the sea.")
    v.value("stepFree", "step-free access", "Station", XSD.boolean, comment="Whether every platform is reached without stairs.")
    v.value("yearlyPassengers", "passengers per year", "Station", XSD.integer, also=["annual passengers"])
    v.link("managedBy", "managed by", "Station", "Manager", also=["manager"])
    v.value("bornOn", "date of birth", "Manager", XSD.date)


def _declare_traffic(v: Vocabulary) -> None:
    v.kind("Operator", "operator", "A company that runs trains.", also=["train company"])
    v.kind("Line", "line", also=["railway line"])
    v.kind("Depot", "depot", "Where trains are kept and mended.")
    v.kind("Train", "train", "A set of coaches that runs together.", also=["train set"])
    v.kind("Manufacturer", "manufacturer", also=["builder"])
    v.kind("Journey", "journey", "One run of one train on one day.", also=["trip", "run"])
    v.value("founded", "year of foundation", "Operator", XSD.gYear)
    v.link("headquarters", "headquarters", "Operator", "Town", also=["head office"])
    v.value("employees", "number of employees", "Operator", XSD.integer, also=["staff"])
    v.value("revenue", "yearly revenue", "Operator", XSD.decimal, "EUR", also=["turnover"])
    v.value("lineLength", "length", "Line", XSD.decimal, "km")
    v.value("opened", "year of opening", "Line", XSD.gYear)
    v.value("gauge", "track gauge", "Line", XSD.integer, "mm")
    v.value("electrified", "electrified", "Line", XSD.boolean)
    v.link("ownedBy", "owned by", "Line", "Operator", also=["owner"])
    v.link("callsAt", "calls at", "Line", "Station", also=["serves"])
    v.value("capacity", "capacity", "Depot", XSD.integer, "trains")
    v.link("operatedBy", "operated by", "Train", "Operator")
    v.link("madeBy", "made by", "Train", "Manufacturer")
    v.link("keptAt", "kept at", "Train", "Depot", also=["stabled at", "home depot"])
    v.value("built", "year of construction", "Train", XSD.gYear)
    v.value("topSpeed", "top speed", "Train", XSD.integer, "km/h", also=["maximum speed"])
    v.value("seats", "number of seats", "Train", XSD.integer)
    v.value("price", "purchase price", "Train", XSD.decimal, "EUR")
    v.link("origin", "origin", "Journey", "Station", "Where a journey starts.", ["departs from"])
    v.link("destination", "destination", "Journey", "Station", "Where a journey ends.", ["arrives at"])
    v.link("onLine", "on line", "Journey", "Line")
    v.link("usesTrain", "uses train", "Journey", "Train")
    v.value("departure", "departure time", "Journey", XSD.dateTime)
    v.value("distance", "distance", "Journey", XSD.decimal, "km")
    v.value("duration", "duration", "Journey", XSD.integer, "min", also=["travel time"])
    v.value("travellers", "number of travellers", "Journey", XSD.integer, also=["passengers"])
    v.value("takings", "ticket revenue", "Journey", XSD.decimal, "EUR", also=["fares"])
    v.value("delay", "delay", "Journey", XSD.integer, "min", "How late it arrived; nothing is stated where it was on time.")


def _places(v: Vocabulary, rng: Random) -> list[URIRef]:
    regions = []
    for country, parts in _COUNTRIES.items():
        people = rng.randint(2_000_000, 9_000_000)
        land = v.thing("Country", country, population=people, area=money(rng.randint(20_000, 90_000), 50))
        regions += [
            v.thing("Region", part, locatedIn=land, area=money(rng.randint(3_000, 20_000), rng.randint(1, 99))) for part in parts
        ]
    towns = []
    for i, name in enumerate(_TOWNS):
        people, size = rng.randint(4_000, 400_000), money(rng.randint(12, 240), rng.randint(1, 99))
        towns.append(v.thing("Town", name, locatedIn=regions[i % len(regions)], population=people, area=size))
    pairs = rng.sample(towns, 20)
    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
        v.say(one, twinnedWith=other)
    return towns


def _stations(v: Vocabulary, rng: Random, towns: list[URIRef]) -> list[URIRef]:
    names = [f"{a} {b}" for a, b in zip(_FIRST, _LAST + _LAST[:4], strict=True)]
    people = [v.thing("Manager", n, bornOn=date(1958, 1, 1) + timedelta(days=rng.randint(0, 14_000))) for n in names]
    stations = []
    for i, town in enumerate(towns):
        for suffix in rng.sample(_SUFFIXES, 2):
            opened = date(1846, 1, 1) + timedelta(days=rng.randint(0, 60_000))
            stations.append(
                v.thing(
                    "Terminus" if rng.random() < 0.2 else "Station", f"{_TOWNS[i]} {suffix}", locatedIn=town, openedOn=opened,
                    platforms=rng.randint(1, 16), elevation=rng.randint(2, 1400), stepFree=rng.random() < 0.6,
                    yearlyPassengers=rng.randint(20_000, 30_000_000) if rng.random() < 0.8 else None,
                    managedBy=rng.choice(people[:-3]) if rng.random() < 0.75 else None,
                )
            )  # fmt: skip
    return stations


def _operators(v: Vocabulary, rng: Random, towns: list[URIRef]) -> list[URIRef]:
    made = []
    for name, year in _OPERATORS:
        income = money(rng.randint(40, 900) * 1_000_000 + rng.randint(0, 999_999), 0) if name != "Green Valley Rail" else None
        staff = rng.randint(300, 9000)
        made.append(
            v.thing("Operator", name, founded=Year(year), headquarters=rng.choice(towns), employees=staff, revenue=income)
        )
    v.alias(made[2], "LEX")
    return made


def _lines(v: Vocabulary, rng: Random, stations: list[URIRef], operators: list[URIRef]) -> list[tuple[URIRef, list[URIRef]]]:
    made = []
    for name in _LINES:
        calls = rng.sample(stations, rng.randint(5, 12))
        line = v.thing(
            "Line", name, lineLength=money(rng.randint(38, 420), rng.randint(0, 9) * 10), opened=Year(rng.randint(1848, 2015)),
            gauge=rng.choice((1435, 1435, 1000, 1524)), electrified=rng.random() < 0.65 if name != "Old Forest Line" else None,
            ownedBy=rng.choice(operators[:5]), callsAt=calls,
        )  # fmt: skip
        made.append((line, calls))
    return made


def _trains(v: Vocabulary, rng: Random, towns: list[URIRef], operators: list[URIRef]) -> list[URIRef]:
    makers = [v.thing("Manufacturer", name) for name in _MAKERS]
    homes = rng.sample(range(len(towns)), 8)
    depots = [v.thing("Depot", f"{_TOWNS[i]} Depot", locatedIn=towns[i], capacity=rng.randint(4, 30)) for i in homes]
    trains = []
    for colour in _COLOURS:
        for bird in _BIRDS:
            cost = money(rng.randint(3_000, 28_000) * 1000 + rng.randint(0, 999)) if rng.random() < 0.85 else None
            home = rng.choice(depots[:-1]) if rng.random() < 0.8 else None
            trains.append(
                v.thing(
                    "Train", f"{colour} {bird}", operatedBy=rng.choice(operators), madeBy=rng.choice(makers), keptAt=home,
                price=cost, built=Year(rng.randint(1978, 2024)), topSpeed=rng.randrange(90, 320, 5), seats=rng.randint(80, 720),
                )
            )  # fmt: skip
    return trains


def _journeys(v: Vocabulary, rng: Random, lines: list[tuple[URIRef, list[URIRef]]], trains: list[URIRef]) -> None:
    numbers = count(1001)
    start = datetime(2025, 1, 2, 5, 0)  # noqa: DTZ001  # a timetable speaks of local time
    for _ in range(560):
        line, calls = rng.choice(lines)
        here, there = rng.sample(calls, 2)
        leaves = start + timedelta(days=rng.randint(0, 320), minutes=rng.randrange(0, 1080, 5))
        length = money(rng.randint(9, 330), rng.randint(0, 9) * 10)
        minutes = max(6, round(float(length) / rng.uniform(0.7, 3.2)))
        people = rng.randint(12, 640)
        takings = money(people * rng.randint(4, 60), rng.randint(0, 99))
        v.thing(
            "Journey", f"Journey {next(numbers)}", origin=here, destination=there, onLine=line, usesTrain=rng.choice(trains),
            departure=leaves, distance=length, duration=minutes, travellers=people, takings=takings,
            delay=rng.randint(1, 95) if rng.random() < 0.3 else None,
        )  # fmt: skip
