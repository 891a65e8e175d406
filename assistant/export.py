"""The encoder's running path: an ONNX export of the very same model, made once and cached by the weights' hash.

onnxruntime and tokenizers load in a tenth of the time of sentence-transformers and answer in a third; the vectors are the
same (cosine above 0.9999, shown by a test). Without the export the product falls back to sentence-transformers itself.

A text has one vector, whatever it is encoded with: the vectors of a text's tokens do not change with its batch or padding,
bit for bit, but onnxruntime adds them up in another order for each number of texts. So the export ends with the tokens, and
their mean is taken here. A model that does not take the mean is exported whole and run on one text at a time.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MAX_TOKENS = 256  # what the model reads; its tokenizer.json says 128, which would cut long texts short
FILES = ("model.onnx", "tokenizer.json")
TOKENS = "tokens"  # the output of an export that ends with the tokens
ROWS = 32  # texts that are run together
SPARE = 8  # tokens of padding that cost about as much as one more run


def export_folder(cache: Path, model: str) -> Path:
    """Where the export of a model folder stands in a cache: named by size and head of its weights."""
    weights = Path(model) / "model.safetensors"
    with weights.open("rb") as file:
        head = file.read(1 << 20)
    digest = hashlib.sha256(head + str(weights.stat().st_size).encode()).hexdigest()[:16]
    return cache / f"encoder-{digest}-{TOKENS}"


def is_exported(folder: Path) -> bool:
    return all((folder / name).is_file() for name in FILES)


def export(model: str, folder: Path) -> None:
    """Write model.onnx and tokenizer.json to ``folder``, whole or not at all. Raises OSError where it cannot be written."""
    import torch
    from sentence_transformers import SentenceTransformer

    source = SentenceTransformer(model, device="cpu")
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    part.mkdir(parents=True, exist_ok=True)
    sample = source.preprocess(["a sentence", "another, longer sentence"])
    names = ["input_ids", "attention_mask", "token_type_ids"]
    told = TOKENS if takes_mean(source) else "vectors"
    axes = {n: {0: "texts", 1: "tokens"} for n in (*names, TOKENS)} | {"vectors": {0: "texts"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns about shapes that the dynamic axes below settle
        torch.onnx.export(
            _wrapped(source, told), tuple(sample[n] for n in names), str(part / FILES[0]), input_names=names, output_names=[told],
            dynamic_axes={n: axes[n] for n in (*names, told)}, opset_version=17, dynamo=False,
        )  # fmt: skip
    (part / FILES[1]).write_bytes((Path(model) / FILES[1]).read_bytes())
    if is_exported(folder):
        for name in FILES:
            (part / name).unlink()
        part.rmdir()
    else:
        part.rename(folder)


def takes_mean(source: SentenceTransformer) -> bool:
    """Whether a model's vector is the mean of its tokens' vectors, scaled to unit length, and nothing more."""
    parts = [type(part).__name__ for part in source]
    return parts == ["Transformer", "Pooling", "Normalize"] and getattr(source[1], "pooling_mode", "") == "mean"


def _wrapped(source: SentenceTransformer, told: str) -> Any:
    import torch

    class Wrapped(torch.nn.Module):  # type: ignore[misc]  # torch is not followed by the type checker
        """Ids in; vectors of the tokens or of the sentences out."""

        def __init__(self) -> None:
            super().__init__()
            self.source = source

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
            return self.source[0](features)["token_embeddings"] if told == TOKENS else self.source(features)["sentence_embedding"]

    return Wrapped().eval()


class Exported:
    """The export, loaded."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # it would write a device id to the user's cache
        import onnxruntime
        from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf, NoSuchFile
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, min(4, os.cpu_count() or 1))
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads must not burn a core
        try:
            self._session = onnxruntime.InferenceSession(str(folder / FILES[0]), options, providers=["CPUExecutionProvider"])
        except (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
            raise OSError(f"the export in {folder} is broken; delete it and it is made anew: {error}") from error
        self._tokenizer = Tokenizer.from_file(str(folder / FILES[1]))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._takes_mean = self._session.get_outputs()[0].name == TOKENS

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions)."""
        rows = self._tokenizer.encode_batch([t or " " for t in texts])
        made: list[npt.NDArray[np.float32]] = [np.zeros(0, dtype=np.float32)] * len(rows)
        for run in runs([len(r.ids) for r in rows], ROWS if self._takes_mean else 1):
            longest = len(rows[run[-1]].ids)
            feed = {name: np.zeros((len(run), longest), dtype=np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
            for n, i in enumerate(run):
                for told, values in zip(feed.values(), (rows[i].ids, rows[i].attention_mask, rows[i].type_ids), strict=True):
                    told[n, : len(values)] = values
            for i, out in zip(run, self._session.run(None, feed)[0], strict=True):
                made[i] = out[: len(rows[i].ids)].mean(axis=0) if self._takes_mean else out
        vectors = np.stack(made)
        unit: npt.NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit


def runs(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Which texts are run together, as indexes, the longest last: those of about one length, since the others are padded to it."""
    run: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if run and (len(run) == most or (lengths[i] - lengths[run[-1]]) * len(run) > SPARE):
            yield run
            run = []
        run.append(i)
    if run:
        yield run
