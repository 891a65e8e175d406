"""Fit the weights that choose among remarks: `make fit`.

Data: our own questions in data/phrasings, never an evaluation file. Each question is asked of all remarks about the same things
while it is itself left out of the index; the remark that it was written for is right. The weights minimise the softmax cross
entropy of that choice (plain gradient descent, so that two runs give the same figures). Half of the questions are held out.
Prints the weights, and the share of held-out questions whose remark comes first, with them and with single features.
"""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from assistant.detect import stems_of
from assistant.heard import Heard
from assistant.pipeline import Assistant
from assistant.remarks import WEIGHTS, RemarkIndex, content

SAMPLE = 4000  # questions drawn
STEPS, RATE, DECAY = 300, 3.0, 0.001
Features = NDArray[np.float64]
Case = tuple[int, Features]  # which row is right, and the features of all candidates, shape (candidates, weights)


def cases(index: RemarkIndex, seed: int = 1) -> list[Case]:
    """One case a question that has a sister question on the same remark."""
    asked = index.asked()
    sisters: dict[int, list[int]] = {}
    for n, owner in enumerate(asked.owners.tolist()):
        sisters.setdefault(owner, []).append(n)
    chosen = [n for n, owner in enumerate(asked.owners.tolist()) if len(sisters[owner]) > 1]
    random.Random(seed).shuffle(chosen)
    return [_case(index, n, [asked.texts[s] for s in sisters[int(asked.owners[n])] if s != n]) for n in chosen[:SAMPLE]]


def _case(index: RemarkIndex, n: int, sisters: list[str]) -> Case:
    """The question of row ``n``, asked while only its ``sisters`` of the same remark are known."""
    asked, wording = index.asked(), index.lexicon.wording
    owner = int(asked.owners[n])
    pool = sorted({i for thing in index.remarks[owner].about for i in index.about[thing]})
    right = pool.index(owner)
    weights = index.weighed(content(asked.texts[n], wording=wording))
    features = index.features(Heard(index, asked.vectors[n], without=n), np.array(pool, dtype=np.int64), weights)
    words = index.words(owner) | stems_of(" ".join(sisters))
    features["question words"][right] = index.columns.coverage(weights, words, index.aspect_words(index.remarks[owner]))
    return right, np.stack([features[name] for name in WEIGHTS], axis=1)


def fit(train: list[Case]) -> NDArray[np.float64]:
    """The weights of the features, in the order of WEIGHTS."""
    weights = np.array(list(WEIGHTS.values()))
    for _ in range(STEPS):
        step = np.zeros_like(weights)
        for right, table in train:
            scores = table @ weights
            chances = np.exp(scores - scores.max())
            step += table[right] - (chances / chances.sum()) @ table
        weights = weights + RATE * (step / len(train) - DECAY * weights)
    return weights


def share_right(held_out: list[Case], weights: NDArray[np.float64]) -> float:
    """How often the right remark comes first."""
    return float(np.mean([int((table @ weights).argmax()) == right for right, table in held_out]))


def main() -> None:
    """Fit, and say how well the weights do on what they were not fitted on."""
    assistant = Assistant.open()
    found = cases(assistant.understander.recall.remarks)
    half = len(found) // 2
    weights = fit(found[:half])
    print(f"{len(found)} questions, half of them held out")
    for name, weight in zip(WEIGHTS, weights.round(1).tolist(), strict=True):
        print(f"  {name:16} {weight:5.1f}   (now {WEIGHTS[name]})")
    fitted, in_use = (share_right(found[half:], w) for w in (weights, np.array(list(WEIGHTS.values()))))
    print(f"right first: fitted {fitted:.3f}, in use {in_use:.3f}")
    for n, name in enumerate(WEIGHTS):
        print(f"  {name} alone {share_right(found[half:], np.eye(len(WEIGHTS))[n]):.3f}")


if __name__ == "__main__":
    main()
