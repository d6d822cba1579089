"""Training: cross-entropy first, then lattice-free MMI; resumable, averaged, on a processor or a GPU alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel

from voice_models.training.augmentation import SUBSAMPLING, Copy, Mixer, mask, tone
from voice_models.training.network import FactorisedTdnn, Shape
from voice_models.training.phones import PDF_COUNT
from voice_models.training.sequence_loss import PhoneTrigram, denominator, numerator

POOL = 600
"""Utterances sorted by length together, so that a batch's utterances are about equally long."""

NOISE_ONLY = 0.03
"""Share of utterances that are noise and nothing else: the ear learns that noise is no word."""

SAVE_EVERY_S = 150.0
AVERAGING = 0.998
"""Decay of the running average of the weights; the average is what is evaluated and shipped."""

CROSS_ENTROPY_IN_SEQUENCE = 0.3
SCORE_PENALTY = 5e-4
"""Weight of the mean squared score in sequence training, which keeps scores in range (Kaldi's l2 regularisation)."""


@dataclass(frozen=True)
class Stage:
    """One of the stages of training."""

    name: str
    """`bootstrap` (frame by frame, on the few readings that PocketSphinx aligned), `cross-entropy` or `sequence`."""
    steps: int
    """Batches to train on."""
    first_rate: float
    last_rate: float
    """Learning rate at the start and at the end; it falls exponentially."""
    warm_up: int
    """Steps over which the rate rises from nothing."""
    rows: int
    """Decisions in a batch; 2000 are a minute of sound."""
    minutes: float | None = None
    """Wall-clock limit that takes the place of `steps`: for when time is short. Not repeatable to the bit."""


BOOTSTRAP = Stage("bootstrap", 1000, 2.5e-3, 1.0e-3, 100, 1200)
CROSS_ENTROPY = Stage("cross-entropy", 12_000, 2.5e-3, 2.5e-4, 100, 1200)
SEQUENCE = Stage("sequence", 10_000, 1.0e-3, 3.0e-5, 50, 2000)
STAGES = {stage.name: stage for stage in (BOOTSTRAP, CROSS_ENTROPY, SEQUENCE)}


@dataclass(frozen=True)
class Batch:
    """Utterances laid end to end."""

    features: Tensor
    """(frames, bins), normalised."""
    pdfs: Tensor
    """(decisions,)."""
    lengths: list[int]
    """Decisions of each utterance."""
    units: list[NDArray[np.int16]]
    """Units of each utterance in order."""


class Batches:
    """An endless stream of batches, every utterance on a fresh occasion each time."""

    def __init__(self, copies: Sequence[Copy], mixer: Mixer, net: FactorisedTdnn) -> None:
        self.copies = copies
        self.mixer = mixer
        self.mean: NDArray[np.float32] = net.mean.cpu().numpy()
        self.deviation: NDArray[np.float32] = net.deviation.cpu().numpy()

    def one(self, copy: Copy, rng: np.random.Generator, masked: bool) -> tuple[NDArray[np.float32], Copy]:
        """Normalised features of a copy's next occasion, cut to whole decisions; sometimes of noise alone."""
        frames = len(copy.features) // SUBSAMPLING * SUBSAMPLING
        rows = frames // SUBSAMPLING
        if masked and rng.random() < NOISE_ONLY:
            features = self.mixer.noise(frames, rng)[0] + tone(rng) + np.float32(rng.uniform(-8, 4))
            silence = np.ones(rows, np.int16)
            silence[0] = 0
            copy = Copy(features, silence, np.zeros(1, np.int16))
        else:
            features = self.mixer.occasion(copy, rng)[:frames]
            copy = Copy(features, copy.pdfs[:rows], copy.units)
        features = (features - self.mean) / self.deviation
        if masked:
            mask(features, rng)
        return features, copy

    def batch(self, copies: Sequence[Copy], rng: np.random.Generator, masked: bool) -> Batch:
        """One batch of these utterances."""
        made = [self.one(copy, rng, masked) for copy in copies]
        return Batch(
            torch.from_numpy(np.concatenate([features for features, _ in made])),
            torch.from_numpy(np.concatenate([copy.pdfs for _, copy in made]).astype(np.int64)),
            [len(copy.pdfs) for _, copy in made],
            [copy.units for _, copy in made],
        )

    def grouped(self, order: Sequence[int], rng: np.random.Generator, most: int) -> Iterator[list[Copy]]:
        """Groups of about `most` decisions, alike in length, in random order."""
        for start in range(0, len(order), POOL):
            pool = sorted(order[start : start + POOL], key=lambda index: len(self.copies[index].pdfs))
            groups: list[list[Copy]] = [[]]
            rows = 0
            for index in pool:
                if rows >= most:
                    groups.append([])
                    rows = 0
                groups[-1].append(self.copies[index])
                rows += len(self.copies[index].pdfs)
            for which in rng.permutation(len(groups)):
                yield groups[which]

    def stream(self, rng: np.random.Generator, rows: int) -> Iterator[Batch]:
        """Training batches for ever."""
        while True:
            order = [int(index) for index in rng.permutation(len(self.copies))]
            for group in self.grouped(order, rng, rows):
                yield self.batch(group, rng, masked=True)


