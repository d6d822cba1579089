"""Weighted finite-state transducers in OpenFst's binary ``const`` format, written without OpenFst.

Layout (OpenFst 1.6 to 1.8, ``const-fst.h`` and ``fst.cc``), little endian: header = magic number, type of FST and of
arc as length-prefixed strings, version, flags, properties, start state, number of states, number of arcs; then one
record per state (final weight, index of its first arc, its number of arcs, of input epsilons, of output epsilons); then
the arcs (input label, output label, weight, next state). Weights are costs: negative natural logarithms of
probabilities.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

EPSILON = 0
NO_FINAL = float("inf")
_MAGIC = 2125659606
_VERSION = 2  # records not aligned to 16 bytes
_EXPANDED, _ACCEPTOR, _NOT_ACCEPTOR = 1, 1 << 16, 1 << 17
_INPUT_SORTED, _OUTPUT_SORTED, _WEIGHTED = 1 << 28, 1 << 30, 1 << 32
STATE = np.dtype([("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("in_eps", "<u4"), ("out_eps", "<u4")])
ARC = np.dtype([("input", "<i4"), ("output", "<i4"), ("cost", "<f4"), ("next", "<i4")])


@dataclass
class Transducer:
    """A transducer under construction; state 0 is the start."""

    finals: list[float] = field(default_factory=list)
    """Cost of ending in each state; infinite where one cannot."""
    arcs: list[tuple[int, int, int, float, int]] = field(default_factory=list)
    """From state, input label, output label, cost, to state."""

    def add_state(self) -> int:
        """A new state, not final."""
        self.finals.append(NO_FINAL)
        return len(self.finals) - 1

    def add_arc(
        self, source: int, target: int, cost: float = 0.0, label: int = EPSILON, output: int | None = None
    ) -> None:
        """An arc; the output label is the input label unless it is given."""
        self.arcs.append((source, label, label if output is None else output, cost, target))

    def sorted_arcs(self) -> tuple[NDArray[np.void], NDArray[np.int64]]:
        """The arcs, sorted by source state and then by input label, and the source state of each."""
        source = np.array([a[0] for a in self.arcs], dtype=np.int64)
        arcs = np.empty(len(self.arcs), dtype=ARC)
        for column, name in ((1, "input"), (2, "output"), (3, "cost"), (4, "next")):
            arcs[name] = [a[column] for a in self.arcs]
        order = np.lexsort((arcs["output"], arcs["input"], source))
        return arcs[order], source[order]

    def to_bytes(self) -> bytes:
        """The transducer as a ``const`` FST whose arcs are sorted by input label."""
        arcs, source = self.sorted_arcs()
        return to_const_fst(np.array(self.finals, dtype=np.float32), source, arcs)

    def write(self, path: Path) -> None:
        """Write the ``const`` FST to a file."""
        path.write_bytes(self.to_bytes())


def to_const_fst(
    finals: NDArray[np.float32],
    source: NDArray[np.int64],
    arcs: NDArray[np.void],
    sorted_by: Literal["input", "output"] = "input",
) -> bytes:
    """A ``const`` FST from arrays; arcs must be sorted by source state, then by the labels named."""
    states = np.zeros(len(finals), dtype=STATE)
    states["final"] = finals
    states["arcs"] = np.bincount(source, minlength=len(finals))
    states["first"] = np.concatenate(([0], np.cumsum(states["arcs"], dtype=np.int64)[:-1]))
    for name, column in (("in_eps", "input"), ("out_eps", "output")):
        states[name] = np.bincount(source[arcs[column] == EPSILON], minlength=len(finals))
    acceptor = _ACCEPTOR if bool(np.all(arcs["input"] == arcs["output"])) else _NOT_ACCEPTOR
    properties = _WEIGHTED | acceptor | (_INPUT_SORTED if sorted_by == "input" else _OUTPUT_SORTED)
    header = pack_header("const", _VERSION, properties, 0, len(finals), len(arcs))
    return header + states.tobytes() + arcs.tobytes()


def pack_header(kind: str, version: int, properties: int = 0, start: int = 0, states: int = 0, arcs: int = 0) -> bytes:
    """The beginning of every OpenFst file."""
    head = struct.pack("<i", _MAGIC) + _string(kind) + _string("standard")
    return head + struct.pack("<iiQqqq", version, 0, _EXPANDED | properties, start, states, arcs)


def skip_header(data: bytes, at: int) -> tuple[str, int]:
    """The type of the FST that begins there, and where its header ends."""
    (magic,) = struct.unpack_from("<i", data, at)
    if magic != _MAGIC:
        raise ValueError("no FST")
    kind, at = _read_string(data, at + 4)
    _, at = _read_string(data, at)
    return kind, at + struct.calcsize("<iiQqqq")


@dataclass(frozen=True)
class ConstFst:
    """A ``const`` FST as read from a file."""

    start: int
    states: NDArray[np.void]
    """Shape (states,), dtype ``STATE``."""
    arcs: NDArray[np.void]
    """Shape (arcs,), dtype ``ARC``."""

    def arcs_of(self, state: int) -> NDArray[np.void]:
        """The arcs that leave a state."""
        record = self.states[state]
        return self.arcs[record["first"] : record["first"] + record["arcs"]]


def read_const_fst(path: Path) -> ConstFst:
    """Read a ``const`` FST with standard arcs.

    Raises:
        ValueError: the file is something else, or is cut short.
    """
    try:
        return parse_const_fst(path.read_bytes(), 0)[0]
    except (struct.error, UnicodeDecodeError, ValueError) as error:
        raise ValueError(f"{path.name} is not a plain const FST, or is cut short") from error


def parse_const_fst(data: bytes, at: int) -> tuple[ConstFst, int]:
    """The ``const`` FST that begins there, and where it ends; ``ValueError`` or ``struct.error`` if there is none."""
    kind, end = skip_header(data, at)
    version, flags, _, start, n_states, n_arcs = struct.unpack_from("<iiQqqq", data, end - struct.calcsize("<iiQqqq"))
    if kind != "const" or version != _VERSION or flags & 3:
        raise ValueError("another kind of FST")
    states = np.frombuffer(data, STATE, n_states, end)
    arcs = np.frombuffer(data, ARC, n_arcs, end + states.nbytes)
    return ConstFst(start, states, arcs), end + states.nbytes + arcs.nbytes


def _string(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode("ascii")


def _read_string(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<i", data, at)
    return data[at + 4 : at + 4 + length].decode("ascii"), at + 4 + length
