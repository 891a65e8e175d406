"""Questions in other languages: recognised by their words of asking, put into English where everything links, else politely declined."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.languages import CHINESE, FRENCH, GERMAN, LANGUAGES, PORTUGUESE, RUSSIAN, SPANISH, Language
from assistant.translate import Translator

Ask = Callable[..., Answer]
GOLDEN = Path(__file__).resolve().parent.parent / "golden"
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"

ASKED = [
    (GERMAN, "Welche Lizenz hat Flask?", "which licence have Flask?", "BSD-3-Clause"),
    (GERMAN, "Wer hat Django entwickelt?", "who created Django?", "Adrian Holovaty"),
    (GERMAN, "Wann wurde Sanic veröffentlicht?", "when was Sanic released?", "2016"),
    (GERMAN, "Wie viele Frameworks haben die MIT-Lizenz?", "how many frameworks have MIT licence?", "MIT licence"),
    (GERMAN, "Was ist ein Microframework?", "what is microframework?", "microframework"),
    (GERMAN, "Auf welchem Framework basiert FastAPI?", "which framework is FastAPI based on?", "Starlette"),
    (SPANISH, "¿Quién creó Django?", "who created Django?", "Adrian Holovaty"),
    (SPANISH, "¿Cuál es la licencia de Flask?", "what is the licence of Flask?", "BSD-3-Clause"),
    (SPANISH, "¿Tiene Django una interfaz de administración?", "does Django have admin interface?", "Yes"),
    (SPANISH, "¿Qué frameworks no tienen ORM?", "which frameworks not have ORM?", "CherryPy"),
    (SPANISH, "¿Qué base de datos soporta Django?", "which database support Django?", "PostgreSQL"),
    (FRENCH, "Quelle est la dernière version de Django ?", "what is the current version of Django?", "current version of Django"),
    (FRENCH, "Qui a créé Flask ?", "who created Flask?", "Armin Ronacher"),
    (FRENCH, "Quand Sanic est-il sorti ?", "when was Sanic released?", "2016"),
    (FRENCH, "Est-ce que FastAPI supporte les WebSockets ?", "does FastAPI support WebSockets?", "Yes"),
    (FRENCH, "Quel est le framework le plus ancien ?", "what is the framework oldest?", "Tkinter"),
    (PORTUGUESE, "Quem criou o Flask?", "who created Flask?", "Armin Ronacher"),
    (PORTUGUESE, "Qual é a licença do Django?", "what is the licence of Django?", "licence"),
    (PORTUGUESE, "O que é um microframework?", "what is microframework?", "microframework"),
    (PORTUGUESE, "Quando o Sanic foi lançado?", "when was Sanic released?", "2016"),
    (PORTUGUESE, "Em que se baseia o FastAPI?", "what is FastAPI based on?", "Starlette"),
    (RUSSIAN, "Кто создал Django?", "who created Django?", "Adrian Holovaty"),
    (RUSSIAN, "Какая лицензия у Flask?", "which licence Flask?", "BSD-3-Clause"),
    (RUSSIAN, "Поддерживает ли FastAPI WebSocket?", "does FastAPI support WebSocket?", "Yes"),
    (RUSSIAN, "Какой самый старый фреймворк?", "which oldest framework?", "Tkinter"),
    (RUSSIAN, "Когда вышел Sanic?", "when was Sanic released?", "2016"),
    (CHINESE, "Flask 的许可证是什么?", "what is Flask licence?", "BSD-3-Clause"),
    (CHINESE, "谁创建了 Django？", "who created Django?", "Adrian Holovaty"),
    (CHINESE, "Django 有管理后台吗？", "does Django have admin interface?", "Yes"),
    (CHINESE, "什么是 ASGI？", "what is ASGI?", "ASGI"),
    (CHINESE, "Sanic 是什么时候发布的？", "when was Sanic released?", "2016"),
]
UNREAD = [
    (GERMAN, "Wie wird das Wetter morgen?"),
    (SPANISH, "¿Qué tiempo hace mañana en Sevilla?"),
    (FRENCH, "Quel temps fera-t-il demain ?"),
    (PORTUGUESE, "Qual é a previsão do tempo para amanhã?"),
    (RUSSIAN, "Какая завтра погода?"),
    (CHINESE, "明天天气怎么样？"),
]
NAMES = (
    "Für Der Was Ist Lizenz Welche Hola Quién Qué Para Con Quel Combien Pourquoi Quem Onde Obrigado Señor José Müller Straße Ñandú "
    "Die La El Los Das Les Ção Über Élan Bonjour"
).split()
FRAMES = ("Who wrote {}?", "Which licence has {}?")


@pytest.fixture(scope="session")
def translator(me: Assistant) -> Translator:
    """The translator of the shipped graph."""
    return me.responder.translator


@pytest.mark.parametrize(("language", "question", "english", "told"), ASKED, ids=[q for _, q, _, _ in ASKED])
def test_a_simple_question_is_answered(
    language: Language, question: str, english: str, told: str, ask: Ask, translator: Translator
) -> None:
    """The question is put into English words that link; a sentence in its own language opens the answer."""
    read = translator.read(question)
    assert read is not None
    assert (read.language, read.english, read.unread) == (language, english, ())
    answer = ask(question)
    assert answer.text.startswith(language.notice)
    assert told in answer.text
    assert not answer.abstained
    assert answer.question == question


@pytest.mark.parametrize(("language", "question"), UNREAD, ids=[q for _, q in UNREAD])
def test_what_is_not_read_is_declined_in_both_languages(language: Language, question: str, ask: Ask) -> None:
    """Unknown words are named, in that language and in English; nothing is guessed."""
    answer = ask(question)
    assert answer.abstained
    assert answer.text.startswith(language.unread)
    assert "please ask in English" in answer.text
    assert not answer.citations


@pytest.mark.parametrize("question", ["Flaskのライセンスは何ですか", "플라스크는 누가 만들었나요", "ما هي رخصة فلاسك", "Хто створив її?"])
def test_other_scripts_are_declined(question: str, ask: Ask) -> None:
    """A language that is not read at all is said to be so."""
    answer = ask(question)
    assert answer.abstained
    assert answer.text.startswith("I don't know this language.")


@pytest.mark.parametrize("question", [f.format(n) for n in NAMES for f in FRAMES])
def test_english_with_foreign_names_is_english(question: str, translator: Translator) -> None:
    """A name from elsewhere makes no question foreign."""
    assert translator.read(question) is None


def test_no_golden_question_is_taken_for_another_language(translator: Translator) -> None:
    """Of all our English questions not one is."""
    items = [json.loads(line) for path in sorted(GOLDEN.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    english = [i["question"] for i in items if i["kind"] != "language"]
    assert len(english) > 1000
    assert [q for q in english if translator.read(q)] == []


def test_most_sentences_are_recognised(translator: Translator) -> None:
    """Of 20 everyday sentences a language nearly all are, and none is taken for another of the six."""
    lines = [line.split("\t") for line in (FIXTURES / "languages.txt").read_text(encoding="utf-8").splitlines()]
    found = [(code, read.language.code if (read := translator.read(text)) and read.language else "") for code, text in lines]
    assert len(found) == 120
    assert [pair for pair in found if pair[1] not in ("", pair[0])] == []
    assert sum(said == code for code, said in found) >= 114


def test_a_short_follow_up_leans_on_the_turn_before(ask: Ask, me: Assistant) -> None:
    """The history may be in the same language."""
    first = me.answer("Wer hat Django entwickelt?")
    assert me.answer("Und Flask?", history=[first.turn]).names == ["Armin Ronacher"]
    assert me.answer("Und Flask?", history=["Wer hat Django entwickelt?"]).names == ["Armin Ronacher"]


@pytest.mark.parametrize("greeting", ["Hallo!", "Hola", "Bonjour", "Olá", "Привет", "你好"])
def test_greetings(greeting: str, ask: Ask) -> None:
    """A greeting is greeted."""
    assert ask(greeting).kind == "greeting"


def test_every_sentence_of_a_foreign_answer_stays_cited(ask: Ask) -> None:
    """The opening sentence is a frame; what states a fact keeps its citations."""
    answer = ask("Welche Lizenz hat Flask?")
    assert answer.sentences[0].tone == "frame"
    assert all(s.cites for s in answer.sentences if s.facts)


def test_a_language_is_complete() -> None:
    """Each has the words of asking that the others have, and its two sentences."""
    needed = {"who", "which", "when", "how many", "not", "and", "or", "difference", "compare", "oldest", "hello"}
    for language in LANGUAGES:
        assert needed <= {said for said, _ in language.entries[0].values()}, language.name
        assert language.notice
        assert language.unread


def test_a_graph_without_foreign_labels_reads_the_words_of_asking(museum: Assistant) -> None:
    """No label, no noun: names and the words of asking are enough for the simplest questions."""
    read = museum.responder.translator.read("Was ist Blue Kite?")
    assert read is not None
    assert (read.language, read.english) == (GERMAN, "what is Blue Kite?")
