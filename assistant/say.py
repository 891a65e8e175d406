"""Terms and facts in plain English: labels, dates, statements from a property's template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from assistant.lexicon import Lexicon
from assistant.phrase import template, truth
from assistant.words import join
from graph.schema import Schema
from graph.types import XSD, Iri, Literal, Term, is_true

_MONTHS = "January February March April May June July August September October November December".split()


class Speaker:
    """Says terms and facts of one graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon) -> None:
        self.schema, self.lexicon = schema, lexicon

    def term(self, term: Term, about: Iri | None = None) -> str:
        """A term as a reader would write it; a version named after its subject loses the subject's name ('Foo 1.2' -> '1.2')."""
        if isinstance(term, Iri):
            label = self.lexicon.named(term)
            if label is None:
                return term.value
            owner = self.lexicon.labels.get(about) if about else None
            rest = label.removeprefix(f"{owner} ") if owner else label
            return rest if rest[:1].isdigit() else label
        return _literal(term) if isinstance(term, Literal) else str(term)

    def terms(self, terms: list[Term], about: Iri | None = None) -> str:
        return join([self.term(t, about) for t in terms])

    def shown(self, terms: Sequence[Term], about: Iri | None = None) -> str:
        """The same, safe in Markdown."""
        return join([plain(self.term(t, about)) for t in terms])

    def statement(self, subject: Iri, prop: Iri, values: Sequence[Term]) -> str:
        """'Foo is released under the MIT licence.'"""
        info = self.schema.property(prop)
        if info.is_boolean and not info.statement and len(values) == 1:
            return _fill(truth(info, is_true(values[0])), s=plain(self.term(subject)))
        told = self.shown(values, subject) + (f" {plain(info.unit)}" if info.unit and not info.statement and _short(info.unit) else "")
        return _fill(template(info, len(values) > 1), p=info.named.label, s=plain(self.term(subject)), o=told)

    def brief(self, prop: Iri, values: list[Term], about: Iri | None = None) -> str:
        """The same without its subject, for a bullet: 'licence MIT', 'sessions built in'."""
        if self.schema.is_level(prop):
            return f"{self.shown(values)}: {self.schema.levels[prop].named.label}"
        return f"{self.schema.property(prop).named.label}: {self.shown(values, about)}"


def _short(unit: str) -> bool:
    """Whether a unit reads well behind a number: 'km/h', 'EUR', but not the name of an IRI such as 'KiloGM'."""
    return not any(a.islower() and b.isupper() for a, b in pairwise(unit))


def _fill(template: str, **values: str) -> str:
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def _literal(literal: Literal) -> str:
    if literal.datatype in (XSD + "date", XSD + "dateTime"):
        return say_date(literal.value)
    if literal.datatype == XSD + "boolean":
        return "yes" if is_true(literal) else "no"
    return literal.value


def say_date(iso: str) -> str:
    """'2026-11-03' -> '3 November 2026'; what is not a date stays as it is."""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def plain(text: str) -> str:
    """Text that means nothing in Markdown or HTML: markup characters of data are kept as themselves, never as markup."""
    return " ".join(word if _ADDRESS.fullmatch(word) else _escaped(word) for word in text.split())


_ADDRESS = re.compile(r"https?://[\w.~:/?#@!$&'+,;=%-]+")  # nothing in it can open markup


def _escaped(word: str) -> str:
    return "".join("\\" + c if c in "\\`*_[]<|" else c for c in word)
