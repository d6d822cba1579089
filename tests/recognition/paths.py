"""Walks a graph: what a sequence of words costs in it, by the definition and not by the code under test."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from math import inf

from local_runner.recognition.fst import EPSILON, ConstFst


def cheapest(fst: ConstFst, labels: Sequence[int], outputs: Sequence[int] | None = None) -> float:
    """Cost of the cheapest path that reads these input labels (and writes these output labels); infinite for none."""
    queue: list[tuple[float, int, int, int]] = [(0.0, fst.start, 0, 0)]
    done: set[tuple[int, int, int]] = set()
    best = inf
    while queue:
        cost, state, read, written = heapq.heappop(queue)
        if cost >= best:
            break
        if (state, read, written) in done:
            continue
        done.add((state, read, written))
        if read == len(labels) and (outputs is None or written == len(outputs)):
            best = min(best, cost + float(fst.states[state]["final"]))
        for arc in fst.arcs_of(state):
            label, output = int(arc["input"]), int(arc["output"])
            if label != EPSILON and (read == len(labels) or labels[read] != label):
                continue
            step = written
            if outputs is not None and output != EPSILON:
                if written == len(outputs) or outputs[written] != output:
                    continue
                step += 1
            heapq.heappush(queue, (cost + float(arc["cost"]), int(arc["next"]), read + (label != EPSILON), step))
    return best
