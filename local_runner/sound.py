"""Sound as the rooms hand it to each other: 16-bit mono samples and their rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CAPTURE_RATE = 16_000
"""Rate inside Charley, in hertz: what microphones deliver and recognisers take."""


@dataclass(frozen=True)
class Sound:
    """Mono sound."""

    samples: NDArray[np.int16]
    """Shape (n,), 16-bit signed."""

    rate: int
    """Samples per second, in hertz."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate
