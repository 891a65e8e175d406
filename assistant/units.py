"""Units as people and vocabularies write them: what they measure, and how many of the smallest of their kind they are."""

from __future__ import annotations

from assistant.words import fold

_SPELLED: dict[str, dict[float, str]] = {
    "time": {
        1.0: "s sec second seconds", 60.0: "min mins minute minutes", 3600.0: "h hr hrs hour hours", 86400.0: "d day days",
        604800.0: "week weeks", 31557600.0: "year years",
    },
    "length": {
        0.001: "mm millimetre millimetres millimeters millim", 0.01: "cm centimetre centimetres centimeters centim",
        1.0: "m metre metres meter meters", 1000.0: "km kilometre kilometres kilometer kilometers kilom", 1609.344: "mile miles",
        0.3048: "foot feet",
    },
    "mass": {
        0.001: "mg milligram milligrams milligm", 1.0: "g gram grams gm", 1000.0: "kg kilo kilos kilogram kilograms kilogm",
        1_000_000.0: "tonne tonnes ton tons",
    },
    "pounds": {1.0: "pound pounds gbp"},
    "euros": {1.0: "euro euros eur"},
    "dollars": {1.0: "dollar dollars usd"},
    "share": {1.0: "percent"},
}  # fmt: skip
UNITS: dict[str, tuple[str, float]] = {
    word: (kind, size) for kind, sizes in _SPELLED.items() for size, words in sizes.items() for word in words.split()
}


def unit(text: str) -> tuple[str, float] | None:
    """(kind, size) of a unit by any of its names, None for what is no unit known here."""
    return UNITS.get(fold(text).strip(".:"))