def fit_normalisation(net: FactorisedTdnn, copies: Sequence[Copy], mixer: Mixer, seed: int) -> None:
    """Set the network's input mean and deviation from a few hundred occasions."""
    rng = np.random.default_rng(seed)
    some = [copies[int(index)] for index in rng.permutation(len(copies))[:300]]
    sample = np.concatenate([mixer.occasion(copy, rng) for copy in some])
    net.mean.copy_(torch.from_numpy(sample.mean(0)))
    net.deviation.copy_(torch.from_numpy(sample.std(0)))


def padded(rows: Tensor, lengths: Sequence[int]) -> Tensor:
    """Rows of utterances laid end to end → (utterances, longest, outputs), padded with zeros."""
    return torch.nn.utils.rnn.pad_sequence(list(torch.split(rows, list(lengths))), batch_first=True)


def sequence_objective(scores: Tensor, batch: Batch, language: PhoneTrigram) -> Tensor:
    """MMI of each utterance, summed over its decisions; zero where an utterance is too short for its units."""
    table = padded(scores, batch.lengths).cpu()
    lengths = torch.tensor(batch.lengths)
    possible = torch.tensor([len(units) <= length for units, length in zip(batch.units, batch.lengths, strict=True)])
    said = numerator(table, lengths, batch.units, language)
    return (said - denominator(table, lengths, language)) * possible


