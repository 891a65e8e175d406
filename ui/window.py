"""The chat window: Gradio's components around ``ui.chat``, and nothing that answers anything itself."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from ui import panel, render
from ui.chat import MAX_QUESTION, Answering, Conversations, Done, Failed, Said
from ui.panel import Turn
from ui.picture import picture
from ui.theme import read

if TYPE_CHECKING:
    from gradio import Blocks

QUEUE = 64  # questions that may wait; past this a visitor is told to come back
EXAMPLES = 8
PRIVATE = {"api_visibility": "private", "queue": True, "concurrency_limit": None, "show_progress": "hidden"}


@dataclass(frozen=True)
class Entry:
    """A question of a conversation and what came of it: a turn, or trouble."""

    question: str
    choices: dict[str, str] = field(default_factory=dict)
    turn: Turn | None = None
    trouble: str = ""


Shown = tuple[list[dict[str, Any]], str, list[Entry]]  # the chat's messages, the panel's HTML, the conversation


# ---------------------------------------------------------------- what is shown


def messages(entries: Sequence[Entry], shown: int | None = None) -> list[dict[str, Any]]:
    """The conversation as Gradio's chat wants it; of the last answer only ``shown`` sentences (None: all, with buttons)."""
    made: list[dict[str, Any]] = []
    for entry in entries:
        made.append({"role": "user", "content": render.question(entry.question)})
        last = entry is entries[-1]
        if entry.turn:
            said = render.message(entry.turn.answer, entry.turn.number, shown if last else None)
            made.append({"role": "assistant", "content": said})
            if last and shown is None and (options := buttons(entry.turn)):
                made[-1]["options"] = options
        else:
            made.append({"role": "assistant", "content": render.failure(entry.trouble) if entry.trouble else WAITING})
    return made


WAITING = '<div class="answer waiting" role="status">Looking it up…</div>'


def buttons(turn: Turn) -> list[dict[str, str]]:
    """What may be asked next, as Gradio's options: a label, and its place among the answer's buttons as value."""
    return [{"label": b.label, "value": str(i)} for i, b in enumerate(turn.answer.buttons)]


def side(entries: Sequence[Entry]) -> str:
    """The panel for a conversation."""
    turns = [e.turn for e in entries if e.turn]
    if not turns:
        return panel.panel([])
    facts = dict.fromkeys(f for s in turns[-1].answer.sentences for f in s.facts)
    cited = {f for c in turns[-1].answer.citations for f in c.facts}
    return panel.panel(turns, picture([f for f in facts if f in cited], turns[-1].names, turns[-1].number))


def header(about: dict[str, Any]) -> str:
    """The name of the dataset, its day, and the way to the other door."""
    day = f'<span class="asof">as of <time datetime="{escape(about["asof"])}">{escape(about["asof"])}</time></span>' if about["asof"] else ""
    return (
        f'<header class="top"><h1>{escape(about["title"])}</h1>{day}<nav aria-label="Pages"><a href="/sparql">SPARQL</a>'
        '<button type="button" class="plain" data-theme-toggle aria-label="Switch between light and dark">◐</button></nav></header>'
    )


def welcome(about: dict[str, Any]) -> str:
    """What the first screen says before anything is asked."""
    return (
        f'<div class="welcome"><h2>Ask in plain words.<br>Check every sentence.</h2><p>{escape(about["scope"])}</p>'
        "<p>Each answer is worked out from statements, and each sentence links to the passage that makes it.</p></div>"
    )


def examples(questions: Sequence[str]) -> list[dict[str, str]]:
    """Example questions for the first screen: no two that begin with the same word, so that they show different things."""
    first: dict[str, str] = {}
    for question in questions:
        first.setdefault(question.split()[0].casefold() if question.split() else "", question)
    rest = [q for q in questions if q not in first.values()]
    return [{"text": q} for q in [*first.values(), *rest][:EXAMPLES]]


# ---------------------------------------------------------------- what happens


class Window:
    """The handlers of the window's events; each yields what is to be shown."""

    def __init__(self, assistant: Answering) -> None:
        self._conversations = Conversations(assistant)

    async def ask(self, question: str, entries: list[Entry], choices: dict[str, str] | None = None) -> AsyncIterator[Shown]:
        """Ask, after what was asked before."""
        asked = Entry(question.strip(), choices or {})
        if not asked.question:
            yield messages(entries), side(entries), entries
            return
        before = side(entries)
        yield messages([*entries, asked], 0), before, entries
        turns = [e.turn for e in entries if e.turn]
        async for event in self._conversations.ask(asked.question, turns, asked.choices):
            match event:
                case Said(turn, shown):
                    yield messages([*entries, Entry(asked.question, asked.choices, turn)], shown), before, entries
                case Done(turn):
                    entries = [*entries, Entry(asked.question, asked.choices, turn)]
                    yield messages(entries), side(entries), entries
                case Failed(message):
                    entries = [*entries, Entry(asked.question, asked.choices, trouble=message)]
                    yield messages(entries), side(entries), entries

    def pressed(self, value: object, entries: list[Entry]) -> tuple[str, dict[str, str]]:
        """The question and the choices of a button under the last answer; '' for one that is not there."""
        turn = entries[-1].turn if entries else None
        place = int(str(value)) if str(value).isdigit() else -1
        if turn is None or not 0 <= place < len(turn.answer.buttons):
            return "", {}
        button = turn.answer.buttons[place]
        return button.question, dict(button.choices)


def build(assistant: Answering) -> Blocks:
    """The window over one assistant. Gradio is imported here: it takes three seconds."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read at import: without it Gradio asks its makers for news
    import gradio as gr

    about, window = assistant.about(), Window(assistant)
    with gr.Blocks(title=about["title"], analytics_enabled=False, fill_width=True) as blocks:
        gr.HTML(header(about), elem_id="top")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", scale=3, min_width=320):
                chat = gr.Chatbot(
                    elem_id="chat",
                    label="Conversation",
                    show_label=False,
                    height=None,
                    autoscroll=False,
                    buttons=[],
                    feedback_options=None,
                    layout="panel",
                    latex_delimiters=[],
                    line_breaks=False,
                    allow_file_downloads=False,
                    placeholder=welcome(about),
                    examples=examples(about["examples"]),
                )
                asked = gr.Textbox(
                    elem_id="question",
                    label="Question",
                    show_label=False,
                    placeholder="Ask a question",
                    max_length=MAX_QUESTION,
                    autofocus=True,
                    submit_btn=True,
                    html_attributes=gr.InputHTMLAttributes(autocomplete="off", aria_label="Question"),
                )
            with gr.Column(elem_id="side", scale=2, min_width=320):
                shelf = gr.HTML(panel.panel([]), elem_id="shelf", js_on_load=read("panel.js"))
        entries: gr.State = gr.State([])
        _wire(gr, window, chat, asked, shelf, entries)
    blocks.queue(max_size=QUEUE, api_open=False)
    return blocks
