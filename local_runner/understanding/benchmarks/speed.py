"""Time and memory of understanding on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from local_runner.interaction_model import InteractionModel

_ADDED = "really honestly tonight again somehow maybe truly simply still already".split()  # noqa: SIM905


def speed_of(path: Path, times: int = 1) -> dict[str, Any]:
    """Train without a cache, then understand utterances that are near the samples but none of them.

    Args:
        path: interaction model.
        times: the model's samples are multiplied by this, each copy with a word put in.

    Returns:
        Seconds and milliseconds of wall-clock and of processor time; on a busy machine only the latter says much.
    """
    from local_runner.understanding import Understander

    model = InteractionModel.load(path)
    if times > 1:
        model = _multiplied(model, times)
    with tempfile.TemporaryDirectory() as cache:
        wall, cpu = time.perf_counter(), time.process_time()
        understander = Understander.load(model, Path(cache))
        trained = {"train_s": time.perf_counter() - wall, "train_cpu_s": time.process_time() - cpu}
    samples = [s for i in model.intents for s in i.samples if "{" not in s][:: max(1, times)]
    rng = np.random.default_rng(0)
    texts = []
    for sample in rng.choice(samples, 400):
        words = str(sample).split()
        words.insert(int(rng.integers(0, len(words) + 1)), "kind")
        texts.append(" ".join(words))
    for text in texts[:20]:
        understander.understand(text)
    walls, cpus = [], []
    for text in texts:
        wall, cpu = time.perf_counter(), time.process_time()
        understander.understand(text)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return {
        "samples": sum(len(i.samples) for i in model.intents),
        **{k: round(v, 2) for k, v in trained.items()},
        "median_ms": round(float(np.median(walls)), 2),
        "p99_ms": round(float(np.quantile(walls, 0.99)), 2),
        "median_cpu_ms": round(float(np.median(cpus)), 2),
        "p99_cpu_ms": round(float(np.quantile(cpus, 0.99)), 2),
    }


def _multiplied(model: InteractionModel, times: int) -> InteractionModel:
    intents = []
    for intent in model.intents:
        copies = [f"{_ADDED[n % 10]} {s} {_ADDED[n // 10]}" for n in range(times - 1) for s in intent.samples]
        intents.append(replace(intent, samples=(*intent.samples, *copies)))
    return replace(model, intents=tuple(intents))


_FRESH = """
import json, sys, time
def resident():
    with open("/proc/self/status") as status:
        return next(int(l.split()[1]) for l in status if l.startswith("VmRSS")) / 1024
start, before = time.perf_counter(), resident()
from pathlib import Path
from local_runner.interaction_model import InteractionModel
from local_runner.understanding import Understander
model = InteractionModel.load(Path(sys.argv[1]))
understander = Understander.load(model, Path(sys.argv[2]))
loaded = time.perf_counter() - start
understander.understand("would you say that this is something that nobody has ever said before")
first = time.perf_counter() - start
for n in range(200):
    understander.understand(f"is it {n} or what was the number that i said a moment ago")
print(json.dumps({"load_s": loaded, "first_answer_s": first, "cpu_s": time.process_time(),
                  "python_mb": before, "added_mb": resident() - before}))
"""


def startup_of(path: Path, runs: int = 5) -> dict[str, Any]:
    """Start fresh Pythons with a cached model (Linux: memory is read from /proc).

    Returns:
        Medians: seconds from the first import to the loaded understander and to the first answer, resident memory of
        a bare Python, and what understanding adds to it after two hundred utterances, in MB.
    """
    from local_runner.understanding import Understander

    with tempfile.TemporaryDirectory() as cache:
        Understander.load(InteractionModel.load(path), Path(cache))
        results = [
            json.loads(
                subprocess.run(  # noqa: S603 - our own interpreter
                    [sys.executable, "-c", _FRESH, str(path), cache], capture_output=True, text=True, check=True
                ).stdout
            )
            for _ in range(runs)
        ]
    return {key: round(float(np.median([r[key] for r in results])), 3) for key in results[0]}