def evaluate(net: FactorisedTdnn, batches: Batches, language: PhoneTrigram, device: str) -> tuple[float, float]:
    """Share of decisions whose unit is right, and MMI per decision, over all copies, on one fixed occasion each."""
    net.eval()
    rng = np.random.default_rng(0)
    right = total = 0
    objective = 0.0
    with torch.no_grad():
        for group in batches.grouped(range(len(batches.copies)), rng, 2000):
            batch = batches.batch(group, rng, masked=False)
            scores, frames = net(batch.features.to(device))
            right += int((frames.argmax(1).cpu() // 2 == batch.pdfs // 2).sum())
            total += len(batch.pdfs)
            objective += float(sequence_objective(scores, batch, language).sum())
    net.train()
    return right / total, objective / total


def priors(copies: Sequence[Copy]) -> NDArray[np.float64]:
    """How often each output is right."""
    counts = np.full(PDF_COUNT, 10.0)
    for copy in copies:
        np.add.at(counts, copy.pdfs.astype(np.int64), 1)
    return np.asarray(counts / counts.sum())


def _average(average: Tensor, current: Tensor, steps: Tensor | int) -> Tensor:
    """A running mean whose memory grows to 1 / (1 - AVERAGING) steps, so that a short run is not all beginning."""
    decay = min(AVERAGING, (1 + int(steps)) / (10 + int(steps)))
    return average * decay + current * (1 - decay)


class Trainer:
    """The state of a training run: network, its average, optimiser, and how far each stage has come."""

    def __init__(
        self, shape: Shape, train: Sequence[Copy], dev: Sequence[Copy], noises: Sequence[Any], folder: Path, seed: int
    ) -> None:
        """Start afresh, or go on from the checkpoint in `folder`."""
        torch.manual_seed(seed)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.folder, self.seed = folder, seed
        self.net = FactorisedTdnn(shape).to(self.device)
        mixer = Mixer(noises)
        self.language = PhoneTrigram([copy.units for copy in train])
        self.priors = priors(train)
        self.average = AveragedModel(self.net, avg_fn=_average, use_buffers=True)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=1e-3, weight_decay=1e-2)
        self.spent: dict[str, list[float]] = {}
        """Steps done and seconds spent in each stage so far."""
        if self.checkpoint.exists():
            self._load()
        else:
            fit_normalisation(self.net, train, mixer, seed)
            self.average.module.load_state_dict(self.net.state_dict())
        self.train_batches = Batches(train, mixer, self.net)
        self.dev_batches = Batches(dev, mixer, self.net)

    @property
    def checkpoint(self) -> Path:
        """The file that a stopped run goes on from."""
        return self.folder / "last.pt"

    def _load(self) -> None:
        state = torch.load(self.checkpoint, weights_only=True, map_location=self.device)
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.spent = state["spent"]

    def save(self, name: str | None = None) -> None:
        """Write the checkpoint (and a copy of the averaged network as `name`)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {"net": self.net.state_dict(), "average": self.average.state_dict(), "spent": self.spent}
        part = self.checkpoint.with_suffix(".part")
        torch.save({**state, "optimiser": self.optimiser.state_dict()}, part)
        part.rename(self.checkpoint)
        if name:
            shape = [self.net.shape.width, self.net.shape.bottleneck]
            torch.save(
                {"net": self.average.module.state_dict(), "shape": shape, "priors": torch.from_numpy(self.priors)},
                self.folder / f"{name}.pt",
            )

    def _begin(self, stage: Stage) -> None:
        """What happens once, when a stage starts: sequence training takes over the frame scores, priors removed."""
        self.spent[stage.name] = [0, 0.0]
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=stage.first_rate, weight_decay=1e-2)
        if stage.name == "sequence":
            self.net.load_state_dict(self.average.module.state_dict())
            with torch.no_grad():
                self.net.sequence.load_state_dict(self.net.frames.state_dict())
                self.net.sequence.bias.sub_(torch.tensor(np.log(self.priors), dtype=torch.float32, device=self.device))
            self.average.module.load_state_dict(self.net.state_dict())

    def loss(self, batch: Batch, stage: Stage) -> Tensor:
        """The stage's loss of one batch, per decision."""
        with torch.autocast(self.device, dtype=torch.bfloat16):
            scores, frames = self.net(batch.features.to(self.device))
        loss = functional.cross_entropy(frames, batch.pdfs.to(self.device))
        if stage.name == "sequence":
            objective = sequence_objective(scores, batch, self.language).sum() / len(batch.pdfs)
            penalty = SCORE_PENALTY * scores.square().mean()
            loss = CROSS_ENTROPY_IN_SEQUENCE * loss - objective.to(self.device) + penalty
        return loss

    def run(self, stage: Stage, report: Callable[[str], None], advance: Callable[[float], None]) -> None:
        """Train until the stage's steps (or minutes) are done, counting those of earlier runs.

        Args:
            stage: what to train.
            report: is given a line now and then.
            advance: is given the share of the stage that was done since it was last called.
        """
        if stage.name not in self.spent:
            self._begin(stage)
        steps, seconds = self.spent[stage.name]
        rng = np.random.default_rng([self.seed, int(steps), len(self.spent)])
        stream = self.train_batches.stream(rng, stage.rows)
        done, saved = 0.0, seconds
        losses: list[float] = []
        self.net.train()
        while True:
            share = steps / stage.steps if stage.minutes is None else seconds / (60 * stage.minutes + 1e-9)
            advance(min(share, 1.0) - done)
            done = min(share, 1.0)
            if done >= 1.0:
                break
            began = time.monotonic()
            self._set_rate(stage, done, int(steps))
            loss = self.loss(next(stream), stage)
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
            self.optimiser.step()
            self.average.update_parameters(self.net)
            losses.append(float(loss.detach()))
            steps, seconds = steps + 1, seconds + time.monotonic() - began
            self.spent[stage.name] = [steps, seconds]
            if seconds - saved > SAVE_EVERY_S:
                saved = seconds
                self.save(stage.name)
                mean = np.mean(losses)
                report(f"{stage.name} {seconds / 60:.1f} min, step {steps:.0f}, loss {mean:.4f}; {self.judged()}")
                losses = []
        self.save(stage.name)
        report(f"{stage.name} done, {steps:.0f} steps in {seconds / 60:.1f} min; {self.judged()}")

    def _set_rate(self, stage: Stage, done: float, steps: int) -> None:
        rate = stage.first_rate * (stage.last_rate / stage.first_rate) ** done
        for group in self.optimiser.param_groups:
            group["lr"] = rate * min(1.0, (steps + 1) / stage.warm_up)

    def judged(self) -> str:
        """How the averaged network does on the development copies, in words."""
        network = self.average.module
        assert isinstance(network, FactorisedTdnn)
        right, objective = evaluate(network, self.dev_batches, self.language, self.device)
        return f"development: {right:.1%} of decisions right, MMI {objective:.4f} each"
