"""Features on disk: shards of copies, made in parallel, kept, and read back whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from voice_models.training import noises, rooms
from voice_models.training.augmentation import Copy, make_copy
from voice_models.training.fbank import fbank
from voice_models.training.settings import Recipe, is_held_out

SHARD = 400
"""Readings in a shard."""

NOISE_S = 30.0

LONGEST_FRAMES = 1200
"""Copies longer than 12 s are left out of training: one would make its whole batch long."""


@dataclass(frozen=True)
class Shard:
    """A job for one worker: some readings, each copied once."""

    path: Path
    rows: tuple[dict[str, Any], ...]
    seed: int


def _room(seed: int) -> np.ndarray[Any, Any] | None:
    return rooms.simulate(np.random.default_rng(seed))


def _noise(seed: int, paths: Sequence[str]) -> np.ndarray[Any, Any]:
    rng = np.random.default_rng(seed)
    made = noises.make(rng, NOISE_S, noises.reader(paths, rng))
    return fbank(made * 1000).astype(np.float16)


def make_rooms(path: Path, seed: int, jobs: int, count: int) -> Iterator[None]:
    """Simulate room impulse responses into one `.npz`; yields once for each."""
    found: list[np.ndarray[Any, Any]] = []
    with Pool(jobs) as pool:
        for response in pool.imap(_room, range(seed * 10_000, seed * 10_000 + count)):
            if response is not None:
                found.append(response)
            yield
    np.savez(path, *found)


def make_noises(path: Path, rows: Sequence[dict[str, Any]], seed: int, jobs: int, count: int) -> Iterator[None]:
    """Make noises and keep their features in one `.npz`; yields once for each. `rows` give the voices of babble."""
    paths = [row["path"] for row in rows]
    with Pool(jobs) as pool:
        seeds = range(seed * 20_000, seed * 20_000 + count)
        made: list[np.ndarray[Any, Any]] = []
        for noise in pool.imap(partial(_noise, paths=paths), seeds):
            made.append(noise)
            yield
    np.savez(path, *made)


def read_arrays(path: Path) -> list[np.ndarray[Any, Any]]:
    """The arrays of an `.npz`, in the order in which they were saved."""
    with np.load(path) as archive:
        return [archive[f"arr_{index}"] for index in range(len(archive.files))]


def is_development(row: dict[str, Any], recipe: Recipe) -> bool:
    """Whether a reading is kept from training: a held-out speaker's, or one of a hundred of the others'."""
    held_out = is_held_out(f"{row['engine']}:{row['voice']}", recipe)
    return held_out or zlib.crc32(row["name"].encode()) % 100 == 0


def plan_shards(rows: Sequence[dict[str, Any]], folder: Path, recipe: Recipe) -> list[Shard]:
    """Training shards (`train-…`, one for each copy) and development shards (`dev-…`, one copy), balanced by chance."""
    aligned = sorted((row for row in rows if row["phones"]), key=lambda row: zlib.crc32(row["name"].encode()))
    parts = {"dev": [row for row in aligned if is_development(row, recipe)]}
    parts["train"] = [row for row in aligned if not is_development(row, recipe)]
    shards: list[Shard] = []
    for part, members in parts.items():
        for copy in range(recipe.copies if part == "train" else 1):
            for start in range(0, len(members), SHARD):
                chosen = tuple(members[start : start + SHARD])
                names = zlib.crc32(" ".join(row["name"] for row in chosen).encode())
                path = folder / f"{part}-{copy}-{start // SHARD:04d}-{names:08x}.npz"
                shards.append(Shard(path, chosen, zlib.crc32(path.name.encode()) ^ recipe.seed))
    return shards


_responses: list[np.ndarray[Any, Any]] = []


def _start_worker(room_file: Path) -> None:
    _responses[:] = read_arrays(room_file)


def make_shard(shard: Shard) -> Path:
    """Copy every reading of a shard and write the copies; the file appears only when it is whole."""
    rng = np.random.default_rng(shard.seed)
    copies: list[Copy] = []
    for row in shard.rows:
        samples, _ = soundfile.read(row["path"], dtype="float32")
        copy = make_copy(samples, row["phones"], _responses, rng)
        if 20 <= len(copy.features) <= LONGEST_FRAMES:
            copies.append(copy)
    write_copies(shard.path, copies)
    return shard.path


def write_copies(path: Path, copies: Sequence[Copy]) -> None:
    """Keep copies in one `.npz` (features as float16)."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(
            file,
            features=np.concatenate([copy.features for copy in copies]).astype(np.float16),
            pdfs=np.concatenate([copy.pdfs for copy in copies]),
            units=np.concatenate([copy.units for copy in copies]),
            lengths=np.array([[len(copy.features), len(copy.pdfs), len(copy.units)] for copy in copies]),
        )
    part.rename(path)


def read_copies(path: Path) -> Iterator[Copy]:
    """The copies of a shard, in order (features stay float16)."""
    with np.load(path) as archive:
        arrays = [archive[name] for name in ("features", "pdfs", "units")]
        lengths = archive["lengths"]
    ends = np.cumsum(lengths, axis=0)
    for (a, b, c), (to_a, to_b, to_c) in zip(ends - lengths, ends, strict=True):
        yield Copy(arrays[0][a:to_a], arrays[1][b:to_b], arrays[2][c:to_c])


def make_shards(shards: Sequence[Shard], room_file: Path, jobs: int) -> Iterator[Path]:
    """Write the shards that do not exist yet, with `jobs` processes."""
    with Pool(jobs, initializer=_start_worker, initargs=(room_file,)) as pool:
        yield from pool.imap_unordered(make_shard, shards)
