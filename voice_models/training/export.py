"""The trained network in Kaldi's terms: normalisations folded into the matrices, contexts as descriptors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice_models.training.fbank import BINS
from voice_models.training.kaldi_writer import Affine, Copy, Node, Relu

Array = NDArray[np.float32]


def spliced(source: str, *offsets: int) -> str:
    """Kaldi's descriptor for a node at several times, in frames."""
    return f"Append({', '.join(source if offset == 0 else f'Offset({source}, {offset})' for offset in offsets)})"


class _Weights:
    """The checkpoint's tensors as arrays."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = {name: tensor.float().numpy() for name, tensor in state.items()}

    def linear(self, name: str) -> tuple[Array, Array]:
        weights = self.state[f"{name}.weight"]
        return weights, self.state.get(f"{name}.bias", np.zeros(len(weights), np.float32))

    def norm(self, name: str) -> tuple[Array, Array]:
        """Scale and shift of a batch normalisation (Kaldi's epsilon is PyTorch's)."""
        scale = 1 / np.sqrt(self.state[f"{name}.running_var"] + 1e-5)
        return scale, -self.state[f"{name}.running_mean"] * scale


def folded(weights: Array, bias: Array, scale: Array, shift: Array) -> tuple[Array, Array]:
    """Weights and bias that take x as the given ones take `scale * x + shift`; tiled over spliced inputs."""
    times = weights.shape[1] // len(scale)
    return weights * np.tile(scale, times), bias + weights @ np.tile(shift, times)


def network_nodes(saved: dict[str, Any], head: str = "sequence") -> list[Node]:
    """The nodes of a saved network (`net`, `shape`, `priors`), ready to be written.

    Args:
        saved: what the trainer saved.
        head: `sequence`, or `frames`: then log priors are taken off, as hybrid decoding wants.
    """
    from voice_models.training.network import BLOCKS, SKIP

    of = _Weights(saved["net"])
    width = int(saved["shape"][0])
    deviation = of.state["deviation"]
    nodes: list[Node] = []

    def affine(name: str, source: str, weights: Array, bias: Array) -> str:
        nodes.append(Affine(name, source, weights, bias))
        return name

    def relu(name: str, source: str, size: int) -> str:
        nodes.append(Relu(name, source, size))
        return name

    weights, bias = folded(*of.linear("first"), 1 / deviation, -of.state["mean"] / deviation)
    affine("first.affine", spliced("input", -2, -1, 0, 1, 2), weights, bias)
    relu("first.relu", "first.affine", len(bias))
    weights, bias = folded(*of.linear("second"), *of.norm("first_norm"))
    affine("second.affine", spliced("first.relu", -1, 0, 1), weights, bias)
    x = relu("second.relu", "second.affine", width)
    for index, (back, ahead) in enumerate(BLOCKS):
        name = f"block{index}"
        joint, _ = of.linear(f"narrow.{index}")
        past, present = np.split(joint, 2)
        weights = np.concatenate([past, present], 1)
        nothing = np.zeros(len(past), np.float32)
        weights, bias = folded(weights, nothing, *of.norm(f"norms.{index}"))
        affine(f"{name}.narrow", spliced(x, -3 * back, 0), weights, bias)
        affine(f"{name}.wide", spliced(f"{name}.narrow", 0, 3 * ahead), *of.linear(f"wide.{index}"))
        relu(f"{name}.relu", f"{name}.wide", width)
        nodes.append(Copy(name, f"Sum({name}.relu, Scale({SKIP}, {x}))", width))
        x = name
    weights, bias = folded(*of.linear("last"), *of.norm("last_norm"))
    affine("last.affine", x, weights, bias)
    relu("last.relu", "last.affine", len(bias))
    weights, bias = of.linear(head)
    if head == "frames":
        bias = bias - np.log(saved["priors"].numpy()).astype(np.float32)
    affine("scores", "last.relu", weights, bias)
    return nodes


def read_checkpoint(path: Path) -> dict[str, Any]:
    """What the trainer saved under a stage's name."""
    import torch

    saved: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    return saved


INPUTS = BINS
