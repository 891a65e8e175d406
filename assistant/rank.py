"""Choosing among candidate readings by cheap features: words left unexplained, fit to the cues, structural cost, links."""

from __future__ import annotations

from dataclasses import replace

from assistant.frames import (
    AdviceFrame,
    Candidate,
    CommonFrame,
    CompareFrame,
    EveryFrame,
    FactFrame,
    ListFrame,
    MeasureFrame,
    ProfileFrame,
    RecommendFrame,
    RemarkFrame,
    SumFrame,
    TableFrame,
    VerdictFrame,
)
from assistant.scan import Scan
from assistant.words import AUXILIARIES, QUESTION_WORDS

# words of advice: explained by a recommendation
ADVICE = frozenset(
    """should recommend recommended recommendation suggest suggestion best better choose choice pick use using good suitable suited ideal
    worth learn start advice alternative alternatives looking need want prefer go stick migrate switch move""".split()
)
SAME = 0.78  # cosine of a question and one that a remark is known to answer, above which they are taken for the same
SURELY_SAME = 0.85  # above this, whatever kind of answer the words of the ask suggest
TEACHING = frozenset("explain define describe".split())
IMPERATIVES = frozenset("show list give name find tell get count".split())
APART = 0.5  # what a remark loses that does not speak of what two things are compared by, or passes over one that is asked of
REASONS = 0.25  # what a bare fact loses where reasons are asked for, and a list where a difference is
UNNAMED = 0.06  # what a list of things that no word of the ask names loses where other words are left over
ALIKE = 0.2  # what such a question adds to a remark
WEIGHTS = {"coverage": 0.58, "fit": 0.27, "links": 0.15}


def ranked(candidates: list[Candidate], scan: Scan) -> list[Candidate]:
    """Candidates by score, best first; ties by English, so that the order never depends on the order built."""
    told = max((c.features["found"] for c in candidates if isinstance(c.frame, RemarkFrame) and c.features.get("anchored")), default=0.0)
    scored = _stated_first([score(_doubted(c, told), scan) for c in candidates])
    return sorted(scored, key=by_score)


def by_score(c: Candidate) -> tuple[float, bool, str, str]:
    """Sorts the best first; of equals a plain fact, then by English."""
    return -c.fit, not isinstance(c.frame, FactFrame), c.english, c.kind


def _stated_first(scored: list[Candidate]) -> list[Candidate]:
    """Where a question is put in the graph's own terms, the statement answers before a remark that was asked the like."""
    settled = any(in_terms(c) for c in scored)
    advice = [c.frame for c in scored if isinstance(c.frame, RecommendFrame) and c.frame.needs and c.fit >= 0.9]  # a project is described
    nouns = {f.noun for f in advice}

    def lifted(c: Candidate) -> bool:
        of_none = not c.features.get("anchored") or (isinstance(c.frame, RemarkFrame) and {*c.frame.anchors} <= nouns)
        return c.features.get("alike", 0.0) >= SAME and (settled or (bool(advice) and of_none))

    return [replace(c, fit=round(c.fit - ALIKE, 4)) if lifted(c) else c for c in scored]


def in_terms(c: Candidate) -> bool:
    """Whether a query graph explains all words of the ask, by the words themselves and not by their sense."""
    things = isinstance(c.frame, ListFrame) and bool(c.frame.constraints or c.frame.order_property)
    named = things or isinstance(c.frame, (VerdictFrame, FactFrame, CommonFrame, TableFrame))
    if isinstance(c.frame, MeasureFrame):  # a figure is asked for by its name
        return c.cost <= 0.0 and c.features.get("coverage", 0.0) >= 0.99
    fits = c.features.get("fit", 0.0) >= (0.6 if things else 0.9)
    return named and fits and c.features.get("coverage", 0.0) >= 0.99 and c.features.get("sense", 1.0) >= 1.0


def _doubted(c: Candidate, told: float) -> Candidate:
    """A fact that only the sense of the ask suggests gives way where a remark about the same thing fits well."""
    sense = c.features.get("sense", 1.0)
    if isinstance(c.frame, FactFrame) and sense < 0.8 and told >= 0.55:
        return replace(c, cost=c.cost + 0.15)
    return c


