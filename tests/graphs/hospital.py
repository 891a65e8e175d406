"""Two invented hospitals: staff, wards, patients, stays with their dates and cost, medicines and prescriptions.

Labels are skos:prefLabel and units are QUDT IRIs (qudt:unit). Diagnoses form a tree ('kind of');
'interacts with' and 'shares an office with' are mutual but stated once a pair; 'supervised by' runs one way.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random

from rdflib import SKOS, XSD, Namespace, URIRef

from tests.graphs.vocabulary import Vocabulary, money

BASE = "https://example.org/hospital/"
QUDT = Namespace("http://qudt.org/schema/qudt/")
UNIT = Namespace("http://qudt.org/vocab/unit/")
CUR = Namespace("http://qudt.org/vocab/currency/")

_HOSPITALS = {
    "Saint Brannoc Hospital": ("Cardiology", "Surgery", "Neurology", "Paediatrics"),
    "Riverside Hospital": ("Orthopaedics", "Oncology", "Geriatrics", "Lung Medicine"),
}
_WARDS = (
    "Oak",
    "Birch",
    "Rowan",
    "Willow",
    "Hazel",
    "Maple",
    "Cedar",
    "Elm",
    "Linden",
    "Juniper",
    "Alder",
    "Yew",
    "Larch",
    "Holly",
)
_CITIES = ("Porthaven", "Millbrook", "Stonebridge", "Easterly", "Lower Millbrook", "Harrowgate Bay")
_DIAGNOSES = {
    "heart disease": ("heart failure", "angina", "arrhythmia"),
    "lung disease": ("asthma", "pneumonia", "bronchitis"),
    "injury": ("broken hip", "broken arm", "concussion"),
    "nervous disease": ("migraine", "epilepsy", "stroke"),
    "tumour": ("melanoma", "lymphoma"),
}
_MEDICINES = (
    "Cardolex", "Pulmivent", "Neurasol", "Dolorin", "Dolorin Forte", "Tranquil", "Verapin", "Oncostat", "Bronchella", "Calmodine",
    "Fibrolin", "Histanol", "Insorel", "Kelvamox", "Lumetrin", "Moxilan", "Nitrovas", "Ostevan", "Pressolan", "Quietal",
)  # fmt: skip
_MAKERS = ("Alveda Pharma", "Borealis Labs", "Cormed", "Delphi Remedies")
_FIRST = (
    "Alice Bruno Carla Dario Elena Farid Gloria Henrik Ines Jamal Katya Liam Maria Noor Oscar Priya Quentin Rita Samir Tessa "
    "Uma Victor Wanda Xenia Yusuf Zora Amara Bela Chloe Dmitri"
).split()
_LAST = "Abbot Barrow Castell Drake Emmet Fontaine Garrick Hale Iqbal Jarvis Kessler Lomax Mercer Norwood Okafor Pell".split()
_GRADES = ("consultant", "registrar", "resident")


def build(seed: int) -> Vocabulary:
    """The hospital graph of this seed."""
    v = Vocabulary(BASE, "hosp", named=SKOS.prefLabel, unit=QUDT.unit)
    v.graph.bind("qudt", QUDT)
    v.graph.bind("unit", UNIT)
    v.graph.bind("cur", CUR)
    _declare_house(v)
    _declare_care(v)
    rng = Random(f"hospital {seed}")
    names = [f"{first} {last}" for first, last in product(_FIRST, _LAST)]
    rng.shuffle(names)
    cities = [v.thing("City", name) for name in _CITIES]
    departments, wards = _house(v, rng, cities)
    doctors = _staff(v, rng, names[:70], departments, wards)
    medicines = _medicines(v, rng)
    patients = _patients(v, rng, names[70:240], cities, doctors, medicines)
    _stays(v, rng, patients, wards, doctors)
    _prescriptions(v, rng, patients, doctors, medicines)
    return v


def _declare_house(v: Vocabulary) -> None:
    v.kind("City", "city", also=["town"])
    v.kind("Hospital", "hospital")
    v.kind("Department", "department", "A part of a hospital with its own field of medicine.", also=["division"])
    v.kind("Ward", "ward", "Rooms with beds that one team looks after.")
    v.kind("Employee", "member of staff", also=["employee", "staff member"])
    v.kind("Doctor", "doctor", below="Employee", also=["physician"])
    v.kind("Nurse", "nurse", below="Employee")
    v.link("partOf", "part of", "", "", "The larger unit that something belongs to.", also=["belongs to"])
    v.link("standsIn", "stands in", "Hospital", "City", also=["city"])
    v.value("beds", "number of beds", "Ward", XSD.integer, also=["beds"])
    v.value("floor", "floor", "Ward", XSD.integer)
    v.value("budget", "yearly budget", "Department", XSD.decimal, CUR.GBP, also=["annual budget"])
    v.value("foundedOn", "founding date", "Department", XSD.date)
    v.link("headNurse", "head nurse", "Ward", "Nurse", "The nurse in charge of a ward.")
    v.link("worksIn", "works in", "Employee", "", "The department of a doctor or the ward of a nurse.", ["employed in"])
    v.link("supervisedBy", "supervised by", "Doctor", "Doctor", also=["supervisor", "boss"])
    v.link("sharesOffice", "shares an office with", "Doctor", "Doctor", also=["office mate"], mutual=True)
    v.value("grade", "grade", "Doctor", XSD.string, comment="Consultant, registrar or resident.")
    v.value("salary", "salary", "Employee", XSD.decimal, CUR.GBP, "What someone earns in a year.", ["yearly pay"])
    v.value("hiredOn", "hiring date", "Employee", XSD.date, also=["start of employment"])
    v.value("birthDate", "date of birth", "", XSD.date, also=["birthday"])


def _declare_care(v: Vocabulary) -> None:
    v.kind("Patient", "patient")
    v.kind("Diagnosis", "diagnosis", also=["illness", "condition"])
    v.kind("Stay", "hospital stay", "The time from a patient's admission to the discharge.", also=["admission", "stay"])
    v.kind("Medicine", "medicine", also=["drug", "medication"])
    v.kind("Maker", "pharmaceutical company", also=["drug maker"])
    v.kind("Prescription", "prescription")
    v.link("livesIn", "lives in", "Patient", "City", also=["home town"])
    v.link("familyDoctor", "family doctor", "Patient", "Doctor")
    v.link("allergicTo", "allergic to", "Patient", "Medicine", also=["allergy"])
    v.value("weight", "weight", "Patient", XSD.decimal, UNIT["KiloGM"])
    v.value("height", "height", "Patient", XSD.integer, UNIT["CentiM"])
    v.value("bloodGroup", "blood group", "Patient", XSD.string, also=["blood type"])
    v.link("kindOf", "kind of", "Diagnosis", "Diagnosis", "The wider illness that an illness is a form of.")
    v.link("patient", "patient", "", "Patient", also=["given to"])
    v.link("ward", "ward", "Stay", "Ward")
    v.link("reason", "reason for the stay", "Stay", "Diagnosis", also=["diagnosed with"])
    v.link("treatedBy", "treated by", "Stay", "Doctor", also=["attending doctor"])
    v.value("admittedOn", "admission date", "Stay", XSD.date)
    v.value("dischargedOn", "discharge date", "Stay", XSD.date)
    v.value("cost", "cost", "Stay", XSD.decimal, CUR.GBP)
    v.link("madeBy", "made by", "Medicine", "Maker", also=["manufacturer"])
    v.link(
        "interactsWith", "interacts with", "Medicine", "Medicine", "Two medicines that must not be taken together.", mutual=True
    )
    v.link("helpsAgainst", "helps against", "Medicine", "Diagnosis", also=["used for", "indication"])
    v.value("packPrice", "price of a pack", "Medicine", XSD.decimal, CUR.GBP)
    v.value("packSize", "tablets in a pack", "Medicine", XSD.integer)
    v.value("strength", "strength", "Medicine", XSD.double, UNIT["MilliGM"], "How much of the drug is in one tablet.")
    v.value("approvedOn", "approval date", "Medicine", XSD.date)
    v.link("medicine", "prescribed medicine", "Prescription", "Medicine")
    v.link("prescribedBy", "prescribed by", "Prescription", "Doctor", also=["prescriber"])
    v.value("prescribedOn", "date of prescription", "Prescription", XSD.date)
    v.value("tabletsPerDay", "tablets per day", "Prescription", XSD.integer, also=["daily tablets"])
    v.value("days", "length of the course", "Prescription", XSD.integer, UNIT["DAY"], "For how many days it is taken.")


def _house(v: Vocabulary, rng: Random, cities: list[URIRef]) -> tuple[list[URIRef], list[URIRef]]:
    departments, wards = [], []
    for i, (name, parts) in enumerate(_HOSPITALS.items()):
        hospital = v.thing("Hospital", name, standsIn=cities[i])
        for part in parts:
            began = date(1931, 1, 1) + timedelta(days=rng.randint(0, 29_000))
            money_a_year = money(rng.randint(900, 9_500) * 1000 + rng.randint(0, 999)) if part != "Geriatrics" else None
            departments.append(v.thing("Department", part, partOf=hospital, foundedOn=began, budget=money_a_year))
    for i, tree in enumerate(_WARDS):
        unit = departments[i % len(departments)]
        wards.append(v.thing("Ward", f"{tree} Ward", partOf=unit, beds=rng.randint(8, 36), floor=rng.randint(0, 5)))
    return departments, wards


def _staff(v: Vocabulary, rng: Random, names: list[str], departments: list[URIRef], wards: list[URIRef]) -> list[URIRef]:
    doctors: list[URIRef] = []
    for i, name in enumerate(names[:34]):
        above = rng.choice(doctors[:12]) if i >= 12 or (i >= 4 and rng.random() < 0.5) else None
        grade = _GRADES[0] if i < 12 else rng.choice(_GRADES[1:])
        born = _day(rng, 1957, 1990)
        doctors.append(
            v.thing(
                "Doctor", f"Dr {name}", worksIn=rng.choice(departments), supervisedBy=above, grade=grade,
                salary=_pay(rng, 88, 140) if i < 12 else _pay(rng, 52, 96), birthDate=born,
                hiredOn=_day(rng, born.year + 26, 2024),
            )
        )  # fmt: skip
    pairs = rng.sample(doctors, 16)
    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
        v.say(one, sharesOffice=other)
    nurses = []
    for name in names[34:]:
        ward, pay, born = rng.choice(wards), _pay(rng, 24, 48), _day(rng, 1960, 2000)
        nurses.append(v.thing("Nurse", name, worksIn=ward, salary=pay, hiredOn=_day(rng, born.year + 20, 2024), birthDate=born))
    for ward, nurse in zip(wards[:10], rng.sample(nurses, 10), strict=True):
        v.say(ward, headNurse=nurse)
    return doctors


def _medicines(v: Vocabulary, rng: Random) -> list[URIRef]:
    illnesses = []
    for wide, narrow in _DIAGNOSES.items():
        group = v.thing("Diagnosis", wide)
        illnesses += [v.thing("Diagnosis", name, kindOf=group) for name in narrow]
    makers = [v.thing("Maker", name) for name in _MAKERS]
    made = []
    for name in _MEDICINES:
        size = rng.choice((10, 14, 20, 28, 30, 50, 60, 100))
        uses = rng.sample(illnesses, rng.randint(1, 3))
        made.append(
            v.thing(
                "Medicine", name, madeBy=rng.choice(makers), packPrice=money(rng.randint(2, 180), rng.randint(0, 99)),
                packSize=size, strength=rng.choice((0.5, 2.5, 5.0, 10.0, 12.5, 25.0, 50.0, 200.0, 400.0)), helpsAgainst=uses,
                approvedOn=_day(rng, 1979, 2023) if rng.random() < 0.85 else None,
            )
        )  # fmt: skip
    pairs = rng.sample(made, 14)
    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
        v.say(one, interactsWith=other)
    return made


def _patients(
    v: Vocabulary, rng: Random, names: list[str], cities: list[URIRef], doctors: list[URIRef], medicines: list[URIRef]
) -> list[URIRef]:
    made = []
    for name in names:
        size = rng.randint(148, 201)
        mass = money(rng.randint(46, 118), rng.randint(0, 9) * 10) if rng.random() < 0.9 else None
        allergies = rng.sample(medicines, rng.choice((0, 0, 0, 1, 1, 2)))
        own = rng.choice(doctors) if rng.random() < 0.7 else None
        made.append(
            v.thing(
                "Patient", name, birthDate=_day(rng, 1931, 2016), livesIn=rng.choice(cities), weight=mass, height=size,
                familyDoctor=own, bloodGroup=rng.choice(("A+", "A-", "B+", "B-", "AB+", "AB-", "0+", "0-")), allergicTo=allergies,
            )
        )  # fmt: skip
    return made


def _stays(v: Vocabulary, rng: Random, patients: list[URIRef], wards: list[URIRef], doctors: list[URIRef]) -> None:
    illnesses = [v.space[name.replace(" ", "-")] for narrow in _DIAGNOSES.values() for name in narrow]
    for number in range(501, 821):
        came = _day(rng, 2023, 2024)
        left = came + timedelta(days=rng.randint(1, 44)) if rng.random() < 0.93 else None
        spent = money(rng.randint(600, 42_000), rng.randint(0, 99)) if left else None
        v.thing(
            "Stay", f"Stay {number}", patient=rng.choice(patients), ward=rng.choice(wards), reason=rng.choice(illnesses),
            treatedBy=rng.choice(doctors), admittedOn=came, dischargedOn=left, cost=spent,
        )  # fmt: skip


def _prescriptions(v: Vocabulary, rng: Random, patients: list[URIRef], doctors: list[URIRef], medicines: list[URIRef]) -> None:
    for number in range(2001, 2321):
        v.thing(
            "Prescription", f"Prescription {number}", patient=rng.choice(patients[:-6]), medicine=rng.choice(medicines[:-1]),
            prescribedBy=rng.choice(doctors), prescribedOn=_day(rng, 2022, 2024), tabletsPerDay=rng.randint(1, 6),
            days=rng.randint(3, 60),
        )  # fmt: skip


def _day(rng: Random, first: int, last: int) -> date:
    """Any day from the first of January of one year to the end of the other."""
    start = date(first, 1, 1)
    return start + timedelta(days=rng.randrange((date(last + 1, 1, 1) - start).days))


def _pay(rng: Random, low: int, high: int) -> Decimal:
    """A salary between so many thousands."""
    return money(rng.randint(low, high) * 1000 + rng.randint(0, 999))
