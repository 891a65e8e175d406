"""Ten thousand made-up requests: schemathesis over the OpenAPI description, hypothesis over the chat function. None may break the server.

    python -m tests.soak.fuzz --cases 10000

Needs the extra ``soak``. Status 1 where a reply was a fault of the server's, or the chat function raised.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import anyio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assistant import Assistant
from tests.soak.crowd import served
from ui.chat import Conversations, Done, Failed, Said
from ui.panel import Turn

OPERATIONS = 8  # of the description: three by GET and by POST, a thing, a search
SHARE = 0.8  # of the cases that go to the HTTP door
PIECES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(("Blue Kite", "which", "not", "fastest", "compare", "and", "or", "?", "what about", "3.11")),
    st.sampled_from(("[1]", "**", "|", "<b>", "\u202e", "\x00")),
)
QUESTIONS = st.lists(PIECES, max_size=12).map(" ".join)
PLACES = st.one_of(st.from_regex(r"\d{1,2}:\d{1,2}", fullmatch=True), st.text(max_size=8))
CHOICES = st.dictionaries(PLACES, st.text(max_size=40), max_size=2)


def over_http(cases: int) -> int:
    """Requests by the description, valid and not; the number of runs that found a fault of the server's."""
    program = shutil.which("schemathesis", path=sysconfig.get_path("scripts")) or shutil.which("schemathesis")
    if program is None:
        raise SystemExit("schemathesis is missing; install it with: pip install -e '.[soak]' -c constraints.txt")
    with served(FRAMEGRAPH_WAITING="100000") as (address, _):
        command = [program, "run", f"{address}/api/v1/openapi.json", "--url", f"{address}/api/v1", "--checks", "not_a_server_error"]
        command += ["--phases", "examples,coverage,fuzzing", "--max-examples", str(-(-cases // OPERATIONS)), "--mode", "all"]
        command += ["--no-shrink", "--continue-on-failure", "--suppress-health-check", "all", "--generation-database", "none"]
        with tempfile.TemporaryDirectory() as place:  # where it leaves what it remembers
            return int(subprocess.run(command, check=False, cwd=place).returncode != 0)


def over_chat(cases: int) -> int:
    """Conversations of made-up questions and choices: each ends with an answer or a reason, whatever was typed. Raises what it raises."""
    conversations = Conversations(Assistant.open(Path(__file__).resolve().parents[1] / "fixtures" / "museum.ttl"))
    ended = 0

    async def talk(question: str, turns: list[Turn], choices: dict[str, str]) -> list[Turn]:
        nonlocal ended
        async for event in conversations.ask(question, turns, choices):
            assert isinstance(event, (Said, Done, Failed))
            if isinstance(event, Done):
                turns = [*turns[-3:], event.turn]
            ended += isinstance(event, (Done, Failed))
        return turns

    @settings(max_examples=cases, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(QUESTIONS, CHOICES), min_size=1, max_size=3))
    def every(asked: list[tuple[str, dict[str, str]]]) -> None:
        turns: list[Turn] = []
        for question, choices in asked:
            turns = anyio.run(talk, question, turns, choices)

    every()
    print(f"the chat function ended {ended:,} questions with an answer or a reason")
    return int(ended < cases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    told = parser.parse_args()
    failed = over_chat(round(told.cases * (1 - SHARE))) + over_http(round(told.cases * SHARE))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