def score(c: Candidate, scan: Scan) -> Candidate:
    """The candidate with its features and its score in ``fit`` (0 to 1, costs taken off)."""
    if isinstance(c.frame, RemarkFrame):
        return _remark_score(c, c.frame, scan)
    features = {
        "coverage": scan.coverage(c.mentions, c.tokens),
        "fit": _fit(c, scan),
        "links": min((n.score for _, n in c.links), default=0.8) * (c.features.get("sense", 1.0) ** 0.5),
        "cost": c.cost,
    }
    lenient = isinstance(c.frame, (RecommendFrame, AdviceFrame)) or (
        isinstance(c.frame, CompareFrame) and (scan.cues.compare or scan.cues.difference)
    )
    if lenient:  # a project is described in words that are in no graph
        features["coverage"] = max(features["coverage"], 0.85 if isinstance(c.frame, CompareFrame) else 0.7)
    if isinstance(c.frame, ListFrame) and not _names_class(c) and not scan.cues.who and scan.unexplained(c.mentions, c.tokens):
        features["cost"] += UNNAMED
    told = isinstance(c.frame, (FactFrame, ListFrame)) or (isinstance(c.frame, CompareFrame) and not lenient)
    if (scan.cues.why and told) or (scan.cues.difference and isinstance(c.frame, ListFrame) and not scan.cues.listing):
        features["cost"] += REASONS
    if c.features.get("sense", 1.0) < 0.7:  # a faint likeness of sense is no link
        features["cost"] += (0.7 - c.features["sense"]) * 0.8
    total = sum(WEIGHTS[k] * features[k] for k in WEIGHTS) * (0.4 + 0.6 * features["coverage"]) - features["cost"]
    return replace(c, fit=round(total, 4), features={**c.features, **features})


def _names_class(c: Candidate) -> bool:
    return any(n.kind == "class" for _, n in c.links)


def _remark_score(c: Candidate, frame: RemarkFrame, scan: Scan) -> Candidate:
    found = c.features["found"]
    lift = 0.0
    if scan.cues.why or (scan.cues.how and not scan.cues.compare and not scan.cues.difference):
        lift += 0.1
    several = len({n.iri for _, n in scan.links("entity")}) > 1
    beside = _one_of_several(frame, scan)
    if beside:
        lift -= 0.12
    excludes = any(o.kind == "exclude" or (o.kind == "not" and _stands_before(o.last, frame, scan)) for o in scan.ops)
    alike = c.features.get("alike", 0.0)
    things = scan.cues.listing or (is_fragment(scan) and any(_plural_mention(scan, i) for i, _ in scan.links("class")))
    things = things and not c.features.get("supply")
    if things and not scan.cues.why and c.features.get("anchored") and alike < SURELY_SAME:
        lift -= 0.27 if _only_a_noun(frame, scan) else 0.12  # things are asked for, not what is said of one
    elif alike >= SAME and not excludes and not beside and not (several and not frame.anchors):
        lift += ALIKE
    lift += 0.15 if c.features.get("voice") or c.features.get("supply") else 0.0
    if scan.cues.count:
        lift -= 0.1 if c.features.get("dated") else 0.35
    if scan.cues.who:
        lift -= 0.12
    if scan.cues.when:
        lift += 0.06 if c.features.get("dated") else -0.1
    if not c.features.get("anchored"):
        named = any(m.best.kind in ("entity", "level") and m.best.score >= 0.9 for m in scan.mentions)
        lift -= 0.24 if named or several or scan.cues.recommend or c.features.get("strange") else 0.06
    if excludes:
        lift -= 0.2
    if c.features.get("apart"):
        lift -= APART
    if scan.cues.recommend and not scan.cues.yes_no and c.features.get("anchored"):
        lift -= 0.08
    return replace(c, fit=round(0.12 + 0.8 * found + lift - c.cost, 4), features={**c.features, "lift": lift})


def _one_of_several(frame: RemarkFrame, scan: Scan) -> bool:
    """Whether the ask sets several things beside each other, and the remarks are about one of them only."""
    beside = scan.cues.either or scan.cues.compare or scan.cues.difference
    return beside and len(frame.anchors) == 1 and len(scan.links("entity")) > 1


def _stands_before(token: int, frame: RemarkFrame, scan: Scan) -> bool:
    """Whether the name of what the remarks are about begins at a token ('without X')."""
    return any(scan.first_token(i) == token for i, n in scan.links("entity") if n.iri in frame.anchors)


