"""Fit the weights that tell yes from no: part of `make fit`.

Data: our own yes/no questions in data/phrasings, each with its remark and its answer, never an evaluation file; names are
masked. Logistic regression with an L2 penalty, by gradient descent with momentum from zero, so that two runs give the same
weights. Prints how often it is right on the questions of things held out, then fits on all and writes the weights.
"""

from __future__ import annotations

import json
import random
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from assistant.pipeline import Assistant
from assistant.polarity import MODEL, features
from assistant.remarks import RemarkIndex

SEEN = 8  # questions in which a feature must occur
STEPS, RATE, MOMENTUM, PENALTY = 600, 0.3, 0.9, 0.003
HELD_OUT = 0.2  # share of the things
NEGLIGIBLE = 0.02  # weights below this are left out
Array = NDArray[np.float64]


def cases(index: RemarkIndex) -> list[tuple[str, dict[str, float], bool]]:
    """Each yes/no question: the thing it is about, its features, its answer."""
    asked, found = index.asked(), []
    for owner, text, answer in zip(asked.owners.tolist(), asked.texts, asked.answers, strict=True):
        remark = index.remarks[owner]
        if answer is not None:
            thing = remark.about[0].value if remark.about else ""
            found.append((thing, features(text, index.masked(remark.says, remark.about), remark.holds), answer))
    return found


def fit(table: Array, answers: Array) -> Array:
    """Weights of the columns of a table, shape (questions, features)."""
    weights, speed = np.zeros(table.shape[1]), np.zeros(table.shape[1])
    for _ in range(STEPS):
        yes = 1 / (1 + np.exp(-table @ weights))
        speed = MOMENTUM * speed + table.T @ (yes - answers) / len(answers) + PENALTY * weights
        weights = weights - RATE * speed
    return weights


def main() -> None:
    """Fit, say how well the weights do on things that they were not fitted on, and write those of all."""
    found = cases(Assistant.open().understander.recall.remarks)
    seen = Counter(name for _, row, _ in found for name in row)
    names = sorted(name for name, times in seen.items() if times >= SEEN)
    column = {name: n for n, name in enumerate(names)}
    table = np.zeros((len(found), len(names)))
    for n, (_, row, _) in enumerate(found):
        for name, value in row.items():
            if name in column:
                table[n, column[name]] = value
    answers = np.array([float(answer) for *_, answer in found])
    things = sorted({thing for thing, *_ in found})
    held = set(random.Random(7).sample(things, int(len(things) * HELD_OUT)))
    out = np.array([thing in held for thing, *_ in found])
    yes = 1 / (1 + np.exp(-table[out] @ fit(table[~out], answers[~out])))
    right = (yes > 0.5) == (answers[out] > 0.5)
    surest = np.argsort(-np.abs(yes - 0.5), kind="stable")
    print(f"yes or no: {len(found)} questions, {int(out.sum())} of them held out; right {right.mean():.3f}")
    for share in (0.5, 0.7, 0.8, 0.9):
        chosen = surest[: int(len(surest) * share)]
        least = max(yes[chosen[-1]], 1 - yes[chosen[-1]])
        print(f"  of the surest {share:.0%} (likelihood from {least:.2f}) {right[chosen].mean():.3f}")
    weights = {name: round(float(w), 3) for name, w in zip(names, fit(table, answers), strict=True) if abs(w) >= NEGLIGIBLE}
    MODEL.write_text(json.dumps(weights, indent=0, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    print(f"  {len(weights)} weights written to {MODEL.name}")


if __name__ == "__main__":
    main()
