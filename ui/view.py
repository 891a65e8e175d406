"""A conversation as the window shows it: messages, panel, header, first screen. Pure; the shapes are Gradio's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from assistant.types import Wanted
from graph.types import Fact
from ui import chips, panel, render
from ui.panel import Turn
from ui.permalinks import pack
from ui.picture import picture
from ui.shell import ways

EXAMPLES = 8


@dataclass(frozen=True)
class Entry:
    """A question of a conversation and what came of it: a turn, or trouble; a note on it for the reader; whether a link brought it;
    and what the reader said of the answer.
    """

    question: str
    choices: dict[str, str] = field(default_factory=dict)
    turn: Turn | None = None
    trouble: str = ""
    note: str = ""
    linked: bool = False
    rating: chips.Rating | None = None


def messages(entries: Sequence[Entry], shown: int | None = None, known: Sequence[Wanted] = ()) -> list[dict[str, Any]]:
    """The conversation as Gradio's chat wants it; of the last answer only ``shown`` sentences (None: all, with buttons).

    The last answer has chips, to which whole one of the needs ``known`` can be added.
    """
    made: list[dict[str, Any]] = []
    for place, entry in enumerate(entries):
        last = entry is entries[-1]
        whole = shown is None or not last
        edited = chips.editing(place, entry.question, len(entries) - place - 1) if whole else ""
        made.append({"role": "user", "content": render.question(entry.question) + edited})
        if entry.turn:
            offered = chips.pieces(entry.turn.answer) + chips.needs(entry.turn.answer, known if whole else None) if last else ""
            rated = chips.rating(place, entry.rating) if whole else ""
            said = render.message(entry.turn.answer, entry.turn.number, None if whole else shown, offered, entry.note, rated)
            made.append({"role": "assistant", "content": said})
            if last and shown is None and (options := buttons(entry.turn)):
                made[-1]["options"] = options
        else:
            made.append({"role": "assistant", "content": render.failure(entry.trouble) if entry.trouble else WAITING})
    return made


def broken(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The conversation after an error that nobody foresaw: what stood before it, and an apology. The log holds the error."""
    sorry = "Something went wrong here, and it is not your question's fault. The error is in the server's log; please ask again."
    return [*messages(entries), {"role": "assistant", "content": render.failure(sorry)}]


WAITING = '<div class="answer waiting" role="status">Looking it up…</div>'


def buttons(turn: Turn) -> list[dict[str, str]]:
    """What may be asked next, as Gradio's options: a label, and its place among the answer's buttons as value."""
    return [{"label": b.label, "value": str(i)} for i, b in enumerate(turn.answer.buttons)]


def code(entries: Sequence[Entry], version: str) -> str:
    """The permalink's code of a conversation as a version of the graph answered it; '' where nothing was answered."""
    return pack([(e.question, e.choices) for e in entries if e.turn], version)


def side(entries: Sequence[Entry], version: str = "") -> str:
    """The panel for a conversation that a version of the graph answered."""
    turns = [e.turn for e in entries if e.turn]
    codes = {e.turn.number: code(entries[: i + 1], version) for i, e in enumerate(entries) if e.turn}
    if not turns:
        return panel.panel([], codes=codes, linked=bool(entries) and entries[-1].linked)
    facts = dict.fromkeys(f for s in turns[-1].answer.sentences for f in s.facts)
    cites: dict[Fact, list[int]] = {}
    for c in turns[-1].answer.citations:
        for fact in c.facts:
            cites.setdefault(fact, []).append(c.number)
    drawn = picture([f for f in facts if f in cites], turns[-1].names, turns[-1].number, cites)
    return panel.panel(turns, drawn, codes, entries[-1].linked)


def header(about: dict[str, Any]) -> str:
    """The name of the dataset, its day, and the way to the other doors."""
    date = escape(about["asof"])
    day = f'<span class="asof">as of <time datetime="{date}">{date}</time></span>' if date else ""
    return f'<header class="top"><h1>{escape(about["title"])}</h1>{day}{ways("/")}</header>'


def welcome(about: dict[str, Any]) -> str:
    """What the first screen says before anything is asked."""
    return (
        f'<div class="welcome"><h2>Ask in plain words.<br>Check every sentence.</h2><p>{escape(about["scope"])}</p>'
        "<p>Each answer is worked out from statements, and each sentence links to the passage that makes it.</p></div>"
    )


def examples(questions: Sequence[str]) -> list[Any]:
    """Example questions for the first screen: no two that begin with the same word, so that they show different things."""
    first: dict[str, str] = {}
    for question in questions:
        first.setdefault(question.split()[0].casefold() if question.split() else "", question)
    rest = [q for q in questions if q not in first.values()]
    return [{"text": q} for q in [*first.values(), *rest][:EXAMPLES]]
