"""Whether a message asks to leave what is in use: from what, to what, and for the sake of what."""

from __future__ import annotations

import re

from assistant.frames import MoveFrame
from assistant.scan import Scan
from assistant.wishes import OWN, SURE, Part, Wishes
from graph.types import Iri

_MOVE = re.compile(
    r"\b(migrat\w+|mov(e|ing)|switch(ing)?|leav(e|ing)|rewrit\w+|replac(e|ing)|port(ing)?|step|go if|get to|became of|what now"
    r"|(stick|stay|remain) (with|on)|chang(e|ing) (to|from|over)|convert(ing)?|abandon(ing)?|ditch(ing)?|drop(ping)?(?!-)"
    r"|(go|turn) (to(?! (prod|market|live|work|court))|next|from here)|where (would|should|do|can|could) (we|i) (go|turn)"
    r"|wants? (it|this|that|them|us|everything|all of it) (in|on|onto|over to))\b", re.I
)  # fmt: skip
_ADVISED = re.compile(
    r"\bshould (we|i)\b|\bworth\b|\bsensible\b|\bhave to (leave|move|switch|replace|rewrite)\b|\bmust (we|i)\b|\bmake sense\b|\bcost\b"
    r"|\bhow much work\b|\bwhat changes\b|\bwhere (should|do|can|would|could) (we|i)\b|\bbecame of\b"
    r"|\bwhat (would|do|will) (we|i) (replace|gain|lose|win)\b|\bwould (switching|moving|a move|a switch|migrating)\b"
    r"|\b(will|would|does) (that|this|it) (solve|help|fix|cure|pay|be worth)\b"
    r"|\bis (that|this|it) (wise|right|a good idea|a good plan)\b"
    r"|\b(is|are) there (a|an|any|good|some) (\w+ )?(reasons?|point|sense|case)\b"
    r"|\b(any|what|good) (reason|point|benefit|gain|advantage)s?\b|\bwhat (do|should|must|would) (i|we|you) (need|have|want|ought)? ?(to )?"
    r"(know|consider|think|expect|watch|bear|be aware|mind|look)\b|\b(anything|things) to (know|watch|consider)\b|\bpros and cons\b"
    r"|\b(worthwhile|pays? off|overkill|too early|too risky)\b|\bshall (we|i)\b", re.I
)  # fmt: skip
_DEAD = re.compile(
    r"^\W*(is|are|has)\b.*\b(dead|abandoned|dying|unmaintained|been abandoned|dead end|alive|kept up|(actively |still )maintained)\b", re.I
)
_TO = re.compile(r"\b(to|for|with|by|into|is|towards)\W+(an? |the )?$", re.I)
_INTO = re.compile(r"\b(rewrit\w+|reimplement\w*|redo\w*|rebuil\w+|port\w*)\b.*\b(in|on|onto)\W+$", re.I)  # 'rewrite our X service in Y'
_STAYED = re.compile(r"\b(remain|stay|keep|stick) (on|with|in|at|to)\W*$", re.I)
_FROM = re.compile(
    r"\b(from|leav(e|ing)|replac(e|ing)|off|beyond|away from|port(ing)?|rewrit(e|ing)|migrat(e|ing)|convert(ing)?|mov(e|ing)|switch(ing)?"
    r"|abandon(ing)?|ditch(ing)?|drop(ping)?)\W+((our|the|my|an?|this|that|existing|old|legacy|whole) )*$", re.I
)  # fmt: skip


class Moves(Wishes):
    """Reads moves for one opened graph."""

    def moved(self, whole: Scan, parts: tuple[Part, ...], things: list[tuple[int, Iri]]) -> MoveFrame | None:
        """'we are on X, should we go to Y?', 'is X dead? we use it': what is left, for what, and what is wanted there."""
        text = whole.text
        dead = any(p.asks and _DEAD.search(p.text) for p in parts)
        advised = _MOVE.search(text) and _ADVISED.search(text)
        told = OWN.search(text) or not all(p.asks for p in parts)  # 'who made it, and is it maintained' leaves nothing
        if not things or not (advised or (dead and len(parts) > 1 and told)):
            return None
        roles = self._roles(whole, things)
        current = next((iri for iri, role in roles.items() if role == "from"), None) or self._left(roles)
        left = [iri for iri in roles if iri != current]
        if current is None and dead:
            current, left = left[0], left[1:]
        if current is None and len(left) == 1 and (OWN.search(text) or "became" in text):
            current, left = left[0], []
        if current is None:
            return None
        limits, likes, _ = self.conditions(parts)
        targets = tuple(iri for iri in left if roles[iri] in ("to", "offered"))
        named = dict.fromkeys(n.iri for _, n in whole.links("entity") if n.score >= SURE and n.iri not in roles)
        needs = tuple(n.iri for p in parts for i, n in p.scan.links("need") if self.is_said(p.scan, i, n))
        judged = self.judged(p.scan for p in parts)
        return MoveFrame(current, targets, (*limits, *likes), needs, tuple(named), text, dead, judged)

    def _left(self, roles: dict[Iri, str]) -> Iri | None:
        """Of several things in use the one that is left: that which has most kinds in common with what is moved to."""
        used = [iri for iri, role in roles.items() if role == "used"]
        first, values = self.schema.first_headline(), self.weigher.describer.values
        if len(used) < 2 or first is None:
            return used[0] if used else None
        there = {k for iri, role in roles.items() if role in ("to", "offered") for k in values(iri, first.iri)}
        return max(used, key=lambda iri: len(there & {*values(iri, first.iri)}))

    def _roles(self, whole: Scan, things: list[tuple[int, Iri]]) -> dict[Iri, str]:
        roles: dict[Iri, str] = {}
        for i, iri in things:
            before = self.before(whole, i)
            near = before[-24:]
            role = "from" if _FROM.search(near) else "used" if _STAYED.search(near) else ""
            if not role:
                opening = before.strip() == "" and "?" not in whole.question[: whole.mentions[i].end + 40]
                owned = opening or OWN.search(before) is not None
                to = _TO.search(near) is not None and (_MOVE.search(before) is not None or _DEAD.search(before) is None)
                to = to or _INTO.search(before) is not None
                role = "used" if owned and not (_MOVE.search(before) and to) else "to" if to else "offered"
            roles.setdefault(iri, role)
        return roles
