"""What an answer rests on as chips: how the words of the question were read, and what a choice was asked to meet. Pure.

The chat's sanitiser keeps elements and plain attributes and drops ``aria-*`` and ``data-*``: names are text that only a screen
reader is told, and what a button does stands in its ``name`` and ``value``:

    mean   'SPAN IRI'      the words at the span mean that thing; 'SPAN' alone: as they were read first
    set    'STANDING IRI'  the thing is required, preferred or does not count ('no'); 'undo IRI': as it was read first
    add    'STANDING'      the thing that the list beside it shows is to count
    rate   'VERDICT N'     the N-th question was answered right (up) or wrong (down)
    reason 'N'             why, as the field beside it says
    again  'N'             the N-th question is asked anew, as the field beside it says, and what came after it goes
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from assistant.types import Answer, Piece, Wanted

SWITCHED = {"required": "preferred", "preferred": "required"}
SAID = {"required": "must have", "preferred": "nice to have"}
DRAWN = ("drop", "thumb")  # kinds of button that show a sign instead of their words
GROUPS = {"project": "Kinds of project", "feature": "Features", "value": "Licences, platforms and Python versions"}


def touched(choices: Mapping[str, str], act: str, value: str) -> dict[str, str]:
    """The choices after a chip's button was pressed; ``value`` as above, for 'add' followed by the IRI."""
    how, _, iri = value.partition(" ")
    key, meant = (how, iri) if act == "mean" else (iri, "" if how == "undo" else how)
    if not key:
        return dict(choices)
    kept = {k: v for k, v in choices.items() if k != key}
    return {**kept, key: meant} if meant else kept


# ---------------------------------------------------------------- how the question was read


def pieces(answer: Answer) -> str:
    """The linked pieces that may mean something else, each with its other meanings behind one fold; '' for none."""
    open_ = [p for p in answer.pieces if p.others or p.chosen]
    if not open_:
        return ""
    said = ", ".join(map(_read, open_))
    items = "".join(map(_meanings, open_))
    return f'<details class="pieces" id="pieces"><summary>I read {said}. Wrong?</summary><ul>{items}</ul></details>'


def _read(piece: Piece) -> str:
    text, label = escape(piece.text), escape(piece.label)
    said = f"<b>{label}</b>" if piece.text.casefold() == piece.label.casefold() else f"“{text}” as <b>{label}</b>"
    return f"{said}, as you chose" if piece.chosen else said


def _meanings(piece: Piece) -> str:
    text = escape(piece.text)
    buttons = "".join(_button("mean", f"{piece.span} {iri}", escape(other), f"“{text}” means ") for iri, other in piece.others)
    if piece.chosen:
        buttons += _button("mean", piece.span, "undo", f"“{text}” is not {escape(piece.label)}: ")
    return f"<li><span>“{text}” means:</span>{buttons}</li>"


# ---------------------------------------------------------------- what a choice is asked to meet


def needs(answer: Answer, known: Sequence[Wanted] | None = None) -> str:
    """What the choice was asked to meet, and a list of what may be added (``known``; None: not yet); '' where nothing is chosen."""
    if not answer.choosing:
        return ""
    front = [w for w in answer.wanted if not w.brought_by or w.standing == "required"]
    chips = f'<ul class="chips">{"".join(map(_chip, front))}</ul>' if front else ""
    behind = [w for w in answer.wanted if w not in front]
    counted = {w.iri for w in front if w.standing != "no"}
    known = None if known is None else [w for w in known if w.iri not in counted]
    legend = "What counts" if answer.wanted else "Weigh them by what you need"
    return f'<fieldset class="needs"><legend>{legend}</legend>{chips}{_brought(behind)}{_adding(known)}</fieldset>'


def _brought(wanted: Sequence[Wanted]) -> str:
    if not wanted:
        return ""
    groups = "".join(
        f'<p>{escape(by[:1].upper() + by[1:])}:</p><ul class="chips">{"".join(map(_chip, found))}</ul>'
        for by, found in groupby(wanted, key=lambda w: w.brought_by)
    )
    more = f"{len(wanted)} more wishes, from the kind of project"
    return f'<details class="brought" id="needs-brought"><summary>{more}</summary>{groups}</details>'


