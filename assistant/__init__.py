"""Questions in plain words, answers with citations.

>>> from assistant import answer
>>> answer("Who created Flask?").names      # doctest: +SKIP
['Armin Ronacher']
"""

from __future__ import annotations

from assistant.choices import Comparison, Recommendation, compare, recommend
from assistant.pipeline import Assistant, answer
from assistant.types import Answer, AssistantError, Citation, Reading, Suggestion

__all__ = [
    "Answer", "Assistant", "AssistantError", "Citation", "Comparison", "Reading", "Recommendation", "Suggestion", "answer", "compare",
    "recommend",
]  # fmt: skip
