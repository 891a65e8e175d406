"""The panel shows each source with what it states, and what stands behind the answer."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from assistant.types import Answer
from ui import panel
from ui.labels import Names
from ui.panel import Turn


def test_a_source_says_all_that_is_known_of_it(turn: Turn) -> None:
    """Number, title, section, publisher, kind, version, day, link, and the statement in words."""
    html = panel.sources(turn)
    assert '<li id="src-1-1" tabindex="-1" value="1"><button type="button" class="number">' in html
    assert '<span class="sr">Where is source </span>1<span class="sr"> cited?</span>' in html
    assert 'href="https://garden.example/catalogue#1"' in html
    for text in ("Catalogue 1", "Roses", "The Garden", "official documentation", "speaks of version 7", '<time datetime="2026-11-21">'):
        assert text in html
    assert '<li><b>Rose</b> <i>colour</i> <span class="o">red</span></li>' in html


def test_what_a_source_lacks_is_left_out(samples: Any) -> None:
    """No empty separators, no link where the address is not one of the web."""
    bare = samples.citation(1, samples.colour, url="pkg:pypi/x@1", section="", retrieved="", publisher="", kind="", version="")
    html = panel.sources(Turn(1, Answer("q", "fact", "", citations=[bare]), Names()))
    assert "<a " not in html
    assert " · " not in html
    assert '<p class="meta"></p>' in html


def test_every_fact_of_a_citation_is_there_once(rich: Turn) -> None:
    """Many statements are folded after the first few, none is lost, repeated ones are said once."""
    html = panel.statements([("Rose", "height", str(n)) for n in [*range(10), 0]])
    assert html.count("<b>Rose</b>") == 10
    assert "and 4 more" in html
    assert "About Rose" in panel.sources(rich)
    assert "stem height" in panel.sources(rich)


def test_data_is_escaped_everywhere(samples: Any) -> None:
    """A hostile title, publisher, address, label, row, query or question stays text."""
    bad = "<img src=x onerror=alert(1)>\"'"
    said = dict.fromkeys(["title", "section", "publisher", "kind", "version", "retrieved"], bad)
    hostile = samples.citation(1, samples.colour, samples.says, **said, url="https://a/" + bad)
    answer = Answer(bad, "fact", bad, citations=[hostile], rows=[{bad: bad}], sparql=bad)
    turn = Turn(1, answer, Names({"http://garden.example/rose": bad, "http://garden.example/red": bad}))
    html = panel.panel([turn, Turn(2, answer, Names())], "")
    assert "<img" not in html
    assert not {"onerror", "src"} & _attributes(html)


def _attributes(html: str) -> set[str]:
    found: set[str] = set()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.update(name for name, _ in attrs)

    Reader().feed(html)
    return found


def test_the_newest_answer_stands_first_and_older_sources_stay_reachable(turn: Turn, rich: Turn) -> None:
    """Marks of earlier answers still find their sources, folded away under the question they answered."""
    html = panel.panel([turn, rich])
    assert html.index('id="src-2-1"') < html.index("Earlier answers") < html.index('id="src-1-1"')
    assert "<summary>What colour is the rose?</summary>" in html


def test_parts_are_linked_and_only_those_that_exist(turn: Turn, rich: Turn) -> None:
    """The links at the top lead to what is there: sources, evidence, rows, query."""
    full = panel.panel([turn], "<svg></svg>")
    for part in ("sources-1", "evidence-1", "rows-1", "query-1"):
        assert f'<a href="#{part}">' in full
        assert f'id="{part}"' in full
    assert "<svg></svg>" in full
    bare = panel.panel([rich])
    assert "rows-2" not in bare
    assert "query-2" not in bare
    assert "evidence-2" not in bare


def test_rows_are_a_table_of_all_columns() -> None:
    """Rows may lack cells; a long table says how much of it is shown."""
    html = panel.rows([{"a": "1"}, {"b": "2"}])
    assert '<th scope="col">a</th><th scope="col">b</th>' in html
    assert "<tr><td>1</td><td></td></tr><tr><td></td><td>2</td></tr>" in html
    assert "The first 100 of 101 rows." in panel.rows([{"a": str(n)} for n in range(101)])


def test_the_query_can_be_opened_where_it_can_be_changed(turn: Turn) -> None:
    """The query is shown as it was run and carried whole to the other page."""
    html = panel.query("SELECT ?x { ?x ?y '&#' }")
    assert "<code>SELECT ?x { ?x ?y &#x27;&amp;#&#x27; }</code>" in html
    assert 'href="/sparql?query=SELECT%20%3Fx%20%7B%20%3Fx%20%3Fy%20%27%26%23%27%20%7D"' in html


@pytest.mark.parametrize("turns", [[], "greeting"])
def test_nothing_cited_is_said_in_words(turns: object) -> None:
    """Before the first question and after a greeting the panel says what it is for."""
    if turns:
        assert "cites nothing" in panel.panel([Turn(1, Answer("hi", "greeting", "Hello."), Names())])
    else:
        assert "The sources they stand for appear here" in panel.panel([])
