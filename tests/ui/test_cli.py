"""The command line: what each command prints, and the exit status that scripts can rely on."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from graph.build import ensure_built
from graph.types import OpenError
from ui import cli
from ui.cli import ANSWERED, MISTAKE, NOT_ANSWERED, app
from ui.feedback import Feedback, Verdict

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
MUSEUM = str(FIXTURES / "museum.ttl")
COMMANDS = ("chat", "serve", "mcp", "ask", "show", "sparql", "build", "check", "refresh", "audit", "dump", "eval", "feedback")


def run(*arguments: str, input_: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=input_, env={"COLUMNS": "160"})


def command(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    """The command as its own process, through ``main`` like the installed script."""
    code = "from ui.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def toy(toy_data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The toy as the shipped data, with a cache of its own."""
    monkeypatch.setenv("FRAMEGRAPH_DATA", str(toy_data))
    monkeypatch.setenv("FRAMEGRAPH_CACHE", str(tmp_path / "cache"))
    return toy_data


# ---------------------------------------------------------------- help


def test_help_names_every_command_and_the_exit_status() -> None:
    """A newcomer sees where to begin, a script writer what the statuses mean."""
    text = run("--help").output
    assert all(name in text for name in COMMANDS)
    assert "framegraph chat" in text
    assert "Exit status: 0 answered" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    """And every option says what it does."""
    result = run(name, "--help")
    assert result.exit_code == ANSWERED
    assert "Usage:" in result.output


def test_help_is_quick() -> None:
    """Nothing heavy is imported before a command needs it."""
    heavy = {"torch", "sentence_transformers", "gradio", "pyshacl", "uvicorn", "rdflib", "numpy"}
    code = "import sys; from ui.cli import app; print(sorted(m for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert heavy & set(ast.literal_eval(done.stdout)) == set()


def test_no_command_is_a_mistake_that_shows_the_help() -> None:
    """``framegraph`` alone explains itself."""
    result = run()
    assert result.exit_code == MISTAKE
    assert "Usage:" in result.output


# ---------------------------------------------------------------- feedback


