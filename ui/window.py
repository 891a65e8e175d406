"""The chat window: Gradio's components around ``ui.chat``, and nothing that answers anything itself.

Importing this module imports Gradio, which takes three seconds and, unless the environment says otherwise, asks its
makers for news: ``ui.app`` sees to both.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import gradio as gr
from anyio import to_thread

from assistant.types import Answer
from ui import chips, view
from ui.chat import MAX_QUESTION, Answering, Conversations, Done, Event, Failed, Said
from ui.chips import JUDGED, Rating
from ui.feedback import UP, Feedback, FeedbackError, Verdict
from ui.panel import panel
from ui.permalinks import LinkError, unpack
from ui.theme import read
from ui.view import Entry

QUEUE = 64  # questions that may wait; past this a visitor is told to come back
CHANGED = {
    "link": "The graph has changed since this link was made (version {then} then, {now} now). The question was asked again, and the "
    "answer may differ from the one that was linked.",
    "kept": "The graph has changed since this was asked (version {then} then, {now} now). The answer is that of the graph as it is now.",
}
# In the page: the question that waits for its answer goes back into the box, unless another was typed there.
UNANSWERED = """(typed, entries) => [typed || (document.querySelector("#chat .waiting") && [...document.querySelectorAll("#chat .asked")]
    .at(-1).innerText) || "", entries]"""
Shown = tuple[list[dict[str, Any]], str, list[Entry]]  # the chat's messages, the panel's HTML, the conversation


class Window:
    """The handlers of the window's events; each yields what is to be shown."""

    def __init__(self, assistant: Answering, feedback: Feedback | None = None) -> None:
        self._conversations, self._feedback = Conversations(assistant), feedback or Feedback()
        self._known, self._version = assistant.known_wants(), str(assistant.about()["version"])

    def shown(self, entries: list[Entry]) -> Shown:
        """A conversation that waits for nothing."""
        return view.messages(entries, None, self._known), view.side(entries, self._version), entries

    async def ask(self, question: str, entries: list[Entry], choices: dict[str, str] | None = None) -> AsyncIterator[Shown]:
        """Ask, after what was asked before."""
        asked = Entry(question.strip(), choices or {})
        if not asked.question:
            yield self.shown(entries)
            return
        before = view.side(entries, self._version)
        yield view.messages([*entries, asked], 0), before, entries
        async for event in self._events(asked, entries):
            if isinstance(event, Said):
                yield view.messages([*entries, replace(asked, turn=event.turn)], event.shown), before, entries
            else:
                yield self.shown([*entries, _ended(asked, event)])

    async def touch(self, act: str, value: str, text: str, entries: list[Entry]) -> AsyncIterator[Shown]:
        """What the page tells: a verdict or its reason, a thing of the picture to ask about, a question asked anew, a chip, or that
        it opens with something.
        """
        if act in ("rate", "reason"):
            yield await self.rate(value, text, entries)
            return
        asked = {
            "node": lambda: self.ask(f"What is {value}?", entries),
            "again": lambda: self.again(value, text, entries),
            "open": lambda: self.open(value),
        }
        async for step in asked.get(act, lambda: self.amend(act, value, entries))():
            yield step

    async def again(self, value: str, text: str, entries: list[Entry]) -> AsyncIterator[Shown]:
        """Ask the question at place ``value`` in other words; what came after it goes. What was chosen holds for its own words."""
        place = _number(value)
        if place is None or place >= len(entries) or not text.strip():
            yield self.shown(entries)
            return
        same = text.split() == entries[place].question.split()
        async for step in self.ask(text, entries[:place], entries[place].choices if same else {}):
            yield step

    async def amend(self, act: str, value: str, entries: list[Entry]) -> AsyncIterator[Shown]:
        """Ask the last question again, as a chip of its answer settled it; the old answer stands until the new one is whole."""
        if not entries:
            yield self.shown(entries)
            return
        *before, last = entries
        asked = Entry(last.question, chips.touched(last.choices, act, value))
        async for event in self._events(asked, before):
            if not isinstance(event, Said):
                yield self.shown([*before, _ended(asked, event)])

    async def rate(self, value: str, reason: str, entries: list[Entry]) -> Shown:
        """Keep what the reader says of an answer: 'up N' or 'down N'; or, for 'N' alone, the reason for what was said."""
        verdict, _, text = value.rpartition(" ")
        place = _number(text)
        rated = entries[place] if place is not None and place < len(entries) else None
        if place is None or rated is None or rated.turn is None or (verdict not in JUDGED and not rated.rating):
            return self.shown(entries)
        link = f"/?talk={view.code(entries[: place + 1], self._version)}"
        rating = await to_thread.run_sync(self._kept, rated, rated.turn.answer, verdict, reason.strip(), link)
        return self.shown([*entries[:place], replace(rated, rating=rating), *entries[place + 1 :]])

    def _kept(self, entry: Entry, answer: Answer, verdict: str, reason: str, link: str) -> Rating:
        old = entry.rating
        meant = verdict or (old.verdict if old else UP)
        try:
            if old and old.number:
                self._feedback.change(old.number, meant, reason)
                return Rating(meant, old.number, bool(reason))
            said = Verdict(meant, entry.question, answer.understood, answer.text, answer.kind, self._version, link, reason)
            return Rating(meant, self._feedback.add(said), bool(reason))
        except FeedbackError as error:
            return Rating(meant, trouble=f"{error}.")

    async def open(self, kept: str) -> AsyncIterator[Shown]:
        """What the page says when it opens: the conversation of its address ('link CODE') or of this browser ('kept CODE').

        It is shown answer by answer, and is the conversation that goes on once it is whole.
        """
        how, _, code = kept.partition(" ")
        if how not in CHANGED or not code:
            return
        try:
            talk = unpack(code)
        except LinkError as error:
            if how == "link":
                trouble = f"It cannot be opened: {error}. Please ask the question anew."
                yield self.shown([Entry("A link to an answer", trouble=trouble, linked=True)])
            return
        asked = [Entry(question, dict(choices), linked=how == "link") for question, choices in talk.asked]
        entries: list[Entry] = []
        yield view.messages(asked[:1], 0), panel([]), []
        async for event in self._conversations.replay(talk.asked):
            entries.append(_ended(asked[len(entries)], event))
            if len(entries) < len(asked):
                yield view.messages([*entries, asked[len(entries)]], 0), panel([]), []
        if talk.version != self._version:
            entries[-1] = replace(entries[-1], note=CHANGED[how].format(then=talk.version, now=self._version))
        yield self.shown(entries)

    def _events(self, asked: Entry, before: list[Entry]) -> AsyncIterator[Event]:
        return self._conversations.ask(asked.question, [e.turn for e in before if e.turn], asked.choices)

    def pressed(self, value: object, entries: list[Entry]) -> tuple[str, dict[str, str]]:
        """The question and the choices of a button under the last answer; '' for one that is not there."""
        turn = entries[-1].turn if entries else None
        place = _number(str(value))
        if turn is None or place is None or place >= len(turn.answer.buttons):
            return "", {}
        button = turn.answer.buttons[place]
        return button.question, dict(button.choices)


