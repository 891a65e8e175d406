"""The chat window: Gradio's components around ``ui.chat``, and nothing that answers anything itself.

Importing this module imports Gradio, which takes three seconds and, unless the environment says otherwise, asks its
makers for news: ``ui.app`` sees to both.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from ui import view
from ui.chat import MAX_QUESTION, Answering, Conversations, Done, Failed, Said
from ui.panel import panel
from ui.theme import read
from ui.view import Entry

QUEUE = 64  # questions that may wait; past this a visitor is told to come back
Shown = tuple[list[dict[str, Any]], str, list[Entry]]  # the chat's messages, the panel's HTML, the conversation


class Window:
    """The handlers of the window's events; each yields what is to be shown."""

    def __init__(self, assistant: Answering) -> None:
        self._conversations = Conversations(assistant)

    async def ask(self, question: str, entries: list[Entry], choices: dict[str, str] | None = None) -> AsyncIterator[Shown]:
        """Ask, after what was asked before."""
        asked = Entry(question.strip(), choices or {})
        if not asked.question:
            yield view.messages(entries), view.side(entries), entries
            return
        before = view.side(entries)
        yield view.messages([*entries, asked], 0), before, entries
        turns = [e.turn for e in entries if e.turn]
        async for event in self._conversations.ask(asked.question, turns, asked.choices):
            match event:
                case Said(turn, shown):
                    yield view.messages([*entries, Entry(asked.question, asked.choices, turn)], shown), before, entries
                case Done(turn):
                    entries = [*entries, Entry(asked.question, asked.choices, turn)]
                    yield view.messages(entries), view.side(entries), entries
                case Failed(message):
                    entries = [*entries, Entry(asked.question, asked.choices, trouble=message)]
                    yield view.messages(entries), view.side(entries), entries

    def pressed(self, value: object, entries: list[Entry]) -> tuple[str, dict[str, str]]:
        """The question and the choices of a button under the last answer; '' for one that is not there."""
        turn = entries[-1].turn if entries else None
        text = str(value)
        place = int(text) if text.isascii() and text.isdigit() else -1
        if turn is None or not 0 <= place < len(turn.answer.buttons):
            return "", {}
        button = turn.answer.buttons[place]
        return button.question, dict(button.choices)


def build(assistant: Answering) -> gr.Blocks:
    """The window over one assistant."""
    about = assistant.about()
    blocks: gr.Blocks
    with gr.Blocks(title=about["title"], analytics_enabled=False, fill_width=True) as blocks:
        gr.HTML(view.header(about), elem_id="top")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", scale=3, min_width=320):
                chat = _chatbot(about)
                asked = _textbox()
            with gr.Column(elem_id="side", scale=2, min_width=320):
                shelf = gr.HTML(panel([]), elem_id="shelf", js_on_load=read("panel.js"))
        _wire(Window(assistant), chat, asked, shelf, gr.State([]))
    blocks.queue(max_size=QUEUE, api_open=False)
    return blocks


def _chatbot(about: dict[str, Any]) -> gr.Chatbot:
    return gr.Chatbot(
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
        placeholder=view.welcome(about),
        examples=view.examples(about["examples"]),
    )


def _textbox() -> gr.Textbox:
    return gr.Textbox(
        elem_id="question",
        label="Question",
        show_label=False,
        placeholder="Ask a question",
        max_length=MAX_QUESTION,
        autofocus=True,
        submit_btn=True,
        html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
    )


def _wire(window: Window, chat: gr.Chatbot, asked: gr.Textbox, shelf: gr.HTML, entries: gr.State) -> None:
    """Say what each event does. Every handler is asynchronous, so that none waits for a thread of another."""
    shown: list[Any] = [chat, shelf, entries]
    how: dict[str, Any] = {"api_visibility": "private", "concurrency_limit": None, "show_progress": "hidden"}

    async def submitted(question: str, before: list[Entry]) -> AsyncIterator[tuple[Any, ...]]:
        async for step in window.ask(question, before):
            yield "", *step

    async def example(before: list[Entry], event: gr.SelectData) -> AsyncIterator[Shown]:
        async for step in window.ask(str(event.value["text"]), before):
            yield step

    async def pressed(before: list[Entry], event: gr.SelectData) -> AsyncIterator[Shown]:
        question, choices = window.pressed(event.value, before)
        async for step in window.ask(question, before, choices):
            yield step

    async def node(before: list[Entry], event: gr.EventData) -> AsyncIterator[Shown]:
        async for step in window.ask(f"What is {event.label}?", before):
            yield step

    async def retried(before: list[Entry], event: gr.RetryData) -> AsyncIterator[Shown]:
        again = before[_place(event.index) :][:1]
        for entry in again:
            async for step in window.ask(entry.question, before[: _place(event.index)], entry.choices):
                yield step

    async def undone(before: list[Entry], event: gr.UndoData) -> tuple[Any, ...]:
        kept, gone = before[: _place(event.index)], before[_place(event.index) :]
        return (gone[0].question if gone else ""), view.messages(kept), view.side(kept), kept

    async def cleared() -> tuple[Any, ...]:
        return [], view.side([]), []

    events = [
        asked.submit(submitted, [asked, entries], [asked, *shown], **how),
        chat.example_select(example, entries, shown, **how),
        chat.option_select(pressed, entries, shown, **how),
        chat.retry(retried, entries, shown, **how),
        chat.undo(undone, entries, [asked, *shown], **how),
        chat.clear(cleared, None, shown, **how),
        shelf.click(node, entries, shown, **how),
    ]
    for event in events:
        event.failure(view.broken, entries, chat, **how)


def _place(index: Any) -> int:
    """The place of a conversation's entry, from the place of one of its two messages."""
    return int(index[0] if isinstance(index, (list, tuple)) else index) // 2