def _only_a_noun(frame: RemarkFrame, scan: Scan) -> bool:
    """'which frameworks ...?' asks for things of a class, not for what is said about the class's own name."""
    nouns = {n.iri for i, n in scan.links("entity") if any(k.kind == "class" for k in scan.mentions[i].links)}
    reasons = scan.cues.why or scan.cues.define
    return scan.cues.listing and not reasons and len(frame.anchors) == 1 and frame.anchors[0] in nouns


def _fit(c: Candidate, scan: Scan) -> float:
    """How well the kind of answer agrees with the function words of the ask."""
    frame = c.frame
    if isinstance(frame, FactFrame):
        return _fact_fit(c, scan)
    if isinstance(frame, ListFrame):
        return _list_fit(c, frame, scan)
    if isinstance(frame, ProfileFrame):
        return _profile_fit(c, scan)
    if isinstance(frame, CompareFrame):
        return _compare_fit(c, scan)
    if isinstance(frame, VerdictFrame):
        return _verdict_fit(c, scan)
    if isinstance(frame, RecommendFrame):
        reasons_only = scan.cues.why and not (scan.links("need") or len(scan.links("entity")) > 1)
        reasons_only |= scan.cues.define and not scan.cues.recommend and bool(TEACHING & {t.norm for t in scan.tokens[:3]})
        return 0.1 if reasons_only else 1.0 if scan.cues.recommend or c.features.get("situation") else 0.2
    if isinstance(frame, EveryFrame):
        return 1.05
    if isinstance(frame, TableFrame):
        return _table_fit(c, frame, scan)
    if isinstance(frame, SumFrame):
        return 1.1
    return 0.95 if isinstance(frame, AdviceFrame) else 1.0


def _table_fit(c: Candidate, frame: TableFrame, scan: Scan) -> float:
    """Numbers are asked for by their own words; a bare list of a number for each thing is only a guess."""
    if scan.cues.yes_no or scan.cues.why:
        return 0.1
    return 0.6 if frame.function == "each" and not frame.extreme and not (frame.measure and frame.measure.op) else 1.05


def _fact_fit(c: Candidate, scan: Scan) -> float:
    cues = scan.cues
    meant = c.features.get("sense", 1.0) < 1.0  # by the sense of the ask, not by a word
    if cues.count and c.features.get("number"):
        return 1.0
    if cues.count or cues.recommend:
        return 0.3
    if cues.yes_no or (cues.judge and (meant or not any(n.kind == "property" for _, n in c.links))):
        return 0.35
    if cues.why or (cues.how and not cues.when):
        return 0.4
    other_noun = any(n.kind == "class" for i, n in scan.links("class") if i not in c.mentions)
    return 0.4 if cues.listing and other_noun and meant else 1.0


def _profile_fit(c: Candidate, scan: Scan) -> float:
    cues = scan.cues
    if any((cues.why, cues.how, cues.yes_no, cues.recommend, cues.listing and not cues.define, cues.count, cues.when, cues.who)):
        return 0.05
    if scan.unexplained(c.mentions, c.tokens):
        return -0.5  # something is asked of it that the graph has no word for
    alone = len(c.mentions) + len(scan.glued) >= len(scan.mentions)
    return 1.0 if cues.profile or (cues.define and alone) else 0.75 if alone and is_fragment(scan) else 0.25


def _compare_fit(c: Candidate, scan: Scan) -> float:
    cues = scan.cues
    if any(_asked_for(scan, i) for i, _ in c.links):
        return 0.3  # 'in which frameworks ...' asks for things, it compares none
    if cues.compare or cues.difference:
        return 1.0
    if any(t.norm in ("both", "alike") for t in scan.tokens) and not cues.define:
        return 0.3
    if any(t.norm == "both" for t in scan.tokens):  # 'what is both X and Y' asks for things
        return 0.4
    if cues.define and all(n.kind == "entity" for _, n in c.links):
        return 0.95
    if cues.yes_no:
        return -1.5
    return 0.85 if is_fragment(scan) or (cues.either and cues.recommend) else 0.4