class Page:
    """The page and the window behind it. An event is worked by the window that is there when it comes, to its end; ``show`` puts one over
    another version of the graph in its place, and conversations go on.
    """

    def __init__(self, assistant: Answering, feedback: Feedback | None = None) -> None:
        self._feedback = feedback or Feedback()
        self.window = Window(assistant, self._feedback)
        about = assistant.about()
        self._title = about["title"]
        with gr.Blocks(title=about["title"], analytics_enabled=False, fill_width=True) as self.blocks:
            self._top = gr.HTML(view.header(about), elem_id="top")
            with gr.Row(elem_id="desk"):
                with gr.Column(elem_id="talk", scale=3, min_width=320):
                    self._chat = _chatbot(about)
                    asked = _textbox()
                with gr.Column(elem_id="side", scale=2, min_width=320):
                    shelf = gr.HTML(panel([]), elem_id="shelf", js_on_load=read("panel.js"))
            _wire(self, self._chat, asked, shelf, gr.State([]))
        self.blocks.queue(max_size=QUEUE, api_open=False)

    def head(self) -> str:
        """What the page has in its head: our scripts and the dataset's name."""
        title = json.dumps(self._title).replace("<", "\\u003c")  # a name of a stranger's graph ends no script
        return f"<script>window.framegraphTitle={title};{read('theme.js')}{read('sources.js')}{read('window.js')}</script>"

    def show(self, assistant: Answering) -> None:
        """From now on this assistant answers, and a page that is opened says what its graph is."""
        self.window = Window(assistant, self._feedback)
        about = assistant.about()
        self._title = self.blocks.title = about["title"]
        self._top.value, self._chat.placeholder = view.header(about), view.welcome(about)
        self._chat.examples = view.examples(about["examples"])
        self.blocks.head = self.head()
        self.blocks.config = self.blocks.get_config_file()  # as Gradio makes it when the page is mounted


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
        stop_btn=True,  # shown while an answer is awaited
        html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
    )