def test_feedback_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was said and why, as a table or as JSON; only what was called wrong; an unreadable file is a mistake."""
    file = tmp_path / "feedback.sqlite"
    monkeypatch.setenv("FRAMEGRAPH_FEEDBACK", str(file))
    assert "0 in" in run("feedback").output
    for verdict, reason in (("up", "just so"), ("down", "no [bold] claim")):
        Feedback(file).add(Verdict(verdict, "Who is it?", "who it is", "Nobody.", "fact", "abc", "/?talk=x", reason, "2026-11-21"))
    shown = run("feedback").output
    assert "just so" in shown
    assert "no [bold] claim" in shown
    (wrong,) = json.loads(run("feedback", "--down", "--json").stdout)
    assert (wrong["verdict"], wrong["link"]) == ("down", "/?talk=x")
    file.write_text("this is no database, but long enough to be looked at as one", encoding="utf-8")
    refused = command("feedback")
    assert refused.returncode == MISTAKE
    assert str(file) in refused.stderr.replace("\n", "")


# ---------------------------------------------------------------- ask


def test_a_question_is_answered_with_its_sources() -> None:
    """What was understood, the answer, the numbered sources; status 0."""
    result = run("ask", "--graph", MUSEUM, "Who made the Blue Kite?")
    assert result.exit_code == ANSWERED, result.output
    assert "I understood:" in result.output
    assert "[1]" in result.output
    assert "Sources" in result.output


def test_an_unknown_thing_is_not_answered() -> None:
    """Status 1, and the words say so."""
    result = run("ask", "--graph", MUSEUM, "Who made the Green Zeppelin Sonata?")
    assert result.exit_code == NOT_ANSWERED
    assert result.output.strip()


def test_json_is_the_whole_answer() -> None:
    """The same as ``Answer.to_dict``, and nothing else on standard output."""
    result = run("ask", "--json", "--graph", MUSEUM, "Who", "made", "the", "Blue", "Kite?")
    answer = json.loads(result.stdout)
    assert answer["question"] == "Who made the Blue Kite?"
    assert answer["citations"]
    assert answer["sparql"]


def test_an_earlier_question_gives_a_follow_up_its_subject() -> None:
    """--after may be given several times, oldest first."""
    result = run("ask", "--json", "--graph", MUSEUM, "--after", "Who made the Blue Kite?", "and its height?")
    assert "Blue Kite" in json.loads(result.stdout)["understood"]


# ---------------------------------------------------------------- sparql


def test_a_query_from_standard_input(toy: Path) -> None:
    """TSV where the output is no terminal; our prefixes are known; patterns mean the facts."""
    result = run("sparql", input_="SELECT ?m { id:gear o:maker ?m }")
    assert result.exit_code == ANSWERED, result.output
    assert result.stdout == "?m\n<https://framegraph.example/id/ada>\n"


def test_a_query_from_a_file(toy: Path, tmp_path: Path) -> None:
    """JSON on demand."""
    (tmp_path / "q.rq").write_text("SELECT ?m { id:gear o:maker ?m }")
    result = run("sparql", str(tmp_path / "q.rq"), "--format", "json")
    assert json.loads(result.stdout)["results"]["bindings"] == [{"m": {"type": "uri", "value": "https://framegraph.example/id/ada"}}]


def test_triples_are_turtle(toy: Path) -> None:
    """CONSTRUCT gives what other tools can read."""
    result = run("sparql", input_="CONSTRUCT { ?s o:maker ?m } { ?s o:maker ?m FILTER(?s = id:gear) }")
    assert result.stdout == (
        "<https://framegraph.example/id/gear> <https://framegraph.example/ontology#maker> <https://framegraph.example/id/ada> .\n"
    )


def test_a_table_for_people(toy: Path) -> None:
    """With prefixes and a count of the rows."""
    result = run("sparql", "--format", "table", input_="SELECT ?m { id:gear o:maker ?m }")
    assert "id:ada" in result.stdout
    assert "1 row" in result.stdout


def test_a_yes_or_no(toy: Path) -> None:
    """ASK prints true or false, also where a table was wanted."""
    assert run("sparql", "-f", "table", input_="ASK { id:gear o:maker id:ada }").stdout == "true\n"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("DROP ALL", "refused"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "refused"),
        ("SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "refused"),
        ("SELECT ?s { ?s ?p }", "parse"),
        ("", "parse"),
    ],
)
def test_a_query_that_may_not_run_is_a_mistake(toy: Path, query: str, words: str) -> None:
    """Writing, leaving the machine and bad syntax: one line on standard error, status 2, no traceback."""
    done = command("sparql", input=query)
    assert done.returncode == MISTAKE
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sparql", "no-such-file.rq"), "cannot be read"),
        (("sparql", "--format", "yaml"), "yaml"),
        (("ask", "--graph", "a", "--endpoint", "http://b", "x"), "not both"),
        (("ask", "--endpoint", "b", "x"), "http://"),
        (("serve", "--port", "0"), "--port"),
        (("eval", "no-such-file.jsonl"), "no-such-file.jsonl"),
        (("dance",), "dance"),
    ],
)
def test_a_wrong_argument_is_a_mistake(arguments: tuple[str, ...], words: str) -> None:
    """Status 2, and the message holds the wrong value or the remedy."""
    result = run(*arguments, input_="")
    assert result.exit_code == MISTAKE
    assert words in result.output


def test_a_graph_that_is_not_there_is_a_mistake() -> None:
    """The message names the path and what would work."""
    done = command("ask", "--graph", "nowhere.ttl", "who")
    assert done.returncode == MISTAKE
    assert "nowhere.ttl does not exist" in done.stderr
    assert "Traceback" not in done.stderr


def test_binary_input_is_a_mistake(tmp_path: Path) -> None:
    """A file that is no text is not taken for a query."""
    (tmp_path / "q.rq").write_bytes(b"\xff\xfe")
    result = run("sparql", str(tmp_path / "q.rq"))
    assert result.exit_code == MISTAKE
    assert "UTF-8" in result.output


def test_an_endpoint_takes_the_same_query(toy: Path, serve_sparql: Callable[[Path], str]) -> None:
    """--endpoint asks a server instead of the shipped graph."""
    url = serve_sparql(ensure_built())
    result = run("sparql", "--endpoint", url, input_="SELECT ?m { id:gear o:maker ?m }")
    assert result.stdout == "?m\n<https://framegraph.example/id/ada>\n"


# ---------------------------------------------------------------- show, build, check, eval


def test_show_tells_what_is_stated_and_by_whom(toy: Path) -> None:
    """A thing by any of its names, with the passages."""
    result = run("show", "gear")
    assert result.exit_code == ANSWERED
    assert "Ada" in result.stdout
    assert "Manual: Parts" in result.stdout


def test_show_of_nothing(toy: Path) -> None:
    """Status 1, and the name that was looked for."""
    result = run("show", "flux", "capacitor")
    assert result.exit_code == NOT_ANSWERED
    assert "flux capacitor" in result.output


def test_build_prints_where_the_graph_is(toy: Path, tmp_path: Path) -> None:
    """The number of facts and the folder."""
    result = run("build", "--no-vectors")
    assert result.exit_code == ANSWERED, result.output
    assert " facts in " in result.stdout
    assert Path(result.stdout.strip().rsplit(" ", 1)[1]).is_dir()


def test_malformed_data_name_file_and_line(toy: Path) -> None:
    """One line on standard error, status 2."""
    (toy / "terms" / "things.ttl").write_text("\n\nid:gear a")
    done = command("build", "--no-vectors")
    assert done.returncode == MISTAKE
    assert "things.ttl" in done.stderr
    assert "line 3" in done.stderr or "3:" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_passes_sound_data(toy: Path) -> None:
    """Coverage and a sum; status 0."""
    result = run("check")
    assert result.exit_code == ANSWERED, result.output
    assert "Coverage by thing" in result.stdout
    assert "0 errors" in result.stdout


def test_check_fails_unsound_data(toy: Path) -> None:
    """Status 1, and the finding; no tables when quiet."""
    (toy / "decisions.ttl").unlink()
    result = run("check", "--quiet")
    assert result.exit_code == NOT_ANSWERED
    assert "undecided tie" in result.stdout
    assert "Coverage" not in result.stdout


def test_check_takes_another_folder(toy: Path, tmp_path: Path) -> None:
    """--data checks what is not shipped."""
    other = Path(shutil.copytree(toy, tmp_path / "other"))
    (other / "decisions.ttl").unlink()
    assert run("check", "-q", "--data", str(other)).exit_code == NOT_ANSWERED
    assert run("check", "-q").exit_code == ANSWERED


def test_audit_prints_facts_to_check(toy: Path) -> None:
    """Numbered, with their sources; the same again for the same seed."""
    result = run("audit", "--sample", "3", "--seed", "2")
    assert result.exit_code == ANSWERED, result.output
    assert result.output.startswith("3 of ")
    assert "\n3. " in result.output
    assert "stated by" in result.output
    assert run("audit", "--sample", "3", "--seed", "2").output == result.output


def test_audit_as_json(toy: Path) -> None:
    """For a program that keeps the verdicts."""
    sample = json.loads(run("audit", "--json", "--sample", "2").stdout)
    assert len(sample["entries"]) == 2
    assert all(entry["sources"] for entry in sample["entries"])


def test_dump_writes_the_shipped_graph_with_its_licence(toy: Path, tmp_path: Path) -> None:
    """Each file with its size; the licence that lies beside the data."""
    (toy / "LICENSE").write_text("Wind it as you like.\n")
    result = run("dump", str(tmp_path / "out"), "--sparql", "https://door.example/sparql")
    assert result.exit_code == ANSWERED, result.output
    assert f"{(tmp_path / 'out' / 'data.trig.gz').stat().st_size:,} {tmp_path / 'out' / 'data.trig.gz'}" in result.stdout
    assert (tmp_path / "out" / "LICENSE.txt").read_text() == "Wind it as you like.\n"
    assert "<https://door.example/sparql>" in (tmp_path / "out" / "void.ttl").read_text()


def test_dump_takes_another_graph(toy: Path, tmp_path: Path) -> None:
    """Whose licence is not that of the shipped data."""
    (toy / "LICENSE").write_text("Wind it as you like.\n")
    assert run("dump", str(tmp_path / "out"), "--no-gzip", "--graph", MUSEUM).exit_code == ANSWERED
    assert (tmp_path / "out" / "data.nq").read_text(encoding="utf-8").count("\n") == 374
    assert not (tmp_path / "out" / "LICENSE.txt").exists()


def test_dump_says_where_it_cannot_write(tmp_path: Path) -> None:
    """A mistake, with the folder and the remedy."""
    (tmp_path / "file").write_text("")
    done = command("dump", str(tmp_path / "file"), "--graph", MUSEUM)
    assert done.returncode == MISTAKE
    assert f"{tmp_path / 'file'} cannot be written" in done.stderr


def test_check_writes_coverage_as_one_file(toy: Path, tmp_path: Path) -> None:
    """Every table, and every thing by property, in a file that needs no other; a gap is told in words."""
    file = tmp_path / "coverage.html"
    (toy / "ontology.ttl").write_text((toy / "ontology.ttl").read_text() + "o:built fg:headline 3 .\n")
    result = run("check", "-q", "--html", str(file))
    assert result.exit_code == ANSWERED, result.output
    html = file.read_text(encoding="utf-8")
    for title in ("Coverage by thing", "Coverage by property", "Coverage by feature", "Headline properties by thing"):
        assert f"<h2>{title}</h2>" in html
    assert '<th scope="row">Gear</th><td>3/3</td>' in html
    assert '<th scope="row">Cog</th><td>stated</td><td>stated</td><td class="gap"><span class="sr">not stated</span></td>' in html
    assert "0 errors" in html
    assert not re.search(r"https?://|src=|<link|url\(", html)


def test_check_says_where_it_cannot_write(toy: Path, tmp_path: Path) -> None:
    """The file, the reason and the remedy."""
    with pytest.raises(OpenError, match=r"cannot be written: No such file.*a folder that exists"):
        CliRunner().invoke(app, ["check", "-q", "--html", str(tmp_path / "no" / "x.html")], catch_exceptions=False)


def test_eval_prints_the_score_by_kind() -> None:
    """A row a kind and one for all."""
    result = run("eval", str(FIXTURES / "museum.jsonl"), "--graph", MUSEUM)
    assert result.exit_code == ANSWERED, result.output
    assert "Score by kind" in result.stdout
    assert "all" in result.stdout
    assert "wrong and confident: " in result.stdout


def test_eval_writes_a_report(tmp_path: Path) -> None:
    """One page; a place that cannot be written is told before anything is asked."""
    file = tmp_path / "report.html"
    result = run("eval", str(FIXTURES / "museum.jsonl"), "--graph", MUSEUM, "--html", str(file))
    assert result.exit_code == ANSWERED, result.output
    assert "Questions and answers, measured" in file.read_text(encoding="utf-8")
    with pytest.raises(OpenError, match="cannot be written"):
        CliRunner().invoke(app, ["eval", str(FIXTURES / "museum.jsonl"), "--html", str(tmp_path / "no" / "x.html")], catch_exceptions=False)


# ---------------------------------------------------------------- serve and chat


def test_a_port_in_use_is_a_mistake() -> None:
    """Said at once, before anything is loaded."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == MISTAKE
    assert "cannot listen" in result.output


