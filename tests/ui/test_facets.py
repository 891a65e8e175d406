"""The facets by which a list is narrowed come from the graph: shared values of its own properties."""

from __future__ import annotations

import pytest

from assistant import Assistant
from ui.browse import Browser
from ui.facets import Facets, Narrowed, Wanted
from ui.reader import Reader


@pytest.fixture(scope="module")
def facets(museum: Assistant) -> Facets:
    reader = Reader(museum.graph)
    return Facets(museum.graph, reader.schema, reader.catalogue)


def names(found: Narrowed) -> set[str]:
    return {t.label for s in found.catalogue.shelves for t in s.things}


def count(found: Narrowed, facet: str, value: str) -> int:
    return next((o.count for f in found.facets if f.label == facet for o in f.options if o.label == value), 0)


def test_facets_are_the_shared_values_of_a_class(facets: Facets) -> None:
    """A property whose values tell each thing from every other is none; with no class chosen they are those of the first."""
    found = facets.narrow(Wanted())
    assert [f.label for f in found.facets] == ["artist", "donor", "room", "technique"]
    assert count(found, "technique", "oil painting") == 9
    assert [f.label for f in facets.narrow(Wanted(kind="Artist")).facets] == ["movement", "nationality"]


def test_a_value_leaves_as_many_as_it_says(facets: Facets) -> None:
    """And the counts of the others are of what is left."""
    before = facets.narrow(Wanted(kind="Work"))
    after = facets.narrow(Wanted(kind="Work", has=("technique:oil-painting",)))
    assert len(names(after)) == count(before, "technique", "oil painting")
    assert count(after, "technique", "etching") == 0
    both = facets.narrow(Wanted(kind="Work", has=("technique:oil-painting", "artist:ada-brandt")))
    assert names(both) < names(after)
    assert len(names(both)) == count(after, "artist", "Ada Brandt")


@pytest.mark.parametrize("has", ["technique:nowhere", "nowhere:oil-painting", "technique", ":", ""])
def test_a_value_that_is_not_there_leaves_nothing(facets: Facets, has: str) -> None:
    """Nor does it raise."""
    assert names(facets.narrow(Wanted(kind="Work", has=(has,)))) == set()


def test_words_and_values_narrow_together(facets: Facets) -> None:
    """Words are looked for among what the values left."""
    found = facets.narrow(Wanted("ada", "Artist", ("nationality:danish",)))
    assert names(found) <= {"Ada Brandt"}


def test_addresses_keep_what_was_chosen() -> None:
    """A value is added by its link, and taken back by the same."""
    wanted = Wanted("a b", "Work", ("technique:etching",))
    more = wanted.toggled("artist:x")
    assert more == "/things?q=a+b&kind=Work&has=technique%3Aetching&has=artist%3Ax"
    assert wanted.toggled("technique:etching") == "/things?q=a+b&kind=Work"
    assert wanted.href(kind="", has=()) == "/things?q=a+b"


def test_the_page_offers_each_facet_and_takes_it_back(museum: Assistant) -> None:
    """As links, so that it needs no script."""
    html = Browser(museum.graph, {"title": "Museum"}).index(Wanted(kind="Work", has=("technique:etching",)))
    assert 'aria-label="Remove technique: etching"' in html
    assert "<h2>artist</h2>" in html
    assert '<input type="hidden" name="has" value="technique:etching">' in html
