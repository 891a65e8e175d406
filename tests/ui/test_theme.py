"""The window's look needs nothing from elsewhere and can be read by everyone."""

from __future__ import annotations

import re
from itertools import product

import pytest

from ui.theme import read, theme


def colours(dark: bool) -> dict[str, str]:
    """The colours of one half of the stylesheet."""
    block = read("tokens.css").split(".dark {" if dark else ":root {")[1].split("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("paper", "raised", "sunk", "tint", "lit")
INKS = ("ink", "quiet", "accent", "claim", "compute", "contest")
PAIRS = [*product(INKS, GROUNDS[:3]), ("ink", "tint"), ("accent", "tint"), ("ink", "lit"), ("on-accent", "accent"), ("trouble", "raised")]
PAIRS += [("pic-ink", "pic-thing"), ("pic-ink", "pic-value"), ("pic-property", "raised")]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_ink_can_be_read_on_its_ground(dark: bool) -> None:
    """At least 4.5 to 1, as WCAG asks for text."""
    known = colours(dark)
    poor = {
        (ink, ground): round(contrast(known[ink], known[ground]), 2) for ink, ground in PAIRS if contrast(known[ink], known[ground]) < 4.5
    }
    assert poor == {}


def test_both_halves_name_the_same_colours() -> None:
    """A colour that is forgotten in the dark would shine."""
    assert colours(dark=False).keys() == colours(dark=True).keys()


def test_fonts_are_those_of_the_reader_s_machine() -> None:
    """No font is fetched from anywhere."""
    look = theme()
    assert look._stylesheets == []
    assert "googleapis" not in look._get_theme_css()