class Handlers:
    """What Gradio calls. Every handler is asynchronous, so that none waits for a thread of another."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def submitted(self, question: str, before: list[Entry]) -> AsyncIterator[tuple[Any, ...]]:
        if not question.strip():
            yield (gr.skip(),) * 4  # what another event shows meanwhile stands
            return
        box: Any = ""  # once: what is typed while the answer comes is the next question
        async for step in self._page.window.ask(question, before):
            yield box, *step
            box = gr.skip()

    async def example(self, before: list[Entry], event: gr.SelectData) -> AsyncIterator[Shown]:
        async for step in self._page.window.ask(str(event.value["text"]), before):
            yield step

    async def pressed(self, before: list[Entry], event: gr.SelectData) -> AsyncIterator[Shown]:
        window = self._page.window
        question, choices = window.pressed(event.value, before)
        async for step in window.ask(question, before, choices):
            yield step

    async def touched(self, before: list[Entry], event: gr.EventData) -> AsyncIterator[Shown]:
        async for step in self._page.window.touch(str(event.act), str(event.value), str(event.text), before):
            yield step

    async def retried(self, before: list[Entry], event: gr.RetryData) -> AsyncIterator[Shown]:
        again = before[_place(event.index) :][:1]
        for entry in again:
            async for step in self._page.window.ask(entry.question, before[: _place(event.index)], entry.choices):
                yield step

    async def undone(self, before: list[Entry], event: gr.UndoData) -> tuple[Any, ...]:
        kept, gone = before[: _place(event.index)], before[_place(event.index) :]
        return (gone[0].question if gone else ""), *self._page.window.shown(kept)

    async def stopped(self, question: str, before: list[Entry]) -> tuple[Any, ...]:
        return question, *self._page.window.shown(before)

    async def cleared(self) -> tuple[Any, ...]:
        return self._page.window.shown([])


def _wire(page: Page, chat: gr.Chatbot, asked: gr.Textbox, shelf: gr.HTML, entries: gr.State) -> None:
    """Say what each event does."""
    on = Handlers(page)
    shown: list[Any] = [chat, shelf, entries]
    how: dict[str, Any] = {"api_visibility": "private", "concurrency_limit": None, "show_progress": "hidden"}

    asking: list[Any] = [
        asked.submit(on.submitted, [asked, entries], [asked, *shown], trigger_mode="always_last", **how),  # early ones wait
        chat.example_select(on.example, entries, shown, **how),
        chat.option_select(on.pressed, entries, shown, **how),
        chat.retry(on.retried, entries, shown, **how),
        shelf.click(on.touched, entries, shown, **how),
    ]
    events = [
        *asking,
        asked.stop(on.stopped, [asked, entries], [asked, *shown], cancels=asking, js=UNANSWERED, **how),
        chat.undo(on.undone, entries, [asked, *shown], **how),
        chat.clear(on.cleared, None, shown, **how),
    ]
    for event in events:
        event.failure(view.broken, entries, chat, **how)


def _ended(asked: Entry, event: Done | Failed) -> Entry:
    return replace(asked, turn=event.turn) if isinstance(event, Done) else replace(asked, trouble=event.message)


def _number(text: str) -> int | None:
    """A place as the page tells it; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() else None


def _place(index: Any) -> int:
    """The place of a conversation's entry, from the place of one of its two messages."""
    return int(index[0] if isinstance(index, (list, tuple)) else index) // 2
