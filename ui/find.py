"""Things by name, for programs: by the address of their page, by IRI, by what they are called, by what is called nearly so."""

from __future__ import annotations

from graph.types import Iri
from ui.browse import Browser
from ui.catalogue import Thing
from ui.show import find


def thing_of(browser: Browser, name: str) -> Thing | None:
    """The thing at an address ('/thing/NAME'), of an IRI, or of this very name; of several, the one in focus."""
    catalogue = browser.catalogue()
    known = catalogue.by_slug.get(name) or catalogue.by_iri.get(Iri(name))
    return known or next(iter(_called(browser, name)), None)


def things_like(browser: Browser, text: str) -> list[Thing]:
    """The things of this very name, then those whose label holds its words, then the nearest names; each once."""
    catalogue = browser.catalogue()
    words = [t for s in catalogue.matching(text).shelves for t in s.things]
    words.sort(key=lambda t: (len(t.label), t.label.casefold(), t.slug))
    return list(dict.fromkeys([*_called(browser, text), *words, *catalogue.nearest(text)]))


def _called(browser: Browser, name: str) -> list[Thing]:
    by_iri = browser.catalogue().by_iri
    return [by_iri[iri] for iri in find(browser.kg, name) if iri in by_iri]