def test_a_setting_that_cannot_be_used_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Named at once, with its value and what would do."""
    monkeypatch.setenv("FRAMEGRAPH_WORKERS", "many")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    done = subprocess.run([sys.executable, "-m", "ui.cli", "serve", "--port", port], capture_output=True, text=True, check=False)
    assert done.returncode == MISTAKE
    assert "FRAMEGRAPH_WORKERS is 'many'" in done.stderr
    assert "Traceback" not in done.stderr


def test_serve_says_when_it_is_ready_and_ends_on_ctrl_c() -> None:
    """The address is printed once the server listens; /health then answers; Ctrl-C ends it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    code = "from ui.cli import main; main()"
    arguments = ["serve", "--port", str(port), "--graph", MUSEUM]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        try:
            assert said == f"Framegraph is ready at http://127.0.0.1:{port}/ (Ctrl-C ends it)\n"
            assert httpx.get(f"http://127.0.0.1:{port}/health").status_code == httpx.codes.OK
        finally:
            server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) in (0, -signal.SIGINT, 130)


@pytest.mark.parametrize(("host", "token", "warned"), [("127.0.0.1", "", False), ("0.0.0.0", "", True), ("0.0.0.0", "x" * 20, False)])
def test_who_lets_others_in_without_a_token_is_told(monkeypatch: pytest.MonkeyPatch, host: str, token: str, warned: bool) -> None:
    """Listening beyond this machine takes a flag, and says so where nobody is asked for a token; the token itself is not printed."""
    monkeypatch.setenv("FRAMEGRAPH_TOKEN", token)
    monkeypatch.setattr(cli, "_assistant", lambda *_: None)
    monkeypatch.setattr(cli, "_rehearsed", lambda assistant: assistant)
    monkeypatch.setattr(cli, "_run_server", lambda *_: None)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    result = run("serve", "--port", port, "--host", host)
    assert result.exit_code == ANSWERED
    assert ("no FRAMEGRAPH_TOKEN is set" in result.output) == warned
    assert not token or token not in result.output


def test_chat_opens_the_browser_once_it_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser is asked for the printed address, unless --no-browser was said."""
    opened: list[str] = []

    def pretend(graph: str, endpoint: str, host: str, port: int, serving: object, ready: Callable[[], object]) -> None:
        ready()

    monkeypatch.setattr(cli, "_run_server", pretend)
    monkeypatch.setattr(cli, "_open_browser", opened.append)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    assert run("chat", "--port", port).exit_code == ANSWERED
    assert run("chat", "--port", port, "--no-browser").exit_code == ANSWERED
    assert opened == [f"http://127.0.0.1:{port}/"]
