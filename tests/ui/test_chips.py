"""Chips say how a question was read and what counts, and what pressing one does to the choices; all of it is real buttons."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from assistant.types import Answer, Piece, Wanted
from ui.chips import Rating, editing, needs, pieces, rating, touched

G = "http://garden.example/"
HEDGE = Wanted(G + "hedge", "hedge", "project", "required")
SCENT = Wanted(G + "scent", "scent", "feature", "required")
SHADE = Wanted(G + "shade", "shade", "value", "preferred")
WALL = Wanted(G + "wall", "wall", "feature", "preferred", "hedge")
THORNS = Wanted(G + "thorns", "thorns", "feature", "required", "hedge")
PINK = Wanted(G + "pink", "<pink>", "value", "no", settled=True)


def choice(*wanted: Wanted) -> Answer:
    return Answer("Which plant?", "recommendation", "The rose.", wanted=wanted, choosing=True)


def names(html: str) -> list[str]:
    """What a screen reader calls each button."""
    return [re.sub(r"<[^>]+>", "", body) for body in re.findall(r"<button[^>]*>(.*?)</button>", html)]


def values(html: str) -> list[tuple[str, str]]:
    return re.findall(r'name="(\w+)" value="([^"]*)"', html)


def test_each_need_can_be_dropped_and_what_counts_can_be_switched() -> None:
    """A kind of project is in or out; a feature or a value is required or preferred."""
    html = needs(choice(HEDGE, SCENT, SHADE), ())
    assert names(html) == [
        "Do not count hedge",
        "scent: must have. Change to nice to have",
        "Do not count scent",
        "shade: nice to have. Change to must have",
        "Do not count shade",
    ]
    assert values(html)[:3] == [("set", f"no {HEDGE.iri}"), ("set", f"preferred {SCENT.iri}"), ("set", f"no {SCENT.iri}")]


def test_limits_stand_in_front_and_mere_wishes_of_a_kind_of_project_behind() -> None:
    """What rules things out is never folded away."""
    front, _, behind = needs(choice(HEDGE, THORNS, WALL), ()).partition("<details")
    assert "thorns" in front
    assert "wall" not in front
    assert "Hedge:" in behind
    assert "1 more" in behind


def test_what_was_set_aside_can_come_back() -> None:
    """Struck out, with a way back; text is text."""
    html = needs(choice(PINK), ())
    assert "<s>&lt;pink&gt;</s> does not count" in html
    assert values(html) == [("set", f"undo {PINK.iri}")]


def test_what_is_ruled_out_or_known_cannot_be_switched() -> None:
    """Only removed."""
    html = needs(choice(replace(SCENT, standing="out"), replace(HEDGE, kind="known")), ())
    assert names(html) == ["Do not count scent", "Do not count hedge"]
    assert "not <b>scent</b>" in html
    assert "you know <b>hedge</b>" in html


def test_needs_are_added_from_a_list() -> None:
    """Grouped by kind; not yet there while the answer is still being told, and nowhere but where something is chosen."""
    html = needs(choice(), (HEDGE, SCENT))
    assert re.findall(r'<optgroup label="([^"]+)">', html) == ["Kinds of project", "Features"]
    assert '<label for="need">' in html
    assert values(html) == [("add", "required"), ("add", "preferred")]
    assert "<select" not in needs(choice(), None)
    assert re.findall(r"<option[^>]*>(.*?)</option>", needs(choice(SCENT, replace(HEDGE, standing="no")), (HEDGE, SCENT))) == ["hedge"]
    assert needs(replace(choice(HEDGE), choosing=False), (HEDGE,)) == ""


def test_a_piece_offers_its_other_meanings() -> None:
    """One button each; what was chosen says so and can be undone; a piece that can mean nothing else is no chip."""
    rose = Piece("4:8", "rose", G + "rose", "Rose", ((G + "person", "Rose, the <person>"),))
    answer = replace(choice(), pieces=(rose, Piece("0:3", "the", G + "the", "the")))
    html = pieces(answer)
    assert html.count("<li>") == 1
    assert "<summary>I read <b>Rose</b>. Wrong?</summary>" in html
    assert names(html) == ["“rose” means Rose, the &lt;person&gt;"]
    assert values(html) == [("mean", f"4:8 {G}person")]
    chosen = pieces(replace(answer, pieces=(replace(rose, chosen=True, others=()),)))
    assert "<b>Rose</b>, as you chose" in chosen
    assert "“tree” as <b>Rose</b>" in pieces(replace(answer, pieces=(replace(rose, text="tree"),)))
    assert values(chosen) == [("mean", "4:8")]
    assert pieces(replace(answer, pieces=())) == ""


@pytest.mark.parametrize(
    ("act", "value", "after"),
    [
        ("set", f"preferred {G}scent", {"0:4": G + "rose", G + "scent": "preferred"}),
        ("set", f"no {G}wall", {"0:4": G + "rose", G + "scent": "required", G + "wall": "no"}),
        ("set", f"undo {G}scent", {"0:4": G + "rose"}),
        ("mean", f"0:4 {G}person", {G + "scent": "required", "0:4": G + "person"}),
        ("mean", "0:4", {G + "scent": "required"}),
        ("set", "preferred", {"0:4": G + "rose", G + "scent": "required"}),
    ],
)
def test_a_press_changes_one_choice(act: str, value: str, after: dict[str, str]) -> None:
    """And nothing else; a press that names nothing changes nothing."""
    before = {"0:4": G + "rose", G + "scent": "required"}
    made: Any = touched(before, act, value)
    assert made == after
    assert before == {"0:4": G + "rose", G + "scent": "required"}


def test_an_answer_is_called_right_or_wrong() -> None:
    """Two named buttons; after one of them a field for the reason; after the reason thanks; after trouble what it was."""
    assert names(rating(2)) == ["This answer is right", "This answer is wrong"]
    assert values(rating(2)) == [("rate", "up 2"), ("rate", "down 2")]
    asked = rating(2, Rating("down", 7))
    assert "You called it wrong." in asked
    assert '<label for="why-2">Why?</label>' in asked
    assert values(asked)[2:] == [("reason", "2")]
    assert "<input" not in rating(2, Rating("up", 7, reasoned=True))
    assert "no <disk>".replace("<", "&lt;").replace(">", "&gt;") in rating(2, Rating("up", trouble="no <disk>"))


def test_a_question_is_edited_in_a_field_that_holds_it() -> None:
    """On one line, as text; where others came after it, that they go is said."""
    html = editing(3, 'Who "made"\n<b>?', 0)
    assert 'id="again-3" value="Who &quot;made&quot; &lt;b&gt;?"' in html
    assert "taken away" not in html
    assert "taken away" in editing(0, "Who?", 2)
