"""Questions in plain words, answers with citations.

>>> from assistant import answer
>>> answer("Who created Flask?").names      # doctest: +SKIP
['Armin Ronacher']
"""

from __future__ import annotations

from assistant.choices import Alternatives, Comparison, Recommendation, Relation, alternatives, compare, recommend, related
from assistant.pipeline import Assistant, answer
from assistant.types import Answer, AssistantError, Citation, Reading, Suggestion

__all__ = [
    "Alternatives", "Answer", "Assistant", "AssistantError", "Citation", "Comparison", "Reading", "Recommendation", "Relation",
    "Suggestion", "alternatives", "answer", "compare", "recommend", "related",
]  # fmt: skip
