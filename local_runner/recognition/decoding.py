"""Settings of the search: what a voice model's ``conf/model.conf`` says, with our changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DecodingSettings:
    """How far the recogniser searches, and when it takes an utterance to be over."""

    beam: float | None = 14.0
    """Width of the search, in costs; None keeps the voice model's own."""
    lattice_beam: float | None = None
    """Width of what is kept for other hypotheses, in costs; None keeps the voice model's own."""
    max_active: int | None = None
    """Most states kept for a frame; None keeps the voice model's own."""
    acoustic_scale: float | None = None
    """Weight of the acoustic model; None keeps the voice model's own."""
    trailing_silence: float | None = 1.5
    """Silence after words that ends an utterance, in seconds; None keeps the voice model's own."""

    def options(self) -> dict[str, str]:
        """Kaldi's options that differ from the voice model's own."""
        wanted: dict[str, float | int | None] = {
            "beam": self.beam,
            "lattice-beam": self.lattice_beam,
            "max-active": self.max_active,
            "acoustic-scale": self.acoustic_scale,
            # Rules 2 to 4 differ in how sure the search must be that a sentence is complete.
            "endpoint.rule2.min-trailing-silence": self.trailing_silence,
            "endpoint.rule3.min-trailing-silence": self.trailing_silence,
            "endpoint.rule4.min-trailing-silence": self.trailing_silence,
        }
        return {name: str(value) for name, value in wanted.items() if value is not None}


def model_conf(path: Path, settings: DecodingSettings) -> str:
    """The text of a ``model.conf`` with the settings in place of its own."""
    options = settings.options()
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        name = line.strip().removeprefix("--").partition("=")[0]
        if name not in options:
            lines.append(line)
    return "\n".join(lines + [f"--{name}={value}" for name, value in options.items()]) + "\n"
