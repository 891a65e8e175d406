"""Answer -> safe HTML. Pure: no look-up, no clock, no framework.

The Markdown of an answer is small and known: bold, backslash escapes, tables, and marks ``[n]``. It is read here and
written as HTML in which every character of data is escaped, so that a label of a stranger's graph stays text.
The HTML of a message holds no blank line: a Markdown renderer leaves such a block alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby

from assistant.types import Answer, Citation, Sentence, Tone
from ui.export import headline

# tone -> what a screen reader says before the sentence, what the legend says; a stated sentence needs neither.
# The sign that others see is drawn by the stylesheet.
TONES: dict[Tone, tuple[str, str]] = {
    "computed": ("Computed: ", "computed by a named rule from the facts cited"),
    "claimed": ("Claim: ", "an opinion of the source that is named"),
    "contested": ("Contested: ", "the sources disagree"),
    "not-stated": ("Not stated: ", "the graph holds nothing either way"),
}
_MARK = re.compile(r"\[(\d{1,4})\]")
_TOKEN = re.compile(
    r"\\(?P<literal>[!-/:-@\[-`{-~])|(?P<bold>\*\*)|\[(?P<mark>\d{1,4})\]|(?P<url>https?://[^\s<>\"'|\\]+)|(?P<text>.)",
    re.DOTALL,
)


# ---------------------------------------------------------------- text


def inline(text: str, cite: Callable[[int], str] = lambda n: f"[{n}]") -> str:
    """The inline Markdown of an answer as HTML: bold, escapes, web addresses, marks (by ``cite``)."""
    out, bold = [], False
    for match in _TOKEN.finditer(" ".join(text.split())):
        if match["bold"]:
            bold = not bold
            out.append("<strong>" if bold else "</strong>")
        elif match["mark"]:
            out.append(cite(int(match["mark"])))
        elif match["url"]:
            out.append(_link(match["url"]))
        else:
            out.append(escape(match["literal"] or match["text"]))
    return "".join(out) + ("</strong>" if bold else "")


def _link(url: str) -> str:
    address = url.rstrip(".,;:!?)]")
    return anchor(address, re.sub(r"^https?://", "", address)) + escape(url[len(address) :])


def anchor(url: str, text: str) -> str:
    """A link that leaves the page, told as such; text only where the address is not one of the web."""
    if not url.startswith(("http://", "https://")):
        return escape(text)
    return f'<a class="away" href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>'


def cite_link(turn: int, number: int, citation: Citation | None) -> str:
    """A mark that leads to its source in the panel; a preview as its title."""
    label = f"Source {number}" + (f": {headline(citation)}" if citation else "")
    return f'<a class="cite" href="#src-{turn}-{number}" title="{escape(label)}" aria-label="{escape(label)}">[{number}]</a>'


# ---------------------------------------------------------------- the message


def message(answer: Answer, turn: int, shown: int | None = None, chips: str = "", remark: str = "", rating: str = "") -> str:
    """An answer as the chat shows it: a ``remark`` on it, the 'I understood' line, its ``chips``, then its first ``shown`` sentences
    (None: all), and what readers say of it (``rating``).
    """
    known = {c.number: c for c in answer.citations}

    def cite(number: int) -> str:
        return cite_link(turn, number, known.get(number))

    said = understood(answer.understood) if answer.understood else ""
    return f'<div class="answer" id="ans-{turn}">{note(remark) if remark else ""}{said}{chips}{body(answer, cite, shown)}{rating}</div>'


def body(answer: Answer, cite: Callable[[int], str], shown: int | None = None) -> str:
    """The first ``shown`` sentences of an answer (None: all), each mark made by ``cite``."""
    if not answer.sentences:
        return "".join(f"<p>{inline(paragraph, cite)}</p>" for paragraph in answer.text.split("\n\n"))
    sentences = answer.sentences if shown is None else answer.sentences[:shown]
    return "".join(_block(kind, list(group), cite) for kind, group in groupby(sentences, key=lambda s: s.block))


def note(text: str) -> str:
    """What is to be known of an answer beside what it says."""
    return f'<p class="note" role="note">{escape(text)}</p>'


def understood(text: str) -> str:
    """The quiet line that says how the question was read."""
    return f'<p class="understood"><span class="key">I understood:</span> {inline(text)}</p>'


def failure(text: str) -> str:
    """What went wrong, as the assistant says it."""
    return f'<div class="answer trouble" role="alert"><p>{escape(text)}</p></div>'


def question(text: str) -> str:
    """A question as its asker typed it: text, and nothing else."""
    return f'<div class="asked">{"<br>".join(escape(line) for line in text.splitlines()) or "&nbsp;"}</div>'


def _block(kind: str, sentences: list[Sentence], cite: Callable[[int], str]) -> str:
    if kind == "table":
        return table_of([s.text for s in sentences], cite)
    if kind == "bullet":
        return "<ul>" + "".join(f"<li>{_sentence(s, cite)}</li>" for s in sentences) + "</ul>"
    return "<p>" + " ".join(_sentence(s, cite) for s in sentences) + "</p>"


def _sentence(sentence: Sentence, cite: Callable[[int], str]) -> str:
    said = inline(sentence.text, cite)
    marks = "" if _MARK.search(sentence.text) else "".join(cite(n) for n in sentence.cites)
    body = f"{said}\u2060{marks}" if marks else said  # joined to the last word, so that no line begins with a mark
    if sentence.tone not in TONES:
        return f'<span class="said">{body}</span>' if sentence.cites else body
    word, _ = TONES[sentence.tone]
    spoken = "" if sentence.text.lower().startswith(word.strip().lower()) else f'<span class="sr">{word}</span>'
    return f'<span class="said tone {sentence.tone}">{spoken}{body}</span>'


def table_of(lines: Sequence[str], cite: Callable[[int], str]) -> str:
    """A Markdown table (a header, a rule, rows) as HTML; its first column heads the rows."""
    rows = [cells(line) for text in lines for line in text.splitlines() if line.strip()]
    rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", c) for c in row)]
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{inline(c, cite)}</th>' if c else "<td></td>" for c in rows[0])
    body = "".join(_table_row([inline(c, cite) for c in row]) for row in rows[1:])
    return scrolled("Table", f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def scrolled(label: str, body: str) -> str:
    """A box that scrolls sideways on its own, by keyboard too, so that the page need not."""
    return f'<div class="scroll" role="group" tabindex="0" aria-label="{label}">{body}</div>'


def drawn(name: str, told: str, width: float, height: float, body: str) -> str:
    """SVG elements as one image, which is ``told`` in words, in a box of this ``name`` that scrolls; sizes in pixels."""
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    return scrolled(name, f'<svg role="img" aria-label="{escape(told)}" {size}>{body}</svg>')


def _table_row(row: list[str]) -> str:
    return "<tr>" + "".join(f'<th scope="row">{c}</th>' if i == 0 else f"<td>{c}</td>" for i, c in enumerate(row)) + "</tr>"


def cells(line: str) -> list[str]:
    """The cells of a line of a Markdown table: '| a | b \\| c |' -> ['a', 'b \\| c']."""
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [c.strip() for c in re.split(r"(?<!\\)\|", inner)]


def legend() -> str:
    """What the signs before sentences mean."""
    items = [f'<li class="{tone}">{escape(means)}</li>' for tone, (_, means) in TONES.items()]
    return f'<ul class="legend">{"".join(items)}</ul>'
