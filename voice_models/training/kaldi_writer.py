"""Kaldi's binary formats: a transition model and an nnet3 network in one `final.mdl`, written from Python."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from voice_models.training.phones import PHONE_IDS, UNIT_OF_PHONE_ID

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Affine:
    """Weights times input plus bias."""

    name: str
    source: str
    """Kaldi's descriptor of the input."""
    weights: Matrix
    """(outputs, inputs)."""
    bias: Matrix


@dataclass(frozen=True)
class Relu:
    """The positive part of its input."""

    name: str
    source: str
    size: int


@dataclass(frozen=True)
class Copy:
    """Its input, unchanged; gives a sum in a descriptor a name."""

    name: str
    source: str
    size: int


Node = Affine | Relu | Copy


class _Writer:
    """Kaldi's binary tokens and basic types."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        file.write(b"\0B")

    def token(self, *words: str) -> None:
        for word in words:
            self.file.write(word.encode() + b" ")

    def integer(self, *values: int) -> None:
        for value in values:
            self.file.write(b"\4" + struct.pack("<i", value))

    def real(self, value: float) -> None:
        self.file.write(b"\4" + struct.pack("<f", value))

    def integers(self, values: Iterable[int]) -> None:
        array = np.fromiter(values, dtype="<i4")
        self.integer(len(array))
        self.file.write(array.tobytes())

    def vector(self, values: Any) -> None:
        array = np.asarray(values, dtype="<f4")
        self.token("FV")
        self.integer(len(array))
        self.file.write(array.tobytes())

    def matrix(self, values: Matrix, bits: int) -> None:
        """Plain floats (32), or a CompressedMatrix of 16 or 8 bits between its smallest and its largest value."""
        if bits == 32:
            self.token("FM")
            self.integer(*values.shape)
            self.file.write(values.astype("<f4").tobytes())
            return
        low, high = float(values.min()), float(values.max())
        steps = 2**bits - 1
        levels = np.floor((values - low) / max(high - low, 1e-12) * steps + 0.5).clip(0, steps)
        self.token("CM2" if bits == 16 else "CM3")
        self.file.write(struct.pack("<ffii", low, high - low, *values.shape))
        self.file.write(levels.astype("<u2" if bits == 16 else "u1").tobytes())


def _write_transitions(out: _Writer) -> None:
    """One state a phone, chain topology; a unit's phones share its two outputs, so that no tree is needed."""
    count = len(PHONE_IDS)
    out.token("<TransitionModel>", "<Topology>")
    out.integers(range(1, count + 1))
    out.integers([-1] + [0] * count)
    out.integer(-1, 1)  # -1: outputs of entering and of staying differ; then the number of topologies
    out.integer(2)  # states of the only one
    out.integer(0, 1)  # its first state: output classes of entering and staying
    out.integer(2)
    out.integer(0)
    out.real(0.5)
    out.integer(1)
    out.real(0.5)
    out.integer(-1, -1, 0)  # its last state: no outputs, no transitions
    out.token("</Topology>", "<Tuples>")
    out.integer(count)
    for phone, unit in UNIT_OF_PHONE_ID.items():
        out.integer(phone, 0, 2 * unit, 2 * unit + 1)
    out.token("</Tuples>", "<LogProbs>")
    out.vector([0.0] + [log(0.5)] * (2 * count))
    out.token("</LogProbs>", "</TransitionModel>")


def _write_component(out: _Writer, node: Node, bits: int) -> None:
    out.token("<ComponentName>", node.name)
    if isinstance(node, Affine):
        out.token("<FixedAffineComponent>", "<LinearParams>")
        out.matrix(node.weights, bits)
        out.token("<BiasParams>")
        out.vector(node.bias)
        out.token("</FixedAffineComponent>")
    elif isinstance(node, Relu):
        out.token("<RectifiedLinearComponent>", "<Dim>")
        out.integer(node.size)
        out.token("<ValueAvg>")
        out.vector([])
        out.token("<DerivAvg>")
        out.vector([])
        out.token("<Count>")
        out.real(0.0)
        out.token("</RectifiedLinearComponent>")
    else:
        out.token("<NoOpComponent>", "<Dim>")
        out.integer(node.size)
        out.token("<BackpropScale>")
        out.real(1.0)
        out.token("</NoOpComponent>")


def write_acoustic_model(path: Path, nodes: Sequence[Node], inputs: int, bits: int = 8) -> None:
    """Write `final.mdl`.

    Args:
        path: the file.
        nodes: the network in order; the last node's output is the score of each output. Input node: `input`.
        inputs: features in a frame.
        bits: 32, 16 or 8 bits a weight.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        out = _Writer(file)
        _write_transitions(out)
        out.token("<Nnet3>")
        lines = [f"input-node name=input dim={inputs}"]
        lines += [f"component-node name={node.name} component={node.name} input={node.source}" for node in nodes]
        lines.append(f"output-node name=output input={nodes[-1].name} objective=linear")
        file.write(("\n" + "\n".join(lines) + "\n\n").encode())
        out.token("<NumComponents>")
        out.integer(len(nodes))
        for node in nodes:
            _write_component(out, node, bits)
        out.token("</Nnet3>", "<LeftContext>")
        out.integer(0)  # Kaldi works both out again when it loads the network
        out.token("<RightContext>")
        out.integer(0)
        out.token("<Priors>")
        out.vector([])