def _chip(w: Wanted) -> str:
    label = escape(w.label)
    if w.standing == "no":
        return f'<li class="gone"><s>{label}</s> does not count{_button("set", f"undo {w.iri}", "undo", f"{label} does not count: ")}</li>'
    lead = {"project": "for ", "known": "you know ", "excluded": "not ", "kind": "a choice of "}.get(w.kind, "")
    lead = "not " if w.standing == "out" else lead
    switch = _switch(w, label) if w.kind in ("feature", "value") and w.standing in SWITCHED else ""
    drop = _button("set", f"no {w.iri}", f"Do not count {label}", kind="drop")
    return f'<li class="{escape(w.standing)}">{lead}<b>{label}</b>{switch}{drop}</li>'


def _switch(w: Wanted, label: str) -> str:
    other = SWITCHED[w.standing]
    name = f"{label}: "
    return _button("set", f"{other} {w.iri}", SAID[w.standing], name, f". Change to {SAID[other]}", "switch")


def _button(name: str, value: str, shown: str, before: str = "", after: str = "", kind: str = "") -> str:
    """A button with its visible words; ``before`` and ``after`` are for a screen reader. The stylesheet draws some kinds."""
    spoken = f'<span class="sr">{before}</span>' if before else ""
    more = f'<span class="sr">{after}</span>' if after else ""
    drawn = kind.startswith(DRAWN)
    words = f'<span class="sr">{shown}</span>' if drawn else shown
    title = f' title="{shown}"' if drawn else ""
    return f'<button type="button" class="{kind or "other"}" name="{name}" value="{escape(value)}"{title}>{spoken}{words}{more}</button>'


def _adding(known: Sequence[Wanted] | None) -> str:
    if not known:
        return '<details class="adding" id="needs-add"><summary>Add a need</summary></details>' if known is None else ""
    groups = "".join(
        f'<optgroup label="{escape(GROUPS.get(kind, kind))}">{"".join(map(_option, found))}</optgroup>'
        for kind, found in groupby(known, key=lambda w: w.kind)
    )
    buttons = "".join(_button("add", standing, SAID[standing]) for standing in SAID)
    return (
        '<details class="adding" id="needs-add"><summary>Add a need</summary><div class="add">'
        f'<label for="need">Need</label><select id="need">{groups}</select>{buttons}</div></details>'
    )


def _option(w: Wanted) -> str:
    return f'<option value="{escape(w.iri)}">{escape(w.label)}</option>'


# ---------------------------------------------------------------- what a reader says of it

JUDGED = {"up": "right", "down": "wrong"}


@dataclass(frozen=True, slots=True)
class Rating:
    """What the reader said of an answer: up or down, its number where it is kept, whether a reason is kept, and what went wrong."""

    verdict: str
    number: int = 0
    reasoned: bool = False
    trouble: str = ""


def rating(place: int, given: Rating | None = None) -> str:
    """Thumbs for the answer at a place of the conversation; once one is given, why."""
    buttons = "".join(
        _button("rate", f"{verdict} {place}", f"This answer is {said}", kind=f"thumb {verdict}{' pressed' if _is(given, verdict) else ''}")
        for verdict, said in JUDGED.items()
    )
    return f'<div class="rate" id="rate-{place}">{buttons}{_asked_why(place, given) if given else ""}</div>'


def _is(given: Rating | None, verdict: str) -> bool:
    return given is not None and given.verdict == verdict


def _asked_why(place: int, given: Rating) -> str:
    if given.trouble:
        return f'<span class="given">{escape(given.trouble)}</span>'
    said = f"You called it {JUDGED[given.verdict]}."
    if given.reasoned:
        return f'<span class="given">{said} Thank you; your reason is kept on this machine.</span>'
    field = f'<label for="why-{place}">Why?</label><input type="text" id="why-{place}" maxlength="1000" autocomplete="off">'
    why = f'<span class="why">{field}{_button("reason", str(place), "Send")}</span>'
    return f'<span class="given">{said} That is kept on this machine.</span>{why}'


# ---------------------------------------------------------------- a question asked anew


def editing(place: int, question: str, later: int) -> str:
    """The question at a place of the conversation in a field, folded away; ``later`` questions came after it."""
    text = escape(" ".join(question.split()))
    gone = '<span class="quiet">What was asked after it is taken away.</span>' if later else ""
    label = f'<label for="again-{place}" class="sr">In other words</label>'
    field = f'<input type="text" id="again-{place}" value="{text}" autocomplete="off">'
    return (
        f'<details class="edit" id="edit-{place}"><summary>Edit<span class="sr"> this question</span></summary>'
        f'<span class="why">{label}{field}{_button("again", str(place), "Ask")}{gone}</span></details>'
    )
