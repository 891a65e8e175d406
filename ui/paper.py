"""A conversation to keep: as Markdown or as one HTML file, its answers numbered through and with one bibliography. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from assistant.types import Answer, Citation
from ui import render
from ui.export import bibliography, headline
from ui.theme import read

_MARK = re.compile(r"(?<!\\)\[(\d{1,4})\]")


@dataclass(frozen=True, slots=True)
class Paper:
    """The answers of a conversation, oldest first, and the dataset that gave them: its title, its day, its version."""

    answers: tuple[Answer, ...]
    title: str
    asof: str
    version: str

    @property
    def given_by(self) -> str:
        day = f" as of {self.asof}" if self.asof else ""
        return f"Answered by {self.title}{day} (version {self.version})."


def markdown(paper: Paper) -> str:
    """The conversation as Markdown."""
    answers, sources = numbered(paper.answers)
    parts = [f"# {paper.title}: a conversation", paper.given_by]
    for a in answers:
        parts += [f"## {' '.join(a.question.split())}", f"*I understood: {a.understood}*" if a.understood else "", a.text]
    parts += ["## Sources", "\n\n".join(bibliography(sources))] if sources else []
    return "\n\n".join(p for p in parts if p) + "\n"


def html(paper: Paper) -> str:
    """The conversation as a page that needs nothing else and runs nothing."""
    answers, sources = numbered(paper.answers)
    known = {c.number: c for c in sources}

    def cite(number: int) -> str:
        title = escape(headline(known[number])) if number in known else ""
        return f'<a class="cite" href="#source-{number}" title="{title}">[{number}]</a>'

    said = "".join(_said(a, render.body(a, cite)) for a in answers)
    items = "".join(f'<li id="source-{c.number}" value="{c.number}">{render.anchor(c.url, headline(c))}</li>' for c in sources)
    listed = f'<section aria-labelledby="sources"><h2 id="sources">Sources</h2><ol>{items}</ol></section>' if items else ""
    title = escape(f"{paper.title}: a conversation")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{read('tokens.css')}{read('paper.css')}</style></head>"
        f'<body><main><h1>{title}</h1><p class="quiet">{escape(paper.given_by)}</p>{said}{listed}</main></body></html>\n'
    )


def _said(answer: Answer, body: str) -> str:
    understood = render.understood(answer.understood) if answer.understood else ""
    return f'<section><h2>{escape(answer.question)}</h2><div class="answer">{understood}{body}</div></section>'


def numbered(answers: Sequence[Answer]) -> tuple[list[Answer], list[Citation]]:
    """The answers with their marks numbered through, and the sources of all, each once: one that two answers cite has one number."""
    sources: dict[tuple[str, str, str], Citation] = {}
    made = []
    for answer in answers:
        numbers = {c.number: sources.setdefault(_key(c), replace(c, number=len(sources) + 1)).number for c in answer.citations}
        sentences = tuple(
            replace(s, text=_renumbered(s.text, numbers), cites=tuple(sorted(numbers.get(n, n) for n in s.cites))) for s in answer.sentences
        )
        made.append(replace(answer, text=_in_order(_renumbered(answer.text, numbers)), sentences=sentences))
    return made, list(sources.values())


def _key(c: Citation) -> tuple[str, str, str]:
    return c.passage, c.url, c.title


def _renumbered(text: str, numbers: dict[int, int]) -> str:
    return _MARK.sub(lambda m: f"[{numbers.get(int(m[1]), int(m[1]))}]", text)


def _in_order(text: str) -> str:
    """Marks that stand together, in the order of their numbers."""
    return re.sub(r"(?:\[\d{1,4}\]){2,}", lambda m: "".join(f"[{n}]" for n in sorted(map(int, re.findall(r"\d+", m[0])))), text)
