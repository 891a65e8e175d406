"""Questions in plain words, answers with citations.

>>> from assistant import answer
>>> answer("Who created Flask?").names      # doctest: +SKIP
['Armin Ronacher']
"""

from __future__ import annotations

from assistant.choices import (
    Alternatives,
    Comparison,
    ComparisonTable,
    Recommendation,
    Relation,
    alternatives,
    compare,
    comparison_table,
    recommend,
    related,
)
from assistant.pipeline import Assistant, answer
from assistant.types import Answer, AssistantError, Citation, Reading, Suggestion

__all__ = [
    "Alternatives", "Answer", "Assistant", "AssistantError", "Citation", "Comparison", "ComparisonTable", "Reading", "Recommendation",
    "Relation", "Suggestion", "alternatives", "answer", "compare", "comparison_table", "recommend", "related",
]  # fmt: skip
