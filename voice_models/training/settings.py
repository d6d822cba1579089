"""How much of everything: the sizes of a training run."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Recipe:
    """The size of one run of the recipe. Everything that shapes the model and is not code stands here."""

    seed: int = 1
    """The same seed gives the same prompts, voices, rooms and noises."""
    requests: int = 14_000
    """Everyday requests drawn from the patterns (and from each interaction model)."""
    word_lists: int = 7_000
    """Random lists of common words."""
    vocabulary: int = 24_000
    """Common words in the model's decoding graph, beside the recipe's own words."""
    invented_voices: int = 300
    """espeak-ng variants made up by the recipe, beside the ones that it ships."""
    readings: dict[str, int] = field(
        default_factory=lambda: {
            "flite:rms": 3000,
            "flite:slt": 3000,
            "flite:awb": 2400,
            "flite:kal16": 1600,
            "festival:kal": 1600,
            "festival:ked": 2400,
            "festival:slt-hts": 1200,
            "espeak": 11_000,
        }
    )
    """Readings (one prompt by one voice) for each engine or speaker."""
    held_out: tuple[str, ...] = ()
    """Speakers (`engine:voice`, or the tail of one such as `+linda`) that are read and aligned but never trained on."""
    copies: int = 3
    """How often a reading is turned into features, each time at another speed and in another room."""
    rooms: int = 240
    """Simulated rooms."""
    noises: int = 160
    """Noises of half a minute."""
    width: int = 384
    """Units of a hidden layer."""
    bottleneck: int = 128
    """Units of a factorised layer's bottleneck."""
    bootstrap_readings: int = 1500
    """Readings that PocketSphinx aligns; a first network trained on them aligns all of them."""
    steps: dict[str, int] = field(
        default_factory=lambda: {"bootstrap": 1000, "cross-entropy": 12_000, "sequence": 10_000}
    )
    """Batches of training in each stage: phone labels frame by frame on the first readings, then on all of them, then
    lattice-free maximum mutual information over whole utterances."""


FULL = Recipe(held_out=("+linda", "+benjamin", "+charley7", "+charley8"))
"""What ships: about fourteen hours of readings; about three hours on a core that does nothing else."""

MINIATURE = Recipe(
    requests=90,
    word_lists=35,
    vocabulary=12_000,
    invented_voices=6,
    readings={"flite:rms": 110, "flite:slt": 110, "flite:awb": 40, "festival:ked": 90, "espeak": 110},
    held_out=("flite:awb",),
    copies=3,
    rooms=30,
    noises=24,
    width=128,
    bottleneck=64,
    bootstrap_readings=200,
    steps={"bootstrap": 250, "cross-entropy": 800, "sequence": 400},
)
"""The whole recipe in a few minutes: proves that every step works, makes no model worth shipping."""

RECIPES: dict[str, Recipe] = {"full": FULL, "miniature": MINIATURE}


def is_held_out(speaker: str, recipe: Recipe) -> bool:
    """Whether the recipe keeps this speaker for testing."""
    return any(speaker == name or (name.startswith("+") and speaker.endswith(name)) for name in recipe.held_out)
