"""An answer to take away: Markdown or plain text, with its bibliography."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.types import Answer, Citation


def markdown(answer: Answer) -> str:
    """An answer with its bibliography, as Markdown."""
    return "\n\n".join(p for p in (f"**{answer.question}**", answer.text, "\n".join(bibliography(answer.citations))) if p)


def bibliography(citations: Iterable[Citation]) -> list[str]:
    """One line a source: '[1] Title, Section, Publisher, retrieved 2026-11-21. <url>'."""
    return [f"[{c.number}] {headline(c)}." + (f" <{c.url}>" if c.url else "") for c in citations]


def plain_text(answer: Answer) -> str:
    """An answer with its bibliography, without markup."""
    said = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", answer.text.replace("**", ""))
    return "\n\n".join(p for p in (answer.question, said, "\n".join(bibliography(answer.citations))) if p)


def headline(citation: Citation) -> str:
    """A source in one line: title, section, publisher, day."""
    parts = [citation.title, citation.section if citation.section != citation.title else "", citation.publisher]
    day = f"retrieved {citation.retrieved}" if citation.retrieved else ""
    return ", ".join(p for p in (*parts, day) if p)