def _asked_for(scan: Scan, i: int) -> bool:
    """Whether a mention is a class noun straight behind 'which' or 'what'."""
    first = scan.first_token(i) if i >= 0 else 0
    noun = 0 <= i < len(scan.mentions) and any(n.kind == "class" for n in scan.mentions[i].links)
    return noun and first > 0 and scan.tokens[first - 1].norm in ("which", "what")


def _verdict_fit(c: Candidate, scan: Scan) -> float:
    cues = scan.cues
    beside = any(o.kind == "compare" and not o.value for o in scan.ops)  # 'are there more X in A than in B'
    if cues.every or (cues.exists and not cues.either and not beside):
        return 0.3
    if any(o.kind == "exclude" for o in scan.ops) or cues.why or cues.when or cues.how:
        return 0.1
    several = any(_plural_mention(scan, i) for i, _ in scan.links("class") if i not in c.mentions)  # 'X plug-ins for Y' asks for things
    return 1.0 if cues.yes_no else 0.8 if is_fragment(scan) and len(c.mentions) > 1 and not cues.listing and not several else 0.3


def _list_fit(c: Candidate, frame: ListFrame, scan: Scan) -> float:
    cues = scan.cues
    if c.kind == "count":
        return 0.6 if {"each", "per"} & {t.norm for t in scan.tokens} else 1.0
    if frame.values:
        return 0.25 if cues.why or cues.how or cues.compare else 1.05
    if cues.count and not frame.order_property:
        return 0.2
    if frame.order_property:
        return 0.95
    if cues.exists:
        return 1.0 if frame.constraints else 0.3
    beside = cues.compare or cues.difference
    if cues.yes_no or cues.why or (beside and not cues.listing and not scan.links("class")):
        return 0.25
    if cues.who and any(k.cost >= 0.2 for k in frame.constraints):
        return 0.3  # 'who uses X' does not ask for things of X's own kind
    named_class = any(n.kind == "class" for _, n in c.links)
    plural = any(_plural_mention(scan, i) for i in c.mentions)
    near = any(n.kind == "class" and scan.first_token(i) <= 3 for i, n in c.links)
    what = scan.tokens[:1] and scan.tokens[0].norm == "what" and named_class and near
    asks_things = (
        bool(scan.tokens)
        and scan.tokens[0].norm in ("what", "who")
        and scan.tokens[1:2]
        and scan.tokens[1].norm not in AUXILIARIES
        and not _does(scan)
    )
    if cues.define and not frame.constraints and not frame.order_property:
        return 0.05
    several = is_fragment(scan) and len(frame.constraints) > 1
    if cues.who and frame.constraints and not named_class and not _does(scan):  # 'at most three X: who is that?'
        asks_things = True
    base = (
        1.0
        if cues.listing or what or frame.columns
        else 0.9
        if asks_things or several
        else 0.9
        if plural and is_fragment(scan)
        else 0.8
        if named_class
        else 0.45
    )
    if cues.recommend:
        base -= 0.35
    if cues.define and not cues.listing and not what:
        base -= 0.4
    return base if frame.constraints or frame.order_property else base - 0.35


def _does(scan: Scan) -> bool:
    """'who maintains X?': the verb is the name of a property, which asks for whom it leads to."""
    return bool(scan.tokens) and scan.tokens[0].norm == "who" and any(scan.first_token(i) == 1 for i, _ in scan.links("property"))


def _plural_mention(scan: Scan, i: int) -> bool:
    """'microframeworks': a name in the plural stands for the things it classes."""
    mention = scan.mentions[i]
    text = mention.text(scan.question).lower()
    return text.endswith("s") and not mention.best.label.lower().endswith("s")


def is_bare_yes_no(scan: Scan) -> bool:
    """'X in Y?', 'X in Y, yes or no': a yes/no question without a verb."""
    words = [t.norm for t in scan.tokens]
    if "yes" in words and "no" in words:
        return True
    return is_fragment(scan) and scan.text.rstrip().endswith("?") and len(words) > 2 and not scan.cues.either and not scan.cues.define


def is_fragment(scan: Scan) -> bool:
    """A fragment: names and nothing that makes a sentence."""
    words = [t.norm for t in scan.tokens]
    if words[:1] and words[0] in IMPERATIVES:
        return False
    return not any(w in AUXILIARIES or w in QUESTION_WORDS for w in words)
